"""The head of an HTTP response: what is read quickly, what http.client reads, and what is refused."""

from __future__ import annotations

import pytest

from mailkit_xmlrpc import ResponseError
from mailkit_xmlrpc.transport.framing import Chunked, Length, UntilClose
from mailkit_xmlrpc.transport.head import HeadReader, parse_head


def ok(*lines):
    """A head of status 200 with these header lines."""
    return b"\r\n".join([b"HTTP/1.1 200 OK", *lines, b"", b""])


def read(data, size=1000):
    """Feed `data` in pieces; the head and what follows it, or None."""
    reader = HeadReader()
    for start in range(0, len(data), size):
        found = reader.feed(data[start : start + size])
        if found is not None:
            head, rest = found
            return head, rest + data[start + size :]
    return None


@pytest.mark.parametrize("size", [1, 7, 1000])
class TestReading:
    def test_takes_the_bytes_up_to_the_empty_line(self, size):
        head, rest = read(ok(b"Content-Length: 5") + b"hello", size)
        assert (head.status, head.reason, head.headers) == (200, "OK", (("Content-Length", "5"),))
        assert rest == b"hello"

    def test_waits_for_the_empty_line(self, size):
        assert read(ok(b"Content-Length: 5")[:-1], size) is None

    @pytest.mark.parametrize("interim", [b"100 Continue", b"102 Processing", b"103 Early Hints\r\nLink: </x>"])
    def test_skips_interim_responses(self, size, interim):
        head, rest = read((b"HTTP/1.1 " + interim + b"\r\n\r\n") * 3 + ok(b"Content-Length: 5") + b"x", size)
        assert (head.status, rest) == (200, b"x")

    def test_does_not_skip_a_switch_of_protocols(self, size):
        head, rest = read(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nx", size)
        assert (head.status, rest) == (101, b"x")

    @pytest.mark.parametrize(
        "start",
        [
            b"SSH-2.0-OpenSSH\r\n",
            b"220 mail\r\n",
            b"HTTP/1.1 abc\r\n",
            b"HTTP/2 200\r\n",
            b"HTTP/1.1 20",
            b"\r\n",
            b"<html>",
        ],
        ids=ascii,
    )
    def test_refuses_another_protocol_before_its_head_ends(self, size, start):
        if start == b"HTTP/1.1 20":
            assert read(start, size) is None, "this can still become a status line"
            return
        with pytest.raises(ResponseError, match="did not answer in HTTP"):
            read(start, size)


@pytest.mark.parametrize("line", [b"X: " + b"a" * 100_000, b"\r\n".join([b"X: " + b"a" * 60_000] * 2)])
def test_a_head_has_a_bound(line):
    with pytest.raises(ResponseError, match="longer than 65,536 bytes"):
        read(ok(line, b"Content-Length: 5"))


def test_so_do_the_interim_responses_together():
    """A server can send them for ever."""
    with pytest.raises(ResponseError, match="interim responses of more than 65,536 bytes"):
        read(b"HTTP/1.1 102 Processing\r\n\r\n" * 3000)


def test_a_head_within_the_bound_can_have_a_body_beyond_it():
    head, rest = read(ok(b"Content-Length: 70000") + b"x" * 70_000, 100_000)
    assert (head.status, len(rest)) == (200, 70_000)


@pytest.mark.parametrize(
    ("data", "headers"),
    [
        (b"HTTP/1.1 200\r\ncontent-length:5\r\n\r\n", [("content-length", "5")]),
        (b"HTTP/1.1 200 \r\nX: \t a \t\r\nContent-Length: 5\r\n\r\n", [("X", "a"), ("Content-Length", "5")]),
        (
            b"HTTP/1.1 200 d\xe9j\xe0\r\nContent-Length: 5\r\nX: \xff\r\nY:\r\n\r\n",
            [("Content-Length", "5"), ("X", "\xff"), ("Y", "")],
        ),
        (b"HTTP/1.1 200 OK\nContent-Length: 5\n\n", [("Content-Length", "5")]),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n", [("Content-Length", "5")]),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: a\r\n \tb \r\n\r\n", [("Content-Length", "5"), ("X", "a b")]),
    ],
    ids=ascii,
)
def test_headers_are_pairs(data, headers):
    head = parse_head(data)
    assert list(head.headers) == headers
    assert isinstance(head.framing(), Length)


def test_headers_of_one_name_are_joined():
    assert parse_head(ok(b"X: a", b"x: b")).value("x") == "a, b"


@pytest.mark.parametrize(
    ("line", "charset"),
    [
        (b"Content-Type: text/xml; charset=windows-1250", "windows-1250"),
        (b'content-type: text/xml; Charset = "utf-8"; x=y', "utf-8"),
        (b"Content-Type: text/xml", None),
        (b"X: text/xml; charset=utf-8", None),
    ],
)
def test_the_charset_is_that_of_the_content_type(line, charset):
    assert parse_head(ok(line)).charset == charset


@pytest.mark.parametrize(
    ("start", "line", "closes"),
    [
        (b"HTTP/1.1 200 OK", b"X: y", False),
        (b"HTTP/1.1 200 OK", b"Connection: keep-alive, Close", True),
        (b"HTTP/1.1 200 OK", b"Connection: x\r\nConnection: close", True),
        (b"HTTP/1.0 200 OK", b"X: y", True),
        (b"HTTP/1.0 200 OK", b"Connection: Keep-Alive", False),
        (b"HTTP/1.0 200 OK", b"Connection: keep-alive, close", True),
        (b"HTTP/1.0 200 OK", b"Connection: keep-alive\r\nTransfer-Encoding: chunked", True),
        (b"HTTP/1.1 404 no", b"Connection: close", True),
    ],
)
def test_whether_the_server_closes(start, line, closes):
    assert parse_head(start + b"\r\n" + line + b"\r\n\r\n").closes is closes


class TestTheEndOfTheBody:
    """RFC 9112, section 6.3."""

    @pytest.mark.parametrize(
        ("lines", "length"),
        [
            ([b"Content-Length: 5"], 5),
            ([b"Content-Length: 0005"], 5),
            ([b"Content-Length: 5, 5"], 5),
            ([b"Content-Length: 5", b"content-length: 5"], 5),
            ([b"Content-Length: 0"], 0),
            ([b"Content-Length: 999999999999999999"], 10**18 - 1),
        ],
    )
    def test_a_length(self, lines, length):
        framing = parse_head(ok(*lines)).framing()
        assert isinstance(framing, Length)
        assert (framing.length, framing.complete) == (length, length == 0)

    @pytest.mark.parametrize("value", [b"chunked", b"Chunked", b" chunked "])
    def test_chunks(self, value):
        assert isinstance(parse_head(ok(b"Transfer-Encoding:" + value)).framing(), Chunked)

    def test_the_end_of_the_connection(self):
        assert isinstance(parse_head(ok(b"X: y")).framing(), UntilClose)

    @pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified", b"101 x"])
    def test_a_status_without_a_body(self, status):
        assert parse_head(b"HTTP/1.1 " + status + b"\r\nX: y\r\n\r\n").framing().complete

    @pytest.mark.parametrize(
        "lines",
        [
            [b"Content-Length: 5", b"Content-Length: 6"],
            [b"Content-Length: 5, 6"],
            [b"Content-Length: 5,"],
            [b"Content-Length: -5"],
            [b"Content-Length: +5"],
            [b"Content-Length: 0x5"],
            [b"Content-Length: 5 5"],
            [b"Content-Length: 5_0"],
            [b"Content-Length: 5.0"],
            [b"Content-Length:"],
            [b"Content-Length: \xb2"],
            [b"Content-Length: " + b"9" * 19],
            [b"Content-Length: " + b"9" * 5000],
            [b"Content-Length: 5", b"Transfer-Encoding: chunked"],
            [b"Transfer-Encoding: chunked", b"Content-Length: 5"],
            [b"Transfer-Encoding: gzip, chunked"],
            [b"Transfer-Encoding: chunked, chunked"],
            [b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity"],
            [b"Transfer-Encoding: xchunked"],
            [b"Transfer-Encoding: identity"],
            [b"no colon", b"Content-Length: 5"],
            [b" folded: x", b"Content-Length: 5"],
            [b"Content-Length : 5"],
            [b"Content-Length: \xa05"],
            [b"Content-Length: 5\x85"],
            [b"Content-Length: \x0b5"],
            [b"Transfer-Encoding: \x0bchunked"],
            [b"Transfer-Encoding: chunked\xa0"],
            [b"Transfer-Encoding:", b"Content-Length: 5"],
            [b"From Transfer-Encoding: chunked", b"Content-Length: 5"],
            [b"Content-Length: 5", b"From x"],
            [b"X: a\r\r\nContent-Length: 6", b"Content-Length: 5"],
            [b"X: a\rContent-Length: 5"],
            [b"X: a\0b", b"Content-Length: 5"],
            [b"X: a\r", b"Content-Length: 5"],
            [b"Transfer-Encoding : chunked"],
        ],
        ids=lambda lines: ascii(b" ".join(lines)[:60])[2:-1],
    )
    @pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK", b"HTTP/1.0 200 OK", b"HTTP/1.1 404 Not Found"])
    def test_anything_else_is_an_error(self, start, lines):
        with pytest.raises(ResponseError):
            parse_head(b"\r\n".join([start, *lines, b"", b""]))
