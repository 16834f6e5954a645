"""What a rule is: how the sandbox answers one method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable

from .state import State

__all__ = ["Refusal", "Rule"]


class Refusal(str):
    """An answer by which Mailkit says no: on the wire it is a string as any other."""

    __slots__ = ()


@dataclass(frozen=True)
class Rule:
    """How one method is answered.

    Attributes:
        answer: takes the state and the parameters after the credentials, gives the answer as a Python value,
            or a `Refusal`.
        open: the method may be called without any parameters, credentials included.
    """

    answer: Callable[[State, tuple[Any, ...]], Any]
    open: bool = False
