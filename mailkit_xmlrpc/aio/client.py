"""`AsyncClient`: a `Client` whose calls are awaited."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any, TypeVar

from ..api.paging import Cursor, Pages
from ..base_client import BaseClient
from ..call import Call
from ..result import Result
from .methods import AsyncMethods
from .proxy import AsyncServerProxy

__all__ = ["AsyncClient"]

T = TypeVar("T")
Row = TypeVar("Row")


class AsyncClient(BaseClient, AsyncMethods):
    """Calls Mailkit from asyncio: ``await client.journeys.trigger(...)``. Picklable; an asynchronous context manager.

    Arguments, methods and errors are those of `Client`. `on_call` and `convert` are called on the loop. The client can
    be used on several loops, one after the other or in several threads; each has its own `pool_size` connections.

    A call that is cancelled before the first byte of its request has left was not carried out. From then on it may have
    been: `on_call` is told NOT_SENT or UNKNOWN, and the connection is closed. If `on_call` raises an exception then,
    this is the context of the CancelledError. A task that is cancelled before its first step makes no call, and
    `on_call` is not told.
    """

    _proxy_type = AsyncServerProxy
    _server: AsyncServerProxy

    async def call(
        self, method: str, *params: Any, timeout: float | None = None, success: Iterable[str] = ()
    ) -> Result[Any]:
        """Call any method; see `Client.call`."""
        from ..api.catalogue import named_call  # imports all groups of methods

        call = named_call(method, params, success)
        del method, params  # either can hold the md5 by mistake, and a traceback can show local variables
        return await self.send(call, timeout=timeout)

    async def send(self, call: Call[T], *, timeout: float | None = None) -> Result[T]:
        """Make a call, such as ``calls.journeys.trigger(...)`` gives it; see `Client.send`."""
        progress = self._begin(call, timeout)
        try:
            return await self._send(call, progress)
        except (asyncio.CancelledError, GeneratorExit) as given_up:  # the latter: its loop was closed
            try:
                self._report(call.method, progress.outcome, progress.attempt.number, progress)
            finally:  # whatever on_call raises must not take the place of the cancellation
                raise given_up

    async def _pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def _rows(self, pages: Pages[Row], *, timeout: float | None) -> AsyncIterator[Row]:
        cursor = Cursor(pages)
        while fresh := cursor.take((await self.send(cursor.call, timeout=timeout)).unwrap()):
            while fresh:
                yield fresh.pop()
            await asyncio.sleep(pages.pause)

    async def close(self) -> None:
        """Close the idle connections of this loop. Can be called twice; a later call opens new ones."""
        await self._server("close")()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.close()
