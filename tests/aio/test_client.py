"""`AsyncClient`: what it has beside `Client`: pages in an async for, closing with calls in flight, hooks on a loop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest

from mailkit_xmlrpc import AsyncClient, ConfigError, Outcome, RefusedError, calls
from mailkit_xmlrpc.sandbox import Sandbox

from ..servers import CLIENT_ID, MD5, ScriptedServer, added, answer, hang
from .moments import client_of, until


async def call(client):
    return (await client.call("test.echo", success=["first", "second"])).value


def client_of_sandbox(sandbox):
    return AsyncClient(sandbox.client_id, sandbox.client_md5, url=sandbox.url, allow_http=True)


@pytest.fixture
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


class TestRows:
    ADDRESSES = [f"u{number}@example.com" for number in range(7)]

    @pytest.fixture
    def recipients(self, sandbox):
        """A list with seven recipients."""
        with sandbox.client() as mailkit:
            recipients = mailkit.mailinglist.create("VIP").unwrap()["data"]
            mailkit.mailinglist.import_(recipients, [{"email": each} for each in self.ADDRESSES]).unwrap()
        return recipients

    def test_come_in_an_async_for(self, sandbox, recipients):
        async def main():
            async with client_of_sandbox(sandbox) as client:
                for limit in (2, 3, 7, None):
                    rows = client.mailinglist.getstatus.rows(recipients, limit=limit)
                    assert [row["EMAIL"] async for row in rows] == self.ADDRESSES
                rows = client.mailinglist.engagement.rows(recipients, limit=3)
                assert len([row async for row in rows]) == 7

        asyncio.run(main())

    def test_of_reports_too(self, sandbox):
        async def main():
            async with client_of_sandbox(sandbox) as client:
                raw = client.report.raw
                for group in (raw.messages, raw.responses, raw.bounces):
                    assert [row async for row in group.rows()] == []

        asyncio.run(main())

    @pytest.mark.parametrize("ending", ["break", "aclose", "cancel"])
    def test_that_are_left_early_leave_nothing_behind(self, sandbox, recipients, ending):
        async def main():
            asked = len(sandbox.calls)
            async with client_of_sandbox(sandbox) as client:
                rows = client.mailinglist.getstatus.rows(recipients, limit=2, pause=60 if ending == "cancel" else 0)
                task = asyncio.ensure_future(some(rows))
                await until(lambda: len(seen) == 2)
                if ending == "cancel":
                    task.cancel()
                await asyncio.wait({task})
                assert len(sandbox.calls) == asked + 1
                connections = client._server._ServerProxy__transport._pool.connections()
                assert (len(connections.free), len(connections.idle)) == (8, 1)
                assert (await client.mailinglist.getstatus(recipients)).ok

        async def some(rows):
            async with contextlib.AsyncExitStack() as stack:
                if ending == "aclose":
                    stack.push_async_callback(rows.aclose)
                async for row in rows:
                    seen.append(row)
                    if len(seen) == 2 and ending != "cancel":
                        break

        seen = []
        asyncio.run(main())

    def test_two_loops_over_one_client_do_not_mix(self, sandbox, recipients):
        async def main():
            async with client_of_sandbox(sandbox) as client:
                every = await asyncio.gather(*(addresses(client, limit) for limit in (2, 3, 4, 5)))
            assert every == [self.ADDRESSES] * 4

        async def addresses(client, limit):
            return [row["EMAIL"] async for row in client.mailinglist.getstatus.rows(recipients, limit=limit)]

        asyncio.run(main())

    def test_end_with_the_refusal_of_a_page(self, sandbox):
        async def main():
            async with client_of_sandbox(sandbox) as client:
                with pytest.raises(RefusedError):
                    [row async for row in client.mailinglist.getstatus.rows(99)]

        asyncio.run(main())


class TestClosing:
    def test_with_calls_in_flight_lets_them_end_and_closes_their_connections(self):
        async def main():
            task = asyncio.ensure_future(call(client))
            await until(lambda: len(server.requests) == 1)
            await asyncio.gather(client.close(), client.close())
            await client.close()
            assert await task == "first"
            assert await call(client) == "second"
            await client.close()

        def slow(peer):
            peer.read()
            peer.server.stopping.wait(0.1)
            peer.send(answer("first"))
            peer.wait()
            closed.append(peer.number)

        closed = []
        with ScriptedServer(slow, answer("second")) as server:
            client = client_of(server)
            asyncio.run(main())
            assert server.connections == 2
        assert closed == [1]

    def test_twice_and_on_a_loop_that_made_no_call_is_harmless(self):
        async def main():
            async with client:
                await client.close()

        client = AsyncClient(CLIENT_ID, MD5)
        asyncio.run(main())
        asyncio.run(client.close())


async def asynchronous(value):
    """A hook that nobody would await."""


class TestOnCall:
    @pytest.mark.parametrize("name", ["on_call", "convert"])
    def test_that_is_async_is_a_configerror(self, name):
        with pytest.raises(ConfigError, match=f"{name} must be callable and not async"):
            AsyncClient(CLIENT_ID, MD5, **{name: asynchronous})

    def test_can_make_a_further_call_in_a_task(self):
        async def main():
            assert (await client.send(calls.journeys.trigger("jane@example.com", "order_paid"))).ok
            await until(lambda: len(records) == 2)
            await asyncio.gather(*tasks)

        def again(record):
            records.append(record)
            if len(records) == 1:
                tasks.append(asyncio.ensure_future(client.journeys.trigger("jane@example.com", "again")))

        records, tasks = [], []
        with ScriptedServer(ever_after=added()) as server:
            client = client_of(server, on_call=again, pool_size=1)
            asyncio.run(main())
        assert [record.outcome for record in records] == [Outcome.DONE] * 2

    def test_can_cancel_another_call(self):
        async def main():
            other = asyncio.ensure_future(client.call("test.other"))
            await until(lambda: len(server.requests) == 1)
            client._on_call = lambda record: (records.append(record), other.cancel())
            assert await call(client) == "first"
            await asyncio.wait({other})
            assert other.cancelled()

        records = []
        with ScriptedServer(hang, answer("first")) as server:
            client = client_of(server, on_call=records.append)
            asyncio.run(main())
        assert [record.outcome for record in records] == [Outcome.DONE, Outcome.UNKNOWN]


PROGRAM = """
import asyncio, signal, sys
from mailkit_xmlrpc import AsyncClient

# A program that a shell starts in the background ignores it.
signal.signal(signal.SIGINT, signal.default_int_handler)

def told(record):
    print(record.method, record.outcome, flush=True)

client = AsyncClient(1, "abc123def456abc123def456abc12345", url=sys.argv[1], proxy="", pool_size=1, on_call=told)

async def main():
    await asyncio.gather(client.call("test.sent"), client.call("test.waits"))

try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("interrupted", flush=True)
asyncio.run(client.call("test.after", success=["first"]))
"""


@pytest.mark.skipif(os.name == "nt", reason="sends SIGINT")
class TestCtrlC:
    def test_ends_the_calls_as_a_cancellation_does(self):
        with ScriptedServer(hang, answer("first")) as server:
            program = [sys.executable, "-W", "error", "-c", PROGRAM, server.url]
            with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
                server.wait_for_request()
                time.sleep(0.1)
                process.send_signal(signal.SIGINT)
                output, errors = process.communicate(timeout=20)
        *told, interrupted, after = output.splitlines()
        assert sorted(told) == ["test.sent UNKNOWN", "test.waits NOT_SENT"]
        assert (interrupted, after) == ("interrupted", "test.after DONE")
        assert errors == ""
