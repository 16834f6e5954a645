"""What a connection can be configured with: names, defaults, checks and environment variables, each in one place.

`ServerProxy`, the transports, `Client` and the command line share this module. Everything is checked when an object
is made, so that no call fails for it later, and no message repeats a value that can hold a secret.
"""

from __future__ import annotations

import base64
import inspect
import ipaddress
import os
import re
import ssl
import sys
import urllib.parse
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from .codec import Limits
from .errors import ConfigError
from .errors.redaction import Address, HiddenTuple, hidden
from .errors.secrets import url_secrets
from .headers import HEADERS_WANTED, header_secrets, own_header_problem

__all__ = [
    "MAILKIT_URL",
    "Options",
    "Origin",
    "Proxy",
    "check_callable",
    "check_http",
    "checked_id",
    "checked_md5",
    "checked_seconds",
    "environment",
    "hidden_options",
    "is_loopback",
    "required_variable",
    "split_url",
]

MAILKIT_URL = "https://api.mailkit.eu/rpc.fcgi"

_MD5 = re.compile(r"[0-9a-fA-F]{32}")

if TYPE_CHECKING:

    class SharedOptions(TypedDict, total=False):
        """The keyword arguments of `Options` but for timeout."""

        connect_timeout: float | None
        pool_size: int
        headers: Iterable[tuple[str, str]]
        proxy: str | None
        context: ssl.SSLContext | None
        limits: Limits

    class ConnectionOptions(SharedOptions, total=False):
        """The keyword arguments of `Options`."""

        timeout: float | None


@dataclass(frozen=True)
class Options:
    """How to connect to a server.

    Attributes:
        timeout: seconds for a whole call, over all attempts and waits; None for no limit. Name resolution is
            bounded on asyncio, and cannot be in a thread.
        connect_timeout: seconds for connecting to one address; None for no limit.
        pool_size: how many connections can be in use at once. A further call waits for a free one; many XML-RPC
            servers serve one connection at a time.
        headers: pairs of extra request headers; ("Connection", "close") for a server that closes after each answer.
        proxy: the URL of an HTTP proxy to tunnel through; "" for none. None asks HTTPS_PROXY and NO_PROXY, for https
            URLs.
        context: an ssl.SSLContext; by default TLS 1.2 or newer, verified against the system's authorities.
        limits: bounds on an answer.

    Raises:
        ConfigError: for a value that cannot work.
    """

    timeout: float | None = 300.0
    connect_timeout: float | None = 10.0
    pool_size: int = 1
    headers: Iterable[tuple[str, str]] = field(default=(), repr=False)
    proxy: str | None = field(default=None, repr=False)
    context: ssl.SSLContext | None = None
    limits: Limits = Limits()

    def __post_init__(self) -> None:
        checked_seconds("timeout", self.timeout)
        checked_seconds("connect_timeout", self.connect_timeout)
        if isinstance(self.pool_size, bool) or not isinstance(self.pool_size, int) or self.pool_size < 1:
            raise ConfigError(f"pool_size must be an int of at least 1, got {self.pool_size!r}")
        if not isinstance(self.headers, Iterable):
            raise ConfigError(HEADERS_WANTED)
        for name, value in hidden_options({"headers": self.headers, "proxy": self.proxy}).items():
            object.__setattr__(self, name, value)
        if problem := next(filter(None, map(own_header_problem, self.headers)), ""):
            raise ConfigError(problem)
        object.__setattr__(self, "headers", HiddenTuple(map(tuple, self.headers)))
        if self.proxy:
            Proxy.from_url(self.proxy)
        if self.context is not None and not isinstance(self.context, ssl.SSLContext):
            raise ConfigError(f"context must be an ssl.SSLContext, got {type(self.context).__name__}")
        if not isinstance(self.limits, Limits):
            raise ConfigError(f"limits must be a Limits, got {type(self.limits).__name__}")

    @property
    def keywords(self) -> dict[str, Any]:
        """The options as keyword arguments."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no message may show: the values of headers that hold credentials, and the proxy's password."""
        proxies = [self.proxy]
        if self.proxy is None:
            # Where urllib.request looks, whose import takes as long as that of half of this package.
            proxies = [value for name, value in os.environ.items() if name.lower() == "https_proxy"]
        found = [secret for url in proxies if url for secret in url_secrets(re.split("[/?#]", url.split("://")[-1])[0])]
        return (*header_secrets(self.headers), *found)

    def check_pickles(self, owner: object) -> None:
        """Raise ConfigError if `owner` cannot be pickled because of an option."""
        if self.context is not None:
            name = type(owner).__name__
            raise ConfigError(f"a {name} with a context of its own cannot be pickled; build it where it is used")

    def proxy_for(self, origin: Origin) -> Proxy | None:
        """The proxy to reach `origin` through, or None. Raises ConfigError if HTTPS_PROXY cannot be read."""
        if self.proxy is None:
            return Proxy.from_environment(origin.address) if origin.tls else None
        return Proxy.from_url(self.proxy) if self.proxy else None


class Origin(NamedTuple):
    """The server of a URL: what a connection can be shared by."""

    host: str
    port: int
    tls: bool

    @classmethod
    def of(cls, parts: urllib.parse.SplitResult) -> Origin:
        """The server that a URL names."""
        tls = parts.scheme == "https"
        return cls(parts.hostname or "", parts.port or (443 if tls else 80), tls)

    @property
    def netloc(self) -> str:
        """Host and port as the Host header has them: the port only where it is not the usual one."""
        return self._host if self.port == (443 if self.tls else 80) else self.address

    @property
    def address(self) -> str:
        """Host and port, always both."""
        return f"{self._host}:{self.port}"

    @property
    def _host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


@dataclass(frozen=True)
class Proxy:
    """An HTTP proxy that opens a tunnel. Its credentials are not in the representation."""

    host: str
    port: int
    authorization: str | None = field(repr=False)

    @classmethod
    def from_url(cls, url: str) -> Proxy:
        """Read ``[http://][user:password@]host[:port]``. Raises ConfigError."""
        url = hidden(url)
        if (proxy := cls._read(url)) is None:
            raise ConfigError("proxy must be a URL such as http://proxy.example.com:3128")
        return proxy

    @classmethod
    def _read(cls, url: str) -> Proxy | None:
        try:
            parts = urllib.parse.urlsplit(url if "://" in url else f"http://{url}")
            host, port = parts.hostname, 80 if parts.port is None else parts.port
            if not host or not port or parts.scheme != "http":
                return None
            if parts.username is None:
                return cls(host, port, None)
            pair = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
            return cls(host, port, hidden("Basic " + base64.b64encode(pair.encode()).decode("ascii")))
        except (TypeError, ValueError):
            return None

    @classmethod
    def from_environment(cls, address: str) -> Proxy | None:
        """The proxy that HTTPS_PROXY and NO_PROXY name for ``host:port``, or None. Raises ConfigError."""
        # Imported here: only https URLs need it, and it takes as long to import as half of this package.
        from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

        url = hidden(getproxies_environment().get("https"))
        if not url or proxy_bypass_environment(address):
            return None
        return cls.from_url(url)


def split_url(url: str) -> urllib.parse.SplitResult:
    """The parts of a URL that can be called, of which netloc is an `Address`. Raises ConfigError, which does not repeat
    the URL."""
    url = hidden(url)
    if (parts := _split(url)) is None:
        raise ConfigError(
            "the URL must be like https://api.example.com/RPC2: http or https, a host, ASCII without white space"
        )
    return parts


def _split(url: str) -> urllib.parse.SplitResult | None:
    try:
        parts = urllib.parse.urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except (ValueError, AttributeError, TypeError):
        return None
    return parts._replace(netloc=Address(parts.netloc)) if valid and re.fullmatch(r"[\x21-\x7e]+", url) else None


def check_http(parts: urllib.parse.SplitResult, *, proxied: bool) -> None:
    """Raise ConfigError for plain http to another machine, because the md5 is not encrypted on the way. The loopback
    address of a proxy is the proxy's own machine."""
    if parts.scheme == "http" and (proxied or not is_loopback(parts.hostname or "")):
        raise ConfigError(
            "over plain http the md5 is not encrypted; use an https URL, or allow http with allow_http=True"
        )


def is_loopback(host: str) -> bool:
    """Whether `host` is a loopback address, or localhost. Other names are not resolved."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def checked_seconds(name: str, value: float | None) -> float | None:
    """`value` as a timeout: a finite number of seconds above 0, or None for no limit. Raises ConfigError."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= sys.float_info.max:
        raise ConfigError(f"{name} must be a number of seconds above 0, or None for no limit, got {value!r}")
    return float(value)


def check_callable(name: str, value: object) -> None:
    """Raise ConfigError for an option that is not a function or None. Nobody would await what an async one returns."""
    if value is not None and (not callable(value) or inspect.iscoroutinefunction(value)):
        raise ConfigError(f"{name} must be callable and not async, got {type(value).__name__}")


def checked_id(value: int | str) -> int:
    """`value` as a client_id. Raises ConfigError, which does not repeat the value: it can be the md5 by mistake."""
    value = hidden(value)
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,19}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**63:
        raise ConfigError("client_id must be a positive int or a string of digits (menu Profile / Integration)")
    return value


def checked_md5(value: str) -> str:
    """`value`, if it can be a client_md5. Raises ConfigError, which does not repeat the value."""
    value = hidden(value)
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-fA-F]{32}", value):
        raise ConfigError("client_md5 must be 32 hex digits (menu Profile / Integration)")
    return str(value)


def environment() -> dict[str, Any]:
    """url and timeout, as far as MAILKIT_URL and MAILKIT_TIMEOUT (seconds) are set. Raises ConfigError."""
    found: dict[str, Any] = {}
    if url := os.environ.get("MAILKIT_URL"):
        found["url"] = url = hidden(url)
    if text := os.environ.get("MAILKIT_TIMEOUT"):
        found["timeout"] = _number(text)
    if found.get("timeout", 0) is None:
        text = _MD5.sub("***", text or "")  # the text of another variable, by mistake
        raise ConfigError(f"MAILKIT_TIMEOUT must be a number of seconds, got {text[:40]!a}")
    return found


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def required_variable(name: str) -> str:
    """The value of an environment variable. Raises ConfigError if it is not set."""
    value = os.environ.get(name)
    if not value:
        raise ConfigError(f"the environment variable {name} is not set, and no argument was given instead")
    return value


def hidden_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Keyword arguments of `Options` with representations that show neither headers nor a proxy."""
    kept = dict(options)
    if isinstance(kept.get("headers"), Iterable):
        kept["headers"] = HiddenTuple(kept["headers"])
    if kept.get("proxy") is not None:
        # Of another type, it is what no proxy can be.
        kept["proxy"] = hidden(kept["proxy"] if isinstance(kept["proxy"], str) else "://")
    return kept
