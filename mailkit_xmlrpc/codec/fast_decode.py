"""The same values and errors as `decode`, faster.

defusedxml's parser proves that a document is well-formed and has no document type; it calls no handler written in
Python. `Scanner` then reads the proved text with compiled patterns, which is several times faster than handlers in
Python. The proof is never left out, and no value is returned before the proof is complete.

The plain decoder takes over where the document is unusual or wrong: from the start while all of the text is still
held, otherwise from the last boundary between two tokens, with the containers that are open there.
"""

from __future__ import annotations

import codecs
from typing import Any
from xml.parsers.expat import ExpatError, XMLParserType

from defusedxml.common import DefusedXmlException

from ..errors import ResponseError
from . import decode as plain
from .charset import UTF8_DECLARATIONS, Utf8Stream
from .encode import escape
from .limits import Limits
from .parser import proof_parser
from .patterns import NO_MATCH, AnswerPatterns, NeedsPlainDecoderError
from .scan import Scanner

__all__ = ["ResponseDecoder", "decode_response"]

# How many bytes of text are gathered before they are read and dropped.
_READ_SIZE = 1 << 18

# What the proof and the scanner raise where the plain decoder takes over.
_FALLBACK_ERRORS = (ExpatError, DefusedXmlException, LookupError, ValueError, NeedsPlainDecoderError)

_ANSWER_PATTERNS = AnswerPatterns()


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


class ResponseDecoder(plain.ResponseDecoder):
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
        super().__init__(
            charset=charset,
            limits=limits,
            use_builtin_types=use_builtin_types,
            use_datetime=use_datetime,
            keep_bad_scalars=keep_bad_scalars,
        )
        self._charset = charset
        self._proof: XMLParserType | None = None
        self._scanner: Scanner | None = Scanner(self._scalars, limits.depth)
        self._unread = b""
        self._unread_start = (1, 0, 0)  # line, column and byte of the document where `_unread` starts
        self._before_unread = b""  # the bytes right before that, for an excerpt

    def close(self) -> Any:
        """Return the value of the document, which has ended.

        Raises:
            FaultError: the answer is a fault.
            ResponseError: the answer cannot be read.
        """
        if self._proof is None and self._failure is None:
            # The document is shorter than one block, as most are, so all of it is still pending.
            try:
                return self._decode_whole(bytes(self._pending))
            except (*_FALLBACK_ERRORS, ResponseError):
                pass
        return super().close()

    def _decode_whole(self, data: bytes) -> Any:
        if not data.startswith(UTF8_DECLARATIONS):
            data = Utf8Stream(self._charset).feed(data, True)
        proof_parser().Parse(data, True)
        text = data.decode()
        value = _ANSWER_PATTERNS.read(text, self._scalars)
        if value is NO_MATCH:
            scanner = Scanner(self._scalars, self._limits.depth)
            scanner.feed(text, True)
            value = scanner.value
            _ANSWER_PATTERNS.learn(text, value)
        return value

    def _value(self) -> Any:
        return super()._value() if self._scanner is None else self._scanner.value

    def _parse_text(self, data: bytes, final: bool) -> None:
        if self._scanner is None:
            super()._parse_text(data, final)
            return
        self._unread += data
        if self._proof is None:
            self._proof = proof_parser()
        try:
            self._proof.Parse(data, final)
            if final or len(self._unread) >= _READ_SIZE:
                self._read(self._scanner, final)
        except _FALLBACK_ERRORS:
            fall_back = True
        else:
            fall_back = False
        if fall_back:
            # Outside the except block: an error that is raised there would chain the one that was caught.
            scanner, self._scanner = self._scanner, None
            self._fall_back(scanner, final)

    def _parse_unread(self) -> None:
        if self._scanner is not None:
            scanner, self._scanner = self._scanner, None
            self._fall_back(scanner, final=False)

    def _read(self, scanner: Scanner, final: bool) -> None:
        text, _ = codecs.utf_8_decode(self._unread, "strict", final)
        scanner.feed(text, final)
        if final:
            return
        if scanner.pos == 0:
            raise NeedsPlainDecoderError  # one token is longer than _READ_SIZE; the plain decoder reads it in blocks
        self._drop(text[: scanner.pos])
        scanner.pos = 0

    def _drop(self, text: str) -> None:
        """Drop `text`, which has been read, from the start of `_unread`."""
        size = len(text) if text.isascii() else len(text.encode())
        line, column, byte = self._unread_start
        lines = text.count("\n")
        column = len(text) - text.rindex("\n") - 1 if lines else column + len(text)
        self._unread_start = (line + lines, column, byte + size)
        self._before_unread = (self._before_unread + self._unread[:size])[-plain.WINDOW :]
        self._unread = self._unread[size:]

    def _fall_back(self, scanner: Scanner, final: bool) -> None:
        """Let the plain decoder go on from the last boundary between tokens, in the containers that are open there."""
        if scanner.pos:
            self._drop(codecs.utf_8_decode(self._unread, "replace", final)[0][: scanner.pos])
        if scanner.started:
            builder = self._start_parser(_opening_tags(scanner), self._unread_start)
            builder.resume([frame.container for frame in scanner.frames], scanner.value)
        self._window = self._before_unread
        self._window_start = self._unread_start[2] - len(self._before_unread)
        super()._parse_text(self._unread, final)
        self._unread = self._before_unread = b""


def _opening_tags(scanner: Scanner) -> str:
    """The tags of the open elements, as text."""
    opening = "<methodResponse><params><param>"
    for frame in scanner.frames:
        if frame.name is not None:
            opening += f"<member><name>{escape(frame.name)}</name>"
        opening += "<value><struct>" if frame.is_struct else "<value><array><data>"
    return opening if scanner.frames else f"{opening}<value></value>"
