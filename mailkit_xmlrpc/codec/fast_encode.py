"""The same bytes as `encode`, sooner.

Values of the everyday types are written by one recursive function. Whatever is unusual (another type, a
subclass, an int beyond 32 bits, a forbidden character, too deep) makes it give up, and `encode` writes the
whole document anew or says what is wrong with it: there is one set of rules, and it is not in this room.

Three things make the difference: one search decides whether a text needs any care at all; a struct of an array
whose values are all text is written through a template of its member names, checked as one text; and the part
of a request that every call of a method shares is prepared once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Callable

from . import encode as plain
from .limits import Limits

__all__ = ["PreparedRequest", "encode_request", "encode_response"]

# Finds what must be escaped or is forbidden (see `plain`), at once.
_SPECIAL = re.compile("[^\t\n\x20-\x25\x27-\x3b\x3d\x3f-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]").search

_END = "</params></methodCall>"
_TEXTS = {str}


class _UnusualError(Exception):
    """This is for `plain` to decide."""


def encode_request(method: str, params: Sequence[Any], *, allow_none: bool = False) -> bytes:
    """Encode a call.

    Args:
        method: the method's name.
        params: a list or tuple of values.
        allow_none: write None as a nil element, which not every server knows.

    Raises:
        EncodeError: for anything XML-RPC cannot carry.
    """
    try:
        return (_head(method) + _params(params) + _END).encode()
    except _UnusualError:
        return plain.encode_request(method, params, allow_none=allow_none)


def encode_response(value: Any, *, allow_none: bool = False) -> bytes:
    """Encode an answer that holds `value`. Raises EncodeError as `encode_request` does."""
    try:
        return f"{plain.HEAD}<methodResponse>{_params((value,))}</params></methodResponse>".encode()
    except _UnusualError:
        return plain.encode_response(value, allow_none=allow_none)


class PreparedRequest:
    """The requests of one method that begin with the same parameters.

    Args:
        method: the method's name.
        leading: the parameters that every call begins with.

    Raises:
        EncodeError: as `encode_request` does.
    """

    def __init__(self, method: str, leading: Sequence[Any]) -> None:
        self._method = method
        # As it is: the caller's object can have a representation that hides what it holds.
        self._leading = leading
        request = plain.encode_request(method, (), leading=leading)
        self._prefix = request[: -len(_END)].decode()

    def encode(self, params: Sequence[Any]) -> bytes:
        """The request with `params` after the leading ones. Raises EncodeError as `encode_request` does."""
        try:
            return (self._prefix + _items(params) + _END).encode()
        except _UnusualError:
            return plain.encode_request(self._method, params, leading=self._leading)


def _head(method: str) -> str:
    if type(method) is not str or not plain.METHOD_NAME.fullmatch(method):
        raise _UnusualError
    return f"{plain.HEAD}<methodCall><methodName>{method}</methodName>"


def _params(params: Sequence[Any]) -> str:
    return f"<params>{_items(params)}"


def _items(params: Sequence[Any]) -> str:
    if type(params) not in (list, tuple):
        raise _UnusualError
    pieces: list[str] = []
    write = pieces.append
    for value in params:
        write("<param>")
        _value(value, write, Limits.depth)
        write("</param>")
    return "".join(pieces)


def _value(value: Any, write: Callable[[str], None], depth: int) -> None:
    kind = type(value)
    if kind is str:
        text = _escaped(value) if _SPECIAL(value) else value
        write(f"<value><string>{text}</string></value>")
    elif kind is dict:
        _struct(value, write, depth)
    elif kind is int and -(2**31) <= value < 2**31:
        write(f"<value><int>{value}</int></value>")
    elif kind is list or kind is tuple:
        _array(value, write, depth)
    elif kind is bool:
        write(f"<value><boolean>{int(value)}</boolean></value>")
    else:
        raise _UnusualError


def _struct(struct: dict[Any, Any], write: Callable[[str], None], depth: int) -> None:
    if not depth:
        raise _UnusualError
    write("<value><struct>")
    for name, value in struct.items():
        if type(name) is not str:
            raise _UnusualError
        if _SPECIAL(name):
            name = _escaped(name)
        if type(value) is str:  # most are: worth a line of its own
            text = _escaped(value) if _SPECIAL(value) else value
            write(f"<member><name>{name}</name><value><string>{text}</string></value></member>")
        else:
            write(f"<member><name>{name}</name>")
            _value(value, write, depth - 1)
            write("</member>")
    write("</struct></value>")


def _array(array: Sequence[Any], write: Callable[[str], None], depth: int) -> None:
    if not depth:
        raise _UnusualError
    shapes: dict[tuple[Any, ...], str] = {}
    write("<value><array><data>")
    for item in array:
        if type(item) is dict and depth > 1 and set(map(type, item.values())) == _TEXTS:
            write(_row(item, shapes))
        else:
            _value(item, write, depth - 1)
    write("</data></array></value>")


def _row(row: dict[Any, str], shapes: dict[tuple[Any, ...], str]) -> str:
    """A struct of texts, through the template that its names have in `shapes`."""
    names = tuple(row)
    template = shapes.get(names)
    if template is None:
        template = shapes[names] = _template(names)
    values = tuple(row.values())
    together = "".join(values)
    # The three operations in C are faster than the search on a text of this length.
    if not together.isprintable() or "&" in together or "<" in together or ">" in together:
        values = tuple([_escaped(value) for value in values])
    return template % values


def _template(names: tuple[Any, ...]) -> str:
    if set(map(type, names)) != _TEXTS:
        raise _UnusualError
    members = [
        f"<member><name>{_escaped(name).replace('%', '%%')}</name><value><string>%s</string></value></member>"
        for name in names
    ]
    return f"<value><struct>{''.join(members)}</struct></value>"


def _escaped(text: str) -> str:
    if plain.FORBIDDEN.search(text):
        raise _UnusualError
    return plain.escape(text)
