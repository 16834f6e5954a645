"""Reads the usual documents, several times faster than event by event.

defusedxml's parser proves that the text is well-formed and has no document type; it calls no handler written in Python.
`Scanner` reads the text with compiled patterns. The proof is never left out, and no value is returned before it is
complete. Where the document is unusual or wrong, the plain reader goes on from the last token that was read.

A document that is read whole is proved last: expat needs memory for every open tag, and the scanner lets only few be
open. In any other one, each block is proved before it is read.
"""

from __future__ import annotations

import codecs
from typing import Any
from xml.parsers.expat import ExpatError

from defusedxml.common import DefusedXmlException

from .parser import guarded_parser
from .plain import PlainReader
from .scalars import Scalar
from .scan import Scanner
from .source import BLOCK, Failure, Source
from .tokens import UnusualError

__all__ = ["FastReader"]

# How many bytes are read at once, and how many may be unread. What is left of them is an unfinished token: one that is
# longer is for the plain reader, which takes it in blocks.
_READ_SIZE = 1 << 18
_MAX_UNREAD = 1 << 21
# How many tags may be unread when so much was read at once: a token has fewer, and expat needs memory for open ones.
_MAX_TAGS = 1000
# The start of a comment, of CDATA and of a document type. Nearly all documents with one have one at their beginning,
# and then need not be proved before the plain reader reads them.
_UNUSUAL = b"<!"


class FastReader:
    """Reads a document from its text. Arguments, attributes and methods are those of `PlainReader`.

    Attributes:
        plain: the reader that goes on where the document is unusual or wrong; None before.
    """

    items: list[Any]
    in_fault = False
    plain: PlainReader | None = None

    @staticmethod
    def read_whole(text: bytes | bytearray, root: str, scalars: dict[str, Scalar], depth: int) -> list[Any] | None:
        """The `items` of a document of which this is all text; None if it is unusual or wrong."""
        if b"!" in text and _UNUSUAL in text:  # one byte is found much faster than two
            return None
        scanner = Scanner(root, scalars, depth)
        try:
            scanner.feed(text.decode(), True)
            guarded_parser("utf-8").Parse(text, True)
        except (UnicodeDecodeError, UnusualError, ExpatError, DefusedXmlException):
            return None
        return scanner.items

    def __init__(self, source: Source, root: str, scalars: dict[str, Scalar], depth: int) -> None:
        self.fell_back: str = ""
        self._source = source
        self._grammar = (root, scalars, depth)
        self._proof = guarded_parser("utf-8")
        self._scanner = Scanner(root, scalars, depth)
        self.reached: int = 0  # before this byte, the scanner has read the document
        # Less at first: what is unusual or hostile mostly is so from its beginning.
        self._enough = self._at_once = min(BLOCK, _READ_SIZE)
        self._first = BLOCK  # the size of the first block, or of what is not white space in it

    def read(self, block: bytes, final: bool) -> Failure | None:
        """See `PlainReader`."""
        is_first = self._source.end == len(block)
        if is_first:
            # Expat tells an error at another place if the first byte of a document comes alone.
            self._first = len(block) or BLOCK
        if is_first and _UNUSUAL in block:
            self.fell_back = "a comment, CDATA or a document type"
        else:
            try:
                self._proof.Parse(block, final)
                self._scan(final)
            except (ExpatError, DefusedXmlException):
                self.fell_back = "not well-formed, or with a document type"
        return self._fall_back(final) if self.fell_back else None

    def catch_up(self) -> Failure | None:
        """See `PlainReader`."""
        self.fell_back = "text that cannot be read follows"
        return self._fall_back(final=False)

    def _scan(self, final: bool) -> None:
        """Read what has been proved, if it is enough."""
        proved = self._source.end if final else max(0, self._proof.CurrentByteIndex)
        if final or proved - self.reached >= self._enough:
            self._scan_to(proved, final)
        if self._source.end - self.reached > _MAX_UNREAD and not final:
            self.fell_back = self.fell_back or "a long token"

    def _scan_to(self, end: int, final: bool) -> None:
        start = self._source.start
        # What has been proved may end within a character, whose rest is still to come.
        text, size = codecs.utf_8_decode(self._source.text[self.reached - start : end - start], "strict", final)
        try:
            pos = self._scanner.feed(text, final)
        except UnusualError as unusual:
            self.fell_back, pos = str(unusual), unusual.at
        if final and not self.fell_back:
            self.items = self._scanner.items
            return
        if not self.fell_back and text.count("<", pos) > _MAX_TAGS:
            self.fell_back = "an unusual token"
        left = len(text[pos:].encode())
        self.reached += size - left
        self._at_once = min(2 * self._at_once, _READ_SIZE)
        self._enough = min(self._at_once + 2 * left, _MAX_UNREAD)
        self._source.let_go(self.reached)

    def _fall_back(self, final: bool) -> Failure | None:
        """Let the plain reader go on from the last boundary between tokens, in the containers that are open there."""
        source, scanner = self._source, self._scanner
        self.plain = PlainReader(source, *self._grammar, opening=scanner.opening_tags(), start=self.reached)
        scanner.resume(self.plain.builder)
        unread = source.text[self.reached - source.start :]
        starts = [0, *range(BLOCK if self.reached else self._first, len(unread), BLOCK)]
        for at, end in zip(starts, [*starts[1:], len(unread)]):
            failure = self.plain.read(unread[at:end], final and end == len(unread))
            if failure is not None:
                return failure
        return None
