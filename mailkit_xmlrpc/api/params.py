"""Python values -> the positional parameters that Mailkit wants.

Mailkit knows parameters by their place. One that is left out before one that is given is sent as an empty string, as
Mailkit's own PHP client does; trailing ones are dropped. Base64 is wanted in some places and not in others, and always
inside ``<string>``: it is text to XML-RPC.
"""

from __future__ import annotations

import base64
import difflib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from ..errors import EncodeError

__all__ = [
    "DAY",
    "MINUTE",
    "SECOND",
    "b64",
    "branch",
    "custom_fields",
    "encoded",
    "known_fields",
    "known_members",
    "moment",
    "near",
    "positional",
    "truth",
]

# The forms of dates that Mailkit wants.
DAY = "%Y-%m-%d"
MINUTE = "%Y-%m-%d %H:%M"
SECOND = "%Y-%m-%d %H:%M:%S"

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


def encoded(value: Any, name: str = "") -> Any:
    """`value` with every scalar in it as Base64, through structs and arrays. Raises EncodeError as `b64` does."""
    if isinstance(value, Mapping):
        return {key: encoded(item, f"{name}.{key}" if name else str(key)) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [encoded(item, f"{name}[{index}]") for index, item in enumerate(value)]
    return b64(value, name)


def branch(fields: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The struct of those fields that are given (not None) and named, in the order of `names`."""
    return {name: fields[name] for name in names if fields.get(name) is not None}


def custom_fields(custom: Mapping[int, Any] | None) -> dict[str, Any]:
    """``{1: "x"}`` as ``{"custom1": "x"}``.

    Raises:
        EncodeError: for a number that is not 1 to 25.
    """
    for number in custom or ():
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= CUSTOM_FIELDS:
            raise EncodeError(f"custom fields are numbered 1 to {CUSTOM_FIELDS}, got {number!r}", path="custom")
    named = {f"custom{number}": value for number, value in (custom or {}).items()}
    return branch(named, named)


def known_fields(fields: Mapping[str, Any], names: Iterable[str], method: str) -> None:
    """Refuse a keyword that the method does not have, as Python itself would.

    Raises:
        TypeError: it names the nearest one.
    """
    known = tuple(names)
    for name in fields:
        if name not in known:
            raise TypeError(f"{method}() got an unexpected keyword argument {name!r}; {near(name, known)}")


def known_members(given: Mapping[str, Any], names: Iterable[str], path: str) -> None:
    """Refuse a member that Mailkit does not have in a struct, which stands at `path` among the arguments.

    Raises:
        EncodeError: it names the nearest one.
    """
    known = tuple(names)
    for name in given:
        if name not in known:
            raise EncodeError(f"Mailkit has no such member here; {near(name, known)}", path=f"{path}.{name}")


def near(name: str, known: Iterable[str]) -> str:
    """What to say about a name that is not known."""
    names = list(known)
    found = difflib.get_close_matches(name, names, n=1)
    return f"did you mean {found[0]}?" if found else f"there are {', '.join(names)}"


def truth(value: bool | None) -> str | None:
    """A bool as the word that Mailkit takes for it; None stays None."""
    return None if value is None else "TRUE" if value else "FALSE"


def moment(value: date | str | None, form: str, name: str) -> str | None:
    """A date or time as text of the form that Mailkit wants; a str is sent as it is, None stays None.

    Raises:
        EncodeError: for another type, or a moment with a time zone: Mailkit's dates have none.
    """
    if value is None or isinstance(value, str):
        return value
    if not isinstance(value, date):
        raise EncodeError(f"must be a str, date or datetime, got {type(value).__name__}", path=name)
    if isinstance(value, datetime) and value.tzinfo is not None:
        raise EncodeError("must not have a time zone; convert it to the account's own time first", path=name)
    return value.strftime(form)
