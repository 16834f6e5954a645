"""`RULES`, the table of methods: the name of a method -> the rule that answers it.

Each group of Mailkit's documentation has a module, with its rules in a table called RULES. A new method is one row
there; a new group is one more name in `_GROUPS`. `recipients` and `messages` hold what several groups share, `base` the
class of all rules.
"""

from __future__ import annotations

import difflib
from typing import Any

from ..state import State
from . import campaigns, delivery, email, filemanager, journeys, mailinglist, profile, report
from .base import Rule

__all__ = ["RULES", "unknown"]

_GROUPS = (campaigns, delivery, email, filemanager, journeys, mailinglist, profile, report)


def _list_methods(state: State, params: tuple[Any, ...]) -> list[str]:
    return sorted(RULES)


RULES: dict[str, Rule] = {"system.listMethods": Rule(_list_methods, open=True)}
for _group in _GROUPS:
    RULES.update(_group.RULES)


def unknown(method: str) -> str:
    """The fault text for a method that is not in the table; it names the methods that are nearest."""
    closest = difflib.get_close_matches(method, RULES, n=3, cutoff=0.6)
    hint = f"did you mean {' or '.join(closest)}?" if closest else "system.listMethods names those that it knows"
    return f"the sandbox does not know the method {method}; {hint}"
