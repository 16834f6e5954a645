"""How the Python clients are measured: as many callers as there are connections, each with its share of the calls.

Each caller makes its calls once without measurement, to warm up, and waits for the others; then the clocks start. The
scripts in other languages in this folder do the same. This module needs only the standard library.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import queue
import sys
import threading
import time
from collections.abc import Awaitable
from typing import Any, Callable

METHOD = "mailkit.journeys.trigger"
CREDENTIALS = (12345678, "abc123def456abc123def456abc12345")
EVENT: dict[str, Any] = {
    "email": "example@example.com",
    "event_tag": "my_event",
    "event_data": {"name": "content1", "other_name": "content2"},
}
ANSWER = {"message": "Added into scenario events queue", "status": "OK", "error_status": 0}

# Seconds after which a caller that has not warmed up has failed.
PATIENCE = 120.0

URL = sys.argv[1]
CALLS, CONNECTIONS = map(int, sys.argv[2:4])
PROCESSES = sys.argv[4:] == ["processes"]
SHARES = [CALLS // CONNECTIONS + (number < CALLS % CONNECTIONS) for number in range(CONNECTIONS)]


def check(answer: Any) -> None:
    if answer != ANSWER:
        raise ValueError(answer)


def report(seconds: float, cpu: float, calls: int) -> None:
    print(json.dumps({"seconds": seconds, "cpu": cpu, "calls": calls}))


def side_by_side(connect: Callable[[], Callable[[], Any]]) -> None:
    """Measure in threads, or in processes if the command line says so.

    Args:
        connect: called once in each of them; returns a function that makes one call and returns its answer.
    """
    fork = multiprocessing.get_context("fork")
    start: Any = fork.Barrier(CONNECTIONS + 1) if PROCESSES else threading.Barrier(CONNECTIONS + 1)
    ended: Any = fork.SimpleQueue() if PROCESSES else queue.SimpleQueue()

    def work(share: int) -> None:
        call = connect()
        for _ in range(share):
            check(call())
        start.wait(PATIENCE)
        began, made = time.thread_time(), 0
        try:
            for _ in range(share):
                check(call())
            made = share
        finally:
            ended.put((time.thread_time() - began, made))

    worker: Any = fork.Process if PROCESSES else threading.Thread
    workers = [worker(target=work, args=(share,), daemon=True) for share in SHARES]
    for each in workers:
        each.start()
    start.wait(PATIENCE)
    began = time.perf_counter()
    cpu, made = map(sum, zip(*(ended.get() for _ in workers)))
    seconds = time.perf_counter() - began
    for each in workers:
        each.join()
    report(seconds, cpu, made)


async def tasks(call: Callable[[], Awaitable[Any]]) -> None:
    """Measure in tasks of one event loop; `call` makes one call and returns its answer."""

    async def work(share: int) -> None:
        for _ in range(share):
            check(await call())

    await asyncio.gather(*map(work, SHARES))
    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*map(work, SHARES))
    report(time.perf_counter() - began, time.process_time() - cpu, CALLS)
