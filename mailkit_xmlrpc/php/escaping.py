"""Escapes text as PHP does, and finds the text that a reader would get wrong.

PHP's extension escapes bytes instead of characters and never converts an encoding. This corrupts text in three ways. A
NUL ends it. A character that XML forbids makes the whole document unreadable. UTF-8 is escaped byte by byte into
references that a reader decodes to other characters. The first two are refused unless strict is off. For the third,
`Escaper.misread` keeps the path of the first such text, for a `MojibakeWarning`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..codec.charset import known_encoding
from ..errors import EncodeError
from .options import Options, Profile

__all__ = ["Escaper"]

# The bytes that each option escapes. non-print is what isprint() rejects in the C locale; markup leaves out the
# apostrophe, as PHP does.
_ESCAPED_BYTES = {b"markup": rb"&\"<>", b"non-ascii": rb"\x80-\xff", b"non-print": rb"\x00-\x1f\x7f-\xff"}

# The complement of XML 1.0, production 2 (Char): no parser accepts these, raw or as a reference.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Text without any of these bytes needs no further check.
_SUSPECT = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x80-\xff]")


@lru_cache(maxsize=2)
def _references(profile: Profile) -> tuple[list[bytes], dict[int, int]]:
    """The reference for every byte, and the code points that a reader decodes those of 128 to 255 to."""
    references = [profile.reference(byte) for byte in range(256)]
    return references, {byte: int(references[byte][2:-1]) for byte in range(128, 256)}


@lru_cache(maxsize=16)
def _pattern(escaping: frozenset[bytes]) -> re.Pattern[bytes]:
    return re.compile(rb"[%s]" % b"".join(_ESCAPED_BYTES[name] for name in sorted(escaping)))


class Escaper:
    """Escapes the text of one document's elements.

    Attributes:
        misread: the path to the first text that a reader would decode to other characters, or None.
    """

    def __init__(self, options: Options, profile: Profile) -> None:
        entities = options.escaping - {b"cdata"}
        self._pattern = _pattern(entities) if entities else None
        self._references, self._decoded_references = _references(profile)
        self._cdata = b"cdata" in options.escaping
        # Whether bytes above 127 are written as one reference each.
        self._splits_utf8 = bool(entities & {b"non-ascii", b"non-print"})
        # XML without a declaration is UTF-8. Nothing can be checked in an unknown encoding.
        self._declared = known_encoding(options.encoding.decode("latin-1") or "utf-8")
        self.misread: str | None = None

    def escape(self, text: bytes, path: str) -> bytes:
        """The content of an element whose text is `text`."""
        if self.misread is None and not text.isascii() and self._is_misread(text):
            self.misread = path
        if self._pattern:
            # Escaping takes a C string, which ends at a NUL. Without escaping, the NUL ends the whole document.
            text = self._pattern.sub(self._reference, text.partition(b"\0")[0])
        return b"<![CDATA[" + text + b"]]>" if self._cdata else text

    def check(self, text: bytes, path: str) -> None:
        """Refuse text that PHP would cut, or write as XML that no parser accepts.

        Raises:
            EncodeError: with `path`.
        """
        if not _SUSPECT.search(text):
            return
        if b"\0" in text:
            raise EncodeError("PHP cuts a string at its first NUL; remove it, or pass strict=False", path=path)
        try:
            bad = _FORBIDDEN.search(self._as_read(text, "strict"))
        except UnicodeDecodeError as error:
            problem = f"the bytes from {error.start} on are not in the declared encoding {self._declared}"
        else:
            if bad is None:
                return
            problem = f"U+{ord(bad[0]):04X}, character {bad.start()} of what PHP writes, is not allowed in XML 1.0"
        raise EncodeError(f"{problem}; change the text, or pass strict=False", path=path)

    def _is_misread(self, text: bytes) -> bool:
        """Whether a reader gets other characters than the author meant. Text that is valid UTF-8 is taken for that."""
        seen = self._as_read(text, "replace")
        for encoding in ("utf-8", self._declared or "latin-1"):
            try:
                return text.decode(encoding) != seen
            except UnicodeDecodeError:
                continue
        return text.decode("latin-1") != seen

    def _as_read(self, text: bytes, errors: str) -> str:
        """The characters that a reader of the document gets."""
        if self._splits_utf8:
            return text.decode("latin-1").translate(self._decoded_references)
        return text.decode(self._declared or "latin-1", errors)

    def _reference(self, match: re.Match[bytes]) -> bytes:
        return self._references[match[0][0]]
