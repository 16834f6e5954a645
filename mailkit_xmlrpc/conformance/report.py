"""What a run found: counts on one line, and the reason of each failed case.

A report is read in a terminal and in a failed assertion, so its texts are bounded. `Report.failed` has everything.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Failure", "Report"]

# A longer list of failures hides the first ones in a terminal. pytest shows 240 characters of a representation.
_LISTED, _FIRST = 20, 120


@dataclass(frozen=True)
class Failure:
    """The name of a failed case, and what happened instead of the expected."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


@dataclass(frozen=True, repr=False)
class Report:
    """The results of a codec for a table.

    Attributes:
        passed: the names of the cases with the expected result.
        failed: the cases with another result.
        skipped: the names of the cases that need `charset` or `allow_none`, if the runner was not given it.
        refusals: the names of the cases, passed or failed, that the codec must refuse.
    """

    passed: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    skipped: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether cases were run and none failed."""
        return bool(self.passed) and not self.failed

    @property
    def summary(self) -> str:
        """The counts, on one line. Cases that must be refused are counted for themselves."""
        refusals = frozenset(self.refusals)
        right, total = len(self.passed), len(self.passed) + len(self.failed)
        refused = sum(name in refusals for name in self.passed)
        parts = f"{right - refused} of {total - len(refusals)} to accept, {refused} of {len(refusals)} to refuse"
        skipped = f"; {len(self.skipped)} skipped" if self.skipped else ""
        return f"{right} of {total} passed: {parts}{skipped}"

    def __repr__(self) -> str:
        if not self.failed:
            return f"<Report: {self.summary}>"
        first = str(self.failed[0])
        shown = first if len(first) <= _FIRST else f"{first[: _FIRST - 3]}..."
        more = f"; {len(self.failed) - 1} more failed" if len(self.failed) > 1 else ""
        return f"<Report: {self.summary}; {shown}{more}>"

    def __str__(self) -> str:
        lines = [self.summary, *map(str, self.failed[:_LISTED])]
        if len(self.failed) > _LISTED:
            lines.append(f"and {len(self.failed) - _LISTED} more: see Report.failed, or --all in a shell")
        return "\n".join(lines)
