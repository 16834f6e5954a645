"""Values in a few characters: whole if they fit, and otherwise their beginning and their size."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal

import pytest

from mailkit_xmlrpc.cli.brief import brief, cut

from .conftest import controls

ROOM = 160
ROW = {"email": "jane@example.com", "first_name": "Jana", "status": "enabled"}
LONG = "x" * 10_000_000


def nested(depth):
    value = "core"
    for _ in range(depth):
        value = {"next": [value]}
    return value


@pytest.mark.parametrize(
    "params",
    [
        (),
        (12, "", {}),
        ({"email": "jane@example.com", "event_tag": "order_paid", "event_data": {"order": "Dvořák"}},),
        ([1.5, True, None, [[]]],),
        tuple(range(8)),
    ],
)
def test_a_value_that_fits_is_json(params):
    assert brief(params, ROOM) == json.dumps(list(params), ensure_ascii=False)


def test_a_value_that_just_fits_is_whole():
    text = json.dumps(["x" * 156])
    assert len(text) == ROOM
    assert brief(("x" * 156,), ROOM) == text
    assert "(157 characters)" in brief(("x" * 157,), ROOM)


SHORTENED = {
    "rows": ((12, [ROW] * 300), f"[12, [300 rows: {json.dumps(ROW)}, ...]]"),
    "many rows": ((12, [ROW] * 12_345), f"[12, [12,345 rows: {json.dumps(ROW)}, ...]]"),
    "values": ((list(range(5000)),), "[[5,000 values: 0, ...]]"),
    "members": (
        ({f"member{number:04}": "x" for number in range(1000)},),
        '[{1,000 members: "member0000": "x", "member0001": "x", "member0002": "x", "member0003": "x", ...}]',
    ),
    "parameters": (tuple(range(1000)), "[1,000 values: 0, 1, 2, 3, 4, 5, 6, 7, ...]"),
    "text": ((1, LONG), f'[1, "{"x" * 60}..." (10,000,000 characters)]'),
    "bytes": (({"file": bytes(999)},), f'[{{"file": "{"A" * 129}..." (999 bytes)}}]'),
    "a name": (({LONG: 1},), f'[{{"{"x" * 60}..." (10,000,000 characters): 1}}]'),
    "a message with a file": (
        (12, 3, {"send_to": "jane@example.com", "message_data": LONG}, {}, {}, {}, {"name": "a.pdf", "data": LONG}),
        '[12, 3, {2 members: "send_to": "jane@example.com", ...}, {}, {}, {}, {2 members: "name": "a.pdf", ...}]',
    ),
    "wide rows": (([{f"custom{n}": "x" * 50 for n in range(25)}] * 30,), None),
    "deep": ((nested(60),), None),
    "deep beside flat": (({"email": "jane@example.com", "event_data": nested(60)},), None),
    "texts": (tuple("x" * 1000 for _ in range(8)), None),
    "a number": ((10**4000,), None),
    "a decimal": ((Decimal("1" * 5000),), None),
}


@pytest.mark.parametrize(("params", "text"), SHORTENED.values(), ids=SHORTENED)
def test_a_value_that_does_not_fit_is_shortened(params, text):
    shown = brief(params, ROOM)
    assert len(shown) <= ROOM
    assert text in (None, shown)


def test_sizes_are_shown_even_if_nothing_else_fits():
    assert brief(([{f"custom{n}": "x" * 50 for n in range(25)}] * 30,), 20) == "[[30 rows]]"
    assert brief((1, {"a" * 50: LONG, "b": 1}), 40) == "[1, {2 members}]"
    assert "jane@example.com" in brief(({"email": "jane@example.com", "event_data": nested(60)},), ROOM)


@pytest.mark.parametrize("room", [3, 10, 40, 160])
@pytest.mark.parametrize("text", ["\x1b", "\x9b", "\u202e", "\U000e0001", "\n", '"', "\\", "ž", "\ud800"])
def test_control_characters_are_escaped_within_the_room(text, room):
    for params in ((text * 1000,), ({text * 1000: 1},), ([text] * 1000,)):
        shown = brief(params, room)
        assert len(shown) <= room
        assert not controls(shown)


def test_half_of_an_md5_is_not_shown():
    md5 = "0123456789abcdef0123456789abcdef"
    for before in range(20, 70):
        shown = brief(("-" * before + md5 + "-" * 1000,), ROOM)
        assert md5 in shown or "0123456" not in shown


@pytest.mark.parametrize("value", [datetime(2026, 11, 23), Decimal("1.5"), float("nan"), b"\0\xff"])
def test_what_json_lacks_is_text(value):
    assert isinstance(json.loads(brief((value,), ROOM))[0], str)


def test_cut():
    assert cut("abcdef", 6) == "abcdef"
    assert cut("abcdefg", 6) == "abc..."
