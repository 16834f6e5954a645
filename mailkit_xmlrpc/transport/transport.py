"""One attempt to carry a request to a server and bring its answer back.

The standard library's `Transport.request` sends a request a second time when a connection drops, without
telling anybody: one call, two e-mails. This one never does. It is the seam where every error of sockets, TLS
and `http.client` becomes a `TransportError`: before the first byte of the request leaves a `NotSentError`,
from then on an `InDoubtError`.
"""

from __future__ import annotations

import errno
import http.client
import platform
import socket
import ssl
import xmlrpc.client
from collections.abc import Iterable
from functools import partial
from typing import Any

from .._version import __version__
from ..codec import Limits, ResponseDecoder
from ..errors import ConfigError, InDoubtError, MailkitError, NotSentError, ResponseError
from .answer import Answer
from .connect import Origin, Proxy, connect, default_context
from .deadline import Deadline, checked_seconds
from .pool import Lease, Pool
from .route import Route, checked_headers, request_head, split_netloc, url_secrets
from .stream import Stream

__all__ = ["Exchange", "SafeTransport", "Transport"]


class Exchange:
    """One attempt: what it may cost and, afterwards, what it did.

    Attributes:
        deadline: until when it may last.
        keep_bad_scalars: see `codec.decode_response`.
        sent: bytes of the request's body.
        received: bytes of the answer's body, as they came.
    """

    __slots__ = ("deadline", "keep_bad_scalars", "received", "sent")

    def __init__(self, deadline: Deadline, *, keep_bad_scalars: bool = False) -> None:
        self.deadline = deadline
        self.keep_bad_scalars = keep_bad_scalars
        self.sent = 0
        self.received = 0


class Transport(xmlrpc.client.Transport):
    """Carries XML-RPC over HTTP; safe to share between threads.

    Args:
        use_datetime: decode dateTime as datetime.
        use_builtin_types: decode dateTime as datetime and base64 as bytes.
        headers: pairs of extra request headers; ("Connection", "close") for a server that closes after each answer.
        timeout: seconds for one whole call, or None for no limit. Name resolution cannot be bounded.
        connect_timeout: seconds for connecting to one address, or None.
        limits: bounds on an answer.
        proxy: the URL of an HTTP proxy to tunnel through; "" for none. None asks HTTPS_PROXY and NO_PROXY,
            for https URLs.
        pool_size: how many connections may be in use at once.

    Raises:
        ConfigError: for a value that cannot work.
    """

    user_agent = f"mailkit_xmlrpc/{__version__} Python/{platform.python_version()}"

    def __init__(
        self,
        use_datetime: bool = False,
        use_builtin_types: bool = False,
        *,
        headers: Iterable[tuple[str, str]] = (),
        timeout: float | None = 300.0,
        connect_timeout: float | None = 10.0,
        limits: Limits = Limits(),
        proxy: str | None = None,
        pool_size: int = 8,
    ) -> None:
        super().__init__(use_datetime, use_builtin_types, headers=checked_headers(headers))
        self.timeout = checked_seconds("timeout", timeout)
        self.connect_timeout = checked_seconds("connect_timeout", connect_timeout)
        if not isinstance(limits, Limits):
            raise ConfigError(f"limits must be a Limits, got {type(limits).__name__}")
        self.limits = limits
        self._proxy = Proxy.from_url(proxy) if proxy else None
        self._proxy_from_environment = proxy is None
        self._pool = Pool(pool_size)
        self._latest_route: Route | None = None
        self._asks_for_host_info = type(self).get_host_info is not xmlrpc.client.Transport.get_host_info
        self._keeps_connections = all(name.lower() != "connection" for name, _ in self._headers)

    def request(
        self,
        host: Any,
        handler: str,
        request_body: Any,
        verbose: bool = False,
        *,
        exchange: Exchange | None = None,
    ) -> tuple[Any]:
        """Send one request, once, and decode its answer.

        Args:
            host: host and port, with credentials in front if there are any.
            handler: the path.
            request_body: the encoded call.
            verbose: print sizes and status, never contents.
            exchange: the attempt to account to; without one, `timeout` counts from now.

        Returns:
            the value as a tuple of one, as the standard library's `ServerProxy` expects it.

        Raises:
            FaultError: the server answered with a fault.
            ResponseError: the answer cannot be read.
            TransportError: see its subclasses.
        """
        try:
            return self._request(host, handler, request_body, verbose, exchange or Exchange(Deadline(self.timeout)))
        except MailkitError as error:
            error.redact(url_secrets(host))
            raise

    def _request(self, host: Any, handler: str, request_body: Any, verbose: bool, exchange: Exchange) -> tuple[Any]:
        route = self._route(host, handler)
        exchange.sent, exchange.received = len(request_body), 0
        if verbose:
            print(f"POST {route.url}: {exchange.sent} bytes")  # noqa: T201
        request = b"%s%d\r\n\r\n%s" % (route.head, len(request_body), request_body)
        connect = partial(self._connect, route.origin, exchange.deadline)
        with self._pool.lease(route.origin, exchange.deadline, connect) as lease:
            value = self._carry(lease, request, route.url, exchange)
        if verbose:
            print(f"200 OK: {exchange.received} bytes")  # noqa: T201
        return (value,)

    def _route(self, host: Any, handler: str) -> Route:
        """Everything about a URL that is the same for every call."""
        netloc: Any = host
        credentials: Any = None
        if self._asks_for_host_info or type(host) is not str or "@" in host:
            # Asked anew each time: a subclass may have a fresh token for each call.
            netloc, credentials, _ = self.get_host_info(host)
        key = (netloc, credentials, handler, self.user_agent, self.accept_gzip_encoding)
        route = self._latest_route
        if route is None or route.key != key:
            origin = self._origin(netloc)
            url = f"{'https' if origin.tls else 'http'}://{origin.netloc}{handler}"
            headers = [
                ("Content-Type", "text/xml"),
                ("Accept-Encoding", "gzip" if self.accept_gzip_encoding else "identity"),
                ("User-Agent", self.user_agent),
                *(credentials or []),
                *self._headers,
            ]
            route = self._latest_route = Route(key, origin, url, request_head(origin.netloc, handler, headers))
        return route

    def close(self) -> None:
        """Close every idle connection. May be called twice; a later request opens a new one."""
        self._pool.close()

    def _carry(self, lease: Lease, request: bytes, url: str, exchange: Exchange) -> Any:
        stream = lease.stream()
        if not exchange.deadline.allows(0):
            lease.keep()
            raise NotSentError("the timeout had passed before the request could be sent", errno=errno.ETIMEDOUT)
        try:
            stream.send(request)
            return self._receive(lease, stream, url, exchange)
        except (http.client.RemoteDisconnected, http.client.IncompleteRead):
            failure: MailkitError = _in_doubt("the server closed the connection before its answer was complete")
        except http.client.HTTPException as error:
            failure = ResponseError(f"the server did not answer in HTTP ({type(error).__name__})")
        except OSError as error:
            failure = _broken(error)
        # Raised out here so that the originals, which hold parts of the answer, are not chained to it.
        raise failure

    def _receive(self, lease: Lease, stream: Stream, url: str, exchange: Exchange) -> Any:
        answer = Answer(stream, url, self.limits.response_bytes)
        decoder = ResponseDecoder(
            charset=answer.charset,
            limits=self.limits,
            use_builtin_types=self._use_builtin_types,
            use_datetime=self._use_datetime,
            keep_bad_scalars=exchange.keep_bad_scalars,
        )
        try:
            if answer.status != http.client.OK:
                raise answer.error(decoder)
            answer.feed(decoder)
        finally:
            exchange.received = answer.received
        if answer.keeps_connection and self._keeps_connections:
            lease.keep()
        return decoder.close()

    def _connect(self, origin: Origin, deadline: Deadline) -> Stream:
        proxy = self._proxy
        if origin.tls and self._proxy_from_environment:
            proxy = Proxy.from_environment(origin.address)
        return connect(
            origin,
            deadline=deadline,
            connect_timeout=self.connect_timeout,
            proxy=proxy,
            context=self._tls_context(),
        )

    def _tls_context(self) -> ssl.SSLContext | None:
        return None

    def _origin(self, netloc: str) -> Origin:
        return split_netloc(netloc, tls=False)


class SafeTransport(Transport, xmlrpc.client.SafeTransport):
    """Carries XML-RPC over HTTPS. Arguments as for `Transport`, and:

    Args:
        context: an ssl.SSLContext of one's own; by default TLS 1.2 or newer, verified against the system's
            authorities.
    """

    def __init__(
        self,
        use_datetime: bool = False,
        use_builtin_types: bool = False,
        *,
        headers: Iterable[tuple[str, str]] = (),
        context: ssl.SSLContext | None = None,
        timeout: float | None = 300.0,
        connect_timeout: float | None = 10.0,
        limits: Limits = Limits(),
        proxy: str | None = None,
        pool_size: int = 8,
    ) -> None:
        super().__init__(
            use_datetime,
            use_builtin_types,
            headers=headers,
            timeout=timeout,
            connect_timeout=connect_timeout,
            limits=limits,
            proxy=proxy,
            pool_size=pool_size,
        )
        if context is not None and not isinstance(context, ssl.SSLContext):
            raise ConfigError(f"context must be an ssl.SSLContext, got {type(context).__name__}")
        self.context = context

    def _tls_context(self) -> ssl.SSLContext:
        # Made at first use: it reads the system's authorities from disk.
        if self.context is None:
            self.context = default_context()
        return self.context

    def _origin(self, netloc: str) -> Origin:
        return split_netloc(netloc, tls=True)


def _broken(error: OSError) -> InDoubtError:
    # Until Python 3.10 a socket's timeout was no TimeoutError.
    if isinstance(error, (socket.timeout, TimeoutError)):
        return _in_doubt("timed out waiting for the server", errno.ETIMEDOUT)
    return _in_doubt(f"the connection broke ({error.strerror or type(error).__name__})", error.errno)


def _in_doubt(what: str, number: int | None = None) -> InDoubtError:
    return InDoubtError(f"{what}; the call may have been carried out, so check before sending it again", errno=number)
