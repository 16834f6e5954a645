"""Refusals: Mailkit said no. `Result.unwrap` raises them; which text is which kind stands in `refusals`."""

from __future__ import annotations

from typing import Any

from .base import MailkitError, Outcome

__all__ = [
    "DisallowedIPError",
    "ExistsError",
    "InvalidValueError",
    "MissingValueError",
    "NotAllowedError",
    "NotDeliveredError",
    "NotEmptyError",
    "NotFoundError",
    "NotUnsubscribedError",
    "RefusedError",
    "UnauthorizedError",
]


class RefusedError(MailkitError):
    """Mailkit said no. `Result.unwrap()` raises it.

    Attributes:
        result: the `Result` that holds the refusal.
    """

    outcome = Outcome.REFUSED

    def __init__(self, message: str = "", *, result: Any = None, method: str | None = None, attempts: int = 0) -> None:
        super().__init__(message, method=method, attempts=attempts)
        self.result = result


class UnauthorizedError(RefusedError):
    """client_id or client_md5 is wrong; both stand in Mailkit's menu Profile / Integration."""


class DisallowedIPError(RefusedError):
    """The caller's address is not on the account's list of allowed ones (Profile / Integration).

    Attributes:
        ip: the address as Mailkit saw it.
    """

    def __init__(
        self, message: str = "", *, ip: str = "", result: Any = None, method: str | None = None, attempts: int = 0
    ) -> None:
        super().__init__(message, result=result, method=method, attempts=attempts)
        self.ip = ip


class _FieldError(RefusedError):
    """A refusal that names one field."""

    def __init__(
        self, message: str = "", *, field: str = "", result: Any = None, method: str | None = None, attempts: int = 0
    ) -> None:
        super().__init__(message, result=result, method=method, attempts=attempts)
        self.field = field


class MissingValueError(_FieldError):
    """A required value was missing or empty; `field` is its name as Mailkit spells it."""


class InvalidValueError(_FieldError):
    """A value was not acceptable; `field` is its name as Mailkit spells it."""


class NotFoundError(RefusedError):
    """There is no such recipient or record."""


class ExistsError(RefusedError):
    """There is one of that name already, or it was asked for before."""


class NotUnsubscribedError(RefusedError):
    """The recipient is not unsubscribed, so there is nothing to take back."""


class NotDeliveredError(RefusedError):
    """The recipient was stored, but no message was sent to it; `result.error_status` is Mailkit's status, 6 or 7."""


class NotAllowedError(RefusedError):
    """The account or the campaign does not allow that."""


class NotEmptyError(RefusedError):
    """Only an empty folder can be deleted."""
