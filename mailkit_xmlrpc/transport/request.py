"""What is sent: the head that all requests to a URL share, and bytes that no traceback shows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from ..errors import ConfigError
from ..errors.redaction import Address, HiddenTuple
from ..options import Origin

__all__ = ["HostInfo", "Payload", "Route", "checked_target", "shielded", "split_netloc"]

_NETLOC = re.compile(r"([\x21-\x39\x3b-\x7e]+|\[[0-9A-Fa-f:.%]+\])(?::([0-9]{0,5}))?")
_TARGET = re.compile(r"/[\x21-\x7e]*")


class Payload:
    """Bytes to send. They hold credentials, and tools such as pytest and Sentry print the local variables of a
    traceback, so the representation says only how many bytes there are.

    Attributes:
        data: the bytes.
    """

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data: bytes = data

    def __len__(self) -> int:
        return len(self.data)

    def __repr__(self) -> str:
        return f"<{len(self.data)} bytes>"


class HostInfo(NamedTuple):
    """What `Transport.get_host_info` says; the representation leaves the credentials out."""

    netloc: str
    headers: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.netloc!r})"


class Route:
    """Where a call goes, and the head that every request to there begins with.

    Args:
        key: what the route was made from, to be compared.
        origin: the server.
        handler: the path.
        headers: pairs; of several headers of one name the last one counts.
        secrets: the texts that no message about a call to there may show.
    """

    def __init__(
        self,
        key: tuple[Any, ...],
        origin: Origin,
        handler: str,
        headers: Iterable[tuple[str, str]],
        secrets: HiddenTuple[str] = HiddenTuple(),
    ) -> None:
        self.secrets = secrets
        self.key = key
        self.origin = origin
        self.url: str = f"{'https' if origin.tls else 'http'}://{origin.netloc}{handler}"
        latest = {name.lower(): f"{name}: {value}" for name, value in (("Host", origin.netloc), *headers)}
        lines = [f"POST {handler} HTTP/1.1", *latest.values(), "Content-Length: "]
        self._head = Payload("\r\n".join(lines).encode("latin-1"))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} to {self.url}>"

    def request(self, body: Payload) -> Payload:
        """The whole HTTP request that carries `body`."""
        return Payload(b"%s%d\r\n\r\n%s" % (self._head.data, len(body.data), body.data))


def shielded(host: Any) -> Any:
    """The `host` of `Transport.request`, with a representation that leaves its credentials out. As with the standard
    library, it can be a tuple of that and of arguments for TLS."""
    if isinstance(host, tuple):
        return tuple(map(shielded, host))
    return Address(host) if isinstance(host, str) and not isinstance(host, Address) else host


def checked_target(handler: str) -> str:
    """The path of a URL, if HTTP allows it. Raises ConfigError."""
    if not _TARGET.fullmatch(handler):
        raise ConfigError("the URL's path must begin with / and hold visible ASCII only; percent-encode the rest")
    return handler


def split_netloc(netloc: str, *, tls: bool) -> Origin:
    """The server that ``host[:port]`` names. Raises ConfigError."""
    match = _NETLOC.fullmatch(netloc)
    port = int(match[2] or (443 if tls else 80)) if match else 0
    if match is None or not 0 < port < 65536:
        raise ConfigError("the URL needs a host in ASCII, and a port from 1 to 65535 if it names one")
    return Origin(match[1].strip("[]"), port, tls)
