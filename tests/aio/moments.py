"""Moments of a call at which it can be cancelled: `NOT_SENT`, `IN_DOUBT` and `PAUSES` list them.

Each is a context manager that gives a `Moment`. Cancelled there, the call has ended; the next call of the same client
is answered with "second".
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import socket
import threading
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, field
from typing import Any, Callable

import pytest

from mailkit_xmlrpc import AsyncClient, CallRecord, Retry

from ..servers import CLIENT_ID, MD5, PATIENCE, Peer, ScriptedServer, answer, certificates, drop, http

__all__ = ["IN_DOUBT", "NOT_SENT", "PAUSES", "Moment", "client_of", "until"]


def client_of(server: Any, **options: Any) -> AsyncClient:
    """A client of a server, or of a URL."""
    url = getattr(server, "url", server)
    return AsyncClient(CLIENT_ID, MD5, **{"url": url, "timeout": PATIENCE, "retry": None, "proxy": "", **options})


async def until(reached: Callable[[], bool]) -> None:
    """Wait until something is so."""
    for _ in range(5000):
        if reached():
            return
        await asyncio.sleep(0.002)
    raise AssertionError("it did not happen")


@dataclass
class Moment:
    """A client, and how to bring its call to a moment.

    Attributes:
        client: the client.
        reached: whether the call is there.
        records: what `on_call` was told.
        params: the parameters of the call.
        before: starts what keeps the client busy.
        clear: makes way for the next call.
        closed: set when the server has seen the end of the connection of the call.
    """

    client: AsyncClient
    reached: Callable[[], bool]
    records: list[CallRecord]
    params: tuple[Any, ...] = ()
    before: Callable[[], Awaitable[None]] | None = None
    clear: Callable[[], Any] = lambda: None
    closed: threading.Event = field(default_factory=threading.Event)

    async def begin(self, **options: Any) -> asyncio.Task[Any]:
        """The call, as a task that is at its moment."""
        if self.before is not None:
            await self.before()
        task = asyncio.ensure_future(self.client.call("test.echo", *self.params, **options))
        await until(self.reached)
        await asyncio.sleep(0.01)  # what the server did or sent has arrived
        return task

    async def next_value(self) -> Any:
        """The value of the next call."""
        self.clear()
        return (await self.client.call("test.echo", success=["first", "second"])).value


def _told(**options: Any) -> tuple[list[CallRecord], dict[str, Any]]:
    records: list[CallRecord] = []
    return records, {"on_call": records.append, "pool_size": 1, **options}


# Before the first byte of the request


@contextlib.contextmanager
def waiting_for_a_slot() -> Iterator[Moment]:
    """Another call has the only connection."""
    records, options = _told()
    free, others = threading.Event(), []

    def slow(peer: Peer) -> None:
        peer.read()
        free.wait(PATIENCE)
        peer.send(answer(True))

    with ScriptedServer(slow, answer("second")) as server:
        client = client_of(server, **options)

        async def other() -> None:
            await client.call("test.other")
            records.pop()

        async def occupy() -> None:
            others.append(asyncio.ensure_future(other()))
            await until(lambda: len(server.requests) == 1)

        yield Moment(client, lambda: True, records, before=occupy, clear=free.set)
        free.set()


@contextlib.contextmanager
def resolving() -> Iterator[Moment]:
    """The resolver does not answer."""
    records, options = _told()
    asked, free = threading.Event(), threading.Event()
    real = socket.getaddrinfo

    def getaddrinfo(*args: Any, **kwargs: Any) -> Any:
        asked.set()
        free.wait(PATIENCE)
        return real(*args, **kwargs)

    with ScriptedServer(answer("second")) as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield Moment(client_of(server.url_as("localhost"), **options), asked.is_set, records, clear=free.set)
        free.set()


@contextlib.contextmanager
def connecting() -> Iterator[Moment]:
    """The queue of the server is full."""
    records, options = _told()
    with contextlib.ExitStack() as stack:
        server = ScriptedServer(answer("second"))
        server._listener.listen(0)
        waiting = [stack.enter_context(socket.socket()) for _ in range(3)]
        for sock in waiting:
            sock.setblocking(False)
            sock.connect_ex(("127.0.0.1", server.port))

        def accept() -> None:
            stack.enter_context(server)
            for sock in waiting:
                sock.close()

        opened = []
        real = asyncio.selector_events.BaseSelectorEventLoop.sock_connect

        async def sock_connect(*args: Any) -> None:
            opened.append(args)
            await real(*args)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(asyncio.selector_events.BaseSelectorEventLoop, "sock_connect", sock_connect)
            yield Moment(client_of(server, **options), lambda: bool(opened), records, clear=accept)


@contextlib.contextmanager
def in_the_handshake() -> Iterator[Moment]:
    """The server has read the beginning of TLS, and sends nothing."""
    records, options = _told(context=certificates().trusting())
    closed, reached = threading.Event(), threading.Event()

    def silent(peer: Peer) -> None:
        peer.sock.recv(65536)
        reached.set()
        peer.wait()
        closed.set()
        peer.close()

    def good(peer: Peer) -> None:
        peer.sock = certificates().good().wrap_socket(peer.sock, server_side=True)
        peer.read()
        peer.send(answer("second"))
        peer.close()

    with ScriptedServer(silent, good) as server:
        url = server.url.replace("http:", "https:")
        yield Moment(client_of(url, **options), reached.is_set, records, closed=closed)


@contextlib.contextmanager
def asking_the_proxy() -> Iterator[Moment]:
    """The proxy does not answer CONNECT."""

    def tunnel(peer: Peer) -> None:
        peer.read()
        peer.send(http())

    with _silent(tunnel, answer("second"), as_proxy=True) as moment:
        yield moment


# After it


@contextlib.contextmanager
def sending() -> Iterator[Moment]:
    """The server has read the beginning of a large request, and no more."""
    records, options = _told()
    closed, reached = threading.Event(), threading.Event()

    def stuck(peer: Peer) -> None:
        peer.sock.recv(1000)
        reached.set()
        peer.server.stopping.wait(0.1)
        with contextlib.suppress(OSError):
            peer.wait()
        closed.set()
        peer.close()

    with ScriptedServer(stuck, answer("second"), receive_buffer=4096) as server:
        params = ("x" * 20_000_000,)
        yield Moment(client_of(server, **options), reached.is_set, records, params, closed=closed)


@contextlib.contextmanager
def before_the_answer() -> Iterator[Moment]:
    """The server has read the request."""
    with _silent(answer("second")) as moment:
        yield moment


@contextlib.contextmanager
def in_the_head() -> Iterator[Moment]:
    """Half of the head has come."""
    with _silent(answer("second"), sends=answer("first")[:20]) as moment:
        yield moment


@contextlib.contextmanager
def in_the_body() -> Iterator[Moment]:
    """Half of the body has come."""
    with _silent(answer("second"), sends=answer("first")[:-20]) as moment:
        yield moment


@contextlib.contextmanager
def with_tls() -> Iterator[Moment]:
    """The server has read the request, with TLS."""
    with _silent(answer("second"), tls=certificates().good()) as moment:
        yield moment


@contextlib.contextmanager
def _silent(*steps: Any, sends: bytes = b"", as_proxy: bool = False, tls: Any = None) -> Iterator[Moment]:
    """A server that reads the request, `sends` something and no more; `steps` follow."""
    records, options = _told(context=certificates().trusting())
    closed, reached = threading.Event(), threading.Event()

    def silent(peer: Peer) -> None:
        peer.read()
        peer.send(sends)
        peer.server.stopping.wait(0.05 if sends else 0)
        reached.set()
        with contextlib.suppress(OSError):
            peer.wait()
        closed.set()
        peer.close()

    with ScriptedServer(silent, *steps, tls=tls) as server:
        if as_proxy:
            options.update(proxy=server.url.replace("/RPC2", ""), allow_http=True)
        url = "http://127.0.0.1:9/RPC2" if as_proxy else server
        yield Moment(client_of(url, **options), reached.is_set, records, closed=closed)


# Between two attempts


@contextlib.contextmanager
def pause_after_no_connection() -> Iterator[Moment]:
    """Nothing listened."""
    with _pause(Retry(attempts=2, base=60, cap=60)) as moment:
        yield moment


@contextlib.contextmanager
def pause_after_a_lost_answer() -> Iterator[Moment]:
    """The server read the request and closed the connection."""
    with _pause(Retry(attempts=2, base=60, cap=60, resend_unknown=True), drop) as moment:
        yield moment


@contextlib.contextmanager
def pause_after_429() -> Iterator[Moment]:
    """The server asked to come back later."""
    throttled = http(b"", "Retry-After: 60", status="429 Too Many Requests")
    with _pause(Retry(attempts=2, resend_throttled=True), throttled) as moment:
        yield moment


@contextlib.contextmanager
def _pause(retry: Retry, *steps: Any) -> Iterator[Moment]:
    pauses = []

    class Noting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if "next attempt in" in record.getMessage():
                pauses.append(record)

    handler, logger = Noting(), logging.getLogger("mailkit_xmlrpc")
    records, options = _told(timeout=100, retry=retry)
    with contextlib.ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(random, "uniform", lambda least, most: most)
        stack.callback(logger.setLevel, logger.level)
        logger.setLevel(logging.INFO)
        logger.addHandler(handler)
        stack.callback(logger.removeHandler, handler)
        server = ScriptedServer(*steps, answer("second"))
        if steps:
            stack.enter_context(server)
        else:
            server.stop_listening()

        def listen() -> None:
            if not steps:
                server._listener = socket.create_server(("127.0.0.1", server.port))
                stack.enter_context(server)

        yield Moment(client_of(server, **options), lambda: bool(pauses), records, clear=listen)


NOT_SENT = [waiting_for_a_slot, resolving, connecting, in_the_handshake, asking_the_proxy, pause_after_no_connection]
IN_DOUBT = [sending, before_the_answer, in_the_head, in_the_body, with_tls]
PAUSES = [pause_after_no_connection, pause_after_a_lost_answer, pause_after_429]
