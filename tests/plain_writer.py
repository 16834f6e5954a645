"""The encoder's rules, written the slow way: one method per type, one path that follows the walk.

The tests compare the package's encoder with it: the same bytes, and for a value that cannot be written an equal error.
It shares nothing with that encoder but the error, the depth and the elements' names.
"""

from __future__ import annotations

import binascii
import re
import xmlrpc.client
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain
from typing import Any, Callable, NoReturn

from mailkit_xmlrpc.codec import Limits
from mailkit_xmlrpc.errors import EncodeError

__all__ = ["FORBIDDEN", "encode_fault", "encode_request", "encode_response"]

Convert = Callable[[Any], Any]

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'

# Not a pattern, as the encoder has one.
METHOD_CHARACTERS = frozenset(map(chr, range(0x21, 0x7F))) - frozenset("\"'<>&")

# The complement of XML 1.0, production 2 (Char).
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_CONVERT_IT = "pass convert= to turn it into another type"


def encode_request(
    method: str,
    params: Sequence[Any],
    *,
    allow_none: bool = False,
    convert: Convert | None = None,
    leading: Sequence[Any] = (),
) -> bytes:
    """`codec.encode_request`, with the first parameters in `leading` if there are some."""
    if not isinstance(method, str) or not method or set(str.__str__(method)) - METHOD_CHARACTERS:
        raise EncodeError("a method name is one word of printable ASCII without quotes, <, > and &", path="method")
    if not isinstance(params, (list, tuple)):
        raise EncodeError(f"must be a list or a tuple, got {_type_name(params)}", path="params")
    writer = _Writer("params", allow_none, convert)
    for index, value in enumerate(chain(leading, params)):
        with writer.inside(f"[{index}]"):
            writer.write("<param>")
            writer.value(value)
            writer.write("</param>")
    return (
        f"{_DECLARATION}<methodCall><methodName>{str.__str__(method)}</methodName><params>{writer.text()}</params></methodCall>"
    ).encode()


def encode_response(value: Any, *, allow_none: bool = False, convert: Convert | None = None) -> bytes:
    writer = _Writer("value", allow_none, convert)
    writer.value(value)
    return f"{_DECLARATION}<methodResponse><params><param>{writer.text()}</param></params></methodResponse>".encode()


def encode_fault(code: int, text: str) -> bytes:
    writer = _Writer("fault", allow_none=False)
    writer.value({"faultCode": code, "faultString": text})
    return f"{_DECLARATION}<methodResponse><fault>{writer.text()}</fault></methodResponse>".encode()


def _type_name(value: Any) -> str:
    kind = type(value)
    module = getattr(kind, "__module__", None)
    return f"{module}.{kind.__qualname__}" if module not in (None, "builtins") else kind.__qualname__


def _unused_dispatch(value: Any) -> str:
    if type(value) in xmlrpc.client.Marshaller.dispatch:
        return "; xmlrpc.client's Marshaller.dispatch is not used"
    return ""


def _no_type(value: Any) -> str:
    if isinstance(value, datetime):
        zone = "XML-RPC has no time zones; send value.astimezone(the server's zone).replace(tzinfo=None) or a str, or"
        return "" if value.tzinfo is None else f"{zone} {_CONVERT_IT}"
    if isinstance(value, (date, time)):
        why = f"XML-RPC has no {type(value).__name__} alone; send a datetime.datetime or a str, or"
    elif any(isinstance(value, kinds) for kinds, _ in _WRITERS):
        return ""
    else:
        why = f"XML-RPC has no type for {_type_name(value)};"
    return f"{why} {_CONVERT_IT}{_unused_dispatch(value)}"


class _Writer:
    """Collects the text of one document and the path to the current value."""

    def __init__(self, root: str, allow_none: bool, convert: Convert | None = None) -> None:
        self._out: list[str] = []
        self._path = [root]
        self._open: set[int] = set()
        self._allow_none = allow_none
        self._convert = convert

    def text(self) -> str:
        return "".join(self._out)

    def write(self, text: str) -> None:
        self._out.append(text)

    @contextmanager
    def inside(self, step: str) -> Iterator[None]:
        self._path.append(step)
        yield
        self._path.pop()

    def refuse(self, message: str, cause: Exception | None = None) -> NoReturn:
        raise EncodeError(message, path="".join(self._path)) from cause

    def value(self, value: Any) -> None:
        self.write("<value>")
        for kinds, write in _WRITERS:
            if isinstance(value, kinds):
                write(self, value)
                break
        else:
            self.foreign(value)
        self.write("</value>")

    def foreign(self, value: Any) -> None:
        for _ in range(Limits.depth):
            value = self._converted(value)
            if not _no_type(value):
                next(write for kinds, write in _WRITERS if isinstance(value, kinds))(self, value)
                return
        self.refuse(f"convert gave {Limits.depth} values in a row that XML-RPC has no type for")

    def _converted(self, value: Any) -> Any:
        if self._convert is None:
            self.refuse(_no_type(value))
        try:
            result = self._convert(value)
        except EncodeError as error:  # it says what is wrong, and not where
            self.refuse(error.message)
        except (TypeError, ValueError) as error:
            self.refuse(f"convert raised {type(error).__name__}: {error}", error)
        if result is NotImplemented:
            self.refuse(_no_type(value))
        if result is None and not self._allow_none:
            self.refuse(f"convert gave None for {_type_name(value)}; let it give a value, or raise TypeError")
        return result

    def escaped(self, text: str) -> str:
        if bad := FORBIDDEN.search(text):
            self.refuse(f"U+{ord(bad[0]):04X} at character {bad.start()} is not allowed in XML 1.0; remove it")
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")

    def boolean(self, value: bool) -> None:
        self.write(f"<boolean>{int(value)}</boolean>")

    def integer(self, value: int) -> None:
        number = int.__index__(value)
        if -(2**31) <= number < 2**31:
            self.write(f"<int>{number}</int>")
        elif -(2**63) <= number < 2**63:
            self.write(f"<i8>{number}</i8>")
        else:
            self.refuse("an int beyond 64 bits does not fit; send it as a str")

    def double(self, value: float) -> None:
        digits = float.__repr__(value)
        if "n" in digits:  # nan, inf
            self.refuse(f"XML-RPC has no {digits}; leave the value out, or send a str")
        if "e" in digits:
            digits = format(Decimal(digits), "f")
        self.write(f"<double>{digits if '.' in digits else digits + '.0'}</double>")

    def string(self, value: str) -> None:
        self.write(f"<string>{self.escaped(str.__str__(value))}</string>")

    def base64(self, value: bytes | bytearray | memoryview) -> None:
        self.write(f"<base64>{binascii.b2a_base64(bytes(value), newline=False).decode('ascii')}</base64>")

    def binary(self, value: xmlrpc.client.Binary) -> None:
        self.base64(value.data)

    def python_datetime(self, value: datetime) -> None:
        if value.tzinfo is not None:
            self.foreign(value)
            return
        self.datetime_element(
            f"{value.year:04}{value.month:02}{value.day:02}T{value.hour:02}:{value.minute:02}:{value.second:02}"
        )

    def stdlib_datetime(self, value: xmlrpc.client.DateTime) -> None:
        text = str(value.value)
        if text != text.strip(" \t\r\n"):
            self.refuse("a DateTime with white space around its text does not come back equal; strip the text")
        self.datetime_element(self.escaped(text))

    def datetime_element(self, text: str) -> None:
        self.write(f"<dateTime.iso8601>{text}</dateTime.iso8601>")

    def nil(self, value: None) -> None:
        if not self._allow_none:
            self.refuse("None needs allow_none=True and a server that knows nil; otherwise leave the value out")
        self.write("<nil></nil>")

    def array(self, value: Sequence[Any]) -> None:
        with self._container(value):
            self.write("<array><data>")
            for index, item in enumerate(value):
                with self.inside(f"[{index}]"):
                    self.value(item)
            self.write("</data></array>")

    def struct(self, value: Mapping[Any, Any]) -> None:
        with self._container(value):
            self.write("<struct>")
            seen: set[str] = set()
            for key, item in value.items():
                self._member(key, item, seen)
            self.write("</struct>")

    def _member(self, key: Any, item: Any, seen: set[str]) -> None:
        if not isinstance(key, str):
            self.refuse(f"a struct's names are str, got {_type_name(key)}")
        name = str.__str__(key)
        with self.inside(f".{name}" if name.isidentifier() else f"[{name!a}]"):
            if name in seen:
                self.refuse("the struct has two members of this name")
            seen.add(name)
            self.write(f"<member><name>{self.escaped(name)}</name>")
            self.value(item)
            self.write("</member>")

    @contextmanager
    def _container(self, value: Any) -> Iterator[None]:
        if id(value) in self._open:
            self.refuse("the value contains itself")
        if len(self._open) >= Limits.depth:
            self.refuse(f"more than {Limits.depth} arrays and structs inside one another")
        self._open.add(id(value))
        yield
        self._open.remove(id(value))


# The first row that fits decides.
_WRITERS: tuple[tuple[Any, Callable[[_Writer, Any], None]], ...] = (
    (bool, _Writer.boolean),
    (int, _Writer.integer),
    (float, _Writer.double),
    (str, _Writer.string),
    ((bytes, bytearray, memoryview), _Writer.base64),
    (xmlrpc.client.Binary, _Writer.binary),
    (datetime, _Writer.python_datetime),
    (xmlrpc.client.DateTime, _Writer.stdlib_datetime),
    ((date, time), _Writer.foreign),
    (type(None), _Writer.nil),
    ((list, tuple), _Writer.array),
    (Mapping, _Writer.struct),
)
