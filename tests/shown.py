"""Everything that an exception, a record or a program shows, and that must not contain a secret."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from typing import Any


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """`error` and all exceptions that are chained to it."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        current = waiting.pop()
        if current is not None and id(current) not in seen:
            seen.add(id(current))
            yield current
            waiting += [current.__cause__, current.__context__]


def shown(error: BaseException) -> str:
    """Everything of `error` and its chain that could be printed, logged or reported."""
    parts = traceback.format_exception(type(error), error, error.__traceback__)
    for link in chain(error):
        parts += [str(link), repr(link), repr(link.args), _deep(vars(link))]
        for name in ("errno", "strerror", "filename", "filename2", "object", "reason", "doc", "line", "partial"):
            parts.append(repr(getattr(link, name, None)))
    return "\n".join(parts)


def _deep(value: Any) -> str:
    """The repr of `value` and its parts."""
    if isinstance(value, dict):
        return " ".join(f"{_deep(key)} {_deep(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple, set)):
        return " ".join(map(_deep, value))
    inner = _deep(vars(value)) if hasattr(value, "__dict__") and not isinstance(value, type) else ""
    return f"{value!r} {value!s} {inner}"
