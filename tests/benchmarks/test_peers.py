"""Every client of the benchmark makes the calls that it reports, all alike, over connections that stay open.

A client that cannot run on this machine is skipped, with what to install as the reason.
"""

from __future__ import annotations

import json

import pytest

from ..servers import ScriptedServer, added
from . import work
from .peers.roster import ROSTER, Missing, measure


@pytest.mark.parametrize("connections", [1, 2])
@pytest.mark.parametrize("name", list(ROSTER))
def test_a_client_makes_its_calls_over_connections_that_stay(
    name: str, connections: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    contender = ROSTER[name]
    try:
        command = contender.prepare(tmp_path_factory.mktemp(name))
    except Missing as missing:
        pytest.skip(f"{name}: {missing}")
    with ScriptedServer(ever_after=added()) as server:
        report = json.loads(measure(contender, command, server.url, calls=5, connections=connections))
        requests = list(server.requests)
        # The threads of ours share a pool, and take a new connection only when none rests there.
        assert server.connections == connections or (name == "ours" and server.connections < connections)
    assert report["calls"] == 5
    assert report["seconds"] > 0
    assert report["cpu"] > 0
    # As many again to warm up.
    assert [request.call for request in requests] == [(work.METHOD, (*work.CREDENTIALS, work.EVENT))] * 10
