"""The same bytes as `encode`, faster.

One recursive function writes values of the common types. It gives up at anything unusual: another type, a subclass, an
int beyond 32 bits, a forbidden character, too many levels. `encode` then writes the whole document from the start or
says what is wrong with it, so the rules are in that module alone.

It is faster for three reasons. One search finds out whether a text needs escaping at all. A struct in an array whose
values are all text is written through a template of its member names, and its texts are checked together. The part of
a request that all calls of a method share is prepared once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Callable

from . import encode as plain
from .limits import Limits

__all__ = ["PreparedRequest", "encode_request", "encode_response"]

# Finds the first character that must be escaped or is forbidden (see `plain.escape` and `plain.FORBIDDEN`).
_SPECIAL = re.compile("[\x00-\x08\x0b-\x1f&<>\ud800-\udfff\ufffe\uffff]").search

_END = "</params></methodCall>"
_TEXTS = {str}


class _NeedsPlainEncoderError(Exception):
    """The value is unusual or wrong; `plain` writes or refuses it."""


def encode_request(
    method: str, params: Sequence[Any], *, allow_none: bool = False, convert: plain.Convert | None = None
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
    try:
        return (_head(method) + _params(params) + _END).encode()
    except _NeedsPlainEncoderError:
        pass  # so that an error that convert raises has no context of ours
    return plain.encode_request(method, params, allow_none=allow_none, convert=convert)


def encode_response(value: Any, *, allow_none: bool = False, convert: plain.Convert | None = None) -> bytes:
    """Encode `value` as an answer. Options and errors as for `encode_request`."""
    try:
        return f"{plain.DECLARATION}<methodResponse>{_params((value,))}</params></methodResponse>".encode()
    except _NeedsPlainEncoderError:
        pass
    return plain.encode_response(value, allow_none=allow_none, convert=convert)


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

    def __init__(self, method: str, leading: Sequence[Any], convert: plain.Convert | None = None) -> None:
        self._method = method
        self._convert = convert
        # As it is: the caller's object can have a representation that hides what it holds.
        self._leading = leading
        request = plain.encode_request(method, (), leading=leading)
        self._prefix = request[: -len(_END)].decode()

    def encode(self, params: Sequence[Any]) -> bytes:
        """The request with `params` after the leading ones. Raises EncodeError as `encode_request` does."""
        try:
            return (self._prefix + _items(params) + _END).encode()
        except _NeedsPlainEncoderError:
            pass
        return plain.encode_request(self._method, params, convert=self._convert, leading=self._leading)


def _head(method: str) -> str:
    if type(method) is not str or not plain.METHOD_NAME.fullmatch(method):
        raise _NeedsPlainEncoderError
    return f"{plain.DECLARATION}<methodCall><methodName>{method}</methodName>"


def _params(params: Sequence[Any]) -> str:
    return f"<params>{_items(params)}"


def _items(params: Sequence[Any]) -> str:
    if not isinstance(params, (list, tuple)):
        raise _NeedsPlainEncoderError
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
        raise _NeedsPlainEncoderError


def _struct(struct: dict[Any, Any], write: Callable[[str], None], depth: int) -> None:
    if not depth:
        raise _NeedsPlainEncoderError
    write("<value><struct>")
    for name, value in struct.items():
        if type(name) is not str:
            raise _NeedsPlainEncoderError
        if _SPECIAL(name):
            name = _escaped(name)
        if type(value) is str:  # the most common type; this saves a function call per member
            text = _escaped(value) if _SPECIAL(value) else value
            write(f"<member><name>{name}</name><value><string>{text}</string></value></member>")
        else:
            write(f"<member><name>{name}</name>")
            _value(value, write, depth - 1)
            write("</member>")
    write("</struct></value>")


def _array(array: Sequence[Any], write: Callable[[str], None], depth: int) -> None:
    if not depth:
        raise _NeedsPlainEncoderError
    templates: dict[tuple[Any, ...], str] = {}
    write("<value><array><data>")
    for item in array:
        if type(item) is dict and depth > 1 and set(map(type, item.values())) == _TEXTS:
            write(_row(item, templates))
        else:
            _value(item, write, depth - 1)
    write("</data></array></value>")


def _row(row: dict[Any, str], templates: dict[tuple[Any, ...], str]) -> str:
    """A struct of texts, written through the template for its names in `templates`."""
    names = tuple(row)
    template = templates.get(names)
    if template is None:
        template = templates[names] = _template(names)
    values = tuple(row.values())
    together = "".join(values)
    # On a text of this length, these operations in C are faster than the search.
    if not together.isprintable() or "&" in together or "<" in together or ">" in together:
        values = tuple([_escaped(value) for value in values])
    return template % values


def _template(names: tuple[Any, ...]) -> str:
    if set(map(type, names)) != _TEXTS:
        raise _NeedsPlainEncoderError
    members = [
        f"<member><name>{_escaped(name).replace('%', '%%')}</name><value><string>%s</string></value></member>"
        for name in names
    ]
    return f"<value><struct>{''.join(members)}</struct></value>"


def _escaped(text: str) -> str:
    if plain.FORBIDDEN.search(text):
        raise _NeedsPlainEncoderError
    return plain.escape(text)
