"""Which encoding a document is in, and turning it into UTF-8 for the parser.

A byte order mark decides, then the XML declaration, then the charset of the HTTP header, then UTF-8. What is
not UTF-8 is decoded by Python and handed on as UTF-8, with the declaration changed to say so: expat knows four
encodings by itself, and how it treats the others differs between builds.
"""

from __future__ import annotations

import codecs
import re

from ..errors import ResponseError

__all__ = ["Utf8Stream", "known_encoding"]

# Python's own names of what may be used. Everything else (UTF-7, UTF-32, East Asian, punycode, zip ...) is an
# error: no XML-RPC peer was seen to send it, and some of these hide markup from filters.
_ALLOWED = re.compile(r"utf-8|utf-16(-le|-be)?|ascii|iso8859-\d+|cp125\d|koi8-[ru]")

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")

# XML 1.0, production 23 (XMLDecl), as far as the encoding's name.
_DECLARED = re.compile(
    rb"""(<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"[^"<]*"|'[^'<]*')"""
    rb"""[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*["'])([A-Za-z][A-Za-z0-9._-]*)(?=["'])"""
)

_MARKS = (
    (codecs.BOM_UTF8, codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, codecs.BOM_UTF16_BE, "utf-16-be"),
    # XML 1.0, appendix F: without a mark, the first "<" gives UTF-16 away.
    (b"<\x00", b"", "utf-16-le"),
    (b"\x00<", b"", "utf-16-be"),
)

# A declaration ends long before this many bytes.
_HEAD_BYTES = 1024


def known_encoding(name: str) -> str | None:
    """Python's name for an encoding that a document may be in, or None."""
    if not _NAME.fullmatch(name):
        return None
    try:
        canonical = codecs.lookup(name).name
    except LookupError:
        return None
    return canonical if _ALLOWED.fullmatch(canonical) else None


class Utf8Stream:
    """Takes the bytes of a document in any pieces, gives them back as UTF-8."""

    def __init__(self, charset: str | None) -> None:
        self._charset = charset
        self._head: bytes | None = b""
        self._decoder: codecs.IncrementalDecoder | None = None

    def feed(self, data: bytes, final: bool = False) -> bytes:
        """The next bytes as UTF-8; may hold some back until it knows the encoding.

        Raises:
            ResponseError: for an encoding that is not on the list, or bytes that are not in it.
        """
        if self._head is None:
            return self._decode(data, final)
        self._head = (self._head + data).lstrip(b" \t\r\n")
        if len(self._head) < _HEAD_BYTES and not final:
            return b""
        head, self._head = self._head, None
        encoding, head = self._choose(head)
        if encoding != "utf-8":
            self._decoder = codecs.getincrementaldecoder(encoding)()
        head = self._decode(head, final)
        return _DECLARED.sub(rb"\g<1>UTF-8", head.lstrip(b" \t\r\n"), count=1)

    def _choose(self, head: bytes) -> tuple[str, bytes]:
        for mark, skipped, encoding in _MARKS:
            if head.startswith(mark):
                return encoding, head[len(skipped) :]
        declared = _DECLARED.match(head)
        name = declared[2].decode("ascii") if declared else self._charset
        if name is None:
            return "utf-8", head
        known = known_encoding(name)
        if known is None:
            shown = f" {name!a}" if len(name) <= 100 else ""
            raise ResponseError(f"the answer claims an encoding{shown} that this client does not read")
        return ("utf-16-be" if known == "utf-16" else known), head

    def _decode(self, data: bytes, final: bool) -> bytes:
        if self._decoder is None:
            return data
        try:
            return self._decoder.decode(data, final).encode()
        except UnicodeDecodeError as error:
            # Raised below, outside this block: the original holds the whole body.
            message = f"the answer holds bytes that are not {error.encoding}"
        raise ResponseError(message)
