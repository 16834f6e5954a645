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
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Text without any of these needs no closer look.
_SUSPECT = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x80-\xff]")


@lru_cache(maxsize=2)
def _spelling(profile: Profile) -> tuple[list[bytes], dict[int, int]]:
    """The reference for every byte, and the characters that readers make of those beyond ASCII."""
    references = [profile.reference(byte) for byte in range(256)]
    return references, {byte: int(references[byte][2:-1]) for byte in range(128, 256)}


@lru_cache(maxsize=16)
def _escaped(escaping: frozenset[bytes]) -> re.Pattern[bytes]:
    return re.compile(rb"[%s]" % b"".join(_CLASSES[name] for name in sorted(escaping)))


class Text:
    """Writes the text of one document's elements.

    Attributes:
        misread: the path to the first text that a reader would get wrong, or None.
    """

    def __init__(self, options: Options, profile: Profile) -> None:
        entities = options.escaping - {b"cdata"}
        self._pattern = _escaped(entities) if entities else None
        self._references, self._read_as = _spelling(profile)
        self._cdata = b"cdata" in options.escaping
        # Whether bytes above 127 are written as references, one by one.
        self._taken_apart = bool(entities & {b"non-ascii", b"non-print"})
        # Without a declaration XML is UTF-8; of an encoding that nobody knows nothing can be said.
        self._declared = known_encoding(options.encoding.decode("latin-1") or "utf-8")
        self.misread: str | None = None

    def written(self, text: bytes, path: str) -> bytes:
        """What stands between an element's tags."""
        if self.misread is None and not text.isascii() and self._is_misread(text):
            self.misread = path
        if self._pattern:
            # C strings end at a NUL. Where nothing is escaped, it gets as far as the end of the document.
            text = self._pattern.sub(self._refer, text.partition(b"\0")[0])
        return b"<![CDATA[" + text + b"]]>" if self._cdata else text

    def check(self, text: bytes, path: str) -> None:
        """Refuse what PHP would cut, or write as XML that no parser reads.

        Raises:
            EncodeError: with `path`.
        """
        if not _SUSPECT.search(text):
            return
        if b"\0" in text:
            raise EncodeError("PHP cuts a string at its first NUL (strict=False does that)", path=path)
        try:
            bad = _FORBIDDEN.search(self._as_read(text, "strict"))
        except UnicodeDecodeError as error:
            problem = f"the bytes from {error.start} on are not in the declared encoding {self._declared}"
        else:
            if bad is None:
                return
            problem = f"U+{ord(bad[0]):04X}, character {bad.start()} of what PHP writes, is not allowed in XML 1.0"
        raise EncodeError(f"{problem} (strict=False writes it)", path=path)

    def _is_misread(self, text: bytes) -> bool:
        """Whether a reader sees other characters than the author meant: UTF-8, wherever it can be that."""
        seen = self._as_read(text, "replace")
        for encoding in ("utf-8", self._declared or "latin-1"):
            try:
                return text.decode(encoding) != seen
            except UnicodeDecodeError:
                continue
        return text.decode("latin-1") != seen

    def _as_read(self, text: bytes, errors: str) -> str:
        """The characters that a reader of the document sees."""
        if self._taken_apart:
            return text.decode("latin-1").translate(self._read_as)
        return text.decode(self._declared or "latin-1", errors)

    def _refer(self, match: re.Match[bytes]) -> bytes:
        return self._references[match[0][0]]
