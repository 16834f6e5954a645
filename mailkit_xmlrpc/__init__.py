"""Mailkit's XML-RPC API from Python.

>>> from mailkit_xmlrpc import Client
>>> with Client.from_env() as mailkit:                                              # doctest: +SKIP
...     result = mailkit.journeys.trigger("jane@example.com", "order_paid", {"order": "A-17"})

`Client` calls Mailkit; `ServerProxy` calls any other XML-RPC service with the same codec and transport. `AsyncClient`
and `AsyncServerProxy` do so on asyncio.

Names are imported at their first use (PEP 562): a program that needs only one, such as the pytest plugin that every
test run loads, does not import all.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._version import __version__ as __version__

if TYPE_CHECKING:
    # A name that is imported "as" itself, or by a star, is public to a type checker.
    from . import codec as codec
    from . import conformance as conformance
    from . import php as php
    from . import webhooks as webhooks
    from .aio.client import AsyncClient as AsyncClient
    from .aio.proxy import AsyncServerProxy as AsyncServerProxy
    from .api.calls import calls as calls
    from .attempts import Retry as Retry
    from .call import Call as Call
    from .call import CallRecord as CallRecord
    from .client import Client as Client
    from .codec import Limits as Limits
    from .errors.base import *
    from .errors.refused import *
    from .errors.wire import *
    from .proxy import MultiCall as MultiCall
    from .proxy import ServerProxy as ServerProxy
    from .result import Result as Result

# The module of each name; those of `errors` are listed there.
_HOMES = {
    "AsyncClient": "aio.client",
    "AsyncServerProxy": "aio.proxy",
    "Call": "call",
    "CallRecord": "call",
    "Client": "client",
    "Limits": "codec",
    "MultiCall": "proxy",
    "Result": "result",
    "Retry": "attempts",
    "ServerProxy": "proxy",
    "calls": "api.calls",
}
_MODULES = ("codec", "conformance", "php", "webhooks")


def __getattr__(name: str) -> object:
    if name == "__all__":
        return _public_names()
    if name in _MODULES:
        return _module(name)
    value = getattr(_module(_HOMES[name]), name) if name in _HOMES else _error(name)
    globals()[name] = value
    return value


def _public_names() -> list[str]:
    return sorted([*_HOMES, *_MODULES, "__version__", *_module("errors").__all__])


def _error(name: str) -> object:
    errors = _module("errors")
    if name not in errors.__all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(errors, name)


def _module(name: str) -> Any:
    return import_module(f".{name}", __name__)


def __dir__() -> list[str]:
    return sorted({*globals(), *_public_names()})
