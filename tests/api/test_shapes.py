"""Answers that change type -> one shape; and what cannot be converted stays as it came."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailkit_xmlrpc.api.shapes import amount, count, flag, ident, many, member, only, row, rows, text

from ..strategies import anything

CONVERTERS = [ident, count, amount, flag, text, many(ident), row({"a": ident}), rows({"a": count}), member("a", ident)]


@pytest.mark.parametrize(
    ("convert", "value", "shape"),
    [
        (ident, 7, 7),
        (ident, "7", 7),
        (ident, "-7", -7),
        (ident, "", None),
        (ident, "x", "x"),
        (ident, "7.5", "7.5"),
        (ident, "٧", "٧"),
        (ident, "9" * 30, "9" * 30),
        (count, "", 0),
        (count, "12", 12),
        (count, "many", "many"),
        (amount, "10.00", 10.0),
        (amount, 10, 10.0),
        (amount, "", 0.0),
        (amount, "1e5", "1e5"),
        (flag, "TRUE", True),
        (flag, "false", False),
        (flag, 1, True),
        (flag, 0, False),
        (flag, True, True),
        (flag, "maybe", "maybe"),
        (text, None, ""),
        (text, 17, "17"),
        (text, "x", "x"),
        (text, True, True),
        (many(ident), "", []),
        (many(ident), None, []),
        (many(ident), 7, [7]),
        (many(ident), ["7", 8], [7, 8]),
        (rows({"a": ident}), "", []),
        (rows({"a": ident}), {}, []),
        (rows({"a": ident}), {"a": "7"}, [{"a": 7}]),
        (rows({"a": ident}), [{"a": "7", "b": "8"}, {"b": 1}, "odd"], [{"a": 7, "b": "8"}, {"b": 1}, "odd"]),
        (member("data", rows({})), {"data": ""}, []),
        (member("data", rows({})), {"data": [{"x": 1}]}, [{"x": 1}]),
        (only(True), "anything", True),
    ],
)
def test_a_value_gets_its_shape(convert, value, shape):
    converted = convert(value)
    assert converted == shape
    assert type(converted) is type(shape)


@pytest.mark.parametrize("convert", CONVERTERS)
@given(value=anything())
def test_nothing_that_can_come_makes_a_shape_fail(convert, value):
    convert(value)


@given(st.dictionaries(st.sampled_from("abc"), st.integers() | st.text()))
def test_what_came_is_never_changed_and_not_copied_without_need(struct):
    before = dict(struct)
    shaped = row({"a": ident, "b": text})(struct)
    assert struct == before
    if all(shaped[name] is before[name] for name in before):
        assert shaped is struct
