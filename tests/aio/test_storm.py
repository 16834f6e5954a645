"""Thousands of cancellations at random moments, on a server that answers with the caller's own number.

Nobody gets another's answer, no slot and no socket is lost, and what `on_call` is told is what the server did.
"""

from __future__ import annotations

import asyncio
import contextvars
import gc
import os
import random
import sys
from collections import Counter
from pathlib import Path

import pytest

from mailkit_xmlrpc import AsyncClient, Outcome

from ..servers import CLIENT_ID, MD5, PATIENCE, certificates
from .counting import counting

IS_LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
PLAIN, TLS = (10_000, 2_000) if IS_LONG else (1_500, 300)
TASKS, POOL_SIZE = 50, 8
LARGE = "y" * 400_000

number_of_this_call: contextvars.ContextVar[int] = contextvars.ContextVar("number")
needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts descriptors in /proc")


def descriptors():
    """How many files and sockets this process has open."""
    gc.collect()
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def slots(client):
    """How many slots of the running loop are free."""
    return len(client._server._ServerProxy__transport._pool.connections().free)


class Storm:
    """Calls that are cancelled.

    Attributes:
        told: the outcomes that `on_call` was told, by the number of the call.
        foreign: numbers of calls that got another's answer.
        cancelled: how many calls ended in CancelledError.
        started: how many calls were begun.
    """

    def __init__(self, url, seed, **options):
        self.told, self.foreign, self.cancelled, self.started = {}, [], 0, 0
        self._chance = random.Random(seed)
        self._whole_call = 0.05  # seconds in which most calls end
        self._client = AsyncClient(
            CLIENT_ID, MD5, url=url, pool_size=POOL_SIZE, timeout=PATIENCE, on_call=self._tell, proxy="", **options
        )

    def _tell(self, record):
        number = number_of_this_call.get()
        assert number not in self.told, "told twice"
        self.told[number] = record.outcome
        # On a slow machine, and with TLS, a call takes longer: its later moments have to be met as well.
        self._whole_call *= {Outcome.NOT_SENT: 1.01, Outcome.DONE: 0.98}.get(record.outcome, 1)

    async def rage(self, cancellations):
        """Make calls until so many were cancelled. Returns the slots that are free then.

        Most of the time of 50 calls is the wait for a slot. So 10 calls at a time go on.
        """
        await asyncio.gather(*(self._worker(cancellations) for _ in range(TASKS)))
        await asyncio.gather(*(self._worker(cancellations * 1.2) for _ in range(POOL_SIZE + 2)))
        free = slots(self._client)
        await self._client.close()
        return free

    async def _worker(self, cancellations):
        while self.cancelled < cancellations:
            number = self.started = self.started + 1
            task = asyncio.ensure_future(self._call(number))
            await self._cancel(task)
            # Not await: a task that is cancelled before it has started must not cancel this one.
            await asyncio.wait({task})
            if task.cancelled():
                self.cancelled += 1
            elif task.result() != number:
                self.foreign.append(number)

    async def _call(self, number):
        number_of_this_call.set(number)
        padding = LARGE if number % 17 == 0 else ""
        result = await self._client.call("test.number", padding, number)
        return result.value["number"]

    async def _cancel(self, task):
        """At a random moment: after some steps of the loop, or after some time. Sometimes twice."""
        if self._chance.random() < 0.3:
            for _ in range(self._chance.randrange(40)):
                await asyncio.sleep(0)
        else:
            await asyncio.wait({task}, timeout=self._chance.uniform(0, self._whole_call))
        task.cancel()
        if self._chance.random() < 0.2:
            for _ in range(self._chance.randrange(3)):
                await asyncio.sleep(0)
            task.cancel()


def outcomes(storm, server):
    """How many calls had each outcome, after what the server did was compared with it."""
    carried_out = server.carried_out()
    unstarted = 0
    for number in range(1, storm.started + 1):
        outcome, times = storm.told.get(number), carried_out[number]
        if outcome is None or outcome is Outcome.NOT_SENT:
            assert times == 0, f"call {number} is {outcome}, and was carried out"
        elif outcome is Outcome.DONE:
            assert times == 1
        else:
            assert outcome is Outcome.UNKNOWN
            assert times <= 1
        unstarted += outcome is None
    assert set(carried_out) <= set(range(1, storm.started + 1))
    return Counter(storm.told.values()) + Counter(unstarted=unstarted)


def check(storm, server, cancellations, run, caplog):
    run(asyncio.sleep(0))  # what a kind of loop opens once and for all
    before = descriptors()
    assert run(storm.rage(cancellations)) == POOL_SIZE
    assert descriptors() == before
    assert [record.getMessage() for record in caplog.records if record.name == "asyncio"] == []
    assert storm.foreign == []
    assert storm.cancelled >= cancellations
    seen = outcomes(storm, server)
    print(f"{storm.started} calls, {storm.cancelled} cancelled: {dict(seen)}")
    for outcome in (Outcome.NOT_SENT, Outcome.UNKNOWN, Outcome.DONE):
        assert seen[outcome] > cancellations / 50, seen


@needs_proc
class TestThousandsOfCancellations:
    def test_leave_no_foreign_answer_and_no_lost_slot_or_socket(self, caplog):
        with counting() as server:
            check(Storm(server.url, seed=1), server, PLAIN, asyncio.run, caplog)

    # Until Python 3.10, asyncio warns of the transport of a TLS handshake that ended just when it was cancelled.
    @pytest.mark.filterwarnings(
        "error" if sys.version_info >= (3, 11) else "ignore::pytest.PytestUnraisableExceptionWarning"
    )
    def test_nor_with_tls(self, tmp_path, caplog):
        with counting(certificate(tmp_path)) as server:
            storm = Storm(server.url, seed=2, context=certificates().trusting())
            check(storm, server, TLS, asyncio.run, caplog)

    def test_nor_with_uvloop(self, caplog):
        uvloop = pytest.importorskip("uvloop", reason="uvloop is not installed")
        with counting() as server:
            check(Storm(server.url, seed=3), server, PLAIN, lambda work: run_on(uvloop.new_event_loop(), work), caplog)

    def test_nor_with_uvloop_and_tls(self, tmp_path, caplog):
        uvloop = pytest.importorskip("uvloop", reason="uvloop is not installed")
        with counting(certificate(tmp_path)) as server:
            storm = Storm(server.url, seed=4, context=certificates().trusting())
            check(storm, server, TLS, lambda work: run_on(uvloop.new_event_loop(), work), caplog)


def run_on(loop, work):
    """asyncio.run on a loop that is made already."""
    try:
        return loop.run_until_complete(work)
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


def certificate(folder):
    """A file with a certificate and its key."""
    path = folder / "certificate.pem"
    leaf = certificates().authority.issue_cert("127.0.0.1")
    leaf.private_key_and_cert_chain_pem.write_to_path(str(path))
    return path
