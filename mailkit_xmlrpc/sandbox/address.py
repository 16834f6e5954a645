"""`Address`: where a sandbox listens, its URL, and the token in that URL.

A sandbox that does not listen on a loopback address can be called by other machines, and its credentials are in the
documentation of this package. It therefore needs a token, the first segment of the path: `/TOKEN/rpc.fcgi`. Every
client that takes a URL can send it there without a change; many ignore or refuse a password in front of the host name.
The token belongs to every path, and is checked before the body of a request is read.
"""

from __future__ import annotations

import errno
import ipaddress
import re
import secrets
import socket
from dataclasses import dataclass

from ..errors import ConfigError
from ..options import is_loopback

__all__ = ["REFUSAL", "Address", "checked_token"]

REFUSAL = "the URL does not have the token of the sandbox; use the URL that the sandbox shows at its start"
"""Why a request is refused whose path does not begin with the token."""

_TOKEN = re.compile(r"[0-9A-Za-z_-]{16,128}")
_HOST_HINT = "choose an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them"
_PORT_HINT = "choose another port, or 0 for any"
# Of another machine; without IPv6, or without IPv4.
_HOST_ERRORS = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})


@dataclass(frozen=True, repr=False)
class Address:
    """The host to listen on, and the token that a path must begin with; None for no token."""

    host: str
    token: str | None

    @classmethod
    def of(cls, host: str, token: str | None) -> Address:
        """The address for these settings. It has a random token if other machines can call and none is given.

        Raises:
            ConfigError: the host is empty or not a str, or the token is not one.
        """
        if not isinstance(host, str) or not host:
            # For an empty host, such as that of a variable that is not set, the system listens on all addresses.
            raise ConfigError("host must be an address or a hostname, such as 127.0.0.1, or 0.0.0.0 for all addresses")
        if token is None:
            return cls(host, None if is_loopback(host) else secrets.token_hex(16))
        return cls(host, checked_token(token))

    def url(self, port: int, path: str, *, masked: bool = False) -> str:
        """The URL of a path. `masked` has "***" in place of the token."""
        host = _reachable(self.host)
        token = "" if self.token is None else f"/{'***' if masked else self.token}"
        return f"http://{f'[{host}]' if ':' in host else host}:{port}{token}{path}"

    def route(self, path: str) -> str | None:
        """The path without the token, or None if it does not begin with the token."""
        if self.token is None:
            return path
        first, slash, rest = path[1:].partition("/")
        return f"/{rest}" if slash and secrets.compare_digest(first.encode(), self.token.encode()) else None

    def unusable(self, port: int, error: OSError | TypeError) -> ConfigError:
        """The error for an address on which the system cannot listen. TypeError: the host is not a hostname."""
        why = getattr(error, "strerror", None) or error
        of_host = not isinstance(error, OSError) or isinstance(error, socket.gaierror) or error.errno in _HOST_ERRORS
        return ConfigError(f"cannot listen on {self.host} port {port} ({why}); {_HOST_HINT if of_host else _PORT_HINT}")


def checked_token(value: str) -> str:
    """`value`, if it can be a token. Raises ConfigError, which does not repeat the value."""
    if not isinstance(value, str) or not _TOKEN.fullmatch(value):
        raise ConfigError("token must be 16 to 128 letters, digits, - or _, because it is a part of the URL")
    return value


def _reachable(host: str) -> str:
    """`host`, or the loopback address if it stands for all addresses of this machine."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if not address.is_unspecified:
        return host
    return "127.0.0.1" if address.version == 4 else "::1"
