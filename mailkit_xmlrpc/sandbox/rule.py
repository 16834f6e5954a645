"""What a rule is: how the sandbox answers one method; and reading the parameters that it is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Callable

from ..errors import FaultError
from .state import State

__all__ = ["INVALID_PARAMS", "Refusal", "RefusalNumber", "Rule", "argument", "is_true", "struct"]

# As the service's codes, from Dan Libby's "Specification for Fault Code Interoperability". How Mailkit answers a call
# whose parameters are not of the documented types is not known; a fault is what nobody takes for its word.
INVALID_PARAMS = -32602


class Refusal(str):
    """An answer by which Mailkit says no: on the wire it is a string as any other."""

    __slots__ = ()


class RefusalNumber(int):
    """An answer by which Mailkit says no with a number."""


@dataclass(frozen=True)
class Rule:
    """How one method is answered.

    Attributes:
        answer: takes the state and the parameters after the credentials, gives the answer as a Python value,
            or a `Refusal` or `RefusalNumber`.
        open: the method may be called without any parameters, credentials included.
    """

    answer: Callable[[State, tuple[Any, ...]], Any]
    open: bool = False


def argument(params: Sequence[Any], index: int) -> Any:
    """The parameter at `index` after the credentials; an empty string, as Mailkit's clients send it, for none."""
    return params[index] if index < len(params) else ""


def struct(params: Sequence[Any], index: int, name: str) -> dict[str, Any]:
    """The struct at `index`. Raises FaultError if something else stands there, or nothing."""
    found = argument(params, index)
    if not isinstance(found, dict):
        raise FaultError(INVALID_PARAMS, f"{name} must be a struct, also if it is empty")
    return found


def is_true(value: Any) -> bool:
    """Whether it is true, as a boolean or as the word TRUE."""
    return value is True or (isinstance(value, str) and value.upper() == "TRUE")
