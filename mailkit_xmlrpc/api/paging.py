"""Rows by the hundred thousand, with one page in memory at a time.

Mailkit has no totals and no cursor: a caller asks again from the last id. Its documentation does not say whether an
answer then begins with that id or after it, so first rows that were already given are dropped. Only a page that brings
nothing new is the end; a short page is not, because Mailkit can bound pages lower than asked.

`Pages` says which calls to make and `Cursor` follows their answers, without I/O, so that a client that blocks and one
that awaits share these rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
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
        EncodeError: limit is not an int of at least 2, or pause not a number of at least 0.
    """

    spec: MethodSpec[list[Row]]
    filters: tuple[Any, ...]
    key: str
    start: int | None = None
    limit: int | None = None
    pause: float = 0.0
    id_type: type = int

    def __post_init__(self) -> None:
        if self.limit is not None and (type(self.limit) is not int or self.limit < 2):
            raise EncodeError("must be an int of at least 2 to go through all rows", path="limit")
        if type(self.pause) not in (int, float) or not 0 <= self.pause < float("inf"):
            raise EncodeError("must be a number of seconds, 0 or more", path="pause")


class Cursor(Generic[Row]):
    """Goes through pages: make `call`, give its rows to `take`, until that returns none."""

    def __init__(self, pages: Pages[Row]) -> None:
        self._pages = pages
        self._last: int | None = None
        self._known = 0  # how many rows with the id `_last` were given
        self._problem = ""

    @property
    def call(self) -> Call[list[Row]]:
        """The call for the next page.

        Raises:
            ResponseError: the ids of the latest page do not rise, so the next one cannot be asked for.
        """
        if self._problem:
            raise ResponseError(f"the next page cannot be asked for: {self._problem}", method=self._pages.spec.name)
        pages = self._pages
        start = pages.start if self._last is None else self._last
        return page_call(pages.spec, pages.filters, start, pages.limit, pages.id_type)

    def take(self, rows: list[Any]) -> list[Row]:
        """The rows of a page that were not given yet, in reverse order, so that a caller that pops a row frees it."""
        key, last = self._pages.key, self._last
        first = 0
        while first < min(self._known, len(rows)) and rows[first].get(key) == last:
            first += 1
        fresh = rows[first:][::-1]
        if fresh:
            newest = fresh[0].get(key)
            if not isinstance(newest, int) or (last is not None and newest <= last):
                self._problem = f"{key} {newest!r} does not follow {last!r}"
            self._last = newest
            self._known = sum(1 for _ in takewhile(lambda row: row.get(key) == newest, fresh))
        return fresh
