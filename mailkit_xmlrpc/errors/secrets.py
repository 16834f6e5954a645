"""Which texts are secrets, and in which forms a server can send them back.

A caller hands in a password in a URL, tokens in headers and the md5. A server that echoes them can quote them as XML,
JSON, HTML or a part of a URL does, or send UTF-8 that is read as latin-1, so each of these forms is a secret too.
"""

from __future__ import annotations

import base64
import urllib.parse
from collections.abc import Iterable, Iterator
from contextlib import suppress

from .redaction import HiddenTuple

__all__ = ["SHORTEST", "Secrets", "url_secrets"]

# A shorter text would mask half of every message.
SHORTEST = 4
# A shorter text that ends with "=" is not taken for Base64.
_PADDED = 8
# How a server quotes a text: XML, HTML (PHP writes &#039;), XML in XML, JSON (PHP escapes the slash).
_XML: dict[str, str | int | None] = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_JSON: dict[str, str | int | None] = {'"': '\\"', "\\": "\\\\"}
_QUOTINGS: tuple[dict[str, str | int | None], ...] = (
    _XML,
    *({**_XML, '"': "&quot;", "'": quote} for quote in ("'", "&apos;", "&#39;", "&#039;", "&#x27;")),
    {"&": "&amp;amp;", "<": "&amp;lt;", ">": "&amp;gt;"},
    _JSON,
    {**_JSON, "/": "\\/"},
)


class Secrets(HiddenTuple[str]):
    """Texts that must not be shown, in all their forms, the longest first."""

    __slots__ = ()

    def __new__(cls, texts: Iterable[str] = ()) -> Secrets:  # noqa: D102
        forms = {form for text in texts for form in _forms(text) if len(form) >= SHORTEST}
        return super().__new__(cls, sorted(forms, key=lambda form: (-len(form), form)))


def _forms(secret: str) -> Iterator[str]:
    """The secret as it is, and as a server can quote it. Of a Base64 token, the padding is left out."""
    for text in {secret, secret.rstrip("=") if len(secret) >= _PADDED else secret}:
        yield text
        if text.isascii() and text.isalnum():
            continue
        # UTF-8 that is read as latin-1, as in a header, and the reverse.
        yield text.encode("utf-8", "surrogatepass").decode("latin-1")
        with suppress(UnicodeEncodeError):
            unread = text.encode("latin-1").decode("utf-8", "replace")
            yield unread if len(unread.replace("\ufffd", "")) >= SHORTEST else text
        yield from (urllib.parse.quote(text, safe, errors="surrogatepass") for safe in ("", "/"))
        yield urllib.parse.quote_plus(text, errors="surrogatepass")
        yield from (repr(text)[1:-1], ascii(text)[1:-1])
        for quoting in _QUOTINGS:
            quoted = text.translate(str.maketrans(quoting))
            yield from (quoted, "".join(each if each.isascii() else f"\\u{ord(each):04x}" for each in quoted))


def url_secrets(netloc: str) -> tuple[str, ...]:
    """What of ``user:password@host`` must not be shown; without a password, the user is the secret."""
    userinfo = netloc.rpartition("@")[0]
    user, _, password = userinfo.partition(":")
    token = base64.b64encode(urllib.parse.unquote_to_bytes(userinfo)).decode("ascii")
    texts = (token, *(form(text) for text in (userinfo, password or user) for form in (str, urllib.parse.unquote)))
    return tuple(dict.fromkeys(text for text in texts if len(text) >= SHORTEST))
