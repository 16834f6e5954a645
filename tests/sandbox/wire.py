"""A client that sends any bytes to a sandbox and returns the answer."""

from __future__ import annotations

import contextlib
import re
import socket
import urllib.parse
from collections.abc import Iterator
from typing import Any

from mailkit_xmlrpc.codec import encode_request

__all__ = ["PATIENCE", "answers_on", "body_of", "connection", "post", "say", "statuses", "trigger_body"]

PATIENCE = 10.0


@contextlib.contextmanager
def connection(sandbox: Any) -> Iterator[socket.socket]:
    port = urllib.parse.urlsplit(sandbox.url).port
    assert port is not None
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as sock:
        yield sock


def answers_on(sock: socket.socket) -> bytes:
    """Everything that arrives until the sandbox closes the connection."""
    answer = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := sock.recv(65536):
            answer += piece
    return answer


def say(sandbox: Any, data: bytes, *, ended: bool = False) -> bytes:
    """Send `data`, and return everything that arrives until the sandbox closes the connection."""
    with connection(sandbox) as sock:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            sock.sendall(data)
            if ended:
                sock.shutdown(socket.SHUT_WR)
        return answers_on(sock)


def post(body: bytes, *headers: str, length: bool = True, path: str = "/rpc.fcgi", closing: bool = True) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", *headers]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    if closing:
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def trigger_body(sandbox: Any, struct: Any = None) -> bytes:
    struct = {"email": "jane@example.com", "event_tag": "order_paid"} if struct is None else struct
    return encode_request("mailkit.journeys.trigger", (sandbox.client_id, sandbox.client_md5, struct), allow_none=True)


def statuses(answers: bytes) -> list[int]:
    """The status of each answer."""
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answers)]


def body_of(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]
