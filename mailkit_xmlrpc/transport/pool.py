"""The idle connections of one transport, shared by threads.

At most `size` connections are in use at once; a further call waits for a free slot, within its deadline. Calls get
slots in the order in which they began to wait: otherwise a thread that makes one call after another would leave none to
the others. A forked process starts with an empty pool, because the sockets that it inherited belong to its parent.

A signal handler can raise an exception between any two bytecodes (Ctrl-C, the time limit of a task), and a lock could
stay locked then. So every step here is one call of a function in C (of a deque or a dict), which a signal does not
interrupt and threads do not divide. A slot that is lost between two such steps dies, and a call that waits replaces it.
A turn that is lost is passed over.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections import deque
from contextlib import suppress

from ..errors import NotSentError
from ..options import Origin
from .deadline import Deadline
from .stream import Stream

__all__ = ["Connections", "Lease", "Pool", "Slot", "discard_all"]

# Seconds after which an idle connection is not used again: shorter than what servers and firewalls allow.
IDLE_SECONDS = 30.0
# How often, in seconds, a call that waits looks whether a slot or a turn was lost.
_LOOK_SECONDS = 0.5

_Idle = deque[tuple[Origin, Stream]]


class Slot:
    """The permission to use one connection.

    No variable refers to it: a traceback that is kept would keep it alive, and a lost slot must die to be replaced. So
    a call has it in a list, from which it goes back::

        held = []
        try:
            held.append(await connections.take(deadline))
            ...
        finally:
            if held:
                connections.free.append(held.pop())
            connections.wake()
    """

    __slots__ = ("__weakref__",)


class Connections:
    """The slots and the idle connections of a pool in one process.

    Attributes:
        size: how many slots there are.
        free: the slots that no call has.
        idle: the connections that no call uses, the one that was used last at the end.
    """

    def __init__(self, size: int) -> None:
        self.free: deque[Slot] = deque()
        self.idle: _Idle = deque()
        self.size = size
        # The turns of the calls that wait, the first one first: locks that are locked. To unlock one wakes its call.
        self._waiting: deque[threading.Lock] = deque()
        self._known: dict[int, weakref.ref[Slot]] = {}
        for number in range(size):
            self._add_slot(number)

    def _add_slot(self, number: int) -> None:
        slot = Slot()
        known = weakref.ref(slot)
        if self._known.setdefault(number, known) is known:  # otherwise another thread was first
            self.free.append(slot)

    def replace_lost(self) -> None:
        """Make a new slot for each one that is neither free nor in use."""
        for number, slot in list(self._known.items()):
            if slot() is None:
                self._add_slot(number + self.size)
                self._known.pop(number, None)

    async def take(self, deadline: Deadline) -> Slot:
        """A slot for one call. Raises NotSentError if it does not get one in time."""
        if not self._waiting:
            try:
                return self.free.popleft()
            except IndexError:
                pass
        turn = threading.Lock()
        turn.acquire()
        self._waiting.append(turn)
        try:
            return self._wait(turn, deadline)
        finally:
            with suppress(ValueError):  # it was passed over
                self._waiting.remove(turn)
            self.wake()

    def _wait(self, turn: threading.Lock, deadline: Deadline) -> Slot:
        unclaimed = False
        while True:
            if turn not in self._waiting:
                self._waiting.append(turn)
            self.replace_lost()
            if self._is_first(turn):
                with suppress(IndexError):
                    return self.free.popleft()
            try:
                left = deadline.remaining()
            except TimeoutError:
                raise self.busy() from None
            woken = turn.acquire(timeout=_LOOK_SECONDS if left is None else min(left, _LOOK_SECONDS))
            before, unclaimed = unclaimed, bool(self.free) and not woken
            if unclaimed and (before or not deadline.allows(0)):
                self._pass_over(turn)

    def busy(self) -> NotSentError:
        """The error of a call that did not get a slot in time."""
        return NotSentError(f"all {self.size} connections stayed busy until the timeout; allow more with pool_size=")

    def _pass_over(self, turn: threading.Lock) -> None:
        """Drop the turns before this one: a slot is free, and the first of them does not take it. If a call still waits
        for one of them, it lines up again."""
        with suppress(IndexError):
            while not self._is_first(turn):
                self._waiting.popleft()

    def _is_first(self, turn: threading.Lock) -> bool:
        try:
            return self._waiting[0] is turn
        except IndexError:  # it was passed over
            return False

    def wake(self) -> None:
        """Wake the call that waits first, if there is a slot for it. It takes the slot itself."""
        if self.free and self._waiting:
            with suppress(IndexError, RuntimeError):  # it has gone, or is awake already
                self._waiting[0].release()

    def lease(self, origin: Origin) -> Lease:
        """A connection to `origin` for a call that has a slot: ``with connections.lease(origin) as lease``."""
        return Lease(self, origin)


class Pool:
    """The connections of a transport, for each process its own."""

    _connections_type = Connections

    def __init__(self, size: int) -> None:
        self._size = size
        self._by_place: dict[object, Connections] = {}

    def __reduce__(self) -> tuple[type[Pool], tuple[int]]:
        return type(self), (self._size,)

    def connections(self) -> Connections:
        """Those of this process; in a new process they are made as a whole and then published once."""
        place = self._place()
        found = self._by_place.get(place)
        if found is None:
            found = self._by_place.setdefault(place, self._connections_type(self._size))
            for other in filter(self._is_gone, set(self._by_place) - {place}):
                inherited = self._by_place.pop(other, None)
                if inherited is not None:
                    discard_all(inherited.idle)  # closes this process's descriptors; the parent's connections stay
        return found

    def _place(self) -> object:
        """What has connections of its own."""
        return os.getpid()

    def _is_gone(self, place: object) -> bool:
        """Whether the connections of another place can be discarded."""
        return True

    def close(self) -> None:
        """Close the idle connections; those in use are closed when they come back. The pool stays usable."""
        connections = self.connections()
        idle, connections.idle = connections.idle, deque()
        discard_all(idle)


class Lease:
    """The connection of one call.

    It goes back into the pool only after `keep`. Whatever else ends the block, an interrupt included, leaves it in an
    unknown state, and it is closed.

    Attributes:
        stream: the connection; the caller sets it.
    """

    __slots__ = ("_connections", "_idle", "_kept", "_origin", "stream")

    def __init__(self, connections: Connections, origin: Origin) -> None:
        self._connections, self._origin = connections, origin
        # `Pool.close` replaces it, and then the connection is not kept.
        self._idle = connections.idle
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
        if self._idle is not self._connections.idle:
            discard_all(self._idle)
        elif len(self._idle) > self._connections.size:
            # Only a transport that calls several servers has more idle connections than slots: the oldest goes.
            with suppress(IndexError):
                self._idle.popleft()[1].discard()


def discard_all(idle: _Idle) -> None:
    """Close idle connections."""
    with suppress(IndexError):
        while True:
            idle.pop()[1].discard()
