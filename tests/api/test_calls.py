"""`calls`: Mailkit's methods, each of which returns its `Call`."""

from __future__ import annotations

import pickle
from collections import namedtuple

import pytest

from mailkit_xmlrpc import Call, ConfigError, EncodeError, calls
from mailkit_xmlrpc.api.journeys import TRIGGER


def test_a_method_returns_its_call_and_sends_nothing():
    call = calls.journeys.trigger("jane@example.com", "order_paid")
    assert call == Call(TRIGGER, ({"email": "jane@example.com", "event_tag": "order_paid"},))
    assert calls.email.unsubscribe.getstatus(7).params == (7,)
    assert calls.mailinglist.list() == calls.mailinglist.list()


def test_arguments_are_checked_as_by_a_client():
    with pytest.raises(EncodeError, match=r"params\[2\]\.event_tag: must be a str"):
        calls.journeys.trigger("jane@example.com", None)
    with pytest.raises(TypeError, match="did you mean subject"):
        calls.campaigns.create(subjekt="x")
    with pytest.raises(AttributeError, match="did you mean email"):
        calls.emial  # noqa: B018


def test_later_changes_to_the_arguments_do_not_change_a_call():
    items, data = ["A"], {"order": "A-17", "items": ["A"]}
    data["items"] = items
    call = calls.journeys.trigger("jane@example.com", "order_paid", data)
    data["order"] = "B-18"
    items.append("B")
    assert call.params[0]["event_data"] == {"order": "A-17", "items": ["A"]}


def test_a_value_that_contains_itself_is_left_to_the_encoder():
    data = {}
    data["data"] = data
    assert isinstance(calls.journeys.trigger("jane@example.com", "order_paid", data), Call)
    items = []
    items += [items, items]
    assert isinstance(calls.journeys.trigger("jane@example.com", "order_paid", {"items": items}), Call)


def test_a_call_holds_plain_values_that_pickle():
    point, buffer = namedtuple("Point", "x y")(1, 2), bytearray(b"ab")
    data = {"point": point, "buffer": buffer, "view": memoryview(b"cd")}
    call = calls.journeys.trigger("jane@example.com", "order_paid", data)
    buffer += b"!"
    assert call.params[0]["event_data"] == {"point": (1, 2), "buffer": b"ab", "view": b"cd"}
    assert pickle.loads(pickle.dumps(call)) == call


def test_a_call_needs_a_method():
    with pytest.raises(ConfigError, match="a Call needs a MethodSpec, got str"):
        Call("mailkit.email.move", (7, 5))


def test_a_timeout_belongs_to_the_sender():
    with pytest.raises(ConfigError, match=r"Client\.send\(call, timeout"):
        calls.email.move(7, 5, timeout=5)


def test_rows_over_all_pages_are_not_one_call():
    with pytest.raises(ConfigError, match="use Client for rows"):
        calls.report.raw.messages.rows()
    with pytest.raises(ConfigError, match="use Client for rows"):
        calls.mailinglist.getstatus.rows(5)


def test_its_representation():
    assert repr(calls) == "calls"
    assert repr(calls.email) == "<mailkit.email.*>"
