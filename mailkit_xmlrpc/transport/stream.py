"""A connection whose every step keeps one deadline.

It has no buffer: bytes that are left over after an answer must not become the answer to the next call.

What waits for the network is a coroutine, so that `connect`, `exchange` and `Transport` stand once for threads and for
asyncio. Here every wait blocks the thread, and `finished` gives the result of such a coroutine.
"""

from __future__ import annotations

import errno
import select
import socket
import ssl
import time
from collections.abc import Coroutine
from contextlib import ExitStack
from functools import partial
from typing import Any, Callable, NamedTuple, TypeVar

from .deadline import Deadline
from .head import Head, HeadReader
from .request import Payload

__all__ = ["CHUNK", "Address", "Stream", "finished"]

T = TypeVar("T")

# How many bytes are read at once.
CHUNK = 65536


def finished(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that blocks instead of waiting, and so ends at its first step."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        value: T = end.value
        return value
    raise AssertionError("the coroutine waits")


class Address(NamedTuple):
    """An address as `socket.getaddrinfo` gives it."""

    family: int
    kind: int
    protocol: int
    canonical_name: str
    address: tuple[Any, ...]


class Stream:
    """A connection under a deadline; set `deadline` before each use.

    Args:
        deadline: how long each step can take.
        sock: the socket, if it is connected already.
    """

    sock: socket.socket

    def __init__(self, deadline: Deadline, sock: socket.socket | None = None) -> None:
        if sock is not None:
            self.sock = sock
        self.deadline = deadline
        self._last_used = time.monotonic()
        self._poll: Callable[[], object] | None = None

    async def resolve(self, host: str, port: int) -> list[Address]:
        """The addresses of a host. Nothing bounds this here, because the system's resolver takes no timeout."""
        return [Address(*each) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]

    async def open(self, address: Address) -> None:
        """Connect to an address. Raises OSError."""
        sock = socket.socket(address.family, address.kind, address.protocol)
        with ExitStack() as on_failure:
            on_failure.callback(sock.close)
            sock.settimeout(self.deadline.remaining())
            sock.connect(address.address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            on_failure.pop_all()
        self.sock = sock

    async def start(self, context: ssl.SSLContext | None, hostname: str) -> None:
        """Begin to use the connection, with TLS if there is a context. Raises OSError."""
        if context is not None:
            self.sock.settimeout(self.deadline.remaining())
            self.sock = context.wrap_socket(self.sock, server_hostname=hostname)

    async def send(self, payload: Payload) -> None:
        """Send all of `payload`. `sendall` would begin the timeout anew with every record of TLS."""
        rest = memoryview(payload.data)
        while rest:
            self.sock.settimeout(self.deadline.remaining())
            rest = rest[self.sock.send(rest) :]

    async def receive(self) -> bytes:
        """The next bytes, as many as are there; none at the end of the stream."""
        # Python itself bounds a wait that signals interrupt (PEP 475), as gevent and eventlet do.
        self.sock.settimeout(self.deadline.remaining())
        return self.sock.recv(CHUNK)

    async def receive_head(self) -> tuple[Head, bytes]:
        """The head of a response, and the bytes that came after it.

        Raises:
            OSError: the connection was lost.
            ResponseError: this is not an HTTP response.
        """
        reader = HeadReader()
        while data := await self.receive():
            found = reader.feed(data)
            if found is not None:
                return found
        raise ConnectionResetError(errno.ECONNRESET, "the connection was closed")

    # The pool calls these.

    def reusable(self, age: float) -> bool:
        """Whether this idle connection can be used again: it was used less than `age` seconds ago, and has nothing to
        read. A connection that the server closed, or sent something on, is readable."""
        if time.monotonic() - self._last_used > age:
            return False
        if self._poll is None:
            self._poll = _poll_of(self.sock)
        return not self._poll()

    def mark_idle(self) -> None:
        """A call on this connection has ended well, now."""
        self._last_used = time.monotonic()

    def discard(self) -> None:
        """Close the connection for good."""
        self.sock.close()


def _poll_of(sock: socket.socket) -> Callable[[], object]:
    """A function that tells whether something can be read."""
    # select.select cannot watch a descriptor above 1023, but Windows has nothing else.
    if not hasattr(select, "poll"):
        return lambda: select.select([sock], [], [], 0)[0]
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return partial(poll.poll, 0)
