"""The text inside a scalar element to its value: one function a type, one table.

Each function takes the text and raises ValueError when it does not read exactly. Python's own constructors
read too much (``int("1_0")``, ``float("١")``, base64 with rubbish in it), so a pattern decides first.
"""

from __future__ import annotations

import binascii
import re
import xmlrpc.client
from datetime import datetime, timedelta, timezone
from decimal import Context, Decimal, InvalidOperation
from typing import Any, Callable

__all__ = ["EXTENSIONS", "SCALARS", "STDLIB_BASE64", "STDLIB_MOMENT", "WHITE"]

WHITE = " \t\r\n"

_INTEGER = re.compile(r"[+-]?[0-9]+")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NO_NUMBER = re.compile(r"[+-]?(?:inf|infinity|nan)", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_MOMENT = re.compile(
    r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})[T ]([0-9]{2})(:?)([0-9]{2})\6([0-9]{2})"
    r"(?:\.([0-9]+))?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_BOOLEANS = {"0": False, "1": True, "false": False, "true": True}

# CPython's own bound on reading decimal digits, which exists because reading them takes quadratic time.
_MAX_DIGITS = 4300


def _integer(text: str) -> int:
    text = text.strip(WHITE)
    if not _INTEGER.fullmatch(text):
        raise ValueError("needs ASCII digits with an optional sign")
    sign, digits = ("-", text[1:]) if text[0] == "-" else ("", text.lstrip("+"))
    digits = digits.lstrip("0") or "0"
    value = int(sign + digits) if len(digits) <= 19 else 2**63
    if not -(2**63) <= value < 2**63:
        raise ValueError("does not fit 64 bits")
    return value


def _big_integer(text: str) -> int:
    text = text.strip(WHITE)
    if not _INTEGER.fullmatch(text):
        raise ValueError("needs ASCII digits with an optional sign")
    if len(text.lstrip("+-")) > _MAX_DIGITS:
        raise ValueError(f"has more than {_MAX_DIGITS} digits")
    return int(text)


def _double(text: str) -> float:
    text = text.strip(WHITE)
    if _NO_NUMBER.fullmatch(text):
        return float(text)
    if not _DOUBLE.fullmatch(text):
        raise ValueError("needs a decimal number")
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("is too large for a double")
    return value


def _big_decimal(text: str) -> Decimal:
    text = text.strip(WHITE)
    if not _DOUBLE.fullmatch(text):
        raise ValueError("needs a decimal number")
    try:
        # A context of its own: the host program may have changed what the current one traps.
        return Decimal(text, Context(traps=[InvalidOperation]))
    except InvalidOperation:
        raise ValueError("has an exponent that is too large") from None


def _boolean(text: str) -> bool:
    value = _BOOLEANS.get(text.strip(WHITE).lower())
    if value is None:
        raise ValueError("needs 0, 1, true or false")
    return value


def _nil(text: str) -> None:
    if text.strip(WHITE):
        raise ValueError("must be empty")


def _string(text: str) -> str:
    return text


def _moment(text: str) -> datetime | xmlrpc.client.DateTime:
    """A datetime; or, for text that is no moment (a zero date, 24:00), a DateTime that keeps it."""
    match = _MOMENT.fullmatch(text.strip(WHITE))
    if match:
        year, _, month, day, hour, _, minute, second, fraction, zone = match.groups()
        micro = int((fraction or "")[:6].ljust(6, "0"))
        try:
            return datetime(
                int(year), int(month), int(day), int(hour), int(minute), int(second), micro, tzinfo=_zone(zone)
            )
        except ValueError:
            pass  # 30 February, 24:00:00, an offset of 99 hours
    return _kept_moment(text)


def _zone(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text == "Z":
        return timezone.utc
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    if int(text[-2:]) > 59:
        raise ValueError("no such offset")
    return timezone(-offset if text[0] == "-" else offset)


def _kept_moment(text: str) -> xmlrpc.client.DateTime:
    moment = xmlrpc.client.DateTime()
    moment.value = text.strip(WHITE)
    return moment


def _base64(text: str) -> bytes:
    packed = text.translate({ord(char): None for char in WHITE})
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
    "dateTime.iso8601": _moment,
    "base64": _base64,
}

# Apache's extension types, which come with any namespace prefix, declared or not ("ex:nil").
EXTENSIONS = frozenset({"i1", "i2", "i8", "biginteger", "float", "bigdecimal", "nil"})

# What the standard library gives unless it is asked for built-in types.
STDLIB_MOMENT: dict[str, Callable[[str], Any]] = {"dateTime.iso8601": _kept_moment}
STDLIB_BASE64: dict[str, Callable[[str], Any]] = {"base64": _binary}
