"""Every error this package raises, and the four ways a call can end.

Three failures are never mixed: Mailkit (or a fault) said no; the answer could not be read; it is not
known whether the call was carried out. `Outcome` tells them apart, and every error carries one::

    MailkitError
    ├── ConfigError (ValueError)                    what the caller configured
    ├── EncodeError (ValueError)                    a value XML-RPC cannot carry
    ├── RefusedError                                from Result.unwrap()
    │   ├── UnauthorizedError
    │   ├── DisallowedIPError
    │   ├── MissingValueError
    │   └── InvalidValueError
    ├── FaultError (xmlrpc.client.Fault)
    ├── ResponseError (xmlrpc.client.ResponseError) the answer is unreadable
    │   ├── HostileXMLError                         DTD, entity, too deep
    │   └── TooLargeError
    └── TransportError
        ├── NotSentError (ConnectionError)          surely not carried out
        ├── InDoubtError (OSError)                  may have been carried out
        └── HTTPStatusError (xmlrpc.client.ProtocolError)

The standard library's classes in brackets keep code that was written for it catching what it caught. Mixing them in
has traps: `Fault` and `ProtocolError` leave `args` empty and do not unpickle, `OSError` keeps fields in C slots, and
`ProtocolError` prints the URL's password. So the base class calls `Exception.__init__` alone and owns the rest.
"""

from __future__ import annotations

import xmlrpc.client
from collections.abc import Mapping
from enum import Enum
from typing import Any, Callable

from .redaction import masked

__all__ = [
    "ConfigError",
    "DisallowedIPError",
    "EncodeError",
    "FaultError",
    "HTTPStatusError",
    "HostileXMLError",
    "InDoubtError",
    "InvalidValueError",
    "MailkitError",
    "MissingValueError",
    "NotSentError",
    "Outcome",
    "RefusedError",
    "ResponseError",
    "TooLargeError",
    "TransportError",
    "UnauthorizedError",
]


class Outcome(str, Enum):
    """What is known about a call once it has ended."""

    DONE = "DONE"  # Mailkit carried it out
    REFUSED = "REFUSED"  # Mailkit, a fault or the HTTP server said no: it was not carried out
    NOT_SENT = "NOT_SENT"  # it never reached the server: it was surely not carried out
    UNKNOWN = "UNKNOWN"  # it may have been carried out: find out before sending it again

    def __str__(self) -> str:
        return self.value


class MailkitError(Exception):
    """The root of every error of this package.

    Attributes:
        outcome: what is known about the call.
        method: the XML-RPC method that was called, or None outside a call.
        attempts: how many times the call was tried; 0 where it never came to trying.
    """

    outcome: Outcome = Outcome.UNKNOWN

    def __init__(self, message: str = "", *, method: str | None = None, attempts: int = 0) -> None:
        Exception.__init__(self, message)
        self.method = method
        self.attempts = attempts

    @property
    def message(self) -> str:
        """What happened, without the method's name."""
        return str(self.args[0]) if self.args else ""

    def __str__(self) -> str:
        return f"{self.method}: {self.message}" if self.method else self.message

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return self.args == other.args and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((type(self), self.args))

    def __reduce__(self) -> tuple[Callable[..., MailkitError], tuple[Any, ...]]:
        return _rebuild, (type(self), self.args, vars(self).copy())

    def redact(self, secrets: tuple[str, ...]) -> None:
        """Mask `secrets` in everything this error shows: a server may echo what it was sent."""
        self.args = tuple(masked(arg, secrets) for arg in self.args)
        vars(self).update({name: masked(value, secrets) for name, value in vars(self).items()})


def _rebuild(cls: type[MailkitError], args: tuple[Any, ...], state: dict[str, Any]) -> MailkitError:
    error = cls.__new__(cls)
    Exception.__init__(error, *args)
    vars(error).update(state)
    return error


class ConfigError(MailkitError, ValueError):
    """The caller configured something that cannot work; nothing was sent."""

    outcome = Outcome.NOT_SENT


class EncodeError(MailkitError, ValueError):
    """A value that XML-RPC cannot carry; nothing was sent.

    Attributes:
        path: where the value stands, such as ``params[2].event_data.name``.
    """

    outcome = Outcome.NOT_SENT

    def __init__(self, message: str = "", *, path: str = "", method: str | None = None, attempts: int = 0) -> None:
        super().__init__(message, method=method, attempts=attempts)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class RefusedError(MailkitError):
    """Mailkit said no. `Result.unwrap()` raises it.

    Attributes:
        result: the `Result` that holds the refusal.
    """

    outcome = Outcome.REFUSED

    def __init__(self, message: str = "", *, result: Any = None, method: str | None = None, attempts: int = 0) -> None:
        super().__init__(message, method=method, attempts=attempts)
        self.result = result


class UnauthorizedError(RefusedError):
    """client_id or client_md5 is wrong; both stand in Mailkit's menu Profile / Integration."""


class DisallowedIPError(RefusedError):
    """The caller's address is not on the account's list of allowed ones (Profile / Integration).

    Attributes:
        ip: the address as Mailkit saw it.
    """

    def __init__(
        self, message: str = "", *, ip: str = "", result: Any = None, method: str | None = None, attempts: int = 0
    ) -> None:
        super().__init__(message, result=result, method=method, attempts=attempts)
        self.ip = ip


class _FieldError(RefusedError):
    """A refusal that names one field."""

    def __init__(
        self, message: str = "", *, field: str = "", result: Any = None, method: str | None = None, attempts: int = 0
    ) -> None:
        super().__init__(message, result=result, method=method, attempts=attempts)
        self.field = field


class MissingValueError(_FieldError):
    """A required value was missing or empty; `field` is its name as Mailkit spells it."""


class InvalidValueError(_FieldError):
    """A value was not acceptable; `field` is its name as Mailkit spells it."""


class FaultError(MailkitError, xmlrpc.client.Fault):
    """The server answered with an XML-RPC fault.

    Attributes:
        faultCode: the fault's code, kept as the wire had it: an int from nearly every server.
        faultString: the fault's text.
    """

    outcome = Outcome.REFUSED
    faultCode: Any
    faultString: str

    def __init__(self, faultCode: Any, faultString: str, *, method: str | None = None, attempts: int = 0) -> None:
        MailkitError.__init__(self, "fault", method=method, attempts=attempts)
        self.faultCode = faultCode
        self.faultString = faultString

    @property
    def message(self) -> str:
        """The fault in one line."""
        return f"fault {self.faultCode}: {self.faultString}"


class ResponseError(MailkitError, xmlrpc.client.ResponseError):
    """The answer could not be read, so it is not known what became of the call.

    Attributes:
        position: (line, column) where reading stopped, the line counted from 1 and the column from 0,
            in the document from its first non-blank byte on; None where there is no such place.
        excerpt: the text around that place.
    """

    def __init__(
        self,
        message: str = "",
        *,
        position: tuple[int, int] | None = None,
        excerpt: str = "",
        method: str | None = None,
        attempts: int = 0,
    ) -> None:
        super().__init__(message, method=method, attempts=attempts)
        self.position = position
        self.excerpt = excerpt

    def __str__(self) -> str:
        where = " at line {}, column {}".format(*self.position) if self.position else ""
        near = f", near {self.excerpt!r}" if self.excerpt else ""
        return super().__str__() + where + near


class HostileXMLError(ResponseError):
    """The answer holds what no honest one does: a document type, an entity, or extreme nesting."""


class TooLargeError(ResponseError):
    """The answer is larger than `Limits.response_bytes`."""


class TransportError(MailkitError):
    """The call failed between here and the XML-RPC server."""


class _SocketError(TransportError):
    """A `TransportError` that is an OSError too, with `errno` where the system gave one."""

    errno: int | None = None
    strerror: str | None = None

    def __init__(
        self, message: str = "", *, errno: int | None = None, method: str | None = None, attempts: int = 0
    ) -> None:
        super().__init__(message, method=method, attempts=attempts)
        self.errno = errno
        self.strerror = message


class NotSentError(_SocketError, ConnectionError):
    """The request never left: no address, refused, TLS, proxy, timed out while connecting."""

    outcome = Outcome.NOT_SENT


class InDoubtError(_SocketError, OSError):
    """The connection was lost or timed out after sending began: the call may have been carried out."""


class HTTPStatusError(TransportError, xmlrpc.client.ProtocolError):
    """The HTTP server answered with another status than 200.

    Attributes:
        status: the status code, also as `errcode`.
        reason: its text, also as `errmsg`.
        url: what was called, without credentials.
        headers: the answer's headers.
        location: where a redirect pointed (redirects are not followed), or None.
        retry_after: seconds to wait that the server asked for, or None.
        excerpt: the beginning of the body.
    """

    def __init__(
        self,
        message: str = "",
        *,
        status: int = 0,
        reason: str = "",
        url: str = "",
        headers: Mapping[str, str] | None = None,
        location: str | None = None,
        retry_after: float | None = None,
        excerpt: str = "",
        method: str | None = None,
        attempts: int = 0,
    ) -> None:
        MailkitError.__init__(self, message, method=method, attempts=attempts)
        self.status = self.errcode = status
        self.reason = self.errmsg = reason
        self.url = url
        self.headers = dict(headers or {})
        self.location = location
        self.retry_after = retry_after
        self.excerpt = excerpt
        self.outcome = Outcome.REFUSED if 300 <= status < 500 or status == 503 else Outcome.UNKNOWN

    def __str__(self) -> str:
        body = f"; the body begins {self.excerpt!r}" if self.excerpt else ""
        return super().__str__() + body
