"""HTTP requests: what is read, and what is refused with which status."""

from __future__ import annotations

import contextlib
import socket
import time

import pytest

from mailkit_xmlrpc.sandbox import Bounds, Sandbox

from .wire import answers_on, body_of, connection, post, say, statuses, trigger_body

HOST = b"Host: x\r\n"


def chunked(*chunks, end=b"0\r\n\r\n"):
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + end


def call(sandbox, *headers, body=None, **options):
    return say(sandbox, post(trigger_body(sandbox) if body is None else body, *headers, **options))


REFUSED = {
    # Request lines.
    "rubbish": (b"\x00\x01\x02\xff\xfe", 400),
    "tls": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    "words": (b"hello there\r\n\r\n", 400),
    "no version": (b"GET /\r\n\r\n", 400),
    "two spaces": (b"GET  / HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "no latin target": (b"GET /\xff HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "http 2": (b"PRI * HTTP/2.0\r\n\r\n", 505),
    "long line": (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    "endless line": (b"GET /" + b"a" * 20000, 414),
    # Line ends.
    "bare LF": (b"GET / HTTP/1.1\n" + HOST + b"\r\n", 400),
    "lone CR": (b"GET / HTTP/1.1\r\nHost: x\rEvil: y\r\n\r\n", 400),
    # Headers.
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two hosts": (b"GET / HTTP/1.1\r\n" + HOST * 2 + b"\r\n", 400),
    "no colon": (b"GET / HTTP/1.1\r\nHost\r\n\r\n", 400),
    "no name": (b"GET / HTTP/1.1\r\n: x\r\n\r\n", 400),
    "space before colon": (b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400),
    "folded": (b"GET / HTTP/1.1\r\nHost: x\r\n y\r\n\r\n", 400),
    "NUL": (b"GET / HTTP/1.1\r\nHost: x\x00\r\n\r\n", 400),
    "long header": (b"GET / HTTP/1.1\r\nHost: " + b"x" * 40000 + b"\r\n\r\n", 431),
    "large headers": (b"GET / HTTP/1.1\r\n" + HOST + (b"A: " + b"x" * 4000 + b"\r\n") * 9, 431),
    "many headers": (b"GET / HTTP/1.1\r\n" + HOST + b"A: x\r\n" * 100 + b"\r\n", 431),
    "white header": (b"GET / HTTP/1.1\r\nHost:" + b" " * 30000 + b"\x00\r\n\r\n", 400),
    # How long is the body?
    "no length": (post(b"", length=False), 411),
    "negative length": (post(b"", "Content-Length: -1", length=False), 400),
    "signed length": (post(b"", "Content-Length: +1", length=False), 400),
    "no number": (post(b"", "Content-Length: 1e3", length=False), 400),
    "other digits": (post(b"", "Content-Length: \xb2", length=False), 400),
    "list of lengths": (post(b"", "Content-Length: 0, 0", length=False), 400),
    "two lengths": (post(b"", "Content-Length: 0", "Content-Length: 0", length=False), 400),
    "over 128 MiB": (post(b"", f"Content-Length: {(128 << 20) + 1}", length=False), 413),
    "astronomic length": (post(b"", f"Content-Length: {'9' * 5000}", length=False), 413),
    "both lengths": (post(b"", "Transfer-Encoding: chunked", "Content-Length: 5", length=False), 400),
    "old chunked": (b"POST /rpc.fcgi HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "other transfer coding": (post(b"", "Transfer-Encoding: gzip", length=False), 501),
    "chunked twice": (post(b"", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked", length=False), 501),
    "chunked and more": (post(b"", "Transfer-Encoding: gzip, chunked", length=False), 501),
    # Chunks.
    "no size": (post(b"zz\r\n", "Transfer-Encoding: chunked", length=False), 400),
    "negative size": (post(b"-1\r\n", "Transfer-Encoding: chunked", length=False), 400),
    "prefixed size": (post(b"0x5\r\nhello\r\n", "Transfer-Encoding: chunked", length=False), 400),
    "long size": (post(b"0" * 2000, "Transfer-Encoding: chunked", length=False), 400),
    "huge size": (post(b"fffffffffffffff\r\n", "Transfer-Encoding: chunked", length=False), 413),
    "overlong chunk": (post(b"1\r\nab\r\n0\r\n\r\n", "Transfer-Encoding: chunked", length=False), 400),
    "bare LF in chunks": (post(b"1\na\r\n0\r\n\r\n", "Transfer-Encoding: chunked", length=False), 400),
    "bad trailer": (post(b"0\r\n no\r\n\r\n", "Transfer-Encoding: chunked", length=False), 400),
    "endless trailers": (post(b"0\r\n" + b"A: b\r\n" * 200, "Transfer-Encoding: chunked", length=False), 431),
    # The rest.
    "expectations": (post(b"", "Expect: 200-ok"), 417),
    "gzip": (post(b"", "Content-Encoding: gzip"), 415),
}


@pytest.mark.parametrize(("data", "status"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_read_is_refused_and_its_connection_closed(sandbox, data, status):
    answer = say(sandbox, data)
    assert statuses(answer) == [status]
    assert b"Connection: close\r\n" in answer
    assert sandbox.calls == []


@pytest.mark.parametrize("data", [data for data, _ in REFUSED.values()], ids=REFUSED)
def test_byte_by_byte_it_is_refused_all_the_same(sandbox, data):
    with connection(sandbox) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            for at in range(0, len(data), 1 if len(data) < 400 else 1000):
                sock.sendall(data[at : at + (1 if len(data) < 400 else 1000)])
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert statuses(answers_on(sock)) == [REFUSED_STATUS[data]]


REFUSED_STATUS = dict(REFUSED.values())


ACCEPTED = {
    "plain": (),
    "charset": ("Content-Type: text/xml; charset=utf-8",),
    "identity": ("Content-Encoding: identity",),
    "odd but legal": ("X-Empty:", "X-Tab:\tx\t", "X-Latin: \xe9"),
}


@pytest.mark.parametrize("headers", ACCEPTED.values(), ids=ACCEPTED)
def test_a_call_is_read(sandbox, headers):
    assert statuses(call(sandbox, *headers)) == [200]
    assert [event.event_tag for event in sandbox.events] == ["order_paid"]


def test_a_chunked_call_is_read(sandbox):
    body = trigger_body(sandbox)
    for chunks in ([body], [body[:1], body[1:]], [body[at : at + 1] for at in range(len(body))]):
        data = post(chunked(*chunks), "Transfer-Encoding: CHUNKED", length=False)
        assert statuses(say(sandbox, data)) == [200]
    extended = b"%X;name=value;flag \r\n%s\r\n0\r\nTrailer: x\r\n\r\n" % (len(body), body)
    assert statuses(say(sandbox, post(extended, "Transfer-Encoding: chunked", length=False))) == [200]
    assert len(sandbox.events) == 4


def test_a_sender_that_waits_for_100_continue_gets_it(sandbox):
    body = trigger_body(sandbox)
    with connection(sandbox) as sock:
        sock.sendall(post(b"", "Expect: 100-Continue", f"Content-Length: {len(body)}", length=False))
        assert sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(body)
        assert statuses(answers_on(sock)) == [200]


def test_100_continue_is_not_said_to_a_body_that_is_too_large(sandbox):
    data = post(b"", "Expect: 100-continue", f"Content-Length: {1 << 40}", length=False)
    assert statuses(say(sandbox, data)) == [413]


def test_pipelined_calls_are_answered_in_order(sandbox):
    one = post(trigger_body(sandbox), closing=False)
    two = post(trigger_body(sandbox, {"email": "", "event_tag": "x"}))
    answers = say(sandbox, one + two)
    assert statuses(answers) == [200, 200]
    assert answers.index(b"Added into") < answers.index(b"Missing email")


@pytest.mark.parametrize("rubbish", [b"\x00" * 5000, b"GARBAGE\r\n\r\n", b"0\r\n\r\n"], ids=["zeros", "words", "chunk"])
def test_what_follows_a_call_does_not_spoil_it(sandbox, rubbish):
    answers = say(sandbox, post(trigger_body(sandbox), closing=False) + rubbish)
    assert statuses(answers) == [200, 400]
    assert len(sandbox.events) == 1


def test_a_smuggled_request_is_never_seen(sandbox):
    inner = post(trigger_body(sandbox, {"email": "evil@example.com", "event_tag": "x"}))
    for headers in (
        ("Transfer-Encoding: chunked", f"Content-Length: {len(inner)}"),
        (f"Content-Length: {len(inner)}", "Content-Length: 0"),
        ("Transfer-Encoding: xchunked", f"Content-Length: {len(inner)}"),
        ("Transfer-Encoding : chunked", f"Content-Length: {len(inner)}"),
    ):
        assert statuses(say(sandbox, post(b"0\r\n\r\n" + inner, *headers, length=False))) in ([400], [501])
    assert sandbox.calls == []


def test_an_empty_line_before_a_request_is_ignored(sandbox):
    one = post(trigger_body(sandbox), closing=False)
    assert statuses(say(sandbox, one + b"\r\n" + post(trigger_body(sandbox)))) == [200, 200]


def test_http_1_0_is_answered_and_closed(sandbox):
    body = trigger_body(sandbox)
    answer = say(sandbox, b"POST /rpc.fcgi HTTP/1.0\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    assert statuses(answer) == [200]
    assert b"Connection: close" in answer


def test_the_target_may_be_a_whole_url(sandbox):
    assert statuses(call(sandbox, path="http://localhost/rpc.fcgi?x=1")) == [200]


def test_a_length_that_is_too_short_spoils_that_call_alone(sandbox):
    body = trigger_body(sandbox)
    length = f"Content-Length: {len(body) - len('/methodCall>')}"
    answers = say(sandbox, post(body, length, length=False, closing=False))
    assert statuses(answers) == [200, 400]
    assert b"parse error" in answers
    assert sandbox.events == []


def test_whoever_closes_in_the_middle_gets_no_answer(sandbox):
    body = trigger_body(sandbox)
    for data in (b"POST", post(b"", f"Content-Length: {len(body)}", length=False), post(body)[:-1]):
        assert say(sandbox, data, ended=True) == b""
    assert sandbox.calls == []


@pytest.mark.parametrize("start", [b"POST /rpc", post(b"", "Content-Length: 100", length=False)], ids=["head", "body"])
def test_a_slow_sender_is_cut_off(start, next_call_is_served):
    with Sandbox(bounds=Bounds(request_seconds=0.3)) as sandbox, connection(sandbox) as sock:
        sock.settimeout(0.05)
        sock.sendall(start)
        began, answer = time.monotonic(), b""
        while not answer and time.monotonic() - began < 5:
            sock.sendall(b" ")
            with contextlib.suppress(socket.timeout):
                answer = sock.recv(1000)
        assert statuses(answer) == [408]
        assert 0.2 < time.monotonic() - began < 2
        next_call_is_served(sandbox)


def test_an_idle_connection_is_closed_without_a_word():
    with Sandbox(bounds=Bounds(idle_seconds=0.2)) as sandbox:
        assert say(sandbox, b"") == b""
        assert statuses(say(sandbox, post(trigger_body(sandbox), closing=False))) == [200]


def test_a_refusal_reaches_whoever_is_still_sending():
    with Sandbox(bounds=Bounds(body_bytes=1000)) as sandbox:
        for data in (
            post(b"x" * (20 << 20)),
            post(chunked(*[b"x" * 65536] * 100), "Transfer-Encoding: chunked", length=False),
        ):
            answer = say(sandbox, data)
            assert statuses(answer) == [413]
            assert b"1,000 bytes" in body_of(answer)
