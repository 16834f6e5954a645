"""Where the body of an HTTP response ends: after so many bytes, after the last chunk, or with the connection.

RFC 9112, sections 6.3 and 7.1. A server and a client that disagree about the end of an answer take the rest of one
answer for the next one, so whatever these sections do not allow is an error. Nothing here reads from a socket.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..errors import ResponseError
from ..headers import FIELD_NAME

__all__ = ["END", "Chunked", "Framing", "Length", "UntilClose"]

_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[\t ]*(?:;[\t\x20-\x7e\x80-\xff]*)?\r\n")
_BEGINNING_OF_SIZE = re.compile(rb"[0-9A-Fa-f]{0,15}[\t ]*(?:;[\t\x20-\x7e\x80-\xff]*)?\r?")
_TRAILER = re.compile(rb"(?:%s:[\t\x20-\x7e\x80-\xff]*\r\n)*\r\n" % FIELD_NAME.encode())
# The end of a head or a trailer. Some servers end the lines of a head with LF alone.
END = re.compile(rb"\n\r?\n")
# Bytes of a line with a size, and of a trailer. They are looked at again whenever more of them come, so their number
# bounds the work that a server can cause by sending them one by one.
_MOST_IN_LINE = 4096
_MOST_IN_TRAILER = 16384


class Framing:
    """Takes the bytes after a head as they come.

    Attributes:
        length: the bytes of the body, where the head says it.
        complete: whether the body has ended.
        excess: bytes that came after the body.
        ends_with_connection: whether the end of the connection is the end of the body.
    """

    length: int = 0
    complete: bool = False
    excess: bytes = b""
    ends_with_connection: bool = False

    def _end(self, excess: bytes) -> None:
        self.complete, self.excess = True, excess

    def feed(self, data: bytes) -> Iterable[bytes]:
        """What of `data` belongs to the body. Raises ResponseError, after that, if the framing is damaged."""
        raise NotImplementedError


class Length(Framing):
    """A body of `length` bytes."""

    def __init__(self, length: int) -> None:
        self.length = self._left = length
        if length == 0:
            self._end(b"")

    def feed(self, data: bytes) -> Iterable[bytes]:
        """See `Framing.feed`."""
        body, excess = data[: self._left], data[self._left :]
        self._left -= len(body)
        if self._left == 0:
            self._end(excess)
        return (body,)


class UntilClose(Framing):
    """A body that ends with the connection."""

    ends_with_connection: bool = True

    def feed(self, data: bytes) -> Iterable[bytes]:
        """See `Framing.feed`."""
        return (data,)


class Chunked(Framing):
    """A body in chunks, each with its size in front, and a trailer after the last one."""

    def __init__(self) -> None:
        self._unread = b""
        self._left = 0  # bytes that this chunk still lacks
        self._in_chunk = False
        self._in_trailer = False

    def feed(self, data: bytes) -> Iterable[bytes]:
        """See `Framing.feed`."""
        pieces: list[bytes] = []
        failure = None
        try:
            self._read(self._unread + data, pieces)
        except ResponseError as error:
            failure = error
        yield b"".join(pieces)
        if failure is not None:
            raise failure

    def _read(self, data: bytes, pieces: list[bytes]) -> None:
        pos, advanced = 0, True
        while advanced and not self._in_trailer:
            start = pos
            if self._left:
                piece = data[pos : pos + self._left]
                pieces.append(piece)
                self._left -= len(piece)
                pos += len(piece)
            elif self._in_chunk:
                pos = self._after_end(data, pos)
            else:
                pos = self._after_size(data, pos)
            advanced = pos > start
        self._unread = data[pos:]
        if self._in_trailer:
            self._read_trailer()

    def _after_end(self, data: bytes, pos: int) -> int:
        """The position after the line break that ends a chunk, or `pos` if it has not come yet."""
        end = data[pos : pos + 2]
        if not b"\r\n".startswith(end):
            raise ResponseError("the answer has a chunk that is longer than its size")
        if len(end) < 2:
            return pos
        self._in_chunk = False
        return pos + 2

    def _after_size(self, data: bytes, pos: int) -> int:
        """The position after the line with the size of a chunk, or `pos` if it has not come yet."""
        match = _SIZE.match(data, pos)
        if match is None:
            if len(data) - pos > _MOST_IN_LINE or not _BEGINNING_OF_SIZE.fullmatch(data, pos):
                raise ResponseError("the answer has a chunk whose size cannot be read")
            return pos
        self._left = int(match[1], 16)
        self._in_chunk = self._left > 0
        self._in_trailer = self._left == 0
        return match.end()

    def _read_trailer(self) -> None:
        """The lines up to an empty one. They are headers, without a meaning for XML-RPC."""
        trailer = _TRAILER.match(self._unread)
        if trailer is not None:
            self._end(self._unread[trailer.end() :])
        elif len(self._unread) > _MOST_IN_TRAILER or END.search(b"\r\n" + self._unread):
            raise ResponseError("the answer has a trailer that cannot be read")
