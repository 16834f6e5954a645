"""A connected socket whose every read and write keeps one deadline.

It has no buffer: bytes that are left over after an answer must not become the answer to the next call.
"""

from __future__ import annotations

import errno
import math
import select
import socket
import ssl
import time

from .deadline import Deadline
from .head import Head, HeadReader
from .request import Payload

__all__ = ["Stream"]

_CHUNK = 65536


class Stream:
    """`sock` under a deadline; set `deadline` before each use."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        # The socket never blocks: every wait goes through `_wait`. The timeouts and flags of a socket begin anew with
        # every signal that interrupts it, and the sockets of gevent and eventlet do not know them.
        sock.setblocking(False)
        self.sock = sock
        self._ready = _Watch(sock)
        self.deadline = deadline
        self._asked = False
        self._last_used = time.monotonic()

    def send(self, payload: Payload) -> None:
        """Send all of `payload`. `sendall` would begin the timeout anew with every record of TLS."""
        self._asked = True
        rest = memoryview(payload.data)
        while rest:
            self.deadline.remaining()  # also where the other side keeps up: the deadline bounds every loop
            try:
                sent = self.sock.send(rest)
            except (BlockingIOError, ssl.SSLWantWriteError):
                self._wait(writing=True)
            except ssl.SSLWantReadError:
                self._wait()
            else:
                rest = rest[sent:]

    def receive(self) -> bytes:
        """The next bytes, as many as are there; none at the end of the stream."""
        if self._asked and not (isinstance(self.sock, ssl.SSLSocket) and self.sock.pending()):
            self._wait()  # the answer cannot be there yet, so a first try to read would be a wasted system call
        else:
            self.deadline.remaining()  # also where more is always there to be read
        self._asked = False
        while True:
            try:
                return self.sock.recv(_CHUNK)
            except (BlockingIOError, ssl.SSLWantReadError):
                self._wait()
            except ssl.SSLWantWriteError:
                self._wait(writing=True)

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

    def _wait(self, writing: bool = False) -> None:
        if not self._ready(writing, self.deadline.remaining()):
            raise TimeoutError(errno.ETIMEDOUT, "timed out")

    # The pool calls these.

    def reusable(self, age: float) -> bool:
        """Whether this idle connection can be used again: it was used less than `age` seconds ago, and has nothing to
        read. A connection that the server closed, or sent something on, is readable."""
        if time.monotonic() - self._last_used > age:
            return False
        return not self._ready(writing=False, seconds=0)

    def mark_idle(self) -> None:
        """A call on this connection has ended well, now."""
        self._last_used = time.monotonic()

    def discard(self) -> None:
        """Close the connection for good."""
        self.sock.close()


class _Watch:
    """Tells whether a socket can be read from (or written to) within so many seconds."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        # select.select cannot watch a descriptor above 1023, but Windows has nothing else.
        self._poll = select.poll() if hasattr(select, "poll") else None
        if self._poll is not None:
            self._poll.register(sock, select.POLLIN)
        self._writing = False

    def __call__(self, writing: bool, seconds: float | None) -> bool:
        if self._poll is None:
            sets = ([], [self._sock]) if writing else ([self._sock], [])
            return any(select.select(*sets, [], seconds))
        if writing != self._writing:
            self._poll.modify(self._sock, select.POLLOUT if writing else select.POLLIN)
            self._writing = writing
        return bool(self._poll.poll(None if seconds is None else math.ceil(seconds * 1000)))
