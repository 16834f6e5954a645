"""The text of a scalar element to its value, by the rules of C and PHP.

Numbers are read as C's atoi and atof read them: as far as the text is valid, and 0 if none of it is. For dates, PHP
uses the parser of strtotime(), which also reads "next Friday" and much else. `datetime_of` reads the forms of date and
time that XML-RPC peers send, to the second that PHP computes, and dates or times alone that PHP accepts. Any other text
is not a date here, although PHP might find one in it.
"""

from __future__ import annotations

import binascii
import re
from datetime import date
from typing import Any, Callable

from .options import Profile
from .values import Base64, Datetime

__all__ = ["SCALARS", "datetime_of", "index_of"]

_ATOI = re.compile(rb"[ \t-\r]*([+-]?[0-9]+)")
_ATOF = re.compile(
    rb"[ \t-\r]*(?:(?P<hex>[+-]?0x(?:[0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)(?:p[+-]?[0-9]+)?)"
    rb"|(?P<decimal>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|[+-]?(?:inf(?:inity)?|nan)))",
    re.IGNORECASE,
)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")

# PHP's is_numeric_string, then strtol with base 0, which takes a leading 0 for octal.
_INDEX = re.compile(rb"[ \t-\r]*([+-]?)(0*)([0-9]*)([ \t-\r]*)")

# A fraction is read only after a date with dashes.
_DATETIME = re.compile(
    rb"""[ \t\r\n]*
    (?P<year>[0-9]{4})(?P<dash>-?)(?P<month>0[0-9]|1[0-2])(?P=dash)(?P<day>[0-2][0-9]|3[01])
    (?:[Tt]|[ \t]+)
    (?P<hour>[01][0-9]|2[0-4]):(?P<minute>[0-5][0-9])(?::(?P<second>[0-5][0-9]|60)(?P<fraction>\.[0-9]+)?)?
    [ \t]*
    (?:[Zz]|UTC|GMT|(?P<sign>[+-])(?P<hours>0?[0-9]|1[0-4])(?::?(?P<minutes>[0-5][0-9]))?)?
    [ \t\r\n]*""",
    re.VERBOSE,
)
_DATE_OR_TIME = re.compile(
    rb"[0-9]{4}(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])|-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))"
    rb"|(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?"
    rb"|(?i:now|today|midnight|noon|tomorrow|yesterday|[a-ik-z])"
)

_EPOCH = date(1970, 1, 1).toordinal()
# Python's `date` starts with the year 1, PHP's calendar does not. All cycles of 400 years have the same number of days.
_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097


def _atoi(text: bytes) -> int:
    """C's atoi: a 64-bit int, of which the lower 32 bits are kept."""
    match = _ATOI.match(text)
    if not match:
        return 0
    digits = match[1].lstrip(b"+-0") or b"0"
    number = int(digits) if len(digits) < 20 else 2**64
    clamped = max(-number, -(2**63)) if match[1][:1] == b"-" else min(number, 2**63 - 1)
    return (clamped + 2**31) % 2**32 - 2**31


def _atof(text: bytes) -> float:
    """C's atof: reads hexadecimal, infinity and nan too, and a number that is too large as infinity."""
    match = _ATOF.match(text.partition(b"\0")[0])
    if not match:
        return 0.0
    if match["hex"] is None:
        return float(match["decimal"])
    try:
        return float.fromhex(match["hex"].decode("ascii"))
    except OverflowError:
        return float("-inf" if match["hex"][:1] == b"-" else "inf")


def _boolean(text: bytes) -> bool:
    return _atoi(text) != 0


def _string(text: bytes) -> bytes:
    return text


def _datetime(text: bytes) -> Datetime | bytes:
    return datetime_of(text.partition(b"\0")[0])


def _base64(text: bytes) -> Base64:
    """Complete groups of four up to the first padding; other characters are skipped."""
    packed = _NOT_BASE64.sub(b"", text)
    data = bytearray()
    for at in range(0, len(packed) - 3, 4):
        group = packed[at : at + 4]
        # A = elsewhere in the group counts as 0 bits; the third and fourth place decide how many bytes are kept.
        kept = 1 if group[2:3] == b"=" else 2 if group[3:] == b"=" else 3
        data += binascii.a2b_base64(group.replace(b"=", b"A"))[:kept]
        if kept < 3:
            break
    return Base64(bytes(data))


SCALARS: dict[str, Callable[[bytes], Any]] = {
    "string": _string,
    "int": _atoi,
    "i4": _atoi,
    "boolean": _boolean,
    "double": _atof,
    "dateTime.iso8601": _datetime,
    "base64": _base64,
}


def index_of(name: bytes, profile: Profile) -> int | bytes:
    """The array key that PHP makes of a member's name."""
    match = _INDEX.fullmatch(name)
    if not match or (name[:1] == b"0" and len(name) > 1) or (match[4] and not profile.php8):
        return name
    sign, zeros, digits, _ = match.groups()
    if not zeros + digits or len(digits) > 19:
        return name
    decimal = int(sign + (digits or b"0"))
    if not -(2**63) <= decimal < 2**63:
        return name
    if not zeros:
        return decimal
    octal = re.match(rb"[0-7]*", digits)[0]  # type: ignore[index]
    return int(sign + b"0" + octal, 8)


def datetime_of(text: bytes) -> Datetime | bytes:
    """The `Datetime` that PHP makes of `text`, or `text` itself where PHP finds no date in it."""
    match = _DATETIME.fullmatch(text)
    if match and (match["dash"] or not match["fraction"]):
        timestamp = _timestamp(match)
        # PHP uses -1 for "not a date", so the last second before 1970 is not a date to it either.
        return text if timestamp == -1 else Datetime(text, timestamp)
    return Datetime(text) if _DATE_OR_TIME.fullmatch(text) else text


def _timestamp(match: re.Match[bytes]) -> int:
    """Seconds since 1970. A day that does not exist overflows: 30 February is 1 or 2 March, and day 0 is the day before
    day 1."""
    year, month, day, hour, minute, second = (
        int(match[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")
    )
    if month == 0:
        year, month = year - 1, 12
    days = day - 1 - _EPOCH
    if year < 1:
        year, days = year + _CYCLE_YEARS, days - _CYCLE_DAYS
    days += date(year, month, 1).toordinal()
    offset = int(match["hours"] or 0) * 3600 + int(match["minutes"] or 0) * 60
    if match["sign"] == b"-":
        offset = -offset
    return days * 86_400 + hour * 3600 + minute * 60 + second - offset
