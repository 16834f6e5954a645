"""The profile "debian" writes the same bytes and reads the same values as the live extension of Debian's PHP.

The generators leave out input for which the C library reads memory that is not its own, and the intended differences,
which docs/from-php.md lists.
"""

from __future__ import annotations

import struct
import warnings
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailkit_xmlrpc import EncodeError, php

from .live import LivePHP, Object, missing
from .strategies import CHARSETS, DATES_OR_TIMES, datetimes, documents, options, texts, values

pytestmark = pytest.mark.skipif(missing() is not None, reason=missing() or "")

many = settings(max_examples=6 * settings.default.max_examples)


@pytest.fixture(scope="module")
def live():
    with LivePHP() as live:
        yield live


@pytest.fixture(autouse=True)
def mojibake_is_expected():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", php.MojibakeWarning)
        yield


def as_php(value: Any) -> Any:
    """A value that `xmlrpc_decode` returned, in the types of the live PHP."""
    if isinstance(value, php.Base64):
        return Object(b"stdClass", {b"scalar": value.scalar, b"xmlrpc_type": b"base64"})
    if isinstance(value, php.Datetime):
        typed = {b"scalar": value.scalar, b"xmlrpc_type": b"datetime", b"timestamp": value.timestamp}
        return Object(b"stdClass", typed)
    if isinstance(value, list):
        value = dict(enumerate(value))
    if isinstance(value, dict):
        return {name(key): as_php(item) for key, item in value.items()}
    return value


def name(key: Any) -> Any:
    return key.encode("utf-8", "surrogateescape") if isinstance(key, str) else key


def comparable(value: Any) -> Any:
    """A form of the value whose == also compares the order of keys, the types of scalars and the sign of zero."""
    if isinstance(value, Object):
        return ("object", value.kind, comparable(value.properties))
    if isinstance(value, dict):
        return [(key, comparable(item)) for key, item in value.items()]
    return type(value), repr(value)


@many
@given(method=st.none() | texts(), params=values(), output=options())
def test_requests_are_written_the_same(live, method, params, output):
    ours = php.xmlrpc_encode_request(method, params, output, profile="debian", strict=False)
    assert ours == live.ask("encode_request", method, params, output)


@many
@given(value=values())
def test_values_are_written_the_same(live, value):
    assert php.xmlrpc_encode(value, profile="debian", strict=False) == live.ask("encode", value)


@given(data=st.binary(max_size=600), output=options())
def test_base64_is_written_the_same(live, data, output):
    typed = php.xmlrpc_set_type(data, "base64")
    ours = php.xmlrpc_encode_request("m", [typed], output, profile="debian", strict=False)
    assert [True, b"base64", ours] == list(live.ask("encode_typed", data, "base64", output).values())


@many
@given(value=values())
def test_php_reads_what_strict_accepts(live, value):
    utf8 = {"encoding": "UTF-8", "escaping": "markup"}
    try:
        document = php.xmlrpc_encode_request(None, [value], utf8, profile="debian")
    except EncodeError:
        return
    assert live.ask("decode", document, "utf-8") is not None


@many
@given(xml=documents(), charset=CHARSETS)
def test_documents_are_read_the_same(live, xml, charset):
    theirs = live.ask("decode", xml, charset)
    assert comparable(as_php(php.xmlrpc_decode(xml, charset, profile="debian"))) == comparable(theirs)


@given(xml=documents(), charset=CHARSETS)
def test_calls_are_read_the_same(live, xml, charset):
    document = f"<methodCall><methodName>a.b</methodName><params>{xml}</params>{xml}</methodCall>"
    assert_read_the_same(live, document, charset)


@given(value=values(nul=False), output=options())
def test_php_s_own_documents_are_read_the_same(live, value, output):
    assert_read_the_same(live, live.ask("encode_request", "m", value, output), "utf-8")


def assert_read_the_same(live, document, charset):
    method, value = php.xmlrpc_decode_request(document, charset, profile="debian")
    their_method, theirs = live.ask("decode_request", document, charset).values()
    assert name(method) == their_method
    assert comparable(as_php(value)) == comparable(theirs)


@many
@given(number=st.text("0123456789+-.eExXpPinfINFaf ", max_size=9), tag=st.sampled_from(["int", "double", "boolean"]))
def test_numbers_are_read_the_same(live, number, tag):
    xml = f"<{tag}>{number}</{tag}>"
    assert repr(php.xmlrpc_decode(xml, profile="debian")) == repr(live.ask("decode", xml))


@many
@given(key=st.text("0123456789+-. x\n", max_size=6), after=st.integers(0, 2))
def test_names_become_the_same_keys(live, key, after):
    member = "<member><name>{}</name><value>x</value></member>".format
    xml = f"<struct>{member(key)}{member('') * after}</struct>"
    assert comparable(as_php(php.xmlrpc_decode(xml, profile="debian"))) == comparable(live.ask("decode", xml))


@many
@given(text=datetimes())
def test_dates_have_the_same_timestamp(live, text):
    theirs = live.ask("decode", f"<dateTime.iso8601>{text}</dateTime.iso8601>")
    ours = php.xmlrpc_decode(f"<dateTime.iso8601>{text}</dateTime.iso8601>", profile="debian")
    assert comparable(as_php(ours)) == comparable(theirs)


@many
@given(text=st.one_of(datetimes(), DATES_OR_TIMES, st.text("0123456789-:T Z+.now", max_size=20)))
def test_every_date_here_is_a_date_in_php(live, text):
    """The reverse is not true, because PHP's date parser also reads "next Friday"."""
    typed = php.xmlrpc_set_type(text, "datetime")
    accepted, theirs = live.ask("set_type", text, "datetime").values()
    if accepted and isinstance(typed, php.Datetime):
        assert theirs.properties[b"scalar"] == typed.scalar
        assert typed.timestamp in (None, theirs.properties[b"timestamp"])
    else:
        assert typed == text


@given(text=st.text("ABCQUJDghi+/=! \n-_", max_size=20))
def test_base64_is_read_the_same(live, text):
    xml = f"<base64>{text}</base64>"
    assert as_php(php.xmlrpc_decode(xml, profile="debian")) == live.ask("decode", xml)


@given(value=values())
def test_types_have_the_same_names(live, value):
    assert php.xmlrpc_get_type(value).encode() == live.ask("get_type", value)


@given(value=values().map(lambda value: value if isinstance(value, (list, dict)) else [value]))
def test_the_same_arrays_are_faults(live, value):
    assert php.xmlrpc_is_fault(value) is live.ask("is_fault", value)


def test_the_sign_of_nan_is_written_the_same(live):
    negative = struct.unpack(">d", bytes.fromhex("fff8000000000000"))[0]
    assert php.xmlrpc_encode(negative, profile="debian") == live.ask("encode_negative_nan")


def test_a_deep_pretty_document_is_cut_at_the_same_place(live):
    value: Any = 1
    for _ in range(100):
        value = [value]
    ours = php.xmlrpc_encode(value, profile="debian", strict=False)
    assert ours == live.ask("encode", value)
    assert not ours.endswith(b"</params>\n")
