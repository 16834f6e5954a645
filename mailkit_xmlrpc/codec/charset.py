"""Which encoding a document is in, and turning it into UTF-8 for the parser.

A byte order mark decides, then the XML declaration, then the charset of the HTTP header, then UTF-8. What is
not UTF-8 is decoded by Python and handed on as UTF-8, with the declaration changed to say so: expat knows four
encodings by itself, and how it treats the others differs between builds.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from ..errors import ResponseError
from ..errors.redaction import is_token

__all__ = ["ORDINARY", "Utf8Stream", "known_encoding"]

# Python's own names of what may be used. Everything else (UTF-7, UTF-32, East Asian, punycode, zip ...) is an
# error: no XML-RPC peer was seen to send it, and some of these hide markup from filters.
_ALLOWED = re.compile(r"utf-8|utf-16(-le|-be)?|ascii|iso8859-\d+|cp125\d|koi8-[ru]")

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")

# XML 1.0, production 23 (XMLDecl), as far as the encoding's name.
_DECLARED = re.compile(
    rb"""(<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"[^"<]*"|'[^'<]*')"""
    rb"""[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*["'])([A-Za-z][A-Za-z0-9._-]*)(?=["'])"""
)

_WHITE = b" \t\r\n"

# What nearly every document begins with: nothing to find out and nothing to change.
ORDINARY = (b'<?xml version="1.0" encoding="UTF-8"?>', b'<?xml version="1.0" encoding="utf-8"?>')

# A longer one could reach beyond the first block, where nobody would look for its encoding.
_LONGEST_DECLARATION = 4096

_MARKS = (
    (codecs.BOM_UTF8, codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, codecs.BOM_UTF16_BE, "utf-16-be"),
    # XML 1.0, appendix F: without a mark, the first "<" gives UTF-16 away.
    (b"<\x00", b"", "utf-16-le"),
    (b"\x00<", b"", "utf-16-be"),
)


@lru_cache(maxsize=64)
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
    """Takes the blocks of a document, gives them back as UTF-8. The first one holds the declaration whole."""

    def __init__(self, charset: str | None) -> None:
        self._charset = charset
        self._begun = False
        self._encoding = "utf-8"
        self._decoder: codecs.IncrementalDecoder | None = None

    @property
    def as_is(self) -> bool:
        """Whether the document is in UTF-8 itself."""
        return self._decoder is None

    def feed(self, block: bytes, final: bool = False) -> bytes:
        """The next block as UTF-8.

        Raises:
            ResponseError: for an encoding that is not on the list, or bytes that are not in it.
        """
        if self._begun:
            return self._decode(block, final)
        if block.startswith(ORDINARY):
            self._begun = True
            return block
        block = block.lstrip(_WHITE)
        if not block and not final:
            return block
        self._begun = True
        encoding, head = self._choose(block)
        if encoding != "utf-8":
            self._encoding = encoding
            self._decoder = codecs.getincrementaldecoder(encoding)()
            head = self._decode(head, final)
        head = head.lstrip(_WHITE)
        if head.startswith(b"<?xml") and b"?>" not in head and len(head) > _LONGEST_DECLARATION:
            raise ResponseError("the document's XML declaration does not end")
        declared = _DECLARED.match(head)
        if declared and declared[2].lower() != b"utf-8":
            return declared[1] + b"UTF-8" + head[declared.end() :]
        return head

    def _choose(self, head: bytes) -> tuple[str, bytes]:
        if head[:2] not in (b"<?", b"<m"):  # nearly all begin so
            for mark, skipped, encoding in _MARKS:
                if head.startswith(mark):
                    return encoding, head[len(skipped) :]
        declared = _DECLARED.match(head)
        name = declared[2].decode("ascii") if declared else self._charset
        if name is None:
            return "utf-8", head
        known = known_encoding(name)
        if known is None:
            shown = f" {name}" if is_token(name) else ""
            raise ResponseError(f"the document claims an encoding{shown} that is not read here")
        return ("utf-16-be" if known == "utf-16" else known), head

    def _decode(self, data: bytes, final: bool) -> bytes:
        if self._decoder is None:
            return data
        try:
            return self._decoder.decode(data, final).encode()
        except UnicodeDecodeError:
            pass  # raised below, outside this block: the original holds the whole body
        raise ResponseError(f"the document holds bytes that are not {self._encoding}")
