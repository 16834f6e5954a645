"""Which texts are secrets, and in which forms a server can send them back.

A caller hands in a password in a URL, tokens in headers and the md5. A server that echoes them can send UTF-8 that is
read as latin-1, so each of these forms is a secret too, and what is left of it without quotings: `mask` undoes these.
"""

from __future__ import annotations

import base64
import urllib.parse
from collections.abc import Iterable, Iterator
from contextlib import suppress

from .quoting import layers
from .redaction import HiddenTuple

__all__ = ["SHORTEST", "Secrets", "url_secrets"]

# A shorter text would mask half of every message.
SHORTEST = 4
# A shorter text that ends with "=" is not taken for Base64.
_PADDED = 8


class Secrets(HiddenTuple[str]):
    """Texts that must not be shown, in all their forms, the longest first."""

    __slots__ = ()

    def __new__(cls, texts: Iterable[str] = ()) -> Secrets:  # noqa: D102
        forms = {form for text in texts for form in _forms(text) if len(form) >= SHORTEST}
        return super().__new__(cls, sorted(forms, key=lambda form: (-len(form), form)))


def _forms(secret: str) -> Iterator[str]:
    """The secret as it is, and as a server can send it. Of a Base64 token, the padding is left out."""
    for text in {secret, secret.rstrip("=") if len(secret) >= _PADDED else secret}:
        # UTF-8 that is read as latin-1, as in a header, and the reverse.
        read = {text, text.encode("utf-8", "surrogatepass").decode("latin-1")}
        with suppress(UnicodeEncodeError):
            unread = text.encode("latin-1").decode("utf-8", "replace")
            read.add(unread if len(unread.replace("\ufffd", "")) >= SHORTEST else text)
        for form in read:
            plain = layers(form)[-1]
            yield from (form, plain if len("".join(plain.split())) >= SHORTEST else form)


def url_secrets(netloc: str) -> tuple[str, ...]:
    """What of ``user:password@host`` must not be shown; without a password, the user is the secret."""
    userinfo = netloc.rpartition("@")[0]
    user, _, password = userinfo.partition(":")
    token = base64.b64encode(urllib.parse.unquote_to_bytes(userinfo)).decode("ascii")
    texts = (token, *(form(text) for text in (userinfo, password or user) for form in (str, urllib.parse.unquote)))
    return tuple(dict.fromkeys(text for text in texts if len(text) >= SHORTEST))
