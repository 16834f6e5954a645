"""`AsyncStream`: what asyncio tells it becomes an answer or an error of this package, and nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import select
import socket
import ssl

import pytest

from mailkit_xmlrpc import AsyncClient, InDoubtError, MailkitError, NotSentError
from mailkit_xmlrpc.aio.stream import AsyncStream

from ..servers import CLIENT_ID, MD5, PATIENCE, ConnectProxy, ScriptedServer, added, answer, certificates, then
from ..transport.test_transport import LOWER_OS, FailingSocket, made

# asyncio tries the socket again until the deadline.
NOT_YET = (BlockingIOError, InterruptedError)
# The second attempt to send is a sendmsg since Python 3.12.
SOCKET_CALLS = {"socket.send": ("send", "sendmsg"), "socket.recv": ("recv_into",)}
each_lower = pytest.mark.parametrize("cls", LOWER_OS, ids=lambda cls: cls.__name__)


class FailingLoop(asyncio.SelectorEventLoop):
    """A loop of which one method raises an error, or one method of the sockets that it is given."""

    def __init__(self, where, error):
        super().__init__()
        self.where, self.error = where, error

    def _check(self, where):
        if self.where == where:
            raise self.error

    async def getaddrinfo(self, *args, **options):
        self._check("getaddrinfo")
        return await super().getaddrinfo(*args, **options)

    async def sock_connect(self, sock, address):
        self._check("sock_connect")
        return await super().sock_connect(sock, address)

    async def sock_sendall(self, sock, data):
        self._check("sock_sendall")
        return await super().sock_sendall(sock, data)

    async def sock_recv(self, sock, size):
        self._check("sock_recv")
        return await super().sock_recv(sock, size)

    async def create_connection(self, protocol_factory, **options):
        self._check("create_connection")
        for name in SOCKET_CALLS.get(self.where, ()):
            options["sock"] = FailingSocket(options["sock"], name, self.error)
        return await super().create_connection(protocol_factory, **options)

    async def start_tls(self, *args, **options):
        self._check("start_tls")
        return await super().start_tls(*args, **options)


def run_on(loop, main):
    """What asyncio.run does, on a loop that is given."""
    try:
        return loop.run_until_complete(main)
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


async def error_of(url, **options):
    options = {"timeout": PATIENCE, "retry": None, "proxy": "", "allow_http": True, **options}
    async with AsyncClient(CLIENT_ID, MD5, url=url, **options) as client:
        with pytest.raises(MailkitError) as caught:
            await client.journeys.trigger("jane@example.com", "order_paid")
        return caught.value


class TestEveryLowerExceptionIsTranslated:
    """All exceptions of socket and ssl are listed, and none of them may reach the caller."""

    @each_lower
    @pytest.mark.parametrize("where", ["getaddrinfo", "sock_connect", "create_connection", "start_tls"])
    def test_before_the_first_byte_nothing_was_sent(self, cls, where):
        with ScriptedServer(ever_after=added(), tls=certificates().good()) as server:
            url = server.url.replace("127.0.0.1", "localhost")  # an address is not resolved
            error = run_on(FailingLoop(where, made(cls)), error_of(url, context=certificates().trusting()))
            assert server.requests == []
        assert type(error) is NotSentError

    @each_lower
    @pytest.mark.parametrize("where", ["sock_sendall", "sock_recv"])
    def test_in_the_talk_with_a_proxy_neither(self, cls, where):
        with ConnectProxy() as proxy:
            error = run_on(FailingLoop(where, made(cls)), error_of("https://api.mailkit.test/", proxy=proxy.url))
        assert type(error) is NotSentError
        assert "did not open a tunnel" in str(error)

    @each_lower
    @pytest.mark.parametrize("where", SOCKET_CALLS)
    def test_from_the_first_byte_on_the_call_is_in_doubt(self, cls, where):
        timeout = 0.2 if cls in NOT_YET else PATIENCE
        with ScriptedServer(ever_after=added()) as server:
            error = run_on(FailingLoop(where, made(cls)), error_of(server.url, timeout=timeout))
        assert type(error) is InDoubtError

    @pytest.mark.parametrize("cls", [*LOWER_OS, RuntimeError, ValueError], ids=lambda cls: cls.__name__)
    @pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
    def test_that_connection_lost_is_told_leaves_it_in_doubt_too(self, cls, tls, monkeypatch):
        """As by uvloop, and by the layer of TLS."""
        streams = []

        class Kept(AsyncStream):
            def connection_made(self, transport):
                super().connection_made(transport)
                streams.append(self)

        async def main():
            loop = asyncio.get_running_loop()

            def lose():
                streams[0].connection_lost(made(cls))

            started.append(lambda: loop.call_soon_threadsafe(lose))
            options = {"context": certificates().trusting()} if tls else {}
            client = AsyncClient(CLIENT_ID, MD5, url=server.url, timeout=PATIENCE, retry=None, proxy="", **options)
            monkeypatch.setattr(client._server("transport"), "_stream_type", Kept)
            async with client:
                with pytest.raises(MailkitError) as caught:
                    await client.journeys.trigger("jane@example.com", "order_paid")
                return caught.value

        started = []

        def step(peer):
            peer.read()
            started[0]()
            peer.wait()

        with ScriptedServer(step, tls=certificates().good() if tls else None) as server:
            error = asyncio.run(main())
            assert len(server.requests) == 1
        assert type(error) is InDoubtError


class TestBeforeTheRequest:
    def test_what_the_server_says_on_a_new_connection_is_no_answer(self):
        """It can also arrive too late to be seen before the request is sent."""
        peers = []

        class SlowLoop(asyncio.SelectorEventLoop):
            async def sock_connect(self, sock, address):
                await super().sock_connect(sock, address)
                peers.append(listener.accept()[0])
                peers[-1].sendall(answer("first"))
                assert select.select([sock], [], [], PATIENCE)[0]

        with socket.create_server(("127.0.0.1", 0)) as listener:
            error = run_on(SlowLoop(), error_of(f"http://127.0.0.1:{listener.getsockname()[1]}/"))
        with peers[0] as peer:
            assert type(error) is NotSentError
            assert "before it was asked" in str(error)
            peer.settimeout(PATIENCE)
            with contextlib.suppress(ConnectionResetError):
                assert peer.recv(1) == b"", "nothing was sent"


def test_a_context_is_used_as_it_was_given():
    """asyncio wraps TLS itself, and takes a subclass of SSLContext."""

    class Mine(ssl.SSLContext):
        pass

    context = Mine(ssl.PROTOCOL_TLS_CLIENT)
    certificates().authority.configure_trust(context)

    async def main():
        async with AsyncClient(CLIENT_ID, MD5, url=server.url, proxy="", context=context) as client:
            return await client.journeys.trigger("jane@example.com", "order_paid")

    with ScriptedServer(then(added()), tls=certificates().good()) as server:
        assert asyncio.run(main()).ok
