"""`ordinary_response`: what the quick reader takes, and what it leaves to http.client.

That both read the same is a property of tests/properties/test_http_bytes.py.
"""

from __future__ import annotations

import socket
import time

import pytest

from mailkit_xmlrpc.transport.deadline import Deadline
from mailkit_xmlrpc.transport.ordinary import ordinary_response
from mailkit_xmlrpc.transport.stream import Stream

from ..servers import Peer, answer, failure, serving, then


@pytest.fixture
def read():
    """Read `data` from a connection that stays open, or that ends after them."""
    socks = []

    def reader(data, *, ends=False):
        ours, theirs = socket.socketpair()
        socks.extend([ours, theirs])
        theirs.sendall(data)
        if ends:
            theirs.shutdown(socket.SHUT_WR)
        stream = Stream(ours, Deadline(5))
        return ordinary_response(stream), stream

    yield reader
    for sock in socks:
        sock.close()


class TestIsOrdinary:
    @pytest.mark.parametrize(
        "head",
        [
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
            b"HTTP/1.1 200\r\ncontent-length:5\r\n\r\n",
            b"HTTP/1.1 200 \r\nCONTENT-LENGTH: \t 5 \t\r\n\r\n",
            b"HTTP/1.1 200 d\xe9j\xe0 vu\r\nContent-Length: 00005\r\nX: \xff\r\nY:\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: now\r\nContent-Type: text/xml\r\nContent-Length: 5\r\n\r\n",
        ],
    )
    def test_a_200_with_plain_headers_and_a_length(self, read, head):
        response, stream = read(head + b"helloand more")
        assert response is not None
        assert (response.status, response.length, response.will_close) == (200, 5, False)
        assert not response.isclosed()
        assert [response.read(3), response.read(100), response.read(100)] == [b"hel", b"lo", b""]
        assert response.isclosed()
        assert not stream.empty, "what follows is left, and seen"

    @pytest.mark.parametrize("value", ["close", "Close", "keep-alive, close"])
    def test_also_if_the_server_closes_afterwards(self, read, value):
        response, _ = read(f"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: {value}\r\n\r\n".encode())
        assert response.will_close
        assert response.isclosed()

    def test_its_headers_are_found_by_lower_case_names(self, read):
        response, _ = read(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Y:  a b \r\n\r\n")
        assert response.headers["x-y"] == "a b"
        assert ("x-y", "a b") in response.getheaders()

    def test_a_body_that_ends_too_early_is_seen(self, read):
        response, _ = read(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", ends=True)
        assert response.read(100) == b"hel"
        assert response.length == 2
        assert not response.isclosed()


class TestIsNot:
    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"HTTP/1.1 200 OK\r\n",
            b"HTTP/1.1 200 OK\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nX: y\r\n\r\n",
            b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            b"HTTP/1.1 201 OK\r\nContent-Length: 5\r\n\r\nhello",
            b"HTTP/1.1 500 no\r\nContent-Length: 5\r\n\r\nhello",
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            b"HTTP/1.1 2000 OK\r\nContent-Length: 5\r\n\r\nhello",
            b"http/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nhello",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: a\r\nx: b\r\n\r\nhello",
            b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
            b"HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
            b"HTTP/1.1 200 OK\r\nContent-Length: \xb2\r\n\r\nhello",
            b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999\r\n\r\nhello",
            b"HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n folded\r\n\r\nhello",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\nX: y\r\n\r\nhello",
            b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: a\0b\r\n\r\nhello",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: a\rb\r\n\r\nhello",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nno colon\r\n\r\nhello",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n: no name\r\n\r\nhello",
            b"SSH-2.0-OpenSSH\r\n\r\n",
        ],
        ids=lambda data: ascii(data[:60])[2:-1],
    )
    def test_anything_else_and_then_nothing_is_taken(self, read, data):
        response, stream = read(data, ends=True)
        assert response is None
        assert stream.read(100_000) == data


class TestDoesNotWaitForWhatCannotCome:
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
        """What can be told from the first line is told, not waited for until the deadline."""
        with serving(then(data, end=Peer.wait), timeout=2) as (_, client):
            started = time.monotonic()
            if b" 200 " in data:
                client.call("m")
            else:
                failure(client.call, "m")
            assert time.monotonic() - started < 1
