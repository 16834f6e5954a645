"""The exact bytes of encoded values, and the values that are refused."""

from __future__ import annotations

import dataclasses
import enum
import gc
import re
import sys
import types
import weakref
import xmlrpc.client
from collections import ChainMap, OrderedDict, UserDict, defaultdict, namedtuple
from contextlib import nullcontext
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from mailkit_xmlrpc.codec import (
    Limits,
    PreparedRequest,
    decode_request,
    decode_response,
    encode_fault,
    encode_request,
    encode_response,
)
from mailkit_xmlrpc.codec.elements import element
from mailkit_xmlrpc.errors import EncodeError

from .. import plain_writer as plain
from ..outcomes import call_outcome
from ..vectors import Call, calls, journeys_trigger


def wire(value: Any, **options: Any) -> str:
    """The element that is written for `value`."""
    document = encode_response(value, **options).decode("utf-8")
    assert plain.encode_response(value, **options).decode("utf-8") == document
    start = '<?xml version="1.0" encoding="UTF-8"?><methodResponse><params><param><value>'
    end = "</value></param></params></methodResponse>"
    assert document.startswith(start)
    assert document.endswith(end)
    return document[len(start) : -len(end)]


WAY_OUT = "pass convert= to turn it into another type"


def refusal(value: Any, **options: Any) -> EncodeError:
    """The error for `value` as the first param of a call."""
    with pytest.raises(EncodeError) as caught:
        encode_request("m", [value], **options)
    with pytest.raises(EncodeError) as caught_by_plain:
        plain.encode_request("m", [value], **options)
    assert caught_by_plain.value == caught.value
    return caught.value


# The vectors


# The oracle of the property tests, and the encoder of the package.
encoders = pytest.mark.parametrize("encode", dict.fromkeys([plain.encode_request, encode_request]))


@encoders
@pytest.mark.parametrize("call", calls("written"))
def test_a_call_is_written_to_the_byte(call: Call, encode: Any) -> None:
    assert encode(call.method, call.params, **call.options) == call.document


@encoders
@pytest.mark.parametrize("call", calls("unwritable"))
def test_a_value_that_cannot_be_written_is_refused_with_its_path(call: Call, encode: Any) -> None:
    with pytest.raises(EncodeError) as caught:
        encode(call.method, call.params)
    assert caught.value.path == call.path
    assert caught.value.message
    assert str(caught.value).startswith(f"{call.path}: ")


def test_our_call_of_journeys_trigger_reads_as_the_documented_one() -> None:
    documented, _ = journeys_trigger()
    ours = encode_request(documented.method, documented.params)
    assert ours != documented.document
    assert call_outcome(ours) == call_outcome(documented.document)


def test_an_answer_is_written_to_the_byte() -> None:
    assert encode_response("OK") == (
        b'<?xml version="1.0" encoding="UTF-8"?><methodResponse><params><param>'
        b"<value><string>OK</string></value></param></params></methodResponse>"
    )


def test_a_fault_is_written_to_the_byte() -> None:
    assert encode_fault(4, "Too many <parameters>.") == (
        b'<?xml version="1.0" encoding="UTF-8"?><methodResponse><fault><value><struct>'
        b"<member><name>faultCode</name><value><int>4</int></value></member>"
        b"<member><name>faultString</name><value><string>Too many &lt;parameters&gt;.</string></value></member>"
        b"</struct></value></fault></methodResponse>"
    )


@pytest.mark.parametrize(
    ("code", "text", "path"),
    [(2**63, "x", "fault.faultCode"), (1, "\0", "fault.faultString")],
)
def test_a_fault_that_cannot_be_written_is_refused(code: int, text: str, path: str) -> None:
    with pytest.raises(EncodeError) as caught:
        encode_fault(code, text)
    assert caught.value.path == path


def test_every_document_is_bytes_in_utf_8_that_ends_with_its_last_tag() -> None:
    document = encode_request("m", ["ž😀"])
    assert type(document) is bytes
    assert "ž😀".encode() in document
    assert document.endswith(b"</methodCall>")


# Subclasses and equivalent types


class Colour(str, enum.Enum):
    RED = "red"


class Key(str, enum.Enum):
    A = "a"


class Level(enum.IntEnum):
    HIGH = 3


class Permission(enum.IntFlag):
    READ = 4
    WRITE = 2


class Ratio(float, enum.Enum):
    HALF = 0.5


class Shouting(str):
    """A str whose str() is another text, as in lazy translations and secrets."""

    def __str__(self) -> str:
        return "SHOWN"

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return "SHOWN"


class Odd(int):
    def __str__(self) -> str:
        return "SHOWN"

    __repr__ = __str__

    def __index__(self) -> int:
        return 99

    __int__ = __index__


class Rounded(float):
    def __repr__(self) -> str:
        return "SHOWN"

    __str__ = __repr__


class Stamp(datetime):
    def __str__(self) -> str:
        return "SHOWN"


Point = namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Colour.RED, "<string>red</string>"),
        (Shouting("said"), "<string>said</string>"),
        (Level.HIGH, "<int>3</int>"),
        (Permission.READ | Permission.WRITE, "<int>6</int>"),
        (Odd(5), "<int>5</int>"),
        (Ratio.HALF, "<double>0.5</double>"),
        (Rounded(0.5), "<double>0.5</double>"),
        (Stamp(2026, 1, 2), "<dateTime.iso8601>20260102T00:00:00</dateTime.iso8601>"),
        (b"A", "<base64>QQ==</base64>"),
        (bytearray(b"A"), "<base64>QQ==</base64>"),
        (memoryview(b"A"), "<base64>QQ==</base64>"),
        (memoryview(b"AxBxCx")[::2], "<base64>QUJD</base64>"),
        (xmlrpc.client.Binary(b"A"), "<base64>QQ==</base64>"),
        (xmlrpc.client.DateTime("19980717T14:08:55"), "<dateTime.iso8601>19980717T14:08:55</dateTime.iso8601>"),
        (xmlrpc.client.DateTime(datetime(1998, 7, 17)), "<dateTime.iso8601>19980717T00:00:00</dateTime.iso8601>"),
    ],
    ids=lambda value: "" if type(value) is str else type(value).__name__,
)
def test_a_subclass_is_written_as_the_type_it_derives_from(value: Any, expected: str) -> None:
    assert wire(value) == expected


@pytest.mark.parametrize(
    "value",
    [(1, "a"), [1, "a"], Point(1, "a"), type("Rows", (list,), {})([1, "a"])],
    ids=["tuple", "list", "namedtuple", "subclass of list"],
)
def test_every_sequence_of_the_table_is_an_array(value: Any) -> None:
    expected = "<array><data><value><int>1</int></value><value><string>a</string></value></data></array>"
    assert wire(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        {"a": 1},
        OrderedDict(a=1),
        defaultdict(int, a=1),
        types.MappingProxyType({"a": 1}),
        ChainMap({"a": 1}, {"a": 2}),
        UserDict(a=1),
        {Shouting("a"): 1},
        {Key.A: 1},
    ],
    ids=["dict", "OrderedDict", "defaultdict", "proxy", "ChainMap", "UserDict", "odd key", "Enum key"],
)
def test_every_mapping_is_a_struct(value: Any) -> None:
    assert wire(value) == "<struct><member><name>a</name><value><int>1</int></value></member></struct>"


def test_a_bool_is_not_written_as_an_int() -> None:
    assert wire(True) == "<boolean>1</boolean>"
    assert wire([0, False]) == (
        "<array><data><value><int>0</int></value><value><boolean>0</boolean></value></data></array>"
    )


def test_a_datetime_is_not_refused_as_a_date() -> None:
    assert wire(datetime(2026, 1, 2, 3, 4, 5, 999999)) == "<dateTime.iso8601>20260102T03:04:05</dateTime.iso8601>"
    assert refusal(date(2026, 1, 2)).path == "params[0]"


@pytest.mark.parametrize("year", [1, 33, 999, 1000, 9999])
def test_a_year_has_four_digits(year: int) -> None:
    # strftime("%Y") pads on some systems only.
    assert wire(datetime(year, 12, 31)) == f"<dateTime.iso8601>{year:04d}1231T00:00:00</dateTime.iso8601>"


@pytest.mark.parametrize(
    ("value", "digits"),
    [
        (0.1, "0.1"),
        (-0.0, "-0.0"),
        (1e22, "1" + "0" * 22 + ".0"),
        (123456789012345680000.0, "123456789012345680000.0"),
        (1e-5, "0.00001"),
        (5e-324, "0." + "0" * 323 + "5"),
        (1.7976931348623157e308, "17976931348623157" + "0" * 292 + ".0"),
    ],
)
def test_a_double_has_the_shortest_digits_with_a_period_and_without_an_exponent(value: float, digits: str) -> None:
    assert wire(value) == f"<double>{digits}</double>"
    assert float(digits) == value


def test_none_is_written_only_when_asked_for() -> None:
    assert wire(None, allow_none=True) == "<nil></nil>"
    assert encode_request("m", [None], allow_none=True).count(b"<value><nil></nil></value>") == 1
    error = refusal({"a": None})
    assert error.path == "params[0].a"
    assert "allow_none" in error.message


# Refusals


@pytest.mark.parametrize(
    "value",
    [
        object(),
        1j,
        Decimal("1.1"),
        {1, 2},
        frozenset(),
        range(3),
        iter([1]),
        (item for item in [1]),
        timedelta(1),
        int,
        ...,
        {"a": 1}.items(),
        enum.Enum("Plain", "A").A,
        type("Dated", (), {"__init__": lambda self: None})(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_type_that_is_not_in_the_table_is_refused(value: Any) -> None:
    # The standard library writes the __dict__ of an object whose type it does not know.
    error = refusal(value)
    assert error.path == "params[0]"
    assert type(value).__name__ in error.message


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (Decimal("1.1"), "decimal.Decimal"),
        (timedelta(1), "datetime.timedelta"),
        (types.SimpleNamespace(), "types.SimpleNamespace"),
        ({1, 2}, "set"),
        (1j, "complex"),
        (type("bool", (), {"__module__": "numpy"})(), "numpy.bool"),
        (type("Inner", (), {"__module__": "shop", "__qualname__": "Outer.Inner"})(), "shop.Outer.Inner"),
        (type("Nameless", (), {"__module__": None})(), "Nameless"),
    ],
    ids=lambda value: value if type(value) is str else "",
)
def test_a_refused_type_is_named_with_its_module_unless_it_is_a_builtin(value: Any, name: str) -> None:
    # "XML-RPC has no type for bool" would confuse somebody who sends a numpy.bool.
    assert refusal(value).message == f"XML-RPC has no type for {name}; {WAY_OUT}"


def test_a_type_without_a_module_is_refused_too() -> None:
    scope: dict[str, Any] = {"__builtins__": {"type": type}}
    exec("value = type('Bare', (), {})()", scope)
    assert refusal(scope["value"]).message == f"XML-RPC has no type for Bare; {WAY_OUT}"


@pytest.mark.parametrize(
    ("value", "start"),
    [
        (Decimal("1.1"), "XML-RPC has no type for decimal.Decimal"),
        (date(2026, 1, 2), "XML-RPC has no date alone"),
        (time(3, 4), "XML-RPC has no time alone"),
    ],
    ids=["Decimal", "date", "time"],
)
def test_the_error_says_that_the_standard_library_s_dispatch_is_not_used(
    monkeypatch: pytest.MonkeyPatch, value: Any, start: str
) -> None:
    hint = "; xmlrpc.client's Marshaller.dispatch is not used"
    assert "dispatch" not in refusal(value).message
    monkeypatch.setitem(
        xmlrpc.client.Marshaller.dispatch,
        type(value),
        lambda marshaller, value, write: write(f"<value><string>{value}</string></value>"),
    )
    assert xmlrpc.client.dumps((value,))  # the standard library uses it
    message = refusal(value).message
    assert message.startswith(start)
    assert message.endswith(hint)
    # As in the standard library, an entry applies to its type alone and not to subclasses.
    assert "dispatch" not in refusal(type("Other", (type(value),), {})(*PARTS[type(value)])).message


PARTS: dict[type, tuple[int, ...]] = {Decimal: (1,), date: (2026, 1, 2), time: (3, 4)}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_nan_and_infinity_are_refused(value: float) -> None:
    assert refusal(value).message == f"XML-RPC has no {value!r}; leave the value out, or send a str"


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 10**5000], ids=["one more", "one less", "5001 digits"])
def test_an_int_beyond_64_bits_is_refused(value: int) -> None:
    assert "64 bits" in refusal(value).message


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 1, 2, tzinfo=timezone.utc),
        datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_the_error_for_an_aware_datetime_names_the_alternatives(value: datetime) -> None:
    message = refusal(value).message
    assert "replace(tzinfo=None)" in message
    assert "str" in message


@pytest.mark.parametrize("value", [date(2026, 1, 2), time(3, 4), time(3, 4, tzinfo=timezone.utc)])
def test_the_error_for_a_date_or_time_alone_names_the_alternative(value: Any) -> None:
    message = refusal(value).message
    assert type(value).__name__ in message
    assert "datetime" in message


@pytest.mark.parametrize(
    "code", [*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xFFFE, 0xFFFF]
)
def test_a_character_that_xml_forbids_is_refused_with_its_code_point(code: int) -> None:
    error = refusal({"subject": f"ab{chr(code)}c"})
    assert error.path == "params[0].subject"
    assert f"U+{code:04X}" in error.message
    assert "character 2" in error.message


@pytest.mark.parametrize(
    "code", [9, 0x0A, 0x20, 0x7F, 0x80, 0x85, 0x9F, 0xD7FF, 0xE000, 0xFFFD, 0x10000, 0x1FFFE, 0x10FFFF]
)
def test_every_character_that_xml_allows_is_written_as_it_is(code: int) -> None:
    assert wire(chr(code)) == f"<string>{chr(code)}</string>"


def test_a_carriage_return_is_written_as_a_reference() -> None:
    # XML 1.0, section 2.11: a parser turns a bare CR, and CR LF, into LF.
    assert wire("a\r\nb\rc") == "<string>a&#13;\nb&#13;c</string>"
    assert wire({"\r": "\r"}).count("&#13;") == 2


def test_markup_is_escaped_in_every_kind_of_text() -> None:
    assert wire("<&>\"']]>") == "<string>&lt;&amp;&gt;\"']]&gt;</string>"
    assert "<name>&lt;/name&gt;&amp;</name>" in wire({"</name>&": 1})
    raw = xmlrpc.client.DateTime("</dateTime.iso8601>")
    assert wire(raw) == "<dateTime.iso8601>&lt;/dateTime.iso8601&gt;</dateTime.iso8601>"


@pytest.mark.parametrize("text", [" x", "x\n", "\t", "\r"])
def test_a_date_text_that_would_lose_white_space_is_refused(text: str) -> None:
    # A decoder strips white space around a scalar.
    assert refusal(xmlrpc.client.DateTime(text)).path == "params[0]"


@pytest.mark.parametrize("name", [1, None, b"a", 1.5, ("a",), True])
def test_a_name_that_is_not_a_str_is_refused_with_the_path_of_its_struct(name: Any) -> None:
    error = refusal({"a": {name: 1}})
    assert error.path == "params[0].a"
    assert type(name).__name__ in error.message


def test_two_keys_that_are_one_name_on_the_wire_are_refused() -> None:
    class Twice(UserDict):
        """A mapping, unlike a dict, can have two keys with the same text."""

        def items(self) -> Any:
            return [(Key.A, 1), ("a", 2)]

    assert refusal(Twice()).path == "params[0].a"
    assert refusal(Twice()).message == "the struct has two members of this name"


@pytest.mark.parametrize("params", [{"a": 1}, "ab", None, 5, iter([1]), {1}, b"ab", (item for item in [1])])
def test_params_are_a_list_or_a_tuple(params: Any) -> None:
    # Without this check, "ab" would be sent as two params and a dict as its names, where brackets were forgotten.
    with pytest.raises(EncodeError) as caught:
        encode_request("m", params)
    assert caught.value.path == "params"


@pytest.mark.parametrize("method", ["", " m", "m\n", "a b", "a'b", 'a"b', "a&b", "ž", "a\0", "<m>", None, 5, b"m"])
def test_a_method_name_outside_the_alphabet_is_refused(method: Any) -> None:
    with pytest.raises(EncodeError) as caught:
        encode_request(method, [])
    assert caught.value.path == "method"


def test_a_method_name_may_be_a_subclass() -> None:
    assert decode_request(encode_request(Key.A, []))[0] == "a"
    assert decode_request(encode_request(Shouting("said"), []))[0] == "said"


# Types that XML-RPC does not have, with convert


@dataclasses.dataclass
class Money:
    amount: Decimal
    currency: str = "CZK"


class Lazy:
    """A translation that is made when its text is asked for, as Django's."""

    def __str__(self) -> str:
        return "Dobrý den"


FOREIGN: list[tuple[Any, Any, str]] = [
    (Decimal("9.90"), str, "<string>9.90</string>"),
    (Decimal("9.90"), float, "<double>9.9</double>"),
    (UUID(int=5), lambda value: value.bytes[-1:], "<base64>BQ==</base64>"),
    (date(2026, 1, 2), date.isoformat, "<string>2026-01-02</string>"),
    (time(3, 4), time.isoformat, "<string>03:04:00</string>"),
    (timedelta(minutes=2), timedelta.total_seconds, "<double>120.0</double>"),
    (
        datetime(2026, 1, 2, 12, tzinfo=timezone.utc),
        lambda value: value.astimezone(timezone(timedelta(hours=1))).replace(tzinfo=None),
        "<dateTime.iso8601>20260102T13:00:00</dateTime.iso8601>",
    ),
    ({5}, list, "<array><data><value><int>5</int></value></data></array>"),
    (Lazy(), str, "<string>Dobrý den</string>"),
    (range(1), list, "<array><data><value><int>0</int></value></data></array>"),
    (1j, lambda value: Colour.RED, "<string>red</string>"),
]


@pytest.mark.parametrize(("value", "convert", "expected"), FOREIGN, ids=lambda each: type(each).__name__)
def test_what_convert_gives_is_written_in_place_of_the_value(value: Any, convert: Any, expected: str) -> None:
    assert wire(value, convert=convert) == expected
    assert refusal({"a": [value]}).path == "params[0].a[0]"
    (read,) = decode_request(encode_request("m", [{"a": [value, "x"]}], convert=convert))[1]
    assert read == {"a": [decode_response(encode_response(value, convert=convert)), "x"]}


def test_values_inside_the_result_are_converted_too() -> None:
    def convert(value: Any) -> Any:
        return dataclasses.asdict(value) if isinstance(value, Money) else str(value)

    assert decode_request(encode_request("m", [[Money(Decimal("9.90"))]], convert=convert))[1] == (
        [{"amount": "9.90", "currency": "CZK"}],
    )


def test_a_result_that_xml_rpc_has_no_type_for_is_converted_again() -> None:
    steps = {datetime: datetime.date, date: lambda value: Decimal(value.year), Decimal: int}
    aware = datetime(2026, 1, 2, tzinfo=timezone.utc)
    assert wire(aware, convert=lambda value: steps[type(value)](value)) == "<int>2026</int>"


@pytest.mark.parametrize("again", [lambda value: value, lambda value: Decimal(value) + 1], ids=["same", "another"])
def test_a_convert_that_never_ends_is_refused(again: Any) -> None:
    error = refusal({"total": Decimal(1)}, convert=again)
    assert error.path == "params[0].total"
    assert error.message == "convert gave 128 values in a row that XML-RPC has no type for"


def test_a_convert_that_nests_without_an_end_is_refused() -> None:
    error = refusal(Decimal(1), convert=lambda value: [value])
    assert error.path == "params[0]" + "[0]" * Limits.depth
    assert error.message.startswith("more than 128 arrays and structs")


def test_128_levels_of_results_are_written() -> None:
    def convert(value: Decimal) -> Any:
        return [value - 1] if value > 1 else [0.5]

    assert wire(Decimal(Limits.depth), convert=convert).count("<array>") == Limits.depth


def test_convert_is_asked_about_a_type_and_not_about_a_value() -> None:
    def convert(value: Any) -> Any:
        raise AssertionError(f"asked about {value!r}")

    values: list[Any] = [float("nan"), 2**64, "\x00", None, {5: 1}, xmlrpc.client.DateTime(" x"), [[]], Odd(5)]
    for value in values:
        with pytest.raises(EncodeError) if value not in ([[]], Odd(5)) else nullcontext():
            encode_response(value, convert=convert)
    assert wire(None, convert=convert, allow_none=True) == "<nil></nil>"
    assert wire(Shouting("a"), convert=convert) == "<string>a</string>"


@pytest.mark.parametrize("kind", [TypeError, ValueError, UnicodeError])
def test_an_error_of_convert_gets_the_path(kind: Any) -> None:
    cause = kind("no Decimal here")

    def convert(value: Any) -> Any:
        raise cause

    error = refusal({"total": Decimal(1)}, convert=convert)
    assert str(error) == f"params[0].total: convert raised {kind.__name__}: no Decimal here"
    assert error.__cause__ is cause


def test_an_encode_error_of_convert_keeps_its_message() -> None:
    def convert(value: Any) -> Any:
        raise EncodeError("too large", path="elsewhere")

    assert str(refusal({"total": Decimal(1)}, convert=convert)) == "params[0].total: too large"


def test_another_error_of_convert_passes_through_as_it_is() -> None:
    cause = KeyError("Decimal")

    def convert(value: Any) -> Any:
        raise cause

    with pytest.raises(KeyError) as caught:
        encode_request("m", [Decimal(1)], convert=convert)
    assert caught.value is cause
    assert caught.value.__context__ is None


@pytest.mark.parametrize("value", [Decimal(1), date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=timezone.utc)])
def test_not_implemented_leaves_the_value_refused(value: Any) -> None:
    assert refusal(value, convert=lambda _: NotImplemented) == refusal(value)
    assert refusal(value).message.endswith(WAY_OUT)


def test_a_convert_that_gives_none_is_refused_unless_none_can_be_sent() -> None:
    error = refusal(Decimal(1), convert=lambda _: None)
    assert error.message == "convert gave None for decimal.Decimal; let it give a value, or raise TypeError"
    assert wire(Decimal(1), convert=lambda _: None, allow_none=True) == "<nil></nil>"


def test_a_prepared_request_converts_its_parameters() -> None:
    prepared = PreparedRequest("m", (1, "x"), str)
    assert prepared.encode([{"a": Decimal("9.90")}]) == encode_request("m", [1, "x", {"a": "9.90"}])
    with pytest.raises(EncodeError, match=r"^params\[2\]\.a: XML-RPC has no type for decimal"):
        PreparedRequest("m", (1, "x")).encode([{"a": Decimal("9.90")}])


# Paths


@pytest.mark.parametrize(
    ("params", "path"),
    [
        ([set()], "params[0]"),
        ([1, 2, set()], "params[2]"),
        ([[[1, set()]]], "params[0][0][1]"),
        ([1, "md5", {"email": "x", "event_data": {"name": set()}}], "params[2].event_data.name"),
        ([{"rows": [{"a": 1}, {"a": set()}]}], "params[0].rows[1].a"),
        ([{"odd key": set()}], "params[0]['odd key']"),
        ([{"": set()}], "params[0]['']"),
        ([{"0": set()}], "params[0]['0']"),
        ([{"a.b": set()}], "params[0]['a.b']"),
        ([{"it's": set()}], 'params[0]["it\'s"]'),
        ([{"město": set()}], "params[0].město"),
        ([{"mě sto": set()}], "params[0]['m\\u011b sto']"),
        ([{"a\0": 1}], "params[0]['a\\x00']"),
        ([{"\ud800": 1}], "params[0]['\\ud800']"),
        ([{"a": 1}, {"b": 2, "c": (3, {"d": set()})}], "params[1].c[1].d"),
    ],
)
def test_a_refusal_names_the_path_to_the_value(params: list[Any], path: str) -> None:
    with pytest.raises(EncodeError) as caught:
        encode_request("m", params)
    assert caught.value.path == path


def test_a_path_does_not_include_values_written_before() -> None:
    # The steps into a container are removed at its end, or the path of a later value would be wrong.
    error = refusal({"a": [1, {"b": [2]}], "c": {"d": {}}, "e": [[], set()]})
    assert error.path == "params[0].e[1]"


def test_the_path_of_an_answer_begins_with_value() -> None:
    with pytest.raises(EncodeError) as caught:
        encode_response({"a": [set()]})
    assert caught.value.path == "value.a[0]"


def test_a_refusal_shows_the_path_and_is_a_value_error() -> None:
    error = refusal({"a": set()})
    assert str(error) == f"params[0].a: {error.message}"
    assert isinstance(error, ValueError)
    assert str(error.outcome) == "NOT_SENT"


# Rows, whose markup is learnt in a document that is not small

MIXED: dict[str, Any] = {
    "text": "x",
    "long": "y" * 1000,
    "int": -5,
    "i8": 2**40,
    "double": 1.5,
    "boolean": True,
    "base64": b"x",
    "date": datetime(2026, 1, 2),
    "array": [1, "z"],
    "struct": {"a": {"b": "&"}},
    "R&D <1>": "",
}
rows = pytest.mark.parametrize("row", [MIXED, {f"n{number}": "x" for number in range(7)}, {"a": "x"}, {}])


@rows
@pytest.mark.parametrize("text", ["a & b", "<b>", ">", "\r\n", "ž", "x" * 1000, 2**40, 1e300, None])
def test_a_row_is_written_as_any_struct_is(row: Any, text: Any) -> None:
    others = [dict.fromkeys(row, text), OrderedDict(row), {**row, "more": text}, {Shouting(name): text for name in row}]
    wire([*[row] * 100, *others, *[row] * 100], allow_none=True)


@rows
def test_the_path_leads_into_a_row(row: Any) -> None:
    # The oracle has the same paths.
    for name in row:
        for bad in ("\0", 2**64, float("nan"), set(), [1, "\0"], {"a": None}):
            refusal([*[row] * 100, {**row, name: bad}])
            refusal([*[row] * 100, {Shouting(each): bad if each == name else 1 for each in row}])
    assert refusal([*[row] * 100, {**row, "a\0": 1}]).path == "params[0][100]['a\\x00']"
    assert refusal(nested(127, lambda value: [value], [*[row] * 100, [row]])).message.startswith("more than 128")


class AnyCase(str):
    """A name that equals others with other letters, as tables of headers have them."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and self.lower() == other.lower()

    def __hash__(self) -> int:
        return hash(self.lower())


class Lazy:
    """A name that is made later, and equals the str that it becomes."""

    def __eq__(self, other: object) -> bool:
        return other == "name"

    def __hash__(self) -> int:
        return hash("name")


@pytest.mark.parametrize("members", [1, 7])
@pytest.mark.parametrize("value", ["x", 5])
def test_the_names_of_a_row_are_its_own_where_they_equal_those_of_others(members: int, value: Any) -> None:
    more = {f"n{number}": value for number in range(members - 1)}
    row = {"name": value, **more}
    for name in ("Name", "NAME"):
        written = wire([*[row] * 100, {AnyCase(name): value, **more}, {AnyCase("name"): value, **more}])
        assert f"<name>{name}</name>" in written
    refusal([*[row] * 100, {Lazy(): value, **more}])
    refusal([*[{"": value, **more}] * 100, {Lazy(): value, **more}])
    refusal([*[{"a": value, "b": value, **more}] * 100, {"a\0b": value, **more}])
    wire([*[{"": value}, {}] * 100, {**more, "": value}])
    refusal([*[{AnyCase("name"): value, **more}] * 100, {Lazy(): value, **more}])


def test_ever_new_rows_are_written_too() -> None:
    wire([{f"n{number}_{member}": member for member in range(3)} for number in range(1000)] * 2)


# Depth and cycles


def nested(levels: int, wrap: Any, innermost: Any) -> Any:
    value = innermost
    for _ in range(levels - 1):
        value = wrap(value)
    return value


@pytest.mark.parametrize(
    ("wrap", "innermost", "step"),
    [
        (lambda value: [value], [], "[0]"),
        (lambda value: (value,), (), "[0]"),
        (lambda value: {"s": value}, {}, ".s"),
    ],
    ids=["list", "tuple", "dict"],
)
def test_128_levels_are_written_and_129_refused(wrap: Any, innermost: Any, step: str) -> None:
    assert Limits().depth == 128
    deepest = nested(128, wrap, innermost)
    (read,) = decode_request(encode_request("m", [deepest]))[1]
    for _ in range(127):
        assert len(read) == 1
        read = read["s"] if step == ".s" else read[0]
    assert read == ({} if step == ".s" else [])
    assert refusal(nested(129, wrap, innermost)).path == "params[0]" + step * 128


def test_only_nested_levels_are_counted() -> None:
    assert wire([[[]]] * 200).count("<array>") == 401


def test_a_cycle_is_refused_where_it_closes() -> None:
    rows: list[Any] = [1]
    rows.append(rows)
    assert refusal(rows).path == "params[0][1]"
    struct: dict[str, Any] = {"a": {}}
    struct["a"]["b"] = [struct]
    assert refusal(struct).path == "params[0].a.b[0]"
    assert refusal(rows).message == "the value contains itself"


def test_a_cycle_through_mappings_results_and_subclasses_is_refused_where_it_closes() -> None:
    struct: Any = UserDict(a=1)
    struct["b"] = [Decimal(1)]
    assert refusal(struct, convert=lambda _: struct).path == "params[0].b[0]"
    rows = type("Rows", (list,), {})([1])
    rows.append((rows,))
    error = refusal([rows])
    assert (error.path, error.message) == ("params[0][0][1][0]", "the value contains itself")


def test_the_same_container_twice_is_not_a_cycle() -> None:
    row = ["x"]
    assert wire([row, row, {"a": row, "b": row}]).count("<string>x</string>") == 4


def test_writing_does_not_change_the_value() -> None:
    value = {"a": [1, (2,)], "b": bytearray(b"A")}
    encode_response(value)
    assert value == {"a": [1, (2,)], "b": bytearray(b"A")}


def test_an_error_has_no_context_and_keeps_no_value_alive() -> None:
    class Foreign:
        """A type that XML-RPC does not have."""

    def raises(value: Any) -> Any:
        raise TypeError("no")

    gc.collect()
    gc.disable()
    try:
        for convert in (None, raises):
            value = Foreign()
            alive = weakref.ref(value)
            try:
                encode_request("m", [{"a": [value]}], convert=convert)
            except EncodeError as error:
                links = error.__context__, error.__suppress_context__, type(error.__cause__)
            assert links == (None, True, type(None) if convert is None else TypeError)
            del value
            assert alive() is None
    finally:
        gc.enable()


def test_a_value_is_read_once_and_converted_once() -> None:
    asked: list[Any] = []

    class Once(UserDict):
        def items(self) -> Any:
            asked.append(self)
            return super().items()

    values = [Decimal(1), Once(a=Decimal(2)), [Once(), date(2026, 1, 2)]]
    for bad in ((), (2**64,)):  # without an error, and with one
        asked.clear()
        with pytest.raises(EncodeError) if bad else nullcontext():
            encode_request("m", [values, *bad], convert=lambda value: asked.append(value) or "x")
        assert list(map(type, asked)) == [Decimal, Once, Decimal, Once, date]


def test_an_element_that_the_decoder_does_not_know_cannot_be_written() -> None:
    assert element("i8") == ("<value><i8>", "</i8></value>")
    with pytest.raises(KeyError):
        element("i16")


def test_what_xml_forbids_is_the_complement_of_its_characters() -> None:
    """XML 1.0, production 2, for every code point, in a short text and in a long one."""
    allowed = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
    characters = [chr(code) for code in range(sys.maxunicode + 1)]
    written = [character for character in characters if allowed.match(character)]
    for length in (30, 1000):
        texts = ["".join(written[at : at + length]) for at in range(0, len(written), length)]
        references = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
        assert [wire(text) for text in texts] == [
            f"<string>{''.join(references.get(character, character) for character in text)}</string>" for text in texts
        ]
    for character in sorted(set(characters) - set(written)):
        assert f"U+{ord(character):04X} at character 0 " in refusal(character).message
        assert f"U+{ord(character):04X} at character 400 " in refusal("x" * 400 + character + "y").message
        assert f"U+{ord(character):04X} at character 1 " in refusal({f"x{character}": 1}).message
