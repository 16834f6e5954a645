"""Rows by the hundred thousand, with one page in memory at a time.

Mailkit has no totals and no cursor: a caller asks again from the last id. Its documentation does not say whether an
answer then begins with that id or after it, so a first row that was already given is dropped. Only a page that brings
nothing new is the end; a short page is not, because Mailkit can bound pages lower than asked.

`Pages` says which calls to make and `Cursor` follows their answers, without I/O, so that a client that blocks and one
that awaits share these rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ..call import Call, MethodSpec
from ..errors import EncodeError, ResponseError
from .fields import positional

__all__ = ["Cursor", "Pages", "page_call"]

Row = TypeVar("Row")


def page_call(
    spec: MethodSpec[list[Row]],
    filters: tuple[Any, ...],
    start: int | None,
    limit: int | None,
    id_type: type = int,
) -> Call[list[Row]]:
    """The call for one page: its last two parameters are the id to start from and the number of rows, of `id_type`."""
    last = (None if value is None else id_type(value) for value in (start, limit))
    return Call(spec, positional(*filters, *last))


@dataclass(frozen=True)
class Pages(Generic[Row]):
    """All rows of a method that answers by the page.

    Attributes:
        spec: the method.
        filters: the parameters in front of the id to start from.
        key: the member of a row that holds its id.
        start: the id to start from; None for the first.
        limit: rows in a page; at least 2, because a page can begin with a row that is already known.
        pause: seconds to wait between two pages.
        id_type: the type that the method takes ids and limits in.

    Raises:
        EncodeError: limit is less than 2, or pause is negative.
    """

    spec: MethodSpec[list[Row]]
    filters: tuple[Any, ...]
    key: str
    start: int | None = None
    limit: int | None = None
    pause: float = 0.0
    id_type: type = int

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 2:
            raise EncodeError("must be at least 2 to go through all rows", path="limit")
        if self.pause < 0:
            raise EncodeError("must not be negative", path="pause")


class Cursor(Generic[Row]):
    """Goes through pages: make `call`, give its rows to `take`, until that returns none."""

    def __init__(self, pages: Pages[Row]) -> None:
        self._pages = pages
        self._last: int | None = None

    @property
    def call(self) -> Call[list[Row]]:
        """The call for the next page."""
        pages = self._pages
        start = pages.start if self._last is None else self._last
        return page_call(pages.spec, pages.filters, start, pages.limit, pages.id_type)

    def take(self, rows: list[Any]) -> list[Row]:
        """The rows of a page that were not given yet, the last one first: who pops them keeps no row alive.

        Raises:
            ResponseError: the ids do not rise, so the next page cannot be asked for.
        """
        key, last = self._pages.key, self._last
        begins_with_known = bool(rows) and last is not None and rows[0].get(key) == last
        fresh = rows[: 0 if begins_with_known else None : -1]
        if fresh:
            newest = fresh[0].get(key)
            if not isinstance(newest, int) or (last is not None and newest <= last):
                raise ResponseError(f"the next page cannot be asked for: {key} {newest!r} does not follow {last!r}")
            self._last = newest
        return fresh
