"""A fast server that answers every call with the same bytes.

It runs as a separate process, so that its work does not count as the client's, and prints its port. Its headers are
those that nginx sends.
"""

from __future__ import annotations

import selectors
import socket
import sys
from email.utils import formatdate


def main() -> None:
    body = sys.stdin.buffer.read()
    lines = (
        "HTTP/1.1 200 OK",
        "Server: fixed",
        f"Date: {formatdate(usegmt=True)}",
        "Content-Type: text/xml",
        f"Content-Length: {len(body)}",
        "Connection: keep-alive",
    )
    answer = ("\r\n".join(lines) + "\r\n\r\n").encode() + body
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(listener.getsockname()[1], flush=True)
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is listener:
                    connection, _ = listener.accept()
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    selector.register(connection, selectors.EVENT_READ, bytearray())
                else:
                    _serve(selector, key, answer)


def _serve(selector: selectors.BaseSelector, key: selectors.SelectorKey, answer: bytes) -> None:
    connection, received = key.fileobj, key.data
    assert isinstance(connection, socket.socket)
    piece = connection.recv(65536)
    if not piece:
        selector.unregister(connection)
        connection.close()
        return
    received += piece
    if b"</methodCall>" in received:
        received.clear()
        connection.sendall(answer)


main()
