"""What a connection can be configured with: names, defaults, checks and environment variables, each in one place.

`ServerProxy`, the transports, `Client` and the command line share this module. Everything is checked when an object
is made, so that no call fails for it later, and no message repeats a value that can hold a secret.
"""

from __future__ import annotations

import base64
import ipaddress
import os
import re
import ssl
import sys
import urllib.parse
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from .codec import Limits
from .codec.encode import escape
from .errors import ConfigError

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
    "is_loopback",
    "required_variable",
    "split_url",
    "url_secrets",
]

MAILKIT_URL = "https://api.mailkit.eu/rpc.fcgi"

# RFC 9110, sections 5.1 and 5.5. A line break in a header would let its value write headers of its own.
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
# These say how the body is framed and the connection is used, which the transport decides.
_OWN_HEADERS = frozenset({"content-length", "transfer-encoding", "connection", "host", "accept-encoding", "te"})
# The exception: some servers close after every answer without saying so, and the next call on such a connection would
# end in doubt.
_CLOSE = ("connection", "close")
_HEADERS_WANTED = "headers must be a list of pairs of str: (name, value)"
# Headers whose value is a secret. "X-Author" and "X-Api-Key-Version" are not: their values are common words, which
# would be masked in honest text.
_SECRET_HEADER = re.compile(
    r"(proxy-)?authorization|cookie|(.*[-_])?(auth|credentials?|key|pass(word|phrase)?|secret|session|signature|token)",
    re.IGNORECASE,
)
# A shorter value would mask half of every message.
_SHORTEST_SECRET = 4

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
        timeout: seconds for a whole call, over all attempts and waits; None for no limit. Name resolution cannot be
            bounded.
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
            raise ConfigError(_HEADERS_WANTED)
        object.__setattr__(self, "headers", tuple(map(_checked_header, self.headers)))
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
        found = [secret for name, value in self.headers if _SECRET_HEADER.fullmatch(name) for secret in _parts(value)]
        if self.proxy:
            found += url_secrets(urllib.parse.urlsplit(self.proxy).netloc)
        return tuple(secret for secret in found if len(secret) >= _SHORTEST_SECRET)

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
        """The proxy that HTTPS_PROXY and NO_PROXY name for ``host:port``, or None. Raises ConfigError."""
        # Imported here: only https URLs need it, and it takes as long to import as half of this package.
        from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

        url = getproxies_environment().get("https")
        if not url or proxy_bypass_environment(address):
            return None
        return cls.from_url(url)


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


def url_secrets(netloc: str) -> tuple[str, ...]:
    """What of ``user:password@host`` must not be shown, in each form that a server can echo."""
    userinfo = netloc.rpartition("@")[0]
    password = urllib.parse.unquote(userinfo.partition(":")[2])
    token = base64.b64encode(urllib.parse.unquote_to_bytes(userinfo)).decode("ascii").rstrip("=")
    # In XML, and as http.client reads UTF-8 in a status line or header.
    forms = {token, userinfo, password, escape(password), password.encode().decode("latin-1")}
    return tuple(sorted((form for form in forms if len(form) >= _SHORTEST_SECRET), key=len, reverse=True))


def checked_seconds(name: str, value: float | None) -> float | None:
    """`value` as a timeout: a finite number of seconds above 0, or None for no limit. Raises ConfigError."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= sys.float_info.max:
        raise ConfigError(f"{name} must be a number of seconds above 0, or None for no limit, got {value!r}")
    return float(value)


def check_callable(name: str, value: object) -> None:
    """Raise ConfigError for an option that is not a function or None."""
    if value is not None and not callable(value):
        raise ConfigError(f"{name} must be callable, got {type(value).__name__}")


def checked_id(value: int | str) -> int:
    """`value` as a client_id. Raises ConfigError."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,19}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**63:
        raise ConfigError("client_id must be a positive int or a string of digits (menu Profile / Integration)")
    return value


def checked_md5(value: str) -> str:
    """`value`, if it can be a client_md5. Raises ConfigError, which does not repeat the value."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-fA-F]{32}", value):
        raise ConfigError("client_md5 must be 32 hex digits (menu Profile / Integration)")
    return str(value)


def environment() -> dict[str, Any]:
    """url and timeout, as far as MAILKIT_URL and MAILKIT_TIMEOUT (seconds) are set. Raises ConfigError."""
    found: dict[str, Any] = {}
    if url := os.environ.get("MAILKIT_URL"):
        found["url"] = url
    if text := os.environ.get("MAILKIT_TIMEOUT"):
        try:
            found["timeout"] = float(text)
        except ValueError:
            raise ConfigError(f"MAILKIT_TIMEOUT must be a number of seconds, got {text[:40]!a}") from None
    return found


def required_variable(name: str) -> str:
    """The value of an environment variable. Raises ConfigError if it is not set."""
    value = os.environ.get(name)
    if not value:
        raise ConfigError(f"the environment variable {name} is not set, and no argument was given instead")
    return value


def _checked_header(pair: Any) -> tuple[str, str]:
    """A request header that HTTP allows and the transport does not set itself. Raises ConfigError."""
    if not isinstance(pair, (tuple, list)) or len(pair) != 2 or not all(isinstance(part, str) for part in pair):
        raise ConfigError(_HEADERS_WANTED)
    name, value = pair
    if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
        raise ConfigError(f"the header {name[:40]!a} has a name or value that HTTP does not allow")
    if name.lower() in _OWN_HEADERS and (name.lower(), value.lower()) != _CLOSE:
        raise ConfigError(f"the header {name} is set by the transport itself; leave it out")
    return name, value


def _parts(value: str) -> list[str]:
    """A header's value, and the parts of it that a server can echo alone: the token of "Bearer TOKEN", the password of
    "Basic BASE64", the value of each cookie or parameter."""
    token = value.partition(" ")[2]
    parts = [value, token, *(part.strip('"') for part in re.findall(r"=([^\s;,]+)", value))]
    with suppress(ValueError):  # the token is not Base64 of a text
        parts.append(base64.b64decode(token, validate=True).decode().partition(":")[2])
    return parts
