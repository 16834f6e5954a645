"""The head of an HTTP response: status, headers, and what they say about the body.

`http.client` parses headers with the email package, which takes half of the time of a whole call and overlooks lines
that are no headers, so a length in one of these is lost. Here a line that RFC 9112 does not allow is an error. Nothing
here reads from a socket.
"""

from __future__ import annotations

import http.client
import re
from functools import lru_cache

from ..codec.charset import known_encoding
from ..errors import ResponseError
from ..headers import FIELD_NAME
from .framing import END, Chunked, Framing, Length, UntilClose

__all__ = ["Head", "HeadReader", "parse_head"]

# Servers and proxies themselves take no longer one from each other.
_MOST_BYTES = 65536
_BEGINNING = b"HTTP/1."
_STATUS_LINE = re.compile(rb"HTTP/1\.[0-9] ([1-9][0-9]{2})(?: [^\n]*)?\r?\n")
# A whole head that is no interim response.
_FINAL = re.compile(rb"HTTP/1\.[0-9] [2-9][0-9]{2}(?: [^\r\n]*)?\r?\n(?:[^\r\n][^\n]*\n)*\r?\n")
# RFC 9112, sections 2.2, 4 and 5: no white space before a colon, no CR or NUL in a line. A folded line is allowed here,
# because it is clear, and so is a line that ends with LF alone, as some servers send it.
_HEAD = re.compile(
    r"HTTP/1\.([0-9]) ([0-9]{3})(?: ([^\r\n\0]*))?\r?\n"
    rf"((?:{FIELD_NAME}:[^\r\n\0]*\r?\n(?:[ \t][^\r\n\0]*\r?\n)*)*)\r?\n"
)
_HEADER = re.compile(r"([^:]+):[ \t]*((?:[^\r\n]|\r?\n[ \t])*?)[ \t]*\r?\n(?![ \t])")
_FOLD = re.compile(r"[ \t]*\r?\n[ \t]+")
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([A-Za-z0-9._-]+)""", re.IGNORECASE)
_NO_CODING = frozenset({"", "identity", "none"})
_LENGTH = re.compile(r"0*([0-9]{1,18})")


class Head:
    """A parsed head.

    Attributes:
        status: the status code.
        reason: the reason phrase.
        headers: pairs of name and value.
        coding: the Content-Encoding in lower case, "" if the body is plain.
        charset: the charset of the Content-Type, or None.
        closes: whether the server closes the connection after the body.

    Raises:
        ResponseError: it does not say where the body ends, or it contradicts itself (RFC 9112, section 6.3).
    """

    def __init__(self, minor: int, status: int, reason: str, headers: tuple[tuple[str, str], ...]) -> None:
        self.status: int = status
        self.reason: str = reason
        self.headers: tuple[tuple[str, str], ...] = headers
        self._values: dict[str, str] = {}
        for name, value in headers:
            name = name.lower()
            before = self._values.get(name)
            self._values[name] = value if before is None else f"{before}, {value}"  # RFC 9110, section 5.3
        self.coding: str = _coding(self.value("content-encoding").lower())
        found = _CHARSET.search(self.value("content-type"))
        self.charset: str | None = found[1] if found else None
        self._chunked = self._is_chunked()
        self._length = self._checked_length()
        connection = self.value("connection").lower()
        # HTTP/1.0 closes unless both sides say otherwise, and has no chunks (RFC 9112, sections 9.3 and 6.1).
        keeps = minor > 0 or ("keep-alive" in connection and not self._chunked)
        self.closes: bool = "close" in connection or not keeps

    def value(self, name: str) -> str:
        """The value of the header with this name in lower case, "" if it is missing; of several ones all of them."""
        return self._values.get(name, "").strip(" \t")

    def framing(self) -> Framing:
        """A reader for the body that follows."""
        if self._chunked:
            return Chunked()
        return UntilClose() if self._length is None else Length(self._length)

    def _is_chunked(self) -> bool:
        if "transfer-encoding" not in self._values:
            return False
        if self.value("transfer-encoding").lower() != "chunked":
            raise ResponseError("the answer has a Transfer-Encoding other than chunked, which was not asked for")
        if "content-length" in self._values:
            raise ResponseError("the answer has both a Content-Length and a Transfer-Encoding")
        return True

    def _checked_length(self) -> int | None:
        if self.status in (http.client.NO_CONTENT, http.client.NOT_MODIFIED) or self.status < http.client.OK:
            return 0
        if "content-length" not in self._values:
            return None
        # The same length can be there twice, in one header or in two.
        lengths = {_LENGTH.fullmatch(each.strip(" \t")) for each in self.value("content-length").split(",")}
        numbers = {match and int(match[1]) for match in lengths}
        if len(numbers) != 1 or None in numbers:
            raise ResponseError("the answer's Content-Length is not one number of bytes")
        return numbers.pop()


def _coding(names: str) -> str:
    """The names in a Content-Encoding without those that are not codings: servers also write "none" into it, or the
    charset of the body."""
    listed = (name.strip(" \t") for name in names.split(","))
    return ", ".join(name for name in listed if name not in _NO_CODING and known_encoding(name) is None)


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
        if not self._unread and (final := _FINAL.match(data)) and final.end() <= _MOST_BYTES:
            return parse_head(final[0]), data[final.end() :]
        new = max(0, len(self._unread) - 3)  # an end can begin in the bytes that came before
        self._unread += data
        while True:
            status = self._status()
            end = END.search(self._unread, new)
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
        if len(start) > _MOST_BYTES and END.search(start, 0, _MOST_BYTES) is None:
            raise ResponseError(f"the head of the HTTP answer is longer than {_MOST_BYTES:,} bytes")
        return int(line[1]) if line else 0


# The heads of a server are often the same to the byte within one second, because only their Date changes.
@lru_cache(maxsize=8)
def parse_head(data: bytes) -> Head:
    """Parse a head with its empty line. Raises ResponseError."""
    match = _HEAD.fullmatch(data.decode("latin-1"))
    if match is None:
        raise ResponseError("the answer has a header line that cannot be read")
    minor, status, reason, lines = match.groups()
    headers = tuple((name, _FOLD.sub(" ", value)) for name, value in _HEADER.findall(lines))
    return Head(int(minor), int(status), (reason or "").strip(" \t"), headers)
