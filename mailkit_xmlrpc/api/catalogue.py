"""All of Mailkit's methods that this package knows, by their names.

`named_call` makes a call of any name: a method of the catalogue is judged, converted and retried as its own function
has it, wherever the call comes from. Importing this module imports every group.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Callable

from ..answers import Anything
from ..call import Call, MethodSpec
from ..errors import ConfigError
from . import campaigns, delivery, email, filemanager, journeys, mailinglist, profile, report

__all__ = ["CATALOGUE", "find", "function", "named_call"]

_GROUPS = (campaigns, mailinglist, email, delivery, report, profile, filemanager, journeys)

CATALOGUE: dict[str, MethodSpec[Any]] = {spec.name: spec for group in _GROUPS for spec in group.SPECS}

# `import` is a keyword of Python.
_SPELLINGS = {"import": "import_"}


def find(name: str, success: Iterable[str] = ()) -> MethodSpec[Any]:
    """What is known of a method.

    Args:
        name: any method's name. A bare string is a refusal of a method that is not in the catalogue, and every other
            answer a success.
        success: further bare strings that are successes.

    Raises:
        ConfigError: success is a str, or holds something else than str.
    """
    words = () if isinstance(success, str) else tuple(success)
    if isinstance(success, str) or not all(isinstance(word, str) for word in words):
        raise ConfigError('success must be a list of str, such as success=["OK"]')
    known = CATALOGUE.get(name) if isinstance(name, str) else None
    if known is None:
        return MethodSpec(name, Anything(*words))
    return replace(known, answer=known.answer.accepting(words)) if words else known


def named_call(name: str, params: Sequence[Any], success: Iterable[str] = ()) -> Call[Any]:
    """The call of a method by its name; arguments and errors as for `find`."""
    return Call(find(name, success), tuple(params))


def function(methods: object, name: str) -> Callable[..., Any]:
    """The function of a method of the catalogue on a client, or on `calls`: for ``mailkit.email.move`` it is
    ``methods.email.move``."""
    found: Any = methods
    for part in name.split(".")[1:]:
        found = getattr(found, _SPELLINGS.get(part, part))
    called: Callable[..., Any] = found
    return called
