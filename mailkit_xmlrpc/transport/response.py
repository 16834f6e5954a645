"""Reading one HTTP response: status, headers, and the body straight into a decoder.

`http.client` parses headers with the email package, which takes half of the time of a whole call. Nearly every
response needs none of what that can do: HTTP/1.1, status 200, plain header lines, a Content-Length. Such a response is
read here, and every other one by `http.client.HTTPResponse`.

The body is never held as a whole: it is read, unpacked and given to the decoder in chunks. Whatever `http.client` and
the socket raise here comes after the request was sent, so it leaves the call in doubt.
"""

from __future__ import annotations

import email.utils
import http.client
import re
import time
import urllib.parse
import zlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Union

from ..codec import ResponseDecoder
from ..errors import FaultError, HTTPStatusError, ResponseError, TooLargeError
from ..errors.redaction import Excerpt, is_token
from .stream import Stream

__all__ = ["OrdinaryResponse", "Reader", "read_ordinary"]

_CHUNK = 65536
# Of the body of an error status, a fault or an excerpt needs no more than this.
_ERROR_BODY = 65536
_EXCERPT = 200
_GZIP = 16 + zlib.MAX_WBITS
_HTTP_DATE = re.compile(r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT")
# The email package, which http.client parses headers with, raises for some of the values that occur.
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([A-Za-z0-9._-]+)""", re.IGNORECASE)

# A longer head is not ordinary.
_HEAD_BYTES = 8192
# RFC 9112, sections 4 and 5: no folded line, no white space before a colon, no control character.
_HEAD = re.compile(
    rb"HTTP/1\.1 200(?: [\t\x20-\x7e\x80-\xff]*)?\r\n"
    rb"((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r\n)+)\r\n"
)
_HEADER = re.compile(r"([^:]+):[\t ]*([^\r]*?)[\t ]*\r\n")
_LENGTH = re.compile(r"[0-9]{1,15}")


class Reader:
    """Reads a response; its headers have been read once it is made.

    Attributes:
        status: the HTTP status code.
        received: bytes of the body as they came, before unpacking.
    """

    def __init__(self, stream: Stream, url: str, max_bytes: int) -> None:
        self.received: int = 0
        self._stream = stream
        self._url = url
        self._max_bytes = max_bytes
        self._response: Response = read_ordinary(stream) or _read_any(stream)
        self.status: int = self._response.status

    @property
    def charset(self) -> str | None:
        """The charset of the Content-Type, for a document that does not name its own."""
        content_type = self._response.headers.get("content-type")
        match = _CHARSET.search(content_type) if content_type and ";" in content_type else None
        return match[1] if match else None

    @property
    def keeps_connection(self) -> bool:
        """Whether the body was read to its end and the connection can be used again."""
        return self._response.isclosed() and not self._response.will_close and self._stream.empty

    def feed(self, decoder: ResponseDecoder) -> None:
        """Read the whole body into `decoder`.

        Raises:
            ResponseError: the body cannot be unpacked or decoded.
            http.client.IncompleteRead, OSError: the connection was lost.
        """
        for chunk in self._unpacked():
            decoder.feed(chunk)
            self._stream.deadline.remaining()  # a few packed bytes can be a lot of work without any wait

    def error(self, decoder: ResponseDecoder) -> FaultError | HTTPStatusError:
        """The error for a status other than 200: a fault in the body, or the status itself."""
        body, complete = self._error_body()
        if self.status >= 400 and self.status not in (429, 503):
            try:
                decoder.feed(body)
                decoder.close()
            except FaultError as fault:
                return fault
            except ResponseError:
                pass  # an error page, as most are
        return self._status_error(body, complete)

    def _error_body(self) -> tuple[bytes, bool]:
        """The first bytes of the body, as far as they can be read, and whether that is all of it. The status is known,
        whatever follows."""
        body, complete = b"", False
        try:
            for chunk in self._unpacked():
                body += chunk
                if len(body) >= _ERROR_BODY:
                    break
            else:
                complete = True
        except (OSError, http.client.HTTPException, ResponseError):
            pass
        return body[:_ERROR_BODY], complete

    def _status_error(self, body: bytes, complete: bool) -> HTTPStatusError:
        headers = {
            name: _without_credentials(value) if name.lower() == "location" else value
            for name, value in self._response.getheaders()
        }
        location = next((value for name, value in headers.items() if name.lower() == "location"), None)
        hint = ""
        if location is not None:
            hint = f", pointing to {location}; redirects are not followed, check the URL"
        text = body.decode("utf-8", "replace")
        return HTTPStatusError(
            f"HTTP {self.status} {self._response.reason}{hint}",
            status=self.status,
            reason=self._response.reason,
            url=self._url,
            headers=headers,
            location=location,
            retry_after=_retry_after(self._response.headers.get("retry-after")),
            excerpt=Excerpt(text[:_EXCERPT].strip(), cut_end=len(text) > _EXCERPT or not complete),
        )

    def _unpacked(self) -> Iterator[bytes]:
        coding = (self._response.headers.get("content-encoding") or "").strip().lower()
        if coding in ("", "identity"):
            return self._chunks()
        if coding in ("gzip", "x-gzip"):
            return _gunzip(self._chunks())
        shown = f" {coding}" if is_token(coding) else ""
        raise ResponseError(f"the answer has a Content-Encoding{shown}; only gzip was asked for")

    def _chunks(self) -> Iterator[bytes]:
        self._check_size(self._response.length or 0)
        while chunk := self._response.read(_CHUNK):
            self.received += len(chunk)
            self._check_size(self.received)
            yield chunk
            if self._response.isclosed():
                return
        if self._response.length:
            raise http.client.IncompleteRead(b"", self._response.length)

    def _check_size(self, size: int) -> None:
        if size > self._max_bytes:
            raise TooLargeError(f"the answer is larger than the limit of {self._max_bytes:,} bytes")


class OrdinaryResponse:
    """As much of `http.client.HTTPResponse` as `Reader` uses.

    Attributes:
        status: 200.
        reason: "OK".
        headers: by their names in lower case.
        length: bytes of the body that were not read yet.
        will_close: whether the server closes the connection afterwards.
    """

    status = 200
    reason = "OK"

    def __init__(self, stream: Stream, headers: Mapping[str, str], length: int, will_close: bool) -> None:
        self.headers = headers
        self.length: int = length
        self.will_close = will_close
        self._stream = stream

    def read(self, count: int) -> bytes:
        """At most `count` bytes of the body; none at its end, or at the end of the stream."""
        chunk = self._stream.read1(min(count, self.length)) if self.length else b""
        self.length -= len(chunk)
        return chunk

    def isclosed(self) -> bool:
        """Whether the body has been read to its end."""
        return self.length == 0

    def getheaders(self) -> list[tuple[str, str]]:
        """All headers."""
        return list(self.headers.items())


Response = Union[OrdinaryResponse, http.client.HTTPResponse]


def read_ordinary(stream: Stream) -> OrdinaryResponse | None:
    """The response on `stream`, with its head read; or None, with nothing read, if it is not an ordinary one."""
    head = stream.peek_head(b"HTTP/1.1 200", _HEAD_BYTES)
    parsed = _parse_head(head)
    if parsed is None:
        return None
    stream.skip(len(head))
    return OrdinaryResponse(stream, *parsed)


# The heads of a server are often the same to the byte within one second, because only their Date changes.
@lru_cache(maxsize=8)
def _parse_head(head: bytes) -> tuple[Mapping[str, str], int, bool] | None:
    """Headers, length and whether the server closes; or None if the head is not ordinary."""
    match = _HEAD.fullmatch(head)
    if match is None:
        return None
    lines = _HEADER.findall(match[1].decode("latin-1"))
    headers = {name.lower(): value for name, value in lines}
    length = headers.get("content-length", "")
    if len(headers) < len(lines) or "transfer-encoding" in headers or not _LENGTH.fullmatch(length):
        return None
    return MappingProxyType(headers), int(length), "close" in headers.get("connection", "").lower()


def _read_any(stream: Stream) -> http.client.HTTPResponse:
    """The response after any interim ones (1xx); http.client itself skips only 100."""
    while True:
        response = http.client.HTTPResponse(stream, method="POST")  # type: ignore[arg-type]
        response.begin()
        if not 100 < response.status < 200 or response.status == http.client.SWITCHING_PROTOCOLS:
            return response


def _gunzip(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack in chunks of bounded size, so that a gzip bomb costs no more memory than the limit allows."""
    unpacker = zlib.decompressobj(_GZIP)
    for packed in chunks:
        while packed:
            if unpacker.eof:
                # Another member can follow (RFC 1952, section 2.2), and so can zeros, as padding.
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
            chunk = unpacker.decompress(packed, _CHUNK)
        except zlib.error:
            break
        yield chunk
        packed, full = unpacker.unconsumed_tail, len(chunk) == _CHUNK
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
        return None  # 31 February, or a month that does not exist


def _without_credentials(url: str) -> str:
    try:
        parts = urllib.parse.urlsplit(url)
        return urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    except ValueError:
        return ""
