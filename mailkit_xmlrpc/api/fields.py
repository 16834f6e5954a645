"""Python values -> the parameters that Mailkit wants, and the members of a recipient that several groups share.

Mailkit knows parameters by their position. One that is left out before one that is given is sent as an empty string, as
Mailkit's own PHP client does; trailing ones are dropped. Some parameters are Base64, always inside ``<string>``: it is
text to XML-RPC. On the wire a recipient is made of branches: a struct for the person, one for the address, one for the
custom fields. Here these are flat keywords, checked by their names, and `branches` puts each where it belongs.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypedDict

from ..call import Unconverted
from ..errors import EncodeError

__all__ = [
    "ADDRESS",
    "DAY",
    "FIELDS",
    "MINUTE",
    "PERSONAL",
    "SECOND",
    "PersonFields",
    "RecipientFields",
    "RecipientRow",
    "base64_text",
    "base64_values",
    "branch",
    "branches",
    "check_keywords",
    "check_members",
    "checked_bool",
    "custom_fields",
    "date_text",
    "flat",
    "id_list",
    "mapping",
    "mappings",
    "positional",
    "suggestion",
    "true_or_false",
]

# The forms of dates that Mailkit wants.
DAY = "%Y-%m-%d"
MINUTE = "%Y-%m-%d %H:%M"
SECOND = "%Y-%m-%d %H:%M:%S"

CUSTOM_FIELDS = 25


class PersonFields(TypedDict, total=False):
    """The optional members of a person. gender is "M" or "F"; custom is ``{1: "x"}`` for the member custom1."""

    vocative: str
    prefix: str
    first_name: str
    last_name: str
    reply_to: str
    company: str
    gender: str
    custom: Mapping[int, str]


class RecipientFields(PersonFields, total=False):
    """The optional members of a recipient."""

    nick_name: str
    country: str
    street: str
    state: str
    zip: str
    city: str
    mobile: str
    phone: str
    fax: str


class _RecipientSometimes(TypedDict, total=False):
    ID_MAILING_LIST: int


class RecipientRow(_RecipientSometimes):
    """A recipient as Mailkit shows it. Dates are "YYYY-MM-DD HH:MM:SS"; not every method gives ID_MAILING_LIST."""

    ID_EMAIL: int
    EMAIL: str
    STATUS: str
    DATE: str
    CHANGE_DATE: str
    FIRST_NAME: str
    LAST_NAME: str
    PREFIX: str
    VOCATIVE: str
    NICK_NAME: str
    GENDER: str
    REPLY_TO: str
    COMPANY: str
    STREET: str
    CITY: str
    STATE: str
    COUNTRY: str
    ZIP: str
    PHONE: str
    MOBILE: str
    FAX: str
    CUSTOM_1: str
    CUSTOM_2: str
    CUSTOM_3: str
    CUSTOM_4: str
    CUSTOM_5: str
    CUSTOM_6: str
    CUSTOM_7: str
    CUSTOM_8: str
    CUSTOM_9: str
    CUSTOM_10: str
    CUSTOM_11: str
    CUSTOM_12: str
    CUSTOM_13: str
    CUSTOM_14: str
    CUSTOM_15: str
    CUSTOM_16: str
    CUSTOM_17: str
    CUSTOM_18: str
    CUSTOM_19: str
    CUSTOM_20: str
    CUSTOM_21: str
    CUSTOM_22: str
    CUSTOM_23: str
    CUSTOM_24: str
    CUSTOM_25: str


# In the order of Mailkit's pages.
PERSONAL = ("vocative", "prefix", "first_name", "last_name", "reply_to", "company")
ADDRESS = ("nick_name", "country", "street", "state", "zip", "city", "mobile", "phone", "fax", "gender")
FIELDS = (*PERSONAL, *ADDRESS, "custom")


def branches(fields: Mapping[str, Any], personal: Iterable[str] = PERSONAL) -> list[dict[str, Any]]:
    """The three branches of a recipient, with Base64 inside; one without members is an empty struct.

    Args:
        fields: the members by their names, and ``custom``.
        personal: the names of the first branch, for a method that has more than the usual ones there.

    Raises:
        EncodeError: for a value that is not text, or a custom field that is not numbered 1 to 25.
    """
    return [
        base64_values(branch(fields, personal)),
        base64_values(branch(fields, ADDRESS)),
        base64_values(custom_fields(fields.get("custom"))),
    ]


def branch(fields: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The struct of those fields that are given (not None) and named, in the order of `names`."""
    return {name: fields[name] for name in names if fields.get(name) is not None}


def custom_fields(custom: Mapping[int, Any] | None, path: str = "custom") -> dict[str, Any]:
    """``{1: "x"}`` as ``{"custom1": "x"}``.

    Raises:
        EncodeError: for another type, or a number that is not 1 to 25.
    """
    if custom is None:
        return {}
    for number in mapping(custom, path):
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= CUSTOM_FIELDS:
            raise EncodeError(f"custom fields are numbered 1 to {CUSTOM_FIELDS}, got {number!r}", path=path)
    named = {f"custom{number}": value for number, value in custom.items()}
    return branch(named, named)


def flat(fields: Mapping[str, Any], names: Iterable[str], path: str = "") -> dict[str, Any]:
    """A recipient as one struct, in which custom fields stand beside the others.

    Raises:
        EncodeError: custom is not a mapping of numbers, or has a field that is given by its name as well.
    """
    struct = branch(fields, names)
    custom = custom_fields(fields.get("custom"), f"{path}.custom" if path else "custom")
    if twice := sorted(struct.keys() & custom.keys()):
        raise EncodeError(f"{twice[0]} is given twice, by its name and in custom", path=path)
    return {**struct, **custom}


def positional(*values: Any) -> tuple[Any, ...]:
    """The parameters: None at the end is dropped, None before that is an empty string."""
    given = list(values)
    while given and given[-1] is None:
        given.pop()
    return tuple("" if value is None else value for value in given)


def base64_text(value: object, path: str) -> str:
    """The Base64 of a text in UTF-8, of bytes, or of an int's digits; a bool is "TRUE" or "FALSE".

    Raises:
        EncodeError: for another type, or text that UTF-8 cannot hold.
    """
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, bool):
        text = true_or_false(value, path) or ""
    elif isinstance(value, str):
        text = str.__str__(value)
    elif isinstance(value, int):
        text = int.__repr__(value)
    else:
        raise EncodeError(f"must be a str or bytes, got {type(value).__name__}", path=path)
    try:
        return base64.b64encode(text.encode()).decode("ascii")
    except UnicodeEncodeError as error:
        start = error.start
    raise EncodeError(f"U+{ord(text[start]):04X} is not a character of text", path=path)


def base64_values(value: Any, path: str = "") -> Any:
    """`value` with every scalar in it as Base64, through structs and arrays. A scalar of a type that `base64_text` does
    not know waits for the convert of a client. Raises EncodeError for None, and as `base64_text` does."""
    if isinstance(value, Mapping):
        return {name: base64_values(item, f"{path}.{name}" if path else str(name)) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [base64_values(item, f"{path}[{index}]") for index, item in enumerate(value)]
    if value is None or isinstance(value, (str, int, bytes, bytearray, memoryview)):
        return base64_text(value, path)
    return Unconverted(value, _base64_of_converted)


def _base64_of_converted(value: Any) -> Any:
    return base64_values(value) if isinstance(value, (Mapping, list, tuple)) else base64_text(value, "")


def mapping(given: object, path: str) -> Mapping[Any, Any]:
    """An argument that is a mapping. Raises EncodeError for another type."""
    if not isinstance(given, Mapping):
        raise EncodeError(f"must be a mapping, got {type(given).__name__}", path=path)
    return given


def mappings(given: object, names: Iterable[str], path: str) -> list[Mapping[str, Any]]:
    """An argument that is a list of mappings with the members `names`.

    Args:
        given: a list, a tuple or another iterable, as the caller gave it.
        names: the members that Mailkit has in each struct.
        path: the argument's name.

    Raises:
        EncodeError: it is something else, or a mapping has another member.
    """
    if isinstance(given, (Mapping, str, bytes, bytearray, memoryview)) or not isinstance(given, Iterable):
        raise EncodeError(f"must be a list of mappings, got {type(given).__name__}", path=path)
    known, checked = tuple(names), []
    for index, item in enumerate(given):
        checked.append(mapping(item, f"{path}[{index}]"))
        check_members(checked[-1], known, f"{path}[{index}]")
    return checked


def check_members(given: Mapping[str, Any], names: Iterable[str], path: str) -> None:
    """Refuse a member that Mailkit does not have in the struct at `path` among the arguments.

    Raises:
        EncodeError: it names the nearest one.
    """
    known = tuple(names)
    for name in given:
        if name not in known:
            raise EncodeError(f"Mailkit has no such member here; {suggestion(str(name), known)}", path=f"{path}.{name}")


def check_keywords(fields: Mapping[str, Any], names: Iterable[str], method: str) -> None:
    """Refuse a keyword that the method does not have, as Python itself would.

    Raises:
        TypeError: it names the nearest one.
    """
    known = tuple(names)
    for name in fields:
        if name not in known:
            raise TypeError(f"{method}() got an unexpected keyword argument {name!r}; {suggestion(name, known)}")


def suggestion(name: str, known: Iterable[str]) -> str:
    """A hint for a name that is not known."""
    import difflib  # only an error needs it

    names = list(known)
    found = difflib.get_close_matches(name, names, n=1)
    return f"did you mean {found[0]}?" if found else f"there are {', '.join(names)}"


def checked_bool(value: bool | None, path: str) -> bool | None:
    """A bool, 0 or 1 as a bool; None stays None.

    Raises:
        EncodeError: for anything else. A str such as "no" would count as true.
    """
    if value is None:
        return None
    if not isinstance(value, int) or value not in (0, 1):
        raise EncodeError(f"must be a bool, got {type(value).__name__}", path=path)
    return bool(value)


def true_or_false(value: bool | None, path: str) -> str | None:
    """A bool as Mailkit's word for it; None stays None. Raises EncodeError as `checked_bool`."""
    checked = checked_bool(value, path)
    return None if checked is None else str(checked).upper()


def id_list(given: Iterable[int] | None, path: str) -> list[int] | None:
    """An argument that is a list of ids; None stays None. Raises EncodeError: a str would be one id per digit."""
    if given is None:
        return None
    if isinstance(given, (Mapping, str, bytes, bytearray, memoryview)) or not isinstance(given, Iterable):
        raise EncodeError(f"must be a list of ids, got {type(given).__name__}", path=path)
    return list(given)


def date_text(value: date | str | None, form: str, path: str) -> str | None:
    """A date or time as text in the form that Mailkit wants; a str is sent as it is, None stays None.

    Raises:
        EncodeError: for another type, or a datetime with a time zone, which Mailkit's dates do not have.
    """
    if value is None or isinstance(value, str):
        return value
    if not isinstance(value, date):
        raise EncodeError(f"must be a str, date or datetime, got {type(value).__name__}", path=path)
    if isinstance(value, datetime) and value.tzinfo is not None:
        raise EncodeError("must not have a time zone; convert it to the account's own time first", path=path)
    return value.strftime(form)
