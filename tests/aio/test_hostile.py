"""Servers that send what nobody asked for: none of it becomes the answer to a call."""

from __future__ import annotations

import asyncio
import contextlib
import functools

import pytest

from mailkit_xmlrpc import AsyncClient, HTTPStatusError, NotSentError, Outcome

from ..servers import CLIENT_ID, MD5, PATIENCE, ConnectProxy, ScriptedServer, answer, certificates, http

LATER = 0.05


def client_of(url, **options):
    return AsyncClient(CLIENT_ID, MD5, **{"url": url, "timeout": PATIENCE, "retry": None, "proxy": "", **options})


def call(client):
    return client.call("test.echo", success=["forged", "first", "second"])


@pytest.fixture
def slow_steps(monkeypatch):
    """A loop that reads what has arrived before it goes on with a new connection. A real one sometimes does."""
    real = asyncio.BaseEventLoop.create_connection

    @functools.wraps(real)
    async def create_connection(*args, **options):
        made = await real(*args, **options)
        await asyncio.sleep(LATER)
        return made

    monkeypatch.setattr(asyncio.BaseEventLoop, "create_connection", create_connection)


def forge(peer):
    """Somebody on the way sends an answer before the handshake. The server itself knows nothing of it."""
    peer.send(answer("forged"))
    peer.sock = certificates().good().wrap_socket(peer.sock, server_side=True)
    peer.read()
    peer.send(answer("first"))
    peer.close()


class Forging(ScriptedServer):
    """Sends an answer before the handshake of TLS."""

    def _play(self, peer):
        forge(peer)


class TestBeforeTheHandshake:
    """TLS proves who sent what comes after it; what came before it can be anybody's."""

    @pytest.mark.usefixtures("slow_steps")
    def test_an_answer_is_not_read(self):
        async def main(server):
            url = server.url.replace("http:", "https:")
            async with client_of(url, context=certificates().trusting()) as client:
                with pytest.raises(NotSentError, match=r"TLS with .* failed") as caught:
                    await call(client)
            assert caught.value.outcome is Outcome.NOT_SENT

        with Forging() as server:
            asyncio.run(main(server))

    @pytest.mark.usefixtures("slow_steps")
    def test_nor_is_one_that_comes_through_a_proxy(self):
        async def main(server, proxy):
            url = server.url.replace("http:", "https:")
            async with client_of(url, context=certificates().trusting(), proxy=proxy.url) as client:
                with pytest.raises(NotSentError):
                    await call(client)

        with Forging() as server, ConnectProxy() as proxy:
            asyncio.run(main(server, proxy))

    def test_an_ordinary_handshake_is_not_disturbed(self):
        async def main(server):
            async with client_of(server.url, context=certificates().trusting()) as client:
                assert (await call(client)).value == "first"

        with ScriptedServer(answer("first"), tls=certificates().good()) as server:
            asyncio.run(main(server))


def twice(peer):
    """Answer, and send the same answer once more."""
    peer.read()
    peer.send(answer("first") * 2)


def twice_and_later(peer):
    """Answer, and send another answer while the connection is idle."""
    peer.read()
    peer.send(answer("first"))
    peer.server.stopping.wait(LATER)
    peer.send(answer("forged"))
    peer.wait()


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
class TestAfterAnAnswer:
    @pytest.mark.parametrize("step", [twice, twice_and_later])
    def test_a_further_one_ends_the_connection(self, step, tls):
        async def main(server):
            async with client_of(server.url, context=certificates().trusting()) as client:
                assert (await call(client)).value == "first"
                await asyncio.sleep(2 * LATER)
                assert (await call(client)).value == "second"

        with ScriptedServer(step, answer("second"), tls=certificates().good() if tls else None) as server:
            asyncio.run(main(server))
            assert server.connections == 2


def refuse_at_length(peer):
    """Refuse a request of which only the beginning was read, with a page that is longer than what the client keeps."""
    peer.sock.recv(1)
    peer.sock.settimeout(0.3)  # the client does not read all of it before it has sent its request
    with contextlib.suppress(OSError):
        peer.send(http(b"x" * 6_000_000, status="413 Content Too Large"))
    peer.reset()


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
class TestARefusalThatIsLongerThanWhatIsKept:
    def test_stands_although_the_connection_is_lost(self, tls):
        async def main(server):
            async with client_of(server.url, context=certificates().trusting()) as client:
                with pytest.raises(HTTPStatusError) as caught:
                    await client.call("test.echo", "y" * 30_000_000)
                assert caught.value.status == 413

        with ScriptedServer(refuse_at_length, tls=certificates().good() if tls else None) as server:
            asyncio.run(main(server))
