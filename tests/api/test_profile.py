"""`Client.profile`: the parameters of each method, and the results for its answers."""

from __future__ import annotations

import pytest

from .wire import sent, told


def test_the_calls_have_no_parameters():
    assert sent(lambda c: c.profile.emails.list()) == ("mailkit.profile.emails.list", [])
    assert sent(lambda c: c.profile.queries.list()) == ("mailkit.profile.queries.list", [])


@pytest.mark.parametrize(
    ("call", "reply", "value"),
    [
        (
            lambda c: c.profile.emails.list(),
            [{"NAME": "Shop", "ID_ALLOW_EMAIL": "1", "STATUS": "active", "EMAIL": "a@b.cz", "SPF": "TRUE"}],
            [{"NAME": "Shop", "ID_ALLOW_EMAIL": 1, "STATUS": "active", "EMAIL": "a@b.cz", "SPF": True}],
        ),
        (lambda c: c.profile.emails.list(), "", []),
        (lambda c: c.profile.queries.list(), {"error_status": 0, "data": [{"ID_QUERY": "4"}]}, [{"ID_QUERY": 4}]),
        (lambda c: c.profile.queries.list(), {"error_status": "0", "data": ""}, []),
    ],
)
def test_an_answer_becomes_this_value(call, reply, value):
    result = told(call, reply)
    assert result.ok
    assert result.value == value


@pytest.mark.parametrize("reply", [{"error_status": 2, "error": "no", "data": []}, {"x": 1}, [], ""])
def test_queries_come_in_a_struct(reply):
    assert not told(lambda c: c.profile.queries.list(), reply).ok


def test_a_struct_with_error_status_0_is_a_success_even_without_rows():
    result = told(lambda c: c.profile.queries.list(), {"error_status": 0})
    assert (result.ok, result.value) == (True, [])
