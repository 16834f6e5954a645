"""A fast server that answers every call with the same bytes: ``python -m tests.benchmarks.server [SECONDS]``.

It runs as a separate process, so that its work does not count as the client's, and prints its port. Its headers are
those that nginx sends. With SECONDS, each answer comes so much later.
"""

from __future__ import annotations

import selectors
import socket
import sys
import time
from collections import deque
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
    delay = float(sys.argv[1]) if len(sys.argv) > 1 else 0.0
    late: deque[tuple[float, socket.socket]] = deque()
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    print(listener.getsockname()[1], flush=True)
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        while True:
            while late and late[0][0] <= time.monotonic():
                late.popleft()[1].sendall(answer)
            for key, _ in selector.select(max(0.0, late[0][0] - time.monotonic()) if late else None):
                if key.fileobj is listener:
                    connection, _ = listener.accept()
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    selector.register(connection, selectors.EVENT_READ, bytearray())
                elif (connection := _called(selector, key)) is not None:
                    if delay:
                        late.append((time.monotonic() + delay, connection))
                    else:
                        connection.sendall(answer)


def _called(selector: selectors.BaseSelector, key: selectors.SelectorKey) -> socket.socket | None:
    """The connection, if a whole call has come on it."""
    connection, received = key.fileobj, key.data
    assert isinstance(connection, socket.socket)
    piece = connection.recv(65536)
    if not piece:
        selector.unregister(connection)
        connection.close()
        return None
    received += piece
    if b"</methodCall>" not in received:
        return None
    received.clear()
    return connection


main()
