"""What an account's id and md5 look like; the client and the sandbox check them alike."""

from __future__ import annotations

import re

from .errors import ConfigError

__all__ = ["checked_id", "checked_md5"]


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
