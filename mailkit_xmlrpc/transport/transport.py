"""One attempt to carry a request to a server and bring its answer back.

The standard library's `Transport.request` silently sends a request a second time when a connection drops: one call,
two e-mails. This one never does. Every error of sockets and TLS becomes a `TransportError`: a
`NotSentError` before the first byte of the request is sent, an `InDoubtError` from then on.
"""

from __future__ import annotations

import errno
import ssl
import sys
import xmlrpc.client
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from .._version import __version__
from ..errors import ConfigError, MailkitError, NotSentError
from ..errors.redaction import HiddenTuple
from ..errors.secrets import Secrets, url_secrets
from ..headers import header_problem, header_secrets
from ..options import Options, hidden_options
from .connect import connect, default_context
from .deadline import Deadline
from .exchange import exchange
from .pool import Lease, Pool
from .request import HostInfo, Payload, Route, checked_target, shielded, split_netloc
from .response import Decoding, Reader
from .stream import Stream, finished

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..options import ConnectionOptions, Origin

__all__ = ["Attempt", "SafeTransport", "Transport"]

# The standard library's transports are changed by overriding these; ours calls none of them.
_UNUSED_HOOKS = (
    "encode_threshold",
    "getparser",
    "make_connection",
    "parse_response",
    "send_content",
    "send_headers",
    "send_request",
    "single_request",
)


class Attempt:
    """One attempt of a call: how long it can take and, afterwards, what it did.

    Attributes:
        deadline: until when it can last.
        number: 1 for the first attempt of a call.
        keep_bad_scalars: see `codec.decode_response`.
        sent: bytes of the request's body.
        received: bytes of the answer's body, as they came.
    """

    __slots__ = ("deadline", "keep_bad_scalars", "number", "received", "sent")

    def __init__(self, deadline: Deadline, *, number: int = 1, keep_bad_scalars: bool = False) -> None:
        self.deadline: Deadline = deadline
        self.number: int = number
        self.keep_bad_scalars: bool = keep_bad_scalars
        self.sent: int = 0
        self.received: int = 0


class Transport(xmlrpc.client.Transport):
    """Carries XML-RPC over HTTP; safe to share between threads.

    Args:
        use_datetime: decode dateTime as datetime.
        use_builtin_types: decode dateTime as datetime and base64 as bytes.
        options: the keyword arguments of `options.Options`.

    Raises:
        ConfigError: for an option that cannot work, and for a subclass that overrides what is not called here.
    """

    user_agent: str = f"mailkit_xmlrpc/{__version__} Python/{sys.version.split()[0]}"

    # What blocks here and waits on asyncio.
    _pool_type: type[Pool] = Pool
    _stream_type: type[Stream] = Stream

    def __init__(
        self, use_datetime: bool = False, use_builtin_types: bool = False, **options: Unpack[ConnectionOptions]
    ) -> None:
        options = cast("ConnectionOptions", hidden_options(options))
        self.options: Options = Options(**options)
        super().__init__(use_datetime, use_builtin_types)
        self._check_hooks()
        self._pool = self._pool_type(self.options.pool_size)
        self._latest_route: Route | None = None
        self._asks_for_hosts = type(self).get_host_info is not xmlrpc.client.Transport.get_host_info
        self._keeps_connections = all(name.lower() != "connection" for name, _ in self.options.headers)

    def _check_hooks(self) -> None:
        own = SafeTransport if isinstance(self, SafeTransport) else Transport
        for name in _UNUSED_HOOKS:
            if getattr(type(self), name) is not getattr(own, name):
                raise self._unused(name)

    def _unused(self, name: str) -> ConfigError:
        return ConfigError(
            f"{type(self).__name__}.{name} has no effect, because this package's transports do not use {name}; derive "
            "from xmlrpc.client's transport instead, or leave it out (see docs/from-serverproxy.md)"
        )

    # Requests in gzip are an extension that few servers read; the standard library sends them above this size.
    @property
    def encode_threshold(self) -> None:
        """None: requests are not packed. Setting it raises ConfigError."""
        return None

    @encode_threshold.setter
    def encode_threshold(self, value: int | None) -> None:
        if value is not None:
            raise self._unused("encode_threshold")

    def request(self, host: Any, handler: str, request_body: Any, verbose: bool = False) -> tuple[Any]:
        """Send one request, once, and decode its answer. A subclass can override this method, as with the standard
        library.

        Args:
            host: hostname and port, with credentials in front if there are any.
            handler: the path.
            request_body: the encoded call.
            verbose: print sizes and status, never contents.

        Returns:
            the value as a tuple of one, as the standard library's `ServerProxy` expects it.

        Raises:
            FaultError: the server answered with a fault.
            ResponseError: the answer cannot be read.
            TransportError: see its subclasses.
        """
        host, request_body = shielded(host), Payload(request_body)
        return (self.send(host, handler, request_body, verbose),)

    def send(
        self, host: Any, handler: str, body: Payload, verbose: bool = False, attempt: Attempt | None = None
    ) -> Any:
        """The same as `request` for a `Payload`; returns the value itself. For the arguments, see `carry`."""
        return finished(self.carry(host, handler, body, verbose, attempt))

    async def carry(
        self, host: Any, handler: str, body: Payload, verbose: bool = False, attempt: Attempt | None = None
    ) -> Any:
        """What `send` does, as a coroutine, which blocks here.

        Args:
            host, handler, verbose: see `request`.
            body: the encoded call.
            attempt: the attempt that this is; by default one that has `Options.timeout` from now on.
        """
        host = shielded(host)
        route = self._route(host, handler)
        try:
            return await self._carry(route, body, verbose, attempt or Attempt(Deadline(self.options.timeout)))
        except MailkitError as error:
            error.redact(Secrets((*route.secrets, *self.options.secrets)))
            # Without the frames below: their variables hold the answer, in which a server can send back what it was
            # sent.
            raise error.with_traceback(None)  # noqa: B904 (the same error)

    def secrets(self, host: Any) -> Secrets:
        """The texts that no message about a call to `host` may show: passwords of URLs and of headers, those included
        that `get_host_info` gave for the latest call."""
        route = self._latest_route
        return Secrets((*_url_secrets(host), *self.options.secrets, *(route.secrets if route else ())))

    async def _carry(self, route: Route, body: Payload, verbose: bool, attempt: Attempt) -> Any:
        if verbose:
            print(f"POST {route.url}: {len(body)} bytes")  # noqa: T201
        connections, held = self._pool.connections(), []
        try:
            held.append(await connections.take(attempt.deadline))
            with connections.lease(route.origin) as lease:
                lease.stream = lease.idle() or await self._connected(route.origin, attempt.deadline)
                reader = self._reader(lease, lease.stream, body, attempt, route.url)
                try:
                    await exchange(lease.stream, route.request(body), reader)
                finally:
                    attempt.received = reader.received
                if reader.keeps_connection and self._keeps_connections:
                    lease.keep()
                value = reader.value()
        finally:
            if held:
                connections.free.append(held.pop())
            connections.wake()
        if verbose:
            print(f"200 OK: {attempt.received} bytes")  # noqa: T201
        return value

    def _route(self, host: Any, handler: str) -> Route:
        """The part of a request that is the same for every call to a URL. To keep it saves 13 % of the CPU time of a
        call over loopback. A subclass's `get_host_info` is called each time, because it can return a new token each
        time."""
        info = self._host_info(host) if self._asks_for_hosts else None
        key = (host, info, handler, self.user_agent, self.accept_gzip_encoding)
        route = self._latest_route
        if route is None or route.key != key:
            info = info or self._host_info(host)
            headers = HiddenTuple((name, str(value)) for name, value in info.headers)
            if problem := next(filter(None, map(header_problem, headers)), ""):
                raise ConfigError(f"{type(self).__name__}.get_host_info: {problem}")
            secrets = HiddenTuple((*_url_secrets(host), *header_secrets(headers)))
            headers = self._request_headers(headers)
            origin = self._origin(info.netloc)
            route = self._latest_route = Route(key, origin, checked_target(handler), headers, secrets)
        return route

    def _host_info(self, host: Any) -> HostInfo:
        netloc, credentials, _ = self.get_host_info(host)
        return HostInfo(shielded(netloc), HiddenTuple(credentials or ()))

    def _request_headers(self, headers: Iterable[tuple[str, str]]) -> HiddenTuple[tuple[str, str]]:
        return HiddenTuple(
            (
                ("Content-Type", "text/xml"),
                ("Accept-Encoding", "gzip" if self.accept_gzip_encoding else "identity"),
                ("User-Agent", self.user_agent),
                *headers,
                *self.options.headers,
            )
        )

    def __getstate__(self) -> dict[str, Any]:
        """Everything but the connections and what is made at the first use."""
        self.options.check_pickles(self)
        return {**vars(self), "_latest_route": None}

    def close(self) -> None:
        """Close every idle connection. Can be called twice; a later request opens a new one."""
        self._pool.close()

    def _reader(self, lease: Lease, stream: Stream, body: Payload, attempt: Attempt, url: str) -> Reader:
        """What reads the answer. From here on, the request counts as sent."""
        stream.deadline = attempt.deadline
        if not attempt.deadline.allows(0):
            lease.keep()
            raise NotSentError("the timeout had passed before the request could be sent", errno=errno.ETIMEDOUT)
        attempt.sent = len(body.data)
        decoding = Decoding(self.options.limits, self._use_builtin_types, self._use_datetime, attempt.keep_bad_scalars)
        return Reader(url, decoding, attempt.deadline)

    async def _connected(self, origin: Origin, deadline: Deadline) -> Stream:
        stream = self._stream_type(deadline)
        await connect(
            stream,
            origin,
            connect_timeout=self.options.connect_timeout,
            proxy=self.options.proxy_for(origin),
            context=self._tls_context(),
        )
        return stream

    def _tls_context(self) -> ssl.SSLContext | None:
        return None

    def _origin(self, netloc: str) -> Origin:
        return split_netloc(netloc, tls=False)


class SafeTransport(Transport, xmlrpc.client.SafeTransport):
    """Carries XML-RPC over HTTPS. Arguments as for `Transport`."""

    def __init__(
        self, use_datetime: bool = False, use_builtin_types: bool = False, **options: Unpack[ConnectionOptions]
    ) -> None:
        options = cast("ConnectionOptions", hidden_options(options))
        super().__init__(use_datetime, use_builtin_types, **options)
        self.context = self.options.context

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "context": None}

    def _tls_context(self) -> ssl.SSLContext:
        # Made at the first use, because it reads the system's authorities from disk.
        if self.context is None:
            self.context = default_context()
        return self.context

    def _origin(self, netloc: str) -> Origin:
        return split_netloc(netloc, tls=True)


def _url_secrets(host: Any) -> tuple[str, ...]:
    netloc = host[0] if isinstance(host, tuple) else host
    return url_secrets(netloc)
