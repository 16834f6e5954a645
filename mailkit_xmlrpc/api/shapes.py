"""Answers that change type -> the one shape that the method documents.

Mailkit sends a number now as an int and now as a string, an empty string for no rows, a lone struct for one row. The
functions here make of each value what it should be. They never fail: what cannot be converted stays as it came, because
an answer in hand is worth more than its type. A struct in which nothing changes is not copied.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Callable

__all__ = ["Convert", "amount", "count", "flag", "ident", "many", "member", "only", "row", "rows", "text"]

Convert = Callable[[Any], Any]

_WORDS = {"TRUE": True, "FALSE": False, "1": True, "0": False}


def ident(value: Any) -> Any:
    """An id: an int, or None for an empty string."""
    if type(value) is int:
        return value
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,19}", value):
        return int(value)
    return None if value == "" else value


def count(value: Any) -> Any:
    """A number of things: an int, 0 for an empty string."""
    if type(value) is int:
        return value
    return 0 if value == "" else ident(value)


def amount(value: Any) -> Any:
    """A sum: a float, 0.0 for an empty string."""
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,300}(\.[0-9]{1,300})?", value):
        return float(value)
    if isinstance(value, int):
        return float(value)
    return 0.0 if value == "" else value


def flag(value: Any) -> Any:
    """A bool, from TRUE and FALSE in any case, or 1 and 0."""
    if type(value) is bool:
        return value
    return _WORDS.get(str(value).upper(), value)


def text(value: Any) -> Any:
    """A str: "" for nil, digits for an int."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    return str(value) if type(value) is int else value


def many(each: Convert) -> Convert:
    """A list, from a list, from a lone value, or from an empty string for none."""

    def convert(value: Any) -> Any:
        if isinstance(value, list):
            return [each(item) for item in value]
        return [] if value is None or value == "" else [each(value)]

    return convert


def row(members: Mapping[str, Convert]) -> Convert:
    """A struct with some members converted; those that it does not have are not added."""
    converters = tuple(members.items())

    def convert(struct: Any) -> Any:
        if not isinstance(struct, dict):
            return struct
        result = struct
        for name, converter in converters:
            if name in struct:
                value = struct[name]
                converted = converter(value)
                if converted is not value:
                    if result is struct:
                        result = dict(struct)
                    result[name] = converted
        return result

    return convert


def rows(members: Mapping[str, Convert]) -> Convert:
    """A list of structs, from a list, from a lone struct, or from an empty string or empty struct for none."""
    convert = row(members)

    def convert_all(value: Any) -> Any:
        if isinstance(value, list):
            return [convert(struct) for struct in value]
        return [convert(value)] if value else []

    return convert_all


def member(name: str, convert: Convert) -> Convert:
    """One member of a struct; the answer itself where it is no struct or does not have it."""
    return lambda struct: convert(struct[name] if isinstance(struct, dict) and name in struct else struct)


def only(value: Any) -> Callable[[Any], Any]:
    """Always the same value."""
    return lambda _: value
