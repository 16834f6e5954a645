"""Every client of the benchmark makes the calls that it reports, all equal, over connections that stay open.

A client that cannot run on this machine is skipped; the reason says what to install.
"""

from __future__ import annotations

import json

import pytest

from ..servers import ScriptedServer, added
from . import work
from .peers.roster import ROSTER, Missing, measure


@pytest.mark.parametrize("connections", [1, 2])
@pytest.mark.parametrize("name", list(ROSTER))
def test_a_client_makes_its_calls_over_connections_that_stay_open(
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
        # Our threads share a pool, and open a connection only if none of the pool is idle.
        assert server.connections == connections or (name == "ours" and server.connections < connections)
    assert report["calls"] == 5
    assert report["seconds"] > 0
    assert report["cpu"] > 0
    # The same number of calls is made to warm up.
    assert [request.call for request in requests] == [(work.METHOD, (*work.CREDENTIALS, work.EVENT))] * 10
