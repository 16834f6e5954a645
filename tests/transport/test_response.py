"""`response`: every form of an HTTP answer, and every way in which it can fail."""

from __future__ import annotations

import contextlib
import gzip
import select
import socket
import subprocess
import sys
import textwrap
import threading
import time
import xmlrpc.client
import zlib
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest

from mailkit_xmlrpc import (
    FaultError,
    HTTPStatusError,
    InDoubtError,
    Limits,
    MailkitError,
    NotSentError,
    Outcome,
    ResponseError,
    ServerProxy,
    TooLargeError,
)

from .. import servers
from ..blocking import both
from ..servers import (
    PATIENCE,
    SOON,
    Peer,
    ScriptedServer,
    answer,
    chunked,
    document,
    failure,
    gzipped,
    hang,
    http,
    serving,
    stall,
    then,
)

TEXT = "Žluťoučký kůň 🐎"


def value_of(step, **options):
    """The value of an answer, read by a complete client."""
    with serving(step, **options) as (_, client):
        return client.call("test.echo", success=[TEXT]).value


def error_of(step, **options):
    """The error for an answer."""
    with serving(step, **options) as (_, client):
        error = failure(client.call, "test.echo")
    assert error.method == "test.echo"
    assert error.attempts == 1
    return error


def cut(data, count):
    return data[:-count]


@both
class TestFraming:
    @pytest.mark.parametrize(
        "step",
        [
            answer(TEXT),
            then(http(document(TEXT), length=False)),
            then(http(document(TEXT), version="1.0", length=False)),
            http(document(TEXT), version="1.0"),
            chunked(document(TEXT)),
            chunked(document(TEXT), size=1),
            chunked(document(TEXT), size=100_000),
            chunked(document(TEXT), end=b"0\r\nA: b\r\nC: d\r\n\r\n"),
            chunked(document(TEXT)).replace(b"7\r\n", b'7;name="a;b"\r\n'),
            http(document(TEXT), "content-type:text/xml", "X-Long:  a\tb  ", "X-Empty:"),
            http(document(TEXT), "X-Folded: a", " b"),
            answer(TEXT).replace(b"\r\n", b"\n"),
            answer(TEXT).replace(b"200 OK", b"200"),
            answer(TEXT).replace(b"200 OK", b"200 \xc5\xa1patn\xc4\x9b"),
        ],
        ids=[
            "Content-Length",
            "to the end",
            "HTTP/1.0 to the end",
            "HTTP/1.0",
            "chunked",
            "chunks of one byte",
            "one chunk",
            "trailers",
            "chunk extensions",
            "odd headers",
            "folded header",
            "bare LF",
            "no reason",
            "odd reason",
        ],
    )
    def test_of_every_kind_is_read(self, step):
        assert value_of(step) == TEXT

    @pytest.mark.parametrize(
        "interim",
        [
            b"HTTP/1.1 100 Continue\r\n\r\n",
            b"HTTP/1.1 102 Processing\r\n\r\n" * 3,
            b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n",
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n",
        ],
        ids=["100", "102 thrice", "103", "mixed"],
    )
    def test_interim_answers_are_skipped(self, interim):
        assert value_of(interim + answer(TEXT)) == TEXT

    def test_an_answer_may_come_byte_by_byte(self):
        def slowly(peer):
            peer.read()
            for byte in answer(TEXT):
                peer.send(bytes([byte]))

        assert value_of(slowly) == TEXT

    def test_a_content_length_that_is_too_large_leaves_the_call_in_doubt(self):
        body = document(TEXT)
        error = error_of(then(http(body, f"Content-Length: {len(body) + 1}", length=False)))
        assert type(error) is InDoubtError
        assert "before its answer was complete" in str(error)

    def test_a_content_length_that_is_too_small_makes_it_unreadable(self):
        body = document(TEXT)
        error = error_of(http(body, f"Content-Length: {len(body) - 2}", length=False))
        assert type(error) is ResponseError

    @pytest.mark.parametrize(
        "wrong",
        [
            *(
                then(http(document(TEXT), f"Content-Length: {value}", length=False))
                for value in ("-1", "+5", "abc", "0x10")
            ),
            then(http(document(TEXT), "Content-Length: 9")),
            chunked(document(TEXT), "Content-Length: 3"),
            http(document(TEXT), "Transfer-Encoding: gzip, chunked"),
            chunked(document(TEXT)).replace(b"7\r\n", b"0x7\r\n"),
            chunked(document(TEXT)).replace(b"7\r\n", b"+7\r\n"),
            chunked(document(TEXT), size=10).replace(b"\r\na\r\n", b"XYa\r\n", 1),
            then(http(document(TEXT), "Content-Length: 9", status="404 Not Found")),
        ],
        ids=["-1", "+5", "abc", "0x10", "two", "both", "gzip", "0x7", "+7", "no CRLF", "status 404"],
    )
    def test_that_contradicts_itself_leaves_the_call_unknown_and_the_connection_closed(self, wrong):
        """Whoever disagrees with the server about the end of an answer takes its rest for the next answer."""
        with serving(wrong, answer("next"), retry=None) as (server, client):
            error = failure(client.call, "m")
            assert (type(error), error.outcome) == (ResponseError, Outcome.UNKNOWN)
            assert client.call("m", success=["next"]).value == "next"
            assert server.connections == 2


@both
class TestCharset:
    BODY = document(TEXT).replace(b"<?xml version='1.0'?>", b"").decode().replace("🐎", "").strip()

    @pytest.mark.parametrize(
        "content_type",
        [
            "text/xml; charset=windows-1250",
            'text/xml;charset="windows-1250"',
            "text/xml ; Charset = WINDOWS-1250 ; x=y",
            "application/xml; a=b; charset='windows-1250'",
        ],
    )
    def test_of_the_header_is_used_if_the_document_names_none(self, content_type):
        step = http(self.BODY.encode("windows-1250"), f"Content-Type: {content_type}")
        with serving(step) as (_, client):
            assert client.call("x", success=["Žluťoučký kůň "]).value == "Žluťoučký kůň "

    @pytest.mark.parametrize(
        "content_type",
        [
            "",
            "text/html",
            ";;;",
            "text/xml; charset",
            "text/xml; charset=",
            "text/xml; charset=utf-8; charset=windows-1250",
            "text/xml; xcharset=windows-1250",
        ],
    )
    def test_an_unusual_content_type_does_no_harm(self, content_type):
        assert value_of(http(document(TEXT), f"Content-Type: {content_type}")) == TEXT

    @pytest.mark.parametrize(
        "content_type",
        [
            "text/xml; charset*=a\0b''x",
            "text/xml; charset*=utf-8''x; charset*0*=a'b'c",
            "text/xml; charset*1=x; charset*=y",
            "text/xml; charset=\0",
            "text/xml; charset=zip",
            "text/xml; charset=" + "x" * 5000,
        ],
        ids=lambda text: ascii(text[:40])[1:-1],
    )
    def test_a_hostile_content_type_ends_in_a_value_or_in_our_error(self, content_type):
        with serving(http(document(TEXT), f"Content-Type: {content_type}")) as (_, client):
            try:
                assert client.call("x", success=[TEXT]).value == TEXT
            except MailkitError as error:
                assert type(error) is ResponseError  # noqa: PT017


@both
class TestGzip:
    @pytest.mark.parametrize("coding", ["gzip", "GZIP", "x-gzip", "X-GZip", "  gzip  "])
    def test_in_any_spelling_is_read(self, coding):
        assert value_of(gzipped(TEXT, coding)) == TEXT

    NO_CODING = (
        *("", "identity", "Identity", "none", "None", "identity, identity", ",", ", ,identity,"),
        # Servers confuse it with the charset.
        *(
            "utf-8",
            "UTF-8",
            "UTF8",
            "utf_8",
            "iso-8859-1",
            "ISO-8859-1",
            "latin1",
            "windows-1250",
            "us-ascii",
            "utf-16",
        ),
    )

    @pytest.mark.parametrize("coding", NO_CODING)
    def test_what_is_not_a_coding_is_ignored(self, coding):
        assert value_of(answer(TEXT, f"Content-Encoding: {coding}")) == TEXT
        assert value_of(chunked(document(TEXT), f"Content-Encoding: {coding}")) == TEXT
        fault = xmlrpc.client.dumps(xmlrpc.client.Fault(4, TEXT)).encode()
        assert type(error_of(http(fault, f"Content-Encoding: {coding}", status="500 x"))) is FaultError

    def test_a_charset_in_the_place_of_a_coding_is_not_used(self):
        # What it would mean is a guess, and the document says what it is in.
        latin = b"<methodResponse><params><param><value>\xfd</value></param></params></methodResponse>"
        assert type(error_of(http(latin, "Content-Encoding: iso-8859-1"))) is ResponseError

    # RFC 9110, section 8.4.1: a list of codings in the order in which they were applied, and identity among them is
    # nothing. RFC 9110, section 5.6.1: empty elements of a list are ignored.
    @pytest.mark.parametrize(
        "coding", ["identity, gzip", "gzip, identity", "gzip,", ", x-gzip", "utf-8, gzip", "none,GZIP"]
    )
    def test_what_is_not_a_coding_may_stand_beside_it(self, coding):
        assert value_of(gzipped(TEXT, coding)) == TEXT

    def test_its_name_may_stand_in_one_of_two_headers(self):
        packed = gzip.compress(document(TEXT))
        assert value_of(http(packed, "Content-Encoding: identity", "Content-Encoding: gzip")) == TEXT

    # Nobody packs twice. A second name is one that a proxy added, and which of the two is wrong would be a guess.
    TWICE = ("gzip, gzip", "gzip,x-gzip", "gzip, identity, gzip", "gzip, br", "br, gzip")

    @pytest.mark.parametrize(
        "coding", ["deflate", "br", "zstd", *TWICE, "compress", "rubbish", "utf-8x", "binary", "zip", "x" * 1000]
    )
    def test_a_coding_that_was_not_asked_for_is_unreadable(self, coding):
        for step in (gzipped(TEXT, coding), answer(TEXT, f"Content-Encoding: {coding}")):
            error = error_of(step)
            assert type(error) is ResponseError
            assert "only gzip was asked for" in str(error)
        twice = http(gzip.compress(gzip.compress(document(TEXT))), f"Content-Encoding: {coding}")
        assert type(error_of(twice)) is ResponseError

    def pack(self, packed, **options):
        return http(packed, "Content-Encoding: gzip", **options)

    @pytest.mark.parametrize("size", [1, 7, 50, 10_000])
    def test_may_come_in_several_members(self, size):
        body = document(TEXT)
        members = b"".join(gzip.compress(body[at : at + size]) for at in range(0, len(body), size))
        assert value_of(self.pack(members)) == TEXT
        assert value_of(chunked(members, "Content-Encoding: gzip", size=3)) == TEXT

    def test_large_members_follow_one_another(self):
        large = ["x" * 200_000, "y" * 200_000]
        body = document(large)
        members = b"".join(gzip.compress(body[at : at + 150_000]) for at in range(0, len(body), 150_000))
        with serving(self.pack(members)) as (_, client):
            assert client.call("x").value == large

    def test_members_may_be_empty_and_zeros_may_follow(self):
        packed = gzip.compress(b"") * 3 + gzip.compress(document(TEXT)) + gzip.compress(b"") + bytes(100)
        assert value_of(self.pack(packed)) == TEXT

    def test_may_come_without_a_length(self):
        assert value_of(then(self.pack(gzip.compress(document(TEXT)), length=False))) == TEXT

    def test_is_read_to_its_last_byte(self):
        large = ["x" * 1000] * 1000
        with serving(gzipped(large), chunked(gzip.compress(document(large)), "Content-Encoding: gzip")) as (_, client):
            assert client.call("x").value == large
            assert client.call("x").value == large

    @pytest.mark.parametrize("missing", [1, 4, 8, 9, 20, 100])
    def test_that_ends_too_early_is_unreadable(self, missing):
        error = error_of(self.pack(cut(gzip.compress(document(TEXT)), missing)))
        assert type(error) is ResponseError
        assert "too early" in str(error)

    def test_that_ends_too_early_shows_where_the_document_stopped(self):
        body = document(["x" * 50] * 2000)
        packed = gzip.compress(body)
        for step in (
            self.pack(cut(packed, 8)),
            then(self.pack(cut(packed, 8), length=False)),
            chunked(cut(packed, 8), "Content-Encoding: gzip", size=5),
        ):
            error = error_of(step)
            assert type(error) is ResponseError
            assert error.position >= (1, 0)
            assert error.excerpt[-20:] in body.decode()
            assert error.excerpt
        damaged = error_of(self.pack(cut(packed, 8) + bytes(8)))
        assert (damaged.position, damaged.excerpt) == (None, "")
        error = error_of(self.pack(gzip.compress(b"<html>" + bytes(range(256)) * 999)[:-20]))
        assert "HTML page" in str(error), "what came was wrong already"

    def test_that_is_empty_is_unreadable(self):
        for body in (b"", gzip.compress(b""), bytes(50)):
            assert type(error_of(self.pack(body))) is ResponseError

    @pytest.mark.parametrize("at", [0, 1, 2, 15, 40, -8, -4, -1])
    def test_that_is_damaged_is_unreadable(self, at):
        packed = bytearray(gzip.compress(document(TEXT)))
        packed[at] ^= 0x55
        error = error_of(self.pack(bytes(packed)))
        assert isinstance(error, ResponseError)

    @pytest.mark.parametrize("rubbish", [b"x", b"\x1f\x8b", b"\x1f\x8bx", b"\0\0x"])
    def test_that_is_followed_by_other_bytes_is_unreadable(self, rubbish):
        assert type(error_of(self.pack(gzip.compress(document(TEXT)) + rubbish))) is ResponseError

    def test_raw_deflate_under_the_name_of_gzip_is_unreadable(self):
        assert type(error_of(self.pack(zlib.compress(document(TEXT))))) is ResponseError

    def test_a_connection_that_is_lost_within_it_leaves_the_call_in_doubt(self):
        packed = gzip.compress(document(TEXT))
        error = error_of(
            then(self.pack(cut(packed, 9), length=False).replace(b"OK\r\n", b"OK\r\nContent-Length: 999\r\n"))
        )
        assert type(error) is InDoubtError


@both
class TestLimits:
    LIMIT = Limits(response_bytes=10_000)

    @pytest.mark.parametrize("pack", [answer, gzipped, lambda value: chunked(document(value), size=1000)])
    def test_count_the_document_after_unpacking(self, pack):
        room = 10_000 - len(document(""))
        with serving(pack("x" * room), pack("x" * (room + 1)), limits=self.LIMIT) as (_, client):
            client.call("test.echo")
            error = failure(client.call, "test.echo")
        assert type(error) is TooLargeError
        assert "10,000" in str(error)
        # From a plain body's Content-Length it is known before anything is read.
        assert error.position is None if pack is answer else "xxxxx" in error.excerpt
        assert error.outcome is Outcome.UNKNOWN

    def test_a_content_length_above_them_is_refused_before_the_body_comes(self):
        def promise(peer):
            peer.read()
            peer.send(http(b"", f"Content-Length: {10**15}", length=False))
            peer.wait()

        started = time.monotonic()
        error = error_of(promise)
        assert (type(error), error.position, error.excerpt) == (TooLargeError, None, "")
        assert time.monotonic() - started < SOON

    def test_the_default_is_128_mib(self):
        assert type(error_of(http(b"", f"Content-Length: {(128 << 20) + 1}", length=False))) is TooLargeError

    def test_an_endless_body_is_not_read_without_a_limit(self):
        def endless(peer):
            peer.read()
            peer.send(http(document("x")[:100], length=False))
            while True:
                peer.send(b"x" * 65536)

        assert type(error_of(endless, limits=Limits(response_bytes=1 << 20))) is TooLargeError

    @pytest.mark.skipif(sys.platform == "win32", reason="memory is measured with resource")
    @pytest.mark.parametrize("members", [1, 100], ids=["one member", "many members"])
    def test_a_gzip_bomb_takes_no_more_memory_than_they_allow(self, members):
        # In a separate process, whose peak memory is that of the call: 256 MiB arrive, 8 MiB are allowed.
        program = f"""
            import resource, sys, zlib
            sys.path[:0] = {sys.path!r}
            from mailkit_xmlrpc import Limits
            from tests import blocking, servers
            from tests.servers import added, document, failure, http, serving, then

            servers.client_type = blocking.{servers.client_type.__name__}

            def member(piece, times):
                packer = zlib.compressobj(1, zlib.DEFLATED, 31)
                return b"".join([packer.compress(piece) for _ in range(times)]) + packer.flush()

            start = document("|").partition(b"|")[0]
            bomb = member(start, 1) + member(b"x" * (1 << 20), 256 // {members}) * {members}
            limits = Limits(response_bytes=8 << 20)
            with serving(added(), then(http(bomb, "Content-Encoding: gzip")), limits=limits) as (_, client):
                client.call("x")
                before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                error = failure(client.call, "x")
                after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            print(type(error).__name__, after - before)
        """
        run = [sys.executable, "-c", textwrap.dedent(program)]
        name, kilobytes = subprocess.run(run, stdout=subprocess.PIPE, timeout=30, check=True).stdout.split()
        assert name == b"TooLargeError"
        assert int(kilobytes) < 64 * 1024

    def test_a_gzip_bomb_of_elements_does_not_outlast_the_deadline(self):
        packer = zlib.compressobj(1, zlib.DEFLATED, 31)
        start, end, elements = *document([]).partition(b"<data>")[:2], b"<value/>" * 10_000
        packed = b"".join(map(packer.compress, [start, end] + [elements] * 1500)) + packer.flush()
        started = time.monotonic()
        error = error_of(then(http(packed, "Content-Encoding: gzip")), timeout=0.3)
        assert error.outcome is Outcome.UNKNOWN
        assert time.monotonic() - started < SOON


@both
class TestStatus:
    @pytest.mark.parametrize(
        ("status", "outcome"),
        [
            ("101 Switching Protocols", Outcome.UNKNOWN),
            ("201 Created", Outcome.UNKNOWN),
            ("202 Accepted", Outcome.UNKNOWN),
            ("204 No Content", Outcome.UNKNOWN),
            ("206 Partial Content", Outcome.UNKNOWN),
            ("300 Multiple Choices", Outcome.REFUSED),
            ("301 Moved Permanently", Outcome.REFUSED),
            ("302 Found", Outcome.REFUSED),
            ("304 Not Modified", Outcome.REFUSED),
            ("307 Temporary Redirect", Outcome.REFUSED),
            ("308 Permanent Redirect", Outcome.REFUSED),
            ("400 Bad Request", Outcome.REFUSED),
            ("401 Unauthorized", Outcome.REFUSED),
            ("403 Forbidden", Outcome.REFUSED),
            ("404 Not Found", Outcome.REFUSED),
            ("413 Content Too Large", Outcome.REFUSED),
            ("429 Too Many Requests", Outcome.REFUSED),
            ("500 Internal Server Error", Outcome.UNKNOWN),
            ("502 Bad Gateway", Outcome.UNKNOWN),
            ("503 Service Unavailable", Outcome.UNKNOWN),
            ("504 Gateway Timeout", Outcome.UNKNOWN),
            ("599 Odd", Outcome.UNKNOWN),
            ("999 Odder", Outcome.UNKNOWN),
        ],
    )
    @pytest.mark.parametrize(
        "body", [b"", b"<html>An error page</html>", document("TRUE")], ids=["empty", "page", "xml"]
    )
    def test_other_than_200_is_an_error(self, status, outcome, body):
        with serving(then(http(body, status=status))) as (server, client):
            error = failure(client.call, "test.echo")
            assert error.url == server.url
        assert type(error) is HTTPStatusError
        assert isinstance(error, xmlrpc.client.ProtocolError)
        code, _, reason = status.partition(" ")
        assert (error.status, error.reason) == (int(code), reason)
        assert (error.errcode, error.errmsg) == (int(code), reason)
        assert error.outcome is outcome
        assert f"HTTP {status}" in str(error)

    def test_shows_the_beginning_of_the_body(self):
        error = error_of(http(b"<html>\n  <b>Down\tfor</b>\n\n maintenance " + b"x" * 1000, status="502 Bad Gateway"))
        # White space is not collapsed: that would change a secret with white space, and it would not be masked.
        assert error.excerpt.startswith("<html>\n  <b>Down\tfor</b>\n\n maintenance xxx")
        assert len(error.excerpt) <= 200
        assert "\\n  <b>Down" in str(error)

    @pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"\0" * 500, bytes(range(256))])
    def test_its_body_may_be_anything(self, body):
        assert error_of(http(body, status="500 x")).status == 500

    @pytest.mark.parametrize(
        "page",
        [
            http(gzip.compress(b"packed page"), "Content-Encoding: gzip", status="502 x"),
            chunked(b"packed page").replace(b"200 OK", b"502 x"),
        ],
    )
    def test_its_body_may_be_gzip(self, page):
        assert error_of(page).excerpt == "packed page"

    @pytest.mark.parametrize(
        "page",
        [
            http(b"half", "Content-Length: 999", status="404 x", length=False),
            http(b"zz", "Transfer-Encoding: chunked", status="404 x", length=False),
            http(b"no gzip", "Content-Encoding: gzip", status="404 x"),
            http(b"", "Content-Encoding: br", status="404 x"),
            http(b"x", f"Content-Length: {10**15}", status="404 x", length=False),
        ],
        ids=["cut", "bad chunk", "bad gzip", "br", "huge"],
    )
    def test_is_known_even_if_its_body_cannot_be_read(self, page):
        error = error_of(then(page))
        assert (error.status, error.outcome) == (404, Outcome.REFUSED)

    def test_is_known_even_if_its_body_never_comes(self):
        started = time.monotonic()
        error = error_of(then(http(b"", "Content-Length: 9", status="404 x", length=False), Peer.wait), timeout=0.3)
        assert (error.status, error.outcome) == (404, Outcome.REFUSED)
        assert time.monotonic() - started < SOON

    def test_its_endless_body_is_not_read_to_the_end(self):
        def endless(peer):
            peer.read()
            peer.send(http(b"", status="500 x", length=False))
            while not peer.server.stopping.is_set():
                peer.send(b"page " * 10_000)

        started = time.monotonic()
        assert error_of(endless).excerpt.startswith("page page")
        assert time.monotonic() - started < SOON

    def test_carries_the_headers(self):
        error = error_of(http(b"", "X-Request-Id: 17", status="500 x"))
        assert error.headers["X-Request-Id"] == "17"

    def test_the_next_call_works(self):
        with serving(http(b"page", status="500 x"), answer(TEXT)) as (_, client):
            failure(client.call, "x")
            assert client.call("x", success=[TEXT]).value == TEXT


@both
class TestRedirect:
    @pytest.mark.parametrize("status", ["301 x", "302 x", "303 x", "307 x", "308 x"])
    def test_is_not_followed_and_the_error_has_its_target(self, status):
        with ScriptedServer(ever_after=answer("TRUE")) as other:
            error = error_of(http(b"", f"Location: {other.url}", status=status))
            assert other.connections == 0
        assert error.location == other.url
        assert other.url in str(error)
        assert error.outcome is Outcome.REFUSED

    @pytest.mark.parametrize("name", ["Location", "location", "LOCATION"])
    @pytest.mark.parametrize(
        ("location", "shown"),
        [
            ("https://joe:hunter22@h.example/rpc?x=1", "https://h.example/rpc?x=1"),
            ("//joe:hunter22@h.example/rpc", "//h.example/rpc"),
            ("https://joe@h.example:444/", "https://h.example:444/"),
            ("/elsewhere", "/elsewhere"),
            ("", ""),
        ],
    )
    def test_shows_no_credentials(self, name, location, shown):
        error = error_of(http(b"", f"{name}: {location}", status="302 x"))
        assert error.location == shown
        assert "joe" not in f"{error} {error!r} {vars(error)}"

    @pytest.mark.parametrize("location", ["https://joe:hunter22@[::1", "https://joe:hunter22@ex\u2100mple/"])
    def test_a_location_that_is_not_a_url_shows_none_either(self, location):
        head = f"HTTP/1.1 302 x\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
        error = error_of(head.encode())
        assert "hunter22" not in f"{error} {error!r} {vars(error)}"

    def test_may_have_no_target(self):
        assert error_of(http(b"", status="302 x")).location is None


@both
class TestRetryAfter:
    def asked(self, value, status="503 x"):
        return error_of(http(b"", f"Retry-After: {value}", status=status)).retry_after

    @pytest.mark.parametrize("status", ["429 x", "503 x"])
    def test_in_seconds(self, status):
        assert self.asked("120", status) == 120.0
        assert self.asked(" 0 ", status) == 0.0

    def test_as_a_date(self):
        later = datetime.now(timezone.utc) + timedelta(seconds=100)
        assert 95 < self.asked(format_datetime(later, usegmt=True)) <= 100

    def test_as_a_date_that_has_passed(self):
        assert self.asked("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0

    @pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system has no tzset")
    def test_a_date_is_utc_in_any_time_zone(self, monkeypatch):
        monkeypatch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        try:
            later = datetime.now(timezone.utc) + timedelta(seconds=100)
            assert 95 < self.asked(format_datetime(later, usegmt=True)) <= 100
        finally:
            monkeypatch.undo()
            time.tzset()

    @pytest.mark.parametrize(
        "value",
        [
            "",
            "soon",
            "-5",
            "1.5",
            "1e3",
            "\xb2",
            "9" * 400,
            "Wed, 99 Oct 2015 07:28:00 GMT",
            "Oct 21 , 1e9 - 1.2.3",
            "Wed, 21 Xxx 2015 07:28:00 GMT",
            ", , ,",
        ],
        ids=lambda value: ascii(value[:30])[1:-1],
    )
    def test_that_cannot_be_read_is_none(self, value):
        assert self.asked(value) is None

    def test_may_be_missing(self):
        assert error_of(http(b"", status="503 x")).retry_after is None


@both
class TestFault:
    FAULT = xmlrpc.client.dumps(xmlrpc.client.Fault(-32601, "no such method")).encode()

    @pytest.mark.parametrize("status", ["200 OK", "400 x", "401 x", "404 x", "500 x", "502 x"])
    def test_in_the_body_is_a_fault_whatever_the_status_of_the_error(self, status):
        error = error_of(http(self.FAULT, "Content-Type: text/xml", status=status))
        assert type(error) is FaultError
        assert isinstance(error, xmlrpc.client.Fault)
        assert (error.faultCode, error.faultString) == (-32601, "no such method")
        assert error.outcome is Outcome.REFUSED

    @pytest.mark.parametrize("status", ["429 x", "503 x"])
    def test_does_not_hide_that_the_server_asks_to_come_back_later(self, status):
        error = error_of(http(self.FAULT, "Retry-After: 7", status=status))
        assert type(error) is HTTPStatusError
        assert error.retry_after == 7

    @pytest.mark.parametrize("body", [cut(FAULT, 3), document("TRUE"), FAULT + b"<", b"x" * 70_000 + FAULT])
    def test_that_cannot_be_read_leaves_the_status(self, body):
        error = error_of(http(body, status="500 x"))
        assert type(error) is HTTPStatusError
        assert error.outcome is Outcome.UNKNOWN

    def test_in_a_gzip_body(self):
        error = error_of(http(gzip.compress(self.FAULT), "Content-Encoding: gzip", status="500 x"))
        assert type(error) is FaultError


@both
def test_a_server_that_never_answers_leaves_the_call_in_doubt_at_the_deadline():
    started = time.monotonic()
    error = error_of(hang, timeout=0.2)
    assert type(error) is InDoubtError
    assert 0.15 < time.monotonic() - started < SOON


@both
def test_no_answer_is_read_while_another_thread_waits_for_its_own():
    first, second = threading.Event(), threading.Event()

    def slow(peer):
        peer.read()
        first.set()
        assert second.wait(PATIENCE)
        peer.send(answer("slow"))

    def quick(peer):
        assert first.wait(PATIENCE)
        peer.read()
        peer.send(answer("quick"))
        second.set()

    with serving(slow, quick) as (_, client):
        results = []
        thread = threading.Thread(target=lambda: results.append(client.call("x", success=["slow"]).value))
        thread.start()
        assert first.wait(PATIENCE)
        assert client.call("x", success=["quick"]).value == "quick"
        thread.join()
    assert results == ["slow"]


@both
class TestNoWaitForWhatCannotCome:
    @pytest.mark.parametrize(
        "data",
        [
            answer("x").replace(b"\r\n", b"\n"),
            answer("x").replace(b"HTTP/1.1", b"HTTP/1.0").replace(b"\r\n", b"\n"),
            b"SSH-2.0-OpenSSH\r\n",
            b"HTTP/1.1 abc\r\n",
            b"220 mail.example ESMTP\r\n",
        ],
        ids=lambda data: ascii(data[:24])[2:-1],
    )
    def test_on_a_connection_that_stays_open(self, data):
        """A mistake in the first line is an error at once, not at the deadline."""
        with serving(then(data, end=Peer.wait)) as (_, client):
            started = time.monotonic()
            if b" 200 " in data:
                client.call("m")
            else:
                failure(client.call, "m")
            assert time.monotonic() - started < SOON


@both
class TestAnAnswerBeforeTheRequestWasRead:
    """A server can refuse a large request without reading all of it."""

    REQUEST = "x" * 8_000_000

    @staticmethod
    def at_once(data, end=Peer.close):
        def step(peer):
            peer.sock.recv(1000)
            peer.send(data)
            end(peer)

        return step

    @pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
    @pytest.mark.parametrize(
        ("page", "expected"),
        [
            (http(b"too large", status="413 Content Too Large"), (HTTPStatusError, 413, Outcome.REFUSED)),
            (http(b"no", status="401 Unauthorized", length=False), (HTTPStatusError, 401, Outcome.REFUSED)),
            (http(b"busy", "Retry-After: 7", status="503 Busy"), (HTTPStatusError, 503, Outcome.UNKNOWN)),
        ],
        ids=["413", "401", "503"],
    )
    def test_is_read(self, page, expected, tls):
        with serving(self.at_once(page), answer("next"), tls=tls, retry=None, timeout=PATIENCE) as (server, client):
            error = failure(client.call, "m", self.REQUEST)
            assert (type(error), getattr(error, "status", None), error.outcome) == expected, str(error)
            assert client.call("m", success=["next"]).ok
            assert server.connections == 2

    def test_is_read_if_the_server_neither_reads_nor_closes(self):
        page = http(b"too large", status="413 Content Too Large")
        with serving(self.at_once(page, stall), retry=None, timeout=0.5) as (_, client):
            assert failure(client.call, "m", self.REQUEST).status == 413

    @pytest.mark.parametrize("value", ["Unauthorized", {"status": "OK", "error_status": 0}], ids=["refusal", "success"])
    @pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
    def test_is_no_proof_of_anything_without_an_error_status(self, value, tls):
        """The server cannot have read the call: this can be the answer to another one."""
        with serving(self.at_once(answer(value)), retry=None, tls=tls, timeout=PATIENCE) as (_, client):
            error = failure(client.call, "m", self.REQUEST)
            assert (type(error), error.outcome) == (InDoubtError, Outcome.UNKNOWN)

    def test_is_no_proof_either_on_a_connection_that_was_kept(self):
        """A late copy of the first answer."""

        def twice(peer):
            peer.read()
            peer.send(answer("first"))
            peer.sock.recv(1000)
            peer.send(answer("first"))
            peer.close()

        with serving(twice, retry=None, timeout=PATIENCE) as (_, client):
            assert client.call("m", success=["first"]).ok
            assert failure(client.call, "m", self.REQUEST).outcome is Outcome.UNKNOWN

    @pytest.mark.parametrize(
        "data", [b"", b"HTTP/1.1 413 Con", b"rubbish\r\n"], ids=["nothing", "half a head", "rubbish"]
    )
    def test_is_unknown_if_there_is_none(self, data):
        with serving(self.at_once(data), retry=None) as (_, client):
            error = failure(client.call, "m", self.REQUEST)
            assert error.outcome is Outcome.UNKNOWN
            assert (error.__cause__, error.__context__) == (None, None)


def test_an_answer_before_the_request_on_a_new_connection_is_no_answer_at_all():
    """The server speaks first. What it says can also arrive too late to be seen before the request is sent."""
    connect, peers = socket.socket.connect, []

    def connect_and_wait(sock, address):
        connect(sock, address)
        peers.append(listener.accept()[0])
        peers[-1].sendall(answer("first"))
        assert select.select([sock], [], [], PATIENCE)[0]

    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_and_wait)
        proxy = ServerProxy(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        error = failure(proxy.m)
    with peers[0] as peer:
        assert type(error) is NotSentError
        assert "before it was asked" in str(error)
        peer.settimeout(PATIENCE)
        with contextlib.suppress(ConnectionResetError):
            assert peer.recv(1) == b"", "nothing was sent"


FAULT_PAGE = xmlrpc.client.dumps(xmlrpc.client.Fault(4, "no")).encode()
PACKED_FAULT = gzip.compress(FAULT_PAGE)


@both
@pytest.mark.parametrize(
    ("page", "error_type"),
    [
        (http(FAULT_PAGE, length=False, status="500 x"), FaultError),
        (http(PACKED_FAULT, "Content-Encoding: gzip", length=False, status="500 x"), FaultError),
        (http(PACKED_FAULT, "Content-Encoding: gzip", status="500 x"), FaultError),
        (http(FAULT_PAGE, f"Content-Length: {len(FAULT_PAGE) + 5000}", length=False, status="500 x"), HTTPStatusError),
        (http(PACKED_FAULT[:-4], "Content-Encoding: gzip", length=False, status="500 x"), HTTPStatusError),
        (http(PACKED_FAULT[:-4], "Content-Encoding: gzip", status="500 x"), HTTPStatusError),
    ],
    ids=["to the end", "gzip to the end", "gzip", "cut off", "gzip cut off to the end", "gzip cut off"],
)
def test_a_fault_says_that_the_call_was_refused_only_in_a_body_that_is_whole(page, error_type):
    error = error_of(then(page))
    outcome = Outcome.REFUSED if error_type is FaultError else Outcome.UNKNOWN
    assert (type(error), error.outcome) == (error_type, outcome)
