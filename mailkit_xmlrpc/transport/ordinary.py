"""The ordinary answer, read without the standard library.

`http.client` parses headers with the email package, which takes half of the time of a whole call. Nearly every
answer needs none of what that can do: HTTP/1.1, status 200, plain header lines, a Content-Length. Such a one is
read here. For everything else `ordinary_response` returns None and leaves the stream as it was, for
`http.client.HTTPResponse` to read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from .stream import Stream

__all__ = ["OrdinaryResponse", "ordinary_response"]

# A longer head is not ordinary.
_HEAD_BYTES = 8192

# RFC 9112, sections 4 and 5: no folded line, no white space before a colon, no control character.
_HEAD = re.compile(
    rb"HTTP/1\.1 200(?: [\t\x20-\x7e\x80-\xff]*)?\r\n"
    rb"((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r\n)+)\r\n"
)
_HEADER = re.compile(r"([^:]+):[\t ]*([^\r]*?)[\t ]*\r\n")
_LENGTH = re.compile(r"[0-9]{1,15}")


class OrdinaryResponse:
    """As much of `http.client.HTTPResponse` as `Answer` uses.

    Attributes:
        status: 200.
        reason: "OK".
        headers: by their names in lower case.
        length: bytes of the body that are still to come.
        will_close: whether the server closes the connection afterwards.
    """

    status = 200
    reason = "OK"

    def __init__(self, stream: Stream, headers: Mapping[str, str], length: int, will_close: bool) -> None:
        self.headers = headers
        self.length = length
        self.will_close = will_close
        self._stream = stream

    def read(self, count: int) -> bytes:
        """At most `count` bytes of the body; none at its end, or at the end of the stream."""
        piece = self._stream.read1(min(count, self.length)) if self.length else b""
        self.length -= len(piece)
        return piece

    def isclosed(self) -> bool:
        """Whether the body has been read to its end."""
        return self.length == 0

    def getheaders(self) -> list[tuple[str, str]]:
        """All headers."""
        return list(self.headers.items())


def ordinary_response(stream: Stream) -> OrdinaryResponse | None:
    """The answer that comes on `stream`, its head read; or None, and nothing read, if it is not ordinary."""
    head = stream.peek_head(b"HTTP/1.1 200", _HEAD_BYTES)
    read = _read(head)
    if read is None:
        return None
    stream.skip(len(head))
    return OrdinaryResponse(stream, *read)


# Within one second, a server's heads are often the same to the letter.
@lru_cache(maxsize=8)
def _read(head: bytes) -> tuple[Mapping[str, str], int, bool] | None:
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
