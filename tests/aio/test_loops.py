"""One client on many loops: one after the other, side by side, closed too early, and of other makes."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from mailkit_xmlrpc import Outcome

from ..servers import PATIENCE, ScriptedServer, answer, certificates, hang
from .moments import client_of, until

needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts descriptors in /proc")
tls_and_plain = pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])


def sockets():
    """The sockets that this process has open."""
    gc.collect()
    found = set()
    for each in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            target = str(each.readlink())
            if target.startswith("socket:"):
                found.add(target)
    return found


class Watched(ScriptedServer):
    """A server that knows which of its connections are open."""

    def __init__(self, *steps, **options):
        super().__init__(*steps, **options)
        self.open = 0

    def _play(self, peer):
        self.open += 1
        try:
            super()._play(peer)
        finally:
            self.open -= 1


@contextlib.contextmanager
def serving(*steps, tls=False, ever_after=None, **options):
    context = certificates().good() if tls else None
    with Watched(*steps, tls=context, ever_after=ever_after) as server:
        yield server, client_of(server, context=certificates().trusting(), **options)


async def call(client):
    return (await client.call("test.echo", success=["first"])).value


async def several(client, count=4):
    assert await asyncio.gather(*(call(client) for _ in range(count))) == ["first"] * count


def eventually(reached):
    asyncio.run(until(reached))


@tls_and_plain
class TestOneLoopAfterTheOther:
    def test_each_has_connections_of_its_own(self, tls):
        with serving(ever_after=answer("first"), tls=tls) as (server, client):
            for _ in range(3):
                asyncio.run(several(client, 2))
            assert server.connections == 6

    @needs_proc
    def test_the_idle_connections_are_closed_with_their_loop(self, tls):
        with serving(ever_after=answer("first"), tls=tls) as (server, client):
            before = sockets()
            asyncio.run(several(client))
            eventually(lambda: server.open == 0)
            assert sockets() == before

    def test_the_places_of_closed_loops_are_forgotten(self, tls):
        with serving(ever_after=answer("first"), tls=tls) as (_, client):
            for _ in range(5):
                asyncio.run(call(client))
            assert len(client._server._ServerProxy__transport._pool._by_place) == 1

    def test_a_client_is_made_outside_of_them(self, tls):
        """Nothing of it belongs to a loop, so another thread can make it too."""
        with serving(ever_after=answer("first"), tls=tls) as (_, client):
            assert asyncio.run(call(client)) == "first"

    def test_a_client_that_is_dropped_closes_its_connections(self, tls):
        async def main(server):
            await several(client_of(server, context=certificates().trusting()))
            gc.collect()
            await until(lambda: server.open == 0)

        with serving(ever_after=answer("first"), tls=tls) as (server, _):
            asyncio.run(main(server))


class TestTwoLoopsAtATime:
    def test_in_two_threads_share_a_client_and_no_connection(self):
        def run():
            try:
                for _ in range(10):
                    asyncio.run(several(client))
            except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001
                errors.append(error)

        errors = []
        with serving(ever_after=answer("first")) as (server, client):
            threads = [threading.Thread(target=run) for _ in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            eventually(lambda: server.open == 0)
        assert errors == []

    def test_each_has_a_whole_pool(self):
        """A loop that has all its slots taken does not keep the other from its own."""

        async def busy():
            task = asyncio.ensure_future(client.call("test.echo"))
            await until(lambda: len(server.requests) == 1)
            started.set()
            await until(done.is_set)
            task.cancel()
            await asyncio.wait({task})

        started, done = threading.Event(), threading.Event()
        with serving(hang, answer("first"), pool_size=1) as (server, client):
            thread = threading.Thread(target=asyncio.run, args=(busy(),))
            thread.start()
            assert started.wait(PATIENCE)
            assert asyncio.run(call(client)) == "first"
            done.set()
            thread.join()

    def test_on_call_is_called_on_the_thread_of_its_loop(self):
        threads = []

        def run():
            asyncio.run(call(client))
            mine.append(threading.get_ident())

        mine = []
        with serving(ever_after=answer("first")) as (_, client):
            client._on_call = lambda record: threads.append(threading.get_ident())
            run()
            thread = threading.Thread(target=run)
            thread.start()
            thread.join()
        assert threads == mine
        assert len(set(mine)) == 2


@tls_and_plain
class TestALoopThatIsClosedWithCallsInFlight:
    """Its coroutines are dropped. asyncio says so; this package adds nothing."""

    @pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
    def test_tells_on_call_and_leaves_the_client_usable(self, tls, monkeypatch):
        """Of a call that waits for a slot, when the client is used again."""
        unraisable = []
        monkeypatch.setattr(sys, "unraisablehook", unraisable.append)
        records = []
        with serving(hang, hang, answer("first"), tls=tls, on_call=records.append, pool_size=2) as (server, client):
            loop = asyncio.new_event_loop()
            tasks = [loop.create_task(client.call("test.echo")) for _ in range(3)]
            loop.run_until_complete(until(lambda: len(server.requests) == 2))
            loop.close()
            del loop, tasks
            gc.collect()
            assert [record.outcome for record in records] == [Outcome.UNKNOWN] * 2
            eventually(lambda: server.open == 0)
            assert asyncio.run(call(client)) == "first"
            gc.collect()
            assert [record.outcome for record in records[2:]] in (
                [Outcome.NOT_SENT, Outcome.DONE],
                [Outcome.DONE, Outcome.NOT_SENT],
            )
        assert [each for each in unraisable if not isinstance(each.exc_value, ResourceWarning)] == []

    def test_by_asyncio_run_which_cancels_them(self, tls):
        async def main():
            tasks.extend(asyncio.ensure_future(client.call("test.echo")) for _ in range(3))
            await until(lambda: len(server.requests) == 2)

        tasks, records = [], []
        with serving(hang, hang, answer("first"), tls=tls, on_call=records.append, pool_size=2) as (server, client):
            asyncio.run(main())
            assert all(task.cancelled() for task in tasks)
            eventually(lambda: server.open == 0)
            assert asyncio.run(call(client)) == "first"
        assert sorted(record.outcome for record in records[:3]) == sorted(
            [Outcome.UNKNOWN, Outcome.UNKNOWN, Outcome.NOT_SENT]
        )


PROGRAM = """
import asyncio, sys
from mailkit_xmlrpc import AsyncClient

client = AsyncClient(1, "abc123def456abc123def456abc12345", url=sys.argv[1], proxy="")

async def main():
    asyncio.get_running_loop().slow_callback_duration = 10  # on a slow machine, debug mode says how slow it is
    results = await asyncio.gather(*(client.call("test.echo", success=["first"]) for _ in range(20)))
    assert [result.value for result in results] == ["first"] * 20
    {end}

asyncio.run(main(), debug={debug})
asyncio.run(main(), debug={debug})
"""


class TestAProgram:
    """What a program prints, with every warning shown."""

    @pytest.mark.parametrize("debug", [False, True], ids=["usual", "debug"])
    @pytest.mark.parametrize("end", ["await client.close()", "pass"], ids=["closed", "left"])
    def test_prints_nothing(self, debug, end):
        with serving(ever_after=answer("first")) as (server, _):
            assert printed(PROGRAM.format(end=end, debug=debug), server.url) == ""

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
    def test_can_use_a_client_in_a_child_after_fork(self):
        """The child has a loop of its own, and so connections of its own; the parent's stay open."""
        program = PROGRAM.partition("asyncio.run(main()")[0].format(end="pass") + textwrap.dedent(
            """
            import os

            async def parent():
                await main()
                child = os.fork()
                if not child:
                    status = 1
                    try:
                        asyncio.run(main())
                        status = 0
                    finally:
                        os._exit(status)
                assert os.waitpid(child, 0)[1] == 0
                await main()

            asyncio.run(parent())
            """
        )
        with serving(ever_after=answer("first")) as (server, _):
            # Python 3.12 warns of a fork beside the resolver's threads.
            assert printed(program, server.url, warnings="ignore::DeprecationWarning") == ""
            assert len(server.requests) == 60
            # 8 of the parent, which it uses again after the fork, and 8 of the child.
            assert server.connections == 16


def printed(program, *arguments, warnings="default"):
    """What a program prints."""
    command = [sys.executable, "-W", warnings, "-c", program, *arguments]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout + run.stderr


class TestOtherLoops:
    @tls_and_plain
    @needs_proc
    def test_uvloop(self, tls):
        uvloop = pytest.importorskip("uvloop", reason="uvloop is not installed")
        with serving(ever_after=answer("first"), tls=tls) as (server, client):
            for _ in range(2):
                loop = uvloop.new_event_loop()
                loop.run_until_complete(several(client, 20))
                loop.run_until_complete(loop.shutdown_asyncgens())
                loop.close()
            assert server.connections == 16
            eventually(lambda: server.open == 0)

    def test_anyio(self):
        anyio = pytest.importorskip("anyio", reason="anyio is not installed")

        async def main():
            async with anyio.create_task_group() as group:
                for _ in range(10):
                    group.start_soon(call, client)

        records = []
        with serving(ever_after=answer("first"), on_call=records.append) as (server, client):
            anyio.run(main, backend="asyncio")
            eventually(lambda: server.open == 0)
        assert [record.outcome for record in records] == [Outcome.DONE] * 10

    def test_a_cancel_scope_of_anyio(self):
        anyio = pytest.importorskip("anyio", reason="anyio is not installed")

        async def main():
            with anyio.move_on_after(0.1) as scope:
                await client.call("test.echo")
            assert scope.cancel_called
            assert await call(client) == "first"

        records = []
        with serving(hang, answer("first"), on_call=records.append) as (_, client):
            anyio.run(main, backend="asyncio")
        assert [record.outcome for record in records] == [Outcome.UNKNOWN, Outcome.DONE]

    @pytest.mark.skipif(not hasattr(asyncio, "eager_task_factory"), reason="eager tasks are new in Python 3.12")
    @tls_and_plain
    def test_eager_tasks(self, tls):
        async def main():
            asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
            await several(client, 20)
            task = asyncio.create_task(client.call("test.echo"))
            task.cancel()
            await asyncio.wait({task})
            assert task.cancelled()
            await several(client, 20)

        records = []
        with serving(ever_after=answer("first"), tls=tls, on_call=records.append) as (server, client):
            asyncio.run(main())
            eventually(lambda: server.open == 0)
        outcomes = [record.outcome for record in records]
        assert outcomes.count(Outcome.DONE) == 40
        assert len(outcomes) == 41
