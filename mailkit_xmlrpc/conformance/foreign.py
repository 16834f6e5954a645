"""Calls the codec under test, which is foreign code.

It is checked before the first call, so that the same mistake is not reported for each case. Then whatever it raises is
the result of a case, and only an exception that the caller of the runner has named is a refusal.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import re
import reprlib
import traceback
from types import CoroutineType, FunctionType
from typing import Any, Callable, NamedTuple

from ..errors import ConfigError
from ..errors.redaction import on_one_line
from .tables import ExpectedFault

__all__ = [
    "Raised",
    "Refusals",
    "call",
    "check_signature",
    "checked_refusals",
    "contrasted",
    "shortened",
    "shown",
    "shown_error",
]

Refusals = tuple[type[Exception], ...]

# A codec that refuses with one of these has run out of stack or memory, or has ended the program.
_NEVER_REFUSALS = (RecursionError, MemoryError, SystemExit)

_ARGUMENTS = {"decode": ("document",), "encode": ("method", "params")}


class Raised(NamedTuple):
    """The codec raised this exception. It is a refusal unless there is an objection."""

    error: BaseException
    objection: str = ""


def checked_refusals(given: object) -> Refusals:
    """The classes as a tuple. Raises ConfigError."""
    kinds: tuple[Any, ...] = given if isinstance(given, tuple) else (given,)
    for kind in kinds:
        if not (isinstance(kind, type) and issubclass(kind, Exception)):
            raise ConfigError(f"refusals must be a subclass of Exception or a tuple of them, got {shown(kind)}")
    return kinds


def check_signature(codec: object, role: str, arguments: tuple[Any, ...], keywords: tuple[str, ...]) -> None:
    """Refuse what cannot be called with such arguments.

    Raises:
        ConfigError: it cannot be called so, or has to be awaited.
    """
    if not callable(codec):
        raise ConfigError(f"{role} must be callable, got {type(codec).__name__}")
    # The attributes of an instance are not asked for: a method of a ServerProxy has every attribute, and calling one of
    # them, such as __signature__, sends a request.
    as_it_is = inspect.isroutine(codec) or isinstance(codec, (type, functools.partial))
    called = codec if as_it_is else codec.__call__
    if inspect.iscoroutinefunction(called):
        raise ConfigError(f"{role} is async; give a function that returns the result")
    signature = _signature(called)
    if signature is None:
        return
    try:
        signature.bind(*arguments, **dict.fromkeys(keywords))
    except TypeError as error:
        wanted = ", ".join([*_ARGUMENTS[role], *(f"{name}=" for name in keywords)])
        raise ConfigError(f"{role} is called with ({wanted}), but it takes {signature}: {error}") from None


def _signature(codec: Callable[..., Any]) -> inspect.Signature | None:
    """What the callable takes; None if it is C code that does not tell."""
    # A decorator may supply arguments of the function that it wraps, so its own signature comes first. `lru_cache` is C
    # code and has only that of the function.
    for follow_wrapped in (False, True):
        with contextlib.suppress(ValueError, TypeError):
            return inspect.signature(codec, follow_wrapped=follow_wrapped)
    return None


def call(
    codec: Callable[..., Any], name: str, arguments: tuple[Any, ...], options: dict[str, Any], refusals: Refusals
) -> Any:
    """Call the codec for the case with this name. Returns what it returns, or a `Raised`."""
    try:
        value = codec(*arguments, **options)
    # Foreign code raises anything. Nothing is lost here: what is not named becomes a failure of the case. A SystemExit
    # that passed could end the program with the exit code 0, as if all cases had passed.
    except (Exception, SystemExit) as error:  # noqa: BLE001
        return Raised(error, _objection(codec, error, refusals))
    # KeyboardInterrupt, and the panics of Rust. The user wants to know in which case the codec hung.
    except BaseException as error:
        if hasattr(error, "add_note"):  # Python 3.11
            error.add_note(f"raised in the case {name} of the conformance kit")
        raise
    if type(value) is CoroutineType:  # isinstance would ask a proxy for its __class__
        value.close()  # otherwise Python warns that it was never awaited
    return value


def _objection(codec: object, error: BaseException, refusals: Refusals) -> str:
    """The reason why the exception is not a refusal, or ""."""
    if isinstance(error, _NEVER_REFUSALS):
        return "which is never a refusal"
    if type(error) is TypeError and not _was_entered(codec, error):
        return "which is not a refusal, because the call itself raised it"
    return "" if isinstance(error, refusals) else "which refusals= does not name"


def _was_entered(codec: object, error: BaseException) -> bool:
    """Whether the traceback shows the inside of the codec, not only its call by `call` and by its decorators.

    C code has no traceback. If it tells its signature, `check_signature` has shown that it can be called.
    """
    while isinstance(codec, functools.partial):
        codec = codec.func
    if inspect.isbuiltin(codec) and _signature(codec) is not None:
        return True
    function = getattr(codec, "__func__", codec)
    decorators = set()
    while isinstance(function, FunctionType) and "__wrapped__" in function.__dict__:
        decorators.add(function.__code__)
        function = function.__dict__["__wrapped__"]
    _, *frames = traceback.walk_tb(error.__traceback__)
    return any(frame.f_code not in decorators for frame, _ in frames)


# Characters that are shown of a long text, and how many of them are before the first difference.
_WINDOW, _BEFORE = 100, 20

_repr = reprlib.Repr()
_repr.maxstring = _repr.maxother = _WINDOW
_repr.maxlevel = 3


def shown(value: Any) -> str:
    """A value as short text."""
    if isinstance(value, ExpectedFault):
        return f"the fault {shown(value.code)}, {shown(value.text)}"
    return shortened(re.sub(r" at 0x[0-9a-fA-F]+", "", _repr.repr(value)))


def contrasted(value: Any, expected: Any) -> str:
    """A value instead of the expected one, as short text that shows the difference."""
    seen, wanted = shown(value), shown(expected)
    if type(value) is type(expected) in (str, bytes) and max(len(value), len(expected)) > _WINDOW:
        pairs = enumerate(zip(value, expected))
        differs = next((at for at, (one, other) in pairs if one != other), min(len(value), len(expected)))
        start = max(0, differs - _BEFORE)
        seen, wanted = _window(value, start), _window(expected, start)
    elif seen == wanted and type(value) is not type(expected):
        seen = f"{seen} of the type {type(value).__name__}"
    return f"{seen} instead of {wanted}"


def _window(text: str | bytes, start: int) -> str:
    end = start + _WINDOW
    return f"{'...' if start else ''}{shortened(repr(text[start:end]))}{'...' if end < len(text) else ''}"


def shown_error(error: BaseException) -> str:
    """An exception as short text, also if its own `__str__` fails."""
    text = str(traceback.TracebackException(type(error), error, None, lookup_lines=False))
    return f"{type(error).__name__}: {shortened(text)}" if text else type(error).__name__


def shortened(text: str) -> str:
    """At most 120 characters of a text, on one line, with escapes for those that cannot be printed."""
    printable = on_one_line(re.sub(r"\s*\n\s*", " ", text))
    return printable if len(printable) <= 120 else f"{printable[:80]}...{printable[-37:]}"
