"""The scalar types: the names of their elements, and what reads their text.

`SCALARS` is the one table of them. The plain and the fast decoder, the patterns of rows and the encoder take the
names of elements from it, so an alias is one line.

Each function takes the text and raises ValueError if the text is invalid. A pattern checks the text first, because
Python's own constructors accept too much: ``int("1_0")``, ``float("١")``, base64 with other characters in it. Most
texts are simpler than the rules: `Scalar.usual` matches those that a function written in C reads correctly.
"""

from __future__ import annotations

import binascii
import re
import xmlrpc.client
from datetime import datetime, timedelta, timezone
from decimal import Context, Decimal, InvalidOperation
from functools import partial
from typing import Any, Callable, NamedTuple

__all__ = ["EXTENSIONS", "SCALARS", "STDLIB_BASE64", "STDLIB_DATETIME", "WHITESPACE", "Scalar", "keeping_bad"]

WHITESPACE = " \t\r\n"

_INTEGER = re.compile(r"[+-]?[0-9]+")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_DATETIME = re.compile(
    r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})[T ]([0-9]{2})(:?)([0-9]{2})\6([0-9]{2})"
    r"(?:\.([0-9]+))?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_BOOLEANS = {"0": False, "1": True, "false": False, "true": True}

# CPython has the same limit, because converting decimal digits takes quadratic time.
_MAX_DIGITS = 4300


def _integer(text: str) -> int:
    text = text.strip(WHITESPACE)
    if not _INTEGER.fullmatch(text):
        raise ValueError("needs ASCII digits with an optional sign")
    sign, digits = ("-", text[1:]) if text[0] == "-" else ("", text.lstrip("+"))
    digits = digits.lstrip("0") or "0"
    value = int(sign + digits) if len(digits) <= 19 else 2**63
    if not -(2**63) <= value < 2**63:
        raise ValueError("does not fit 64 bits")
    return value


def _big_integer(text: str) -> int:
    text = text.strip(WHITESPACE)
    if not _INTEGER.fullmatch(text):
        raise ValueError("needs ASCII digits with an optional sign")
    if len(text.lstrip("+-")) > _MAX_DIGITS:
        raise ValueError(f"has more than {_MAX_DIGITS} digits")
    return int(text)


def _double(text: str) -> float:
    text = text.strip(WHITESPACE)
    try:
        # All that `float` accepts beyond the rules are underscores, other white space, and digits of other scripts.
        value = float(text if text.isascii() and "_" not in text and text == text.strip() else "")
    except ValueError:
        raise ValueError("needs a decimal number") from None
    if value in (float("inf"), float("-inf")) and not text[-1].isalpha():  # "inf" and "infinity" are allowed
        raise ValueError("is too large for a double")
    return value


def _big_decimal(text: str) -> Decimal:
    text = text.strip(WHITESPACE)
    if not _DOUBLE.fullmatch(text):
        raise ValueError("needs a decimal number")
    try:
        # Not the current context: the program may have changed which conditions it traps.
        return Decimal(text, Context(traps=[InvalidOperation]))
    except InvalidOperation:
        raise ValueError("has an exponent that is too large") from None


def _boolean(text: str) -> bool:
    value = _BOOLEANS.get(text.strip(WHITESPACE).lower())
    if value is None:
        raise ValueError("needs 0, 1, true or false")
    return value


def _nil(text: str) -> None:
    if text.strip(WHITESPACE):
        raise ValueError("must be empty")


def _string(text: str) -> str:
    return text


def _datetime(text: str) -> datetime | xmlrpc.client.DateTime:
    """A datetime, or a DateTime that keeps the text if it is not a valid date and time (a zero date, 24:00)."""
    match = _DATETIME.fullmatch(text.strip(WHITESPACE))
    if match:
        year, month, day, hour, minute, second = map(int, match.group(1, 3, 4, 5, 7, 8))
        micro = int(match[9][:6].ljust(6, "0")) if match[9] else 0
        try:
            zone = _timezone(match[10]) if match[10] else None
            return datetime(year, month, day, hour, minute, second, micro, zone)
        except ValueError:
            pass  # 30 February, 24:00:00, an offset of 99 hours
    return _raw_datetime(text)


def _timezone(text: str) -> timezone:
    if text == "Z":
        return timezone.utc
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    if int(text[-2:]) > 59:
        raise ValueError("no such offset")
    return timezone(-offset if text[0] == "-" else offset)


def _raw_datetime(text: str) -> xmlrpc.client.DateTime:
    raw = xmlrpc.client.DateTime()
    raw.value = text.strip(WHITESPACE)
    return raw


def _base64(text: str) -> bytes:
    packed = text.translate({ord(char): None for char in WHITESPACE})
    if len(packed) % 4 or not _BASE64.fullmatch(packed):
        raise ValueError("needs the standard base64 alphabet with its padding")
    return binascii.a2b_base64(packed)


def _binary(text: str) -> xmlrpc.client.Binary:
    return xmlrpc.client.Binary(_base64(text))


class Scalar(NamedTuple):
    """A scalar type.

    Attributes:
        read: gives the value of a text, or raises ValueError.
        usual: a pattern of usual texts; empty if there is none.
        read_usual: gives the value of a usual text; None where the text is the value.
    """

    read: Callable[[str], Any]
    usual: str = ""
    read_usual: Callable[[str], Any] | None = None


_INT = Scalar(_integer, "-?[0-9]{1,18}", int)
_FLOAT = Scalar(_double, r"-?[0-9]{1,15}\.[0-9]{1,30}", float)

SCALARS: dict[str, Scalar] = {
    "string": Scalar(_string, "[^<]*"),
    "int": _INT,
    "i1": _INT,
    "i2": _INT,
    "i4": _INT,
    "i8": _INT,
    "double": _FLOAT,
    "float": _FLOAT,
    "boolean": Scalar(_boolean, "[01]", "1".__eq__),
    "biginteger": Scalar(_big_integer),
    "bigdecimal": Scalar(_big_decimal),
    "nil": Scalar(_nil),
    "dateTime.iso8601": Scalar(_datetime),
    "base64": Scalar(_base64),
}

# Apache's extension types. They may have any namespace prefix, declared or not ("ex:nil").
EXTENSIONS = frozenset({"i1", "i2", "i8", "biginteger", "float", "bigdecimal", "nil"})

# Replacements that give the standard library's types, for use_builtin_types=False.
STDLIB_DATETIME = {"dateTime.iso8601": Scalar(_raw_datetime)}
STDLIB_BASE64 = {"base64": Scalar(_binary)}


def keeping_bad(scalars: dict[str, Scalar]) -> dict[str, Scalar]:
    """The same types, but a text that does not fit its type is the value itself instead of an error."""
    return {name: scalar._replace(read=partial(_or_text, scalar.read)) for name, scalar in scalars.items()}


def _or_text(read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except ValueError:
        return text
