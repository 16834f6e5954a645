"""Python values -> the positional parameters that Mailkit wants.

Mailkit knows parameters by their place. One that is left out before one that is given is sent as an empty string, as
Mailkit's own PHP client does; trailing ones are dropped. Base64 is wanted in some places and not in others, and always
inside ``<string>``: it is text to XML-RPC.
"""

from __future__ import annotations

import base64
import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import EncodeError

__all__ = ["b64", "branch", "custom_fields", "known_fields", "positional"]

CUSTOM_FIELDS = 25


def positional(*values: Any) -> list[Any]:
    """The parameters: None at the end is dropped, None before that is an empty string."""
    given = list(values)
    while given and given[-1] is None:
        given.pop()
    return ["" if value is None else value for value in given]


def b64(value: object, name: str) -> str:
    """The Base64 of a text in UTF-8, of bytes, or of an int's digits; a bool is "TRUE" or "FALSE".

    Raises:
        EncodeError: for another type, or text that UTF-8 cannot hold.
    """
    if isinstance(value, bool):
        value = "TRUE" if value else "FALSE"
    if isinstance(value, int):
        value = str(value)
    if isinstance(value, str):
        try:
            value = value.encode()
        except UnicodeEncodeError as error:
            raise EncodeError(f"U+{ord(error.object[error.start]):04X} is no character of text", path=name) from None
    if not isinstance(value, (bytes, bytearray, memoryview)):
        raise EncodeError(f"must be a str or bytes, got {type(value).__name__}", path=name)
    return base64.b64encode(value).decode("ascii")


def branch(fields: Mapping[str, Any], names: Iterable[str], *, encoded: bool) -> dict[str, Any]:
    """The struct of those fields that are given (not None) and named, in the order of `names`."""
    given = {name: fields[name] for name in names if fields.get(name) is not None}
    return {name: b64(value, name) for name, value in given.items()} if encoded else given


def custom_fields(custom: Mapping[int, Any] | None, *, encoded: bool) -> dict[str, Any]:
    """``{1: "x"}`` as ``{"custom1": "x"}``.

    Raises:
        EncodeError: for a number that is not 1 to 25.
    """
    for number in custom or ():
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= CUSTOM_FIELDS:
            raise EncodeError(f"custom fields are numbered 1 to {CUSTOM_FIELDS}, got {number!r}", path="custom")
    named = {f"custom{number}": value for number, value in (custom or {}).items()}
    return branch(named, named, encoded=encoded)


def known_fields(fields: Mapping[str, Any], names: Iterable[str], method: str) -> None:
    """Refuse a keyword that the method does not have, as Python itself would.

    Raises:
        TypeError: it names the nearest one.
    """
    known = list(names)
    for name in fields:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
            raise TypeError(f"{method}() got an unexpected keyword argument {name!r}; {hint}")
