"""The text of a scalar element to its value: one function per type, and a table of them.

Each function takes the text and raises ValueError if the text is invalid. A pattern checks the text first, because
Python's own constructors accept too much: ``int("1_0")``, ``float("١")``, base64 with other characters in it.
"""

from __future__ import annotations

import binascii
import re
import xmlrpc.client
from datetime import datetime, timedelta, timezone
from decimal import Context, Decimal, InvalidOperation
from typing import Any, Callable

__all__ = ["EXTENSIONS", "SCALARS", "STDLIB_BASE64", "STDLIB_DATETIME", "WHITESPACE"]

WHITESPACE = " \t\r\n"

_INTEGER = re.compile(r"[+-]?[0-9]+")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NON_FINITE = re.compile(r"[+-]?(?:inf|infinity|nan)", re.IGNORECASE)
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
    if _NON_FINITE.fullmatch(text):
        return float(text)
    if not _DOUBLE.fullmatch(text):
        raise ValueError("needs a decimal number")
    value = float(text)
    if value in (float("inf"), float("-inf")):
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
        year, _, month, day, hour, _, minute, second, fraction, zone = match.groups()
        micro = int((fraction or "")[:6].ljust(6, "0"))
        try:
            return datetime(
                int(year), int(month), int(day), int(hour), int(minute), int(second), micro, tzinfo=_timezone(zone)
            )
        except ValueError:
            pass  # 30 February, 24:00:00, an offset of 99 hours
    return _raw_datetime(text)


def _timezone(text: str | None) -> timezone | None:
    if text is None:
        return None
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


SCALARS: dict[str, Callable[[str], Any]] = {
    "int": _integer,
    "i1": _integer,
    "i2": _integer,
    "i4": _integer,
    "i8": _integer,
    "biginteger": _big_integer,
    "double": _double,
    "float": _double,
    "bigdecimal": _big_decimal,
    "boolean": _boolean,
    "nil": _nil,
    "string": _string,
    "dateTime.iso8601": _datetime,
    "base64": _base64,
}

# Apache's extension types. They may have any namespace prefix, declared or not ("ex:nil").
EXTENSIONS = frozenset({"i1", "i2", "i8", "biginteger", "float", "bigdecimal", "nil"})

# Replacements that give the standard library's types, for use_builtin_types=False.
STDLIB_DATETIME: dict[str, Callable[[str], Any]] = {"dateTime.iso8601": _raw_datetime}
STDLIB_BASE64: dict[str, Callable[[str], Any]] = {"base64": _binary}
