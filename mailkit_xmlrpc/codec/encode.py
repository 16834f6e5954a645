"""Python values to XML-RPC bytes.

The form is compact, without white space between elements and without self-closed tags. A conforming decoder reads
every value back equal. A value for which that is not possible is refused, with the path to it (see `unwritable`).

A value whose type XML-RPC does not have is given to the caller's `convert`, and the result is written in its place.
Only a type is its business: nan, an int beyond 64 bits and a forbidden character are refused without it. So is None,
because convert=str would write the word "None".

`_array`, `_struct` and `_row` write containers, and the commonest scalars in their own loops, because a function call
takes as long as writing a value. `elements` has a function for every other scalar, and the markup of rows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache, partial
from itertools import takewhile
from operator import is_not, length_hint
from typing import Any, Callable

from ..errors import EncodeError
from .elements import NO_SHAPE, WIDE, Document, base, checked, contents, element, encoded, escape, learn, moment
from .limits import Limits
from .unwritable import Unwritable, converted, too_deep, type_name

__all__ = ["METHOD_NAME", "Convert", "PreparedRequest", "encode_fault", "encode_request", "encode_response", "escape"]

Convert = Callable[[Any], Any]

# What XML carries in one word as it is: printable ASCII without white space, quotes, <, > and &. The specification has
# letters, digits and _ . : / alone, but there are servers with other names.
METHOD_NAME = re.compile(r"[!#-%(-;=?-~]+")

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
_ARRAYS = (list, tuple)


def encode_request(
    method: str, params: Sequence[Any], *, allow_none: bool = False, convert: Convert | None = None
) -> bytes:
    """Encode a call.

    Args:
        method: the method's name.
        params: a list or tuple of values.
        allow_none: write None as a nil element, which some servers do not know.
        convert: called with a value whose type XML-RPC does not have, such as a Decimal or a datetime with a time zone;
            what it returns is written in its place, after another call of convert if XML-RPC has no type for that
            either. It returns NotImplemented, or raises TypeError or ValueError, for a value that it does not know.

    Raises:
        EncodeError: XML-RPC cannot carry a value, or convert cannot convert it.
    """
    start = _call_start(method if type(method) is str else _plain_name(method))
    return _encoded(Document(start, allow_none, convert), params, _CALL)


def encode_response(value: Any, *, allow_none: bool = False, convert: Convert | None = None) -> bytes:
    """Encode `value` as an answer. Options and errors as for `encode_request`."""
    out = Document(f"{_DECLARATION}<methodResponse><params>", allow_none, convert)
    return _encoded(out, (value,), _ANSWER)


def encode_fault(code: int, text: str) -> bytes:
    """Encode a fault as an answer. Raises EncodeError as `encode_request` does."""
    out = Document(f"{_DECLARATION}<methodResponse><fault>", False, None)
    return _encoded(out, ({"faultCode": code, "faultString": text},), _FAULT)


class PreparedRequest:
    """Encodes the requests of one method that begin with the same parameters.

    A trigger is encoded in two thirds of the time of `encode_request`, and the credentials of a client are in no list
    of parameters that a traceback could show.

    Args:
        method: the method's name.
        leading: the parameters with which every call begins.
        convert: see `encode_request`.

    Raises:
        EncodeError: as `encode_request` does.
    """

    def __init__(self, method: str, leading: Sequence[Any], convert: Convert | None = None) -> None:
        self._convert = convert
        self._leading = len(leading)
        # As it is: the caller's object can have a representation that hides what it holds.
        self._start = encode_request(method, leading)[: -len(_CALL[-1])].decode()

    def encode(self, params: Sequence[Any]) -> bytes:
        """The request with `params` after the leading ones. Raises EncodeError as `encode_request` does."""
        return _encoded(Document(self._start, False, self._convert), params, _CALL, self._leading)


_Write = Callable[[Any, Document, int], None]

# The path to a value of a document, what stands around the value, and the end.
_CALL = ("params[{}]", "<param>", "</param>", "</params></methodCall>")
_ANSWER = ("value", "<param>", "</param>", "</params></methodResponse>")
_FAULT = ("fault", "", "", "</fault></methodResponse>")


@lru_cache(maxsize=128)
def _call_start(method: str) -> str:
    if not METHOD_NAME.fullmatch(method):
        raise EncodeError("a method name is one word of printable ASCII without quotes, <, > and &", path="method")
    return f"{_DECLARATION}<methodCall><methodName>{method}</methodName><params>"


def _plain_name(method: Any) -> str:
    return str.__str__(method) if isinstance(method, str) else ""


def _encoded(out: Document, values: Sequence[Any], frame: tuple[str, str, str, str], first: int = 0) -> bytes:
    """The document with these values; the index of the first one is `first`."""
    if not isinstance(values, _ARRAYS):
        raise EncodeError(f"must be a list or a tuple, got {type_name(values)}", path="params")
    path, before, after, end = frame
    write, scalars, index = out.write, out.scalars, first
    try:
        for value in values:
            kind = type(value)
            if kind is str and len(value) < _LONG:
                write(f"{before}{_STRING}{checked(value)}{_END_STRING}{after}")
            elif (scalar := scalars.get(kind)) is not None:
                write(f"{before}{scalar(value)}{after}")
            else:
                write(before)
                _WRITERS.get(kind, _other)(value, out, _DEPTH)
                write(after)
            index += 1
        write(end)
        return out.encoded()
    except Unwritable as unwritable:
        errors = [unwritable.error(path.format(index))]
    raise errors.pop()  # without a context, and not in a variable of this frame


_DEPTH = Limits.depth
_LONG = 300  # characters; a longer text is encoded by itself
_FLUSH = 500  # pieces
_WORTH = 60  # pieces; in a shorter document, no shape of a struct is worth learning

_STRING, _END_STRING = element("string")
_INT, _END_INT = element("int")
_I8, _END_I8 = element("i8")
_DOUBLE, _END_DOUBLE = element("double")
_STRING_MEMBER, _END_STRING_MEMBER = f"</name>{_STRING}", f"{_END_STRING}</member>"
_END_INT_MEMBER = f"{_END_INT}</member>"


# Each of these functions writes a value. `depth` is how many levels of containers there may be in it.


def _string(value: str, out: Document, depth: int) -> None:
    if len(value) < _LONG:
        out.write(f"{_STRING}{checked(value)}{_END_STRING}")
        return
    out.write(_STRING)
    out.flush(encoded(value))
    out.write(_END_STRING)


def _array(array: Sequence[Any], out: Document, depth: int) -> None:
    if not depth:
        too_deep(array)
    write, scalars = out.write, out.scalars
    exact = type(array) in _ARRAYS
    write("<value><array><data>")
    if exact and len(array) >= WIDE and type(array[0]) is type(array[-1]) is str and (texts := contents(array)):
        write(f"{_STRING}{f'{_END_STRING}{_STRING}'.join(texts)}{_END_STRING}</data></array></value>")
        return
    items = iter(array if exact else [*array])
    try:
        for value in items:
            kind = type(value)
            if kind is str and len(value) < _LONG:
                if not value.isprintable() or "&" in value or "<" in value or ">" in value:
                    value = checked(value)
                write(f"{_STRING}{value}{_END_STRING}")
            elif kind is int and -(2**31) <= value < 2**31:
                write(f"{_INT}{value}{_END_INT}")
            elif kind is int and -(2**63) <= value < 2**63:
                write(f"{_I8}{value}{_END_I8}")
            elif kind is float and 1e-4 <= value < 1e16:  # without an exponent
                write(f"{_DOUBLE}{value!r}{_END_DOUBLE}")
            elif (scalar := scalars.get(kind)) is not None:
                write(scalar(value))
            else:
                _IN_ARRAY.get(kind, _other)(value, out, depth - 1)
                if len(out.pieces) > _FLUSH:
                    out.flush()
    except Unwritable as unwritable:
        unwritable.way.append((array, len(array) - length_hint(items) - 1))
        raise
    write("</data></array></value>")


def _struct(struct: Mapping[Any, Any], out: Document, depth: int) -> None:
    if not depth:
        too_deep(struct)
    # The names so far; None while they are the keys of a dict and all of them str, and so different.
    seen: set[str] | None = None if type(struct) is dict else set()
    write, scalars = out.write, out.scalars
    write("<value><struct>")
    name: str | None = None
    try:
        for name, value in struct.items():
            if type(name) is not str:
                key, name = name, None  # the path does not lead to a name that is not a str
                if not isinstance(key, str):
                    raise Unwritable(f"a struct's names are str, got {type_name(key)}")
                if seen is None:
                    seen = set(takewhile(partial(is_not, key), struct))
                name = str.__str__(key)
            if seen is not None:
                if name in seen:
                    raise Unwritable("the struct has two members of this name")
                seen.add(name)
            escaped = name if name.isidentifier() else checked(name)
            kind = type(value)
            if kind is str and len(value) < _LONG:
                if not value.isprintable() or "&" in value or "<" in value or ">" in value:
                    value = checked(value)
                write(f"<member><name>{escaped}{_STRING_MEMBER}{value}{_END_STRING_MEMBER}")
            elif kind is int and -(2**31) <= value < 2**31:
                write(f"<member><name>{escaped}</name>{_INT}{value}{_END_INT_MEMBER}")
            elif (scalar := scalars.get(kind)) is not None:
                write(f"<member><name>{escaped}</name>{scalar(value)}</member>")
            else:
                write(f"<member><name>{escaped}</name>")
                _WRITERS.get(kind, _other)(value, out, depth - 1)
                write("</member>")
    except Unwritable as unwritable:
        unwritable.way.append((struct, name))
        raise
    write("</struct></value>")


def _row(struct: dict[Any, Any], out: Document, depth: int) -> None:
    """Write a struct in an array, where more may have the same names: the tags around them are made once."""
    if not out.chunks and len(out.pieces) < _WORTH:
        _struct(struct, out, depth)
        return
    if not depth:
        too_deep(struct)
    learnt = out.learnt = out.learnt or {}
    try:
        # Not a tuple of the names: one of another type than str can equal a str that is written in another way.
        names = "\0".join(struct)
    except TypeError:
        _struct(struct, out, depth)  # it says which name is not a str
        return
    starts, text_starts, pattern = learnt.get(names, NO_SHAPE)
    if len(starts) != len(struct):  # not learnt, or not the same names: some can have a NUL
        _struct(struct, out, depth)  # now the names are known to be good
        learn(struct, names, learnt)
        return
    values: Collection[Any] = struct.values()
    if pattern and (texts := contents(values := [*values])):
        pieces = pattern[:]
        pieces[1::2] = texts
        out.write("".join(pieces))
        return
    write, scalars = out.write, out.scalars
    write("<value><struct>")
    try:
        for start, text_start, value in zip(starts, text_starts, values):
            kind = type(value)
            if kind is str and len(value) < _LONG:
                if not value.isprintable() or "&" in value or "<" in value or ">" in value:
                    value = checked(value)
                write(text_start)
                write(value)
                write(_END_STRING_MEMBER)
            elif kind is int and -(2**31) <= value < 2**31:
                write(f"{start}{_INT}{value}{_END_INT_MEMBER}")
            elif (scalar := scalars.get(kind)) is not None:
                write(f"{start}{scalar(value)}</member>")
            else:
                write(start)
                _WRITERS.get(kind, _other)(value, out, depth - 1)
                write("</member>")
    except Unwritable as unwritable:
        unwritable.way.append((struct, str.__str__([*struct][starts.index(start)])))
        raise
    write("</struct></value>")


def _datetime(value: datetime, out: Document, depth: int) -> None:
    if value.tzinfo is None:
        out.write(moment(value))
    else:
        _other(value, out, depth)


def _scalar(value: Any, out: Document, depth: int) -> None:
    out.write(out.scalars[type(value)](value))


def _other(value: Any, out: Document, depth: int) -> None:
    """Write a value of a subclass as the type that it derives from, or what `convert` gives for the value."""
    kind, plain = base(value, out)
    asked = 0
    while kind is None:
        if asked == _DEPTH:
            raise Unwritable(f"convert gave {_DEPTH} values in a row that XML-RPC has no type for")
        value = converted(value, out.convert, out.allow_none)
        kind, plain = base(value, out)
        asked += 1
    _WRITERS.get(kind, _scalar)(value if plain is None else plain(value), out, depth)


_WRITERS: dict[type, _Write] = {str: _string, dict: _struct, list: _array, tuple: _array, datetime: _datetime}
_IN_ARRAY: dict[type, _Write] = {**_WRITERS, dict: _row}
