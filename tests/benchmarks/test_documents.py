"""Documents of every kind have their value, whoever reads them, and are the same in every run."""

from __future__ import annotations

import xmlrpc.client

import pytest

from mailkit_xmlrpc import FaultError, codec

from .documents import FAULT, KINDS, METHOD, Kind, fault

kinds = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
rows = pytest.mark.parametrize("rows", [0, 1, 5, 20])


@kinds
@rows
def test_an_answer_has_its_value(kind: Kind, rows: int) -> None:
    document, value = kind.document(rows), kind.value(rows)
    assert codec.decode_response(document) == value
    assert xmlrpc.client.loads(document, use_builtin_types=True) == ((value,), None)


@kinds
@rows
def test_a_call_has_its_params(kind: Kind, rows: int) -> None:
    document, params = kind.call(rows), kind.params(rows)
    assert codec.decode_request(document) == (METHOD, params)
    assert xmlrpc.client.loads(document, use_builtin_types=True) == (params, METHOD)


@kinds
def test_a_document_is_the_same_again_and_grows_with_its_rows(kind: Kind) -> None:
    assert kind.document(5) == kind.document(5)
    assert len(kind.document(0)) < len(kind.document(5)) < len(kind.document(20))


def test_the_small_kind_is_small() -> None:
    small = KINDS["small"]
    assert 1000 <= len(small.document(small.rows)) <= 2000
    assert 1000 <= len(small.call(small.rows)) <= 2000


def test_the_fault_is_a_fault() -> None:
    with pytest.raises(FaultError) as caught:
        codec.decode_response(fault())
    assert (caught.value.faultCode, caught.value.faultString) == FAULT


def test_xmlrpc_c_writes_crlf() -> None:
    document = KINDS["rtorrent"].document(5)
    assert document.count(b"\r\n") == document.count(b"\n")
