"""The idle connections of one transport, shared by threads.

At most `size` connections are in use at once; a further call waits for a free slot, within its deadline. A forked
process starts with an empty pool, because the sockets that it inherited belong to its parent.
"""

from __future__ import annotations

import os
import queue
import threading

from ..errors import NotSentError
from ..options import Origin
from .deadline import Deadline
from .stream import Stream

__all__ = ["Pool"]

# Seconds after which an idle connection is not used again: shorter than what servers and firewalls allow.
IDLE_SECONDS = 30.0


class Pool:
    """Hands out connections to an `Origin` and takes them back."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._reset()

    def _reset(self) -> None:
        self._process = os.getpid()
        # A queue in C rather than threading.Semaphore, which is written in Python and slower for many threads.
        self._slots: queue.SimpleQueue[None] = queue.SimpleQueue()
        for _ in range(self._size):
            self._slots.put(None)
        self._lock = threading.Lock()
        self._idle: list[tuple[Origin, Stream]] = []
        # Counts the calls of `close`: a connection that was in use meanwhile is not kept.
        self._generation = 0

    def lease(self, origin: Origin, deadline: Deadline) -> Lease:
        """A slot for one call: ``with pool.lease(...) as lease``."""
        self._reset_after_fork()
        return Lease(self, origin, deadline)

    def _reset_after_fork(self) -> None:
        """A lock that another thread of the parent held at the fork is never released in the child."""
        if self._process != os.getpid():
            inherited = self._idle
            self._reset()
            for _, stream in inherited:
                stream.discard()  # closes this process's descriptor; the parent's connection stays open

    def close(self) -> None:
        """Close the idle connections; those in use are closed when they come back. The pool stays usable."""
        self._reset_after_fork()
        with self._lock:
            idle, self._idle = self._idle, []
            self._generation += 1
        for _, stream in idle:
            stream.discard()

    def _take_idle(self, origin: Origin) -> Stream | None:
        """The connection to `origin` that was used last, if it can be used again."""
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

    def _keep_idle(self, origin: Origin, stream: Stream, generation: int) -> None:
        surplus: Stream | None = stream
        with self._lock:
            if generation == self._generation:
                self._idle.append((origin, stream))
                # Only a transport that calls several servers has more idle connections than slots: the oldest goes.
                surplus = self._idle.pop(0)[1] if len(self._idle) > self._size else None
        if surplus is not None:
            surplus.discard()


class Lease:
    """A slot in the pool, for one call. Entering it raises NotSentError if no slot gets free in time.

    The connection goes back into the pool only after `keep`. Whatever else ends the block, an interrupt included,
    leaves it in an unknown state, and it is closed.

    Attributes:
        stream: the connection of the call; the caller sets it.
    """

    __slots__ = ("_deadline", "_generation", "_kept", "_origin", "_pool", "_slots", "stream")

    def __init__(self, pool: Pool, origin: Origin, deadline: Deadline) -> None:
        self._pool, self._origin, self._deadline = pool, origin, deadline
        self._slots, self._generation = pool._slots, pool._generation
        self.stream: Stream | None = None
        self._kept = False

    def __enter__(self) -> Lease:
        try:
            self._slots.get_nowait()
        except queue.Empty:
            self._wait()
        return self

    def _wait(self) -> None:
        try:
            self._slots.get(timeout=self._deadline.remaining())
        except (queue.Empty, TimeoutError):
            raise NotSentError(
                f"all {self._pool._size} connections stayed busy until the timeout; allow more with pool_size="
            ) from None

    def idle(self) -> Stream | None:
        """An idle connection that can be used again, or None."""
        return self._pool._take_idle(self._origin)

    def keep(self) -> None:
        """The call ended well and the server keeps the connection open, so the pool keeps it too."""
        self._kept = True

    def __exit__(self, *exc_info: object) -> None:
        try:
            if self.stream is not None and self._kept:
                self.stream.mark_idle()
                self._pool._keep_idle(self._origin, self.stream, self._generation)
            elif self.stream is not None:
                self.stream.discard()
        finally:
            self._slots.put(None)
