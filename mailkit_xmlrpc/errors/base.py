"""What every error has: an `Outcome`, a method, attempts, and a shape that survives pickling and shows no secret."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any, Callable

from .redaction import mask, masked

__all__ = ["ConfigError", "EncodeError", "MailkitError", "Outcome"]

# Attributes with values of this package's own, which look like a secret only by chance.
_OWN_VALUES = frozenset({"attempts", "errcode", "errno", "outcome", "position", "retry_after", "status"})


class Outcome(str, Enum):
    """What is known about a call once it has ended."""

    DONE = "DONE"  # Mailkit carried it out
    REFUSED = "REFUSED"  # Mailkit, a fault or the HTTP server said no: it was not carried out
    NOT_SENT = "NOT_SENT"  # it never reached the server: it was surely not carried out
    UNKNOWN = "UNKNOWN"  # it may have been carried out: check before sending it again

    def __str__(self) -> str:
        return self.value


class MailkitError(Exception):
    """The root of every error of this package.

    Attributes:
        outcome: what is known about the call.
        method: the XML-RPC method that was called, or None outside a call.
        attempts: how many times the call was attempted; 0 if it failed before that.
    """

    outcome: Outcome = Outcome.UNKNOWN
    args: tuple[Any, ...]

    def __init__(self, message: str = "", *, method: str | None = None, attempts: int = 0) -> None:
        Exception.__init__(self, message)
        self.method = method
        self.attempts = attempts

    @property
    def message(self) -> str:
        """What happened, without the method's name."""
        return str(self.args[0]) if self.args else ""

    def __str__(self) -> str:
        return f"{self.method}: {self.message}" if self.method else self.message

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return self.args == other.args and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((type(self), self.args))

    def __reduce__(self) -> tuple[Callable[..., MailkitError], tuple[Any, ...]]:
        return _rebuild, (type(self), self.args, vars(self).copy())

    def redact(self, secrets: tuple[str, ...]) -> None:
        """Mask `secrets` in everything this error shows: a server may echo what it was sent. A cause that shows one, as
        an error of a caller's `convert` can, is dropped."""
        # Not through a subclass's own __setattr__, which can refuse.
        Exception.__setattr__(self, "args", tuple(masked(arg, secrets) for arg in self.args))
        values = vars(self)
        for name in values.keys() - _OWN_VALUES:
            values[name] = masked(values[name], secrets)
        if any(_shows(link, secrets) for link in _chain(self.__cause__)):
            for name in ("__cause__", "__context__"):
                Exception.__setattr__(self, name, None)


def _chain(link: BaseException | None) -> Iterator[BaseException]:
    """An exception and all that a traceback shows with it, each once: they can cause each other."""
    waiting, seen = [link], set()
    while waiting:
        link = waiting.pop()
        if isinstance(link, BaseException) and id(link) not in seen:
            seen.add(id(link))
            yield link
            group = getattr(link, "exceptions", ())
            waiting += [link.__cause__, link.__context__, *(group if isinstance(group, tuple) else ())]


def _shows(link: BaseException, secrets: tuple[str, ...]) -> bool:
    """Whether an exception shows a secret, in what a traceback says of it, in its args or in its notes."""
    import traceback  # which bears with methods of a foreign class that raise

    notes = getattr(link, "__notes__", ())
    texts = [*traceback.format_exception_only(type(link), link), *link.args]
    texts += notes if isinstance(notes, (list, tuple)) else [notes]
    return any(mask(text, secrets) != text for text in texts if isinstance(text, str))


def _rebuild(cls: type[MailkitError], args: tuple[Any, ...], state: dict[str, Any]) -> MailkitError:
    error = cls.__new__(cls)
    Exception.__init__(error, *args)
    vars(error).update(state)
    return error


class ConfigError(MailkitError, ValueError):
    """The caller configured something that cannot work. Nothing was sent."""

    outcome = Outcome.NOT_SENT


class EncodeError(MailkitError, ValueError):
    """A value that XML-RPC cannot carry. Nothing was sent.

    Attributes:
        path: where the value is, such as ``params[2].event_data.name``.
    """

    outcome = Outcome.NOT_SENT

    def __init__(self, message: str = "", *, path: str = "", method: str | None = None, attempts: int = 0) -> None:
        super().__init__(message, method=method, attempts=attempts)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message
