"""The deadline of an awaited call: it ends every wait, name resolution included, and the loop goes on meanwhile."""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
import time

import pytest

from mailkit_xmlrpc import InDoubtError, NotSentError, Outcome, Retry

from ..servers import PATIENCE, SOON, ScriptedServer, answer, document, hang, http, then, unused_port
from .moments import client_of, until


async def call(client, *params, **options):
    return (await client.call("test.echo", *params, success=["first", "second"], **options)).value


@pytest.fixture
def stuck_resolver(monkeypatch):
    """A resolver that does not answer for the name localhost, until the event is set."""
    answers = threading.Event()
    real = socket.getaddrinfo

    def getaddrinfo(host, *args, **options):
        if host == "localhost":
            answers.wait(PATIENCE)
        return real(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield answers
    answers.set()


class TestNameResolution:
    def test_that_hangs_ends_at_the_timeout(self, stuck_resolver):
        async def main():
            started = time.monotonic()
            with pytest.raises(NotSentError, match="cannot resolve 'localhost'") as caught:
                await call(client_of(server.url_as("localhost"), timeout=0.2))
            assert 0.2 <= time.monotonic() - started < SOON
            assert caught.value.outcome is Outcome.NOT_SENT
            stuck_resolver.set()

        with ScriptedServer() as server:
            asyncio.run(main())
            assert server.connections == 0

    def test_does_not_keep_other_calls_waiting(self, stuck_resolver):
        async def main():
            stuck = asyncio.ensure_future(call(client_of(server.url_as("localhost"))))
            async with client_of(server) as client:
                for _ in range(3):
                    assert await call(client) == "first"
            assert not stuck.done()
            stuck_resolver.set()
            assert await stuck == "first"

        with ScriptedServer(ever_after=answer("first")) as server:
            asyncio.run(main())

    def test_is_not_needed_for_an_address(self, stuck_resolver):
        """Names that hang can keep all threads of the resolver busy."""

        async def main():
            names = [asyncio.ensure_future(call(client)) for _ in range(40)]
            await asyncio.sleep(0.05)
            assert await call(client_of(server), timeout=SOON) == "first"
            stuck_resolver.set()
            assert await asyncio.gather(*names) == ["first"] * 40

        with ScriptedServer(ever_after=answer("first")) as server:
            client = client_of(server.url_as("localhost"), pool_size=40)
            asyncio.run(main())

    def test_gives_the_slot_back(self, stuck_resolver):
        async def main():
            client = client_of(server.url_as("localhost"), pool_size=1)
            for _ in range(2):
                with pytest.raises(NotSentError, match="cannot resolve"):
                    await call(client, timeout=0.05)
            stuck_resolver.set()
            assert await call(client) == "first"
            await client.close()

        with ScriptedServer(answer("first")) as server:
            asyncio.run(main())


class TestWaitingForASlot:
    def test_ends_at_the_deadline_of_each_call(self):
        async def waits(number, timeout):
            with pytest.raises(NotSentError, match="stayed busy") as caught:
                await call(client, timeout=timeout)
            assert caught.value.outcome is Outcome.NOT_SENT
            ended.append(number)

        async def main():
            holds = asyncio.ensure_future(call(client))
            await until(lambda: len(server.requests) == 1)
            await asyncio.gather(*(waits(number, timeout) for number, timeout in enumerate((0.3, 0.1, 0.2))))
            holds.cancel()
            await asyncio.wait({holds})
            assert await call(client) == "second"

        ended = []
        with ScriptedServer(hang, answer("second")) as server:
            client = client_of(server, pool_size=1)
            asyncio.run(main())
        assert ended == [1, 2, 0]

    def test_gives_slots_in_the_order_of_arrival(self):
        """Whatever becomes of those in front: some are cancelled, some run out of time."""

        async def main():
            holds = asyncio.ensure_future(call(client, "holds"))
            await until(lambda: len(server.requests) == 1)
            waiting = [asyncio.ensure_future(call(client, n, timeout=0.1 if n % 3 == 1 else None)) for n in range(30)]
            await asyncio.sleep(0.01)
            for number, task in enumerate(waiting):
                if number % 3 == 2:
                    task.cancel()
            await until(lambda: sum(task.done() for task in waiting) == 20)
            free.set()
            await asyncio.wait({holds, *waiting})

        def held(peer):
            peer.read()
            free.wait(PATIENCE)
            peer.send(answer("first"))

        free = threading.Event()
        with ScriptedServer(held, ever_after=answer("first")) as server:
            client = client_of(server, pool_size=1)
            asyncio.run(main())
            assert [request.call[1][2] for request in server.requests[1:]] == list(range(0, 30, 3))


class TestAPause:
    def test_that_would_outlast_the_deadline_is_not_made(self):
        async def main():
            started = time.monotonic()
            with pytest.raises(NotSentError, match="cannot connect"):
                await call(client)
            assert time.monotonic() - started < SOON

        url = f"http://127.0.0.1:{unused_port()}/RPC2"
        client = client_of(url, timeout=PATIENCE, retry=Retry(attempts=3, base=1000, cap=1000))
        asyncio.run(main())


class TestADecoder:
    def test_that_is_busy_is_stopped_at_the_deadline(self):
        """As with threads; the loop is busy until then."""

        async def main():
            started = time.monotonic()
            with pytest.raises(InDoubtError, match="timed out"):
                await call(client, timeout=0.3)
            assert time.monotonic() - started < SOON
            assert await call(client) == "second"

        start, data, end = document([]).partition(b"<data>")
        bomb = gzip.compress(start + data + b"<value/>" * 15_000_000 + end, 1)
        with ScriptedServer(then(http(bomb, "Content-Encoding: gzip")), answer("second")) as server:
            client = client_of(server)
            asyncio.run(main())


class TestTheLoop:
    def test_goes_on_while_a_call_waits(self):
        async def main():
            waits = asyncio.ensure_future(call(client))
            for _ in range(50):
                await asyncio.sleep(0.002)
            assert not waits.done()
            assert await call(client) == "second"
            waits.cancel()
            await asyncio.wait({waits})

        with ScriptedServer(hang, answer("second")) as server:
            client = client_of(server)
            asyncio.run(main())
