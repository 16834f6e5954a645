"""What a URL says: where a call goes, and what every request that goes there begins with."""

from __future__ import annotations

import base64
import re
import urllib.parse
from collections.abc import Iterable
from typing import Any, NamedTuple

from ..codec.encode import escape
from ..errors import ConfigError
from .connect import Origin

__all__ = ["Route", "checked_headers", "request_head", "split_netloc", "url_secrets"]

# RFC 9110, sections 5.1 and 5.5. A line break in a header would let its value write headers of its own.
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_NETLOC = re.compile(r"([\x21-\x39\x3b-\x7e]+|\[[0-9A-Fa-f:.%]+\])(?::([0-9]{0,5}))?")
_TARGET = re.compile(r"/[\x21-\x7e]*")
# These say how the body is framed and the connection used, which is this module's to decide.
_OWN_HEADERS = frozenset({"content-length", "transfer-encoding", "connection", "host", "accept-encoding", "te"})
# But this one may be given: some servers close after every answer without saying so, and the next call on such a
# connection would end in doubt.
_CLOSE = ("connection", "close")


class Route(NamedTuple):
    """What is the same for every call to a URL; `key` is what it was made from."""

    key: tuple[Any, ...]
    origin: Origin
    url: str
    head: bytes


def url_secrets(netloc: str) -> tuple[str, ...]:
    """What of ``user:password@host`` must not be shown, in each form that a server could echo. Shorter ones would
    mask half of every message."""
    userinfo = netloc.rpartition("@")[0]
    password = urllib.parse.unquote(userinfo.partition(":")[2])
    token = base64.b64encode(urllib.parse.unquote_to_bytes(userinfo)).decode("ascii").rstrip("=")
    # In XML, and as http.client reads UTF-8 in a status line or header.
    forms = {token, userinfo, password, escape(password), password.encode().decode("latin-1")}
    return tuple(sorted((form for form in forms if len(form) > 3), key=len, reverse=True))


def split_netloc(netloc: str, *, tls: bool) -> Origin:
    """The server that ``host[:port]`` names. Raises ConfigError."""
    match = _NETLOC.fullmatch(netloc)
    port = int(match[2] or (443 if tls else 80)) if match else 0
    if match is None or not 0 < port < 65536:
        raise ConfigError("the URL needs a host in ASCII, and a port from 1 to 65535 if it names one")
    return Origin(match[1].strip("[]"), port, tls)


def request_head(netloc: str, handler: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """The request line and the headers, as far as the number in the last one, Content-Length.

    Of several headers of one name the last one counts. Raises ConfigError for a path that HTTP does not allow.
    """
    if not _TARGET.fullmatch(handler):
        raise ConfigError("the URL's path must begin with / and hold visible ASCII only; percent-encode the rest")
    latest = {name.lower(): f"{name}: {value}" for name, value in (("Host", netloc), *headers)}
    return "\r\n".join([f"POST {handler} HTTP/1.1", *latest.values(), "Content-Length: "]).encode("latin-1")


def checked_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Extra request headers that HTTP allows and the transport does not set itself. Raises ConfigError."""
    checked = []
    for pair in headers:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2 or not all(isinstance(part, str) for part in pair):
            raise ConfigError("headers must be pairs of str: (name, value)")
        name, value = pair
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            raise ConfigError(f"the header {name[:40]!a} has a name or value that HTTP does not allow")
        if name.lower() in _OWN_HEADERS and (name.lower(), value.lower()) != _CLOSE:
            raise ConfigError(f"the header {name} is set by the transport itself")
        checked.append((name, value))
    return checked
