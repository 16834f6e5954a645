"""Keeping secrets out of what is shown.

The md5 of an account and the password of a URL never stand in a message of ours; but a server may echo what it was
sent, in a fault, a header, an error page or the text of a refusal. So everything that comes from a server and can
be shown goes through here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

__all__ = ["is_token", "mask", "masked"]

_TOKEN = re.compile(r"[A-Za-z0-9._:-]{1,100}")


def mask(text: str, secrets: Iterable[str]) -> str:
    """Replace every secret in `text`, in any case, also one that an excerpt cut off at either end."""
    if len(text) < 4:
        return text  # no secret is as short, nor is any end of one that is masked
    lower = text.lower()
    for secret in secrets:
        if secret[:4].lower() not in lower and secret[-4:].lower() not in lower:
            continue  # neither the whole of it nor an end
        text = re.sub(re.escape(secret), "***", text, flags=re.IGNORECASE)
        low = secret.lower()
        for kept in range(len(secret) - 1, 3, -1):
            if text[-kept:].lower() == low[:kept]:
                text = text[:-kept] + "***"
            if text[:kept].lower() == low[-kept:]:
                text = "***" + text[kept:]
    return text


def masked(value: Any, secrets: tuple[str, ...]) -> Any:
    """`value` with its texts masked, if it is a text or a dict; else as it is."""
    if type(value) is str:
        return mask(value, secrets)
    if isinstance(value, dict):
        return {masked(key, secrets): masked(item, secrets) for key, item in value.items()}
    return value


def is_token(text: str) -> bool:
    """Whether a server's word may stand in a message: whole, or not at all, and never quoted. Half of a secret, or
    one with its quotes escaped, would not be recognised as one."""
    return _TOKEN.fullmatch(text) is not None
