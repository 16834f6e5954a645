"""What is wrong with a value, and where it is.

`Unwritable` is raised at the value. Each array and struct that it leaves adds its own step to the path. So a path costs
nothing without an error, and no value is walked twice.
"""

from __future__ import annotations

import xmlrpc.client
from datetime import date, datetime, time
from typing import Any, Callable, NoReturn

from ..errors import EncodeError
from .limits import Limits

__all__ = ["Unwritable", "converted", "too_deep", "type_name"]

_CONVERT_IT = "pass convert= to turn it into another type"


class Unwritable(Exception):  # noqa: N818 (the callers of the package never see it)
    """A value that cannot be written.

    Attributes:
        message: what is wrong with it.
        cause: the error of the caller's convert, if there is one.
        way: the containers that the value is in, the innermost first, each with the index or name in it.
    """

    def __init__(self, message: str, cause: Exception | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.cause = cause
        self.way: list[tuple[Any, int | str | None]] = []

    def error(self, path: str) -> EncodeError:
        """What the caller gets; `path` leads to the outermost value."""
        message, seen = self.message, set()
        for container, step in reversed(self.way):
            if id(container) in seen:  # found at the deepest level, so far beyond the place where it closes
                message = "the value contains itself"
                break
            seen.add(id(container))
            path += "" if step is None else _step(step)
        error = EncodeError(message, path=path)
        error.__cause__ = self.cause
        return error


def _step(step: int | str) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if step.isidentifier() else f"[{step!a}]"


def too_deep(container: Any) -> NoReturn:
    """Refuse a container beyond the deepest level. Most often it is one of those that it is in."""
    unwritable = Unwritable(f"more than {Limits.depth} arrays and structs inside one another")
    unwritable.way.append((container, None))
    raise unwritable


def converted(value: Any, convert: Callable[[Any], Any] | None, allow_none: bool) -> Any:
    """What the caller's `convert` gives for a value whose type XML-RPC does not have."""
    if convert is None:
        raise Unwritable(_no_type(value))
    try:
        result = convert(value)
    except EncodeError as error:  # it says what is wrong, and not where
        found = [Unwritable(error.message)]
    except (TypeError, ValueError) as error:
        found = [Unwritable(f"convert raised {type(error).__name__}: {error}", error)]
    else:
        if result is NotImplemented:
            raise Unwritable(_no_type(value))
        if result is None and not allow_none:
            raise Unwritable(f"convert gave None for {type_name(value)}; let it give a value, or raise TypeError")
        return result
    raise found.pop()  # without a context, and not in a variable of this frame


def _no_type(value: Any) -> str:
    """Why XML-RPC has no type for the value, and what to do."""
    if isinstance(value, datetime):
        zone = "XML-RPC has no time zones; send value.astimezone(the server's zone).replace(tzinfo=None) or a str, or"
        return f"{zone} {_CONVERT_IT}"
    if isinstance(value, (date, time)):
        why = f"XML-RPC has no {type(value).__name__} alone; send a datetime.datetime or a str, or"
    else:
        why = f"XML-RPC has no type for {type_name(value)};"
    # A hint for a caller who taught xmlrpc.client this type: an entry for it is not one of the standard library's own.
    taught = type(value) in xmlrpc.client.Marshaller.dispatch
    return f"{why} {_CONVERT_IT}" + ("; xmlrpc.client's Marshaller.dispatch is not used" if taught else "")


def type_name(value: Any) -> str:
    """The name of the value's type, with its module unless it is a builtin, so that numpy.bool is not shown as bool."""
    kind = type(value)
    # A class has no __module__ if it was created where __name__ is not defined.
    module = getattr(kind, "__module__", None)
    return f"{module}.{kind.__qualname__}" if module not in (None, "builtins") else kind.__qualname__
