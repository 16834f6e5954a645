"""Every value of the table, with every peer, in every relation.

A peer that cannot run on this machine is skipped; the reason says what to install.
"""

from __future__ import annotations

import pytest

from mailkit_xmlrpc import FaultError, HTTPStatusError, Outcome, ResponseError, ServerProxy, codec

from ..codec import corpus
from ..codec.corpus import fell_back
from ..plain import ResponseDecoder as PlainDecoder
from . import notation
from .differences import DIFFERENCES, expected
from .matrix import relations
from .peer import Refused
from .relations import SAME, trigger
from .roster import ROSTER, Missing
from .values import CZECH, VALUES

PEERS = list(ROSTER)
SERVERS = [name for name in ROSTER if ROSTER[name].serves]

# Servers that close each connection after one answer without announcing it. The next call might use the connection
# before that, and then its outcome would be unknown, so the tests close the connection too.
UNANNOUNCED = {"frontier"}


@pytest.fixture
def peer(request, findings):
    try:
        return findings.peer(request.param)
    except Missing as missing:
        pytest.skip(f"{request.param}: {missing}")


def cells():
    for name in ROSTER:
        for relation in relations(name):
            for value in VALUES:
                yield pytest.param(name, relation, value, id=f"{name}-{relation}-{value}")


@pytest.mark.parametrize(("peer", "relation", "value"), list(cells()), indirect=["peer"])
def test_a_value_passes_unless_the_table_of_differences_lists_it(peer, relation, value, findings):
    found = findings.outcome(peer.name, relation, value)
    listed = expected(peer.name).get((relation, value))
    if listed is None:
        assert found == SAME
    else:
        assert found != SAME, f"listed as a difference, because {listed.reason}; it passes now"


@pytest.mark.parametrize("peer", PEERS, indirect=True)
def test_its_documents_read_the_same_whole_in_pieces_and_by_the_plain_decoder(peer):
    for value in VALUES.values():
        try:
            document = peer.encode(value)
        except Refused:
            continue
        if b"<methodCall" in document:
            document = as_answer(document)
        whole = read(codec.ResponseDecoder(), [document])
        step = 1 + len(document) // 2000
        assert (
            read(codec.ResponseDecoder(), [document[at : at + step] for at in range(0, len(document), step)]) == whole
        )
        assert read(PlainDecoder(), [document]) == whole


@pytest.mark.parametrize("peer", PEERS, indirect=True)
def test_its_documents_are_read_fast_unless_they_have_cdata(peer):
    for document in corpus.live(peer):
        why = fell_back(document.data)
        assert not why or b"<![CDATA[" in document.data, document


def as_answer(document):
    """The params of a call as an answer, for a peer that only writes calls."""
    return b"<methodResponse>" + document[document.index(b"<params>") :].replace(b"</methodCall>", b"</methodResponse>")


def read(decoder, pieces):
    """The result of a decoder for a document, as text: the value, or the error."""
    try:
        for piece in pieces:
            decoder.feed(piece)
        return notation.write(decoder.close())
    except (ResponseError, FaultError) as error:
        return repr(error)


@pytest.mark.parametrize("peer", PEERS, indirect=True)
def test_its_client_triggers_a_journey_with_text_as_it_was_typed(peer, findings):
    # Text that is difficult to send. The table of differences has the peers that lose CR and emoji.
    typed = {
        "name": CZECH,
        "markup": "<b>a ]]> b</b> &amp; c",
        "lines": "first\nsecond\ttabbed",
        "note": "'single' and \"double\"",
    }
    differences = expected(peer.name)
    if ("triggers", "string-crlf") not in differences:
        typed["letter"] = "first\r\nsecond\rthird"
    if ("triggers", "string-emoji") not in differences:
        typed["thanks"] = "Děkujeme 💛"
    assert trigger(peer, findings.sandbox, typed) == typed


@pytest.mark.parametrize("peer", SERVERS, indirect=True)
def test_our_proxy_calls_its_server_many_times(peer):
    # One proxy, so that connections are reused if the peer keeps them open.
    with ServerProxy(peer.url, timeout=15.0, proxy="") as server:
        for number in range(20):
            text = f"{number}. {CZECH}"
            assert server.echo(text) == text
            if peer.name in UNANNOUNCED:
                server("close")()


@pytest.mark.parametrize("peer", SERVERS, indirect=True)
def test_its_server_answers_an_unknown_method_with_a_refusal(peer):
    with (
        ServerProxy(peer.url, timeout=15.0, proxy="") as server,
        pytest.raises((FaultError, HTTPStatusError)) as caught,
    ):
        server.no.such.method(1)
    assert caught.value.outcome is Outcome.REFUSED


def test_differences_are_listed_for_every_peer():
    assert DIFFERENCES.keys() == ROSTER.keys()


@pytest.mark.parametrize("value", VALUES)
def test_the_notation_for_requests_loses_nothing(value):
    line = notation.write(VALUES[value])
    assert line.isascii()
    assert notation.write(notation.read(line)) == line
    assert notation.read(line) == VALUES[value]
