"""A connected socket whose every read and write obeys one deadline.

It is also the file that `http.client.HTTPResponse` reads from. It buffers for itself because what is left in
the buffer after an answer matters: bytes that nobody asked for must not become the answer to the next call.
"""

from __future__ import annotations

import io
import select
import socket
import time
from http.client import IncompleteRead

from .deadline import Deadline

__all__ = ["Stream"]

_PIECE = 65536


class Stream(io.BufferedIOBase):
    """`sock` with a buffer; set `deadline` before each use."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        super().__init__()
        self.sock = sock
        self.deadline = deadline
        self._buffer = bytearray()
        self._last_used = time.monotonic()

    def send(self, data: bytes) -> None:
        """Send all of `data`. Not `sendall`: on TLS it begins the timeout anew with every record."""
        view = memoryview(data)
        while view:
            self.sock.settimeout(self.deadline.remaining())
            view = view[self.sock.send(view) :]

    def _fill(self) -> bool:
        """Wait for more bytes; False at the end of the stream."""
        self.sock.settimeout(self.deadline.remaining())
        piece = self.sock.recv(_PIECE)
        self._buffer += piece
        return bool(piece)

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    # What http.client.HTTPResponse calls.

    def makefile(self, mode: str) -> Stream:
        """This stream is its own file."""
        return self

    def close(self) -> None:
        """An HTTPResponse closes its file when it has read its body; the connection lives on."""

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
            # http.client reads a chunk of negative size as it reads any other; nobody else asks for this.
            raise IncompleteRead(b"")
        while len(self._buffer) < count and self._fill():
            pass
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

    # What the pool calls.

    def reusable(self, age: float) -> bool:
        """Whether this idle connection may be used again: nothing arrived on it, nothing is left over, younger
        than `age` seconds. A server that closed makes it readable; so does one that says something unasked."""
        if not self.empty or time.monotonic() - self._last_used > age:
            return False
        return not _readable(self.sock)

    def settle(self) -> None:
        """Note that a call on this connection has ended well."""
        self._last_used = time.monotonic()

    def discard(self) -> None:
        """Close the connection for good."""
        self.sock.close()


def _readable(sock: socket.socket) -> bool:
    if hasattr(select, "poll"):
        poll = select.poll()  # select.select cannot watch a descriptor above 1023
        poll.register(sock, select.POLLIN)
        return bool(poll.poll(0))
    return bool(select.select([sock], [], [], 0)[0])
