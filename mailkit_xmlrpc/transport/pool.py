"""The idle connections of one transport, shared by threads.

At most `size` connections are in use at once; whoever wants one more waits, within its deadline. A process
that was forked off starts with an empty pool: the sockets it inherited belong to its parent.
"""

from __future__ import annotations

import os
import queue
import threading
from typing import Callable

from ..errors import ConfigError, NotSentError
from .connect import Origin
from .deadline import Deadline
from .stream import Stream

__all__ = ["Pool"]

# Seconds after which an idle connection is not trusted any more: shorter than what servers and firewalls grant.
IDLE_SECONDS = 30.0


class Pool:
    """Hands out connections to an `Origin` and takes them back."""

    def __init__(self, size: int) -> None:
        if isinstance(size, bool) or not isinstance(size, int) or size < 1:
            raise ConfigError(f"pool_size must be an int of at least 1, got {size!r}")
        self._size = size
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        # A queue of places, because the standard library's semaphores are made of Python.
        self._places: queue.SimpleQueue[None] = queue.SimpleQueue()
        for _ in range(self._size):
            self._places.put(None)
        self._lock = threading.Lock()
        self._idle: list[tuple[Origin, Stream]] = []
        self._era = 0

    def lease(self, origin: Origin, deadline: Deadline, connect: Callable[[], Stream]) -> Lease:
        """A place for one call: ``with pool.lease(...) as lease``. `connect` opens a new connection."""
        self._notice_fork()
        return Lease(self, origin, deadline, connect)

    def _notice_fork(self) -> None:
        """A lock that another thread of the parent held at the fork would never be released here."""
        if self._process != os.getpid():
            inherited = self._idle
            self._begin()
            for _, stream in inherited:
                stream.discard()  # closes this process's copy; the parent's connection goes on

    def close(self) -> None:
        """Close what is idle; what is in use is closed when it comes back. The pool stays usable."""
        self._notice_fork()
        with self._lock:
            idle, self._idle = self._idle, []
            self._era += 1
        for _, stream in idle:
            stream.discard()

    def _rested(self, origin: Origin) -> Stream | None:
        """The connection that was used last, if there is one that may be used again."""
        while True:
            with self._lock:
                latest = len(self._idle) - 1
                while latest >= 0 and self._idle[latest][0] != origin:
                    latest -= 1
                if latest < 0:
                    return None
                _, stream = self._idle.pop(latest)
            if stream.reusable(IDLE_SECONDS):
                return stream
            stream.discard()

    def _keep(self, origin: Origin, stream: Stream, era: int) -> None:
        surplus: Stream | None = stream
        with self._lock:
            if era == self._era:
                self._idle.append((origin, stream))
                # Only a transport that calls several servers ever has more than places: the oldest goes.
                surplus = self._idle.pop(0)[1] if len(self._idle) > self._size else None
        if surplus is not None:
            surplus.discard()


class Lease:
    """A place in the pool and the connection that goes with it.

    The connection goes back into the pool only after `keep()`: whatever else ends the block, an interrupt
    included, leaves it in a state that nobody knows, and closes it.
    """

    __slots__ = ("_connect", "_deadline", "_era", "_kept", "_origin", "_places", "_pool", "_stream")

    def __init__(self, pool: Pool, origin: Origin, deadline: Deadline, connect: Callable[[], Stream]) -> None:
        self._pool, self._origin, self._deadline, self._connect = pool, origin, deadline, connect
        self._places, self._era = pool._places, pool._era
        self._stream: Stream | None = None
        self._kept = False

    def __enter__(self) -> Lease:
        try:
            self._places.get_nowait()
        except queue.Empty:
            self._wait()
        return self

    def _wait(self) -> None:
        try:
            self._places.get(timeout=self._deadline.remaining())
        except (queue.Empty, TimeoutError):
            raise NotSentError(
                f"all {self._pool._size} connections stayed busy until the timeout; allow more with pool_size="
            ) from None

    def stream(self) -> Stream:
        """The connection: a rested one, or a new one."""
        if self._stream is None:
            self._stream = self._pool._rested(self._origin) or self._connect()
            self._stream.deadline = self._deadline
        return self._stream

    def keep(self) -> None:
        """The call ended well and the server keeps the connection open: so do we."""
        self._kept = True

    def __exit__(self, *exc_info: object) -> None:
        try:
            if self._stream is not None and self._kept:
                self._stream.settle()
                self._pool._keep(self._origin, self._stream, self._era)
            elif self._stream is not None:
                self._stream.discard()
        finally:
            self._places.put(None)
