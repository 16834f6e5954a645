"""Measure against `xmlrpc.client` in the same run: ``python -m tests.benchmarks [--rounds N] [--codec] [--rows N ..]``.

--codec measures the codec alone, which takes less time. --rows measures nothing but the documents of every kind, once
for each number of rows: most real answers are small.

Both libraries do the same work in turn. Each round gives one ratio, and the median of the rounds counts, because the
speed of a shared machine varies. A ratio above 1 means faster (or smaller) than the standard library.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import platform
import statistics
import subprocess
import sys
import threading
import time
import xmlrpc.client
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Callable

from mailkit_xmlrpc import AsyncClient, Client

from . import work
from .work import CREDENTIALS, EVENT, Row

CALLS = 1000
WORKERS = 8
TASKS = 256
LATENCY = 0.02  # seconds


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure against xmlrpc.client.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--codec", action="store_true", help="measure the codec alone")
    parser.add_argument("--rows", type=int, nargs="+", help="measure only the documents, with so many rows each")
    options = parser.parse_args()
    rounds = options.rounds
    print(f"Python {platform.python_version()}, {rounds} rounds; ratios to xmlrpc.client, larger is better\n")
    print("| work | enough | aim | median | lowest | highest |\n|---|---|---|---|---|---|")
    for count in options.rows or ():
        _kinds(work.kind_rows(count), rounds)
    if options.rows:
        return
    _kinds(work.kind_rows(), rounds)
    for row in (*work.fault_rows(), *work.codec_rows()):
        _print(row, _compare(row, rounds))
    if options.codec:
        return
    with _fixed_server() as port:
        for row in (*_call_rows(port), *_async_rows(port)):
            _print(row, _compare(row, rounds))
    with _fixed_server(LATENCY) as port:
        _print(*_late(port, rounds))
    _print(*_memory(rounds))
    _print(*_import(rounds))


def _kinds(rows: list[Row], rounds: int) -> None:
    """Measure the documents of every kind, and print the lowest ratio and the geometric mean of each group."""
    ratios = {row.name: _compare(row, rounds) for row in rows}
    for name, group in work.GROUPS.items():
        of_group = {row.name: ratios[row.name] for row in rows if row.group == name}
        for row in rows:
            if row.group == name:
                _print(row, ratios[row.name])
        lowest = min(of_group.values(), key=statistics.median)
        means = [statistics.geometric_mean(of_round) for of_round in zip(*of_group.values())]
        _print(replace(rows[0], name=f"**{name} every kind: the lowest**", enough=group.enough, aim=group.aim), lowest)
        figures = {"enough": group.mean_enough, "aim": group.mean_aim}
        _print(replace(rows[0], name=f"**{name} every kind: the geometric mean**", **figures), means)


def _print(row: Row, ratios: list[float]) -> None:
    median, low, high = statistics.median(ratios), min(ratios), max(ratios)
    print(f"| {row.name} | {row.enough} | {row.aim} | {median:.2f} | {low:.2f} | {high:.2f} |", flush=True)


def _compare(row: Row, rounds: int) -> list[float]:
    row.standard(), row.ours()
    # The documents of the other rows are no part of this work: the collector shall not visit them.
    gc.collect()
    gc.freeze()
    return [_seconds(row, row.standard) / _seconds(row, row.ours) for _ in range(rounds)]


def _seconds(row: Row, once: Callable[[], Any]) -> float:
    began = row.clock()
    for _ in range(row.repeat):
        once()
    return row.clock() - began


@contextmanager
def _fixed_server(delay: float = 0.0) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.benchmarks.server", str(delay)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(work.small_answer())
        server.stdin.close()
        try:
            yield int(server.stdout.readline())
        finally:
            server.kill()


def _call_rows(port: int) -> list[Row]:
    url = f"http://127.0.0.1:{port}/rpc.fcgi"
    client = Client(*CREDENTIALS, url=url)
    proxy = xmlrpc.client.ServerProxy(url)

    def standard(proxy: Any, count: int) -> None:
        for _ in range(count):
            proxy.mailkit.journeys.trigger(*CREDENTIALS, EVENT)

    def ours(count: int) -> None:
        for _ in range(count):
            client.journeys.trigger("example@example.com", "my_event", {"name": "content1", "other_name": "content2"})

    share = CALLS // WORKERS
    rows = [
        Row("one call after another over loopback", 1.5, 1.8, lambda: standard(proxy, CALLS), lambda: ours(CALLS), 1),
        Row(
            f"{WORKERS} threads: one client against a ServerProxy each",
            1.7,
            2.2,
            lambda: _threads(lambda: standard(xmlrpc.client.ServerProxy(url), share)),
            lambda: _threads(lambda: ours(share)),
            1,
        ),
    ]
    clocks = (("wall", time.perf_counter), ("CPU", time.process_time))
    return [replace(row, name=f"{row.name}, {name}", clock=clock) for row in rows for name, clock in clocks]


def _async_rows(port: int) -> list[Row]:
    url = f"http://127.0.0.1:{port}/rpc.fcgi"
    loop = asyncio.new_event_loop()
    client, blocking = AsyncClient(*CREDENTIALS, url=url), Client(*CREDENTIALS, url=url)

    def standard() -> None:
        proxy: Any = xmlrpc.client.ServerProxy(url)
        for _ in range(CALLS // WORKERS):
            proxy.mailkit.journeys.trigger(*CREDENTIALS, EVENT)

    def threads() -> None:
        for _ in range(CALLS):
            blocking.journeys.trigger("example@example.com", "my_event", {"name": "content1", "other_name": "content2"})

    def tasks(count: int) -> None:
        loop.run_until_complete(_tasks(client, count, CALLS))

    rows = [
        Row(
            f"{WORKERS} tasks on one AsyncClient against {WORKERS} threads with a ServerProxy each",
            2.2,
            3.0,
            lambda: _threads(standard),
            lambda: tasks(WORKERS),
            1,
        ),
        Row("one call after another: AsyncClient against Client", 0.85, 1.0, threads, lambda: tasks(1), 1),
    ]
    clocks = (("wall", time.perf_counter), ("CPU", time.process_time))
    return [replace(row, name=f"{row.name}, {name}", clock=clock) for row in rows for name, clock in clocks]


def _tasks(client: AsyncClient, count: int, calls: int) -> Coroutine[Any, Any, Any]:
    async def task() -> None:
        for _ in range(calls // count):
            await client.journeys.trigger(
                "example@example.com", "my_event", {"name": "content1", "other_name": "content2"}
            )

    async def together() -> None:
        await asyncio.gather(*(task() for _ in range(count)))

    return together()


def _late(port: int, rounds: int) -> tuple[Row, list[float]]:
    """Which share of the calls that the latency allows are made."""
    calls = 40 * TASKS
    loop = asyncio.new_event_loop()
    client = AsyncClient(*CREDENTIALS, url=f"http://127.0.0.1:{port}/rpc.fcgi", pool_size=TASKS)

    def share() -> float:
        began = time.perf_counter()
        loop.run_until_complete(_tasks(client, TASKS, calls))
        return calls / TASKS * LATENCY / (time.perf_counter() - began)

    share()
    name = f"{TASKS} tasks, each answer after {1000 * LATENCY:.0f} ms: share of what that allows"
    return Row(name, 0.7, 0.9, lambda: None, lambda: None, 1), [share() for _ in range(rounds)]


def _threads(run: Callable[[], None]) -> None:
    threads = [threading.Thread(target=run) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


MEMORY = """
import gc, pathlib, sys
from tests.benchmarks import work
decode = getattr(work, sys.argv[1])
decode(work.large_answer(100))
class Document:
    size = pathlib.Path(sys.argv[2]).stat().st_size
    def __len__(self): return self.size
    def __getitem__(self, part):
        with open(sys.argv[2], "rb") as file:
            file.seek(part.start)
            return file.read(part.stop - part.start)
def peak():
    # Not getrusage: its maximum begins with that of the process which started this one.
    status = pathlib.Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])
gc.collect()
before = peak()
value = decode(Document())
print(peak() - before)
"""


def _memory(rounds: int) -> tuple[Row, list[float]]:
    import tempfile

    with tempfile.NamedTemporaryFile() as file:
        file.write(work.large_answer())
        file.flush()

        def peak(decode: str) -> float:
            command = [sys.executable, "-c", MEMORY, decode, file.name]
            return float(subprocess.run(command, capture_output=True, check=True).stdout)

        ratios = [peak("standard_decode") / peak("our_decode") for _ in range(min(rounds, 3))]
    # 0.8 times the memory is the ratio 1 / 0.8.
    return Row("the same: peak memory, in 64 KiB pieces", 1.25, 1.67, lambda: None, lambda: None, 1), ratios


def _import(rounds: int) -> tuple[Row, list[float]]:
    def seconds(module: str) -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", f"import {module}"], check=True)
        return time.perf_counter() - began

    def once() -> float:
        bare = seconds("sys")
        return max(seconds("xmlrpc.client") - bare, 1e-3) / max(seconds("mailkit_xmlrpc") - bare, 1e-3)

    row = Row("import mailkit_xmlrpc (above an empty interpreter)", 0.91, 1.0, lambda: None, lambda: None, 1)
    return row, [once() for _ in range(rounds)]


main()
