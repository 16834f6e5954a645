"""The idle connections of one transport, shared by threads.

At most `size` connections are in use at once; a further call waits for a free slot, within its deadline. A forked
process starts with an empty pool, because the sockets that it inherited belong to its parent.

A signal handler can raise an exception between any two bytecodes (Ctrl-C, the time limit of a task), so this module
has no lock, which such an exception could leave locked. Every step is one call of a function in C (of a deque, a queue
or a dict), which a signal does not interrupt and threads do not divide. A slot that is lost between two such steps
dies, and the next call that has to wait replaces it.
"""

from __future__ import annotations

import os
import queue
import weakref
from collections import deque
from contextlib import suppress

from ..errors import NotSentError
from ..options import Origin
from .deadline import Deadline
from .stream import Stream

__all__ = ["Lease", "Pool", "Slot"]

# Seconds after which an idle connection is not used again: shorter than what servers and firewalls allow.
IDLE_SECONDS = 30.0
# Seconds after which a call that waits for a slot looks again whether one was lost.
_LOOK_SECONDS = 1.0

_Idle = deque[tuple[Origin, Stream]]


class Slot:
    """The permission to use one connection.

    No variable refers to it: a traceback that is kept would keep it alive, and a lost slot must die to be replaced. So
    a call has it in a list, from which it goes back::

        slots = pool.slots()
        held = []
        try:
            held.append(pool.take(deadline))
            ...
        finally:
            if held:
                slots.put(held.pop())
    """

    __slots__ = ("__weakref__",)


class _State:
    """What a pool has in one process."""

    def __init__(self, size: int) -> None:
        # A queue in C rather than threading.Semaphore, which is written in Python and slower for many threads.
        self.free: queue.SimpleQueue[Slot] = queue.SimpleQueue()
        self.idle: _Idle = deque()
        self._size = size
        self._slots: dict[int, weakref.ref[Slot]] = {}
        for number in range(size):
            self._add(number)

    def _add(self, number: int) -> None:
        slot = Slot()
        known = weakref.ref(slot)
        if self._slots.setdefault(number, known) is known:  # otherwise another thread was first
            self.free.put(slot)

    def replace_lost(self) -> None:
        """Make a new slot for each one that is neither free nor in use."""
        for number, slot in list(self._slots.items()):
            if slot() is None:
                self._add(number + self._size)
                self._slots.pop(number, None)


class Pool:
    """Hands out slots and connections, and takes them back."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._states: dict[int, _State] = {}

    def __reduce__(self) -> tuple[type[Pool], tuple[int]]:
        return type(self), (self._size,)

    def _state(self) -> _State:
        """What belongs to this process; in a new process it is made as a whole and then published once."""
        process = os.getpid()
        state = self._states.get(process)
        if state is None:
            state = self._states.setdefault(process, _State(self._size))
            for other in set(self._states) - {process}:
                inherited = self._states.pop(other, None)
                if inherited is not None:
                    _discard_all(inherited.idle)  # closes this process's descriptors; the parent's connections stay
        return state

    def slots(self) -> queue.SimpleQueue[Slot]:
        """The free slots."""
        return self._state().free

    def take(self, deadline: Deadline) -> Slot:
        """A slot for one call. Raises NotSentError if none gets free in time."""
        state = self._state()
        try:
            return state.free.get_nowait()
        except queue.Empty:
            pass
        return self._wait(state, deadline)

    def _wait(self, state: _State, deadline: Deadline) -> Slot:
        while True:
            state.replace_lost()
            try:
                left = deadline.remaining()
                return state.free.get(timeout=_LOOK_SECONDS if left is None else min(left, _LOOK_SECONDS))
            except queue.Empty:
                pass
            except TimeoutError:
                raise NotSentError(
                    f"all {self._size} connections stayed busy until the timeout; allow more with pool_size="
                ) from None

    def lease(self, origin: Origin) -> Lease:
        """A connection to `origin` for a call that has a slot: ``with pool.lease(origin) as lease``."""
        return Lease(self._state(), origin, self._size)

    def close(self) -> None:
        """Close the idle connections; those in use are closed when they come back. The pool stays usable."""
        state = self._state()
        idle, state.idle = state.idle, deque()
        _discard_all(idle)


class Lease:
    """The connection of one call.

    It goes back into the pool only after `keep`. Whatever else ends the block, an interrupt included, leaves it in an
    unknown state, and it is closed.

    Attributes:
        stream: the connection; the caller sets it.
    """

    __slots__ = ("_idle", "_kept", "_origin", "_size", "_state", "stream")

    def __init__(self, state: _State, origin: Origin, size: int) -> None:
        self._state, self._origin, self._size = state, origin, size
        # `Pool.close` replaces it, and then the connection is not kept.
        self._idle = state.idle
        self.stream: Stream | None = None
        self._kept = False

    def __enter__(self) -> Lease:
        return self

    def idle(self) -> Stream | None:
        """The connection to the origin that was used last, or None if there is none that can be used again."""
        for _ in range(len(self._idle)):
            try:
                origin, stream = self._idle.pop()
            except IndexError:  # another thread was faster
                break
            if origin != self._origin:
                self._idle.appendleft((origin, stream))
            elif stream.reusable(IDLE_SECONDS):
                return stream
            else:
                stream.discard()
        return None

    def keep(self) -> None:
        """The call ended well and the server keeps the connection open, so the pool keeps it too."""
        self._kept = True

    def __exit__(self, *exc_info: object) -> None:
        if self.stream is None:
            return
        if not self._kept:
            self.stream.discard()
            return
        self.stream.mark_idle()
        self._idle.append((self._origin, self.stream))
        if self._idle is not self._state.idle:
            _discard_all(self._idle)
        elif len(self._idle) > self._size:
            # Only a transport that calls several servers has more idle connections than slots: the oldest goes.
            with suppress(IndexError):
                self._idle.popleft()[1].discard()


def _discard_all(idle: _Idle) -> None:
    with suppress(IndexError):
        while True:
            idle.pop()[1].discard()
