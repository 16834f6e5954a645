"""`Client.profile`: what each method sends, and what it makes of each answer."""

from __future__ import annotations

import pytest

from .wire import sent, told


def test_the_calls_take_nothing():
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


@pytest.mark.parametrize("reply", [{"error_status": 2, "error": "no", "data": []}, {"error_status": 0}, [], ""])
def test_queries_come_within_a_struct_that_says_that_all_is_well(reply):
    assert not told(lambda c: c.profile.queries.list(), reply).ok
