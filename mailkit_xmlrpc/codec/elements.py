"""What the encoder writes for texts and other scalars, and where it writes it.

There is one function per type that gives the whole value; it takes a value of exactly that type. `base` tells as which
of these types any other value is written. Texts that stand together, in an array or in the rows of a table, are checked
and escaped together.
"""

from __future__ import annotations

import binascii
import re
import xmlrpc.client
from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Callable, Optional

from .scalars import SCALARS, WHITESPACE
from .unwritable import Unwritable

__all__ = [
    "NO_SHAPE",
    "WIDE",
    "Document",
    "base",
    "checked",
    "contents",
    "element",
    "encoded",
    "escape",
    "learn",
    "moment",
]

# The complement of XML 1.0, production 2 (Char). These characters cannot be written, not even as a reference.
# A negated class ("[^...]") of the allowed characters takes 9 ms to compile, this one 0.7 ms.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Changes the bytes of the controls among them.
_WITHOUT_CONTROLS = bytes(code if code > 31 or code in b"\t\n\r" else 255 for code in range(256))


def escape(text: str) -> str:
    """`text` as the content of an element. CR is written as a reference, because a parser turns a bare CR into LF
    (XML 1.0, section 2.11)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def checked(text: str) -> str:
    """A short text as the content of an element. Raises Unwritable at a character that XML forbids."""
    if text.isprintable():
        return escape(text) if "&" in text or "<" in text or ">" in text else text
    if bad := _FORBIDDEN.search(text):
        raise Unwritable(f"U+{ord(bad[0]):04X} at character {bad.start()} is not allowed in XML 1.0; remove it")
    return escape(text)


def encoded(text: str) -> bytes:
    """A long text as the content of an element, in UTF-8. `checked` takes up to five times as long."""
    try:
        data = text.encode()
    except UnicodeEncodeError:  # surrogates
        data = b"\0"
    if data.translate(_WITHOUT_CONTROLS) != data or "\ufffe" in text or "\uffff" in text:
        return checked(text).encode()
    return data.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;").replace(b"\r", b"&#13;")


def element(name: str) -> tuple[str, str]:
    """How a value with this element begins and ends. A KeyError if the decoder does not know the element."""
    SCALARS[name]
    return f"<value><{name}>", f"</{name}></value>"


_INT, _END_INT = element("int")
_I8, _END_I8 = element("i8")
_DOUBLE, _END_DOUBLE = element("double")
_BASE64, _END_BASE64 = element("base64")
_DATETIME, _END_DATETIME = element("dateTime.iso8601")


def _integer(value: int) -> str:
    if -(2**31) <= value < 2**31:
        return f"{_INT}{value}{_END_INT}"
    if -(2**63) <= value < 2**63:
        return f"{_I8}{value}{_END_I8}"
    raise Unwritable("an int beyond 64 bits does not fit; send it as a str")


def _double(value: float) -> str:
    digits = repr(value)
    if "n" in digits:  # nan, inf
        raise Unwritable(f"XML-RPC has no {digits}; leave the value out, or send a str")
    if "e" in digits:
        digits = format(Decimal(digits), "f")
    # The specification's double has a period.
    return f"{_DOUBLE}{digits if '.' in digits else digits + '.0'}{_END_DOUBLE}"


def _base64(value: bytes | bytearray | memoryview) -> str:
    return f"{_BASE64}{binascii.b2a_base64(bytes(value), newline=False).decode('ascii')}{_END_BASE64}"


def moment(value: datetime) -> str:
    """A datetime without a time zone."""
    # strftime does not pad years below 1000 everywhere.
    text = datetime.isoformat(value)[:19].replace("-", "")
    return f"{_DATETIME}{text}{_END_DATETIME}"


def _stdlib_datetime(value: xmlrpc.client.DateTime) -> str:
    text = str(value.value)
    if not text.replace(":", "").isalnum():
        if text != text.strip(WHITESPACE):
            raise Unwritable("a DateTime with white space around its text does not come back equal; strip the text")
        text = checked(text)
    return f"{_DATETIME}{text}{_END_DATETIME}"


def _no_nil(value: None) -> str:
    raise Unwritable("None needs allow_none=True and a server that knows nil; otherwise leave the value out")


# The whole value for a value of a type. A text is not here, because a long one is written as bytes.
_SCALARS: dict[type[Any], Callable[[Any], str]] = {
    int: _integer,
    float: _double,
    bool: {value: f"{value:d}".join(element("boolean")) for value in (False, True)}.__getitem__,
    bytes: _base64,
    bytearray: _base64,
    memoryview: _base64,
    xmlrpc.client.Binary: lambda value: _base64(value.data),
    xmlrpc.client.DateTime: _stdlib_datetime,
    type(None): _no_nil,
}
_WITH_NIL = {**_SCALARS, type(None): {None: "".join(element("nil"))}.__getitem__}


class Document:
    """The text that is written so far, and what decides how values are written. As an object, it does not show the
    text, which can hold credentials, in a traceback with local variables.

    Attributes:
        pieces: the text that is not encoded yet.
        write: adds a piece.
        chunks: what is encoded, if there is anything.
        scalars: gives the text of a value of a type.
        learnt: what `encode` has learnt about types and names of this document.
    """

    allow_none: bool = False
    convert: Callable[[Any], Any] | None = None
    chunks: list[bytes] | None = None
    learnt: dict[Any, Any] | None = None

    def __init__(self, start: str, allow_none: bool, convert: Callable[[Any], Any] | None) -> None:
        self.pieces: list[str] = [start]
        self.write: Callable[[str], None] = self.pieces.append
        self.scalars: dict[type[Any], Callable[[Any], str]] = _WITH_NIL if allow_none else _SCALARS
        if allow_none:
            self.allow_none = True
        if convert is not None:
            self.convert = convert

    def flush(self, data: bytes = b"") -> None:
        """Encode the text that is written so far, and write `data` after it. A large document takes less time and
        memory if it is encoded in parts."""
        if self.chunks is None:
            self.chunks = []
        self.chunks += ("".join(self.pieces).encode(), data)
        self.pieces.clear()

    def encoded(self) -> bytes:
        """The whole document in UTF-8."""
        rest = "".join(self.pieces).encode()
        return rest if self.chunks is None else b"".join((*self.chunks, rest))


_STRING, _END_STRING = element("string")
_TEXTS = {str}
WIDE = 6  # from so many texts on, it pays to check them together


def contents(values: Collection[Any]) -> Collection[str] | None:
    """The contents of elements for values that are all texts; None if they are not, or not short and printable.
    Together, texts are checked and escaped in less time."""
    if set(map(type, values)) != _TEXTS:
        return None
    together = "".join(values)
    if not together.isprintable():
        return None
    if not ("&" in together or "<" in together or ">" in together):
        return values
    return escape("\0".join(values)).split("\0") if len(together) < 100 * len(values) else None


# What is written for structs with certain names: before each value, before each value that is a text, and a pattern,
# which has room for the texts at its odd places.
_Shape = tuple[list[str], list[str], list[str]]
NO_SHAPE: _Shape = ([], [], [])
# A document of ever new shapes shall not fill the memory with them.
_MOST_SHAPES = 200
_MOST_CHARACTERS = 3000


def learn(struct: dict[Any, Any], names: str, learnt: dict[Any, Any]) -> None:
    """Learn the shape of a struct, unless it is large or there are many."""
    if len(learnt) < _MOST_SHAPES and len(names) < _MOST_CHARACTERS:
        learnt[names] = _shape_of(struct)


def _shape_of(struct: dict[Any, Any]) -> _Shape:
    """The shape, whose pattern is empty if this struct has other values than texts or few of them, because more structs
    will be like it."""
    starts = [f"<member><name>{escape(str.__str__(name))}</name>" for name in struct]
    text_starts = [f"{start}{_STRING}" for start in starts]
    if len(struct) < WIDE or set(map(type, struct.values())) != _TEXTS:
        return starts, text_starts, []
    pattern = ["<value><struct>"]
    for start in text_starts:
        pattern[-1] += start
        pattern += ["", f"{_END_STRING}</member>"]
    pattern[-1] += "</struct></value>"
    return starts, text_starts, pattern


def base(value: Any, out: Document) -> _Base:
    """The type as which a value is written, and how it is made one of that type, if that is needed."""
    kind = type(value)
    learnt = out.learnt = out.learnt or {}
    found: _Base | None = learnt.get(kind)
    if found is None:
        found = next((found for kinds, found in _BASES if isinstance(value, kinds)), _NO_BASE)
        if value.__class__ is kind:  # it is not a proxy, which is an instance of what it stands for
            learnt[kind] = found
    return _NO_BASE if found[0] is datetime and value.tzinfo is not None else found


_Base = tuple[Optional[type], Optional[Callable[[Any], Any]]]
_NO_BASE: _Base = (None, None)
# The first row that fits decides, so bool comes before int and datetime before date.
_BASES: tuple[tuple[Any, _Base], ...] = (
    (bool, (bool, bool)),
    (int, (int, int.__index__)),
    (float, (float, float.__float__)),
    (str, (str, str.__str__)),
    ((bytes, bytearray, memoryview), (bytes, bytes)),
    (xmlrpc.client.Binary, (bytes, lambda value: bytes(value.data))),
    (datetime, (datetime, None)),
    (xmlrpc.client.DateTime, (xmlrpc.client.DateTime, lambda value: xmlrpc.client.DateTime(str(value.value)))),
    ((date, time), _NO_BASE),
    (type(None), (type(None), lambda value: None)),
    ((list, tuple), (list, None)),
    (Mapping, (dict, None)),
)
