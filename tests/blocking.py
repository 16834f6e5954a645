"""The asynchronous clients behind the methods of the synchronous ones, so that the same tests hold for both.

Each has a loop in a thread of its own, as a program with an asyncio part has. Several threads can call one client.
"""

from __future__ import annotations

import asyncio
import copy
import threading
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest

from mailkit_xmlrpc import AsyncClient, AsyncServerProxy, Call, Client, Result, ServerProxy
from mailkit_xmlrpc.api.methods import Methods
from mailkit_xmlrpc.api.paging import Pages
from mailkit_xmlrpc.proxy import send_request
from mailkit_xmlrpc.transport import finished

__all__ = ["BlockingClient", "BlockingProxy", "LoopThread", "both", "each_client", "each_proxy", "sent"]

both = pytest.mark.usefixtures("waiting")
"""Marks tests for which `new_client`, `client_of`, `serving` and `proxy_of` make each kind of client in turn."""

each_client = pytest.mark.parametrize("kind", [Client, AsyncClient])
"""For tests of a client that makes no call."""

each_proxy = pytest.mark.parametrize("kind", [ServerProxy, AsyncServerProxy])
"""For tests of a proxy that makes no call."""


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


class _Blocking:
    """Runs coroutines on a loop that is made for the first one."""

    _loop: LoopThread | None = None
    _making = threading.Lock()

    def _run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        with self._making:
            self._loop = self._loop or LoopThread()
        return self._loop.run(coroutine)

    def _end(self) -> None:
        if self._loop is not None:
            self._loop.end()
            self._loop = None


class BlockingClient(_Blocking, Methods):
    """An `AsyncClient` whose calls block."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._hold(AsyncClient(*args, **options))

    def _hold(self, inner: AsyncClient) -> None:
        self.inner = inner
        self.options, self.url, self.client_id = inner.options, inner.url, inner.client_id
        self._server = inner._server

    @classmethod
    def from_env(cls, *args: Any, **options: Any) -> BlockingClient:
        return _holding(AsyncClient.from_env(*args, **options))

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
        """Close the connections, and go on."""
        if self._loop is not None:
            self._run(self.inner.close())

    def __enter__(self) -> BlockingClient:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()
        self._end()

    def __repr__(self) -> str:
        return repr(self.inner)

    def __copy__(self) -> BlockingClient:
        return _holding(copy.copy(self.inner))

    def __reduce__(self) -> tuple[Any, ...]:
        return _holding, (self.inner,)


def _holding(inner: AsyncClient) -> BlockingClient:
    client = BlockingClient.__new__(BlockingClient)
    client._hold(inner)
    return client


class BlockingProxy(_Blocking):
    """An `AsyncServerProxy` whose calls block."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._proxy = AsyncServerProxy(*args, **options)

    def __getattr__(self, name: str) -> Any:
        if name == "_proxy":  # pickle and copy ask an object that is not complete
            raise AttributeError(name)
        return _Method(self, getattr(self._proxy, name))

    def __call__(self, attr: str) -> Any:
        return _Method(self, self._proxy(attr)) if attr == "close" else self._proxy(attr)

    def __enter__(self) -> BlockingProxy:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self("close")()
        self._end()

    def __repr__(self) -> str:
        return repr(self._proxy)

    def __copy__(self) -> BlockingProxy:
        twin = BlockingProxy.__new__(BlockingProxy)
        twin._proxy = copy.copy(self._proxy)
        return twin

    def __getstate__(self) -> dict[str, Any]:
        return {"_proxy": self._proxy}


class _Method:
    def __init__(self, owner: BlockingProxy, method: Any) -> None:
        self._owner, self._method = owner, method

    def __getattr__(self, name: str) -> _Method:
        if name in ("_owner", "_method"):
            raise AttributeError(name)
        return _Method(self._owner, getattr(self._method, name))

    def __call__(self, *args: Any) -> Any:
        async def call() -> Any:
            return await self._method(*args)

        return self._owner._run(call())


def sent(proxy: Any, *args: Any) -> Any:
    """What `send_request` gives, on the loop of `proxy` if that has one."""
    if isinstance(proxy, BlockingProxy):
        return proxy._run(send_request(proxy._proxy, *args))
    return finished(send_request(proxy, *args))
