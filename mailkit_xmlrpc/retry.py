"""When a call is tried again, and how long to wait before that.

What surely was not carried out may be tried again: the request never left (`NotSentError`), or the server asked
to come back later (429, 503). What may have been carried out is tried again only for methods that read, or
where the caller says that twice is better than not at all. A refusal never is.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from .errors import ConfigError, HTTPStatusError, MailkitError, NotSentError, Outcome

__all__ = ["Retry"]


@dataclass(frozen=True)
class Retry:
    """How often and how patiently a `Client` tries.

    Attributes:
        attempts: tries in all, the first included.
        base: the first wait is at most this many seconds; each further one at most twice the one before.
        cap: no wait is longer than this many seconds, except where the server asked for it.
        resend_unknown: send again also when the call may have been carried out: it may then be carried out
            twice, and a customer get two e-mails.
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
        """Whether a call that ended in `error` may be sent again; `reads` tells that it changes nothing."""
        if isinstance(error, NotSentError):
            return True
        if isinstance(error, HTTPStatusError) and error.status in (429, 503):
            return True
        return error.outcome is Outcome.UNKNOWN and (reads or self.resend_unknown)

    def wait(self, attempt: int, error: MailkitError) -> float:
        """Seconds to wait after that many attempts: what the server asked for, or "full jitter" (a random part
        of an exponentially growing bound), so that many clients do not come back all at once."""
        asked = getattr(error, "retry_after", None)
        if asked is not None:
            return float(asked)
        return random.uniform(0, min(self.cap, self.base * 2 ** min(attempt - 1, 60)))  # noqa: S311
