"""What a `Client` may be configured with: checks at construction, so that no call fails for it later."""

from __future__ import annotations

import ipaddress
import os
import re

from .errors import ConfigError
from .proxy import split_url

__all__ = ["checked_id", "checked_md5", "is_tls", "required", "seconds"]


def checked_id(value: int | str) -> int:
    """`value` as a client_id. Raises ConfigError."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,19}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**63:
        raise ConfigError("client_id must be a positive int or a string of digits (menu Profile / Integration)")
    return value


def checked_md5(value: str) -> str:
    """`value`, if it can be a client_md5. Raises ConfigError."""
    # The message does not show the value: it is a password, even one that is mistyped.
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-fA-F]{32}", value):
        raise ConfigError("client_md5 must be 32 hex digits (menu Profile / Integration)")
    return value


def is_tls(url: str, allow_http: bool, proxy: str | None) -> bool:
    """Whether `url` is https. Raises ConfigError for one that would show the md5 to others."""
    parts = split_url(url)
    if parts.scheme == "https":
        return True
    if not allow_http and (proxy or not _is_loopback(parts.hostname or "")):
        raise ConfigError(
            "plain http would show the md5 to everybody on the way; use https, or allow_http=True if you must"
        )
    return False


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def required(variable: str) -> str:
    """The value of an environment variable. Raises ConfigError if it is not set."""
    value = os.environ.get(variable)
    if not value:
        raise ConfigError(f"the environment variable {variable} is not set, and no argument was given instead")
    return value


def seconds(text: str) -> float:
    """MAILKIT_TIMEOUT as a number. Raises ConfigError."""
    try:
        return float(text)
    except ValueError:
        raise ConfigError(f"MAILKIT_TIMEOUT must be a number of seconds, got {text[:40]!a}") from None
