"""XML to elements whose text is in the requested charset.

PHP converts text while it parses, in the pieces that its parser reports. A piece that does not fit the charset stays
UTF-8, so one string can hold both encodings, and the text has to be cut where PHP's parser cuts it. expat cuts at every
line break and reference. libxml2, which the bundled library uses, cuts at references and before the first character
beyond ASCII.
"""

from __future__ import annotations

import re
from typing import Any
from xml.parsers.expat import ExpatError

from defusedxml.common import DefusedXmlException

from ..codec import Limits
from ..codec.charset import known_encoding
from ..codec.parser import guarded_parser
from ..errors import HostileXMLError
from .options import Profile
from .values import php_bytes

__all__ = ["Element", "elements"]

# The encodings that expat itself reads; Python adds more.
_EXPAT = frozenset({"UTF-8", "UTF-16", "UTF-16BE", "UTF-16LE", "ISO-8859-1", "US-ASCII"})

# One level of arrays or structs is three elements (value, array, data), and a few more surround the first level.
_DEPTH = 3 * Limits.depth + 8

# libxml2 reports text as soon as it has this many bytes of it.
_LIBXML_BUFFER = 300
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")


class Element:
    """An element. `text` is all the text directly inside it."""

    __slots__ = ("children", "tag", "text")

    def __init__(self, tag: str) -> None:
        self.tag: str = tag
        self.text: bytes = b""
        self.children: list[Element] = []


class _UnreadableError(Exception):
    """PHP's parser fails here, although expat would not."""


def elements(xml: str | bytes, encoding: str | bytes, profile: Profile) -> Element | None:
    """The root element of `xml`, or None if PHP cannot read it.

    Raises:
        HostileXMLError: the document has a document type, or elements nested deeper than in `Limits.depth` arrays.
    """
    data = php_bytes(xml)
    builder = _Builder(data, _converter(encoding), profile)
    expat = guarded_parser()
    builder.listen(expat)
    try:
        expat.Parse(data, True)
    except DefusedXmlException:
        failure = HostileXMLError("the document declares a document type or an entity, which XML-RPC never does")
    except (_UnreadableError, ExpatError, LookupError, ValueError):
        # LookupError and ValueError come from pyexpat, for an encoding that it cannot add to expat.
        return None
    else:
        return builder.root
    raise failure


def _converter(encoding: str | bytes) -> str | None:
    """Python's name of the charset to convert to. None leaves UTF-8, as PHP does for an unknown charset."""
    name = php_bytes(encoding).partition(b"\0")[0].decode("latin-1") or "iso-8859-1"
    known = known_encoding(name)
    return None if known == "utf-8" else known


class _Builder:
    """Builds the elements from the parser's events."""

    def __init__(self, data: bytes, charset: str | None, profile: Profile) -> None:
        self.root: Element | None = None
        self._stack: list[Element] = []
        self._pieces: list[list[bytes]] = []
        self._data = data
        self._charset = charset
        self._libxml = profile.libxml
        self._pending: list[str] = []
        self._expat: Any = None
        self._in_cdata = False

    def listen(self, expat: Any) -> None:
        self._expat = expat
        expat.StartElementHandler, expat.EndElementHandler = self.start, self.end
        expat.CharacterDataHandler = self.data
        expat.XmlDeclHandler = self._declaration
        expat.CommentHandler = expat.ProcessingInstructionHandler = self._cut
        expat.StartCdataSectionHandler = self._start_cdata
        expat.EndCdataSectionHandler = self._end_cdata

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding is None:
            return
        known = known_encoding(encoding) is not None if self._libxml else encoding.upper() in _EXPAT
        if not known:
            raise _UnreadableError

    def start(self, tag: str, attributes: object) -> None:
        self._cut()
        element = Element(tag)
        if self._stack:
            self._stack[-1].children.append(element)
        else:
            self.root = element
        self._stack.append(element)
        self._pieces.append([])
        if len(self._stack) > _DEPTH:
            raise HostileXMLError(f"elements are nested more than {_DEPTH} deep")

    def end(self, tag: str) -> None:
        self._cut()
        self._stack.pop().text = b"".join(self._pieces.pop())

    def data(self, text: str) -> None:
        if not self._libxml:
            self._add(text)
        elif not self._in_cdata and self._at_reference():
            self._cut()
            self._add(text)
        else:
            self._pending.append(text)

    def _at_reference(self) -> bool:
        at = self._expat.CurrentByteIndex
        return self._data[at : at + 2].strip(b"\0")[:1] == b"&"

    def _start_cdata(self) -> None:
        self._cut()
        self._in_cdata = True

    def _end_cdata(self) -> None:
        self._add("".join(self._pending))
        self._pending.clear()
        self._in_cdata = False

    def _cut(self, *ignored: object) -> None:
        """Add the text that has ended here, in libxml2's pieces."""
        if not self._pending:
            return
        text = "".join(self._pending)
        self._pending.clear()
        beyond = _BEYOND_ASCII.search(text)
        at = beyond.start() if beyond else len(text)
        self._add(text[:at])
        while at < len(text):
            size, end = 0, at
            while end < len(text) and size < _LIBXML_BUFFER:
                size += len(text[end].encode())
                end += 1
            self._add(text[at:end])
            at = end

    def _add(self, piece: str) -> None:
        if piece:
            self._pieces[-1].append(self._converted(piece))

    def _converted(self, piece: str) -> bytes:
        if self._charset is not None:
            try:
                return piece.encode(self._charset)
            except UnicodeEncodeError:
                pass  # stays UTF-8
        return piece.encode()
