"""Any bytes give a value or one of our two errors, and the same one however they are cut."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from xmlrpc.client import DateTime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailkit_xmlrpc.codec import Limits, RequestDecoder, ResponseDecoder, encode_request, encode_response
from mailkit_xmlrpc.errors import EncodeError, FaultError, ResponseError

from .. import plain
from ..outcomes import cut, exactly, outcome, pieces
from ..strategies import mutated, texts, token_soups, values
from ..vectors import answers, calls

# Without the large ones, which mutate slowly and test nothing more here.
VECTORS = sorted(
    {case.values[0].document for case in answers()} | {case.values[0].document for case in calls("written")}
)
VECTORS = [document for document in VECTORS if len(document) < 5000]

VALID = values(none=True).map(lambda value: encode_response(value, allow_none=True)) | values(none=True).map(
    lambda value: encode_request("a.b", [value], allow_none=True)
)
DOCUMENTS = st.one_of(
    token_soups(),
    mutated(st.sampled_from(VECTORS)),
    mutated(VALID),
    token_soups().map(lambda soup: b"<methodResponse><params><param><value>" + soup),
    token_soups().map(lambda soup: b"<methodResponse><params><param><value><struct><member><name>" + soup),
    st.sampled_from(VECTORS),
    st.binary(max_size=200),
)
CHARSETS = (
    st.none() | st.sampled_from(["utf-8", "windows-1250", "utf-16", "utf-7", "", "blah", "\0"]) | st.text(max_size=10)
)
KINDS = (type(None), bool, int, float, Decimal, str, bytes, datetime, DateTime)

Ended = Any  # a value, a FaultError or a ResponseError


def read(decoder: Any, document: bytes, **options: Any) -> Ended:
    """The value or one of our errors for `document`. Any other exception fails the test."""
    reader = decoder(**options)
    try:
        reader.feed(document)
        return reader.close()
    except (FaultError, ResponseError) as error:
        return error


both = pytest.mark.parametrize("decoder", [ResponseDecoder, RequestDecoder])


def assert_a_value(value: Any) -> None:
    if type(value) is dict:
        for name, item in value.items():
            assert type(name) is str
            assert_a_value(item)
    elif type(value) in (list, tuple):
        for item in value:
            assert_a_value(item)
    else:
        assert type(value) in KINDS


@both
@given(document=DOCUMENTS, charset=CHARSETS)
def test_any_bytes_give_a_value_or_our_error(decoder: Any, document: bytes, charset: str | None) -> None:
    ended = read(decoder, document, charset=charset)
    if isinstance(ended, FaultError):
        assert decoder is ResponseDecoder
        assert_a_value(ended.faultCode)
        assert type(ended.faultString) is str
    elif isinstance(ended, ResponseError):
        assert ended.message
        assert min(ended.position) >= 0
        assert len(ended.excerpt.encode()) <= 3 * 360
        # No caught exception is chained to it: a UnicodeDecodeError would hold the whole body.
        assert ended.__cause__ is None
        assert ended.__context__ is None
    else:
        assert_a_value(ended)


@both
@given(document=DOCUMENTS, data=st.data())
def test_a_document_in_pieces_gives_the_same_result(decoder: Any, document: bytes, data: st.DataObject) -> None:
    whole = outcome(document, decoder)
    places = data.draw(st.lists(st.integers(0, len(document)), max_size=8))
    assert outcome(cut(document, places), decoder) == whole
    size = data.draw(st.sampled_from([1, 2, 3, 64, 1024]))
    assert outcome(pieces(document, size), decoder) == whole


@given(DOCUMENTS, CHARSETS, st.booleans(), st.booleans(), st.sampled_from([1, 50, 1 << 20]))
def test_the_fast_decoder_gives_what_the_plain_one_gives(
    document: bytes, charset: str | None, builtin: bool, keep: bool, size: int
) -> None:
    options = {"charset": charset, "use_builtin_types": builtin, "keep_bad_scalars": keep}
    expected = outcome(document, plain.ResponseDecoder, **options)
    assert outcome(pieces(document, size), ResponseDecoder, **options) == expected


@given(DOCUMENTS, st.integers(1, 400), st.sampled_from([1, 2, 7, 100]))
def test_a_document_in_pieces_gives_the_same_error_at_the_limit(document: bytes, limit: int, size: int) -> None:
    limits = Limits(response_bytes=limit)
    ended = outcome(document, limits=limits)
    assert outcome(pieces(document, size), limits=limits) == ended
    assert outcome(document, plain.ResponseDecoder, limits=limits) == ended
    if isinstance(ended, ResponseError):
        assert min(ended.position) >= 0


@given(DOCUMENTS)
def test_a_decoded_value_is_encoded_again_or_refused(document: bytes) -> None:
    ended = read(ResponseDecoder, document)
    if isinstance(ended, (FaultError, ResponseError)):
        return
    try:
        sent = encode_response(ended, allow_none=True)
    except EncodeError:
        return  # inf, a datetime with an offset, a Decimal: these can be decoded but not encoded
    assert outcome(sent) == exactly(_without_fractions(ended))


def _without_fractions(value: Any) -> Any:
    if type(value) is dict:
        return {name: _without_fractions(item) for name, item in value.items()}
    if type(value) is list:
        return [_without_fractions(item) for item in value]
    return value.replace(microsecond=0) if type(value) is datetime else value


@given(texts(), st.sampled_from(["iso-8859-2", "windows-1250", "windows-1252", "koi8-r", "utf-16", "utf-8"]))
def test_any_text_in_any_encoding_that_can_express_it(text: str, encoding: str) -> None:
    document = encode_response(text).decode("utf-8").replace("UTF-8", encoding, 1)
    try:
        encoded = document.encode(encoding)
    except UnicodeEncodeError:
        return
    assert outcome(pieces(encoded, 3)) == exactly(text)
