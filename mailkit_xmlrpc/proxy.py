"""`ServerProxy`: the standard library's, on our codec and our transport, for any XML-RPC service.

The same arguments come first, dotted names are methods, and ``proxy("close")`` and ``proxy("transport")`` work. What
differs: every call has a deadline, none is sent twice, threads can share one proxy, and every failure is a
`MailkitError`. The standard library's `MultiCall` works on a `ServerProxy`, but raises its own `Fault`; the `MultiCall`
here raises a `FaultError`.
"""

from __future__ import annotations

import ssl
import xmlrpc.client
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Callable

from . import codec
from .codec import Limits
from .codec.charset import known_encoding
from .codec.faults import fault_error
from .errors import ConfigError, MailkitError, ResponseError
from .errors.redaction import Address, HiddenBytes, HiddenTuple, hidden
from .errors.secrets import Secrets, url_secrets
from .options import check_callable, hidden_options, split_url
from .transport import Attempt, Payload, SafeTransport, Transport, finished

if TYPE_CHECKING:
    from .options import ConnectionOptions

__all__ = ["BaseProxy", "MultiCall", "ServerProxy", "check_pickles", "send_request"]

_UTF8_HEAD = b'<?xml version="1.0" encoding="UTF-8"?>'


class BaseProxy(xmlrpc.client.ServerProxy):
    """What `ServerProxy` and `AsyncServerProxy` share: everything but how a call is waited for."""

    # The transports for http and https.
    _transport_types: tuple[type[Transport], type[Transport]] = (Transport, SafeTransport)
    _takes_transport = True

    # The standard library's private attributes, by their mangled names.
    _ServerProxy__transport: xmlrpc.client.Transport
    _ServerProxy__host: Address
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
        convert: Callable[[Any], Any] | None = None,
    ) -> None:
        uri = hidden(uri)
        headers, proxy = hidden_options({"headers": headers, "proxy": proxy}).values()
        parts = split_url(uri)
        check_callable("convert", convert)
        if transport is not None and not self._takes_transport:
            raise ConfigError(f"transport must be None: an {type(self).__name__} has its own")
        self._convert = convert
        self._encoding = _checked_encoding(encoding or "utf-8")
        if transport is None:
            options: ConnectionOptions = {
                "headers": headers,
                "context": context,
                "timeout": timeout,
                "connect_timeout": connect_timeout,
                "limits": limits,
                "proxy": proxy,
                "pool_size": pool_size,
            }
            transport = self._transport_types[parts.scheme == "https"](use_datetime, use_builtin_types, **options)
        super().__init__(uri, transport, self._encoding, verbose, allow_none)
        self._ServerProxy__host = Address(parts.netloc)
        # Older standard libraries drop the query.
        self._ServerProxy__handler = (parts.path or "/RPC2") + (f"?{parts.query}" if parts.query else "")

    async def _call(self, methodname: str, params: Sequence[Any]) -> Any:
        params = HiddenTuple(params) if isinstance(params, (list, tuple)) else params
        try:
            body = self._encoded(methodname, params)
        except MailkitError as error:
            error.method = methodname if isinstance(methodname, str) else None
            error.redact(_secrets(self))
            # Without the frames below: their variables hold the params, and a password can be among these.
            raise error.with_traceback(None)  # noqa: B904 (the same error)
        return await send_request(self, methodname, body)

    def _encoded(self, method: str, params: Sequence[Any]) -> Payload:
        allow_none, convert = self._ServerProxy__allow_none, self._convert
        document = codec.encode_request(method, params, allow_none=allow_none, convert=convert)
        if self._encoding == "utf-8":
            return Payload(document)
        text = document[len(_UTF8_HEAD) :].decode("utf-8")
        head = f'<?xml version="1.0" encoding="{self._encoding}"?>'
        return Payload((head + text).encode(self._encoding, "xmlcharrefreplace"))

    def __getattr__(self, name: str) -> Any:
        return _Method(self._ServerProxy__request, _checked_name(name))

    def __getstate__(self) -> dict[str, Any]:
        check_pickles(convert=self._convert)
        return vars(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} for {self._ServerProxy__host.shown}{self._ServerProxy__handler}>"


class ServerProxy(BaseProxy):
    """Calls the methods of an XML-RPC server: ``ServerProxy(url).system.listMethods()``.

    Args:
        uri: an http:// or https:// URL; without a path, /RPC2 is called.
        transport: a transport to use, as with the standard library; headers and what follows then have no effect.
        encoding: the encoding of requests, UTF-8 by default.
        verbose: print sizes and status of each call, never contents.
        allow_none: send None as nil.
        use_datetime: give datetime rather than DateTime.
        use_builtin_types: give datetime and bytes rather than DateTime and Binary.
        convert: called with a value whose type XML-RPC does not have; see `codec.encode_request`. It works with any
            transport.
        headers, context, timeout, connect_timeout, limits, proxy, pool_size: see `options.Options`.

    Raises:
        ConfigError: at construction, for an argument that cannot work.
        EncodeError, FaultError, ResponseError, TransportError: from a call.
    """

    # The standard library's proxy, its dotted names and MultiCall all call this private method. Overriding it under
    # its mangled name, openly, keeps everything else of the class as it is.
    def _ServerProxy__request(self, methodname: str, params: Sequence[Any]) -> Any:
        return finished(self._call(methodname, params))


class _Method(xmlrpc.client._Method):
    """The standard library's, whose frame in a traceback does not show the params: a password can be among them."""

    _Method__send: Callable[[str, tuple[Any, ...]], Any]
    _Method__name: str

    def __getattr__(self, name: str) -> _Method:
        name = _checked_name(name)
        return _Method(self._Method__send, f"{self._Method__name}.{name}")

    def __call__(self, *args: Any) -> Any:
        args = HiddenTuple(args)
        return self._Method__send(self._Method__name, args)


async def send_request(proxy: BaseProxy, method: str, body: Payload, attempt: Attempt | None = None) -> Any:
    """Send an encoded call through `proxy`, once, and return its value.

    This is a function because every public name of a `ServerProxy` is a method of the server. It waits for the network
    as the transport does: a thread blocks.

    Args:
        proxy: where to send it.
        method: the method's name, for errors.
        body: the encoded call.
        attempt: see `Transport.send`; a transport whose `request` is not this package's does not get it.

    Raises:
        FaultError, ResponseError, TransportError: see there.
    """
    transport, verbose = proxy._ServerProxy__transport, proxy._ServerProxy__verbose
    host, handler = proxy._ServerProxy__host, proxy._ServerProxy__handler
    try:
        if isinstance(transport, Transport) and getattr(transport.request, "__func__", None) is Transport.request:
            return await transport.carry(host, handler, body, verbose, attempt)
        response: Any = transport.request(host, handler, HiddenBytes(body.data), verbose=verbose)
    except MailkitError as error:
        error.method = method
        error.attempts = 0 if isinstance(error, ConfigError) else 1
        raise
    return response[0] if len(response) == 1 else response


def check_pickles(**functions: object) -> None:
    """Raise ConfigError for an option that is a function and cannot be pickled."""
    import pickle

    for name, function in functions.items():
        try:
            pickle.dumps(function)
        except (pickle.PicklingError, AttributeError, TypeError):
            raise ConfigError(f"{name} cannot be pickled; give a function that a module defines") from None


class MultiCall(xmlrpc.client.MultiCall):
    """Several calls in one request, as the standard library's class of this name makes them.

    A result that is a fault raises a `FaultError` when it is reached, and one that is neither a value nor a fault a
    `ResponseError`.

    Args:
        server: a `ServerProxy` of a server that has system.multicall.

    Raises:
        ConfigError: at construction, for an `AsyncServerProxy`.
    """

    # The standard library's private attributes, by their mangled names.
    _MultiCall__server: Any
    _MultiCall__call_list: list[tuple[str, Any]]

    def __init__(self, server: xmlrpc.client.ServerProxy) -> None:
        if isinstance(server, BaseProxy) and not isinstance(server, ServerProxy):
            raise ConfigError(f"MultiCall does not work with {type(server).__name__}: await its system.multicall")
        super().__init__(server)

    def __getattr__(self, name: str) -> _MultiCallMethod:
        name = _checked_name(name)
        return _MultiCallMethod(self._MultiCall__call_list, name)

    def __call__(self) -> _Results:  # type: ignore[override]
        """Make the calls.

        Raises:
            MailkitError: the request as a whole failed.
            ResponseError: there are more or fewer results than calls.
        """
        calls = HiddenTuple(self._MultiCall__call_list)
        results = self._MultiCall__server.system.multicall(
            [{"methodName": name, "params": params} for name, params in calls]
        )
        if not isinstance(results, list) or len(results) != len(calls):
            del results  # what the server sent
            raise ResponseError(f"system.multicall did not answer with {len(calls)} results", method="system.multicall")
        return _Results([name for name, _ in calls], results, _secrets(self._MultiCall__server))


class _MultiCallMethod(xmlrpc.client._MultiCallMethod):
    """The standard library's, which can be copied: that adds no call."""

    _MultiCallMethod__call_list: list[tuple[str, Any]]
    _MultiCallMethod__name: str

    def __getattr__(self, name: str) -> _MultiCallMethod:
        name = _checked_name(name)
        return _MultiCallMethod(self._MultiCallMethod__call_list, f"{self._MultiCallMethod__name}.{name}")


class _Results:
    """The results of a `MultiCall`, in the order of its calls."""

    def __init__(self, methods: list[str], results: list[Any], secrets: Secrets) -> None:
        self._methods = methods
        self._results = results
        self._secrets = secrets

    def __len__(self) -> int:
        return len(self._results)

    def __iter__(self) -> Iterator[Any]:
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, index: int) -> Any:
        result = self._results[index]
        if isinstance(result, list) and len(result) == 1:
            return result[0]
        try:
            error: MailkitError = fault_error(result)
        except MailkitError as unreadable:
            error = unreadable
        error.method, error.attempts = self._methods[index], 1
        error.redact(self._secrets)
        del result  # what the server sent
        raise error.with_traceback(None)


def _secrets(server: object) -> Secrets:
    """The texts that no error of a call through `server` may show."""
    if not isinstance(server, BaseProxy):
        return Secrets()
    transport, host = server._ServerProxy__transport, server._ServerProxy__host
    return transport.secrets(host) if isinstance(transport, Transport) else Secrets(url_secrets(host))


def _checked_name(name: str) -> str:
    """The name of a method. copy, pickle and inspect ask objects for other names, which are not methods of a server."""
    if name.startswith("__") and name.endswith("__"):
        raise AttributeError(name)
    return name


def _checked_encoding(name: str) -> str:
    if not isinstance(name, str) or known_encoding(name) is None:
        raise ConfigError("encoding must name one that XML-RPC peers read, such as utf-8 or iso-8859-1")
    return "utf-8" if known_encoding(name) == "utf-8" else name
