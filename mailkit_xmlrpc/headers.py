"""Headers of a request: which ones a caller can give, and which of their values are secrets."""

from __future__ import annotations

import base64
import re
import urllib.parse
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from .errors.secrets import SHORTEST, url_secrets

__all__ = ["FIELD_NAME", "HEADERS_WANTED", "header_problem", "header_secrets", "own_header_problem"]

# RFC 9110, sections 5.1 and 5.5. A line break in a header would let its value write headers of its own.
FIELD_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_HEADER_NAME = re.compile(FIELD_NAME)
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
# These say how the body is framed and the connection is used, which the transport decides.
_OWN_HEADERS = frozenset({"content-length", "transfer-encoding", "connection", "host", "accept-encoding", "te"})
# The exception: some servers close after every answer without saying so, and the next call on such a connection would
# end in doubt.
_CLOSE = ("connection", "close")
HEADERS_WANTED = "headers must be a list of pairs of str: (name, value)"

_WORDS = (
    "auth|authentication|authorization|cookie|credential|jwt|key|otp|pass(word|phrase)?|pin|pwd|secret|session|sid|"
)
_WORDS += "signature|token|session[-_]?id"
_BEFORE = "access|api|app|auth|bearer|client|csrf|id|private|refresh|secret|session|user|xsrf"
# Headers whose value is a secret: the name's last word says so, before a plural and a version such as "-256" or "-V2".
# "X-Author" and "X-Api-Key-Version" are not: their values are common words, which would be masked in honest text.
_SECRET_HEADER = re.compile(rf"(.*[-_])?({_BEFORE})*({_WORDS})s?([-_]?v?[0-9]+)?", re.IGNORECASE)
# Keys that open nothing.
_HARMLESS_KEY = re.compile(
    r"(.*[-_])?(cache|idempotency|partition|public|routing|sort|surrogate|websocket)[-_]?keys?", re.IGNORECASE
)
# Values that are secrets in any header: "Bearer TOKEN" and its like, and a signed token (RFC 7519). Of "Basic BASE64",
# see _pair.
_SECRET_VALUE = re.compile(
    r"(bearer|digest|dpop|hmac|negotiate|ntlm|token|api-?key)[ :]\s*\S{6,}.*|eyJ[\w-]+\.[\w-]+\.[\w-]*",
    re.IGNORECASE,
)
_USERINFO = re.compile(r"://([^/?#\s]*@)")
# Parameters of "Digest", which are common words too.
_NO_SECRETS = frozenset({"algorithm", "nc", "qop", "realm", "uri", "username"})
_PARAMETER = re.compile(r"(?<![\w-])([\w-]*)=([^\s;,]+)")
# The value of a parameter that is a common word, such as "true" or "error".
_COMMON_WORD = re.compile("[A-Za-z]{1,5}")


def header_problem(pair: Any) -> str:
    """Why a pair cannot be a request's header, in words that do not repeat its value; "" if it can be."""
    if not isinstance(pair, (tuple, list)) or len(pair) != 2 or not all(isinstance(part, str) for part in pair):
        return HEADERS_WANTED
    name, value = pair
    if not _HEADER_NAME.fullmatch(name):
        return "a header has a name that HTTP does not allow"
    return "" if _HEADER_VALUE.fullmatch(value) else f"the header {name[:40]!a} has a value that HTTP does not allow"


def own_header_problem(pair: Any) -> str:
    """The same for one that a caller gives: the transport sets some headers itself."""
    if problem := header_problem(pair):
        return problem
    name, value = pair
    if name.lower() in _OWN_HEADERS and (name.lower(), value.lower()) != _CLOSE:
        return f"the header {name} is set by the transport itself; leave it out"
    return ""


def header_secrets(headers: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """What of these headers must not be shown."""
    found: list[str] = []
    for name, value in headers:
        named = _SECRET_HEADER.fullmatch(name) and not _HARMLESS_KEY.fullmatch(name)
        if named or _SECRET_VALUE.fullmatch(value) or (value.lower().startswith("basic ") and _pair(value)):
            found += _parts(value)
        for userinfo in _USERINFO.findall(value):
            found += url_secrets(userinfo)
    return tuple(dict.fromkeys(text for text in found if len(text) >= SHORTEST))


def _parts(value: str) -> Iterator[str]:
    """A header's value, and the parts of it that a server can echo alone: the token of "Bearer TOKEN", the password of
    "Basic BASE64", the value of each cookie or parameter."""
    token = value.partition(" ")[2]
    yield from (value, token)
    for name, part in _PARAMETER.findall(value):
        if name.lower() not in _NO_SECRETS and not _COMMON_WORD.fullmatch(part):
            yield from (part.strip('"'), urllib.parse.unquote(part.strip('"')))
    pair = _pair(value)
    yield from (pair, pair.partition(":")[2])


def _pair(value: str) -> str:
    """The user and password of "Basic BASE64", its bytes read as latin-1; "" for anything else."""
    token = value.partition(" ")[2].strip()
    with suppress(ValueError):  # it is not Base64
        pair = base64.b64decode(token + "=" * (-len(token) % 4), validate=True).decode("latin-1")
        return pair if ":" in pair else ""
    return ""
