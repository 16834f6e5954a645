"""A connected socket whose every read and write keeps one deadline.

It has no buffer: bytes that are left over after an answer must not become the answer to the next call.
"""

from __future__ import annotations

import errno
import select
import socket
import time

from .deadline import Deadline
from .head import Head, HeadReader
from .request import Payload

__all__ = ["Stream"]

_CHUNK = 65536


class Stream:
    """`sock` under a deadline; set `deadline` before each use."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self.sock = sock
        self.deadline = deadline
        self._last_used = time.monotonic()

    def send(self, payload: Payload) -> None:
        """Send all of `payload`. `sendall` would begin the timeout anew with every record of TLS."""
        rest = memoryview(payload.data)
        while rest:
            self.sock.settimeout(self.deadline.remaining())
            rest = rest[self.sock.send(rest) :]

    def receive(self) -> bytes:
        """The next bytes, as many as are there; none at the end of the stream."""
        # Python itself bounds a wait that signals interrupt (PEP 475), as gevent and eventlet do.
        self.sock.settimeout(self.deadline.remaining())
        return self.sock.recv(_CHUNK)

    def receive_head(self) -> tuple[Head, bytes]:
        """The head of a response, and the bytes that came after it.

        Raises:
            OSError: the connection was lost.
            ResponseError: this is not an HTTP response.
        """
        reader = HeadReader()
        while data := self.receive():
            found = reader.feed(data)
            if found is not None:
                return found
        raise ConnectionResetError(errno.ECONNRESET, "the connection was closed")

    # The pool calls these.

    def reusable(self, age: float) -> bool:
        """Whether this idle connection can be used again: it was used less than `age` seconds ago, and has nothing to
        read. A connection that the server closed, or sent something on, is readable."""
        if time.monotonic() - self._last_used > age:
            return False
        return not _readable(self.sock)

    def mark_idle(self) -> None:
        """A call on this connection has ended well, now."""
        self._last_used = time.monotonic()

    def discard(self) -> None:
        """Close the connection for good."""
        self.sock.close()


def _readable(sock: socket.socket) -> bool:
    # select.select cannot watch a descriptor above 1023, but Windows has nothing else.
    if not hasattr(select, "poll"):
        return bool(select.select([sock], [], [], 0)[0])
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))
