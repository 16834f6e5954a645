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
    ],
    ids=["NaN", "Infinity", "twice", "deep array", "deep object"],
)
def test_an_ambiguous_or_hostile_document_is_refused(text, problem):
    with pytest.raises(ValueError, match=problem) as raised:
        parse_json(text)
    assert not isinstance(raised.value, json.JSONDecodeError)


def test_a_text_that_is_not_json_gets_the_hint():
    with pytest.raises(click.UsageError, match=r"parameter 1 is not JSON \(Expecting value: .*\); use quotes"):
        read_json("jane", "parameter 1", "; use quotes")
