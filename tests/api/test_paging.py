"""`pages`: every row once, wherever a page begins, one page in memory at a time."""

from __future__ import annotations

import gc
import time
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailkit_xmlrpc import EncodeError, Outcome, RefusedError, ResponseError, Result
from mailkit_xmlrpc.api.paging import pages


class Table:
    """A server's rows, told by the page: `inclusive` pages begin with the row that is asked for."""

    def __init__(self, ids, *, inclusive, most=3):
        self.ids = sorted(ids)
        self.asked = []
        self._inclusive = inclusive
        self._most = most

    def __call__(self, start):
        self.asked.append(start)
        wanted = [each for each in self.ids if start is None or each > start or (self._inclusive and each == start)]
        return result([{"ID": each} for each in wanted[: self._most]])


def result(rows):
    return Result(True, Outcome.DONE, "m", rows, raw=rows)


def all_ids(table, start=None):
    return [row["ID"] for row in pages(table, "ID", start, None, 0)]


@given(st.sets(st.integers(1, 50)), st.booleans(), st.integers(2, 7))
def test_no_row_comes_twice_and_none_is_lost(ids, inclusive, most):
    assert all_ids(Table(ids, inclusive=inclusive, most=most)) == sorted(ids)


@given(st.sets(st.integers(1, 50)), st.integers(0, 51))
def test_it_can_begin_with_any_id(ids, start):
    assert all_ids(Table(ids, inclusive=True), start) == [each for each in sorted(ids) if each >= start]


@pytest.mark.parametrize("inclusive", [True, False])
def test_rows_that_are_added_meanwhile_come_too(inclusive):
    table = Table(range(1, 4), inclusive=inclusive)
    seen = []
    for row in pages(table, "ID", None, None, 0):
        seen.append(row["ID"])
        if row["ID"] < 8:
            table.ids.append(row["ID"] + 3)
    assert seen == list(range(1, 11))


def test_a_page_is_asked_for_when_it_is_wanted_and_not_before():
    table = Table(range(1, 10), inclusive=True)
    rows = pages(table, "ID", None, None, 0)
    assert table.asked == []
    next(rows)
    assert table.asked == [None]


def test_it_waits_between_two_pages_if_told_to(monkeypatch):
    waits = []
    monkeypatch.setattr(time, "sleep", waits.append)
    list(pages(Table(range(1, 6), inclusive=False), "ID", None, None, 1.5))
    assert waits == [1.5, 1.5]


def test_a_page_outlives_none_of_its_rows():
    class Row(dict):
        pass

    answers = [[Row(ID=1), Row(ID=2)], [Row(ID=3), Row(ID=4)], []]
    kept = []

    def fetch(start):
        rows = answers.pop(0)
        kept.extend(map(weakref.ref, rows))
        return result(rows)

    seen = 0
    for row in pages(fetch, "ID", None, None, 0):
        seen += 1
        del row
        gc.collect()
        assert sum(reference() is not None for reference in kept[:seen]) <= 1
    assert seen == 4


@pytest.mark.parametrize(
    "answers",
    [
        [[{"ID": 5}, {"ID": 4}], [{"ID": 3}]],
        [[{"ID": 5}], [{"ID": 5}, {"ID": 5}]],
        [[{"ID": "x"}]],
        [[{}]],
    ],
    ids=["falling", "repeated", "no number", "no id"],
)
def test_ids_that_do_not_rise_are_an_error_and_no_endless_loop(answers):
    with pytest.raises(ResponseError, match="the next page cannot be asked for"):
        list(pages(lambda start: result(answers.pop(0)), "ID", None, None, 0))


def test_a_page_that_is_refused_is_an_error():
    refused = Result(False, Outcome.REFUSED, "m", error="Invalid ID_user_list", error_status=1)
    with pytest.raises(RefusedError):
        list(pages(lambda start: refused, "ID", None, None, 0))


@pytest.mark.parametrize(("limit", "pause", "path"), [(1, 0, "limit"), (0, 0, "limit"), (None, -1, "pause")])
def test_what_cannot_work_is_refused_at_once(limit, pause, path):
    with pytest.raises(EncodeError) as caught:
        pages(lambda start: result([]), "ID", None, limit, pause)
    assert caught.value.path == path
