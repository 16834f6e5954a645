"""When a call is attempted again: retry, doubt and deadline as one generator without I/O.

A call that surely was not carried out, because its request never left (`NotSentError`), can be sent again. A call that
may have been carried out, which includes HTTP 503 (see `HTTPStatusError`), is sent again only if its method changes
nothing, or if the caller allows it. So is a call that was answered with 429: RFC 6585, section 4, says that the caller
sent too many requests, but not that this one had no effect. A refusal is never sent again.

`attempts` yields the next step, an `Attempt` to make or a `Wait`, and is sent the end of each attempt. So a driver
that blocks and one that awaits share these rules.
"""

from __future__ import annotations

import errno
import logging
import random
from collections.abc import Generator
from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple

from .call import MethodSpec
from .errors import ConfigError, HTTPStatusError, MailkitError, NotSentError, Outcome
from .errors.redaction import on_one_line
from .result import Result
from .transport import Attempt, Deadline
from .transport.deadline import LONGEST_WAIT

__all__ = ["Retry", "Wait", "attempts"]

_logger = logging.getLogger("mailkit_xmlrpc")


@dataclass(frozen=True)
class Retry:
    """How often a `Client` attempts a call, and how long it waits in between.

    Attributes:
        attempts: attempts in all, the first included.
        base: the first wait is at most this many seconds; each further one at most twice the one before.
        cap: no wait is longer than this many seconds, unless the server asked for it.
        resend_unknown: send a call again that may have been carried out. It can then be carried out twice, and a
            customer can get two e-mails.
        resend_throttled: send a call again that was answered with HTTP 429, after its Retry-After, also if it changes
            something. Rate limits refuse a call before it is carried out, but HTTP does not promise it.
        retry_after_cap: the longest Retry-After in seconds. A call that the server puts off for longer fails, and the
            error says so.

    Raises:
        ConfigError: for a value that cannot work.
    """

    attempts: int = 3
    base: float = 0.5
    cap: float = 8.0
    resend_unknown: bool = False
    resend_throttled: bool = False
    retry_after_cap: float = 3600.0

    def __post_init__(self) -> None:
        if isinstance(self.attempts, bool) or not isinstance(self.attempts, int) or self.attempts < 1:
            raise ConfigError(f"Retry.attempts must be an int of at least 1, got {self.attempts!r}")
        seconds = (self.base, self.cap, self.retry_after_cap)
        numbers = all(type(value) in (int, float) and 0 <= value <= LONGEST_WAIT for value in seconds)
        if not numbers or self.base > self.cap:
            raise ConfigError(f"Retry needs base <= cap and retry_after_cap, in seconds from 0 to {LONGEST_WAIT:,}")
        for name in ("resend_unknown", "resend_throttled"):
            value = getattr(self, name)
            if not isinstance(value, bool):
                raise ConfigError(f"Retry.{name} must be a bool, got {type(value).__name__}")

    def applies(self, error: MailkitError, *, reads: bool) -> bool:
        """Whether a call that ended in `error` can be sent again; `reads` says that it changes nothing."""
        if isinstance(error, NotSentError):
            return True
        harmless = reads or self.resend_unknown
        if isinstance(error, HTTPStatusError) and error.status == 429:
            return harmless or self.resend_throttled
        return error.outcome is Outcome.UNKNOWN and harmless

    def wait(self, attempt: int, error: MailkitError) -> float:
        """Seconds to wait after that many attempts: the server's Retry-After, or a random part of a bound that grows
        exponentially ("full jitter"), so that many clients do not come back at the same time."""
        asked = getattr(error, "retry_after", None)
        if asked is not None:
            return float(asked)
        return random.uniform(0, min(self.cap, self.base * 2 ** min(attempt - 1, 60)))  # noqa: S311


class Wait(NamedTuple):
    """A pause of so many seconds."""

    seconds: float


def attempts(spec: MethodSpec[Any], retry: Retry, deadline: Deadline) -> Generator[Attempt | Wait, Any, None]:
    """The steps of one call of a method. The generator returns if the last attempt's `Result` is the call's.

    Yields:
        an `Attempt`, after which the generator must be sent its `Result` or its error, or a `Wait`.

    Raises:
        MailkitError: the call failed, and no further attempt is to be made. If an attempt of a method that changes
            something may have been carried out, this is its error, unless a later attempt succeeded. If the last
            attempt was not sent, but an earlier one was, this is the earlier one's error: the server had the call. If
            the deadline ended the last attempt while it was connecting, this is the error of the attempt before:
            "timed out" would hide why the call was attempted again.
    """
    doubt: MailkitError | None = None
    earlier: MailkitError | None = None
    answered: MailkitError | None = None
    for number in count(1):
        ended: Result[Any] | MailkitError = yield Attempt(
            deadline, number=number, keep_bad_scalars=spec.answer.keep_bad_scalars
        )
        if isinstance(ended, Result):
            if ended.ok or doubt is None:
                return
            # A refusal such as "Mailing list exist" can be caused by the earlier attempt itself.
            failure = doubt
        else:
            if ended.outcome is Outcome.UNKNOWN and not spec.reads:
                doubt = ended
            if not isinstance(ended, NotSentError):
                answered = ended
            pause = retry.wait(number, ended)
            again = number < retry.attempts and retry.applies(ended, reads=spec.reads)
            if again and (getattr(ended, "retry_after", None) or 0) > retry.retry_after_cap:
                too_long = f"its Retry-After of {pause:,.0f} s is longer than {retry.retry_after_cap:,.0f} s"
                ended.args = (f"{ended.message}; {too_long} (Retry.retry_after_cap)", *ended.args[1:])
            elif again and deadline.allows(pause):
                _log(spec, number, ended, f"next attempt in {pause:.2f} s")
                yield Wait(pause)
                earlier = ended
                continue
            failure = doubt or answered or (_cut_off(ended, deadline) and earlier) or ended
        if number > 1:
            _log(spec, number, ended, "last attempt")
        failure.attempts = 0 if isinstance(failure, ConfigError) else number
        raise failure


def _log(spec: MethodSpec[Any], number: int, ended: Result[Any] | MailkitError, then: str) -> None:
    why = ended.error if isinstance(ended, Result) else ended.message
    _logger.info("%s attempt %d: %s, %s; %s", spec.name, number, ended.outcome, on_one_line(why or ""), then)


def _cut_off(error: MailkitError, deadline: Deadline) -> bool:
    """Whether the deadline of the call, not `connect_timeout`, ended an attempt before it was connected."""
    return isinstance(error, NotSentError) and error.errno == errno.ETIMEDOUT and not deadline.allows(0)
