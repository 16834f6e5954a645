"""The text of a scalar element to its value, by C's rules: as much of it as reads, and 0 if nothing does."""

from __future__ import annotations

import binascii
import re
from typing import Any, Callable

from .moments import datetime_of
from .options import Profile
from .values import Base64

__all__ = ["SCALARS", "index_of"]

_ATOI = re.compile(rb"[ \t-\r]*([+-]?[0-9]+)")
_ATOF = re.compile(
    rb"[ \t-\r]*(?:(?P<hex>[+-]?0x(?:[0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)(?:p[+-]?[0-9]+)?)"
    rb"|(?P<decimal>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|[+-]?(?:inf(?:inity)?|nan)))",
    re.IGNORECASE,
)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")

# PHP's is_numeric_string and strtol with base 0, which takes a 0 in front for octal.
_INDEX = re.compile(rb"[ \t-\r]*([+-]?)(0*)([0-9]*)([ \t-\r]*)")


def _atoi(text: bytes) -> int:
    """C's atoi: an int of 64 bits that keeps the lower 32."""
    match = _ATOI.match(text)
    if not match:
        return 0
    digits = match[1].lstrip(b"+-0") or b"0"
    number = int(digits) if len(digits) < 20 else 2**64
    clamped = max(-number, -(2**63)) if match[1][:1] == b"-" else min(number, 2**63 - 1)
    return (clamped + 2**31) % 2**32 - 2**31


def _atof(text: bytes) -> float:
    """C's atof: also hexadecimal, infinity and nan; what is too large is infinity."""
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


def _moment(text: bytes) -> Any:
    return datetime_of(text.partition(b"\0")[0])


def _base64(text: bytes) -> Base64:
    """Whole groups of four, other characters skipped, as far as the first padding."""
    packed = _NOT_BASE64.sub(b"", text)
    data = bytearray()
    for at in range(0, len(packed) - 3, 4):
        group = packed[at : at + 4]
        # A = inside a group counts as 0 bits; the third and fourth place decide how much of it is kept.
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
    "dateTime.iso8601": _moment,
    "base64": _base64,
}


def index_of(name: bytes, profile: Profile) -> int | bytes:
    """The key that a member's name becomes."""
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
