"""`Call`: one call to Mailkit as an object that can be sent, awaited, stored and repeated.

A call is its method and the parameters that follow the credentials, which it does not hold. The `MethodSpec` is
everything that is known of a method: which answers are refusals, how the others are converted, and whether the method
changes anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Callable, Generic, NamedTuple, TypeVar

from .answers import NO_CODE, Answer
from .errors import ConfigError, EncodeError, Outcome
from .errors.redaction import mask, masked
from .errors.refused import refusal as known_refusal
from .result import Result

__all__ = ["Call", "CallRecord", "Certainty", "Doc", "MethodSpec", "Unconverted", "converted"]

T = TypeVar("T")

_MD5 = re.compile("[0-9a-fA-F]{32}")


class Certainty(str, Enum):
    """How much of a method was seen in Mailkit's documentation."""

    FULL = "documented"
    PARTIAL = "partly documented"
    CLIENT = "known from Mailkit's own PHP client"
    NAMED = "known by name only"

    def __str__(self) -> str:
        return self.value


class Doc(NamedTuple):
    """Where a method is documented: the page's address, "" if none was seen, and how much of it was seen."""

    page: str = ""
    certainty: Certainty = Certainty.FULL


@dataclass(frozen=True)
class MethodSpec(Generic[T]):
    """Everything that is known of one method.

    Attributes:
        name: its name, such as "mailkit.email.move".
        answer: which answers are refusals, and the type of the others.
        reads: whether the method changes nothing, so that it can be sent again when in doubt.
        doc: its documentation.
    """

    name: str
    answer: Answer[T]
    reads: bool = False
    doc: Doc = Doc()

    def judge(self, raw: Any, *, secrets: tuple[str, ...] = (), attempts: int = 1, elapsed: float = 0.0) -> Result[T]:
        """The `Result` for the answer `raw`. One of `secrets` is masked in the texts of the result, and in `raw` of a
        refusal; `value` and `raw` of a success are the server's data as they came."""
        message = status = None
        if isinstance(raw, dict):
            message, status = _shown(raw.get("message"), secrets), _shown(raw.get("status"), secrets)
        refusal = self.answer.refusal(raw)
        if refusal is None:
            value, message = self.answer.value(raw), _shown(raw, secrets) or message
            return Result(True, Outcome.DONE, self.name, value, message, status, None, 0, raw, attempts, elapsed)
        result: Result[T] = Result(
            ok=False,
            outcome=Outcome.REFUSED,
            method=self.name,
            message=message,
            status=status,
            error=_shown(refusal.error, secrets),
            error_status=refusal.code if masked(refusal.code, secrets) == refusal.code else NO_CODE,
            raw=masked(raw, secrets),
            attempts=attempts,
            elapsed=elapsed,
        )
        if result.error != refusal.error:  # unwrap could no longer tell the kind of the refusal
            refused = known_refusal(refusal.error)
            refused.redact(secrets)
            object.__setattr__(result, "_refused", refused)
        return result


@dataclass(frozen=True)
class Call(Generic[T]):
    """One call. It compares, pickles, and its representation leaves the values out.

    Attributes:
        spec: the method.
        params: the parameters that follow client_id and client_md5.

    Raises:
        ConfigError: spec is not a MethodSpec.
    """

    spec: MethodSpec[T]
    params: tuple[Any, ...] = field(repr=False, default=())

    @property
    def method(self) -> str:
        """The method's name."""
        return self.spec.name

    def __post_init__(self) -> None:
        if not isinstance(self.spec, MethodSpec):
            raise ConfigError(
                f"a Call needs a MethodSpec, got {type(self.spec).__name__}; see Client.call for any name"
            )

    def __repr__(self) -> str:
        count = len(self.params)
        method = _MD5.sub("***", str(self.method))  # by mistake; a client refuses it
        return f"<{type(self).__name__} of {method} with {count} parameter{'' if count == 1 else 's'}>"


@dataclass(frozen=True)
class Unconverted:
    """A value in a `Call` that Mailkit wants as text, of a type whose text only a client's convert knows.

    Attributes:
        value: the value.
        finish: makes the parameter from what convert gives; raises EncodeError for another type.
    """

    value: Any = field(repr=False)
    finish: Callable[[Any], Any]


def converted(convert: Callable[[Any], Any] | None, value: Any) -> Any:
    """What the encoder writes for a value whose type XML-RPC does not have; NotImplemented to refuse it.

    Raises:
        EncodeError: there is no convert for an `Unconverted`, or it gives no text.
    """
    if not isinstance(value, Unconverted):
        return NotImplemented if convert is None else convert(value)
    if convert is None:
        kind = type(value.value).__name__
        raise EncodeError(f"must be a str or bytes, got {kind}; pass convert= to turn it into one")
    result = convert(value.value)
    return value.finish(value.value if result is NotImplemented else result)


@dataclass(frozen=True)
class CallRecord:
    """What `on_call` is told about a call that has ended.

    Attributes:
        method: the method's name.
        outcome: how it ended.
        elapsed: seconds, waits and retries included.
        attempts: how many times it was attempted.
        sent: bytes of the last attempt's request body.
        received: bytes of the last attempt's answer, as they came.
    """

    method: str
    outcome: Outcome
    elapsed: float
    attempts: int
    sent: int
    received: int


def _shown(text: object, secrets: tuple[str, ...]) -> str | None:
    return mask(text, secrets) if isinstance(text, str) else None
