"""From an annotation to a converter; and a value that cannot be converted stays as it came."""

from __future__ import annotations

from typing import Any, Optional, TypedDict, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailkit_xmlrpc.answers import Rows, Struct
from mailkit_xmlrpc.api.catalogue import CATALOGUE
from mailkit_xmlrpc.conversion import IdOrNone, converter

from .strategies import anything


class Inner(TypedDict):
    count: int


class Row(TypedDict, total=False):
    number: int
    text: str
    maybe: Optional[int]
    inner: Inner
    inners: list[Inner]
    open: Any


class Extended(Row):
    total: int
    again: Optional[Inner]


ANNOTATIONS = [
    int,
    float,
    bool,
    str,
    Optional[int],
    Optional[str],
    list[int],
    list[str],
    IdOrNone,
    Inner,
    Row,
    Extended,
    Any,
]


@pytest.mark.parametrize(
    ("annotation", "value", "converted"),
    [
        (int, 7, 7),
        (int, "7", 7),
        (int, "-7", -7),
        (int, "", 0),
        (int, None, 0),
        (int, 7.0, 7),
        (int, 7.5, 7.5),
        (int, "x", "x"),
        (int, "7.5", "7.5"),
        (int, "٧", "٧"),
        (int, "9" * 30, "9" * 30),
        (int, True, True),
        (Optional[int], "", None),
        (Optional[int], None, None),
        (Optional[int], "0", 0),
        (Optional[int], 7, 7),
        (IdOrNone, 0, None),
        (IdOrNone, "-1", None),
        (IdOrNone, "", None),
        (IdOrNone, "7", 7),
        (IdOrNone, "x", "x"),
        (float, "10.00", 10.0),
        (float, 10, 10.0),
        (float, "", 0.0),
        (float, "1e5", "1e5"),
        (bool, "TRUE", True),
        (bool, "false", False),
        (bool, 1, True),
        (bool, 0, False),
        (bool, "1", True),
        (bool, True, True),
        (bool, "maybe", "maybe"),
        (str, None, ""),
        (str, 17, "17"),
        (str, 1.5, "1.5"),
        (str, "x", "x"),
        (str, True, True),
        (list[int], "", []),
        (list[int], None, []),
        (list[int], 0, []),
        (list[int], "0", []),
        (list[int], [0], []),
        (list[int], 7, [7]),
        (list[int], ["7", 8], [7, 8]),
        (list[int], "27, 29,35", [27, 29, 35]),
        (list[str], "", []),
        (list[str], "a,b", ["a,b"]),
        (list[str], ["a", 5], ["a", "5"]),
        (Row, "odd", "odd"),
        (Row, {"number": "7", "other": "8"}, {"number": 7, "other": "8"}),
        (Row, {"inner": {"count": "3"}, "inners": {"count": ""}}, {"inner": {"count": 3}, "inners": [{"count": 0}]}),
        (Row, {"open": "7"}, {"open": "7"}),
        (Extended, {"number": "7", "total": "8"}, {"number": 7, "total": 8}),
        (Extended, {"maybe": "", "inner": {"count": "3"}}, {"maybe": None, "inner": {"count": 3}}),
        (Extended, {"again": {"count": "3"}}, {"again": {"count": 3}}),
        (Any, "7", "7"),
    ],
)
def test_a_value_gets_the_type_of_its_annotation(annotation, value, converted):
    result = converter(annotation)(value)
    assert result == converted
    assert type(result) is type(converted)


@pytest.mark.parametrize("annotation", ANNOTATIONS, ids=str)
@given(value=anything())
def test_no_value_makes_a_conversion_fail(annotation, value):
    converter(annotation)(value)


@given(st.dictionaries(st.sampled_from(["number", "text", "x"]), st.integers() | st.text()))
def test_the_struct_that_came_is_not_changed_and_not_copied_without_need(struct):
    before = dict(struct)
    converted = converter(Row)(struct)
    assert struct == before
    if all(converted[name] is before[name] for name in before):
        assert converted is struct


# Every member of every method has the type that its annotation says, whichever form Mailkit sends it in.

WIRE = {
    int: [7, "7", "-7", "", None, 7.0],
    float: [1.5, "10.00", 10, ""],
    bool: [True, "TRUE", "false", 1, "0"],
    str: ["x", "", None, 17, 1.5],
}


def types(spec):
    answer = spec.answer
    return answer.row if isinstance(answer, Rows) else answer.struct if isinstance(answer, Struct) else None


TYPES = sorted({types(spec) for spec in CATALOGUE.values()} - {None}, key=lambda row: row.__name__)


def forms(annotation):
    """Values of the wire that a member of this type can have."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Union:
        return [*forms(arguments[0]), "", None]
    if origin is list:
        lists = [[], "", [*forms(arguments[0])]]
        return [*lists, *[each for each in forms(arguments[0]) if each not in ("", None)]]
    if hasattr(annotation, "__total__"):
        hints = get_type_hints(annotation)
        return [{name: forms(hint)[index % len(forms(hint))] for name, hint in hints.items()} for index in range(6)]
    return WIRE[annotation]


def conforms(value, annotation):
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Union:
        return value is None or conforms(value, arguments[0])
    if origin is list:
        return type(value) is list and all(conforms(each, arguments[0]) for each in value)
    if hasattr(annotation, "__total__"):
        return type(value) is dict and all(
            conforms(value[name], hint) for name, hint in get_type_hints(annotation).items() if name in value
        )
    return type(value) is annotation


@pytest.mark.parametrize("row", TYPES, ids=lambda row: row.__name__)
def test_every_member_is_what_its_annotation_says(row):
    for name, hint in get_type_hints(row).items():
        for form in forms(hint):
            value = converter(row)({name: form})[name]
            assert conforms(value, hint), f"{name}: {form!r} became {value!r}, which is not {hint}"
