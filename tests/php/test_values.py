"""PHP's values and arrays in Python's types."""

from __future__ import annotations

import enum
from collections import OrderedDict, namedtuple
from decimal import Decimal

import pytest

from mailkit_xmlrpc import php

COMPACT = {"verbosity": "no_white_space"}


def written(value):
    """The content of the one param of a call."""
    document = php.xmlrpc_encode_request("m", [value], COMPACT).decode()
    return document.partition("<param><value>")[2].rpartition("</value></param>")[0]


class Word(str, enum.Enum):
    ONE = "one"


class Number(enum.IntEnum):
    ONE = 1


@pytest.mark.parametrize(
    ("keys", "kind"),
    [
        ([], "array"),
        ([0], "array"),
        ([5], "array"),
        ([0, 1, 2], "array"),
        ([1, 2], "array"),
        ([0, 2], "array"),
        ([0, 2, 3], "array"),
        ([0, 2, 4], "struct"),
        ([0, 1, 3], "struct"),
        ([1, 0], "struct"),
        ([2, 1], "struct"),
        ([-2, -1, 0, 1], "array"),
        ([-1, 1], "struct"),
        (["a"], "struct"),
        (["0", "1"], "array"),
        (["0", "01"], "mixed"),
        ([""], "struct"),
        ([None], "struct"),
        ([0, "a"], "mixed"),
        (["a", 0], "mixed"),
        ([0, 1, 3, "a"], "struct"),
        ([False, True], "array"),
    ],
)
def test_the_keys_of_an_array_decide_its_type(keys, kind):
    assert php.xmlrpc_get_type(dict.fromkeys(keys, "x")) == kind


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "base64"),
        (True, "boolean"),
        (1, "int"),
        (2**40, "int"),
        (1.5, "double"),
        ("s", "string"),
        (b"s", "string"),
        ([], "array"),
        ((1, 2), "array"),
        ({}, "array"),
        (php.Base64(b"s"), "base64"),
        (php.Datetime(b"now"), "datetime"),
    ],
)
def test_the_type_of_a_value(value, kind):
    assert php.xmlrpc_get_type(value) == kind


@pytest.mark.parametrize(
    ("value", "same"),
    [
        ("é".encode(), "é"),
        (bytearray(b"ab"), "ab"),
        (memoryview(b"ab"), "ab"),
        (Word.ONE, "one"),
        (Number.ONE, 1),
        ((1, "a"), [1, "a"]),
        (namedtuple("Point", "x y")(1, 2), [1, 2]),
        (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        ({b"a": 1}, {"a": 1}),
        ({0: "x", 1: "y"}, ["x", "y"]),
        ({0: "x", "0": "y"}, ["y"]),
        ({None: "x"}, {"": "x"}),
        ({True: "x", 3: "y"}, {1: "x", "3": "y"}),
        ({2**70: "x"}, {str(2**70): "x"}),
    ],
)
@pytest.mark.filterwarnings("ignore::mailkit_xmlrpc.php.MojibakeWarning")
def test_values_that_php_writes_the_same(value, same):
    assert written(value) == written(same)


@pytest.mark.parametrize("value", [1j, Decimal("1.5"), {1, 2}, object(), ..., int])
def test_a_value_without_a_php_type_is_a_type_error_with_its_path(value):
    with pytest.raises(TypeError, match=r"^params\[0\]\.a\[1\]: PHP has no type for "):
        php.xmlrpc_encode_request("m", [{"a": ["x", value]}])


@pytest.mark.parametrize("key", [1.5, (1, 2), Decimal(1)])
def test_a_key_that_php_does_not_have_is_a_type_error(key):
    with pytest.raises(TypeError, match="PHP's arrays have int and string keys"):
        php.xmlrpc_encode({key: 1})


@pytest.mark.parametrize("strict", [True, False])
def test_an_array_that_contains_itself_is_refused_as_php_refuses_it(strict):
    inner: list = [1]
    inner.append({"again": inner})
    with pytest.raises(ValueError, match=r"^value\[1\]\.again: XML-RPC doesn't support circular references"):
        php.xmlrpc_encode(inner, strict=strict)


def test_the_same_array_twice_is_not_a_circular_reference():
    shared = [1]
    assert written([shared, shared]) == written([[1], [1]])


def test_128_nested_arrays_are_written_and_129_refused():
    value: list = []
    for _ in range(127):
        value = [value]
    assert php.xmlrpc_encode(value).count(b"<array>") == 128
    with pytest.raises(ValueError, match="more than 128 arrays inside one another"):
        php.xmlrpc_encode([value])


@pytest.mark.parametrize("text", ["20200102T03:04:05", b"2020-01-02 03:04:05", "20200102T03:04:05Z"])
def test_a_string_becomes_a_datetime(text):
    typed = php.xmlrpc_set_type(text, "datetime")
    assert typed == php.Datetime(text.encode() if isinstance(text, str) else text, 1577934245)
    assert typed.xmlrpc_type == "datetime"


def test_a_string_becomes_base64():
    typed = php.xmlrpc_set_type("é", "base64")
    assert typed == php.Base64(b"\xc3\xa9")
    assert typed.xmlrpc_type == "base64"


@pytest.mark.parametrize("kind", ["empty", "boolean", "double", "int", "string", "vector"])
def test_other_types_leave_the_string_as_it_is(kind):
    assert php.xmlrpc_set_type("5", kind) == "5"


@pytest.mark.parametrize("kind", ["none", "bogus", "array", "Base64", ""])
def test_a_type_that_php_does_not_know_is_warned_about(kind):
    with pytest.warns(UserWarning, match=rf"^invalid type '{kind}' passed to xmlrpc_set_type\(\)$") as caught:
        assert php.xmlrpc_set_type("5", kind) == "5"
    assert caught[0].filename == __file__


@pytest.mark.parametrize("value", [None, 5, 1.5, True, [], {"scalar": "x"}])
def test_only_strings_can_be_given_a_type(value):
    assert php.xmlrpc_set_type(value, "base64") is value
    assert php.xmlrpc_set_type(value, "datetime") is value


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ({"faultCode": 4, "faultString": "x"}, True),
        ({"faultCode": None, "faultString": None, "more": 1}, True),
        ({b"faultCode": 4, b"faultString": "x"}, True),
        ({"faultCode": 4}, False),
        ({"FaultCode": 4, "faultString": "x"}, False),
        ([], False),
        (["faultCode", "faultString"], False),
        ({0: 1}, False),
    ],
)
def test_a_fault_has_both_names(value, fault):
    assert php.xmlrpc_is_fault(value) is fault


@pytest.mark.parametrize("value", ["x", b"x", 5, None])
def test_is_fault_takes_only_arrays(value):
    with pytest.raises(TypeError, match=r"xmlrpc_is_fault\(\) takes an array"):
        php.xmlrpc_is_fault(value)
