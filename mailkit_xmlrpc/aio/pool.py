"""The idle connections of one transport on each loop that uses it.

Calls get slots in the order in which they began to wait. A call that is cancelled while it waits leaves its turn to the
next one.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator

from ..transport.deadline import Deadline
from ..transport.pool import Connections, Pool, Slot, discard_all
from ..transport.stream import finished
from .stream import within

__all__ = ["AsyncConnections", "AsyncPool"]


class AsyncConnections(Connections):
    """The slots and the idle connections of a pool on the running loop."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self._loop = asyncio.get_running_loop()
        self._turns: deque[asyncio.Future[None]] = deque()
        # asyncio.run, and whatever else ends a loop in order, ends the loop's generators before it.
        self._end = self._until_the_end()
        finished(self._end.asend(None))

    async def _until_the_end(self) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            discard_all(self.idle)

    async def take(self, deadline: Deadline) -> Slot:
        """See `Connections.take`."""
        if self.free and not self._turns:
            return self.free.popleft()
        turn = self._loop.create_future()
        self._turns.append(turn)
        try:
            await within(deadline, turn)
            return self.free.popleft()
        except TimeoutError:
            raise self.busy() from None
        finally:
            self._turns.remove(turn)
            self.wake()

    def wake(self) -> None:
        """See `Connections.wake`."""
        if self.free and self._turns and not self._turns[0].done() and not self._loop.is_closed():
            self._turns[0].set_result(None)


class AsyncPool(Pool):
    """The connections of a transport, for each loop its own."""

    _connections_type = AsyncConnections

    def _place(self) -> object:
        return asyncio.get_running_loop()

    def _is_gone(self, place: object) -> bool:
        return isinstance(place, asyncio.AbstractEventLoop) and place.is_closed()
