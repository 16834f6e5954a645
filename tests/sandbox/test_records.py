"""The values of records as JSON, and back."""

from __future__ import annotations

import json
import xmlrpc.client
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailkit_xmlrpc.sandbox.records import dump, load

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.binary(max_size=20),
    st.datetimes(timezones=st.sampled_from([None, timezone.utc, timezone(timedelta(hours=-3, minutes=-30))])),
    st.decimals(allow_nan=False),
)
NAMES = st.one_of(st.text(max_size=5), st.sampled_from(["$type", "$value"]))
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=10
)


@given(VALUES)
def test_every_value_of_xml_rpc_comes_back(value):
    assert load(dump(value)) == value


@pytest.mark.parametrize("name", ["bytes", "struct", "unknown"])
def test_a_struct_cannot_pass_for_something_else(name):
    value = {"$type": name, "$value": "eA==", "more": {"$type": name}}
    assert load(dump(value)) == value


def test_a_raw_date_keeps_its_text():
    date = load(dump(xmlrpc.client.DateTime("00000000T00:00:00")))
    assert isinstance(date, xmlrpc.client.DateTime)
    assert date.value == "00000000T00:00:00"


def test_types_survive():
    for value in (True, 1, 1.0, Decimal("1.0"), b"1", datetime(2026, 1, 1)):
        assert type(load(dump(value))) is type(value)


def test_the_text_is_plain_json_that_people_can_read():
    assert dump({"name": "Žluť", "n": [1]}) == '{"name": "Žluť", "n": [1]}'
    assert json.loads(dump((b"x",))) == [{"$type": "bytes", "$value": "eA=="}]
