"""JSON from a user: RFC 8259 without the extensions of Python's json, and each name once."""

from __future__ import annotations

import json

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailkit_xmlrpc.cli.inputs import parse_json, read_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda each: st.lists(each) | st.dictionaries(st.text(), each),
)


@given(VALUES)
def test_every_value_of_json_is_read(value):
    assert parse_json(json.dumps(value)) == value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("NaN", "NaN"),
        ('{"a": [-Infinity]}', "-Infinity"),
        ('{"a": 1, "b": 2, "a": 1}', "'a' is given twice"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
        ("1" * 4301, "a number has 4,301 digits"),
        ("[-" + "1" * 5000 + "]", "a number has 5,000 digits"),
    ],
    ids=["NaN", "Infinity", "twice", "array", "object", "digits", "negative"],
)
def test_an_ambiguous_or_hostile_document_is_refused(text, problem):
    with pytest.raises(ValueError, match=problem) as raised:
        parse_json(text)
    assert not isinstance(raised.value, json.JSONDecodeError)


@pytest.mark.parametrize("scalar", ["NaN", "-Infinity", "1" * 5000, "-" + "1" * 5000])
def test_a_scalar_that_is_refused_has_its_place(scalar):
    text = f'{{"{scalar}": "\\"{scalar}",\n "b": [1,{scalar}]}}'
    place = text.rindex(scalar)
    with pytest.raises(ValueError, match=rf": line 2 column 10 \(char {place}\)$") as raised:
        parse_json(text)
    assert not isinstance(raised.value, json.JSONDecodeError)


LEVELS = {"array": ("[", "]"), "object": ('{"a": ', "}"), "brackets in text": ('["[\\"[", ', "]")}


@pytest.mark.parametrize("depth", [128, 900, 60_000])
@pytest.mark.parametrize(("opened", "closed"), LEVELS.values(), ids=LEVELS)
def test_a_document_that_is_too_deep_is_refused_with_its_place(opened, closed, depth):
    text = '{"x": 1,\n"y":\n' + opened * depth + "1" + closed * depth + "}"
    with pytest.raises(ValueError, match="nested too deeply") as raised:
        parse_json(text)
    # The object around it is the first level.
    column = 1 + 127 * len(opened)
    assert str(raised.value) == (
        f"it is nested too deeply, more than 128 levels: line 3 column {column} (char {13 + column})"
    )


@pytest.mark.parametrize(("opened", "closed"), LEVELS.values(), ids=LEVELS)
def test_a_document_with_128_levels_is_read(opened, closed):
    text = opened * 128 + "1" + closed * 128
    assert parse_json(text) == json.loads(text)


@pytest.mark.parametrize("value", [[[]] * 1000, "[{" * 1000, {"[" * 1000: 1}, '\\"' + "[" * 1000])
def test_many_brackets_are_not_levels(value):
    assert parse_json(json.dumps([value])) == [value]


def test_a_text_with_many_brackets_is_not_json():
    with pytest.raises(json.JSONDecodeError):
        parse_json("[1 " * 500)


def test_a_text_that_is_not_json_gets_the_hint():
    with pytest.raises(click.UsageError, match=r"parameter 1 is not JSON \(Expecting value: .*\); use quotes"):
        read_json("jane", "parameter 1", "; use quotes")
