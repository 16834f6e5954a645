"""The asynchronous clients behind the methods of the synchronous ones, so that the same tests hold for both.

Each has a loop in a thread of its own, as a program with an asyncio part has. Several threads can call one client.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest

from mailkit_xmlrpc import AsyncClient, AsyncServerProxy, Call, Result
from mailkit_xmlrpc.api.methods import Methods
from mailkit_xmlrpc.api.paging import Pages

__all__ = ["BlockingClient", "BlockingProxy", "LoopThread", "both"]

both = pytest.mark.usefixtures("waiting")
"""Marks tests that `client_of` and `serving` give each kind of client in turn."""


class LoopThread:
    """A loop that runs in a thread."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """What the coroutine gives on the loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result()

    def end(self) -> None:
        """End the loop as asyncio.run does."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()


class BlockingClient(Methods):
    """An `AsyncClient` whose calls block."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.inner = AsyncClient(*args, **options)
        self.options, self.url, self.client_id = self.inner.options, self.inner.url, self.inner.client_id
        self._server = self.inner._server
        self._loop: LoopThread | None = None

    def _run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        self._loop = self._loop or LoopThread()
        return self._loop.run(coroutine)

    def call(self, *args: Any, **options: Any) -> Result[Any]:
        result: Result[Any] = self._run(self.inner.call(*args, **options))
        return result

    def send(self, call: Call[Any], *, timeout: float | None = None) -> Result[Any]:
        result: Result[Any] = self._run(self.inner.send(call, timeout=timeout))
        return result

    def _rows(self, pages: Pages[Any], *, timeout: float | None) -> Iterator[Any]:
        rows = self.inner._rows(pages, timeout=timeout)
        while True:
            try:
                yield self._run(rows.__anext__())  # type: ignore[arg-type]
            except StopAsyncIteration:
                return

    def close(self) -> None:
        if self._loop is not None:
            self._run(self.inner.close())

    def __enter__(self) -> BlockingClient:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()
        if self._loop is not None:
            self._loop.end()
            self._loop = None

    def __repr__(self) -> str:
        return repr(self.inner)


class BlockingProxy:
    """An `AsyncServerProxy` whose calls block."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._proxy = AsyncServerProxy(*args, **options)
        self._loop = LoopThread()

    def __getattr__(self, name: str) -> Any:
        return _Method(self._loop, getattr(self._proxy, name))

    def __enter__(self) -> BlockingProxy:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._loop.run(self._proxy("close")())
        self._loop.end()


class _Method:
    def __init__(self, loop: LoopThread, method: Any) -> None:
        self._loop, self._method = loop, method

    def __getattr__(self, name: str) -> _Method:
        return _Method(self._loop, getattr(self._method, name))

    def __call__(self, *args: Any) -> Any:
        async def call() -> Any:
            return await self._method(*args)

        return self._loop.run(call())
