"""Python values -> the positional parameters that Mailkit wants."""

from __future__ import annotations

import base64
from datetime import date, datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailkit_xmlrpc import EncodeError
from mailkit_xmlrpc.api.params import (
    DAY,
    MINUTE,
    SECOND,
    b64,
    branch,
    custom_fields,
    encoded,
    known_fields,
    known_members,
    moment,
    near,
    positional,
    truth,
)


@pytest.mark.parametrize(
    ("values", "sent"),
    [
        ((), []),
        ((None,), []),
        ((1, None), [1]),
        ((None, 1), ["", 1]),
        ((1, None, None, 2, None), [1, "", "", 2]),
        (("", 0, False, None), ["", 0, False]),
        ((None, {}), ["", {}]),
    ],
)
def test_what_is_left_out_is_an_empty_string_before_something_and_nothing_at_the_end(values, sent):
    assert positional(*values) == sent


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_base64_of_text_is_of_its_utf_8(text):
    assert base64.b64decode(b64(text, "x"), validate=True).decode() == text


@given(st.binary())
def test_base64_of_bytes_is_of_them(data):
    for value in (data, bytearray(data), memoryview(data)):
        assert base64.b64decode(b64(value, "x"), validate=True) == data


@pytest.mark.parametrize(("value", "text"), [(17, "17"), (True, "TRUE"), (False, "FALSE")])
def test_numbers_and_truths_are_sent_as_their_text(value, text):
    assert b64(value, "x") == b64(text, "x")


@pytest.mark.parametrize("value", [None, 1.5, object(), date(2026, 1, 2)])
def test_anything_else_is_no_base64(value):
    with pytest.raises(EncodeError, match=r"^name: must be a str or bytes"):
        b64(value, "name")


def test_half_a_character_is_named():
    with pytest.raises(EncodeError, match=r"name: U\+D800 is no character"):
        b64("x\ud800", "name")


def test_all_scalars_of_a_tree_are_encoded_and_its_shape_stays():
    assert encoded({"a": ["x", {"b": 1}], "c": ()}) == {"a": [b64("x", ""), {"b": b64("1", "")}], "c": []}
    with pytest.raises(EncodeError) as caught:
        encoded({"a": ["x", {"b": None}]}, "content")
    assert caught.value.path == "content.a[1].b"


def test_a_branch_has_what_is_given_in_the_order_of_the_page():
    assert list(branch({"b": "", "a": 1, "c": None, "x": 2}, ("a", "b", "c", "d")).items()) == [("a", 1), ("b", "")]


def test_custom_fields_have_numbers():
    assert custom_fields(None) == {}
    assert custom_fields({25: "x", 1: "y", 2: None}) == {"custom25": "x", "custom1": "y"}
    for number in (0, 26, -1, True, "1", 1.0):
        with pytest.raises(EncodeError, match="numbered 1 to 25"):
            custom_fields({number: "x"})


def test_truths_are_words():
    assert [truth(value) for value in (True, False, None)] == ["TRUE", "FALSE", None]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, 6), SECOND, "2026-01-02 03:04:05"),
        (datetime(2026, 1, 2, 3, 4, 5), MINUTE, "2026-01-02 03:04"),
        (date(2026, 1, 2), DAY, "2026-01-02"),
        ("now", MINUTE, "now"),
        (None, DAY, None),
    ],
)
def test_moments_have_mailkit_s_form(value, form, text):
    assert moment(value, form, "x") == text


@pytest.mark.parametrize("value", [5, datetime(2026, 1, 2, tzinfo=timezone.utc), b"now"])
def test_what_is_no_moment_of_mailkit_s_is_refused(value):
    with pytest.raises(EncodeError, match=r"^x: must"):
        moment(value, DAY, "x")


def test_a_wrong_name_is_told_the_nearest():
    known_fields({"a": 1}, ["a"], "m")
    with pytest.raises(
        TypeError, match=r"m\(\) got an unexpected keyword argument 'first_nam'; did you mean first_name\?"
    ):
        known_fields({"first_nam": 1}, iter(["first_name", "x"]), "m")
    with pytest.raises(EncodeError, match=r"^rows\[3\]\.zzz: Mailkit has no such member here; there are a, b"):
        known_members({"a": 1, "zzz": 2}, iter(["a", "b"]), "rows[3]")
    assert near("zzz", ["a", "b"]) == "there are a, b"
