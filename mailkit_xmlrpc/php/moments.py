"""Date text as PHP's own parser reads it, as far as dateTime.iso8601 goes.

PHP hands the text to the parser behind strtotime(), which also reads "next Friday" and much else. Here are the
forms of a moment that XML-RPC peers send, to the second as PHP counts them, and the halves of a moment that PHP
takes for one; other text is no date here, where PHP might find one in it.
"""

from __future__ import annotations

import re
from datetime import date

from .values import Datetime

__all__ = ["datetime_of"]

# A fraction is read only after a date with dashes.
_MOMENT = re.compile(
    rb"""[ \t\r\n]*
    (?P<year>[0-9]{4})(?P<dash>-?)(?P<month>0[0-9]|1[0-2])(?P=dash)(?P<day>[0-2][0-9]|3[01])
    (?:[Tt]|[ \t]+)
    (?P<hour>[01][0-9]|2[0-4]):(?P<minute>[0-5][0-9])(?::(?P<second>[0-5][0-9]|60)(?P<fraction>\.[0-9]+)?)?
    [ \t]*
    (?:[Zz]|UTC|GMT|(?P<sign>[+-])(?P<hours>0?[0-9]|1[0-4])(?::?(?P<minutes>[0-5][0-9]))?)?
    [ \t\r\n]*""",
    re.VERBOSE,
)
_HALF = re.compile(
    rb"[0-9]{4}(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])|-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))"
    rb"|(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?"
    rb"|(?i:now|today|midnight|noon|tomorrow|yesterday|[a-ik-z])"
)

_EPOCH = date(1970, 1, 1).toordinal()
# `date` begins with the year 1, PHP's calendar does not; any 400 years have the same number of days.
_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097


def datetime_of(text: bytes) -> Datetime | bytes:
    """The `Datetime` that PHP makes of `text`, or `text` itself where PHP finds no date in it."""
    match = _MOMENT.fullmatch(text)
    if match and (match["dash"] or not match["fraction"]):
        timestamp = _timestamp(match)
        # PHP's sign for "no date": the last second before 1970 cannot be told from it.
        return text if timestamp == -1 else Datetime(text, timestamp)
    return Datetime(text) if _HALF.fullmatch(text) else text


def _timestamp(match: re.Match[bytes]) -> int:
    """Days that the calendar does not have are counted on: 30 February is 1 or 2 March, day 0 the day before."""
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
