"""ONE table: every method of Mailkit that this package knows, by its name; and how to find its function by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from ..result import Result, Spec
from . import campaigns, delivery, email, filemanager, journeys, mailinglist, profile, report

if TYPE_CHECKING:
    from .methods import Methods

__all__ = ["CATALOGUE", "function"]

_GROUPS = (campaigns, mailinglist, email, delivery, report, profile, filemanager, journeys)

CATALOGUE: dict[str, Spec] = {spec.method: spec for group in _GROUPS for spec in group.SPECS}

# Python keeps this name for itself.
_SPELT = {"import": "import_"}


def function(methods: Methods, name: str) -> Callable[..., Result[Any]]:
    """The function of a method of the table: ``mailkit.email.move`` is ``methods.email.move``."""
    found: Any = methods
    for part in name.split(".")[1:]:
        found = getattr(found, _SPELT.get(part, part))
    called: Callable[..., Result[Any]] = found
    return called
