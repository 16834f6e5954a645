"""The same values and the same errors as `decode`, sooner.

defusedxml's parser, without a single Python handler, proves that a document is well-formed and free of document
types; `Scan` reads the proved text with compiled patterns. That is several times faster than any handler in
Python can be. The proof is never left out, and no value leaves before it is complete.

Where the document is unusual or wrong, the plain decoder takes over: from the beginning while all of the text is
still there, else from the last boundary between two tokens, with the containers that are open there.
"""

from __future__ import annotations

import codecs
from typing import Any
from xml.parsers.expat import ExpatError, XMLParserType

from defusedxml.common import DefusedXmlException

from ..errors import ResponseError
from . import decode as plain
from .charset import ORDINARY, Utf8Stream
from .encode import escape
from .limits import Limits
from .parser import proof_parser
from .scan import Scan
from .shape import NOTHING, Shapes
from .tokens import UnusualError

__all__ = ["ResponseDecoder", "decode_response"]

# Text is read once so many bytes of it have gathered; what is read is let go.
_PIECE = 1 << 18


# What the proof and the scan raise where the plain decoder takes over.
_UNUSUAL = (ExpatError, DefusedXmlException, LookupError, ValueError, UnusualError)

_SHAPES = Shapes()


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
        charset: the charset of the HTTP Content-Type, for a document that does not name its own.
        limits: bounds on size and depth.
        use_builtin_types: datetime and bytes; otherwise DateTime and Binary of the standard library.
        keep_bad_scalars: keep a scalar whose text does not fit its type as that text.

    Raises:
        FaultError: the answer is a fault.
        ResponseError: it cannot be read.
    """
    decoder = ResponseDecoder(
        charset=charset, limits=limits, use_builtin_types=use_builtin_types, keep_bad_scalars=keep_bad_scalars
    )
    decoder.feed(data)
    return decoder.close()


class ResponseDecoder(plain.ResponseDecoder):
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
        super().__init__(
            charset=charset,
            limits=limits,
            use_builtin_types=use_builtin_types,
            use_datetime=use_datetime,
            keep_bad_scalars=keep_bad_scalars,
        )
        self._charset = charset
        self._proof: XMLParserType | None = None
        self._scan: Scan | None = Scan(self._scalars, limits.depth)
        self._held = b""
        self._place = (1, 0, 0)  # line, column and byte of the document at which `_held` begins
        self._before = b""  # what stood right before that, for an excerpt

    def close(self) -> Any:
        """The document has ended: return its value.

        Raises:
            FaultError: the answer is a fault.
            ResponseError: it cannot be read.
        """
        if self._proof is None and self._failure is None:
            # Nothing was read yet, so the document is a small one, as most are: all of it at once.
            try:
                return self._at_once(bytes(self._pending))
            except (*_UNUSUAL, ResponseError):
                pass
        return super().close()

    def _at_once(self, data: bytes) -> Any:
        if not data.startswith(ORDINARY):
            data = Utf8Stream(self._charset).feed(data, True)
        proof_parser().Parse(data, True)
        text = data.decode()
        value = _SHAPES.recall(text, self._scalars)
        if value is NOTHING:
            scan = Scan(self._scalars, self._limits.depth)
            scan.feed(text, True)
            value = scan.value
            _SHAPES.learn(text, value)
        return value

    def _value(self) -> Any:
        return super()._value() if self._scan is None else self._scan.value

    def _absorb(self, data: bytes, final: bool) -> None:
        if self._scan is None:
            super()._absorb(data, final)
            return
        self._held += data
        if self._proof is None:
            self._proof = proof_parser()
        try:
            self._proof.Parse(data, final)
            if final or len(self._held) >= _PIECE:
                self._read_held(self._scan, final)
        except _UNUSUAL:
            unusual = True
        else:
            unusual = False
        if unusual:
            scan, self._scan = self._scan, None
            self._take_over(scan, final)

    def _settle(self) -> None:
        if self._scan is not None:
            scan, self._scan = self._scan, None
            self._take_over(scan, final=False)

    def _read_held(self, scan: Scan, final: bool) -> None:
        text, _ = codecs.utf_8_decode(self._held, "strict", final)
        scan.feed(text, final)
        if final:
            return
        if scan.pos == 0:
            raise UnusualError  # a token as long as all that: the plain decoder reads it as it comes
        self._let_go(text[: scan.pos])
        scan.pos = 0

    def _let_go(self, text: str) -> None:
        size = len(text) if text.isascii() else len(text.encode())
        line, column, byte = self._place
        lines = text.count("\n")
        column = len(text) - text.rindex("\n") - 1 if lines else column + len(text)
        self._place = (line + lines, column, byte + size)
        self._before = (self._before + self._held[:size])[-plain.WINDOW :]
        self._held = self._held[size:]

    def _take_over(self, scan: Scan, final: bool) -> None:
        """Let the plain decoder read on from the last boundary, in the containers that are open there."""
        if scan.pos:
            self._let_go(codecs.utf_8_decode(self._held, "replace", final)[0][: scan.pos])
        if scan.begun:
            builder = self._start(_opening(scan), self._place)
            builder.resume([frame.container for frame in scan.frames], scan.value)
        self._window = self._before
        self._window_start = self._place[2] - len(self._before)
        super()._absorb(self._held, final)
        self._held = self._before = b""


def _opening(scan: Scan) -> str:
    """The elements that are open, as text."""
    opening = "<methodResponse><params><param>"
    for frame in scan.frames:
        if frame.name is not None:
            opening += f"<member><name>{escape(frame.name)}</name>"
        opening += "<value><struct>" if frame.is_struct else "<value><array><data>"
    return opening if scan.frames else f"{opening}<value></value>"
