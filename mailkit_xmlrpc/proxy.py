"""`ServerProxy`: the standard library's, on our codec and our transport, for any XML-RPC service.

The same arguments come first, dotted names are methods, ``proxy("close")`` and ``proxy("transport")`` work,
and `xmlrpc.client.MultiCall` runs on top of it. What differs: every call has a deadline, none is sent twice,
threads may share one proxy, and whatever goes wrong is a `MailkitError`.
"""

from __future__ import annotations

import re
import ssl
import urllib.parse
import xmlrpc.client
from collections.abc import Iterable, Sequence
from typing import Any

from . import codec
from .codec import Limits
from .codec.charset import known_encoding
from .errors import ConfigError, EncodeError, MailkitError
from .transport import Exchange, SafeTransport, Transport

__all__ = ["ServerProxy", "split_url"]

_UTF8_HEAD = b'<?xml version="1.0" encoding="UTF-8"?>'


class ServerProxy(xmlrpc.client.ServerProxy):
    """Calls the methods of an XML-RPC server: ``ServerProxy(url).system.listMethods()``.

    Args:
        uri: http:// or https:// URL; /RPC2 is assumed where it names no path.
        transport: a transport of one's own, as with the standard library; the arguments that make one
            (headers, context, timeout, connect_timeout, limits, proxy, pool_size) then have no effect.
        encoding: the encoding of requests, UTF-8 by default.
        verbose: print sizes and status of each call, never contents.
        allow_none: send None as nil.
        use_datetime: give datetime rather than DateTime.
        use_builtin_types: give datetime and bytes rather than DateTime and Binary.
        headers: pairs of extra request headers.
        context: an ssl.SSLContext of one's own.
        timeout: seconds for one whole call, or None for no limit.
        connect_timeout: seconds for connecting to one address, or None.
        limits: bounds on an answer.
        proxy: the URL of an HTTP proxy; "" for none; None asks HTTPS_PROXY and NO_PROXY.
        pool_size: how many connections may be in use at once. Threads wait for one another with the default: many
            XML-RPC servers serve one connection at a time.

    Raises:
        ConfigError: at construction, for what cannot work.
        EncodeError, FaultError, ResponseError, TransportError: from a call.
    """

    # The standard library's private attributes, by their mangled names.
    _ServerProxy__transport: Any
    _ServerProxy__host: str
    _ServerProxy__handler: str
    _ServerProxy__verbose: bool
    _ServerProxy__allow_none: bool

    def __init__(
        self,
        uri: str,
        transport: Any = None,
        encoding: str | None = None,
        verbose: bool = False,
        allow_none: bool = False,
        use_datetime: bool = False,
        use_builtin_types: bool = False,
        *,
        headers: Iterable[tuple[str, str]] = (),
        context: ssl.SSLContext | None = None,
        timeout: float | None = 300.0,
        connect_timeout: float | None = 10.0,
        limits: Limits = Limits(),
        proxy: str | None = None,
        pool_size: int = 1,
    ) -> None:
        parts = split_url(uri)
        self._encoding = _checked_encoding(encoding or "utf-8")
        if transport is None:
            options: dict[str, Any] = {
                "headers": headers,
                "timeout": timeout,
                "connect_timeout": connect_timeout,
                "limits": limits,
                "proxy": proxy,
                "pool_size": pool_size,
            }
            if parts.scheme == "https":
                transport = SafeTransport(use_datetime, use_builtin_types, context=context, **options)
            else:
                transport = Transport(use_datetime, use_builtin_types, **options)
        super().__init__(uri, transport, self._encoding, verbose, allow_none)
        # Older standard libraries drop the query.
        self._ServerProxy__handler = (parts.path or "/RPC2") + (f"?{parts.query}" if parts.query else "")

    # The standard library's proxy, its dotted names and MultiCall all end in this private method. Overriding it
    # under its mangled name, openly, keeps everything else of the class as it is.
    def _ServerProxy__request(self, methodname: str, params: Sequence[Any]) -> Any:
        try:
            body = codec.encode_request(methodname, params, allow_none=self._ServerProxy__allow_none)
        except EncodeError as error:
            error.method = methodname if isinstance(methodname, str) else None
            raise
        return self._send(methodname, self._in_encoding(body))

    def _send(self, method: str, body: bytes, exchange: Exchange | None = None) -> Any:
        """Send an encoded call. `Client` comes in here, with a request and an `Exchange` that it has prepared."""
        transport, verbose = self._ServerProxy__transport, self._ServerProxy__verbose
        host, handler = self._ServerProxy__host, self._ServerProxy__handler
        try:
            if isinstance(transport, Transport):
                response: Any = transport.request(host, handler, body, verbose, exchange=exchange)
            else:
                response = transport.request(host, handler, body, verbose=verbose)
        except MailkitError as error:
            error.method = method
            error.attempts = 0 if isinstance(error, ConfigError) else 1
            raise
        return response[0] if len(response) == 1 else response

    def _in_encoding(self, body: bytes) -> bytes:
        if self._encoding == "utf-8":
            return body
        text = body[len(_UTF8_HEAD) :].decode("utf-8")
        head = f'<?xml version="1.0" encoding="{self._encoding}"?>'
        return (head + text).encode(self._encoding, "xmlcharrefreplace")

    def __getattr__(self, name: str) -> Any:
        # copy, pickle and inspect ask an object for such names; they are no methods of a server.
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return super().__getattr__(name)

    def __repr__(self) -> str:
        host = self._ServerProxy__host.rpartition("@")[2]
        return f"<{type(self).__name__} for {host}{self._ServerProxy__handler}>"


def split_url(url: str) -> urllib.parse.SplitResult:
    """The parts of a URL that can be called. Raises ConfigError, which does not repeat the URL."""
    try:
        parts = urllib.parse.urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except (ValueError, AttributeError, TypeError):
        valid = False
    if not valid or not re.fullmatch(r"[\x21-\x7e]+", url):
        raise ConfigError(
            "the URL must be like https://api.example.com/RPC2: http or https, a host, ASCII without white space"
        )
    return parts


def _checked_encoding(name: str) -> str:
    if not isinstance(name, str) or known_encoding(name) is None:
        raise ConfigError("encoding must name one that XML-RPC peers read, such as utf-8 or iso-8859-1")
    return "utf-8" if known_encoding(name) == "utf-8" else name
