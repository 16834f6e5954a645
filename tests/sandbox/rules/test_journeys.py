"""mailkit.journeys.trigger, as its page documents it."""

from __future__ import annotations

import datetime
import xmlrpc.client

import pytest

from mailkit_xmlrpc.codec import decode_response

from ..wire import body_of, post, say, trigger_body

QUEUED = {"message": "Added into scenario events queue", "status": "OK", "error_status": 0}
FULL = {"email": "jane@example.com", "event_tag": "order_paid"}


def answer(sandbox, struct):
    return decode_response(body_of(say(sandbox, post(trigger_body(sandbox, struct)))))


def without(name):
    return {key: value for key, value in FULL.items() if key != name}


ANSWERS = {
    "as the page has it": (FULL, QUEUED),
    "no struct": ("jane@example.com", "Missing email"),
    "an array": ([FULL], "Missing email"),
    "an empty struct": ({}, "Missing email"),
    "email missing": (without("email"), "Missing email"),
    "email empty": ({**FULL, "email": ""}, "Missing email"),
    "email nil": ({**FULL, "email": None}, "Missing email"),
    "email a number": ({**FULL, "email": 5}, "Missing email"),
    "event_tag missing": (without("event_tag"), "Missing event_tag"),
    "event_tag empty": ({**FULL, "event_tag": ""}, "Missing event_tag"),
    "event_tag nil": ({**FULL, "event_tag": None}, "Missing event_tag"),
    "both missing": ({"event_data": {}}, "Missing email"),
    "unknown members": ({**FULL, "more": 1}, QUEUED),
}


@pytest.mark.parametrize(("struct", "expected"), ANSWERS.values(), ids=ANSWERS)
def test_answers(sandbox, struct, expected):
    assert answer(sandbox, struct) == expected
    assert len(sandbox.events) == (expected == QUEUED)


def test_no_parameters_at_all(sandbox):
    with sandbox.client() as mailkit:
        assert mailkit.call("mailkit.journeys.trigger").error == "Missing email"


DATA = {
    "omitted": (FULL, None),
    "nil": ({**FULL, "event_data": None}, None),
    "empty": ({**FULL, "event_data": {}}, {}),
    "nested": ({**FULL, "event_data": {"a": {"b": [1, "x"]}}}, {"a": {"b": [1, "x"]}}),
    "an array": ({**FULL, "event_data": []}, []),
}


@pytest.mark.parametrize(("struct", "expected"), DATA.values(), ids=DATA)
def test_event_data_is_kept_unchanged(sandbox, struct, expected):
    assert answer(sandbox, struct) == QUEUED
    assert sandbox.events[0].event_data == expected


def test_every_type_arrives(sandbox):
    values = {
        "text": "Žluťoučký 🐎 ]]> &amp; \t\r\n",
        "number": -(2**63),
        "price": 0.1,
        "yes": True,
        "when": datetime.datetime(2026, 11, 23, 12, 30),
        "never": xmlrpc.client.DateTime("00000000T00:00:00"),
        "blob": bytes(range(256)),
    }
    assert answer(sandbox, {**FULL, "event_data": values}) == QUEUED
    (event,) = sandbox.events
    assert event.event_data == values
    assert (event.email, event.event_tag) == ("jane@example.com", "order_paid")
    assert event.time.utcoffset() == datetime.timedelta(0)
