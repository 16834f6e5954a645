"""XML-RPC bytes to Python values.

`Decoder` reads a usual document whole, when it has ended. It cuts a large one into blocks, and one that is unusual or
wrong. It recodes them to UTF-8, counts them and gives them to a reader: `FastReader`, which hands over to `PlainReader`
where a document is unusual. It turns what is wrong into one error, with the position and an excerpt. The same document
gives the same value or the same error however it was cut into pieces.
"""

from __future__ import annotations

from typing import Any

from ..errors import FaultError, ResponseError, TooLargeError
from ..errors.redaction import Excerpt
from .charset import Utf8Stream, utf8
from .fast import FastReader
from .limits import Limits
from .plain import PlainReader
from .scalars import SCALARS, STDLIB_BASE64, STDLIB_DATETIME, Scalar, keeping_bad
from .source import BLOCK, EXCERPT_BEFORE, Failure, Source

__all__ = ["Decoder", "RequestDecoder", "ResponseDecoder", "decode_request", "decode_response"]

# How many bytes after the position of an error are shown. Of a fault more is shown: what matters is its text, and the
# tags in front of it are long.
_EXCERPT_AFTER = 100
_FAULT_AFTER = 300
# A document of this size is read block by block as it arrives. A smaller one is held until it has ended, because it is
# faster to read whole: expat counts the lines of all but the last block, and each block has a cost of its own.
LARGE = 1 << 21


def decode_response(
    data: bytes,
    *,
    charset: str | None = None,
    limits: Limits = Limits(),
    use_builtin_types: bool = True,
    keep_bad_scalars: bool = False,
) -> Any:
    """Decode an answer and return its value.

    Args:
        data: the document.
        charset: the charset of the HTTP Content-Type, for a document that does not declare an encoding.
        limits: bounds on size and depth.
        use_builtin_types: decode to datetime and bytes; otherwise to the standard library's DateTime and Binary.
        keep_bad_scalars: keep the text of a scalar that does not fit its type, instead of an error.

    Raises:
        FaultError: the answer is a fault.
        ResponseError: the answer cannot be read.
    """
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
    """Feeds one document to a reader and turns what is wrong into one `ResponseError`.

    The error is held back until the bytes that its excerpt shows have arrived or the document has ended.
    """

    reader: type[FastReader] | type[PlainReader] = FastReader
    """What reads the document. The tests compare both."""

    _received = 0
    _reader: FastReader | PlainReader | None = None
    _failure: Failure | None = None

    def __init__(self, root: str, charset: str | None, limits: Limits, scalars: dict[str, Scalar]) -> None:
        self._root = root
        self._charset = charset
        self._limits = limits
        self._scalars = scalars
        self._pending = bytearray()

    @property
    def fell_back(self) -> str:
        """Why the plain reader reads the document, from some point on. Empty if the fast one reads all of it."""
        return "" if self._reader is None else self._reader.fell_back

    def feed(self, data: bytes) -> None:
        """Take the next piece of the document, of any size.

        Raises:
            ResponseError: as soon as it is certain that the document cannot be read. It is never certain before `close`
                of a document of less than 2 MiB, unless it is larger than the limit.
        """
        room = self._limits.response_bytes - self._received
        self._received += len(data)
        self._pending += data if len(data) <= room else data[: max(0, room)]
        if self._reader is not None or len(self._pending) >= LARGE:
            self._read_blocks()
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
        self._read_blocks()
        if self._failure is None:
            self._read_block(final=False)
        self._failure = self._failure or self._reading.catch_up() or Failure(error, self._reading.reached)
        self._report(self._failure, final=True)

    def _finish(self) -> list[Any]:
        """Read the rest of the document, which has ended. Returns the values of the root element's children."""
        if self._received == 0:
            raise ResponseError("the document is empty", position=(1, 0))
        if self._reader is None:
            items = self._whole()
            if items is not None:
                return items
            self._read_blocks()
        if self._failure is None:
            self._read_block(final=True)
        if self._failure is not None:
            self._report(self._failure, final=True)
        return self._reading.items

    def _whole(self) -> list[Any] | None:
        """What `_finish` returns for a document that is not large, if it is a usual one."""
        try:
            text = utf8(self._pending, self._charset)
        except ResponseError:
            return None
        return self.reader.read_whole(text, self._root, self._scalars, self._limits.depth)

    @property
    def _reading(self) -> FastReader | PlainReader:
        """What reads the document from here on."""
        if self._reader is None:
            self._utf8 = Utf8Stream(self._charset)
            self._source = Source()
            self._reader = self.reader(self._source, self._root, self._scalars, self._limits.depth)
        return self._reader.plain or self._reader

    def _read_blocks(self) -> None:
        """Read all whole blocks that have come."""
        while self._failure is None and len(self._pending) >= BLOCK:
            self._read_block(final=False)

    def _read_block(self, final: bool) -> None:
        reader = self._reading
        block = bytes(self._pending[:BLOCK])
        del self._pending[:BLOCK]
        try:
            text, error = self._utf8.feed(block, final), None
        except ResponseError as caught:
            text, error = self._utf8.valid, caught
        # Outside the except block: an error that is raised while reading would chain the one that was caught.
        self._source.add(text)
        self._failure = reader.read(text, final and error is None)
        if error is not None:
            self._failure = self._failure or self._reading.catch_up() or Failure(error, self._source.end)

    def _report(self, failure: Failure, final: bool) -> None:
        """Raise the error, with its position and excerpt, unless what the excerpt shows is still to come."""
        source, utf8_stream, error = self._source, self._utf8, failure.error
        after = _FAULT_AFTER if self._reading.in_fault else _EXCERPT_AFTER
        seen = self._pending[: 2 * after] if utf8_stream.is_utf8 else b""  # a CR LF becomes one byte
        known = source.text + (utf8_stream.rest or utf8_stream.following(bytes(seen)))
        begin, end = failure.at - EXCERPT_BEFORE - source.start, failure.at + after - source.start
        if utf8_stream.is_utf8 and not utf8_stream.rest and len(known) < end and not final:
            return
        error.position = source.position(failure.at)
        cut_start = begin > 0 or source.start > 0
        cut_end = end < len(known) or len(seen) < len(self._pending) or not final
        text = known[max(0, begin) : end].decode("utf-8", "replace")
        # What is cut may be cut within a character.
        text = text.lstrip("\ufffd") if cut_start else text
        text = text.rstrip("\ufffd") if cut_end else text
        error.excerpt = error.excerpt or Excerpt(text, cut_start=cut_start, cut_end=cut_end)
        raise error


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
        if keep_bad_scalars:
            scalars = keeping_bad(scalars)
        super().__init__("methodResponse", charset, limits, scalars)

    def close(self) -> Any:
        """Return the value of the document, which has ended.

        Raises:
            FaultError: the answer is a fault.
            ResponseError: the answer cannot be read.
        """
        (value,) = self._finish()
        if isinstance(value, FaultError):
            raise value
        return value


class RequestDecoder(Decoder):
    """Decodes a call as it arrives: `feed` its pieces, then `close`."""

    def __init__(self, *, charset: str | None = None, limits: Limits = Limits()) -> None:
        super().__init__("methodCall", charset, limits, SCALARS)

    def close(self) -> tuple[str, tuple[Any, ...]]:
        """Return method and params of the document, which has ended. Raises ResponseError if it cannot be read."""
        method, *params = self._finish()
        return method, tuple(params[0]) if params else ()
