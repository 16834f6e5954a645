"""Refusals: Mailkit said no. `Result.unwrap` raises them.

Mailkit answers with sentences, not with codes. Each class lists the sentences that it stands for, all that Mailkit's
documentation and its PHP client know; a text that none of them lists is a plain `RefusedError`. So a new kind of
refusal is one class here, with its texts, and one name in `__all__`.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

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

# Our words for answers that refuse without any: an empty string, the int 0, or the number of a status.
NO_RECIPIENT = "no such recipient"
NOT_MOVED = "the recipient was not moved"
STATUS_TEXTS = {
    4: "Mailkit could not store the recipient (status 4)",
    6: "the recipient was updated, but nothing was sent",
    7: "the recipient was inserted, but nothing was sent",
}


class Text:
    """A text of Mailkit's that is a refusal.

    Args:
        pattern: matches the whole text; a named group becomes the attribute of that name of the error.
        advice: what to do next, added to the error's message.
        attributes: further attributes of the error.
    """

    def __init__(self, pattern: str, *, advice: str = "", **attributes: str) -> None:
        self.pattern = pattern
        self.advice = advice
        self.attributes = attributes

    def error(self, kind: type[RefusedError], text: str, common: dict[str, Any]) -> RefusedError | None:
        """The error of this kind for `text`, or None if the pattern does not match."""
        match = re.fullmatch(self.pattern, text)
        if match is None:
            return None
        message = f"{text}; {self.advice}" if self.advice else text
        attributes: dict[str, Any] = {**self.attributes, **match.groupdict()}
        return kind(message, **attributes, **common)


class RefusedError(MailkitError):
    """Mailkit said no. `Result.unwrap()` raises it.

    Attributes:
        result: the `Result` that holds the refusal.
    """

    outcome = Outcome.REFUSED
    texts: ClassVar[tuple[Text, ...]] = ()

    def __init__(self, message: str = "", *, result: Any = None, method: str | None = None, attempts: int = 0) -> None:
        super().__init__(message, method=method, attempts=attempts)
        self.result = result


class UnauthorizedError(RefusedError):
    """client_id or client_md5 is wrong; both are in Mailkit's menu Profile / Integration."""

    texts: ClassVar[tuple[Text, ...]] = (
        Text("Unauthorized", advice="check client_id and client_md5 (menu Profile / Integration)"),
    )


class DisallowedIPError(RefusedError):
    """The caller's address is not on the account's list of allowed addresses (Profile / Integration).

    Attributes:
        ip: the address as Mailkit saw it.
    """

    texts: ClassVar[tuple[Text, ...]] = (
        Text(r"Disallowed IP (?P<ip>\S+)", advice="allow it in the menu Profile / Integration"),
    )

    def __init__(self, message: str = "", *, ip: str = "", **common: Any) -> None:
        super().__init__(message, **common)
        self.ip = ip


class _FieldError(RefusedError):
    """A refusal that names one field."""

    def __init__(self, message: str = "", *, field: str = "", **common: Any) -> None:
        super().__init__(message, **common)
        self.field = field


class MissingValueError(_FieldError):
    """A required value was missing or empty; `field` is its name as Mailkit spells it."""

    texts: ClassVar[tuple[Text, ...]] = (
        Text("Missing name of mailing list", field="name"),
        Text("Missing ID email", field="ID_email"),
        Text("Missing sender address", field="sender address", advice="the campaign has no usable one"),
        Text(r"Missing (?P<field>\S+)"),
    )


class InvalidValueError(_FieldError):
    """A value was not acceptable; `field` is its name as Mailkit spells it."""

    texts: ClassVar[tuple[Text, ...]] = (
        Text("Bad email syntax", field="email"),
        Text("Invalid[ _]ID_email or email", field="ID_email"),
        Text(r"Invalid (?P<field>\S+)"),
    )


class NotFoundError(RefusedError):
    """There is no such recipient or record."""

    texts: ClassVar[tuple[Text, ...]] = (Text(NO_RECIPIENT), Text(NOT_MOVED, advice="Mailkit does not say why"))


class ExistsError(RefusedError):
    """There is one of that name already, or the same was asked for before."""

    texts: ClassVar[tuple[Text, ...]] = (Text("Mailing list exist"), Text("Email has already been inserted"))


class NotUnsubscribedError(RefusedError):
    """The recipient is not unsubscribed, so there is nothing to take back."""

    texts: ClassVar[tuple[Text, ...]] = (Text(r"\S+ is not unsubscribed"),)


class NotDeliveredError(RefusedError):
    """The recipient was stored, but no message was sent to it; `result.error_status` is Mailkit's status, 6 or 7."""

    texts: ClassVar[tuple[Text, ...]] = (Text(STATUS_TEXTS[6]), Text(STATUS_TEXTS[7]))


class NotAllowedError(RefusedError):
    """The account or the campaign does not allow that."""

    texts: ClassVar[tuple[Text, ...]] = (Text("Attachment is not allowed"),)


class NotEmptyError(RefusedError):
    """Only an empty folder can be deleted."""

    texts: ClassVar[tuple[Text, ...]] = (Text("Directory is not empty"),)


def refusal(text: str, **common: Any) -> RefusedError:
    """The error for a refusal with this text; `common` is what every `RefusedError` takes."""
    for kind in KINDS:
        for known in kind.texts:
            if (error := known.error(kind, text, common)) is not None:
                return error
    return RefusedError(text, **common)


KINDS: tuple[type[RefusedError], ...] = tuple(globals()[name] for name in __all__)
