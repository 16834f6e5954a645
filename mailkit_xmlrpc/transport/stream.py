"""A connected socket whose every read and write keeps one deadline.

It is also the file that `http.client.HTTPResponse` reads from. It has a buffer of its own, because bytes that are left
in it after an answer must not become the answer to the next call.
"""

from __future__ import annotations

import errno
import io
import math
import re
import select
import socket
import ssl
import struct
import sys
import time
from http.client import IncompleteRead

from .deadline import Deadline
from .request import Payload

__all__ = ["Stream"]

_CHUNK = 65536
# Seconds within which most answers begin to arrive.
_LINGER = 0.02
# Some servers end their lines with LF alone.
_EMPTY_LINE = re.compile(rb"\n\r?\n")


class Stream(io.BufferedIOBase):
    """`sock` with a buffer; set `deadline` before each use."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        super().__init__()
        self.sock = sock
        self._lingers = _linger(sock)
        # Otherwise the socket never blocks: every wait goes through `_wait`.
        self._flags = socket.MSG_DONTWAIT if self._lingers else 0
        self._ready = _Watch(sock)
        self.deadline = deadline
        # Nearly always one chunk that is read to its end.
        self._buffer = b""
        self._asked = False
        self._last_used = time.monotonic()

    def send(self, payload: Payload) -> None:
        """Send all of `payload`. `sendall` would begin the timeout anew with every record of TLS."""
        self._asked = True
        rest = memoryview(payload.data)
        while rest:
            self.deadline.remaining()  # also where the other side keeps up: the deadline bounds every loop
            try:
                sent = self.sock.send(rest, self._flags)
            except (BlockingIOError, ssl.SSLWantWriteError):
                self._wait(writing=True)
            except ssl.SSLWantReadError:
                self._wait()
            else:
                rest = rest[sent:]

    def _fill(self) -> bool:
        """Wait for more bytes; False at the end of the stream."""
        flags = self._flags
        if not self._asked:
            self.deadline.remaining()  # also where more is always there to be read
        elif self._lingers and self.deadline.allows(_LINGER):
            flags = 0
        elif not (isinstance(self.sock, ssl.SSLSocket) and self.sock.pending()):
            self._wait()  # the answer cannot be there yet, so a first try to read would be a wasted system call
        self._asked = False
        while True:
            try:
                chunk = self.sock.recv(_CHUNK, flags)
            except (BlockingIOError, ssl.SSLWantReadError):
                self._wait()
                flags = self._flags
            except ssl.SSLWantWriteError:
                self._wait(writing=True)
            else:
                self._buffer += chunk
                return bool(chunk)

    def _wait(self, writing: bool = False) -> None:
        if not self._ready(writing, self.deadline.remaining()):
            raise TimeoutError(errno.ETIMEDOUT, "timed out")

    def peek_head(self, beginning: bytes, most: int) -> bytes:
        """The lines up to the first empty one, which stay in the buffer; something else if they do not start with
        `beginning`, if the stream ends, or if no empty line comes within `most` bytes."""
        while True:
            if not beginning.startswith(self._buffer[: len(beginning)]):
                return b""
            if found := _EMPTY_LINE.search(self._buffer):
                return self._buffer[: found.end()]
            if len(self._buffer) > most or not self._fill():
                return self._buffer

    def skip(self, count: int) -> None:
        """Take `count` bytes that were peeked at."""
        self._buffer = self._buffer[count:]

    def _take(self, count: int) -> bytes:
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken

    # http.client.HTTPResponse calls these.

    def makefile(self, mode: str) -> Stream:
        """This stream is its own file."""
        return self

    def close(self) -> None:
        """Do nothing: an HTTPResponse closes its file when it has read its body, and the connection stays open."""

    def readline(self, limit: int | None = -1) -> bytes:
        """One line, cut at `limit` bytes."""
        most = limit if limit is not None and limit >= 0 else None
        while True:
            end = self._buffer.find(b"\n") + 1
            if end or (most is not None and len(self._buffer) >= most) or not self._fill():
                return self._take(min(end or len(self._buffer), most if most is not None else len(self._buffer)))

    def read(self, count: int | None = -1) -> bytes:
        """Exactly `count` bytes, or fewer at the end of the stream."""
        if count is None or count < 0:
            # Only http.client asks for this, for a chunk whose size is negative.
            raise IncompleteRead(b"")
        while len(self._buffer) < count and self._fill():
            pass
        return self._take(count)

    def read1(self, count: int = -1) -> bytes:
        """At most `count` bytes, as many as are there; none at the end of the stream."""
        if not self._buffer:
            self._fill()
        return self._take(count)

    def readinto(self, target: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill `target`, or less of it at the end of the stream."""
        data = self.read(len(target))
        target[: len(data)] = data
        return len(data)

    @property
    def empty(self) -> bool:
        """Whether everything that came has been read."""
        return not self._buffer

    # The pool calls these.

    def reusable(self, age: float) -> bool:
        """Whether this idle connection can be used again: it has no unread bytes and was used less than `age` seconds
        ago. A connection that the server closed, or sent something on, is readable."""
        if not self.empty or time.monotonic() - self._last_used > age:
            return False
        return not self._ready(writing=False, seconds=0)

    def mark_idle(self) -> None:
        """A call on this connection has ended well, now."""
        self._last_used = time.monotonic()

    def discard(self) -> None:
        """Close the connection for good."""
        self.sock.close()


def _linger(sock: socket.socket) -> bool:
    """Make reads wait for `_LINGER` seconds in the kernel, where that is possible; returns whether it is. For most
    answers one system call then does the work of two, which saves 8 % of the CPU time of a call over loopback."""
    possible = sys.platform == "linux" and struct.calcsize("l") == 8 and not isinstance(sock, ssl.SSLSocket)
    sock.setblocking(possible)
    if possible:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 0, int(_LINGER * 1e6)))
    return possible


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
