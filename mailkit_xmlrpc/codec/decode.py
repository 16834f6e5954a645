"""XML-RPC bytes to Python values.

defusedxml's parser reads the XML and forbids document types. `Builder` follows XML-RPC's grammar. This module feeds
them and turns the errors of expat, defusedxml and Python into ours, with the position and an excerpt. The same
document gives the same value or the same error however it was cut into pieces.
"""

from __future__ import annotations

from typing import Any, Callable
from xml.parsers.expat import ExpatError

from defusedxml.common import DefusedXmlException

from ..errors import FaultError, HostileXMLError, ResponseError, TooLargeError
from ..errors.redaction import Excerpt
from .charset import Utf8Stream
from .grammar import Builder, Element
from .limits import Limits
from .pages import page_problem
from .parser import building_parser, release
from .scalars import SCALARS, STDLIB_BASE64, STDLIB_DATETIME

__all__ = ["RequestDecoder", "ResponseDecoder", "decode_request", "decode_response"]

# How many bytes before and after the position of an error are shown, and how many are kept for that.
_EXCERPT_BEFORE = 60
_EXCERPT_AFTER = 100
# Of a fault more is shown: what matters is its text, and the tags in front of it are long.
_FAULT_AFTER = 300
WINDOW = 4096
# The parser always gets the document in blocks of this size. So errors, their positions and excerpts do not depend
# on how the document was cut, also with newer versions of expat, which delay a token that comes in small pieces.
BLOCK = 65536
# Tags and comments of honest documents are shorter than this. Text has no such bound, because it is read as it comes.
# Older versions of expat search an unfinished tag from its start again with every block.
_MAX_TOKEN = 1 << 20


def decode_response(
    data: bytes,
    *,
    charset: str | None = None,
    limits: Limits = Limits(),
    use_builtin_types: bool = True,
    keep_bad_scalars: bool = False,
) -> Any:
    """`codec.decode_response` without its fast path."""
    decoder = ResponseDecoder(
        charset=charset, limits=limits, use_builtin_types=use_builtin_types, keep_bad_scalars=keep_bad_scalars
    )
    decoder.feed(data)
    return decoder.close()


def decode_request(
    data: bytes, *, charset: str | None = None, limits: Limits = Limits()
) -> tuple[str, tuple[Any, ...]]:
    """Decode a call and return its method and params. Raises ResponseError as `decode_response` does."""
    decoder = RequestDecoder(charset=charset, limits=limits)
    decoder.feed(data)
    return decoder.close()


class Decoder:
    """Feeds one document to the parser and turns every failure into one `ResponseError`.

    The error is held back until the bytes that its excerpt shows have arrived or the document has ended.
    """

    def __init__(
        self,
        root: str,
        *,
        charset: str | None,
        limits: Limits,
        scalars: dict[str, Callable[[str], Any]] = SCALARS,
        keep_bad_scalars: bool = False,
    ) -> None:
        self._root = root
        self._scalars = scalars
        self._limits = limits
        self._keep_bad_scalars = keep_bad_scalars
        self._utf8 = Utf8Stream(charset)
        self._builder: Builder | None = None
        self._received = 0
        self._pending = bytearray()
        self._window = b""  # the latest UTF-8 of the document, for an excerpt
        self._window_start = 0
        self._failure: ResponseError | None = None
        self._failed_at: int | None = None

    def feed(self, data: bytes) -> None:
        """Take the next piece of the document, of any size.

        Raises:
            ResponseError: as soon as it is certain that the document cannot be read.
        """
        room = self._limits.response_bytes - self._received
        self._received += len(data)
        self._pending += data if len(data) <= room else data[: max(0, room)]
        while self._failure is None and len(self._pending) >= BLOCK:
            self._decode_block(self._take_block(), final=False)
        if len(data) > room:
            limit = self._limits.response_bytes
            self.stop(TooLargeError(f"the document is larger than the limit of {limit:,} bytes"))
        if self._failure is not None:
            self._report(self._failure, final=False)

    def stop(self, error: ResponseError) -> None:
        """Raise `error`, for which the rest of the document cannot be read, with the position that was reached. It has
        none if nothing of the document has come.

        Raises:
            ResponseError: this one, or another one if what has come is wrong already.
        """
        if self._received == 0:
            raise error
        if self._failure is None:
            self._decode_block(self._take_block(), final=False)
            self._parse_unread()
        if self._failure is None:
            self._fail_at_token(error)
        self._report(self._failure or error, final=True)

    def _take_block(self) -> bytes:
        block = bytes(self._pending[:BLOCK])
        del self._pending[:BLOCK]
        return block

    def _finish(self) -> None:
        """Read the rest of the document, which has ended."""
        if self._received == 0:
            raise ResponseError("the document is empty", position=(1, 0))
        if self._failure is None:
            self._decode_block(self._take_block(), final=True)
        if self._failure is not None:
            self._report(self._failure, final=True)

    def _result(self) -> Element:
        """The root element of the document, which has ended."""
        assert self._builder is not None
        assert self._builder.result is not None  # expat itself reports a document without a root
        return self._builder.result

    def _decode_block(self, block: bytes, final: bool) -> None:
        try:
            text, failure = self._utf8.feed(block, final), None
        except ResponseError as error:
            text, failure = self._utf8.valid, error
        # Outside the except block: an error that is raised while parsing would chain the one that was caught.
        self._parse_text(text, final and failure is None)
        if failure is not None:
            self._parse_unread()
            self._fail(failure)

    def _parse_unread(self) -> None:
        """Parse everything that has arrived. Here `_parse_text` has done so; a subclass may delay it."""

    def _parse_text(self, data: bytes, final: bool) -> None:
        builder = self._builder or self._start_parser()
        self._window += data
        self._parse(builder, data, final)
        if self._failure is None:
            # The unfinished token is kept whole: an error in it is reported at its first byte.
            token = self._expat.CurrentByteIndex + self._offset[2] - self._window_start
            seen = max(0, min(len(self._window) - WINDOW, token - _EXCERPT_BEFORE))
            self._window = self._window[seen:]
            self._window_start += seen

    def _start_parser(self, opening: str = "", start: tuple[int, int, int] = (1, 0, 0)) -> Builder:
        """Start to parse at `start` (line, column, byte) of the document, inside the elements of `opening`."""
        builder = Builder(self._root, self._scalars, self._limits.depth, self._keep_bad_scalars)
        self._expat = building_parser(builder)
        self._expat.buffer_text = True
        self._expat.Parse(opening.encode(), False)
        line, column, byte = start
        self._offset = line - 1, column - len(opening), byte - len(opening.encode())
        self._builder = builder
        return builder

    def _parse(self, builder: Builder, data: bytes, final: bool) -> None:
        failure = self._failure_of(data, final)
        if failure is None:
            if final:
                release(self._expat)
            return
        if self._window_start == 0 and not builder.has_root and (problem := page_problem(self._window)):
            failure = type(failure)(problem)
        self._fail_at_token(failure)

    def _fail_at_token(self, failure: ResponseError) -> None:
        """Fail at the token that the parser has reached."""
        lines, columns, bytes_before = self._offset
        line, column = self._expat.CurrentLineNumber, self._expat.CurrentColumnNumber
        failure.position = (line + lines, column + columns if line == 1 else column)
        self._fail(failure, max(0, self._expat.CurrentByteIndex + bytes_before))
        release(self._expat)

    def _failure_of(self, data: bytes, final: bool) -> ResponseError | None:
        try:
            self._expat.Parse(data, final)
        except ResponseError as error:
            return error
        except DefusedXmlException:
            return HostileXMLError("the document declares a document type or an entity, which XML-RPC never does")
        except ExpatError as error:
            return ResponseError(f"the document is not well-formed XML ({_reason(error)})")
        except (LookupError, ValueError):
            # pyexpat raises these for an encoding that it does not know. `Utf8Stream` has replaced the encoding's name
            # wherever the XML declaration has its standard form.
            return ResponseError("the encoding in the XML declaration cannot be read")
        unread = self._window_start + len(self._window) - self._expat.CurrentByteIndex - self._offset[2]
        if unread > _MAX_TOKEN:
            return HostileXMLError(f"the document has a tag or comment of more than {_MAX_TOKEN:,} bytes")
        return None

    def _fail(self, error: ResponseError, at: int | None = None) -> None:
        if self._failure is None:
            self._failure, self._failed_at = error, at

    def _report(self, failure: ResponseError, final: bool) -> None:
        if self._failed_at is not None and not failure.excerpt:
            at = self._failed_at - self._window_start
            after = _FAULT_AFTER if self._builder is not None and self._builder.in_fault else _EXCERPT_AFTER
            # Bytes that would have to be transcoded first are left out: they need not be valid in the encoding.
            following = self._pending[:after] if self._utf8.is_utf8 else b""
            if self._utf8.is_utf8 and len(self._window) + len(following) < at + after and not final:
                return
            known = self._window + following
            begin, end = max(0, at - _EXCERPT_BEFORE), at + after
            failure.excerpt = Excerpt(
                known[begin:end].decode("utf-8", "replace").strip("\ufffd"),
                cut_start=begin > 0 or self._window_start > 0,
                cut_end=end < len(known) or len(following) < len(self._pending) or not final,
            )
        raise failure


def _reason(error: ExpatError) -> str:
    """Expat's message without the position, which our error has anyway."""
    return str(error).partition(":")[0]


class ResponseDecoder(Decoder):
    """Decodes an answer as it arrives: `feed` its pieces, then `close`. Takes the options of `decode_response`.

    `use_datetime` replaces only the standard library's DateTime with datetime, as the option of `ServerProxy` does.
    """

    def __init__(
        self,
        *,
        charset: str | None = None,
        limits: Limits = Limits(),
        use_builtin_types: bool = True,
        use_datetime: bool = False,
        keep_bad_scalars: bool = False,
    ) -> None:
        scalars = SCALARS
        if not use_builtin_types:
            scalars = {**scalars, **STDLIB_BASE64, **({} if use_datetime else STDLIB_DATETIME)}
        super().__init__(
            "methodResponse", charset=charset, limits=limits, scalars=scalars, keep_bad_scalars=keep_bad_scalars
        )

    def close(self) -> Any:
        """Return the value of the document, which has ended.

        Raises:
            FaultError: the answer is a fault.
            ResponseError: the answer cannot be read.
        """
        self._finish()
        return self._value()

    def _value(self) -> Any:
        (value,) = self._result().items
        if isinstance(value, FaultError):
            raise value
        return value


class RequestDecoder(Decoder):
    """Decodes a call as it arrives: `feed` its pieces, then `close`."""

    def __init__(self, *, charset: str | None = None, limits: Limits = Limits()) -> None:
        super().__init__("methodCall", charset=charset, limits=limits)

    def close(self) -> tuple[str, tuple[Any, ...]]:
        """Return method and params of the document, which has ended. Raises ResponseError if it cannot be read."""
        self._finish()
        method, *rest = self._result().items
        return method, tuple(rest[0]) if rest else ()
