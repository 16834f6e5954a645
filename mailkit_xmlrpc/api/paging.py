"""`pages`: rows by the hundred thousand, one page in memory at a time.

Mailkit has no totals and no marks of a next page: a caller asks again from the last id. Its documentation does not
say whether an answer then begins with that id or after it, so a first row that was given already is dropped. Only a
page that brings nothing new is the end; a short page is not, for Mailkit may bound pages lower than asked.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Callable, TypeVar

from ..errors import EncodeError, ResponseError
from ..result import Result

__all__ = ["Fetch", "pages"]

Row = TypeVar("Row", bound="dict[str, Any]")

# Takes the id to start from, None for the beginning; gives a page.
Fetch = Callable[[Any], Result[Any]]


def pages(fetch: Fetch, key: str, start: int | None, limit: int | None, pause: float) -> Iterator[Any]:
    """Yield the rows of all pages.

    Args:
        fetch: gets the page from an id on.
        key: the row's member that holds the id.
        start: the id to begin with; None for the first.
        limit: rows a page; at least 2, because a page may begin with a row that is known.
        pause: seconds to wait between two pages.

    Raises:
        EncodeError: limit is less than 2, or pause negative.
        RefusedError: Mailkit refused a page.
        ResponseError: the ids do not rise, so that there is no way on.
    """
    if limit is not None and limit < 2:
        raise EncodeError("rows need a limit of at least 2", path="limit")
    if pause < 0:
        raise EncodeError("must not be negative", path="pause")
    return _pages(fetch, key, start, pause)


def _pages(fetch: Fetch, key: str, start: int | None, pause: float) -> Iterator[Any]:
    last: int | None = None
    while True:
        rows = fetch(start if last is None else last).unwrap()
        fresh = _fresh(rows, key, last)
        if not fresh:
            return
        newest = fresh[-1].get(key)
        if not isinstance(newest, int) or (last is not None and newest <= last):
            raise ResponseError(f"the next page cannot be asked for: {key} {newest!r} does not follow {last!r}")
        last = newest
        # The caller drops each row when it is done with it; the page must not outlive its last row.
        fresh.reverse()
        del rows
        while fresh:
            yield fresh.pop()
        if pause:
            time.sleep(pause)


def _fresh(rows: list[Any], key: str, last: int | None) -> list[Any]:
    """The rows that were not given yet."""
    if rows and last is not None and rows[0].get(key) == last:
        return rows[1:]
    return list(rows)
