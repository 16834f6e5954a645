"""The head of an HTTP response: status, headers, and what they say about the body.

`http.client` parses headers with the email package, which takes half of the time of a whole call. Nearly every head
needs none of what that can do: HTTP/1.1, status 200, plain header lines, no name twice. Such a head is read here, and
every other one by `http.client.HTTPResponse`. Nothing here reads from a socket.
"""

from __future__ import annotations

import email.errors
import http.client
import io
import re
from functools import lru_cache

from ..errors import ResponseError
from .framing import Chunked, Framing, Length, UntilClose

__all__ = ["Head", "HeadReader", "parse_head"]

# Servers and proxies themselves take no longer one from each other.
_MOST_BYTES = 65536
_BEGINNING = b"HTTP/1."
_STATUS_LINE = re.compile(rb"HTTP/1\.[0-9] ([1-9][0-9]{2})(?: [^\n]*)?\r?\n")
# Some servers end their lines with LF alone.
_END = re.compile(rb"\n\r?\n")
# RFC 9112, sections 4 and 5: no folded line, no white space before a colon, no control character.
_ORDINARY = re.compile(
    rb"HTTP/1\.1 200(?: [\t\x20-\x7e\x80-\xff]*)?\r\n"
    rb"((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r\n)+)\r\n"
)
_HEADER = re.compile(r"([^:]+):[\t ]*([^\r]*?)[\t ]*\r\n")
# The email package, which http.client parses headers with, raises for some of the values that occur.
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([A-Za-z0-9._-]+)""", re.IGNORECASE)
_LENGTH = re.compile(r"0*([0-9]{1,18})")
_UNREADABLE = (email.errors.MissingHeaderBodySeparatorDefect, email.errors.FirstHeaderLineIsContinuationDefect)


class Head:
    """A parsed head.

    Attributes:
        status: the status code.
        reason: the reason phrase.
        headers: pairs of name and value.
        coding: the Content-Encoding in lower case, "" for none.
        charset: the charset of the Content-Type, or None.
        closes: whether the server closes the connection after the body.

    Raises:
        ResponseError: it does not say where the body ends, or it contradicts itself (RFC 9112, section 6.3).
    """

    def __init__(self, status: int, reason: str, headers: tuple[tuple[str, str], ...], *, persistent: bool) -> None:
        self.status: int = status
        self.reason: str = reason
        self.headers: tuple[tuple[str, str], ...] = headers
        self._values: dict[str, str] = {}
        for name, value in headers:
            name = name.lower()
            before = self._values.get(name)
            self._values[name] = value if before is None else f"{before}, {value}"  # RFC 9110, section 5.3
        self.coding: str = self.value("content-encoding").lower()
        found = _CHARSET.search(self.value("content-type"))
        self.charset: str | None = found[1] if found else None
        connection = self.value("connection").lower()
        self.closes: bool = "close" in connection if persistent else "keep-alive" not in connection
        self._chunked = self._is_chunked()
        self._length = self._checked_length()

    def value(self, name: str) -> str:
        """The value of the header with this name in lower case, "" if it is missing; of several ones all of them."""
        return self._values.get(name, "").strip()

    def framing(self) -> Framing:
        """A reader for the body that follows."""
        if self._chunked:
            return Chunked()
        return UntilClose() if self._length is None else Length(self._length)

    def _is_chunked(self) -> bool:
        coding = self.value("transfer-encoding").lower()
        if coding not in ("", "chunked"):
            raise ResponseError("the answer has a Transfer-Encoding other than chunked, which was not asked for")
        if coding and "content-length" in self._values:
            raise ResponseError("the answer has both a Content-Length and a Transfer-Encoding")
        return bool(coding)

    def _checked_length(self) -> int | None:
        if self.status in (http.client.NO_CONTENT, http.client.NOT_MODIFIED) or self.status < http.client.OK:
            return 0
        if "content-length" not in self._values:
            return None
        # The same length can be there twice, in one header or in two.
        lengths = {_LENGTH.fullmatch(each.strip()) for each in self.value("content-length").split(",")}
        numbers = {match and int(match[1]) for match in lengths}
        if len(numbers) != 1 or None in numbers:
            raise ResponseError("the answer's Content-Length is not one number of bytes")
        return numbers.pop()


class HeadReader:
    """Takes the bytes of a response as they come, up to the end of its head."""

    def __init__(self) -> None:
        self._unread = b""
        self._interim = 0  # bytes of the interim responses so far

    def feed(self, data: bytes) -> tuple[Head, bytes] | None:
        """The head and the bytes that follow it, once it is complete. Interim responses (1xx) are skipped.

        Raises:
            ResponseError: this is no HTTP response.
        """
        new = max(0, len(self._unread) - 3)  # an end can begin in the bytes that came before
        self._unread += data
        while True:
            status = self._status()
            end = _END.search(self._unread, new)
            if end is None:
                return None
            head, self._unread, new = self._unread[: end.end()], self._unread[end.end() :], 0
            if not 100 <= status < 200 or status == http.client.SWITCHING_PROTOCOLS:
                return parse_head(head), self._unread
            self._interim += len(head)
            if self._interim > _MOST_BYTES:
                raise ResponseError(f"the server sent interim responses of more than {_MOST_BYTES:,} bytes")

    def _status(self) -> int:
        """The status, or 0 if it has not come yet. A mistake in the first line is seen at once, not at the deadline."""
        start = self._unread
        line = _STATUS_LINE.match(start)
        if line is None and (b"\n" in start or not _BEGINNING.startswith(start[: len(_BEGINNING)])):
            raise ResponseError("the server did not answer in HTTP")
        if len(start) > _MOST_BYTES and _END.search(start, 0, _MOST_BYTES) is None:
            raise ResponseError(f"the head of the HTTP answer is longer than {_MOST_BYTES:,} bytes")
        return int(line[1]) if line else 0


# The heads of a server are often the same to the byte within one second, because only their Date changes.
@lru_cache(maxsize=8)
def parse_head(data: bytes) -> Head:
    """Parse a head with its empty line. Raises ResponseError."""
    match = _ORDINARY.fullmatch(data)
    if match is not None:
        headers = tuple(_HEADER.findall(match[1].decode("latin-1")))
        return Head(http.client.OK, "OK", headers, persistent=True)
    response = http.client.HTTPResponse(_File(data), method="POST")  # type: ignore[arg-type]
    try:
        response.begin()
    except http.client.HTTPException as error:
        failure = ResponseError(f"the server did not answer in HTTP ({type(error).__name__})")
    else:
        # The email package stops at such a line, and the length can be in one of those that follow.
        if not any(isinstance(defect, _UNREADABLE) for defect in response.headers.defects):
            headers = tuple((name, str(value)) for name, value in response.getheaders())
            return Head(response.status, response.reason, headers, persistent=response.version == 11)
        failure = ResponseError("the answer has a header line that cannot be read")
    raise failure  # outside the except block: the original holds a part of the answer


class _File(io.BytesIO):
    """What HTTPResponse takes for a socket."""

    def makefile(self, mode: str) -> _File:
        return self
