"""Reading one HTTP response: its head, and its body straight into a decoder.

The body is never held as a whole: it is unpacked and given to the decoder in chunks, as its bytes come. Nothing here
reads from a socket: whoever does so feeds the bytes. All of them come after the request was sent, so what cannot be
read leaves the call in doubt.
"""

from __future__ import annotations

import email.utils
import http.client
import re
import time
import urllib.parse
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from ..codec import Limits, ResponseDecoder
from ..errors import HTTPStatusError, InDoubtError, ResponseError, TooLargeError
from ..errors.redaction import Excerpt, is_token
from .deadline import Deadline
from .framing import Framing
from .head import Head, HeadReader

__all__ = ["CHECK_FIRST", "Decoding", "Reader"]

CHECK_FIRST = "; the call may have been carried out, so check before sending it again"
_CHUNK = 65536
# Of the body of an error status, a fault or an excerpt needs no more than this.
_ERROR_BODY = 65536
_EXCERPT = 200
_GZIP = frozenset({"gzip", "x-gzip"})
_HTTP_DATE = re.compile(r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT")


class Decoding(NamedTuple):
    """How to decode a body; see `codec.ResponseDecoder`."""

    limits: Limits
    use_builtin_types: bool
    use_datetime: bool
    keep_bad_scalars: bool

    def decoder(self, charset: str | None) -> ResponseDecoder:
        """A decoder for one body."""
        return ResponseDecoder(
            charset=charset,
            limits=self.limits,
            use_builtin_types=self.use_builtin_types,
            use_datetime=self.use_datetime,
            keep_bad_scalars=self.keep_bad_scalars,
        )


class Reader:
    """Reads a response: `feed` its bytes, or `end` it, until it is `complete`; then ask for its `value`.

    Attributes:
        complete: whether nothing more has to be read.
        received: bytes of the body as they came, before unpacking.
        refused: whether the status is an error. It stands, and has a `value`, even if its body cannot be read.
    """

    _head: Head
    _framing: Framing
    _decoder: ResponseDecoder
    _gunzip: _Gunzip | None

    def __init__(self, url: str, decoding: Decoding, deadline: Deadline) -> None:
        self.complete: bool = False
        self.received: int = 0
        self.refused: bool = False
        self._url = url
        self._decoding = decoding
        self._deadline = deadline
        self._head_reader: HeadReader | None = HeadReader()
        self._page = b""  # the beginning of the body of an error status
        self._page_is_whole = False

    def feed(self, data: bytes) -> None:
        """Take the next bytes.

        Raises:
            ResponseError: the response cannot be read, unpacked or decoded.
            TimeoutError: the deadline has passed.
        """
        if self._head_reader is not None:
            found = self._head_reader.feed(data)
            if found is None:
                return
            data = self._start(*found)
        if self.refused:
            self._take_page(data)
        else:
            for chunk in self._unpacked(data):
                self._decoder.feed(chunk)
                if self._gunzip is not None:
                    self._deadline.remaining()  # a few packed bytes can be a lot of work without any wait
        self.complete = self.complete or self._framing.complete

    def end(self) -> None:
        """The stream has ended.

        Raises:
            InDoubtError: the response has not.
            ResponseError: what came cannot be unpacked.
        """
        if self.refused:
            packed_is_whole = self._gunzip is None or self._gunzip.ended
            self._page_is_whole = self._framing.ends_with_connection and packed_is_whole
        elif self._head_reader is not None or not self._framing.ends_with_connection:
            raise InDoubtError(f"the server closed the connection before its answer was complete{CHECK_FIRST}")
        else:
            self._check_unpacked()
        self.complete = True

    @property
    def keeps_connection(self) -> bool:
        """Whether all of an answer was read, nothing else came, and the server keeps the connection open."""
        return (
            self.complete
            and not self.refused
            and self._framing.complete
            and not self._framing.excess
            and not self._head.closes
        )

    def value(self) -> Any:
        """The value of the answer.

        Raises:
            FaultError: the answer is a fault, whatever its status.
            HTTPStatusError: the status is an error.
            ResponseError: the answer cannot be decoded.
        """
        may_be_fault = self._head.status >= 400 and self._head.status not in (429, 503)
        if self.refused and may_be_fault and self._page_is_whole:
            with suppress(ResponseError):  # an error page, as most are
                self._decoder.feed(self._page)
                self._decoder.close()
        if self.refused:
            raise self._status_error()
        return self._decoder.close()

    def _start(self, head: Head, rest: bytes) -> bytes:
        """Start with the body, whose first bytes are returned."""
        self._head, self._head_reader = head, None
        self.refused = head.status != http.client.OK
        self._framing = head.framing()
        self._decoder = self._decoding.decoder(head.charset)
        self._gunzip = _Gunzip() if head.coding in _GZIP else None
        return rest

    def _take_page(self, data: bytes) -> None:
        """The status is known, whatever is wrong with the body."""
        try:
            for chunk in self._unpacked(data):
                self._page += chunk
                if len(self._page) > _ERROR_BODY:
                    self._page, self.complete = self._page[:_ERROR_BODY], True
                    break
            else:
                self._page_is_whole = self._framing.complete
        except ResponseError:
            self.complete = True

    def _unpacked(self, data: bytes) -> Iterator[bytes]:
        """What these bytes add to the body, in chunks."""
        for payload in self._framing.feed(data):
            self.received += len(payload)
            self._check_size()
            if self._gunzip is not None:
                yield from self._gunzip.feed(payload)
            elif not self._head.coding:
                yield payload
            else:
                shown = f" {self._head.coding}" if is_token(self._head.coding) else ""
                raise ResponseError(f"the answer has a Content-Encoding{shown}; only gzip was asked for")
        if self._gunzip is not None and self._framing.complete:
            self._check_unpacked()

    def _check_unpacked(self) -> None:
        """The body has ended."""
        if self._gunzip is None or self._gunzip.ended:
            return
        error = ResponseError("the answer's gzip data end too early")
        if not self.refused:
            self._decoder.stop(error)
        raise error

    def _check_size(self) -> None:
        """Refuse a body that is too large before it is read. The decoder counts what comes of a plain one."""
        limit = self._decoding.limits.response_bytes
        if self._framing.length > limit or (self._gunzip is not None and self.received > limit):
            raise TooLargeError(f"the answer is larger than the limit of {limit:,} bytes")

    def _status_error(self) -> HTTPStatusError:
        head = self._head
        headers = {
            name: _without_credentials(value) if name.lower() == "location" else value for name, value in head.headers
        }
        location = next((value for name, value in headers.items() if name.lower() == "location"), None)
        hint = ""
        if location is not None:
            hint = f", pointing to {location}; redirects are not followed, check the URL"
        text = self._page.decode("utf-8", "replace")
        return HTTPStatusError(
            f"HTTP {head.status} {head.reason}{hint}",
            status=head.status,
            reason=head.reason,
            url=self._url,
            headers=headers,
            location=location,
            retry_after=_retry_after(head.value("retry-after")),
            excerpt=Excerpt(text[:_EXCERPT].strip(), cut_end=len(text) > _EXCERPT or not self._page_is_whole),
        )


class _Gunzip:
    """Unpacks in chunks of bounded size, so that a gzip bomb costs no more memory than the limit allows."""

    def __init__(self) -> None:
        self._unpacker = _unpacker()

    def feed(self, packed: bytes) -> Iterator[bytes]:
        """The text of these bytes.

        Raises:
            ResponseError: they are damaged. It has no position, because how much can be unpacked of damaged data, and
                how much of that is right, depends on how they were cut.
        """
        while packed:
            if self._unpacker.eof:
                # Another member can follow (RFC 1952, section 2.2), and so can zeros, as padding.
                packed = packed.lstrip(b"\0")
                if not packed:
                    break
                self._unpacker = _unpacker()
            yield from self._member(packed)
            packed = self._unpacker.unused_data

    def _member(self, packed: bytes) -> Iterator[bytes]:
        full = True
        while (packed or full) and not self._unpacker.eof:
            try:
                chunk = self._unpacker.decompress(packed, _CHUNK)
            except zlib.error:
                break
            yield chunk
            packed, full = self._unpacker.unconsumed_tail, len(chunk) == _CHUNK
        else:
            return
        raise ResponseError("the answer's gzip data are damaged")

    @property
    def ended(self) -> bool:
        """Whether the data that came are complete."""
        return self._unpacker.eof


def _unpacker() -> zlib._Decompress:
    return zlib.decompressobj(16 + zlib.MAX_WBITS)


def _retry_after(text: str) -> float | None:
    """Seconds to wait, from either form of the header (RFC 9110, sections 10.2.3 and 5.6.7)."""
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
