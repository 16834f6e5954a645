"""How much is read: refused exactly one above the limit, in whatever pieces it comes."""

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


def test_limits_are_frozen_and_travel() -> None:
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
    # White space counts, and so does every byte of another encoding: it is what came that fills the memory.
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


def test_the_error_says_what_the_limit_is() -> None:
    assert "1,000,000 bytes" in outcome(b" " * 1_000_001, limits=Limits(1_000_000)).message


# The place of the fault in these is given in bytes from the start, so that a limit can be put next to it. Expat
# 2.6 and newer put off reading a token that comes in small pieces, and must not thereby miss an earlier fault.
BROKEN = {
    "unknown element": (DOCUMENT[:2000] + b"<foo/>", b"x" * 500),
    "long unknown element": (HEAD + b"<value>" + b"y" * 2000 + b'<foo a="%s"/>' % (b"z" * 200), b"x" * 500),
    "undefined reference": (HEAD + b"<value>" + b"y" * 2000 + b"&%s;" % (b"z" * 200), b"x" * 500),
    "document type": (b"<!-- %s --><!DOCTYPE %s>" % (b"y" * 2000, b"z" * 200), b"x" * 500),
    "unassigned byte": (b'<?xml version="1.0" encoding="windows-1252"?>' + HEAD + b"y" * 2000 + b"\x81", b"x" * 500),
}


@pytest.mark.parametrize("size", [1, 7, 100, 1024])
@pytest.mark.parametrize(("until_fault", "after"), BROKEN.values(), ids=BROKEN)
def test_a_fault_within_the_limit_is_told_before_the_limit(until_fault: bytes, after: bytes, size: int) -> None:
    for room in (0, 1, 50, 99, 100, 101, 499, 500):
        limits = Limits(len(until_fault) + room)
        whole = outcome(until_fault + after, limits=limits)
        assert type(whole) is not TooLargeError
        assert outcome(pieces(until_fault + after, size), limits=limits) == whole


@pytest.mark.parametrize("size", [1, 7, 1024])
def test_a_fault_beyond_the_limit_is_never_seen(size: int) -> None:
    document = encode_response("x" * 2000)[:-50]
    assert type(outcome(pieces(document + b"<!DOCTYPE x>", size), limits=Limits(len(document)))) is TooLargeError


def test_what_comes_after_the_limit_does_not_revive_the_decoder() -> None:
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


def test_siblings_are_no_levels() -> None:
    document = encode_response([[], {}] * 500)
    assert outcome(document, limits=Limits(depth=2)) == exactly([[], {}] * 500)
