"""`Rule`, the way in which the sandbox answers one method, and functions that read the parameters of a call."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Callable

from ...errors import FaultError
from ..state import State

__all__ = [
    "INVALID_PARAMS",
    "Refusal",
    "RefusalNumber",
    "Rule",
    "argument",
    "base64_text",
    "from_base64",
    "is_true",
    "struct",
]

# From Dan Libby's "Specification for Fault Code Interoperability", as the codes of `service`. How Mailkit answers
# parameters whose types are not the documented ones is not known. A fault cannot be taken for a documented answer.
INVALID_PARAMS = -32602


class Refusal(str):
    """An answer with which Mailkit refuses a call. On the wire it is a string like any other."""

    __slots__ = ()


class RefusalNumber(int):
    """An answer with which Mailkit refuses a call by a number."""


@dataclass(frozen=True)
class Rule:
    """The way in which one method is answered.

    Attributes:
        answer: takes the state and the parameters after the credentials; returns the answer as a Python value,
            or a `Refusal` or `RefusalNumber`. Raises FaultError.
        open: whether the method may be called without any parameters, that is, without credentials.
    """

    answer: Callable[[State, tuple[Any, ...]], Any]
    open: bool = False


def argument(params: Sequence[Any], index: int) -> Any:
    """The parameter at `index` after the credentials; if there is none, "", which Mailkit's clients send for it."""
    return params[index] if index < len(params) else ""


def struct(params: Sequence[Any], index: int, name: str) -> dict[str, Any]:
    """The struct at `index`. Raises FaultError, which calls the parameter `name`, if there is no struct."""
    found = argument(params, index)
    if not isinstance(found, dict):
        raise FaultError(INVALID_PARAMS, f"{name} must be a struct, also if it is empty")
    return found


def is_true(value: Any) -> bool:
    """Whether `value` is the boolean true or the word TRUE."""
    return value is True or (isinstance(value, str) and value.upper() == "TRUE")


def from_base64(value: Any) -> bytes | None:
    """The data of a str in Base64, which may have line breaks; None if `value` is something else."""
    if not isinstance(value, str):
        return None
    try:
        return base64.b64decode(value.replace("\r", "").replace("\n", ""), validate=True)
    except ValueError:  # also for characters beyond ASCII; binascii.Error is a ValueError
        return None


def base64_text(value: Any) -> str | None:
    """The text of a str in Base64; None if `value` is something else, or its text is not UTF-8."""
    data = from_base64(value)
    try:
        return None if data is None else data.decode()
    except UnicodeDecodeError:
        return None
