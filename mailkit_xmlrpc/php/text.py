"""Text as PHP writes it, and what is wrong with that.

PHP's extension escapes bytes, not characters, and never changes an encoding. So three things happen to text that
its author did not mean: a NUL ends it, a character that XML forbids makes the document unreadable, and UTF-8 is
taken apart into references that a reader puts together as something else. The first two are refused, unless
strict is off; of the third `Text.misread` keeps the place, for a `MojibakeWarning`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..codec.charset import known_encoding
from ..errors import EncodeError
from .options import Options, Profile

__all__ = ["Text"]

# isprint() in the C locale is false of these; and these are markup to PHP, which leaves the apostrophe alone.
_CLASSES = {b"markup": rb"&\"<>", b"non-ascii": rb"\x80-\xff", b"non-print": rb"\x00-\x1f\x7f-\xff"}

# XML 1.0, production 2 (Char), turned round: no parser takes these, raw or as a reference.
_FORBIDDEN = re.compile(rb"[\x01-\x08\x0b\x0c\x0e-\x1f]")
_FORBIDDEN_UTF8 = re.compile("[\ufffe\uffff]")


@lru_cache(maxsize=16)
def _escaped(escaping: frozenset[bytes]) -> re.Pattern[bytes]:
    return re.compile(rb"[%s]" % b"".join(_CLASSES[name] for name in sorted(escaping)))


class Text:
    """Writes the text of one document's elements.

    Attributes:
        misread: the path to the first text that a reader would get wrong, or None.
    """

    def __init__(self, options: Options, profile: Profile, strict: bool) -> None:
        entities = options.escaping - {b"cdata"}
        self._pattern = _escaped(entities) if entities else None
        self._references = [profile.reference(byte) for byte in range(256)]
        self._cdata = b"cdata" in options.escaping
        self._strict = strict
        # Whether bytes above 127 are written as references, which name characters of ISO-8859-1.
        self._taken_apart = bool(entities & {b"non-ascii", b"non-print"})
        # Without a declaration XML is UTF-8; of an encoding that nobody knows nothing can be said.
        declared = options.encoding.decode("latin-1") or "utf-8"
        self._declared = known_encoding(declared)
        self.misread: str | None = None

    def written(self, text: bytes, path: str) -> bytes:
        """What stands between an element's tags.

        Raises:
            EncodeError: if strict, for a NUL and for what XML forbids.
        """
        if self._strict:
            self.check(text, path)
        if self.misread is None and not text.isascii() and self._is_misread(text):
            self.misread = path
        if self._pattern:
            # C strings end at a NUL. Where nothing is escaped, it gets as far as the end of the document.
            text = self._pattern.sub(self._refer, text.partition(b"\0")[0])
        return b"<![CDATA[" + text + b"]]>" if self._cdata else text

    def check(self, text: bytes, path: str) -> None:
        """Refuse what PHP would cut, or write as XML that nobody can read."""
        if b"\0" in text:
            raise EncodeError("PHP cuts a string at its first NUL (strict=False does that)", path=path)
        problem = self._ill_formed(text)
        if problem:
            raise EncodeError(f"{problem}, so PHP's XML cannot be read (strict=False writes it)", path=path)

    def _ill_formed(self, text: bytes) -> str | None:
        if bad := _FORBIDDEN.search(text):
            return f"U+{bad[0][0]:04X} at byte {bad.start()} is not allowed in XML 1.0"
        if self._taken_apart or self._declared is None or text.isascii():
            return None
        try:
            characters = text.decode(self._declared)
        except UnicodeDecodeError as error:
            return f"the bytes from {error.start} on are not in the declared encoding {self._declared}"
        if wrong := _FORBIDDEN_UTF8.search(characters):
            return f"U+{ord(wrong[0]):04X} at character {wrong.start()} is not allowed in XML 1.0"
        return None

    def _is_misread(self, text: bytes) -> bool:
        """Whether a reader sees other characters than the author meant: UTF-8 wherever it can be that."""
        declared = self._declared or "latin-1"
        seen = text.decode("latin-1" if self._taken_apart else declared, "replace")
        try:
            return seen != text.decode("utf-8")
        except UnicodeDecodeError:
            return self._taken_apart and declared != "utf-8" and seen != text.decode(declared, "replace")

    def _refer(self, match: re.Match[bytes]) -> bytes:
        return self._references[match[0][0]]
