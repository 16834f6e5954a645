"""When a call is attempted again: retry, doubt and deadline as one generator without I/O.

A call that surely was not carried out can be sent again: its request never left (`NotSentError`), or the server
throttled it (429). A call that may have been carried out is sent again only if its method changes nothing, or if the
caller says that twice is better than not at all. A refusal is never sent again. HTTP 503 is no exception: it does not
tell that the call was not carried out (see `HTTPStatusError`).

`attempts` yields what to do, an `Attempt` to make or a `Wait`, and is sent how each attempt ended. So a driver that
blocks and one that awaits share these rules.
"""

from __future__ import annotations

import random
from collections.abc import Generator
from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple

from .call import MethodSpec
from .errors import ConfigError, HTTPStatusError, MailkitError, NotSentError, Outcome
from .transport import Attempt, Deadline

__all__ = ["Retry", "Wait", "attempts"]


@dataclass(frozen=True)
class Retry:
    """How often a `Client` attempts a call, and how long it waits in between.

    Attributes:
        attempts: attempts in all, the first included.
        base: the first wait is at most this many seconds; each further one at most twice the one before.
        cap: no wait is longer than this many seconds, unless the server asked for it.
        resend_unknown: send a call again that may have been carried out: it can then be carried out twice, and a
            customer get two e-mails.

    Raises:
        ConfigError: for a value that cannot work.
    """

    attempts: int = 3
    base: float = 0.5
    cap: float = 8.0
    resend_unknown: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.attempts, bool) or not isinstance(self.attempts, int) or self.attempts < 1:
            raise ConfigError(f"Retry.attempts must be an int of at least 1, got {self.attempts!r}")
        numbers = all(isinstance(value, (int, float)) for value in (self.base, self.cap))
        if not numbers or not 0 <= self.base <= self.cap < float("inf"):
            raise ConfigError("Retry needs 0 <= base <= cap, in seconds")

    def applies(self, error: MailkitError, *, reads: bool) -> bool:
        """Whether a call that ended in `error` can be sent again; `reads` says that it changes nothing."""
        if isinstance(error, NotSentError):
            return True
        if isinstance(error, HTTPStatusError) and error.status == 429:
            return True
        return error.outcome is Outcome.UNKNOWN and (reads or self.resend_unknown)

    def wait(self, attempt: int, error: MailkitError) -> float:
        """Seconds to wait after that many attempts: what the server asked for, or "full jitter" (a random part of a
        bound that grows exponentially), so that many clients do not come back at the same moment."""
        asked = getattr(error, "retry_after", None)
        if asked is not None:
            return float(asked)
        return random.uniform(0, min(self.cap, self.base * 2 ** min(attempt - 1, 60)))  # noqa: S311


class Wait(NamedTuple):
    """Do nothing for so many seconds."""

    seconds: float


def attempts(
    spec: MethodSpec[Any], retry: Retry, deadline: Deadline
) -> Generator[Attempt | Wait, MailkitError | None, None]:
    """What to do to carry out one call of a method.

    Yields:
        an `Attempt`, after which the generator must be sent the error that it ended in, or a `Wait`.

    Raises:
        MailkitError: no further attempt is to be made; the error says what the call as a whole ended in. If an attempt
            may have been carried out, that is the end, whatever came after it.
    """
    doubt: MailkitError | None = None
    for number in count(1):
        error = yield Attempt(deadline, number=number, keep_bad_scalars=spec.answer.keep_bad_scalars)
        if error is None:
            return
        if error.outcome is Outcome.UNKNOWN:
            doubt = error
        pause = retry.wait(number, error)
        again = number < retry.attempts and retry.applies(error, reads=spec.reads) and deadline.allows(pause)
        if not again:
            failure = doubt or error
            failure.attempts = 0 if isinstance(failure, ConfigError) else number
            raise failure
        yield Wait(pause)
