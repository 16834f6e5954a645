"""Mailkit's XML-RPC API from Python.

>>> from mailkit_xmlrpc import Client
>>> with Client.from_env() as mailkit:                                              # doctest: +SKIP
...     result = mailkit.journeys.trigger("jane@example.com", "order_paid", {"order": "A-17"})

`Client` is the way in; `ServerProxy` calls any other XML-RPC service with the same codec and transport.
"""

from . import codec
from ._version import __version__
from .client import CallRecord, Client
from .codec import Limits
from .errors import (
    ConfigError,
    DisallowedIPError,
    EncodeError,
    FaultError,
    HostileXMLError,
    HTTPStatusError,
    InDoubtError,
    InvalidValueError,
    MailkitError,
    MissingValueError,
    NotSentError,
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
    "FaultError",
    "HTTPStatusError",
    "HostileXMLError",
    "InDoubtError",
    "InvalidValueError",
    "Limits",
    "MailkitError",
    "MissingValueError",
    "NotSentError",
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
]
