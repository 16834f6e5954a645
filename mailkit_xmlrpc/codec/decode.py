"""XML-RPC bytes to Python values.

defusedxml's parser reads the XML and forbids document types, `Builder` follows XML-RPC's grammar, and this
module is the one seam where expat's, defusedxml's and Python's errors become ours, with the place and an
excerpt. A document means the same, errors included, however it was cut into pieces.
"""

from __future__ import annotations

from typing import Any, Callable
from xml.parsers.expat import ExpatError

from defusedxml.common import DefusedXmlException

from ..errors import FaultError, HostileXMLError, ResponseError, TooLargeError
from ..errors.redaction import Excerpt
from .charset import Utf8Stream
from .encode import METHOD_NAME
from .grammar import Builder, Element
from .limits import Limits
from .parser import parser_class, release
from .scalars import SCALARS, STDLIB_BASE64, STDLIB_MOMENT, WHITE

__all__ = ["RequestDecoder", "ResponseDecoder", "decode_request", "decode_response", "fault_error"]

# How much of the document an error shows, in bytes before and after the place.
_BEFORE = 60
_AFTER = 100
# How much of what was read is kept for that.
WINDOW = 4096
# The parser gets the document in blocks of this size, however it comes: so errors, their places and excerpts are
# the same for every cutting. Newer expats put off parsing a token that comes in small pieces.
BLOCK = 65536
# No honest tag or comment is as long as this; text is read as it comes, however long. Older expats search an
# endless one from its beginning with every block.
_TOKEN = 1 << 20


def decode_response(
    data: bytes,
    *,
    charset: str | None = None,
    limits: Limits = Limits(),
    use_builtin_types: bool = True,
    keep_bad_scalars: bool = False,
) -> Any:
    """What `codec.decode_response` does, by the rules alone."""
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
    """Feeds one document to the parser and turns whatever goes wrong into one `ResponseError`.

    The error is held back until the bytes that its excerpt shows have come, or the document has ended.
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
            ResponseError: once it is known that the document cannot be read.
        """
        room = self._limits.response_bytes - self._received
        self._received += len(data)
        self._pending += data if len(data) <= room else data[: max(0, room)]
        while self._failure is None and len(self._pending) >= BLOCK:
            self._advance(self._take(BLOCK), final=False)
        if len(data) > room:
            self._too_large()
        if self._failure is not None:
            self._report(self._failure, final=len(data) > room)

    def _take(self, size: int) -> bytes:
        block = bytes(self._pending[:size])
        del self._pending[:size]
        return block

    def _end(self) -> None:
        """The document has ended: see to it that all of it is read."""
        if self._received == 0:
            raise ResponseError("the document is empty")
        if self._failure is None:
            self._advance(self._take(BLOCK), final=True)
        if self._failure is not None:
            self._report(self._failure, final=True)

    def _too_large(self) -> None:
        """What is wrong within the limit goes before what is wrong with the rest."""
        if self._failure is None:
            self._advance(self._take(BLOCK), final=False)
            self._settle()
        self._fail(TooLargeError(f"the document is larger than the limit of {self._limits.response_bytes:,} bytes"))

    def _result(self) -> Element:
        """The root element, once the document has ended."""
        assert self._builder is not None
        assert self._builder.result is not None  # expat itself reports a document without a root
        return self._builder.result

    def _advance(self, block: bytes, final: bool) -> None:
        try:
            text = self._utf8.feed(block, final)
        except ResponseError as error:
            self._settle()
            self._fail(error)
        else:
            self._absorb(text, final)

    def _settle(self) -> None:
        """Judge everything that has come."""

    def _absorb(self, data: bytes, final: bool) -> None:
        if self._builder is None:
            self._start()
        self._window += data
        self._parse(data, final)
        if self._failure is None:
            # The token that is being read is kept whole: it may be what is wrong, from its first byte on.
            token = self._expat.CurrentByteIndex + self._shift[2] - self._window_start
            seen = max(0, min(len(self._window) - WINDOW, token - _BEFORE))
            self._window = self._window[seen:]
            self._window_start += seen

    def _start(self, opening: str = "", place: tuple[int, int, int] = (1, 0, 0)) -> Builder:
        """Begin to parse at `place` (line, column, byte) of the document, inside the elements of `opening`."""
        builder = Builder(self._root, self._scalars, self._limits.depth, self._keep_bad_scalars)
        self._expat = parser_class()(builder, forbid_dtd=True)._parser
        self._expat.buffer_text = True
        self._expat.Parse(opening.encode(), False)
        line, column, byte = place
        self._shift = line - 1, column - len(opening), byte - len(opening.encode())
        self._builder = builder
        return builder

    def _parse(self, data: bytes, final: bool) -> None:
        failure = self._failure_of(data, final)
        if failure is None:
            if final:
                release(self._expat)
            return
        lines, columns, bytes_before = self._shift
        line, column = self._expat.CurrentLineNumber, self._expat.CurrentColumnNumber
        failure.position = (line + lines, column + columns if line == 1 else column)
        self._fail(failure, max(0, self._expat.CurrentByteIndex + bytes_before))
        release(self._expat)

    def _failure_of(self, data: bytes, final: bool) -> ResponseError | None:
        try:
            self._expat.Parse(data, final)
        except ResponseError as error:
            return error
        except DefusedXmlException as error:
            if str(getattr(error, "name", "")).lower() == "html":
                return HostileXMLError("the document is a web page, no XML-RPC; check the URL")
            return HostileXMLError("the document declares a document type or an entity, which XML-RPC never does")
        except ExpatError as error:
            return ResponseError(f"the document is no well-formed XML ({_reason(error)})")
        except (LookupError, ValueError):
            # pyexpat's own, for an encoding that it does not know; `Utf8Stream` lets none through that is named
            # where XML wants it.
            return ResponseError("the document names its encoding in a place of its own")
        unread = self._window_start + len(self._window) - self._expat.CurrentByteIndex - self._shift[2]
        if unread > _TOKEN:
            return HostileXMLError(f"the document holds a tag or comment of more than {_TOKEN:,} bytes")
        return None

    def _fail(self, error: ResponseError, at: int | None = None) -> None:
        if self._failure is None:
            self._failure, self._failed_at = error, at

    def _report(self, failure: ResponseError, final: bool) -> None:
        if self._failed_at is not None:
            at = self._failed_at - self._window_start
            # What would have to be transcoded first is left out: it need not be in the encoding.
            following = self._pending[:_AFTER] if self._utf8.as_is else b""
            if self._utf8.as_is and len(self._window) + len(following) < at + _AFTER and not final:
                return
            known, begin, end = self._window + following, max(0, at - _BEFORE), at + _AFTER
            failure.excerpt = Excerpt(
                known[begin:end].decode("utf-8", "replace").strip("\ufffd"),
                cut_start=begin > 0 or self._window_start > 0,
                cut_end=end < len(known) or len(following) < len(self._pending) or not final,
            )
        raise failure


def _reason(error: ExpatError) -> str:
    """What expat says, without the place, which the error carries anyway."""
    return str(error).partition(":")[0]


class ResponseDecoder(Decoder):
    """Decodes an answer as it arrives: `feed` its pieces, then `close`. Options as for `decode_response`.

    `use_datetime` alone chooses datetime over the standard library's DateTime, as `ServerProxy` can.
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
            scalars = {**scalars, **STDLIB_BASE64, **({} if use_datetime else STDLIB_MOMENT)}
        super().__init__(
            "methodResponse", charset=charset, limits=limits, scalars=scalars, keep_bad_scalars=keep_bad_scalars
        )

    def close(self) -> Any:
        """The document has ended: return its value.

        Raises:
            FaultError: the answer is a fault.
            ResponseError: it cannot be read.
        """
        self._end()
        return self._value()

    def _value(self) -> Any:
        root = self._result()
        if not root.items:
            raise ResponseError("the answer holds neither params nor a fault")
        if root.tags == ["fault"]:
            raise fault_error(root.items[0])
        params = root.items[0]
        if len(params) != 1:
            raise ResponseError(f"an answer has one param, this one has {len(params)}")
        return params[0]


def fault_error(value: Any) -> FaultError:
    """The error for the value of a fault. Raises ResponseError if it does not have the form of one."""
    if not isinstance(value, dict) or not {"faultCode", "faultString"} <= value.keys():
        raise ResponseError("a fault needs a struct with faultCode and faultString")
    code, text = value["faultCode"], value["faultString"]
    if isinstance(code, (list, dict)) or not isinstance(text, str):
        raise ResponseError("a fault needs a scalar as faultCode and a string as faultString")
    return FaultError(code, text)


class RequestDecoder(Decoder):
    """Decodes a call as it arrives: `feed` its pieces, then `close`."""

    def __init__(self, *, charset: str | None = None, limits: Limits = Limits()) -> None:
        super().__init__("methodCall", charset=charset, limits=limits)

    def close(self) -> tuple[str, tuple[Any, ...]]:
        """The document has ended: return method and params. Raises ResponseError if it cannot be read."""
        self._end()
        root = self._result()
        if root.tags[:1] != ["methodName"]:
            raise ResponseError("a <methodCall> begins with its <methodName>")
        method = root.items[0].strip(WHITE)
        if not METHOD_NAME.fullmatch(method):
            raise ResponseError("a method name is made of ASCII letters, digits and _ . : /")
        return method, tuple(root.items[1]) if len(root.items) > 1 else ()
