"""The fast reader reads every ordinary document itself; `fell_back` of a decoder tells why the plain one had to.

Both give the same values and errors (`tests.properties.test_fast_equals_plain`), so nothing but the speed shows which
of them read a document.
"""

from __future__ import annotations

import xmlrpc.client
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailkit_xmlrpc import codec
from mailkit_xmlrpc.errors import FaultError, ResponseError

from ..benchmarks.documents import KINDS, Kind
from ..strategies import doubles, integers, texts, values
from . import corpus
from .corpus import UNUSUAL, Document, fell_back

METHOD = "mailkit.journeys.trigger"
SIZES = st.none() | st.sampled_from([1, 7, 100])


def documents(documents: Iterable[Document]) -> Any:
    params = [pytest.param(document, id=f"{document.source}-{document.name}") for document in documents]
    return pytest.mark.parametrize("document", params)


def assert_fast(document: bytes, size: int | None = None, **options: Any) -> None:
    assert fell_back(document, size, **options) == ""


# Documents that were recorded

USUAL = [document for document in corpus.fixtures() if document.name not in UNUSUAL]


@documents(USUAL)
def test_the_fixtures_are_read_fast(document: Document) -> None:
    assert_fast(document.data, **document.options)
    assert_fast(document.data, 7, **document.options)


def test_the_list_of_the_unusual_names_fixtures() -> None:
    assert UNUSUAL.keys() <= {document.name for document in corpus.fixtures()}


@documents(corpus.samples())
def test_documents_of_other_libraries_are_read_fast(document: Document) -> None:
    assert_fast(document.data)
    assert_fast(document.data, 7)


@documents([*corpus.own(), *corpus.standard()])
def test_documents_of_our_encoder_and_of_the_standard_library_are_read_fast(document: Document) -> None:
    assert_fast(document.data)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("rows", [0, 1, 5, 1000])
def test_documents_of_real_services_are_read_fast(kind: Kind, rows: int) -> None:
    rows = min(rows, kind.rows)
    for document in (kind.document(rows), kind.call(rows)):
        assert_fast(document)
        assert_fast(document, 1000)


@pytest.mark.parametrize(
    "value",
    ["x" * 1_000_000, "žluť & <kůň>\n" * 50_000, bytes(1_000_000), ["x"] * 50_000, {"a": ["\r\n" * 300_000] * 2}],
    ids=["a long text", "a long text with references", "long bytes", "many texts", "texts of CRLF"],
)
def test_long_values_are_read_fast(value: Any) -> None:
    for document in (codec.encode_response(value), xmlrpc.client.dumps((value,), METHOD).encode()):
        assert_fast(document)
        assert_fast(document, 65536)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-2", "windows-1250"])
def test_other_encodings_are_read_fast(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + codec.encode_response("žluťoučký kůň").decode()[38:]
    assert_fast(text.encode(encoding))


# Documents of any value


@given(values(none=True), SIZES)
def test_every_answer_of_our_encoder_is_read_fast(value: Any, size: int | None) -> None:
    assert_fast(codec.encode_response(value, allow_none=True), size)


@given(st.lists(values(none=True), max_size=3), SIZES)
def test_every_call_of_our_encoder_is_read_fast(params: list[Any], size: int | None) -> None:
    assert_fast(codec.encode_request(METHOD, params, allow_none=True), size)


@given(integers(), texts(), SIZES)
def test_every_fault_of_our_encoder_is_read_fast(code: int, text: str, size: int | None) -> None:
    assert_fast(codec.encode_fault(code, text), size)


# What the standard library can write. Its infinity and nan are ours too.
STANDARD = values(
    none=True, bits=32, subclasses=False, leaves=doubles() | st.sampled_from([float("inf"), float("nan")])
)


@given(STANDARD, SIZES)
def test_every_answer_of_the_standard_library_is_read_fast(value: Any, size: int | None) -> None:
    assert_fast(xmlrpc.client.dumps((value,), methodresponse=True, allow_none=True).encode(), size)


@given(st.lists(STANDARD, max_size=3), SIZES)
def test_every_call_of_the_standard_library_is_read_fast(params: list[Any], size: int | None) -> None:
    assert_fast(xmlrpc.client.dumps(tuple(params), METHOD, encoding="utf-8", allow_none=True).encode(), size)


@given(integers(32), texts() | texts().map("{}\r\n".format), SIZES)
def test_every_fault_of_the_standard_library_is_read_fast(code: int, text: str, size: int | None) -> None:
    assert_fast(xmlrpc.client.dumps(xmlrpc.client.Fault(code, text)).encode(), size)


# What the plain decoder reads


def answer(value: str) -> bytes:
    return f"<methodResponse><params><param>{value}</param></params></methodResponse>".encode()


def call(value: str) -> bytes:
    return f"<methodCall><methodName>m</methodName><params><param>{value}</param></params></methodCall>".encode()


UNUSUAL_VALUES = {
    "CDATA": "<value><![CDATA[<b>]]></value>",
    "a comment in a text": "<value>a<!-- x -->b</value>",
    "a comment between elements": "<value><array><data><!-- x --><value>a</value></data></array></value>",
    "an instruction": "<value>a<?php x ?>b</value>",
    "an attribute": "<value type='x'>a</value>",
    "a namespace": "<value xmlns='urn:x'><string>a</string></value>",
    "the value before the name": "<value><struct><member><value>a</value><name>b</name></member></struct></value>",
    "an unknown element": "<value><foo>5</foo></value>",
    "a name twice": "<value><struct>" + "<member><name>a</name><value>b</value></member>" * 2 + "</struct></value>",
    "a bad scalar": "<value><int>1,5</int></value>",
    "a text beside an element": "<value>a<int>5</int></value>",
    "two elements": "<value><int>5</int><int>5</int></value>",
    "not well-formed": "<value>a</valu>",
    "a character that XML forbids": "<value>a\x01</value>",
    "too deep": "<value><array><data>" * 129 + "</data></array></value>" * 129,
}


def reason(decoder: Any, document: bytes) -> str:
    """Why the plain decoder read a document, which may be unreadable."""
    with suppress(ResponseError, FaultError):
        decoder.feed(document)
        decoder.close()
    return decoder.fell_back


@pytest.mark.parametrize("value", UNUSUAL_VALUES.values(), ids=UNUSUAL_VALUES)
def test_the_unusual_and_the_wrong_is_left_to_the_plain_decoder(value: str) -> None:
    rows = "<value><struct><member><name>a</name><value>b</value></member></struct></value>" * 5000
    late = f"<value><array><data>{rows}{value}</data></array></value>"
    assert reason(codec.ResponseDecoder(), answer(value))
    assert reason(codec.RequestDecoder(), call(value))
    assert reason(codec.ResponseDecoder(), answer(late))
    assert reason(codec.RequestDecoder(), call(late))


def test_a_bad_scalar_that_is_kept_is_read_fast_too() -> None:
    """Mailkit's own pages have them in every row."""
    decoder = codec.ResponseDecoder(keep_bad_scalars=True)
    assert reason(decoder, answer("<value><i4>27,29,35</i4></value>")) == ""
    assert codec.decode_response(answer("<value><i4>27,29,35</i4></value>"), keep_bad_scalars=True) == "27,29,35"


WRONG_DOCUMENTS = {
    "a web page": b"<html><body>503</body></html>",
    "nothing": b"",
    "an answer without a value": b"<methodResponse><params/></methodResponse>",
    "a fault that is a text": b"<methodResponse><fault><value>x</value></fault></methodResponse>",
    "a document type": b"<!DOCTYPE methodResponse>" + answer("<value>x</value>"),
    "a text after the document": answer("<value>x</value>") + b"x",
    "an unfinished document": answer("<value>x</value>")[:-1],
    "an unknown encoding": b'<?xml version="1.0" encoding="x-none"?>' + answer("<value>x</value>"),
}


@pytest.mark.parametrize("document", WRONG_DOCUMENTS.values(), ids=WRONG_DOCUMENTS)
def test_a_wrong_document_is_left_to_the_plain_decoder(document: bytes) -> None:
    with pytest.raises(ResponseError):
        codec.decode_response(document)
    if document:
        assert reason(codec.ResponseDecoder(), document)


def test_an_answer_is_no_call_and_a_call_no_answer() -> None:
    assert reason(codec.RequestDecoder(), answer("<value>x</value>"))
    assert reason(codec.ResponseDecoder(), call("<value>x</value>"))


def test_a_decoder_has_not_fallen_back_before_it_reads() -> None:
    decoders: list[Any] = [codec.ResponseDecoder(), codec.RequestDecoder()]
    assert [decoder.fell_back for decoder in decoders] == ["", ""]


def test_a_document_does_not_decide_how_the_next_one_is_read() -> None:
    usual, unusual = answer("<value>a</value>"), answer("<value>a<!-- x --></value>")
    for _ in range(100):
        assert reason(codec.ResponseDecoder(), unusual)
        assert_fast(usual)


@pytest.mark.parametrize(
    "value", ["<value>{}<!-- x --></value>", "<value><int>{}</int></value>", "<value>{}<int>5</int></value>"]
)
def test_a_reason_does_not_quote_the_text_of_the_document(value: str) -> None:
    why = reason(codec.ResponseDecoder(), answer(value.format("abc123def456")))
    assert why
    assert "abc123def456" not in why
