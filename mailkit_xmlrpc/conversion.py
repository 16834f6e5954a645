"""From an annotation to the function that converts a value of the wire to it.

Mailkit sends a number as an int or as a string, TRUE and FALSE as words, an empty string for nothing, and one value
where a list of one is meant. The annotations of a TypedDict name the types of its members. A value that cannot be
converted stays as it came, so that an answer is not lost because of its type.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated, Any, Callable, Optional, Union, get_args, get_origin, get_type_hints

__all__ = ["IdOrNone", "converter"]

Convert = Callable[[Any], Any]

_INTEGER = re.compile(r"-?[0-9]{1,19}").fullmatch
_FLOAT = re.compile(r"-?[0-9]{1,300}(\.[0-9]{1,300})?").fullmatch
_WORDS = {"TRUE": True, "FALSE": False, "1": True, "0": False}


def converter(annotation: Any) -> Convert:
    """The function that converts to `annotation`: int, float, bool, str, Optional and list of these, a TypedDict, Any.

    Raises:
        TypeError: for another annotation.
    """
    return _converter(annotation)


@cache
def _converter(annotation: Any) -> Convert:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        convert: Convert = arguments[1]
        return convert
    if origin is Union and type(None) in arguments:
        return _optional(converter(arguments[0]))
    if origin is list:
        return _ids if arguments == (int,) else _list(converter(arguments[0]))
    if hasattr(annotation, "__total__"):
        return _struct(get_type_hints(annotation, include_extras=True))
    if annotation not in _SCALARS:
        raise TypeError(f"no conversion to {annotation} is known")
    return _SCALARS[annotation]


def _struct(hints: dict[str, Any]) -> Convert:
    """Members that the struct does not have are not added."""
    members = tuple((name, hint, converter(hint)) for name, hint in hints.items())

    def convert(struct: Any) -> Any:
        if not isinstance(struct, dict):
            return struct
        result = struct
        for name, kind, convert_member in members:
            value = struct.get(name, _MISSING)
            # Most members come in their own type: nothing else is asked of a row of 65 members.
            if type(value) is kind or value is _MISSING:
                continue
            converted = convert_member(value)
            if converted is not value:
                if result is struct:
                    result = dict(struct)
                result[name] = converted
        return result

    return convert


_MISSING = object()


def _optional(convert: Convert) -> Convert:
    return lambda value: None if value is None or value == "" else convert(value)


def _list(each: Convert) -> Convert:
    def convert(value: Any) -> Any:
        if isinstance(value, list):
            return [each(item) for item in value]
        return [] if value is None or value == "" else [each(value)]

    return convert


def _ids(value: Any) -> Any:
    """0 and an empty string stand for no id; several ids can be one string, with commas between them."""
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    ids = _list(_integer)(value)
    return [] if ids == [0] else ids


def _integer(value: Any) -> Any:
    if type(value) is int:
        return value
    if value is None or value == "":
        return 0
    if isinstance(value, str) and _INTEGER(value):
        return int(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _float(value: Any) -> Any:
    if value is None or value == "":
        return 0.0
    if isinstance(value, str) and _FLOAT(value):
        return float(value)
    return float(value) if type(value) is int else value


def _bool(value: Any) -> Any:
    if isinstance(value, int):
        return bool(value)
    return _WORDS.get(value.strip().upper(), value) if isinstance(value, str) else value


def _str(value: Any) -> Any:
    if value is None:
        return ""
    return str(value) if type(value) in (int, float) else value


def _same(value: Any) -> Any:
    return value


def _id_or_none(value: Any) -> Any:
    number = _integer(value)
    return None if isinstance(number, int) and number <= 0 else number


_SCALARS: dict[Any, Convert] = {int: _integer, float: _float, bool: _bool, str: _str, Any: _same}

IdOrNone = Annotated[Optional[int], _id_or_none]
"""An id, or None where Mailkit sends 0, a number below 0, or an empty string."""
