"""`Limits`: a document is refused from one byte or level above the limit, however it is cut."""

from __future__ import annotations

import codecs
import dataclasses
import pickle
from typing import Any

import pytest

from mailkit_xmlrpc.codec import (
    Limits,
    ResponseDecoder,
    decode_request,
    decode_response,
    encode_request,
    encode_response,
)
from mailkit_xmlrpc.errors import ConfigError, HostileXMLError, ResponseError, TooLargeError

from .. import plain
from ..outcomes import call_outcome, exactly, outcome, pieces

DOCUMENT = encode_response("ž" * 1500)
HEAD = b"<methodResponse><params><param>"
TAIL = b"</param></params></methodResponse>"


def arrays(levels: int) -> bytes:
    return HEAD + b"<value><array><data>" * levels + b"</data></array></value>" * levels + TAIL


def test_the_defaults() -> None:
    assert Limits() == Limits(response_bytes=128 * 1024 * 1024, depth=128)


@pytest.mark.parametrize("value", [0, -1, 1.0, "1", None, True])
@pytest.mark.parametrize("name", ["response_bytes", "depth"])
def test_a_limit_is_an_int_of_at_least_1(name: str, value: Any) -> None:
    with pytest.raises(ConfigError, match=rf"Limits\.{name}"):
        Limits(**{name: value})
    assert getattr(Limits(**{name: 1}), name) == 1


def test_limits_are_frozen_and_can_be_pickled() -> None:
    limits = Limits(response_bytes=1, depth=2)
    with pytest.raises(dataclasses.FrozenInstanceError):
        limits.depth = 3  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(limits)) == limits
    assert hash(limits) == hash(Limits(1, 2))


@pytest.mark.parametrize("size", [1, 2, 7, 1000, 1 << 20])
@pytest.mark.parametrize(
    "document",
    [
        DOCUMENT,
        encode_response("x"),
        DOCUMENT + b" " * 2000,
        b"\n" * 2000 + DOCUMENT,
        codecs.BOM_UTF16_LE + DOCUMENT.decode().encode("utf-16-le"),
        DOCUMENT.decode().replace("UTF-8", "windows-1250").encode("cp1250"),
    ],
    ids=["long", "short", "space after", "space before", "UTF-16", "windows-1250"],
)
def test_the_bytes_received_are_counted(document: bytes, size: int) -> None:
    # White space counts, and so does every byte of another encoding, because received bytes use memory.
    exact = outcome(pieces(document, size), limits=Limits(response_bytes=len(document)))
    assert exact == outcome(document)
    assert not isinstance(exact, ResponseError)
    above = outcome(pieces(document, size), limits=Limits(response_bytes=len(document) - 1))
    assert type(above) is TooLargeError
    assert above == outcome(document, limits=Limits(response_bytes=len(document) - 1))


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_a_call_has_the_same_limit(size: int) -> None:
    document = encode_request("m", ["x" * 2000])
    assert call_outcome(pieces(document, size), limits=Limits(len(document))) == exactly(("m", ("x" * 2000,)))
    assert type(call_outcome(pieces(document, size), limits=Limits(len(document) - 1))) is TooLargeError
    with pytest.raises(TooLargeError):
        decode_request(document, limits=Limits(len(document) - 1))
    with pytest.raises(TooLargeError):
        decode_response(DOCUMENT, limits=Limits(len(DOCUMENT) - 1))


def test_the_error_names_the_limit() -> None:
    assert "1,000,000 bytes" in outcome(b" " * 1_000_001, limits=Limits(1_000_000)).message


# The bytes up to an error, and those after it, so that a limit can be put next to the error. Expat 2.6 and newer delay
# a token that comes in small pieces; an earlier error must be reported all the same.
BROKEN = {
    "unknown element": (DOCUMENT[:2000] + b"<foo/>", b"x" * 500),
    "long unknown element": (HEAD + b"<value>" + b"y" * 2000 + b'<foo a="%s"/>' % (b"z" * 200), b"x" * 500),
    "undefined reference": (HEAD + b"<value>" + b"y" * 2000 + b"&%s;" % (b"z" * 200), b"x" * 500),
    "document type": (b"<!-- %s --><!DOCTYPE %s>" % (b"y" * 2000, b"z" * 200), b"x" * 500),
    "unassigned byte": (b'<?xml version="1.0" encoding="windows-1252"?>' + HEAD + b"y" * 2000 + b"\x81", b"x" * 500),
}


@pytest.mark.parametrize("size", [1, 7, 100, 1024])
@pytest.mark.parametrize(("until_error", "after"), BROKEN.values(), ids=BROKEN)
def test_an_error_within_the_limit_is_reported_instead_of_the_limit(
    until_error: bytes, after: bytes, size: int
) -> None:
    for room in (0, 1, 50, 99, 100, 101, 499, 500):
        limits = Limits(len(until_error) + room)
        whole = outcome(until_error + after, limits=limits)
        assert type(whole) is not TooLargeError
        assert outcome(pieces(until_error + after, size), limits=limits) == whole


@pytest.mark.parametrize("size", [1, 7, 1024])
def test_an_error_beyond_the_limit_is_not_reported(size: int) -> None:
    document = encode_response("x" * 2000)[:-50]
    assert type(outcome(pieces(document + b"<!DOCTYPE x>", size), limits=Limits(len(document)))) is TooLargeError


def test_the_decoder_fails_again_after_the_limit() -> None:
    decoder = ResponseDecoder(limits=Limits(len(DOCUMENT)))
    with pytest.raises(TooLargeError):
        decoder.feed(DOCUMENT + b" ")
    for again in (lambda: decoder.feed(b" "), lambda: decoder.feed(DOCUMENT), decoder.close):
        with pytest.raises(TooLargeError):
            again()


@pytest.mark.parametrize("depth", [1, 2, 3, 127, 128, 200])
def test_levels_are_counted(depth: int) -> None:
    for size in (7, 1 << 20):
        assert type(outcome(pieces(arrays(depth), size), limits=Limits(depth=depth))) is tuple
        assert type(outcome(pieces(arrays(depth + 1), size), limits=Limits(depth=depth))) is HostileXMLError


def test_structs_and_arrays_are_counted_together() -> None:
    value = encode_response({"a": [{"b": []}]})
    assert outcome(value, limits=Limits(depth=4)) == exactly({"a": [{"b": []}]})
    assert type(outcome(value, limits=Limits(depth=3))) is HostileXMLError


def test_a_fault_s_own_struct_is_a_level() -> None:
    fault = b"<methodResponse><fault>%s</fault></methodResponse>"
    value = encode_response({"faultCode": 1, "faultString": "x", "trace": []})
    inner = value[value.index(b"<value>") : value.rindex(b"</param>")]
    assert outcome(fault % inner, limits=Limits(depth=2))[1] == exactly(1)
    assert type(outcome(fault % inner, limits=Limits(depth=1))) is HostileXMLError


def test_a_call_has_the_same_depth() -> None:
    document = encode_request("m", [[[[]]]])
    assert call_outcome(document, limits=Limits(depth=3)) == exactly(("m", ([[[]]],)))
    assert type(call_outcome(document, limits=Limits(depth=2))) is HostileXMLError


def test_siblings_are_not_levels() -> None:
    document = encode_response([[], {}] * 500)
    assert outcome(document, limits=Limits(depth=2)) == exactly([[], {}] * 500)


@pytest.mark.parametrize(
    "empty", ["<array/>", "<struct/>", "<struct></struct>", "<array><data/></array>", "<array></array>"]
)
@pytest.mark.parametrize("depth", [2, 3])
def test_an_empty_container_is_a_level_for_both_readers(empty: str, depth: int) -> None:
    value = "<value><array><data>" * 2 + f"<value>{empty}</value>" + "</data></array></value>" * 2
    document = f"<methodResponse><params><param>{value}</param></params></methodResponse>".encode()
    expected = outcome(document, plain.ResponseDecoder, limits=Limits(depth=depth))
    assert type(expected) is (HostileXMLError if depth == 2 else tuple)
    assert outcome(document, limits=Limits(depth=depth)) == expected
