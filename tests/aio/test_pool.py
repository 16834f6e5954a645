"""`AsyncPool`: slots and idle connections on a loop. What both pools promise, ``tests/transport/test_pool.py`` says."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import threading
import time

import pytest

from mailkit_xmlrpc import AsyncClient, AsyncServerProxy, NotSentError
from mailkit_xmlrpc.aio.pool import AsyncConnections
from mailkit_xmlrpc.proxy import send_request
from mailkit_xmlrpc.transport import Attempt, Deadline, Payload

from ..servers import CLIENT_ID, MD5, PATIENCE, SOON, ScriptedServer, answer, hang


def connections_of(client):
    """Those on the running loop."""
    return client._server("transport")._pool.connections()


def async_client_of(server, **options):
    return AsyncClient(
        CLIENT_ID, MD5, **{"url": server.url, "timeout": PATIENCE, "retry": None, "proxy": "", **options}
    )


class Turns:
    """Calls that take a slot, in the order in which they begin to wait."""

    def __init__(self, size=1):
        self.connections = AsyncConnections(size)
        self.got = []

    def give_back(self, slot):
        self.connections.free.append(slot)
        self.connections.wake()

    async def wait(self, name, deadline=PATIENCE):
        slot = await self.connections.take(Deadline(deadline))
        self.got.append(name)
        await asyncio.sleep(0)
        self.give_back(slot)


class TestTurns:
    def test_slots_are_given_in_the_order_in_which_calls_began_to_wait(self):
        async def main():
            turns = Turns()
            held = await turns.connections.take(Deadline(PATIENCE))
            tasks = [asyncio.ensure_future(turns.wait(name)) for name in "abcd"]
            await asyncio.sleep(0)
            turns.give_back(held)
            tasks.append(asyncio.ensure_future(turns.wait("late")))
            await asyncio.gather(*tasks)
            assert len(turns.connections.free) == 1
            return turns.got

        assert asyncio.run(main()) == ["a", "b", "c", "d", "late"]

    @pytest.mark.parametrize("when", ["before it is woken", "after it was woken"])
    @pytest.mark.parametrize("how", ["cancelled", "timed out"])
    def test_one_that_ends_leaves_its_turn_to_the_next(self, when, how):
        async def main():
            turns = Turns()
            held = await turns.connections.take(Deadline(PATIENCE))
            first, second = (asyncio.ensure_future(turns.wait(name)) for name in "ab")
            await asyncio.sleep(0)
            if when == "after it was woken":
                turns.give_back(held)
            if how == "cancelled":
                first.cancel()
            else:
                for turn in list(turns.connections._turns)[:1]:
                    if not turn.done():
                        turn.set_exception(TimeoutError(errno.ETIMEDOUT, "timed out"))
            if when == "before it is woken":
                turns.give_back(held)
            ended = await asyncio.gather(first, second, return_exceptions=True)
            assert len(turns.connections.free) == 1
            assert not turns.connections._turns
            return turns.got, [type(each) for each in ended]

        got, ended = asyncio.run(main())
        assert got[-1] == "b"
        if how == "cancelled":
            assert (got, ended[0]) == (["b"], asyncio.CancelledError)
        elif when == "before it is woken":
            assert (got, ended[0]) == (["b"], NotSentError)

    def test_two_slots_that_come_at_once_wake_two_calls(self):
        async def main():
            turns = Turns(2)
            held = [await turns.connections.take(Deadline(PATIENCE)) for _ in range(2)]
            tasks = [asyncio.ensure_future(turns.wait(name)) for name in "abc"]
            await asyncio.sleep(0)
            for slot in held:
                turns.give_back(slot)
            await asyncio.wait_for(asyncio.gather(*tasks), SOON)
            assert len(turns.connections.free) == 2
            return turns.got

        assert sorted(asyncio.run(main())) == ["a", "b", "c"]

    def test_a_slot_that_comes_just_after_the_timeout_does_not_prolong_the_wait(self):
        async def main():
            turns = Turns()
            for _ in range(30):
                held = await turns.connections.take(Deadline(PATIENCE))
                tasks = [asyncio.ensure_future(turns.wait("x", 0.005)) for _ in range(4)]
                await asyncio.sleep(0.005)
                turns.give_back(held)
                await asyncio.gather(*tasks, return_exceptions=True)
                assert len(turns.connections.free) == 1

        started = time.monotonic()
        asyncio.run(main())
        assert time.monotonic() - started < SOON

    def test_a_deadline_that_has_passed_gets_none(self):
        async def main():
            turns = Turns()
            held = await turns.connections.take(Deadline(PATIENCE))
            with pytest.raises(NotSentError, match="all 1 connections stayed busy"):
                await turns.connections.take(Deadline(1e-9))
            turns.give_back(held)
            assert not turns.connections._turns

        asyncio.run(main())


class TestConnectionsToOtherServers:
    def test_do_not_pile_up(self):
        """One transport that calls several servers."""

        async def main(servers):
            async with AsyncServerProxy(servers[0].url, pool_size=2) as proxy:
                for server in [*servers, *servers]:
                    transport = proxy("transport")
                    host, body = f"127.0.0.1:{server.port}", Payload(b"<methodCall/>")
                    assert await transport.carry(host, "/RPC2", body, attempt=Attempt(Deadline(PATIENCE))) == "first"
                return len(transport._pool.connections().idle)

        with contextlib.ExitStack() as stack:
            servers = [stack.enter_context(ScriptedServer(ever_after=answer("first"))) for _ in range(6)]
            assert asyncio.run(main(servers)) == 2
        # If all six were kept, the second round would not open a connection.
        assert sum(server.connections for server in servers) > 6


class TestLoops:
    def test_each_has_connections_of_its_own_and_closes_them_when_it_ends(self):
        ended = []

        def watch(peer):
            peer.read()
            peer.send(answer("TRUE"))
            peer.wait()
            ended.append(peer.number)

        with ScriptedServer(ever_after=watch) as server:
            client = async_client_of(server)
            for number in (1, 2, 3):
                assert asyncio.run(client.call("m", success=["TRUE"])).ok
                assert server.connections == number
                waited_until = time.monotonic() + SOON
                while len(ended) < number:
                    assert time.monotonic() < waited_until, "the connection stayed open"
                    time.sleep(0.001)

    @pytest.mark.filterwarnings("ignore::ResourceWarning")
    def test_one_that_was_closed_without_an_end_is_forgotten(self):
        """Not by asyncio.run: nobody told the client, whose sockets Python closes."""
        with ScriptedServer(ever_after=answer("TRUE")) as server:
            client = async_client_of(server)
            for _ in range(3):
                loop = asyncio.new_event_loop()
                assert loop.run_until_complete(client.call("m", success=["TRUE"])).ok
                loop.close()
            assert asyncio.run(client.call("m", success=["TRUE"])).ok
            assert len(client._server("transport")._pool._by_place) == 1
            del loop
            gc.collect()

    def test_a_call_of_one_does_not_use_the_slot_of_another(self):
        with ScriptedServer(hang, answer("TRUE")) as server:
            client = async_client_of(server, pool_size=1)

            async def both_loops():
                slow = asyncio.ensure_future(client.call("m"))
                loop = asyncio.get_running_loop()
                await loop.run_in_executor(None, server.wait_for_request)
                quick = await loop.run_in_executor(None, lambda: asyncio.run(client.call("m", success=["TRUE"])))
                slow.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await slow
                return quick, len(connections_of(client).free)

            quick, free = asyncio.run(both_loops())
        assert quick.ok
        assert free == 1


def test_a_request_on_a_connection_that_broke_while_idle_is_sent_on_a_new_one():
    """Also if the loop has not noticed it."""

    async def main(server):
        async with AsyncServerProxy(server.url, timeout=PATIENCE) as proxy:
            assert await proxy.test() == "TRUE"
            assert closed.wait(PATIENCE)  # the loop runs nothing in that time: only the socket knows
            assert await send_request(proxy, "test", Payload(b"<methodCall/>")) == "TRUE"

    def answer_and_close(peer):
        peer.read()
        peer.send(answer("TRUE"))
        peer.close()
        closed.set()

    closed = threading.Event()
    with ScriptedServer(answer_and_close, answer("TRUE")) as server:
        asyncio.run(main(server))
        assert server.connections == 2
