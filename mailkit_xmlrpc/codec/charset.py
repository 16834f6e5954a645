"""Detects the encoding of a document and recodes it to UTF-8 for the parser.

The first of these that is present decides: a byte order mark, the XML declaration, the charset of the HTTP header.
The default is UTF-8. Python decodes any other encoding and the parser gets UTF-8, with the declaration changed to say
so: expat knows only four encodings by itself, and its builds differ in how they treat the others.

A document whose charset only the HTTP header names, and nobody knows, is read as long as it is ASCII.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from ..errors import ResponseError
from ..errors.redaction import is_token

__all__ = ["Utf8Stream", "known_encoding", "utf8"]

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

_UTF16 = frozenset({"utf-16", "utf-16-le", "utf-16-be"})

# All printable ASCII, and what is an escape in UTF-7, in HZ and in Python's own encodings.
_PROBE = bytes({*range(0x20, 0x7F)} - {0x5C}) + b"+ADw-~{1~}\\n"

# Nearly every document starts with one of these, and then there is nothing to detect and nothing to recode.
_DECLARATIONS = (b'<?xml version="1.0" encoding="UTF-8"?>', b'<?xml version="1.0" encoding="utf-8"?>')

# Most others start so, and are in UTF-8 unless the HTTP header says otherwise.
_UNDECLARED = (b'<?xml version="1.0"?>', b"<?xml version='1.0'?>", b"<method")

# A longer declaration is refused.
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


@lru_cache(maxsize=64)
def _keeps_ascii(name: str) -> bool:
    """Whether ASCII means the same in an encoding, as it does in nearly all. True for a name that nobody knows."""
    try:
        return _PROBE.decode(name) == _PROBE.decode("ascii")
    except UnicodeError:
        return False
    except (LookupError, ValueError):  # ValueError: a name with a zero byte
        return True


def utf8(document: bytearray, charset: str | None) -> bytes | bytearray:
    """A whole document as `Utf8Stream` recodes it."""
    is_utf8 = document.startswith(_DECLARATIONS) or (
        document.startswith(_UNDECLARED) and (not charset or known_encoding(charset) == "utf-8")
    )
    if is_utf8 and b"\r" not in document:
        return document
    return Utf8Stream(charset).feed(bytes(document), True)


class Utf8Stream:
    """Recodes the blocks of a document to UTF-8.

    Attributes:
        valid: after a ResponseError, the UTF-8 of the block up to what is wrong.
        rest: after a ResponseError, the UTF-8 of what is wrong and follows, for an excerpt.
    """

    def __init__(self, charset: str | None) -> None:
        self.valid: bytes = b""
        self.rest: bytes = b""
        self._charset = charset
        self._started = False
        self._is_blank = True  # whether nothing but white space has come
        self._beginning = b""  # an XML declaration that is not complete
        self._held = b""  # a CR whose LF may come with the next block
        self._encoding = "utf-8"
        self._problem = ""
        self._decoder: codecs.IncrementalDecoder | None = None

    @property
    def is_utf8(self) -> bool:
        """Whether the document itself is in UTF-8, so that its bytes are passed on unchanged."""
        return self._decoder is None

    def feed(self, block: bytes, final: bool = False) -> bytes:
        """Return the next block in UTF-8, with LF as the end of each line (XML 1.0, section 2.11).

        Raises:
            ResponseError: the encoding is not supported, or the block has bytes that are not valid in it. Nothing may
                be fed after that.
        """
        text = self._held + self._recoded(block, final)
        if b"\r" not in text:
            return text
        self._held = b"\r" if text.endswith(b"\r") and not final else b""
        return _lines(text[: len(text) - len(self._held)])

    def following(self, block: bytes) -> bytes:
        """What a block that follows is in UTF-8. Empty if it would have to be recoded: it need not be valid."""
        return _lines(self._held + block) if self.is_utf8 else b""

    def _recoded(self, block: bytes, final: bool) -> bytes:
        if self._started:
            return self._from_first_tag(block, final)
        if not self._beginning and block.startswith(_DECLARATIONS):
            self._started, self._is_blank = True, False
            return block
        block = (self._beginning + block).lstrip(_WHITESPACE)
        is_declaration = b"?" in block[:8] and len(block) <= _MAX_DECLARATION
        if not final and (not block or (is_declaration and b">" not in block)):
            self._beginning = block
            return b""
        self._started = True
        encoding, head = self._detect(block)
        if encoding != "utf-8":
            self._encoding = encoding
            self._decoder = codecs.getincrementaldecoder(encoding)()
        head = self._from_first_tag(head, final)
        if head.startswith(b"<?xml") and b"?>" not in head and len(head) > _MAX_DECLARATION:
            raise self._failure(f"the XML declaration is longer than {_MAX_DECLARATION:,} bytes", b"", head)
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
        if declared is None:
            return self._named_by_http(head), head
        name = declared[2].decode("ascii")
        known = known_encoding(name)
        if known is None:
            problem = f"the document's encoding{_shown(name)} is not supported"
        elif known in _UTF16:
            problem = f"the document declares the encoding{_shown(name)}, but its bytes are not UTF-16"
        else:
            return known, head
        raise self._failure(problem, head[: declared.start(2)], head[declared.start(2) :])

    def _named_by_http(self, head: bytes) -> str:
        """The encoding of a document that does not name one itself."""
        if not self._charset:
            return "utf-8"
        known = known_encoding(self._charset)
        header = f"the charset{_shown(self._charset)} in the Content-Type header"
        if known in _UTF16:
            if b"\0" in head[:2]:
                return "utf-16-be" if known == "utf-16" else known
            raise self._failure(f"{header} does not fit the document, whose bytes are not UTF-16", b"", head)
        if known is not None:
            self._problem = f"the document has bytes that are not valid {known}, the charset in the Content-Type header"
            return known
        self._problem = f"{header} is not supported"
        if not _keeps_ascii(self._charset):
            raise self._failure(self._problem, b"", head)
        return "ascii"

    def _from_first_tag(self, data: bytes, final: bool) -> bytes:
        """`data` in UTF-8, without the white space that the document starts with."""
        before = _WHITESPACE if self._is_blank else b""
        text = self._decoded(data, final, before).lstrip(before)
        self._is_blank = self._is_blank and not text
        return text

    def _decoded(self, data: bytes, final: bool, before: bytes) -> bytes:
        """`data` in UTF-8. Bytes of `before` do not belong to the text where they stand before it."""
        if self._decoder is None:
            return data
        try:
            return self._decoder.decode(data, final).encode()
        except UnicodeDecodeError as error:
            whole, start = error.object, error.start
        # Ours is raised outside the except block, or it would chain the original, which holds the whole block.
        valid = whole[:start].decode(self._encoding).encode().lstrip(before)
        problem = self._problem or f"the document has bytes that are not valid {self._encoding}"
        # Bytes under a charset that nobody knows are most likely UTF-8.
        shown = "utf-8" if self._encoding == "ascii" else self._encoding
        raise self._failure(problem, valid, whole[start:].decode(shown, "replace").encode())

    def _failure(self, message: str, valid: bytes, rest: bytes) -> ResponseError:
        self.valid, self.rest = _lines(self._held + valid), _lines(rest)
        return ResponseError(message)


def _lines(text: bytes) -> bytes:
    """`text` with LF as the end of each line."""
    lines = text.replace(b"\r", b"")  # several times faster than a replacement of CR LF
    if len(text) - len(lines) != text.count(b"\r\n"):
        return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return lines


def _shown(name: str) -> str:
    """The name of an encoding after a blank, if it can stand in a message."""
    return f" {name}" if is_token(name) else ""
