"""HTTP as real servers send it: framing, interim answers, old versions, unusual headers, and nginx in front."""

from __future__ import annotations

import http.client
import os
import shutil
import subprocess
import threading
import time

import pytest

from mailkit_xmlrpc import (
    Client,
    FaultError,
    HTTPStatusError,
    InDoubtError,
    NotSentError,
    Outcome,
    ResponseError,
)
from mailkit_xmlrpc.sandbox import Sandbox

from ..blocking import BlockingClient, both
from ..servers import (
    PATIENCE,
    ScriptedServer,
    answer,
    chunked,
    document,
    drip,
    failure,
    hang,
    new_client,
    proxy_of,
    then,
    unused_port,
)
from ..servers import (
    http as http_answer,
)

VALUE = {"greeting": "Příliš žluťoučký kůň", "rows": list(range(50))}
BODY = document(VALUE)
XML = "Content-Type: text/xml"


def ask(*steps, calls=1):
    """The results of this number of calls to a server that plays `steps`, and the server."""
    with ScriptedServer(*steps) as server, proxy_of(server.url, timeout=PATIENCE) as proxy:
        return [proxy.greet() for _ in range(calls)], server


def refused(*steps):
    """The error of one call, which was sent once."""
    with ScriptedServer(*steps) as server, proxy_of(server.url, timeout=PATIENCE) as proxy:
        error = failure(proxy.greet)
    assert len(server.requests) == 1
    return error


def chunks(*parts, head="", end=b"0\r\n\r\n"):
    """An answer whose chunks are written by hand."""
    return http_answer(b"", XML, "Transfer-Encoding: chunked", *([head] if head else []), length=False) + (
        b"".join(parts) + end
    )


def chunk(data, size=None, extension=b"", line=b"\r\n"):
    return (size or b"%x" % len(data)) + extension + line + data + line


@both
class TestChunks:
    @pytest.mark.parametrize("size", [1, 7, 1000, 100_000])
    def test_of_any_size(self, size):
        assert ask(chunked(BODY, XML, size=size))[0] == [VALUE]

    @pytest.mark.parametrize(
        "wire",
        [
            chunks(chunk(BODY, extension=b";name=value")),
            chunks(chunk(BODY, extension=b';name="a;b"; other')),
            chunks(chunk(BODY, size=b"%X" % len(BODY))),
            chunks(chunk(BODY, size=b"000%x" % len(BODY))),
            chunks(chunk(BODY[:9]), chunk(BODY[9:]), end=b"000;last\r\n\r\n"),
            chunks(chunk(BODY), end=b"0\r\nX-Checksum: abc\r\nX-Other: d\r\n\r\n"),
            chunks(chunk(BODY), head="Trailer: X-Checksum", end=b"0\r\nX-Checksum: abc\r\n\r\n"),
        ],
        ids=["extension", "quoted-extension", "upper-case", "leading-zeros", "last-extended", "trailers", "announced"],
    )
    def test_with_everything_that_is_allowed_between_them(self, wire):
        assert ask(wire)[0] == [VALUE]

    def test_that_come_byte_by_byte(self):
        wire = chunked(document("a"), XML, size=50)
        assert ask(drip(wire, at_once=len(wire) - 40))[0] == ["a"]

    def test_the_connection_stays_open_after_the_last(self):
        values, server = ask(chunked(BODY, XML), chunks(chunk(BODY), end=b"0\r\nX: y\r\n\r\n"), answer(1), calls=3)
        assert values == [VALUE, VALUE, 1]
        assert server.connections == 1

    @pytest.mark.parametrize(
        "wire",
        [
            chunks(chunk(BODY[:20]), end=b""),
            chunks(chunk(BODY[:20]), b"%x\r\nabc" % 100, end=b""),
            chunks(chunk(BODY), end=b""),
        ],
        ids=["no-more-chunks", "half-a-chunk", "no-last-chunk"],
    )
    def test_that_break_off_leave_the_call_in_doubt(self, wire):
        assert isinstance(refused(then(wire)), InDoubtError)

    @pytest.mark.parametrize("size", [b"xyz", b"-5", b""], ids=["no-number", "negative", "nothing"])
    def test_without_a_size_are_unreadable(self, size):
        error = refused(then(chunks(b"%s\r\nabc\r\n" % size)))
        assert isinstance(error, (ResponseError, InDoubtError))
        assert error.outcome is Outcome.UNKNOWN


@both
class TestInterimAnswers:
    @pytest.mark.parametrize(
        "interim",
        [
            b"HTTP/1.1 100 Continue\r\n\r\n",
            b"HTTP/1.1 100 Continue\r\nServer: x\r\n\r\n" * 3,
            b"HTTP/1.1 102 Processing\r\n\r\n",
            b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n",
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n",
        ],
        ids=["100", "three-100", "102", "103", "one-of-each"],
    )
    def test_before_the_answer_are_skipped(self, interim):
        values, server = ask(interim + answer(VALUE), interim + chunked(BODY, XML), calls=2)
        assert values == [VALUE, VALUE]
        assert server.connections == 1

    def test_alone_leave_the_call_in_doubt(self):
        assert isinstance(refused(then(b"HTTP/1.1 100 Continue\r\n\r\n")), InDoubtError)

    def test_a_switch_of_protocols_is_an_error_status(self):
        error = refused(then(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"))
        assert isinstance(error, HTTPStatusError)
        assert error.status == 101


@both
class TestTheEndOfTheBody:
    @pytest.mark.parametrize("version", ["1.0", "1.1"])
    def test_is_the_end_of_the_connection_without_a_length(self, version):
        assert ask(then(http_answer(BODY, XML, version=version, length=False)))[0] == [VALUE]

    def test_each_call_then_has_its_own_connection(self):
        step = then(http_answer(BODY, XML, length=False))
        values, server = ask(step, step, calls=2)
        assert values == [VALUE, VALUE]
        assert server.connections == 2

    def test_a_body_that_ends_too_early_with_the_connection_is_unreadable(self):
        assert isinstance(refused(then(http_answer(BODY[:-30], XML, length=False))), ResponseError)

    def test_a_body_shorter_than_its_length_leaves_the_call_in_doubt(self):
        wire = http_answer(BODY, XML)
        assert isinstance(refused(then(wire[:-30])), InDoubtError)


@both
class TestTheConnection:
    @pytest.mark.parametrize(
        "header", ["Connection: close", "connection: Close", "Connection: keep-alive, close", "CONNECTION: close"]
    )
    def test_is_not_used_again_if_the_server_refuses(self, header):
        values, server = ask(then(answer(1, header)), answer(2), calls=2)
        assert values == [1, 2]
        assert server.connections == 2

    def test_of_an_old_server_is_used_once(self):
        old = http_answer(document(1), XML, version="1.0")
        values, server = ask(then(old), then(old), calls=2)
        assert values == [1, 1]
        assert server.connections == 2

    def test_of_an_old_server_that_offers_it_is_used_again(self):
        old = http_answer(document(1), XML, "Connection: keep-alive", version="1.0")
        values, server = ask(old, old, calls=2)
        assert values == [1, 1]
        assert server.connections == 1


@both
class TestHeaders:
    @pytest.mark.parametrize(
        "kind",
        [
            "Content-Type: text/html",
            "Content-Type: text/plain; charset=us-ascii",
            "Content-Type: application/octet-stream",
            "Content-Type: ",
            "Content-Type: nonsense",
            "X-No: type",
        ],
    )
    def test_a_wrong_content_type_does_not_matter(self, kind):
        assert ask(http_answer(document("a"), kind))[0] == ["a"]

    @pytest.mark.parametrize(
        "header",
        [
            "Content-Type: text/xml; charset=windows-1250",
            "content-type: text/xml;charset=WINDOWS-1250",
            'Content-Type: text/xml; boundary=x; charset="windows-1250"',
        ],
    )
    def test_the_charset_may_be_only_in_the_header(self, header):
        text = "Příliš žluťoučký kůň"
        body = f"<methodResponse><params><param><value>{text}</value></param></params></methodResponse>"
        assert ask(http_answer(body.encode("windows-1250"), header))[0] == [text]

    @pytest.mark.parametrize(
        "lines",
        [
            [b"content-type: text/xml", b"content-length: %d"],
            [b"CONTENT-TYPE:text/xml", b"CONTENT-LENGTH:%d"],
            [b"Content-Type:\ttext/xml ", b"Content-Length:   %d  "],
            [b"Content-Type: text/xml", b"X-Folded: a", b"\tb", b"  c", b"Content-Length: %d"],
            [b"Server: \xe1\xe9\xff", b"Set-Cookie: a=b", b"Set-Cookie: c=d", b"Content-Length: %d"],
        ],
        ids=["lower-case", "upper-case-no-space", "white-space", "folded", "beyond-ascii"],
    )
    def test_are_read_however_they_are_spelt(self, lines):
        wire = b"\r\n".join([b"HTTP/1.1 200 OK", *lines, b"", b""]) % len(BODY) + BODY
        values, server = ask(wire, wire, calls=2)
        assert values == [VALUE, VALUE]
        assert server.connections == 1

    def test_lines_may_end_in_a_line_feed_alone(self):
        wire = b"HTTP/1.1 200 OK\nContent-Type: text/xml\nContent-Length: %d\n\n" % len(BODY) + BODY
        assert ask(wire)[0] == [VALUE]

    @pytest.mark.parametrize(
        "headers",
        [["X: " + "a" * 100_000], [f"X-{number}: a" for number in range(20_000)], ["a" * 100_000]],
        ids=["one-endless", "very-many", "no-colon"],
    )
    def test_a_bomb_of_them_is_refused_early(self, headers):
        error = refused(then(http_answer(BODY, *headers)))
        assert isinstance(error, ResponseError)
        assert len(str(error)) < 500

    @pytest.mark.parametrize(
        "status", [b"HTTP/1.1 200", b"HTTP/1.1 200 ", b"HTTP/1.1 200 " + b"very fine " * 100, b"HTTP/1.1 200 \xe1"]
    )
    def test_the_reason_has_no_effect(self, status):
        wire = status + b"\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
        assert ask(wire)[0] == [VALUE]

    @pytest.mark.parametrize("status", [b"HTTP/1.1 abc OK", b"ICY 200 OK", b"HTTP/1.1", b"", b"<html>"])
    def test_after_an_invalid_status_the_outcome_is_unknown(self, status):
        error = refused(then(status + b"\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY))
        assert isinstance(error, (ResponseError, InDoubtError))
        assert error.outcome is Outcome.UNKNOWN

    def test_a_fault_with_the_status_500_is_a_fault(self):
        fault = (
            b"<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>4</int></value></member>"
        )
        fault += b"<member><name>faultString</name><value>no</value></member></struct></value></fault></methodResponse>"
        error = refused(http_answer(fault, XML, status="500 Internal Server Error"))
        assert isinstance(error, FaultError)
        assert (error.faultCode, error.faultString) == (4, "no")


# nginx

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/local/bin:/usr/bin:/bin")

CONFIG = """
daemon off;
master_process off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr;
{user}
events {{ worker_connections 128; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        {options}
        location / {{ proxy_pass {upstream}; }}
    }}
}}
"""


@pytest.fixture
def nginx(tmp_path):
    """Starts an nginx in front of an upstream, and returns the URL of the same path."""
    if NGINX is None:
        pytest.skip("nginx is not installed (Debian: nginx-light)")
    started = []

    def start(upstream, *options):
        base, _, path = upstream.partition("://")[2].partition("/")
        port = unused_port()
        user = "user root;" if os.geteuid() == 0 else ""
        text = CONFIG.format(
            folder=tmp_path, port=port, user=user, upstream=f"http://{base}", options="\n        ".join(options)
        )
        (tmp_path / "nginx.conf").write_text(text, encoding="utf-8")
        process = subprocess.Popen(
            [NGINX, "-p", str(tmp_path), "-e", "stderr", "-c", str(tmp_path / "nginx.conf")], stderr=subprocess.PIPE
        )
        started.append(process)
        wait_for(port, process)
        return f"http://127.0.0.1:{port}/{path}"

    yield start
    for process in started:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def wait_for(port, process):
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        assert process.poll() is None, process.stderr.read().decode()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.connect()
        except OSError:
            time.sleep(0.02)
        else:
            return
        finally:
            connection.close()
    raise AssertionError("nginx did not start")


def client_through(url, sandbox, kind=new_client, **options):
    return kind(sandbox.client_id, sandbox.client_md5, url=url, proxy="", timeout=PATIENCE, **options)


class TestNginx:
    @pytest.mark.parametrize(
        "options",
        [["keepalive_timeout 1s;"], ["keepalive_timeout 1s;", "keepalive_requests 2;"], ["keepalive_timeout 0;"]],
        ids=["timeout", "timeout-and-two-requests", "refused"],
    )
    def test_no_call_is_doubled_or_lost_without_an_error(self, nginx, options):
        """Each thread pauses for about as long as nginx keeps a connection, so that some calls use one that closes.
        Every other client waits on asyncio."""
        with Sandbox() as sandbox:
            url = nginx(sandbox.url, *options)
            ended = {}

            def trigger(number):
                kind = (Client, BlockingClient)[number % 2]
                with client_through(url, sandbox, kind, retry=None) as mailkit:
                    for turn in range(3):
                        tag = f"event_{number}_{turn}"
                        try:
                            ended[tag] = mailkit.journeys.trigger("jane@example.com", tag).outcome
                        except (InDoubtError, NotSentError) as error:
                            ended[tag] = error.outcome
                        time.sleep(0.96 + 0.004 * number)

            threads = [threading.Thread(target=trigger, args=(number,)) for number in range(20)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            arrived = [event.event_tag for event in sandbox.events]
        assert len(ended) == 60
        for tag, outcome in ended.items():
            allowed = {Outcome.DONE: {1}, Outcome.UNKNOWN: {0, 1}, Outcome.NOT_SENT: {0}}[outcome]
            assert arrived.count(tag) in allowed, (tag, outcome)
        # The check before a connection is used makes the race rare, so nearly every call is carried out.
        assert list(ended.values()).count(Outcome.DONE) >= 50

    @both
    def test_a_call_too_large_for_it_is_refused(self, nginx):
        with Sandbox() as sandbox:
            url = nginx(sandbox.url, "client_max_body_size 1k;")
            with client_through(url, sandbox) as mailkit:
                error = failure(mailkit.journeys.trigger, "jane@example.com", "paid", {"note": "x" * 100_000})
                assert mailkit.journeys.trigger("jane@example.com", "paid").ok
            assert len(sandbox.events) == 1
        # It may close the connection before the whole call was sent.
        assert isinstance(error, (HTTPStatusError, InDoubtError))
        if isinstance(error, HTTPStatusError):
            assert (error.status, error.outcome) == (413, Outcome.REFUSED)
            assert "Request Entity Too Large" in error.excerpt

    @both
    def test_an_upstream_that_is_down(self, nginx):
        with proxy_of(nginx(f"http://127.0.0.1:{unused_port()}/RPC2"), timeout=PATIENCE) as proxy:
            error = failure(proxy.greet)
        assert isinstance(error, HTTPStatusError)
        assert (error.status, error.outcome) == (502, Outcome.UNKNOWN)
        assert "502 Bad Gateway" in error.excerpt

    @both
    def test_an_upstream_that_says_nothing(self, nginx):
        with ScriptedServer(hang) as server:
            with proxy_of(nginx(server.url, "proxy_read_timeout 1s;"), timeout=PATIENCE) as proxy:
                error = failure(proxy.greet)
            assert len(server.requests) == 1
        assert isinstance(error, HTTPStatusError)
        assert (error.status, error.outcome) == (504, Outcome.UNKNOWN)
        assert "504 Gateway Time-out" in error.excerpt
