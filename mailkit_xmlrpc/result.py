"""`Result`: what Mailkit answered, in the same form for both kinds of answer, a struct and a bare string."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar, cast

from .errors import Outcome, RefusedError
from .errors.refused import refusal

__all__ = ["Result"]

T = TypeVar("T")


@dataclass(frozen=True, init=False)
class Result(Generic[T]):
    """What Mailkit answered.

    Attributes:
        ok: whether Mailkit carried the call out; also ``bool(result)``.
        outcome: `Outcome.DONE` or `Outcome.REFUSED`.
        method: the method that was called.
        value: the answer in the form that the method documents; None for a refusal.
        message: the answer's own words on success, if it has any.
        status: the answer's status, such as "OK", if it has one.
        error: Mailkit's text of a refusal; None on success.
        error_status: 0 on success; otherwise the answer's code, or 1 if XML-RPC carries none.
        raw: the answer as the wire held it; of a refusal, with the client's secrets masked.
        attempts: how many times the call was sent.
        elapsed: seconds from the call to the answer, waits and retries included.
    """

    ok: bool
    outcome: Outcome
    method: str
    # Not in the representation: it can be large, and a server can echo credentials in it.
    value: T | None = field(default=None, repr=False, hash=False)
    message: str | None = None
    status: str | None = None
    error: str | None = None
    error_status: int = 0
    raw: Any = field(default=None, repr=False, hash=False)
    attempts: int = field(default=1, compare=False)
    elapsed: float = field(default=0.0, compare=False)
    # The error of a refusal whose text, before secrets in it were masked, said what it is; see MethodSpec.judge.
    _refused: ClassVar[RefusedError | None] = None

    # dataclass's own takes twice as long: it calls object.__setattr__ for each attribute.
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
        """`value`; for a refusal, raise the `RefusedError` that says what Mailkit said.

        Raises:
            RefusedError: or the subclass for its text.
        """
        if self.ok:
            return cast(T, self.value)
        error = refusal(self.error or "") if self._refused is None else copy.copy(self._refused)
        error.result, error.method, error.attempts = self, self.method, self.attempts
        raise error
