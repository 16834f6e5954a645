"""Keeping secrets out of what is shown.

No message of ours holds the md5 of an account, the password of a URL or a token from a header. But a server can echo
what it was sent, in a fault, a header, an error page or the text of a refusal, so every text from a server is masked
before it can be shown. A whole secret is masked wherever it stands. A part of one is masked only at an end where an
excerpt was really cut: honest text can end like a secret by chance. Nor can such a text begin a line of a log.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TypeVar, cast

__all__ = ["Excerpt", "hidden", "is_token", "mask", "masked", "on_one_line"]

T = TypeVar("T")

_TOKEN = re.compile(r"[A-Za-z0-9._:-]{1,100}")

# A shorter part of a secret is not masked.
_SHORTEST_PART = 4


class _Hidden(str):
    def __repr__(self) -> str:
        return "'***'"


def hidden(value: T) -> T:
    """A secret as a str whose representation leaves its text out, because tools such as pytest and Sentry show the
    local variables of a traceback. A value that is not a str becomes an empty one; None stays None."""
    return value if value is None else cast(T, _Hidden(value if isinstance(value, str) else ""))


class Excerpt(str):
    """A piece of a longer text.

    Attributes:
        cut_start: whether something was cut off in front of it.
        cut_end: whether something was cut off behind it.
    """

    cut_start: bool
    cut_end: bool

    # A str is made by __new__.
    def __new__(cls, text: str = "", *, cut_start: bool = False, cut_end: bool = False) -> Excerpt:  # noqa: D102
        excerpt = super().__new__(cls, text)
        excerpt.cut_start = cut_start
        excerpt.cut_end = cut_end
        return excerpt


def on_one_line(text: str) -> str:
    """`text` with escapes for line breaks and all other characters that cannot be printed."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def mask(text: str, secrets: Iterable[str]) -> str:
    """`text` with every secret replaced by ``***``, in any case; of an `Excerpt` also the parts at its cut ends."""
    for secret in secrets:
        if secret.lower() in text.lower():
            text = _like(text, re.sub(re.escape(secret), "***", text, flags=re.IGNORECASE))
        if isinstance(text, Excerpt):
            text = _without_parts(text, secret)
    return text


def _without_parts(excerpt: Excerpt, secret: str) -> str:
    """The excerpt without the beginning of a secret at its cut end, and without the end of one at its cut start."""
    text, low = str(excerpt), secret.lower()
    for size in range(len(low) - 1, _SHORTEST_PART - 1, -1):
        if excerpt.cut_end and text[-size:].lower() == low[:size]:
            text = text[:-size] + "***"
        if excerpt.cut_start and text[:size].lower() == low[-size:]:
            text = "***" + text[size:]
    return _like(excerpt, text)


def _like(original: str, text: str) -> str:
    if isinstance(original, Excerpt):
        return Excerpt(text, cut_start=original.cut_start, cut_end=original.cut_end)
    return text


def masked(value: Any, secrets: tuple[str, ...]) -> Any:
    """`value` with its texts masked, if it is a str or a dict; otherwise `value` itself."""
    if isinstance(value, str):
        return mask(value, secrets)
    if isinstance(value, dict):
        return {masked(key, secrets): masked(item, secrets) for key, item in value.items()}
    return value


def is_token(text: str) -> bool:
    """Whether a server's word can stand in a message unquoted: only then would a secret in it be found as a whole."""
    return _TOKEN.fullmatch(text) is not None
