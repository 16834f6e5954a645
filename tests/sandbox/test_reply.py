"""HTTP answers, and the ways in which one can be spoilt."""

from __future__ import annotations

import threading
import time

from mailkit_xmlrpc.sandbox.reply import Reply, plain


class Socket:
    """Notes what is sent."""

    def __init__(self):
        self.sent = []

    def settimeout(self, seconds):
        pass

    def sendall(self, data):
        self.sent.append(bytes(data))


def sent(reply, verb="POST", *, stopping=False):
    sock, event = Socket(), threading.Event()
    if stopping:
        event.set()
    stays = reply.send(sock, verb, event)
    return sock.sent, stays


def test_an_answer_leaves_in_one_write():
    pieces, stays = sent(Reply(body=b"<x/>"))
    assert pieces == [b"HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: 4\r\n\r\n<x/>"]
    assert stays


def test_a_closing_answer_says_so():
    (data,), stays = sent(plain(404, "no", ("X-Y", "z"), closes=True))
    assert data.endswith(b"X-Y: z\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno\n")
    assert not stays


def test_a_server_that_stops_closes():
    (data,), stays = sent(Reply(delay=60, pause=60), stopping=True)
    assert b"Connection: close" in data
    assert not stays


def test_head_has_the_length_and_no_body():
    (data,), _ = sent(plain(405, "no"), "HEAD")
    assert b"Content-Length: 3\r\n" in data
    assert data.endswith(b"\r\n\r\n")


def test_some_statuses_have_no_body():
    for status in (101, 204, 304):
        assert b"Content-Length" not in Reply(status, body=b"x").wire()


def test_reasons():
    assert Reply(599).wire().startswith(b"HTTP/1.1 599 Unknown\r\n")
    assert Reply(503, "Gone fishing").wire().startswith(b"HTTP/1.1 503 Gone fishing\r\n")


def test_delay_and_pause():
    began = time.monotonic()
    pieces, _ = sent(Reply(headers=(), delay=0.1, pause=0.001))
    assert time.monotonic() - began > 0.1
    assert pieces[:3] == [b"H", b"T", b"T"]
    assert b"".join(pieces) == Reply(headers=()).wire()


def test_a_dropped_answer_is_not_sent():
    assert sent(Reply(dropped=True)) == ([], False)


def test_what_is_claimed_and_what_is_sent():
    (data,), _ = sent(Reply(headers=(), body=b"12345", sent=2, length=9))
    assert data.endswith(b"Content-Length: 9\r\n\r\n12")
