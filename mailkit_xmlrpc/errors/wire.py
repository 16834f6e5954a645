"""Faults, answers that cannot be read, and failures between here and the server."""

from __future__ import annotations

import xmlrpc.client
from collections.abc import Mapping
from typing import Any

from .base import MailkitError, Outcome

__all__ = [
    "FaultError",
    "HTTPStatusError",
    "HostileXMLError",
    "InDoubtError",
    "NotSentError",
    "ResponseError",
    "TooLargeError",
    "TransportError",
]


class FaultError(MailkitError, xmlrpc.client.Fault):
    """The server answered with an XML-RPC fault.

    Attributes:
        faultCode: the fault's code as the wire held it: an int from nearly every server.
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
    """The answer could not be read, so it is not known whether the call was carried out.

    Attributes:
        position: (line, column) where reading stopped, the line counted from 1 and the column from 0,
            in the document from its first non-blank byte on; None where the error has no position.
        excerpt: the text around that place; of a fault that has not the form of one, the fault's own text.
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
    """The answer has a document type, an entity or extreme nesting, which XML-RPC never needs."""


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
    """The request was not sent: no address, refused, TLS, proxy, timed out while connecting."""

    outcome = Outcome.NOT_SENT


class InDoubtError(_SocketError, OSError):
    """The connection was lost or timed out after sending began: the call may have been carried out."""


class HTTPStatusError(TransportError, xmlrpc.client.ProtocolError):
    """The HTTP server answered with another status than 200.

    With a status of 3xx or 4xx the server says no. 5xx does not say so, not even 503: a cache answers 503 by itself,
    with a Retry-After of its own, when the backend broke off after it took the request.

    Attributes:
        status: the status code, also as `errcode`.
        reason: the reason phrase, also as `errmsg`.
        url: the URL that was called, without credentials.
        headers: the answer's headers.
        location: where a redirect pointed (redirects are not followed), or None.
        retry_after: seconds that the server asked to wait, or None.
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
        self.status: int = status
        self.errcode: int = status
        self.reason: str = reason
        self.errmsg: str = reason
        self.url = url
        self.headers: dict[str, str] = dict(headers or {})
        self.location = location
        self.retry_after = retry_after
        self.excerpt = excerpt
        self.outcome = Outcome.REFUSED if 300 <= status < 500 else Outcome.UNKNOWN

    def __str__(self) -> str:
        body = f"; the body begins {self.excerpt!r}" if self.excerpt else ""
        return super().__str__() + body
