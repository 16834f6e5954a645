"""One attempt to carry a request to a server and bring its answer back.

The standard library's `Transport.request` sends a request a second time when a connection drops, without
telling anybody: one call, two e-mails. This one never does. It is the seam where every error of sockets, TLS
and `http.client` becomes a `TransportError`: before the first byte of the request leaves a `NotSentError`,
from then on an `InDoubtError`.
"""

from __future__ import annotations

import base64
import errno
import http.client
import platform
import re
import socket
import ssl
import urllib.parse
import xmlrpc.client
from collections.abc import Iterable
from functools import partial
from typing import Any, NamedTuple

from .._version import __version__
from ..codec import Limits, ResponseDecoder
from ..errors import ConfigError, InDoubtError, MailkitError, NotSentError, ResponseError
from .answer import Answer
from .connect import Origin, Proxy, connect, default_context
from .deadline import Deadline, checked_seconds
from .pool import Lease, Pool
from .stream import Stream

__all__ = ["Exchange", "SafeTransport", "Transport", "url_secrets"]

# RFC 9110, sections 5.1 and 5.5. A line break in a header would let its value write headers of its own.
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_NETLOC = re.compile(r"([\x21-\x39\x3b-\x7e]+|\[[0-9A-Fa-f:.%]+\])(?::([0-9]{0,5}))?")
_TARGET = re.compile(r"/[\x21-\x7e]*")
# These say how the body is framed and the connection used, which is this module's to decide.
_OWN_HEADERS = frozenset({"content-length", "transfer-encoding", "connection", "host", "accept-encoding", "te"})


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


class _Route(NamedTuple):
    """Where a call goes, and what every request that goes there begins with."""

    key: tuple[Any, ...]
    origin: Origin
    url: str
    head: bytes


class Transport(xmlrpc.client.Transport):
    """Carries XML-RPC over HTTP; safe to share between threads.

    Args:
        use_datetime: decode dateTime as datetime.
        use_builtin_types: decode dateTime as datetime and base64 as bytes.
        headers: pairs of extra request headers.
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
        super().__init__(use_datetime, use_builtin_types, headers=_checked_headers(headers))
        self.timeout = checked_seconds("timeout", timeout)
        self.connect_timeout = checked_seconds("connect_timeout", connect_timeout)
        if not isinstance(limits, Limits):
            raise ConfigError(f"limits must be a Limits, got {type(limits).__name__}")
        self.limits = limits
        self._proxy = Proxy.from_url(proxy) if proxy else None
        self._proxy_from_environment = proxy is None
        self._pool = Pool(pool_size)
        self._latest_route: _Route | None = None

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

    def _route(self, host: Any, handler: str) -> _Route:
        """Everything about a URL that is the same for every call."""
        key = (host, handler, self.user_agent, self.accept_gzip_encoding)
        route = self._latest_route
        if route is None or route.key != key:
            netloc, credentials, _ = self.get_host_info(host)
            origin = self._origin(netloc)
            url = f"{'https' if origin.tls else 'http'}://{origin.netloc}{handler}"
            route = self._latest_route = _Route(key, origin, url, self._head(origin, handler, credentials or []))
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
        if answer.keeps_connection:
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
        return _split(netloc, tls=False)

    def _head(self, origin: Origin, handler: str, credentials: list[tuple[str, str]]) -> bytes:
        """The request line and the headers, as far as the number in the last one."""
        if not _TARGET.fullmatch(handler):
            raise ConfigError("the URL's path must begin with / and hold visible ASCII only; percent-encode the rest")
        headers = [
            ("Host", origin.netloc),
            ("Content-Type", "text/xml"),
            ("Accept-Encoding", "gzip" if self.accept_gzip_encoding else "identity"),
            ("User-Agent", self.user_agent),
            *credentials,
            *self._headers,
        ]
        latest = {name.lower(): f"{name}: {value}" for name, value in headers}
        lines = [f"POST {handler} HTTP/1.1", *latest.values(), "Content-Length: "]
        return "\r\n".join(lines).encode("latin-1")


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
        return _split(netloc, tls=True)


def url_secrets(netloc: str) -> tuple[str, ...]:
    """What of ``user:password@host`` must not be shown, in each form that a server could echo. Shorter ones would
    mask half of every message."""
    userinfo = netloc.rpartition("@")[0]
    password = urllib.parse.unquote(userinfo.partition(":")[2])
    token = base64.b64encode(urllib.parse.unquote_to_bytes(userinfo)).decode("ascii")
    return tuple(secret for secret in (token, userinfo, password) if len(secret) > 3)


def _split(netloc: str, *, tls: bool) -> Origin:
    match = _NETLOC.fullmatch(netloc)
    port = int(match[2] or (443 if tls else 80)) if match else 0
    if match is None or not 0 < port < 65536:
        raise ConfigError("the URL needs a host in ASCII, and a port from 1 to 65535 if it names one")
    return Origin(match[1].strip("[]"), port, tls)


def _broken(error: OSError) -> InDoubtError:
    # Until Python 3.10 a socket's timeout was no TimeoutError.
    if isinstance(error, (socket.timeout, TimeoutError)):
        return _in_doubt("timed out waiting for the server", errno.ETIMEDOUT)
    return _in_doubt(f"the connection broke ({error.strerror or type(error).__name__})", error.errno)


def _in_doubt(what: str, number: int | None = None) -> InDoubtError:
    return InDoubtError(f"{what}; the call may have been carried out, so check before sending it again", errno=number)


def _checked_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    checked = []
    for pair in headers:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2 or not all(isinstance(part, str) for part in pair):
            raise ConfigError("headers must be pairs of str: (name, value)")
        name, value = pair
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            raise ConfigError(f"the header {name[:40]!a} has a name or value that HTTP does not allow")
        if name.lower() in _OWN_HEADERS:
            raise ConfigError(f"the header {name} is set by the transport itself")
        checked.append((name, value))
    return checked
