"""Where a peer differs from what was meant, and why: one table, which the tests hold to both ways.

A difference that is not listed fails its test, and so does one that is listed and does not occur. What exactly
becomes of each value stands in docs/conformance.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from .values import VALUES

__all__ = ["DIFFERENCES", "Difference", "expected"]


@dataclass(frozen=True)
class Difference:
    """Some values that do not pass in some relations, for one reason.

    Attributes:
        relations: names of relations, with a space between them.
        values: names of values likewise; ``*`` stands for anything in a name.
        reason: why, for readers; ends without a full stop.
    """

    relations: str
    values: str
    reason: str

    def cells(self) -> set[tuple[str, str]]:
        """The pairs of relation and value that this is about."""
        names = [name for name in VALUES if any(fnmatchcase(name, pattern) for pattern in self.values.split())]
        assert all(any(fnmatchcase(name, pattern) for name in VALUES) for pattern in self.values.split()), self.values
        return {(relation, name) for relation in self.relations.split() for name in names}


def expected(peer: str) -> dict[tuple[str, str], Difference]:
    """The differences of a peer by relation and value."""
    table: dict[tuple[str, str], Difference] = {}
    for difference in DIFFERENCES[peer]:
        cells = difference.cells()
        assert not cells & table.keys(), f"listed twice for {peer}: {sorted(cells & table.keys())}"
        table.update(dict.fromkeys(cells, difference))
    return table


DIFFERENCES: dict[str, tuple[Difference, ...]] = {
    "php": (),
    "perl": (),
    "frontier": (),
    "ruby": (),
    "c": (),
    "java": (),
    "node": (),
    "python": (),
    "aiohttp": (),
}
