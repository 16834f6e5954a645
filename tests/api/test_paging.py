"""Rows over all pages: every row once, however pages begin, with one page in memory at a time."""

from __future__ import annotations

import gc
import time
import weakref
from typing import TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailkit_xmlrpc import EncodeError, RefusedError, ResponseError
from mailkit_xmlrpc.answers import Rows
from mailkit_xmlrpc.api.methods import Methods
from mailkit_xmlrpc.api.paging import Pages, page_call
from mailkit_xmlrpc.call import MethodSpec


class Row(TypedDict, total=False):
    ID: int


SPEC = MethodSpec("mailkit.test.list", Rows(Row, code="error"), reads=True)


class Answers(Methods):
    """A client whose calls get these answers, in this order."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def send(self, call, *, timeout=None):
        return call.spec.judge(self.answers.pop(0))


class Table(Methods):
    """A server's rows in pages: `inclusive` pages begin with the row that is asked for."""

    def __init__(self, ids, *, inclusive, most=3):
        self.ids = sorted(ids)
        self.asked = []
        self._inclusive = inclusive
        self._most = most

    def send(self, call, *, timeout=None):
        (start,) = call.params or (None,)
        self.asked.append(start)
        wanted = [each for each in self.ids if start is None or each > start or (self._inclusive and each == start)]
        return call.spec.judge([{"ID": each} for each in wanted[: self._most]])


def rows(client, start=None, pause=0.0):
    return client._rows(Pages(SPEC, (), "ID", start, pause=pause), timeout=None)


def all_ids(client, start=None):
    return [row["ID"] for row in rows(client, start)]


@given(st.sets(st.integers(1, 50)), st.booleans(), st.integers(2, 7))
def test_no_row_comes_twice_and_none_is_lost(ids, inclusive, most):
    assert all_ids(Table(ids, inclusive=inclusive, most=most)) == sorted(ids)


@given(st.sets(st.integers(1, 50)), st.integers(0, 51))
def test_it_can_begin_with_any_id(ids, start):
    assert all_ids(Table(ids, inclusive=True), start) == [each for each in sorted(ids) if each >= start]


def test_rows_that_share_an_id_come_once_across_pages():
    """As many rows are dropped from the beginning of a page as were given with that id."""
    one, two, three = {"ID": 1}, {"ID": 2}, {"ID": 3}
    assert all_ids(Answers([one, two, two], [two, two, three], [three], "")) == [1, 2, 2, 3]
    assert all_ids(Answers([one, two], [two, two, three], [three])) == [1, 2, 2, 3]
    assert all_ids(Answers([one, two, two], [two, two])) == [1, 2, 2]


@pytest.mark.parametrize(
    "options", [{"limit": "5"}, {"limit": True}, {"limit": 1}, {"pause": "5"}, {"pause": -1}, {"pause": float("nan")}]
)
def test_a_limit_or_pause_that_cannot_work_is_refused(options):
    with pytest.raises(EncodeError, match=next(iter(options))):
        Pages(SPEC, (), "ID", **options)


@pytest.mark.parametrize("inclusive", [True, False])
def test_rows_that_are_added_meanwhile_come_too(inclusive):
    table = Table(range(1, 4), inclusive=inclusive)
    seen = []
    for row in rows(table):
        seen.append(row["ID"])
        if row["ID"] < 8:
            table.ids.append(row["ID"] + 3)
    assert seen == list(range(1, 11))


def test_a_page_is_requested_only_when_it_is_needed():
    table = Table(range(1, 10), inclusive=True)
    all_rows = rows(table)
    assert table.asked == []
    next(all_rows)
    assert table.asked == [None]


def test_it_waits_between_two_pages_if_requested(monkeypatch):
    waits = []
    monkeypatch.setattr(time, "sleep", waits.append)
    list(rows(Table(range(1, 6), inclusive=False), pause=1.5))
    assert waits == [1.5, 1.5]


def test_a_row_that_was_returned_is_not_kept():
    class KeptRow(dict):
        pass

    answers = [[KeptRow(ID=1), KeptRow(ID=2)], [KeptRow(ID=3), KeptRow(ID=4)], []]
    kept = [weakref.ref(row) for page in answers for row in page]
    client = Answers(*answers)
    answers.clear()
    seen = 0
    for row in rows(client):
        seen += 1
        del row
        gc.collect()
        assert sum(reference() is not None for reference in kept[:seen]) <= 1
    assert seen == 4


@pytest.mark.parametrize(
    "pages",
    [
        [[{"ID": 5}, {"ID": 4}], [{"ID": 3}]],
        [[{"ID": 5}], [{"ID": 5}, {"ID": 5}]],
        [[{"ID": "x"}]],
        [[{}]],
    ],
    ids=["falling", "repeated", "not a number", "without an id"],
)
def test_ids_that_do_not_rise_are_an_error_and_not_an_endless_loop(pages):
    with pytest.raises(ResponseError, match="the next page cannot be asked for"):
        list(rows(Answers(*pages)))


@pytest.mark.parametrize("refused", ["Invalid ID_user_list", {"error": "Invalid ID_user_list", "error_status": 2}])
def test_a_page_that_is_refused_is_an_error(refused):
    with pytest.raises(RefusedError, match="Invalid ID_user_list"):
        list(rows(Answers([{"ID": 1}], refused)))


@pytest.mark.parametrize(
    ("given_value", "path"), [({"limit": 1}, "limit"), ({"limit": 0}, "limit"), ({"pause": -1}, "pause")]
)
def test_invalid_arguments_are_refused_at_once(given_value, path):
    with pytest.raises(EncodeError) as caught:
        Pages(SPEC, (), "ID", **given_value)
    assert caught.value.path == path


@pytest.mark.parametrize(
    ("start", "limit", "id_type", "params"),
    [
        (None, None, int, ("x",)),
        (5, None, int, ("x", 5)),
        (None, 9, int, ("x", "", 9)),
        (5, 9, str, ("x", "5", "9")),
    ],
)
def test_the_last_two_parameters_request_a_page(start, limit, id_type, params):
    assert page_call(SPEC, ("x",), start, limit, id_type).params == params
