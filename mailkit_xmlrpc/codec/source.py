"""The text of a document, in UTF-8, as far as it is still needed: to be read, or to say where something is wrong."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import ResponseError

__all__ = ["BLOCK", "EXCERPT_BEFORE", "Failure", "Source"]

# A reader always gets the document in blocks of this size. So errors, their positions and excerpts do not depend on how
# the document was cut, also with newer versions of expat, which delay a token that comes in small pieces.
BLOCK = 65536

# How many bytes before the position of an error are shown.
EXCERPT_BEFORE = 60

# How many bytes of the beginning of a document are kept, to tell whether it is a web page.
_HEAD = BLOCK

# In UTF-8, every character has one byte that is not among these.
_CONTINUATION = bytes(range(0x80, 0xC0))


class Failure(NamedTuple):
    """What is wrong with a document.

    Attributes:
        error: the error, without position and excerpt.
        at: the byte of the UTF-8 text where it is.
    """

    error: ResponseError
    at: int


class Source:
    """Holds text until it is let go.

    Attributes:
        start: the byte of the document at which the text that is held starts.
        end: the byte of the document at which it ends.
        head: the beginning of the document.
    """

    def __init__(self) -> None:
        self.start: int = 0
        self.end: int = 0
        self.head: bytes = b""
        self._blocks: list[bytes] = []
        self._line, self._column = 1, 0  # of the start

    def add(self, text: bytes) -> None:
        """Add the text that follows."""
        self._blocks.append(text)
        self.end += len(text)
        if len(self.head) < _HEAD:
            self.head = (self.head + text)[:_HEAD]

    @property
    def text(self) -> bytes:
        """The text that is held."""
        if len(self._blocks) != 1:
            self._blocks = [b"".join(self._blocks)]
        return self._blocks[0]

    def let_go(self, byte: int) -> None:
        """Drop the text before this byte of the document, except what an excerpt at it shows."""
        start = byte - EXCERPT_BEFORE
        if start > self.start:
            self._line, self._column = self.position(start)
            self._blocks = [self.text[start - self.start :]]
            self.start = start

    def position(self, byte: int) -> tuple[int, int]:
        """The line, counted from 1, and the column, counted in characters from 0, of a byte of the document."""
        text, end = self.text, byte - self.start
        lines = text.count(b"\n", 0, end)
        line = text[text.rfind(b"\n", 0, end) + 1 : end]
        characters = len(line) if line.isascii() else len(line.translate(None, _CONTINUATION))
        return self._line + lines, characters if lines else self._column + characters
