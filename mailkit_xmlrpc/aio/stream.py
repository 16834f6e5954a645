"""A connection on an asyncio loop: the steps of `Stream`, each of which waits without blocking.

The loop reads as soon as something comes and keeps it until `receive` takes it. So an idle connection on which
something has come, or that was closed, is known and not used again.

asyncio's own `wait_for` is not used: until Python 3.11 it can swallow a cancellation.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
import ssl
from collections.abc import Coroutine
from contextlib import ExitStack, suppress
from typing import Any, TypeVar, cast

from ..transport.deadline import LONGEST_WAIT, Deadline
from ..transport.request import Payload
from ..transport.stream import CHUNK, Address, Stream

__all__ = ["AsyncStream", "within"]

T = TypeVar("T")

# Bytes that are kept while nobody takes them. A server that sends more is not read until somebody does.
_MOST_KEPT = 1 << 20
# How often, in seconds, a call whose request does not leave at once looks whether it has.
_LOOK_SECONDS = 0.005


async def within(deadline: Deadline, future: asyncio.Future[T]) -> T:
    """The result of a future. Raises TimeoutError if it has none in time; then the future has that error."""
    left = deadline.remaining()
    if left is None:
        return await future
    timer = future.get_loop().call_later(left, _time_out, future)
    try:
        return await future
    finally:
        timer.cancel()


def _time_out(future: asyncio.Future[Any]) -> None:
    if not future.done():
        future.set_exception(TimeoutError(errno.ETIMEDOUT, "timed out"))


def _is_address(host: str) -> bool:
    with suppress(ValueError):
        return bool(ipaddress.ip_address(host))
    return False


class AsyncStream(Stream, asyncio.BufferedProtocol):
    """A connection on the running loop. Arguments and methods are those of `Stream`."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__(deadline)
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._layers: list[asyncio.Transport] = []  # TLS is the second one
        self._buffer = memoryview(bytearray(CHUNK))  # asyncio's own for data_received is mapped anew for each answer
        self._kept = b""
        self._is_secured = False  # with TLS, or about to be
        self._has_ended = False  # nothing more will come
        self._is_lost = False
        self._error: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def resolve(self, host: str, port: int) -> list[Address]:
        """See `Stream.resolve`. The deadline ends the waiting, and leaves the resolver to its thread."""
        if _is_address(host):  # nobody has to be asked, and the threads can all be busy
            return await super().resolve(host, port)
        found = await self._bounded(self._loop.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        return [Address(*each) for each in found]

    async def open(self, address: Address) -> None:
        """See `Stream.open`."""
        sock = socket.socket(address.family, address.kind, address.protocol)
        with ExitStack() as on_failure:
            on_failure.callback(sock.close)
            sock.setblocking(False)
            await self._bounded(self._loop.sock_connect(sock, address.address))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            on_failure.pop_all()
        self.sock = sock

    async def start(self, context: ssl.SSLContext | None, hostname: str) -> None:
        """See `Stream.start`."""
        await self._bounded(self._loop.create_connection(lambda: self, sock=self.sock))
        if context is not None:
            self._is_secured = True
            self._transport = await self._bounded(self._secured(context, hostname))
            if self._transport is None:
                raise ConnectionResetError(errno.ECONNRESET, "the connection was closed")
            self._layers.append(self._transport)

    async def _secured(self, context: ssl.SSLContext, hostname: str) -> asyncio.Transport | None:
        """TLS on the connection.

        What came before it is not encrypted: anybody on the way can have sent it. It must not be kept, or it would be
        read as the answer to the first call. From here on, the loop gives it to TLS, which refuses it.
        """
        if self._kept:
            raise ssl.SSLError(errno.EPROTO, "the server sent something before the handshake")
        return await self._loop.start_tls(
            self._layers[0],
            self,
            context,
            server_hostname=hostname,
            ssl_handshake_timeout=self.deadline.remaining() or LONGEST_WAIT,  # asyncio's own limit is a minute
        )

    async def _bounded(self, work: Coroutine[Any, Any, T]) -> T:
        """What `work` gives, within the deadline. It has ended when this returns, or it would still use the socket."""
        task = self._loop.create_task(work)
        try:
            await asyncio.wait({task}, timeout=self.deadline.remaining())
            if not task.done():
                raise TimeoutError(errno.ETIMEDOUT, "timed out")
            return task.result()
        finally:
            if not task.done() and not self._loop.is_closed():
                task.cancel()
                await asyncio.wait({task})
            if task.done() and not task.cancelled():
                task.exception()  # it is not reported as forgotten

    async def send(self, payload: Payload) -> None:
        """See `Stream.send`."""
        if self._transport is None:  # a proxy is asked for a tunnel
            await self._bounded(self._loop.sock_sendall(self.sock, payload.data))
            return
        self._transport.write(payload.data)
        # TLS does not tell when the connection below it has sent all, so `pause_writing` is of no use.
        while self._has_unsent():
            if self._is_lost:
                raise self._reset()
            self.deadline.remaining()
            with suppress(TimeoutError):
                await self._wait(self.deadline.within(_LOOK_SECONDS))

    def _has_unsent(self) -> bool:
        """Whether something has not left, or was dropped: a connection that breaks forgets what it had to send."""
        for layer in self._layers:  # noqa: SIM110 (a generator takes longer than the rest)
            if layer.get_write_buffer_size() > 0 or layer.is_closing():
                return True
        return False

    async def receive(self) -> bytes:
        """See `Stream.receive`."""
        if self._transport is None:
            return await self._bounded(self._loop.sock_recv(self.sock, CHUNK))
        while not self._kept and not self._has_ended:
            await self._wait(self.deadline)
        if self._kept:
            return self._taken(self._transport)
        if self._error is not None:
            raise self._reset()
        return b""

    def _taken(self, transport: asyncio.Transport) -> bytes:
        data, self._kept = self._kept, b""
        # Until Python 3.10, a TLS transport that has lost its connection fails here.
        if len(data) > _MOST_KEPT and not self._layers[0].is_closing():
            transport.resume_reading()
        return data

    def _reset(self) -> OSError:
        """The error of a connection that was lost."""
        if isinstance(self._error, OSError):
            return self._error
        return ConnectionResetError(errno.ECONNRESET, "the connection was closed")

    async def _wait(self, deadline: Deadline) -> None:
        """Wait until something has come, or the connection has ended."""
        self._until = deadline
        left = deadline.remaining()
        if left is not None:
            self._look_in(left)
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _look_in(self, seconds: float) -> None:
        """Let the loop look at the deadline after so many seconds, or earlier. The timer outlives the call: to make one
        for each call takes as long as to encode it."""
        if self._timer is not None and self._timer.when() > self._loop.time() + seconds:
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._timer = self._loop.call_later(seconds, self._look)

    def _look(self) -> None:
        self._timer = None
        if self._waiter is None or self._waiter.done():
            return
        try:
            left = self._until.remaining()
        except TimeoutError as error:
            self._waiter.set_exception(error)
        else:
            if left is not None:
                self._look_in(left)

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def reusable(self, age: float) -> bool:
        """See `Stream.reusable`."""
        return not self._kept and not self._has_ended and super().reusable(age)

    def discard(self) -> None:
        """See `Stream.discard`. The loop closes the connection at its next step."""
        if self._timer is not None:
            self._timer.cancel()
        if self._transport is None or self._loop.is_closed():
            self.sock.close()
        else:
            self._transport.abort()

    # The loop calls these.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.Protocol`."""
        self._transport = cast("asyncio.Transport", transport)
        self._layers.append(self._transport)

    def get_buffer(self, sizehint: int) -> memoryview:
        """See `asyncio.BufferedProtocol`."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """See `asyncio.BufferedProtocol`."""
        self._kept += bytes(self._buffer[:nbytes])
        if len(self._kept) > _MOST_KEPT and self._transport is not None:
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        """See `asyncio.Protocol`. The rest of a request can still be sent, but not with TLS."""
        self._has_ended = True
        self._wake()
        return not self._is_secured

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        self._has_ended = self._is_lost = True
        self._error = exc
        self._wake()
