"""One point in time for a whole call.

The timeout of a socket starts anew with every byte that arrives, so a server that drips one byte at a time outlives
any of them. Every wait of a call asks its `Deadline` how long it can still take.
"""

from __future__ import annotations

import errno
import math
import time

__all__ = ["LONGEST_WAIT", "Deadline"]

# Seconds. The C calls below a socket's timeout count milliseconds in 32 bits.
LONGEST_WAIT = 1_000_000


class Deadline:
    """A moment after which a call must not wait any longer; None seconds mean that there is no such moment."""

    __slots__ = ("_end",)

    def __init__(self, seconds: float | None) -> None:
        self._end = math.inf if seconds is None else time.monotonic() + seconds

    def remaining(self) -> float | None:
        """The seconds that are left, or None for no limit. Raises TimeoutError if none are left."""
        if self._end == math.inf:
            return None
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError(errno.ETIMEDOUT, "timed out")
        return left if left < LONGEST_WAIT else LONGEST_WAIT

    def allows(self, seconds: float) -> bool:
        """Whether there is still time left `seconds` from now."""
        return time.monotonic() + seconds < self._end

    def within(self, seconds: float | None) -> Deadline:
        """The earlier of this deadline and `seconds` from now."""
        sooner = Deadline(seconds)
        sooner._end = min(sooner._end, self._end)
        return sooner

    def share(self, parts: int) -> Deadline:
        """The end of the first of so many equal parts of the time that is left."""
        return self if self._end == math.inf else Deadline(max(0.0, self._end - time.monotonic()) / parts)
