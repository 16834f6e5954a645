"""`Reply`, the answer to a request, and `FAULTS`, the table of the faults that can be injected.

A fault takes the reply that a call would have had and returns another one. Some faults prevent the call from being
carried out. The others let it be carried out and change its answer, as real networks do. `Kind.processed` says which;
where a fault has an option of that name, the option decides.
"""

from __future__ import annotations

import socket
import threading
import xmlrpc.client
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any, Callable

from ..codec import encode_fault, encode_response
from .fault_options import Option, choice, line, seconds, text, whole, yes_or_no

__all__ = ["FAULTS", "XML_BOMB", "Kind", "Reply", "gzip_bomb", "plain"]

# Seconds that a client has to read an answer.
_SEND_SECONDS = 30.0
# RFC 9110, section 6.4.1: these have no body, whatever their headers say.
_BODILESS = frozenset({204, 304})


@dataclass(frozen=True)
class Reply:
    """The answer to a request. The attributes from `delay` on are for faults.

    Attributes:
        status: the status code.
        headers: pairs of name and value; a Content-Length is added if there is none.
        body: the body.
        reason: the reason phrase; None for the usual one.
        closes: close the connection afterwards.
        delay: seconds before the first byte.
        pause: seconds after each byte.
        dropped: close the connection instead of sending anything.
    """

    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/xml; charset=utf-8"),)
    body: bytes = b""
    reason: str | None = None
    closes: bool = False
    delay: float = 0.0
    pause: float = 0.0
    dropped: bool = False

    def wire(self, verb: str) -> bytes:
        """Head and body, as they are sent in answer to `verb`."""
        bodiless = self.status in _BODILESS or self.status < 200
        lines = [f"HTTP/1.1 {self.status} {_phrase(self.status) if self.reason is None else self.reason}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if not bodiless and "Content-Length" not in dict(self.headers):
            lines.append(f"Content-Length: {len(self.body)}")
        if self.closes:
            lines.append("Connection: close")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        return head if bodiless or verb == "HEAD" else head + self.body

    def send(self, sock: socket.socket, verb: str, stopping: threading.Event) -> bool:
        """Send it. Returns whether the connection stays open. A server that is stopping does not wait for delays."""
        if self.delay:
            stopping.wait(self.delay)
        if self.dropped:
            return False
        reply = replace(self, closes=self.closes or stopping.is_set())
        data = reply.wire(verb)
        # The timeout of sendall counts for all of the data. That of `wfile` starts anew with each piece.
        sock.settimeout(_SEND_SECONDS)
        while self.pause and data and not stopping.is_set():
            sock.sendall(data[:1])
            data = data[1:]
            stopping.wait(self.pause)
        # Head and body in one write, which is one packet for most answers.
        sock.sendall(data)
        return not reply.closes


def plain(status: int, text: str, *headers: tuple[str, str], closes: bool = False) -> Reply:
    """A reply of one line of plain text."""
    return Reply(status, (("Content-Type", "text/plain; charset=utf-8"), *headers), f"{text}\n".encode(), closes=closes)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


Options = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """A kind of fault.

    Attributes:
        name: its name.
        summary: its effect, in a few words.
        play: takes the reply of a call, and returns the one with the fault.
        processed: whether the call is carried out.
        options: in the order in which they may be given without their names.
    """

    name: str
    summary: str
    play: Callable[[Reply, Options], Reply]
    processed: bool
    options: tuple[Option, ...] = ()


def _delay(reply: Reply, options: Options) -> Reply:
    return replace(reply, delay=options["seconds"])


def _drip(reply: Reply, options: Options) -> Reply:
    return replace(reply, pause=options["seconds"])


def _drop(reply: Reply, options: Options) -> Reply:
    return replace(reply, dropped=True)


def _status(reply: Reply, options: Options) -> Reply:
    status, reason = options["status"], options["reason"]
    # After an interim answer that nothing follows, a client would wait for the final one.
    error = replace(plain(status, f"HTTP {status}", closes=status < 200), reason=reason)
    return _with_header(error, "Retry-After", options["retry_after"])


def _throttle(reply: Reply, options: Options) -> Reply:
    return _with_header(plain(429, "slow down"), "Retry-After", options["seconds"])


def _redirect(reply: Reply, options: Options) -> Reply:
    return plain(options["status"], "elsewhere", ("Location", options["location"]))


def _html(reply: Reply, options: Options) -> Reply:
    page = b"<!DOCTYPE html>\n<html><body><h1>Down for maintenance</h1><p>Back in a minute.<br></body></html>\n"
    return Reply(200, (("Content-Type", "text/html"),), page)


def _cut(reply: Reply, options: Options) -> Reply:
    sent = len(reply.body) // 2 if options["sent"] is None else options["sent"]
    return replace(_with_header(reply, "Content-Length", len(reply.body)), body=reply.body[:sent], closes=True)


def _malformed(reply: Reply, options: Options) -> Reply:
    return replace(reply, body=reply.body.replace(b"</value>", b"</valu>"))


def _xml_bomb(reply: Reply, options: Options) -> Reply:
    return replace(reply, body=XML_BOMB)


def _gzip_bomb(reply: Reply, options: Options) -> Reply:
    headers = (*reply.headers, ("Content-Encoding", "gzip"))
    return replace(reply, headers=headers, body=gzip_bomb(options["unpacked"]))


def _wrong_length(reply: Reply, options: Options) -> Reply:
    by = options["by"]
    # After a Content-Length that is too large the connection is closed, or the client would wait. After one that is too
    # small it stays open, with bytes that belong to no answer.
    wrong = _with_header(reply, "Content-Length", max(0, len(reply.body) + by))
    return replace(wrong, closes=reply.closes or by > 0)


def _wrong_type(reply: Reply, options: Options) -> Reply:
    return Reply(body=encode_response(_VALUES[options["answer"]], allow_none=True))


def _unauthorized(reply: Reply, options: Options) -> Reply:
    return Reply(body=encode_response("Unauthorized"))


def _disallowed_ip(reply: Reply, options: Options) -> Reply:
    return Reply(body=encode_response(f"Disallowed IP {options['ip']}"))


def _refuse(reply: Reply, options: Options) -> Reply:
    return Reply(body=encode_response(options["text"]))


def _fault(reply: Reply, options: Options) -> Reply:
    return Reply(body=encode_fault(options["code"], options["text"]))


def _with_header(reply: Reply, name: str, number: int | None) -> Reply:
    return reply if number is None else replace(reply, headers=(*reply.headers, (name, str(number))))


_VALUES: dict[str, Any] = {
    "int": 1,
    "string": "OK",
    "empty_string": "",
    "empty_struct": {},
    "empty_array": [],
    "boolean": True,
    "double": 1.5,
    "datetime": datetime(2026, 11, 23, 12, 0, 0),
    "zero_date": xmlrpc.client.DateTime("00000000T00:00:00"),
    "base64": b"\x00\x01",
    "nil": None,
}

# More than any use needs, and less than a 64-bit number holds.
_LONG = 10**12
_STATUS = (whole("status", 100, 599), line("reason", None), whole("retry_after", 0, _LONG, None))
_PROCESSED = yes_or_no("processed", False)
_LOCATION = line("location", "https://elsewhere.example.com/rpc.fcgi")
_CODE = whole("code", -(1 << 31), (1 << 31) - 1, 1)

_KINDS = (
    Kind("delay", "the answer comes late", _delay, True, (seconds("seconds", 1.0),)),
    Kind("drip", "the answer comes one byte at a time", _drip, True, (seconds("seconds", 0.05),)),
    Kind("drop_before", "the connection is closed before the call is carried out", _drop, False),
    Kind("drop_after", "the connection is closed after the call was carried out", _drop, True),
    Kind("status", "an HTTP status", _status, False, (*_STATUS, _PROCESSED)),
    Kind("throttle", "HTTP status 429 with Retry-After", _throttle, False, (whole("seconds", 0, _LONG, 1),)),
    Kind("redirect", "an HTTP redirect", _redirect, False, (_LOCATION, whole("status", 300, 399, 302))),
    Kind("html", "an HTML page with status 200", _html, False, (_PROCESSED,)),
    Kind("cut", "the answer ends early", _cut, True, (whole("sent", 0, _LONG, None),)),
    Kind("malformed", "XML whose tags do not match", _malformed, True),
    Kind("xml_bomb", "XML entities that expand to ten billion characters", _xml_bomb, True),
    Kind(
        "gzip_bomb",
        "a small answer that unpacks to a large one",
        _gzip_bomb,
        True,
        (whole("unpacked", 0, _LONG, 256 << 20),),
    ),
    Kind("wrong_length", "a wrong Content-Length", _wrong_length, True, (whole("by", -_LONG, _LONG, 10),)),
    Kind("wrong_type", "an answer of another type", _wrong_type, True, (choice("answer", _VALUES, "int"),)),
    Kind("unauthorized", "the credentials are refused", _unauthorized, False),
    Kind("disallowed_ip", "the address of the client is refused", _disallowed_ip, False, (line("ip", "203.0.113.7"),)),
    Kind("refuse", "a refusal with this text, such as Missing email", _refuse, False, (text("text"),)),
    Kind("fault", "an XML-RPC fault", _fault, False, (_CODE, text("text", "no"))),
)

FAULTS: dict[str, Kind] = {kind.name: kind for kind in _KINDS}

# "Billion laughs": each entity is ten times the one before, ten billion characters in all.
_LEVELS = "abcdefghij"
_ENTITIES = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip(_LEVELS, _LEVELS[1:])
)  # fmt: skip
XML_BOMB = (
    f'<?xml version="1.0"?><!DOCTYPE methodResponse [<!ENTITY a "ha! ha! ha">{_ENTITIES}]>'
    f"<methodResponse><params><param><value><string>&{_LEVELS[-1]};</string></value></param></params></methodResponse>"
).encode()

_BLOCK = b"a" * (1 << 20)
# RFC 1952: gzip, deflate, no name, no time, best compression, unknown system.
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"


def gzip_bomb(unpacked: int) -> bytes:
    """gzip data that unpack to `unpacked` bytes or a little more: a valid answer that is one long string.

    A full block is packed once and repeated, which takes a thousandth of the memory and little time.
    """
    head, _, tail = encode_response("").partition(b"</string>")
    tail = b"</string>" + tail
    blocks, rest = divmod(max(0, unpacked - len(head) - len(tail)), len(_BLOCK))
    packed = [_GZIP_HEAD, _deflated(head), *[_deflated(_BLOCK)] * blocks, _deflated(_BLOCK[:rest])]
    checksum = zlib.crc32(head)
    for _ in range(blocks):
        checksum = zlib.crc32(_BLOCK, checksum)
    checksum = zlib.crc32(tail, zlib.crc32(_BLOCK[:rest], checksum))
    size = len(head) + blocks * len(_BLOCK) + rest + len(tail)
    trailer = checksum.to_bytes(4, "little") + (size % 2**32).to_bytes(4, "little")
    return b"".join((*packed, _deflated(tail, zlib.Z_FINISH), trailer))


def _deflated(data: bytes, flush: int = zlib.Z_FULL_FLUSH) -> bytes:
    """A piece of a deflate stream that refers to no other piece and ends at a whole byte."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush(flush)
