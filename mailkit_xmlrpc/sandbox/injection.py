"""`InjectedFault`, a fault with its options, and `Plan`, which decides the call that gets it."""

from __future__ import annotations

import difflib
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..errors import ConfigError
from .fault_options import Option
from .faults import FAULTS, Kind, Reply

__all__ = ["InjectedFault", "Plan"]


@dataclass(frozen=True)
class InjectedFault:
    """A fault with its options: ``InjectedFault.of("status", 503, retry_after=2)``.

    Attributes:
        name: its name in `FAULTS`.
        options: pairs of name and value, one for each option.
    """

    name: str
    options: tuple[tuple[str, Any], ...]

    @classmethod
    def of(cls, name: str, /, *values: Any, **options: Any) -> InjectedFault:
        """The fault `name`. `values` are options in the order of `FAULTS`.

        Raises:
            ConfigError: the fault or an option does not exist, or a value does not fit.
        """
        kind = FAULTS.get(name)
        if kind is None:
            raise ConfigError(f"there is no fault {name!a:.60}; {_hint(str(name), FAULTS)}")
        names = [option.name for option in kind.options]
        if len(values) > len(names):
            known = f"takes {', '.join(names)} at most" if names else "takes no options"
            raise ConfigError(f"{name} {known}, got {len(values)} values")
        for position, value in zip(names, values):
            if position in options:
                raise ConfigError(f"{name}: {position} is given twice")
            options[position] = value
        for given in options:
            if given not in names:
                raise ConfigError(f"{name}: there is no option {given!a:.60}; {_hint(given, names)}")
        return cls(name, tuple((option.name, _value(kind, option, options)) for option in kind.options))

    @classmethod
    def parse(cls, words: str | Iterable[str]) -> InjectedFault:
        """The fault in words of the command line, such as ``status 503 retry_after=2``. Raises ConfigError."""
        name, *rest = (words.split() if isinstance(words, str) else list(words)) or [""]
        options: dict[str, str] = {}
        for option, _, value in (word.partition("=") for word in rest if "=" in word):
            if option in options:
                raise ConfigError(f"{name}: {option} is given twice")
            options[option] = value
        return cls.of(name, *(word for word in rest if "=" not in word), **options)

    @property
    def processed(self) -> bool:
        """Whether the call is carried out."""
        return bool(dict(self.options).get("processed", FAULTS[self.name].processed))

    def play(self, reply: Reply) -> Reply:
        """The reply with the fault injected."""
        return FAULTS[self.name].play(reply, dict(self.options))


class Plan:
    """The faults of the calls to come, at most one for each call. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next: deque[InjectedFault] = deque()
        self._every: list[_Every] = []

    def add_next(self, fault: InjectedFault) -> None:
        """Give this fault to the next call that has none yet."""
        with self._lock:
            self._next.append(fault)

    def add_every(self, n: int, fault: InjectedFault) -> None:
        """Give this fault to every n-th call from now on, unless the call has another one. Raises ConfigError."""
        if isinstance(n, bool) or not isinstance(n, int) or n < 1:
            raise ConfigError(f"fail_every: n must be an int of at least 1, got {n!r}")
        with self._lock:
            self._every.append(_Every(n, fault))

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._next.clear()
            self._every.clear()

    def take(self) -> InjectedFault | None:
        """The fault of the call that has just come in; None for no fault."""
        with self._lock:
            due = [every.fault for every in self._every if every.is_due()]
            if self._next:
                return self._next.popleft()
            return due[0] if due else None


class _Every:
    """A fault for every n-th call, and how many calls have come since the last one that got it."""

    def __init__(self, n: int, fault: InjectedFault) -> None:
        self.n, self.fault, self.seen = n, fault, 0

    def is_due(self) -> bool:
        self.seen = (self.seen + 1) % self.n
        return self.seen == 0


def _value(kind: Kind, option: Option, given: dict[str, Any]) -> Any:
    if option.name in given:
        return option.value(given[option.name], kind.name)
    if option.required:
        raise ConfigError(f"{kind.name} needs {option.name}: {option.wants}")
    return option.default


def _hint(name: str, known: Iterable[str]) -> str:
    known = list(known)
    closest = difflib.get_close_matches(name, known, n=1)
    if closest:
        return f"did you mean {closest[0]}?"
    return f"there are {', '.join(known)}" if known else "it has none"
