"""`AsyncServerProxy`: a `ServerProxy` whose calls are awaited."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from ..errors import ConfigError
from ..proxy import BaseProxy
from ..transport import SafeTransport, Transport
from .pool import AsyncPool
from .stream import AsyncStream

if TYPE_CHECKING:

    class _AsyncMethod(Protocol):
        def __getattr__(self, name: str) -> _AsyncMethod: ...

        def __call__(self, *args: Any) -> Coroutine[Any, Any, Any]: ...


__all__ = ["AsyncServerProxy"]


class _AsyncTransport(Transport):
    _pool_type = AsyncPool
    _stream_type = AsyncStream


class _AsyncSafeTransport(SafeTransport):
    _pool_type = AsyncPool
    _stream_type = AsyncStream


class AsyncServerProxy(BaseProxy):
    """Calls the methods of an XML-RPC server: ``await AsyncServerProxy(url).system.listMethods()``.

    Arguments and errors are those of `ServerProxy`, but for `transport`, which must be None. An asynchronous context
    manager. It can be used on several loops, one after the other or in several threads; each has its own connections.
    """

    _transport_types = (_AsyncTransport, _AsyncSafeTransport)
    _takes_transport = False

    if TYPE_CHECKING:  # what ServerProxy has, but awaited: a checker finds a forgotten await

        def __getattr__(self, name: str) -> _AsyncMethod: ...  # type: ignore[override]

    def _ServerProxy__request(self, methodname: str, params: Sequence[Any]) -> Coroutine[Any, Any, Any]:
        return self._call(methodname, params)

    async def _close(self) -> None:
        self._ServerProxy__transport.close()
        await asyncio.sleep(0)  # the loop closes the connections

    def __call__(self, attr: str) -> Any:
        """``proxy("close")`` and ``proxy("transport")``, as with the standard library; the first is a coroutine."""
        return self._close if attr == "close" else super().__call__(attr)

    async def __aenter__(self) -> AsyncServerProxy:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._close()

    def __enter__(self) -> Any:
        raise ConfigError("an AsyncServerProxy is an asynchronous context manager: use async with")
