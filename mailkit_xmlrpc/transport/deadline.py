"""One point in time for a whole call.

A socket's own timeout starts anew with every byte that arrives, so a server that drips one byte at a time
outlives any of them. Every wait of a call asks its `Deadline` how long it may still take.
"""

from __future__ import annotations

import errno
import math
import sys
import time

from ..errors import ConfigError

__all__ = ["Deadline", "checked_seconds"]

# Seconds; the C calls below a socket's timeout count milliseconds in 32 bits.
_LONGEST_WAIT = 1e6


class Deadline:
    """A moment after which nothing may go on waiting; None seconds mean that there is none."""

    __slots__ = ("_end",)

    def __init__(self, seconds: float | None) -> None:
        self._end = math.inf if seconds is None else time.monotonic() + seconds

    def remaining(self) -> float | None:
        """The seconds that are left, or None for no limit. Raises TimeoutError once there are none."""
        if self._end == math.inf:
            return None
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError(errno.ETIMEDOUT, "timed out")
        return left if left < _LONGEST_WAIT else _LONGEST_WAIT

    def allows(self, seconds: float) -> bool:
        """Whether `seconds` from now there is still time left."""
        return time.monotonic() + seconds < self._end

    def within(self, seconds: float | None) -> Deadline:
        """The earlier of this deadline and `seconds` from now."""
        sooner = Deadline(seconds)
        sooner._end = min(sooner._end, self._end)
        return sooner


def checked_seconds(name: str, value: float | None) -> float | None:
    """`value` as a timeout: a finite number of seconds above 0, or None for no limit. Else ConfigError."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= sys.float_info.max:
        raise ConfigError(f"{name} must be a number of seconds above 0, or None for no limit, got {value!r}")
    return float(value)
