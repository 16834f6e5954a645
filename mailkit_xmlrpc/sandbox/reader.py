"""Reading HTTP/1.1 requests from one connection, every step of it bounded.

A request either reads exactly or is a `BadRequestError`, after which the connection is not used again: whoever
disagrees with us about where a request ends must not get to say what the next one is (request smuggling). The
body is handed on in pieces and never held. References are to RFC 9112 (HTTP/1.1).
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass

from .bounds import Bounds

__all__ = ["BadRequestError", "GoneError", "Reader", "Request"]

_PIECE = 65536
# One line of chunked framing: a size, and extensions that nobody uses.
_CHUNK_LINE = 1024

_REQUEST_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([\x21-\x7e]+) (HTTP/[0-9]\.[0-9])")
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,16}")
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)


class BadRequestError(Exception):
    """A request that gets an HTTP error, after which its connection is closed."""

    def __init__(self, status: int, text: str, *headers: tuple[str, str]) -> None:
        super().__init__(text)
        self.status = status
        self.headers = headers


class GoneError(Exception):
    """The other side closed the connection."""


@dataclass(frozen=True)
class Request:
    """A request whose headers have been read.

    Attributes:
        verb: GET, POST ...
        path: what was asked for, without its query.
        length: the bytes of its body; None for a chunked one. 0 where no header speaks of a body.
        framed: whether a header speaks of a body.
        keeps_connection: whether another request may follow.
        awaits_continue: the sender waits for a word before it sends the body.
        coding: how the body is packed, "" for not at all.
        charset: the charset of the Content-Type.
    """

    verb: str
    path: str
    length: int | None
    framed: bool
    keeps_connection: bool
    awaits_continue: bool
    coding: str
    charset: str | None


class Reader:
    """Reads requests, one after the other: `wait`, `head`, then `body` to its end."""

    def __init__(self, sock: socket.socket, bounds: Bounds) -> None:
        self._sock = sock
        self._bounds = bounds
        self._buffer = bytearray()
        self._end = 0.0

    def wait(self) -> bool:
        """Wait for a request's first byte; False if there is none in time."""
        self._end = time.monotonic() + self._bounds.idle_seconds
        try:
            while not self._buffer:
                self._fill()
        except (BadRequestError, GoneError):
            return False
        self._end = time.monotonic() + self._bounds.request_seconds
        return True

    def head(self) -> Request:
        """Read the request line and the headers. Raises BadRequestError or GoneError."""
        if not self._buffer[:1].isalpha() and self._buffer[:1] != b"\r":
            raise BadRequestError(400, "this is no HTTP request; the sandbox speaks plain http, not https")
        # Section 2.2: an empty line in front is ignored; some clients end a body with one.
        line = self._line(self._bounds.line_bytes, 414) or self._line(self._bounds.line_bytes, 414)
        match = _REQUEST_LINE.fullmatch(line)
        if not match:
            raise BadRequestError(400, "the request line does not read")
        verb, target, version = (part.decode("ascii") for part in match.groups())
        if not version.startswith("HTTP/1."):
            raise BadRequestError(505, "HTTP/1.1 is spoken here")
        return _request(verb, target, version, self._fields(), self._bounds.body_bytes)

    def body(self, request: Request) -> Iterator[bytes]:
        """The request's body in pieces. Raises BadRequestError or GoneError."""
        if request.awaits_continue:
            self._invite()
        if request.length is not None:
            yield from self._exactly(request.length)
            return
        held = bytearray()
        for piece in self._chunks():  # of one byte each, if somebody wants to be unkind
            held += piece
            if len(held) >= _PIECE:
                yield bytes(held)
                held.clear()
        yield bytes(held)

    def drain(self, seconds: float) -> None:
        """Read and forget, until the other side closes or time is up: closing a connection with unread data
        resets it, and takes the answer away from whoever is still sending."""
        self._end = time.monotonic() + seconds
        try:
            while True:
                self._buffer.clear()
                self._fill()
        except (BadRequestError, GoneError):
            pass

    def _invite(self) -> None:
        try:
            self._sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        except OSError:
            raise GoneError from None

    def _fill(self) -> None:
        left = self._end - time.monotonic()
        try:
            if left <= 0:
                raise socket.timeout
            self._sock.settimeout(left)
            piece = self._sock.recv(_PIECE)
        except socket.timeout:  # TimeoutError since Python 3.10, and no such thing before
            raise BadRequestError(408, "the request took too long") from None
        except OSError:
            raise GoneError from None
        if not piece:
            raise GoneError
        self._buffer += piece

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def _line(self, limit: int, status: int) -> bytes:
        """One line without its end; `status` is the answer to one of more than `limit` bytes."""
        while (end := self._buffer.find(b"\n")) < 0 and len(self._buffer) <= limit:
            self._fill()
        if end < 0 or end > limit:
            raise BadRequestError(status, "a line of the request, or all its headers together, are too long")
        line = self._take(end + 1)
        # Section 2.2 tolerates a bare LF and forbids a bare CR; tolerating either is how smuggling begins.
        if not line.endswith(b"\r\n") or b"\r" in line[:-2]:
            raise BadRequestError(400, "lines end with CR and LF, and hold neither")
        return line[:-2]

    def _fields(self) -> dict[str, list[str]]:
        fields: dict[str, list[str]] = {}
        room, count = self._bounds.header_bytes, 0
        while line := self._line(room, 431):
            room, count = room - len(line) - 2, count + 1
            if room < 0 or count > self._bounds.headers:
                raise BadRequestError(431, f"more than {self._bounds.headers} headers")
            name, colon, value = line.partition(b":")
            value = value.strip(b" \t")
            # A line that begins with white space continues the one before (section 5.2), in no living client.
            if not colon or not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
                raise BadRequestError(400, "a header does not read")
            fields.setdefault(name.decode("ascii").lower(), []).append(value.decode("latin-1"))
        return fields

    def _exactly(self, count: int) -> Iterator[bytes]:
        while count:
            if not self._buffer:
                self._fill()
            piece = self._take(min(count, _PIECE))
            count -= len(piece)
            yield piece

    def _chunks(self) -> Iterator[bytes]:
        """Section 7.1: each chunk's size in hexadecimal, its bytes, and after the last one trailers."""
        total = 0
        while size := self._chunk_size():
            total += size
            if total > self._bounds.body_bytes:
                raise _too_large(self._bounds.body_bytes)
            yield from self._exactly(size)
            if self._line(_CHUNK_LINE, 400):
                raise BadRequestError(400, "a chunk is longer than it said")
        self._fields()

    def _chunk_size(self) -> int:
        size = self._line(_CHUNK_LINE, 400).partition(b";")[0].rstrip(b" \t")
        if not _CHUNK_SIZE.fullmatch(size):
            raise BadRequestError(400, "a chunk's size does not read")
        return int(size, 16)


def _request(verb: str, target: str, version: str, fields: dict[str, list[str]], max_body: int) -> Request:
    modern = version != "HTTP/1.0"
    if modern and len(fields.get("host", ())) != 1:
        raise BadRequestError(400, "one Host header is needed")
    expects = [value.lower() for value in fields.get("expect", ())] if modern else []
    if expects not in ([], ["100-continue"]):
        raise BadRequestError(417, "nothing but 100-continue can be expected")
    options = {option.strip().lower() for value in fields.get("connection", ()) for option in value.split(",")}
    charset = _CHARSET.search(", ".join(fields.get("content-type", ())))
    coding = ", ".join(fields.get("content-encoding", ())).lower()
    length = _length(fields, modern, max_body)
    return Request(
        verb=verb,
        path=re.sub(r"^http://[^/?#]*", "", target, flags=re.IGNORECASE).partition("?")[0],
        length=length,
        framed="content-length" in fields or length is None,
        keeps_connection=modern and "close" not in options,
        awaits_continue=bool(expects),
        coding="" if coding == "identity" else coding,
        charset=charset[1] if charset else None,
    )


def _length(fields: dict[str, list[str]], modern: bool, max_body: int) -> int | None:
    """The body's length (section 6.3), None for chunked; whatever can be read in two ways is refused."""
    lengths, codings = fields.get("content-length", []), fields.get("transfer-encoding", [])
    if (lengths and codings) or len(lengths) > 1 or (codings and not modern):
        raise BadRequestError(400, "it is not clear how long the body is")
    if codings:
        if codings[0].lower() != "chunked" or len(codings) > 1:
            raise BadRequestError(501, "the only Transfer-Encoding known here is chunked")
        return None
    digits = lengths[0] if lengths else "0"
    if not re.fullmatch(r"[0-9]+", digits):
        raise BadRequestError(400, "Content-Length must be digits")
    if len(digits) > 19 or int(digits) > max_body:
        raise _too_large(max_body)
    return int(digits)


def _too_large(limit: int) -> BadRequestError:
    return BadRequestError(413, f"the body is larger than {limit:,} bytes")
