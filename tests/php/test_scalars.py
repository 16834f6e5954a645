"""The text that PHP reads as a date, and its timestamp. Other scalars are in test_golden and test_against_php."""

from __future__ import annotations

import pytest

from mailkit_xmlrpc import php

DAY = 86_400
NOON = 1_577_966_400  # 2020-01-02 12:00:00 UTC


def timestamp(text):
    typed = php.xmlrpc_set_type(text, "datetime")
    assert isinstance(typed, php.Datetime), f"{text!r} is not a date"
    return typed.timestamp


@pytest.mark.parametrize(
    "text",
    [
        "20200102T12:00:00",
        "20200102t12:00:00",
        "20200102 12:00:00",
        "20200102T12:00",
        "2020-01-02T12:00:00",
        "2020-01-02 12:00:00",
        "2020-01-02  12:00:00",
        "2020-01-02T12:00:00.999999",
        "20200102T12:00:00Z",
        "20200102T12:00:00 UTC",
        "20200102T14:00:00+0200",
        "2020-01-02T14:00:00+02:00",
        "20200102T14:00:00+2",
        "20200102T06:30:00-05:30",
        " 20200102T12:00:00\n",
    ],
)
def test_the_forms_of_a_date_and_time(text):
    assert timestamp(text) == NOON


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("20200230T00:00:00", "20200301T00:00:00"),
        ("20210230T00:00:00", "20210302T00:00:00"),
        ("20200100T00:00:00", "20191231T00:00:00"),
        ("20200002T00:00:00", "20191202T00:00:00"),
        ("20200102T24:00:00", "20200103T00:00:00"),
        ("20200102T23:59:60", "20200103T00:00:00"),
        ("00000000T00:00:00", "-0001-11-30"),
    ],
)
def test_days_that_do_not_exist_overflow(text, same):
    assert timestamp(text) == (timestamp(same) if same[0] != "-" else timestamp("00010101T00:00:00") - (366 + 32) * DAY)


@pytest.mark.parametrize("text", ["20200102", "2020-01-02", "12:00", "12:00:00", "now", "Today", "noon", "x", "Z"])
def test_a_date_or_a_time_alone_has_no_timestamp(text):
    assert timestamp(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "~~~~",
        "j",
        "20200132T00:00:00",
        "20201301T00:00:00",
        "20200102T25:00:00",
        "20200102T12:60:00",
        "20200102T12:00:61",
        "20200102T12:00:00.5",
        "2020-0102T12:00:00",
        "19691231T23:59:59",
    ],
)
def test_text_that_is_not_a_date_stays_text(text):
    assert php.xmlrpc_set_type(text, "datetime") == text
    xml = f"<dateTime.iso8601>{text}</dateTime.iso8601>"
    assert php.xmlrpc_decode(xml) == text.encode()


def test_the_text_of_a_date_is_written_unchanged():
    decoded = php.xmlrpc_decode("<dateTime.iso8601>2020-01-02 12:00:00</dateTime.iso8601>")
    assert decoded == php.Datetime(b"2020-01-02 12:00:00", NOON)
    assert b"<dateTime.iso8601>2020-01-02 12:00:00</dateTime.iso8601>" in php.xmlrpc_encode(decoded)
