"""Every value of the table, with every peer, in every relation.

A peer that cannot run on this machine is skipped, with what to install as the reason.
"""

from __future__ import annotations

import pytest

from mailkit_xmlrpc import FaultError, HTTPStatusError, Outcome, ServerProxy

from . import notation
from .differences import DIFFERENCES, expected
from .matrix import relations
from .relations import SAME, trigger
from .roster import ROSTER, Missing
from .values import CZECH, VALUES

PEERS = list(ROSTER)
SERVERS = [name for name in ROSTER if ROSTER[name].serves]


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
def test_a_value_passes_unless_the_table_of_differences_says_why_not(peer, relation, value, findings):
    found = findings.outcome(peer.name, relation, value)
    listed = expected(peer.name).get((relation, value))
    if listed is None:
        assert found == SAME
    else:
        assert found != SAME, f"listed as a difference, because {listed.reason}; it passes now"


@pytest.mark.parametrize("peer", PEERS, indirect=True)
def test_its_client_triggers_a_journey_with_text_as_it_was_typed(peer, findings):
    # Everything that an event's text is known to lose on the way, but for what the table says of CR.
    typed = {
        "name": CZECH,
        "emoji": "Děkujeme 💛",
        "markup": "<b>a ]]> b</b> &amp; c",
        "lines": "first\nsecond\ttabbed",
        "note": "'single' and \"double\"",
    }
    if ("triggers", "string-crlf") not in expected(peer.name):
        typed["letter"] = "first\r\nsecond\rthird"
    assert trigger(peer, findings.sandbox, typed) == typed


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
def test_the_notation_in_which_peers_are_asked_loses_nothing(value):
    line = notation.write(VALUES[value])
    assert line.isascii()
    assert notation.write(notation.read(line)) == line
    assert notation.read(line) == VALUES[value]
