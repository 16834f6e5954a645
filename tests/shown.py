"""Everything that an exception, a record or a program shows: where a secret must not be."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from typing import Any


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """`error` and every exception that hangs on it."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        current = waiting.pop()
        if current is not None and id(current) not in seen:
            seen.add(id(current))
            yield current
            waiting += [current.__cause__, current.__context__]


def shown(error: BaseException) -> str:
    """Whatever of `error` and its chain could be printed, logged or reported somewhere."""
    parts = traceback.format_exception(type(error), error, error.__traceback__)
    for link in chain(error):
        parts += [str(link), repr(link), repr(link.args), _deep(vars(link))]
        for name in ("errno", "strerror", "filename", "filename2", "object", "reason", "doc", "line", "partial"):
            parts.append(repr(getattr(link, name, None)))
    return "\n".join(parts)


def _deep(value: Any) -> str:
    """repr of `value` and of what it holds; `raw` is what the wire held and is asked for by that name alone."""
    if isinstance(value, dict):
        return " ".join(f"{_deep(key)} {_deep(item)}" for key, item in value.items() if key != "raw")
    if isinstance(value, (list, tuple, set)):
        return " ".join(map(_deep, value))
    inner = _deep(vars(value)) if hasattr(value, "__dict__") and not isinstance(value, type) else ""
    return f"{value!r} {value!s} {inner}"
