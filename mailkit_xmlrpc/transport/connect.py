"""From a URL's host to a connected `Stream`: addresses, proxy, TLS.

Everything here happens before the first byte of a request, so whatever goes wrong is a `NotSentError`. One
address may take `connect_timeout` seconds, TLS and the proxy's word included; the call's deadline bounds them
all. Only name resolution cannot be bounded: the system's resolver takes no timeout.
"""

from __future__ import annotations

import base64
import errno
import http.client
import socket
import ssl
import urllib.parse
from contextlib import ExitStack
from dataclasses import dataclass
from typing import NamedTuple

from ..errors import ConfigError, NotSentError
from .deadline import Deadline
from .stream import Stream

__all__ = ["Origin", "Proxy", "connect", "default_context"]


@dataclass(frozen=True)
class Proxy:
    """An HTTP proxy that is asked for a tunnel. Its credentials stay out of the representation."""

    host: str
    port: int
    authorization: str | None

    def __repr__(self) -> str:
        return f"Proxy({self.host}:{self.port})"

    @classmethod
    def from_url(cls, url: str) -> Proxy:
        """Read ``[http://][user:password@]host[:port]``. Raises ConfigError."""
        try:
            parts = urllib.parse.urlsplit(url if "://" in url else f"http://{url}")
            host, port = parts.hostname, 80 if parts.port is None else parts.port
        except (TypeError, ValueError):
            host, port = None, 0
        if not host or not port or parts.scheme != "http":
            raise ConfigError("proxy must be a URL such as http://proxy.example.com:3128")
        if parts.username is None:
            return cls(host, port, None)
        pair = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        return cls(host, port, "Basic " + base64.b64encode(pair.encode()).decode("ascii"))

    @classmethod
    def from_environment(cls, address: str) -> Proxy | None:
        """The proxy that HTTPS_PROXY and NO_PROXY name for ``host:port``, or None."""
        from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

        url = getproxies_environment().get("https")
        if not url or proxy_bypass_environment(address):
            return None
        return cls.from_url(url)


class Origin(NamedTuple):
    """The server of a URL: what a connection can be shared by."""

    host: str
    port: int
    tls: bool

    @property
    def netloc(self) -> str:
        """Host and port as the Host header has them, the port left out where it is the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.tls else 80) else f"{host}:{self.port}"

    @property
    def address(self) -> str:
        """Host and port, always both."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def default_context() -> ssl.SSLContext:
    """TLS 1.2 or newer, certificate and host name verified against the system's authorities."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context


def connect(
    origin: Origin,
    *,
    deadline: Deadline,
    connect_timeout: float | None,
    proxy: Proxy | None,
    context: ssl.SSLContext | None,
) -> Stream:
    """Connect to `origin`, through `proxy` if there is one, with TLS if `context` is given.

    Raises:
        NotSentError: whatever went wrong.
    """
    _check_name(origin.host)
    host, port = (proxy.host, proxy.port) if proxy else (origin.host, origin.port)
    sock, limit = _connect_any(host, port, deadline, connect_timeout)
    with ExitStack() as on_failure:
        on_failure.callback(sock.close)
        if proxy:
            _ask_for_tunnel(sock, limit, proxy, origin)
        if context:
            sock = _secure(sock, limit, context, origin)
        on_failure.pop_all()
    return Stream(sock, deadline)


def _check_name(host: str) -> None:
    """Refuse what neither the resolver nor TLS can take, before anything is opened."""
    try:
        valid = bool(host.encode("idna")) and not host.startswith(".")
    except UnicodeError:
        valid = False
    if not valid:
        raise NotSentError(f"{host!r} is no host name; check the URL")


def _connect_any(
    host: str, port: int, deadline: Deadline, connect_timeout: float | None
) -> tuple[socket.socket, Deadline]:
    """A TCP connection to the first address that answers, and until when it may be made ready."""
    where = f"{host}:{port}"
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NotSentError(
            f"cannot resolve {host!r} ({error.strerror}); check the URL and this machine's name resolution",
            errno=error.errno,
        ) from error
    for index, (family, kind, protocol, _, address) in enumerate(addresses):
        limit = deadline.within(connect_timeout)
        try:
            return _connect_one(socket.socket(family, kind, protocol), address, limit), limit
        except OSError as error:
            if index + 1 == len(addresses):
                raise _unreachable(where, error) from error
    raise NotSentError(f"{host!r} has no address")


def _connect_one(sock: socket.socket, address: tuple[object, ...], limit: Deadline) -> socket.socket:
    with ExitStack() as on_failure:
        on_failure.callback(sock.close)
        sock.settimeout(limit.remaining())
        sock.connect(address)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        on_failure.pop_all()
    return sock


def _unreachable(where: str, error: OSError) -> NotSentError:
    if isinstance(error, (socket.timeout, TimeoutError)):
        return NotSentError(f"timed out while connecting to {where}", errno=errno.ETIMEDOUT)
    hint = "; is the server running?" if isinstance(error, ConnectionRefusedError) else ""
    return NotSentError(f"cannot connect to {where} ({error.strerror}){hint}", errno=error.errno)


def _ask_for_tunnel(sock: socket.socket, limit: Deadline, proxy: Proxy, origin: Origin) -> None:
    """HTTP CONNECT (RFC 9110, section 9.3.6)."""
    lines = [f"CONNECT {origin.address} HTTP/1.1", f"Host: {origin.address}"]
    if proxy.authorization:
        lines.append(f"Proxy-Authorization: {proxy.authorization}")
    where = f"the proxy {proxy.host}:{proxy.port}"
    stream = Stream(sock, limit)
    answer = http.client.HTTPResponse(stream, method="CONNECT")  # type: ignore[arg-type]
    try:
        stream.send(("\r\n".join(lines) + "\r\n\r\n").encode("ascii"))
        answer.begin()
    except OSError as error:
        raise NotSentError(
            f"{where} did not open a tunnel ({error.strerror or 'no answer'})", errno=error.errno
        ) from error
    except http.client.HTTPException:
        problem = "did not answer in HTTP"
    else:
        # The standard phrase, not the proxy's own, which may repeat what it was sent.
        phrase = http.client.responses.get(answer.status, "")
        problem = "" if answer.status == 200 else f"refused a tunnel: {answer.status} {phrase}".rstrip()
    if not problem and not stream.empty:
        problem = "sent more than it was asked for"
    if problem:
        raise NotSentError(f"{where} {problem}; check proxy= or HTTPS_PROXY")


def _secure(sock: socket.socket, limit: Deadline, context: ssl.SSLContext, origin: Origin) -> ssl.SSLSocket:
    try:
        sock.settimeout(limit.remaining())
        return context.wrap_socket(sock, server_hostname=origin.host)
    except ssl.SSLCertVerificationError as error:
        raise NotSentError(
            f"the certificate of {origin.address} is not trusted ({error.verify_message})", errno=error.errno
        ) from error
    except OSError as error:
        reason = getattr(error, "reason", None) or error.strerror or error
        raise NotSentError(f"no TLS with {origin.address} ({reason})", errno=error.errno) from error
