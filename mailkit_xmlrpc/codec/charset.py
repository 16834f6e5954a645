"""Detects the encoding of a document and recodes it to UTF-8 for the parser.

The first of these that is present decides: a byte order mark, the XML declaration, the charset of the HTTP header.
The default is UTF-8. Python decodes any other encoding and the parser gets UTF-8, with the declaration changed to say
so: expat knows only four encodings by itself, and its builds differ in how they treat the others.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from ..errors import ResponseError
from ..errors.redaction import is_token

__all__ = ["UTF8_DECLARATIONS", "Utf8Stream", "known_encoding"]

# The encodings that are read, by Python's names for them. Any other (UTF-7, UTF-32, East Asian, punycode, zip ...) is
# an error: no XML-RPC peer was seen to send it, and some of these hide markup from filters.
_ALLOWED = re.compile(r"utf-8|utf-16(-le|-be)?|ascii|iso8859-\d+|cp125\d|koi8-[ru]")

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")

# XML 1.0, production 23 (XMLDecl), up to the encoding's name.
_DECLARED = re.compile(
    rb"""(<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"[^"<]*"|'[^'<]*')"""
    rb"""[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*["'])([A-Za-z][A-Za-z0-9._-]*)(?=["'])"""
)

_WHITESPACE = b" \t\r\n"

# Nearly every document starts with one of these, and then there is nothing to detect and nothing to recode.
UTF8_DECLARATIONS = (b'<?xml version="1.0" encoding="UTF-8"?>', b'<?xml version="1.0" encoding="utf-8"?>')

# The encoding is looked for in the first block alone, and a longer declaration could reach beyond it.
_MAX_DECLARATION = 4096

# What a document in a Unicode encoding starts with, how much of that is skipped, and the encoding.
_SIGNATURES = (
    (codecs.BOM_UTF8, codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, codecs.BOM_UTF16_BE, "utf-16-be"),
    # XML 1.0, appendix F: without a byte order mark, UTF-16 is recognised by the first "<".
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
    """Recodes the blocks of a document to UTF-8. The first block must hold the whole XML declaration."""

    def __init__(self, charset: str | None) -> None:
        self._charset = charset
        self._started = False
        self._encoding = "utf-8"
        self._decoder: codecs.IncrementalDecoder | None = None

    @property
    def is_utf8(self) -> bool:
        """Whether the document itself is in UTF-8, so that its bytes are passed on unchanged."""
        return self._decoder is None

    def feed(self, block: bytes, final: bool = False) -> bytes:
        """Return the next block in UTF-8.

        Raises:
            ResponseError: the encoding is not supported, or the block has bytes that are not valid in it.
        """
        if self._started:
            return self._decode(block, final)
        if block.startswith(UTF8_DECLARATIONS):
            self._started = True
            return block
        block = block.lstrip(_WHITESPACE)
        if not block and not final:
            return block
        self._started = True
        encoding, head = self._detect(block)
        if encoding != "utf-8":
            self._encoding = encoding
            self._decoder = codecs.getincrementaldecoder(encoding)()
            head = self._decode(head, final)
        head = head.lstrip(_WHITESPACE)
        if head.startswith(b"<?xml") and b"?>" not in head and len(head) > _MAX_DECLARATION:
            raise ResponseError(f"the XML declaration is longer than {_MAX_DECLARATION:,} bytes")
        declared = _DECLARED.match(head)
        if declared and declared[2].lower() != b"utf-8":
            return declared[1] + b"UTF-8" + head[declared.end() :]
        return head

    def _detect(self, head: bytes) -> tuple[str, bytes]:
        """The encoding, and `head` without its byte order mark."""
        if head[:2] not in (b"<?", b"<m"):  # the start of nearly all documents
            for signature, skipped, encoding in _SIGNATURES:
                if head.startswith(signature):
                    return encoding, head[len(skipped) :]
        declared = _DECLARED.match(head)
        name = declared[2].decode("ascii") if declared else self._charset
        if name is None:
            return "utf-8", head
        known = known_encoding(name)
        if known is None:
            shown = f" {name}" if is_token(name) else ""
            raise ResponseError(f"the document's encoding{shown} is not supported")
        return ("utf-16-be" if known == "utf-16" else known), head

    def _decode(self, data: bytes, final: bool) -> bytes:
        if self._decoder is None:
            return data
        try:
            return self._decoder.decode(data, final).encode()
        except UnicodeDecodeError:
            pass  # ours is raised outside this block, or it would chain the original, which holds the whole body
        raise ResponseError(f"the document has bytes that are not valid {self._encoding}")
