"""`Result`, and the one place where an answer is judged success or refusal.

Mailkit answers an XML-RPC call in two forms: a struct, or a bare string. Its errors are no faults but such bare
strings; yet some methods answer a bare string, an int or nothing at all when they succeed. So each method's
`Spec` says what its successes look like, and everything else is a refusal. A struct's error_status, where it has
one, decides before anything else: ``{"error": "OK", "error_status": "0"}`` is a success.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from math import isfinite
from typing import Any, Callable, Generic, TypeVar, cast

from .errors import Outcome
from .redaction import mask
from .refusals import refusal

__all__ = ["Certainty", "Result", "Spec", "judge"]

T = TypeVar("T")

# Stands for a refusal whose code XML-RPC does not carry; Mailkit's JSON interface gives 1 for them.
_NO_CODE = 1


class Certainty(str, Enum):
    """How much of a method Mailkit's documentation was seen to say."""

    FULL = "documented"
    PARTIAL = "partly documented"
    CLIENT = "known from Mailkit's own PHP client"
    NAMED = "known by name only"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True)
class Spec:
    """What is known of one method.

    Attributes:
        method: its name.
        successes: the bare strings that are successes.
        matches: a pattern of bare strings that are successes too; "" for none.
        kinds: the other types of answer that are successes; None for any.
        code: the member whose number decides about a struct that has no error_status; "" for none.
        needs: members that a struct must have to be a success.
        refusals: bare answers that say no without words, and what they say.
        statuses: values of a struct's status that say no, and what they say.
        shape: makes the value out of a successful answer; None where it is the answer as it came.
        reads: the method changes nothing, so it may be sent again when in doubt.
        keep_bad_scalars: its answers hold scalars whose text does not fit their type.
        page: the address of its documentation, "" where none was seen.
        certainty: how much of it was seen.
    """

    method: str
    successes: tuple[str, ...] = ()
    matches: str = ""
    kinds: tuple[type, ...] | None = None
    code: str = ""
    needs: tuple[str, ...] = ()
    refusals: Mapping[int | str, str] = field(default_factory=dict, hash=False)
    statuses: Mapping[int, str] = field(default_factory=dict, hash=False)
    shape: Callable[[Any], Any] | None = None
    reads: bool = False
    keep_bad_scalars: bool = False
    page: str = ""
    certainty: Certainty = Certainty.FULL


@dataclass(frozen=True, init=False)
class Result(Generic[T]):
    """What Mailkit answered.

    Attributes:
        ok: whether Mailkit carried the call out; also ``bool(result)``.
        outcome: `Outcome.DONE` or `Outcome.REFUSED`.
        method: the method that was called.
        value: the answer in the shape the method documents; None for a refusal.
        message: the answer's own words on success, where it has any.
        status: the answer's status, such as "OK", where it has one.
        error: Mailkit's text of a refusal; None on success.
        error_status: 0 on success; else the answer's code, or 1 where XML-RPC carries none.
        raw: the answer as the wire held it.
        attempts: how many times the call was sent.
        elapsed: seconds from the call to the answer, waits and retries included.
    """

    ok: bool
    outcome: Outcome
    method: str
    # Not shown: it may be large, and what a server echoes in it is no business of a log.
    value: T | None = field(default=None, repr=False, hash=False)
    message: str | None = None
    status: str | None = None
    error: str | None = None
    error_status: int = 0
    raw: Any = field(default=None, repr=False, hash=False)
    attempts: int = field(default=1, compare=False)
    elapsed: float = field(default=0.0, compare=False)

    def __init__(
        self,
        ok: bool,
        outcome: Outcome,
        method: str,
        value: T | None = None,
        message: str | None = None,
        status: str | None = None,
        error: str | None = None,
        error_status: int = 0,
        raw: Any = None,
        attempts: int = 1,
        elapsed: float = 0.0,
    ) -> None:
        # What a frozen dataclass does by itself, attribute by attribute, takes thrice as long.
        vars(self).update(
            ok=ok,
            outcome=outcome,
            method=method,
            value=value,
            message=message,
            status=status,
            error=error,
            error_status=error_status,
            raw=raw,
            attempts=attempts,
            elapsed=elapsed,
        )

    def __bool__(self) -> bool:
        return self.ok

    def unwrap(self) -> T:
        """`value`; or, for a refusal, raise the `RefusedError` that says what Mailkit said.

        Raises:
            RefusedError: or the subclass that fits the text.
        """
        if not self.ok:
            raise refusal(self.error or "", result=self, method=self.method, attempts=self.attempts)
        return cast(T, self.value)


def judge(
    spec: Spec, raw: Any, *, secrets: tuple[str, ...] = (), attempts: int = 1, elapsed: float = 0.0
) -> Result[Any]:
    """The `Result` that the answer `raw` of a method is, its texts without `secrets`."""
    message, status = None, None
    if isinstance(raw, dict):
        message, status = _shown(_text(raw, "message"), secrets), _shown(_text(raw, "status"), secrets)
    problem = _problem(spec, raw)
    if problem is None:
        value = raw if spec.shape is None else spec.shape(raw)
        if isinstance(raw, str):
            message = _shown(raw, secrets) or None
        return Result(
            True, Outcome.DONE, spec.method, value, message, status, raw=raw, attempts=attempts, elapsed=elapsed
        )
    error, code = problem
    return Result(
        False,
        Outcome.REFUSED,
        spec.method,
        message=message,
        status=status,
        error=_shown(error, secrets),
        error_status=code,
        raw=raw,
        attempts=attempts,
        elapsed=elapsed,
    )


def _problem(spec: Spec, raw: Any) -> tuple[str, int] | None:
    """Text and code of a refusal, or None for a success."""
    decisive = _decisive(spec, raw) if isinstance(raw, dict) else ""
    if decisive:
        code = _number(raw[decisive])
        if code != 0:
            text = _text(raw, "error") or _text(raw, "message") or _text(raw, "status")
            if code is None:
                return text or f"an {decisive} that is no number", _NO_CODE
            return text or f"{decisive} {code}", code
    if spec.statuses and isinstance(raw, dict):
        code = _number(raw.get("status"))
        if code is not None and code in spec.statuses:
            return spec.statuses[code], code
    if isinstance(raw, (str, int)) and raw in spec.refusals:
        return spec.refusals[raw], _NO_CODE
    if isinstance(raw, str):
        known = raw in spec.successes or (spec.matches and re.fullmatch(spec.matches, raw))
        return None if known else (raw or "an empty answer", _NO_CODE)
    if spec.kinds is not None and not isinstance(raw, spec.kinds):
        return f"an answer of an unexpected type ({type(raw).__name__})", _NO_CODE
    missing = [name for name in spec.needs if name not in raw]
    return (f"an answer without {', '.join(missing)}", _NO_CODE) if missing else None


def _decisive(spec: Spec, struct: dict[str, Any]) -> str:
    """The member whose number says whether a struct is a success; "" if there is none."""
    if "error_status" in struct:
        return "error_status"
    return spec.code if spec.code and spec.code in struct else ""


def _text(struct: dict[str, Any], name: str) -> str | None:
    value = struct.get(name)
    return value if isinstance(value, str) else None


def _shown(text: str | None, secrets: tuple[str, ...]) -> str | None:
    return mask(text, secrets) if text else text


def _number(value: Any) -> int | None:
    """error_status comes as a number or as a string of digits; anything else is None."""
    if isinstance(value, (float, Decimal)):
        return int(value) if isfinite(value) and value == int(value) else None
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?[0-9]{1,18}\s*", value):
        return int(value)
    return None
