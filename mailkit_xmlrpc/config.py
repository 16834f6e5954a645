"""What a `Client` may be configured with: checks at construction, so that no call fails for it later."""

from __future__ import annotations

import ipaddress
import os

from .errors import ConfigError
from .proxy import split_url

__all__ = ["is_tls", "required", "seconds"]


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
