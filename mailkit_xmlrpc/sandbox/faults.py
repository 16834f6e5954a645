"""ONE table: the faults that can be injected.

A fault takes the answer that a call would have had and spoils it. Some keep the call from being carried out; the
others let it happen and spoil the news of it, as real networks do: `Kind.processed` tells which, and where the
fault has an option of that name, the caller does.
"""

from __future__ import annotations

import xmlrpc.client
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Callable

from ..codec import encode_fault, encode_response
from .bombs import XML_BOMB, gzip_bomb
from .option import Option, choice, line, seconds, text, whole, yes_or_no
from .reply import Reply, plain

__all__ = ["FAULTS", "Kind"]

Options = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """A kind of fault.

    Attributes:
        name: its name.
        summary: what it does, in a few words.
        play: spoils an answer.
        processed: whether the call is carried out all the same.
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
    # An interim answer that nothing follows would leave the caller waiting.
    error = replace(plain(status, f"HTTP {status}", closes=status < 200), reason=reason)
    return _with_header(error, "Retry-After", options["retry_after"])


def _throttle(reply: Reply, options: Options) -> Reply:
    return _with_header(plain(429, "slow down"), "Retry-After", options["seconds"])


def _redirect(reply: Reply, options: Options) -> Reply:
    return plain(options["status"], "elsewhere", ("Location", options["location"]))


def _html(reply: Reply, options: Options) -> Reply:
    page = b"<!DOCTYPE html>\n<html><body><h1>Down for maintenance</h1><p>Back in a minute.<br></body></html>\n"
    return Reply(200, None, (("Content-Type", "text/html"),), page)


def _cut(reply: Reply, options: Options) -> Reply:
    sent = len(reply.body) // 2 if options["sent"] is None else options["sent"]
    return replace(reply, sent=sent, closes=True)


def _malformed(reply: Reply, options: Options) -> Reply:
    return replace(reply, body=reply.body.replace(b"</value>", b"</valu>"))


def _xml_bomb(reply: Reply, options: Options) -> Reply:
    return replace(reply, body=XML_BOMB)


def _gzip_bomb(reply: Reply, options: Options) -> Reply:
    headers = (*reply.headers, ("Content-Encoding", "gzip"))
    return replace(reply, headers=headers, body=gzip_bomb(options["unpacked"]))


def _wrong_length(reply: Reply, options: Options) -> Reply:
    by = options["by"]
    # Too long: closed, or the caller would wait. Too short: left open, with bytes on it that nobody asked for.
    return replace(reply, length=max(0, len(reply.body) + by), closes=reply.closes or by > 0)


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

# Beyond what anybody means, within what every counter holds.
_LONG = 10**12

_KINDS = (
    Kind("delay", "the answer comes late", _delay, True, (seconds("seconds", 1.0),)),
    Kind("drip", "the answer comes one byte at a time", _drip, True, (seconds("seconds", 0.05),)),
    Kind("drop_before", "the connection is closed, and nothing was done", _drop, False),
    Kind("drop_after", "the connection is closed after the call was carried out", _drop, True),
    Kind(
        "status",
        "an HTTP status",
        _status,
        False,
        (
            whole("status", 100, 599),
            line("reason", None),
            whole("retry_after", 0, _LONG, None),
            yes_or_no("processed", False),
        ),
    ),
    Kind("throttle", "429, come back later", _throttle, False, (whole("seconds", 0, _LONG, 1),)),
    Kind(
        "redirect",
        "another place",
        _redirect,
        False,
        (line("location", "https://elsewhere.example.com/rpc.fcgi"), whole("status", 300, 399, 302)),
    ),
    Kind("html", "a web page with status 200", _html, False, (yes_or_no("processed", False),)),
    Kind("cut", "the answer ends early", _cut, True, (whole("sent", 0, _LONG, None),)),
    Kind("malformed", "XML whose tags do not match", _malformed, True),
    Kind("xml_bomb", "entities that unfold to ten billion characters", _xml_bomb, True),
    Kind(
        "gzip_bomb",
        "a small answer that unpacks to a large one",
        _gzip_bomb,
        True,
        (whole("unpacked", 0, _LONG, 256 << 20),),
    ),
    Kind("wrong_length", "a wrong Content-Length", _wrong_length, True, (whole("by", -_LONG, _LONG, 10),)),
    Kind("wrong_type", "an answer of another type", _wrong_type, True, (choice("answer", _VALUES, "int"),)),
    Kind("unauthorized", "credentials refused", _unauthorized, False),
    Kind("disallowed_ip", "address refused", _disallowed_ip, False, (line("ip", "203.0.113.7"),)),
    Kind("refuse", "any refusal of Mailkit's, such as Missing email", _refuse, False, (text("text"),)),
    Kind("fault", "an XML-RPC fault", _fault, False, (whole("code", -(1 << 31), (1 << 31) - 1, 1), text("text", "no"))),
)

FAULTS: dict[str, Kind] = {kind.name: kind for kind in _KINDS}
