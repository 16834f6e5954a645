"""From a URL's host to a connection that can carry a request: addresses, proxy, TLS.

All of this happens before the first byte of a request, so every failure is a `NotSentError`. One address can take
`connect_timeout` seconds, TLS and the proxy's answer included; the call's deadline bounds them all. What is left of it
is shared among the addresses that were not tried yet, so that one that never answers leaves time for the next. It
bounds name resolution only where the stream can leave that waiting: a thread cannot.
"""

from __future__ import annotations

import errno
import http.client
import math
import socket
import ssl
from contextlib import ExitStack
from typing import NamedTuple

from ..errors import NotSentError, ResponseError
from ..options import Origin, Proxy
from .request import Payload
from .stream import Stream

__all__ = ["connect", "default_context"]


_CHECK_PROXY = "; check proxy= or HTTPS_PROXY"


class _Peer(NamedTuple):
    """What a connection is opened to, and the advice for each way in which that fails."""

    host: str
    port: int
    kind: str = ""
    unresolved: str = "; check the URL and this machine's name resolution"
    refused: str = "; is the server running?"
    unreachable: str = ""


def default_context() -> ssl.SSLContext:
    """TLS 1.2 or newer, certificate and hostname verified against the system's authorities."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context


async def connect(
    stream: Stream,
    origin: Origin,
    *,
    connect_timeout: float | None,
    proxy: Proxy | None,
    context: ssl.SSLContext | None,
) -> None:
    """Connect `stream` to `origin`, through `proxy` if there is one, with TLS if `context` is given.

    Raises:
        NotSentError: for every failure.
    """
    _check_name(origin.host, "the URL")
    peer = _Peer(origin.host, origin.port)
    if proxy:
        _check_name(proxy.host, "proxy= or HTTPS_PROXY")
        peer = _Peer(proxy.host, proxy.port, "the proxy ", *[_CHECK_PROXY] * 3)
    await _open_any(stream, peer, connect_timeout)
    with ExitStack() as on_failure:
        on_failure.callback(stream.discard)
        if proxy:
            await _ask_for_tunnel(stream, proxy, origin)
        await _start(stream, context, origin)
        # An answer to nothing must not become the answer to a call. TLS itself sends something after the handshake (RFC
        # 8446, section 4.6.1).
        if context is None and not stream.reusable(math.inf):
            raise NotSentError(f"{origin.address} closed the connection, or sent something, before it was asked")
        on_failure.pop_all()


def _check_name(host: str, source: str) -> None:
    """Refuse a name that the resolver and TLS cannot take, before anything is opened."""
    try:
        valid = bool(host.encode("idna")) and not host.startswith(".")
    except UnicodeError:
        valid = False
    if not valid:
        raise NotSentError(f"{host!r} is not a hostname; check {source}")


async def _open_any(stream: Stream, peer: _Peer, connect_timeout: float | None) -> None:
    """Connect to the first address that answers, and set the deadline for proxy and TLS on it."""
    deadline = stream.deadline
    try:
        addresses = await stream.resolve(peer.host, peer.port)
    except OSError as error:
        raise NotSentError(
            f"cannot resolve {peer.kind}{peer.host!r} ({error.strerror}){peer.unresolved}", errno=error.errno
        ) from error
    for left, address in zip(range(len(addresses), 0, -1), addresses):
        limit = deadline.within(connect_timeout)
        stream.deadline = deadline.share(left).within(connect_timeout)
        try:
            await stream.open(address)
        except OSError as error:
            if left == 1:
                raise _unreachable(peer, error) from error
        else:
            stream.deadline = limit
            return
    raise NotSentError(f"{peer.host!r} has no address")


def _unreachable(peer: _Peer, error: OSError) -> NotSentError:
    number = _errno(error)
    where = f"{peer.kind}{peer.host}:{peer.port}"
    if number == errno.ETIMEDOUT:
        return NotSentError(f"timed out while connecting to {where}{peer.unreachable}", errno=number)
    hint = peer.refused if isinstance(error, ConnectionRefusedError) else peer.unreachable
    return NotSentError(f"cannot connect to {where} ({error.strerror}){hint}", errno=number)


def _errno(error: OSError) -> int | None:
    """The number of an error. The one that a socket raises at its own timeout has none."""
    return errno.ETIMEDOUT if isinstance(error, (socket.timeout, TimeoutError)) else error.errno


async def _ask_for_tunnel(stream: Stream, proxy: Proxy, origin: Origin) -> None:
    """HTTP CONNECT (RFC 9110, section 9.3.6)."""
    where = f"the proxy {proxy.host}:{proxy.port}"
    try:
        await stream.send(_connect_request(proxy, origin))
        head, rest = await stream.receive_head()
    except OSError as error:
        raise NotSentError(
            f"{where} did not open a tunnel ({error.strerror or 'timed out'}){_CHECK_PROXY}", errno=_errno(error)
        ) from error
    except ResponseError:
        problem = "did not answer in HTTP"
    else:
        # The standard phrase: the proxy's own can repeat what it was sent.
        phrase = http.client.responses.get(head.status, "")
        problem = "" if head.status == 200 else f"refused a tunnel: {head.status} {phrase}".rstrip()
        if not problem and rest:
            problem = "sent more than it was asked for"
    if problem:
        raise NotSentError(f"{where} {problem}{_CHECK_PROXY}")


def _connect_request(proxy: Proxy, origin: Origin) -> Payload:
    credentials = Payload(
        f"Proxy-Authorization: {proxy.authorization}\r\n".encode("ascii") if proxy.authorization else b""
    )
    address = origin.address.encode("ascii")
    return Payload(b"CONNECT %s HTTP/1.1\r\nHost: %s\r\n%s\r\n" % (address, address, credentials.data))


async def _start(stream: Stream, context: ssl.SSLContext | None, origin: Origin) -> None:
    try:
        await stream.start(context, origin.host)
    except ssl.SSLCertVerificationError as error:
        raise NotSentError(
            f"the certificate of {origin.address} is not trusted ({error.verify_message})", errno=error.errno
        ) from error
    except OSError as error:
        reason = getattr(error, "reason", None) or error.strerror or error
        raise NotSentError(f"TLS with {origin.address} failed ({reason})", errno=_errno(error)) from error
