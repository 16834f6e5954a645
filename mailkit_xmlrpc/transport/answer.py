"""Reading one HTTP answer: status, headers, and the body straight into a decoder.

The body is never held as a whole: it is read in pieces, unpacked in pieces, and given to the decoder, which
counts it. Whatever `http.client` raises here comes after the request was sent, so it leaves the call in doubt.
"""

from __future__ import annotations

import email.utils
import http.client
import re
import time
import urllib.parse
import zlib
from collections.abc import Iterator

from ..codec import ResponseDecoder
from ..errors import FaultError, HTTPStatusError, ResponseError, TooLargeError
from ..redaction import is_token
from .ordinary import ordinary_response
from .stream import Stream

__all__ = ["Answer"]

_PIECE = 65536
# Of the body of an answer that is none, as much is read as a fault or an excerpt can need.
_STATUS_BODY = 65536
_EXCERPT = 200
_GZIP = 16 + zlib.MAX_WBITS
_HTTP_DATE = re.compile(r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT")
# Read by ourselves: the email package, which http.client parses headers with, raises for some of what can stand here.
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([A-Za-z0-9._-]+)""", re.IGNORECASE)


class Answer:
    """An answer whose headers have been read.

    Attributes:
        status: the HTTP status code.
        received: bytes of the body as they came, before unpacking.
    """

    def __init__(self, stream: Stream, url: str, max_bytes: int) -> None:
        self.received = 0
        self._stream = stream
        self._url = url
        self._max_bytes = max_bytes
        self._response = ordinary_response(stream) or _begin(stream)
        self.status = self._response.status

    @property
    def charset(self) -> str | None:
        """The charset of the Content-Type, for a document that does not name its own."""
        content_type = self._response.headers.get("content-type")
        match = _CHARSET.search(content_type) if content_type and ";" in content_type else None
        return match[1] if match else None

    @property
    def keeps_connection(self) -> bool:
        """Whether the body was read to its end and another request may follow."""
        return self._response.isclosed() and not self._response.will_close and self._stream.empty

    def feed(self, decoder: ResponseDecoder) -> None:
        """Read the whole body into `decoder`.

        Raises:
            ResponseError: it cannot be unpacked or decoded.
            http.client.IncompleteRead, OSError: the connection was lost.
        """
        for piece in self._unpacked():
            decoder.feed(piece)
            self._stream.deadline.remaining()  # a few packed bytes can mean a lot of work without any wait

    def error(self, decoder: ResponseDecoder) -> FaultError | HTTPStatusError:
        """The error that this status, not 200, stands for: a fault in the body, or the status itself."""
        body = self._beginning()
        if self.status >= 400 and self.status not in (429, 503):
            try:
                decoder.feed(body)
                decoder.close()
            except FaultError as fault:
                return fault
            except ResponseError:
                pass  # an error page, as most are
        return self._status_error(body)

    def _beginning(self) -> bytes:
        """The first bytes of the body, or what could be had of them: the status is known, whatever follows."""
        body = b""
        try:
            for piece in self._unpacked():
                body += piece
                if len(body) >= _STATUS_BODY:
                    break
        except (OSError, http.client.HTTPException, ResponseError):
            pass
        return body[:_STATUS_BODY]

    def _status_error(self, body: bytes) -> HTTPStatusError:
        headers = {
            name: _without_credentials(value) if name.lower() == "location" else value
            for name, value in self._response.getheaders()
        }
        location = next((value for name, value in headers.items() if name.lower() == "location"), None)
        hint = ""
        if location is not None:
            hint = f", pointing to {location}; redirects are not followed, check the URL"
        return HTTPStatusError(
            f"HTTP {self.status} {self._response.reason}{hint}",
            status=self.status,
            reason=self._response.reason,
            url=self._url,
            headers=headers,
            location=location,
            retry_after=_retry_after(self._response.headers.get("retry-after")),
            excerpt=body.decode("utf-8", "replace")[:_EXCERPT].strip(),
        )

    def _unpacked(self) -> Iterator[bytes]:
        coding = (self._response.headers.get("content-encoding") or "").strip().lower()
        if coding in ("", "identity"):
            return self._pieces()
        if coding in ("gzip", "x-gzip"):
            return _gunzip(self._pieces())
        shown = f" {coding}" if is_token(coding) else ""
        raise ResponseError(f"the answer has a Content-Encoding{shown}; only gzip was asked for")

    def _pieces(self) -> Iterator[bytes]:
        self._count(self._response.length or 0)
        while piece := self._response.read(_PIECE):
            self.received += len(piece)
            self._count(self.received)
            yield piece
            if self._response.isclosed():
                return
        if self._response.length:
            raise http.client.IncompleteRead(b"", self._response.length)

    def _count(self, size: int) -> None:
        if size > self._max_bytes:
            raise TooLargeError(f"the answer is larger than the limit of {self._max_bytes:,} bytes")


def _begin(stream: Stream) -> http.client.HTTPResponse:
    """The answer, after any interim ones (1xx); http.client itself skips 100 alone."""
    while True:
        response = http.client.HTTPResponse(stream, method="POST")  # type: ignore[arg-type]
        response.begin()
        if not 100 < response.status < 200 or response.status == http.client.SWITCHING_PROTOCOLS:
            return response


def _gunzip(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack in pieces of bounded size, so that a bomb costs what the limit allows and no more."""
    unpacker = zlib.decompressobj(_GZIP)
    for packed in pieces:
        while packed:
            if unpacker.eof:
                # Another member may follow (RFC 1952, section 2.2), and so may zeros, as padding.
                packed = packed.lstrip(b"\0")
                if not packed:
                    break
                unpacker = zlib.decompressobj(_GZIP)
            yield from _unpack(unpacker, packed)
            packed = unpacker.unused_data
    if not unpacker.eof:
        raise ResponseError("the answer's gzip data end too early")


def _unpack(unpacker: zlib._Decompress, packed: bytes) -> Iterator[bytes]:
    full = True
    while (packed or full) and not unpacker.eof:
        try:
            piece = unpacker.decompress(packed, _PIECE)
        except zlib.error:
            break
        yield piece
        packed, full = unpacker.unconsumed_tail, len(piece) == _PIECE
    else:
        return
    raise ResponseError("the answer's gzip data are damaged")


def _retry_after(value: str | None) -> float | None:
    """Seconds to wait, from either form of the header (RFC 9110, sections 10.2.3 and 5.6.7)."""
    text = (value or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    if not _HTTP_DATE.fullmatch(text):
        return None
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError):
        return None  # 31 February, or a month that is none


def _without_credentials(url: str) -> str:
    try:
        parts = urllib.parse.urlsplit(url)
        return urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    except ValueError:
        return ""
