"""Keeping secrets out of what is shown.

No message of ours holds the md5 of an account, the password of a URL or a token from a header. But a server can echo
what it was sent, in a fault, a header, an error page or the text of a refusal, so every text from a server is masked
before it can be shown. A whole secret is masked wherever it stands. A part of one is masked only at an end where an
excerpt was really cut: honest text can end like a secret by chance. Nor can such a text begin a line of a log.

Tools such as pytest, rich and Sentry show the local variables of a traceback, so what holds a secret there has a
representation that leaves it out: `hidden`, `HiddenTuple`, `HiddenBytes`, `Address`.
"""

from __future__ import annotations

import re
import xmlrpc.client
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Generic, TypeVar, cast

__all__ = ["Address", "Excerpt", "HiddenBytes", "HiddenTuple", "hidden", "is_token", "mask", "masked", "on_one_line"]

T = TypeVar("T")

_TOKEN = re.compile(r"[A-Za-z0-9._:-]{1,100}")

# A shorter part of a secret is not masked.
_SHORTEST_PART = 4

# Where a server folds a long text, such as Base64.
_FOLD = r"(?:[\r\n]+[ \t]*)"
_FOLDS = re.compile(_FOLD)


class _Hidden(str):
    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


class HiddenTuple(tuple[T, ...], Generic[T]):
    """A tuple whose representation says only how many values there are."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} value{'' if len(self) == 1 else 's'}>"


class HiddenBytes(bytes):
    """Bytes whose representation says only how many there are."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} bytes>"


class Address(str):
    """A URL, or the hostname and port of one, whose representation leaves the credentials in it out."""

    __slots__ = ()

    @property
    def shown(self) -> str:
        """The text without the credentials."""
        return re.sub(r"^([A-Za-z0-9+.-]+://)?[^/?#]*@", r"\1", self)

    def __repr__(self) -> str:
        return repr(self.shown)


def hidden(value: T) -> T:
    """A secret as a str whose representation leaves its text out. None stays None, and an int that can be a client_id
    what it is; any other value becomes an empty str."""
    if value is None or (isinstance(value, int) and abs(value) < 2**63):
        return value
    return cast(T, _Hidden(value if isinstance(value, str) else ""))


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
    """`text` with every secret replaced by ``***``, in any case, and also one that line breaks fold; of an `Excerpt`
    also the parts at its cut ends."""
    low = text.lower()
    flat = _FOLDS.sub("", low) if "\n" in low or "\r" in low else low
    for secret in secrets:
        if flat is not low and secret.lower() in flat:
            text = _like(text, re.sub(f"{_FOLD}?".join(map(re.escape, secret)), "***", text, flags=re.IGNORECASE))
        elif secret.lower() in low:
            text = _like(text, re.sub(re.escape(secret), "***", text, flags=re.IGNORECASE))
        if isinstance(text, Excerpt):
            text = _without_parts(text, secret)
    return text


def _without_parts(excerpt: Excerpt, secret: str) -> str:
    """The excerpt without the beginning of a secret at its cut end, and without the end of one at its cut start."""
    text, low = str(excerpt), secret.lower()
    sizes = range(len(low) - 1, _SHORTEST_PART - 1, -1)
    if excerpt.cut_end:
        places = _places(text)[-len(low) :]
        end = "".join(text[at] for at in places).lower()
        size = next((size for size in sizes if end.endswith(low[:size])), 0)
        text = text[: places[-size]] + "***" if size else text
    if excerpt.cut_start:
        places = _places(text)[: len(low)]
        start = "".join(text[at] for at in places).lower()
        size = next((size for size in sizes if start.startswith(low[-size:])), 0)
        text = "***" + text[places[size - 1] + 1 :] if size else text
    return _like(excerpt, text)


def _places(text: str) -> list[int]:
    """Where the characters of `text` are that are not part of a fold."""
    folds = {at for fold in _FOLDS.finditer(text) for at in range(*fold.span())}
    return [at for at in range(len(text)) if at not in folds]


def _like(original: str, text: str) -> str:
    if isinstance(original, Excerpt):
        return Excerpt(text, cut_start=original.cut_start, cut_end=original.cut_end)
    return text


def masked(value: Any, secrets: Iterable[str]) -> Any:
    """`value` with each text in it masked: a str, bytes, a date, a number that holds a secret, and what is in lists and
    structs. A number becomes a str then. Any other value is returned as it is."""
    # A list of waiting work takes the place of recursion, because values may be nested deeply.
    top: list[Any] = [value]
    waiting: list[Any] = [top]
    while waiting:
        container = waiting.pop()
        for key, item in container.items() if isinstance(container, dict) else enumerate(container):
            container[key] = copy = _copied(item, secrets)
            if isinstance(copy, (dict, list)):
                waiting.append(copy)
    return top[0]


def _copied(value: Any, secrets: Iterable[str]) -> Any:
    """A scalar masked, or a copy of a list or struct whose values are not yet masked."""
    if isinstance(value, str):
        return mask(value, secrets)
    if isinstance(value, dict):
        return {_copied(key, secrets): item for key, item in value.items()}
    if isinstance(value, list):
        return list(value)
    if type(value) is tuple:
        return tuple(masked(item, secrets) for item in value)
    if isinstance(value, (bytes, bytearray)):
        text = value.decode("latin-1")
        return value if (shown := mask(text, secrets)) == text else shown.encode("latin-1")
    if isinstance(value, xmlrpc.client.Binary):
        return xmlrpc.client.Binary(_copied(value.data, secrets))
    if isinstance(value, xmlrpc.client.DateTime):
        return xmlrpc.client.DateTime(mask(str(value.value), secrets))
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return value if (shown := mask(str(value), secrets)) == str(value) else shown
    return value


def is_token(text: str) -> bool:
    """Whether a server's word can stand in a message unquoted: only then would a secret in it be found as a whole."""
    return _TOKEN.fullmatch(text) is not None
