"""Mailkit's XML-RPC API from Python.

>>> from mailkit_xmlrpc import Client
>>> with Client.from_env() as mailkit:                                              # doctest: +SKIP
...     result = mailkit.journeys.trigger("jane@example.com", "order_paid", {"order": "A-17"})

`Client` is the way in; `ServerProxy` calls any other XML-RPC service with the same codec and transport.

Names are imported at their first use (PEP 562), so that what only needs one, such as the pytest plugin that every
test run loads, does not pay for all.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ._version import __version__

if TYPE_CHECKING:
    from . import codec, conformance, php, webhooks
    from .client import CallRecord, Client
    from .codec import Limits
    from .errors import (
        ConfigError,
        DisallowedIPError,
        EncodeError,
        ExistsError,
        FaultError,
        HostileXMLError,
        HTTPStatusError,
        InDoubtError,
        InvalidValueError,
        MailkitError,
        MissingValueError,
        NotAllowedError,
        NotDeliveredError,
        NotEmptyError,
        NotFoundError,
        NotSentError,
        NotUnsubscribedError,
        Outcome,
        RefusedError,
        ResponseError,
        TooLargeError,
        TransportError,
        UnauthorizedError,
    )
    from .proxy import ServerProxy
    from .result import Result
    from .retry import Retry

__all__ = [
    "CallRecord",
    "Client",
    "ConfigError",
    "DisallowedIPError",
    "EncodeError",
    "ExistsError",
    "FaultError",
    "HTTPStatusError",
    "HostileXMLError",
    "InDoubtError",
    "InvalidValueError",
    "Limits",
    "MailkitError",
    "MissingValueError",
    "NotAllowedError",
    "NotDeliveredError",
    "NotEmptyError",
    "NotFoundError",
    "NotSentError",
    "NotUnsubscribedError",
    "Outcome",
    "RefusedError",
    "ResponseError",
    "Result",
    "Retry",
    "ServerProxy",
    "TooLargeError",
    "TransportError",
    "UnauthorizedError",
    "__version__",
    "codec",
    "conformance",
    "php",
    "webhooks",
]

# Where a name lives; what is not here is an error.
_HOMES = {
    "CallRecord": "client",
    "Client": "client",
    "Limits": "codec",
    "Result": "result",
    "Retry": "retry",
    "ServerProxy": "proxy",
}
_MODULES = ("codec", "conformance", "php", "webhooks")


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in _MODULES:
        return import_module(f".{name}", __name__)
    value = getattr(import_module(f".{_HOMES.get(name, 'errors')}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
