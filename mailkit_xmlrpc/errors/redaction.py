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
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Generic, TypeVar, cast

from .quoting import QUOTING, Span, layers, lower, places

__all__ = ["Address", "Excerpt", "HiddenBytes", "HiddenTuple", "hidden", "is_token", "mask", "masked", "on_one_line"]

T = TypeVar("T")

_TOKEN = re.compile(r"[A-Za-z0-9._:-]{1,100}")

# A shorter part of a secret is not masked.
_SHORTEST_PART = 4

# Python makes no text of an int of more bits, which has over 4,300 digits.
_LARGEST_SHOWN = 14_283

# What can be left of a quoted character at the cut start of an excerpt, such as "mp;#228;" or "3%A4".
_TAIL = re.compile("[#%;a-z0-9]*")
_LONGEST_TAIL = 11


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
    """`text` with every secret replaced by ``***``, in any case and in any quoting; of an `Excerpt` also the parts at
    its cut ends. `secrets` are the forms that `Secrets` gives."""
    cut_start, cut_end = (text.cut_start, text.cut_end) if isinstance(text, Excerpt) else (False, False)
    if len(text) < _SHORTEST_PART or (not (cut_start or cut_end) and _is_plain_without(text, secrets)):
        return text
    texts, wanted = layers(text, cut_end=cut_end), [lower(secret) for secret in secrets if secret]
    found: list[Span] = []
    for depth, low in enumerate(map(lower, texts)):
        spans = [span for secret in wanted if secret in low for span in _wholes(low, secret)]
        if cut_start:
            spans += [(0, end) for secret in wanted if (end := _end_at_start(low, secret))]
        found += places(spans, texts[:depth], cut_end=cut_end)
        if cut_end:
            begun = [(at, len(low)) for secret in wanted if (at := _start_at_end(low, secret)) < len(low)]
            found += [(start, len(text)) for start, _ in places(begun, texts[:depth], cut_end=True)]
    return _like(text, _without(text, sorted(found))) if found else text


def _is_plain_without(text: str, secrets: Iterable[str]) -> bool:
    """Whether a text without quotings holds none of the secrets, as the message of nearly every success."""
    if not text.isascii() or QUOTING.search(text):
        return False
    low = text.lower()
    for secret in secrets:  # noqa: SIM110 (a generator takes longer than the rest)
        if secret and secret.lower() in low:
            return False
    return True


def _wholes(low: str, secret: str) -> Iterator[Span]:
    at = low.find(secret)
    while at >= 0:
        yield at, at + len(secret)
        at = low.find(secret, at + len(secret))


def _start_at_end(low: str, secret: str) -> int:
    """Where the beginning of a secret is with which the text ends; the text's length if it does not."""
    sizes = range(min(len(secret) - 1, len(low)), _SHORTEST_PART - 1, -1)
    return len(low) - next((size for size in sizes if low.endswith(secret[:size])), 0)


def _end_at_start(low: str, secret: str) -> int:
    """Where the end of a secret ends with which the text begins; 0 if it does not. A part of a quoted character can
    stand before it."""
    for size in range(min(len(secret) - 1, len(low)), _SHORTEST_PART - 1, -1):
        at = low.find(secret[-size:], 0, size + _LONGEST_TAIL)
        quoted = not (secret[-size - 1].isascii() and secret[-size - 1].isalnum())
        if at == 0 or (at > 0 and quoted and _TAIL.fullmatch(low, 0, at)):
            return at + size
    return 0


def _without(text: str, found: list[Span]) -> str:
    """`text` without the parts `found`, which are in their order."""
    parts, last = [], 0
    for start, end in found:
        if start >= last:
            parts += [text[last:start], "***"]
        last = max(last, end)
    return "".join((*parts, text[last:]))


def _like(original: str, text: str) -> str:
    if isinstance(original, Excerpt):
        return Excerpt(text, cut_start=original.cut_start, cut_end=original.cut_end)
    return text


def masked(value: Any, secrets: Iterable[str]) -> Any:
    """`value` with each text in it masked: a str, bytes, a date, a number that holds a secret, and what is in lists and
    structs. A number becomes a str then. Any other value is returned as it is."""
    return _masked(value, secrets, {})


def _masked(value: Any, secrets: Iterable[str], copies: dict[int, Any]) -> Any:
    """The same; `copies` are those of the lists and structs so far, by their identity. One can hold itself."""
    # A list of waiting work takes the place of recursion, because values may be nested deeply.
    top: list[Any] = [value]
    waiting: list[Any] = [top]
    while waiting:
        container = waiting.pop()
        for key, item in container.items() if isinstance(container, dict) else enumerate(container):
            if id(item) in copies:
                container[key] = copies[id(item)]
                continue
            container[key] = copy = _copied(item, secrets, copies)
            if isinstance(copy, (dict, list)):
                copies[id(item)] = copy
                waiting.append(copy)
    return top[0]


def _copied(value: Any, secrets: Iterable[str], copies: dict[int, Any]) -> Any:
    """A scalar masked, or a copy of a list or struct whose values are not yet masked."""
    if isinstance(value, str):
        return mask(value, secrets)
    if isinstance(value, dict):
        return dict(zip(_names(value, secrets), value.values()))
    if isinstance(value, list):
        return list(value)
    if type(value) is tuple:
        return tuple(_masked(item, secrets, copies) for item in value)
    if isinstance(value, (bytes, bytearray)):
        text = value.decode("latin-1")
        return value if (shown := mask(text, secrets)) == text else shown.encode("latin-1")
    if isinstance(value, xmlrpc.client.Binary):
        return xmlrpc.client.Binary(masked(value.data, secrets))
    if isinstance(value, xmlrpc.client.DateTime):
        return xmlrpc.client.DateTime(mask(str(value.value), secrets))
    if isinstance(value, int) and value.bit_length() > _LARGEST_SHOWN:
        return value
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return value if (shown := mask(str(value), secrets)) == str(value) else shown
    return value


def _names(struct: dict[Any, Any], secrets: Iterable[str]) -> Iterator[Any]:
    """The names of a struct, masked. Those that become equal get a number, so that no value is lost."""
    numbers: dict[Any, int] = {}
    for name in struct:
        shown = base = masked(name, secrets)
        if shown != name:
            while shown in struct or shown in numbers:
                numbers[base] = number = numbers.get(base, 1) + 1
                shown = f"{base} ({number})"
            numbers.setdefault(shown, 1)
        yield shown


def is_token(text: str) -> bool:
    """Whether a server's word can stand in a message unquoted: only then would a secret in it be found as a whole."""
    return _TOKEN.fullmatch(text) is not None
