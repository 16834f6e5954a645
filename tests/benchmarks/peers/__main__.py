"""Measure our client and those of other libraries: ``python -m tests.benchmarks.peers [--calls N] [--rounds N]``.

All make the same call to the same server, a separate process that always sends the same answer. For each call, a
client encodes the params, decodes the answer and checks it. The connections stay open, and as many calls as are
measured are made before to warm up. The clients take turns, and the medians of the rounds count, because the speed of a
shared machine varies.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..work import small_answer
from .roster import ROSTER, Contender, Missing, measure

MANY = 8

# Calls per second and microseconds of CPU per call, a pair for each round.
Figures = list[tuple[float, float]]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the clients of other libraries beside ours.")
    parser.add_argument("--calls", type=int, default=2000, help="by each client in each round, and again to warm up")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _fixed_server() as url:
        commands, absent = _prepared(Path(folder))
        found: dict[tuple[str, int], Figures] = defaultdict(list)
        for _ in range(options.rounds):
            for name, command in commands.items():
                for connections in _connections(ROSTER[name]):
                    figures = _figures(ROSTER[name], command, url, options.calls, connections)
                    found[name, connections].append(figures)
    print(f"Python {platform.python_version()}, {options.calls} calls, medians of {options.rounds} rounds\n")
    print("| client | calls/s, 1 connection | CPU µs per call | calls/s, 8 connections | CPU µs per call | the 8 |")
    print("|---|---|---|---|---|---|")
    for name in commands:
        contender = ROSTER[name]
        cells = [_cells(found[name, connections]) for connections in (1, MANY)]
        print(f"| {contender.title} | {' | '.join(cells)} | {contender.eight} |")
    print("".join(f"\nLeft out: {line}" for line in absent))


@contextmanager
def _fixed_server() -> Iterator[str]:
    command = [sys.executable, "-m", "tests.benchmarks.server"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(small_answer())
        server.stdin.close()
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}/rpc.fcgi"
        finally:
            server.kill()


def _prepared(folder: Path) -> tuple[dict[str, list[str]], list[str]]:
    """The commands of the clients that can run, and for the others the reason why they cannot."""
    commands, absent = {}, []
    for name, contender in ROSTER.items():
        own = folder / name
        own.mkdir()
        try:
            commands[name] = contender.prepare(own)
        except Missing as missing:
            absent.append(f"{contender.title}, {contender.eight}: {missing}")
    return commands, absent


def _connections(contender: Contender) -> tuple[int, ...]:
    return (MANY,) if contender.processes else (1, MANY)


def _figures(contender: Contender, command: list[str], url: str, calls: int, connections: int) -> tuple[float, float]:
    report = json.loads(measure(contender, command, url, calls, connections))
    if report["calls"] != calls:
        raise RuntimeError(f"{contender.name} made {report['calls']} of {calls} calls")
    return calls / report["seconds"], report["cpu"] / calls * 1e6


def _cells(figures: Figures) -> str:
    if not figures:
        return "– | –"
    rates, cpu = zip(*figures)
    return f"{statistics.median(rates):,.0f} | {statistics.median(cpu):,.0f}"


if __name__ == "__main__":
    main()
