"""Every Python value comes back equal, or is refused before anything is sent."""

from __future__ import annotations

import xmlrpc.client
from collections.abc import Mapping
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any, Callable
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from mailkit_xmlrpc.codec import decode_request, decode_response, encode_fault, encode_request, encode_response
from mailkit_xmlrpc.errors import EncodeError

from .. import plain_writer as plain
from ..outcomes import call_outcome, exactly, outcome
from ..strategies import anything, bad_texts, integers, misfits, texts, values

METHODS = st.text(st.sampled_from("abcXYZ019_.:/"), min_size=1)


def as_read(value: Any) -> Any:
    """The value that `value` comes back as, with all conversions that the codec makes."""
    if isinstance(value, (list, tuple)):
        return [as_read(item) for item in value]
    if isinstance(value, Mapping):
        return {str.__str__(name): as_read(item) for name, item in value.items()}
    if isinstance(value, datetime):
        return value.replace(microsecond=0)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    if isinstance(value, xmlrpc.client.Binary):
        return bytes(value.data)
    if isinstance(value, bool) or value is None:
        return value
    for base, convert in ((int, int.__int__), (float, float.__float__), (str, str.__str__)):
        if isinstance(value, base):
            return convert(value)
    raise AssertionError(f"no rule for {value!r}")


@given(values(none=True))
def test_an_answer_comes_back(value: Any) -> None:
    assert outcome(encode_response(value, allow_none=True)) == exactly(as_read(value))


@given(METHODS, st.lists(values(none=True), max_size=4))
def test_a_call_comes_back(method: str, params: list[Any]) -> None:
    document = encode_request(method, params, allow_none=True)
    assert call_outcome(document) == exactly((method, tuple(as_read(params))))


@given(integers(), texts())
def test_a_fault_comes_back(code: int, text: str) -> None:
    kind, code_read, text_read = outcome(encode_fault(code, text))
    assert (kind.__name__, code_read, text_read) == ("FaultError", exactly(code), text)


@given(values())
def test_a_decoded_value_is_encoded_to_the_same_bytes(value: Any) -> None:
    document = encode_response(value)
    assert encode_response(decode_response(document)) == document


@given(values(), st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]))
def test_a_document_gives_the_same_result_in_utf_16(value: Any, encoding: str) -> None:
    document = encode_response(value)
    recoded = ("\ufeff" + document.decode("utf-8").replace("UTF-8", "UTF-16", 1)).encode(encoding)
    assert outcome(recoded) == outcome(document)


@given(texts())
def test_the_text_of_a_date_comes_back_unchanged(text: str) -> None:
    text = text.strip(" \t\r\n")
    answer = decode_response(encode_response(xmlrpc.client.DateTime(text)), use_builtin_types=False)
    assert exactly(answer) == (xmlrpc.client.DateTime, text)


def written(write: Callable[..., bytes], *args: Any) -> bytes | EncodeError:
    """The document or the EncodeError. Any other exception fails the test."""
    try:
        return write(*args)
    except EncodeError as error:
        return error


@given(anything())
def test_any_value_comes_back_or_is_refused(value: Any) -> None:
    document = written(encode_response, value)
    if isinstance(document, EncodeError):
        assert document.path.startswith("value")
        assert document.message
    else:
        assert outcome(document) == exactly(as_read(value))


FOREIGN = st.decimals(allow_nan=False) | st.uuids() | st.dates() | st.datetimes(timezones=st.just(timezone.utc))


@given(st.recursive(values() | FOREIGN, lambda inner: st.lists(inner) | st.dictionaries(texts(), inner), max_leaves=10))
def test_with_convert_a_value_comes_back_as_if_it_had_been_converted_before(value: Any) -> None:
    def before(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: before(item) for name, item in value.items()}
        if isinstance(value, list):
            return [before(item) for item in value]
        foreign = isinstance(value, (Decimal, UUID, date)) and (not isinstance(value, datetime) or value.tzinfo)
        return str(value) if foreign else value

    assert encode_response(value, convert=str) == encode_response(before(value))
    assert encode_request("m", [value], convert=str) == plain.encode_request("m", [value], convert=str)


@given(anything())
def test_with_convert_any_value_comes_back_or_is_refused(value: Any) -> None:
    document = written(lambda: encode_response(value, convert=repr))
    if isinstance(document, EncodeError):
        assert "XML-RPC has no type" not in document.message
    without = written(encode_response, value)
    if isinstance(without, bytes):
        assert document == without


@given(st.lists(anything(), max_size=3), st.booleans())
def test_the_fast_encoder_gives_what_the_plain_one_gives(params: list[Any], none: bool) -> None:
    def encode(encoder: Any) -> bytes | EncodeError:
        return written(lambda: encoder("m", params, allow_none=none))

    assert encode(encode_request) == encode(plain.encode_request)


@given(misfits(), st.lists(values(), max_size=2))
def test_a_value_that_cannot_be_sent_is_refused_with_its_path(misfit: Any, before: list[Any]) -> None:
    at = len(before)
    for params, path in (
        ([*before, misfit], f"params[{at}]"),
        ([[*before, misfit]], f"params[0][{at}]"),
        ([{"first": before, "event_data": {"name": misfit}}], "params[0].event_data.name"),
    ):
        refusal = written(encode_request, "m", params)
        assert isinstance(refusal, EncodeError)
        # The path of a container leads on to the value inside it.
        assert refusal.path.startswith(path)


@given(st.text() | bad_texts())
def test_any_method_name_is_sent_unchanged_or_refused(method: str) -> None:
    document = written(encode_request, method, [])
    if isinstance(document, EncodeError):
        assert document.path == "method"
    else:
        assert decode_request(document) == (method, ())


# Most servers and clients in Python use the standard library, so each side must understand the other.


@given(METHODS, st.lists(values(none=True, fractions=False), max_size=3))
def test_the_standard_library_reads_our_calls(method: str, params: list[Any]) -> None:
    read, method_read = xmlrpc.client.loads(encode_request(method, params, allow_none=True), use_builtin_types=True)
    assert method_read == method
    assert exactly(list(read)) == exactly(as_read(params))


@given(values(none=True))
def test_the_standard_library_reads_our_answers(value: Any) -> None:
    (read,), _ = xmlrpc.client.loads(encode_response(value, allow_none=True), use_builtin_types=True)
    assert exactly(read) == exactly(as_read(value))


# The standard library refuses ints beyond 32 bits and subclasses, and loses CR and fractions.
STDLIB_VALUES = values(none=True, bits=32, carriage_return=False, fractions=False, subclasses=False)


@given(st.lists(STDLIB_VALUES, max_size=3))
def test_we_read_the_standard_library_s_calls(params: list[Any]) -> None:
    document = xmlrpc.client.dumps(tuple(params), "a.b", allow_none=True).encode()
    assert call_outcome(document) == exactly(("a.b", tuple(params)))


@given(STDLIB_VALUES)
def test_we_read_the_standard_library_s_answers(value: Any) -> None:
    document = xmlrpc.client.dumps((value,), methodresponse=True, allow_none=True).encode()
    assert outcome(document) == exactly(value)


@given(integers(32), texts(carriage_return=False))
def test_we_read_the_standard_library_s_faults(code: int, text: str) -> None:
    document = xmlrpc.client.dumps(xmlrpc.client.Fault(code, text)).encode()
    assert outcome(document)[1:] == (exactly(code), text)
