"""ONE table: a refusal's text -> the error that says what kind of refusal it is.

Mailkit answers with sentences, not codes. These are all that its documentation and its PHP client know; a text that is
not here is a plain `RefusedError`. The first pattern that fits counts.
"""

from __future__ import annotations

import re
from typing import Any

from .errors import (
    DisallowedIPError,
    ExistsError,
    InvalidValueError,
    MissingValueError,
    NotAllowedError,
    NotDeliveredError,
    NotEmptyError,
    NotFoundError,
    NotUnsubscribedError,
    RefusedError,
    UnauthorizedError,
)

__all__ = ["FAULT", "NOBODY", "NOT_MOVED", "NOT_SENT", "refusal"]

# Words of ours, for answers that have none: an empty string, the int 0, a status number.
NOBODY = "no such recipient"
NOT_MOVED = "the recipient was not moved"
FAULT = {4: "Mailkit could not store the recipient (status 4)"}
NOT_SENT = {6: "the recipient was updated, but nothing was sent", 7: "the recipient was inserted, but nothing was sent"}

# Text, error, attributes of the error (a group's number, or a text), what to do next.
_KINDS: tuple[tuple[str, type[RefusedError], dict[str, int | str], str], ...] = (
    (r"Unauthorized", UnauthorizedError, {}, "; check client_id and client_md5 (menu Profile / Integration)"),
    (r"Disallowed IP (\S+)", DisallowedIPError, {"ip": 1}, "; allow it in the menu Profile / Integration"),
    (r"Missing name of mailing list", MissingValueError, {"field": "name"}, ""),
    (r"Missing ID email", MissingValueError, {"field": "ID_email"}, ""),
    (r"Missing sender address", MissingValueError, {"field": "sender address"}, "; the campaign has no usable one"),
    (r"Missing (\S+)", MissingValueError, {"field": 1}, ""),
    (r"Bad email syntax", InvalidValueError, {"field": "email"}, ""),
    (r"Invalid[ _]ID_email or email", InvalidValueError, {"field": "ID_email"}, ""),
    (r"Invalid (\S+)", InvalidValueError, {"field": 1}, ""),
    (r"Mailing list exist|Email has already been inserted", ExistsError, {}, ""),
    (r"\S+ is not unsubscribed", NotUnsubscribedError, {}, ""),
    (r"Attachment is not allowed", NotAllowedError, {}, ""),
    (r"Directory is not empty", NotEmptyError, {}, ""),
    (NOBODY, NotFoundError, {}, ""),
    (NOT_MOVED, NotFoundError, {}, "; Mailkit does not say why"),
    ("|".join(NOT_SENT.values()), NotDeliveredError, {}, ""),
)


def refusal(text: str, **common: Any) -> RefusedError:
    """The error for a refusal of this text; `common` is what every `RefusedError` takes."""
    for pattern, error, attributes, advice in _KINDS:
        if match := re.fullmatch(pattern, text):
            found: dict[str, Any] = {
                name: match[value] if isinstance(value, int) else value for name, value in attributes.items()
            }
            return error(f"{text}{advice}", **found, **common)
    return RefusedError(text, **common)
