"""The options of faults. Each is read from a Python value, and from a string of the command line.

Apart from `faults`, so that the table there can be read without the checks of its options.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Callable

from ..codec import encode_response
from ..errors import ConfigError

__all__ = ["Option", "choice", "line", "seconds", "text", "whole", "yes_or_no"]

_REQUIRED = object()


@dataclass(frozen=True)
class Option:
    """One option of a kind of fault.

    Attributes:
        name: its name.
        wants: what its value must be, for messages and help.
        read: converts a Python value or a str; raises ValueError, TypeError, LookupError or AttributeError.
        default: the value if none is given.
    """

    name: str
    wants: str
    read: Callable[[Any], Any]
    default: Any = _REQUIRED

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return self.default is _REQUIRED

    def value(self, given: Any, kind: str) -> Any:
        """The value of `given`, the default for None. Raises ConfigError, with the name of the kind of fault."""
        try:
            return self.default if given is None and not self.required else self.read(given)
        except (ValueError, TypeError, LookupError, AttributeError):
            raise ConfigError(f"{kind}: {self.name} must be {self.wants}, got {given!a:.60}") from None


def seconds(name: str, default: Any = _REQUIRED) -> Option:
    """A number of seconds, as a float."""
    return Option(name, "a number of seconds, 0 or more", _seconds, default)


def whole(name: str, least: int, most: int, default: Any = _REQUIRED) -> Option:
    """An int from `least` to `most`."""

    def read(given: Any) -> int:
        if isinstance(given, bool) or not re.fullmatch(r"-?[0-9]{1,18}", str(given)):
            raise ValueError
        if not least <= int(given) <= most:
            raise ValueError
        return int(given)

    return Option(name, f"a whole number from {least} to {most}", read, default)


def text(name: str, default: Any = _REQUIRED) -> Option:
    """A str without characters that XML cannot carry."""
    return Option(name, "text that XML can carry", _text, default)


def line(name: str, default: Any = _REQUIRED) -> Option:
    """A str that an HTTP header can carry."""
    return Option(name, "one line of Latin-1 text", _line, default)


def yes_or_no(name: str, default: Any = _REQUIRED) -> Option:
    """A bool; as a string yes or no."""
    return Option(name, "yes or no", _yes_or_no, default)


def choice(name: str, names: Iterable[str], default: Any = _REQUIRED) -> Option:
    """One of `names`."""
    known = tuple(names)

    def read(given: Any) -> str:
        return known[known.index(given)]

    return Option(name, f"one of {', '.join(known)}", read, default)


def _seconds(given: Any) -> float:
    value = float(given)
    if isinstance(given, bool) or not 0 <= value < math.inf:
        raise ValueError
    return value


def _text(given: Any) -> str:
    if not isinstance(given, str):
        raise TypeError
    encode_response(given)  # raises EncodeError, a ValueError
    return given


def _line(given: Any) -> str:
    if not re.fullmatch(r"[\t\x20-\x7e\x80-\xff]*", given):
        raise ValueError
    return str(given)


_WORDS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def _yes_or_no(given: Any) -> bool:
    return given if isinstance(given, bool) else _WORDS[given.lower()]
