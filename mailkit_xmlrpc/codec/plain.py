"""Reads any document, event by event: expat calls `Builder`, which follows the grammar."""

from __future__ import annotations

from typing import Any
from xml.parsers.expat import ExpatError

from defusedxml.common import DefusedXmlException

from ..errors import HostileXMLError, ResponseError
from .grammar import Builder
from .pages import page_problem
from .parser import guarded_parser
from .scalars import Scalar
from .source import Failure, Source

__all__ = ["PlainReader"]

# Tags and comments of honest documents are shorter than this. Text has no such bound, because it is read as it comes.
# Older versions of expat search an unfinished tag from its start again with every block.
_MAX_TOKEN = 1 << 20


class PlainReader:
    """Reads a document from its text.

    Args:
        source: the text, which the caller adds to before each `read`.
        root: the document's root element.
        scalars: the scalar types by the names of their elements.
        depth: how many arrays and structs may be inside one another.
        opening: the tags of the elements that are open where reading starts.
        start: the byte of the document at which reading starts.

    Attributes:
        builder: what builds the values.
        reached: the byte of the document at which the token starts that is read next.
        fell_back: why the plain reader reads the document; empty while it does not.
        plain: None, because no other reader goes on.
    """

    plain: None = None
    fell_back: str = "the plain reader was asked for"

    def __init__(
        self,
        source: Source,
        root: str,
        scalars: dict[str, Scalar],
        depth: int,
        *,
        opening: str = "",
        start: int = 0,
    ) -> None:
        builder = Builder(root, scalars, depth)
        self.builder: Builder = builder
        self._source = source
        self._expat = guarded_parser("utf-8")
        self._expat.buffer_text = True
        self._expat.StartElementHandler = builder.start
        self._expat.EndElementHandler = builder.end
        self._expat.CharacterDataHandler = builder.data
        self._expat.Parse(opening.encode(), False)
        self.reached: int = start
        self._end = start
        self._offset = start - len(opening.encode())

    @staticmethod
    def read_whole(text: bytes | bytearray, root: str, scalars: dict[str, Scalar], depth: int) -> None:
        """Reads nothing: every document is read from its `Source`."""

    @property
    def items(self) -> list[Any]:
        """The values of the root element's children, once the document has ended."""
        assert self.builder.result is not None  # expat itself reports a document without a root
        return self.builder.result.items

    def read(self, block: bytes, final: bool) -> Failure | None:
        """Read the next block, which is the last one if `final`. Returns what is wrong with it."""
        self._end += len(block)
        error = self._error(block, final)
        self.reached = max(0, self._expat.CurrentByteIndex + self._offset)
        if error is None:
            # The unfinished token is kept: an error in it is reported at its first byte.
            self._source.let_go(self.reached)
            return None
        problem = "" if self.builder.has_root else page_problem(self._source.head)
        return Failure(type(error)(problem) if problem else error, self.reached)

    @property
    def in_fault(self) -> bool:
        """Whether the fault of an answer is open."""
        return self.builder.in_fault

    def catch_up(self) -> Failure | None:
        """Read what has arrived; all of it has been read."""
        return None

    def _error(self, block: bytes, final: bool) -> ResponseError | None:
        try:
            self._expat.Parse(block, final)
        except ResponseError as error:
            return error
        except DefusedXmlException:
            return HostileXMLError("the document declares a document type or an entity, which XML-RPC never does")
        except ExpatError as error:
            return ResponseError(f"the document is not well-formed XML ({_reason(error)})")
        if self._end - self._expat.CurrentByteIndex - self._offset > _MAX_TOKEN:
            return HostileXMLError(f"the document has a tag or comment of more than {_MAX_TOKEN:,} bytes")
        return None


def _reason(error: ExpatError) -> str:
    """Expat's message without the position, which our error has anyway."""
    return str(error).partition(":")[0]
