"""``doctor``: find out why a call does not work, and how to fix it.

The checks follow the steps of a call. The last check calls journeys.trigger without an e-mail address, so that Mailkit
refuses it and sends no e-mail. The answer "Missing email" shows that the credentials and the IP address are accepted.
"""

from __future__ import annotations

import email.utils
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import click

from ..client import Client
from ..errors import ConfigError, MailkitError, NotSentError, ResponseError
from ..options import Options, Origin, Proxy, split_url
from ..transport import Deadline, Payload, finished
from ..transport.connect import connect, default_context
from ..transport.stream import Stream
from .connection import Connection, connection_options, screen_options
from .output import CREDENTIALS, DONE, NOT_SENT, REFUSED, USAGE, Screen, command_words, exit_code

__all__ = ["doctor"]

_SECONDS = 10.0
# Mailkit's documentation does not give a limit. With a clock that is minutes off, the times in events are wrong.
_CLOCK_SECONDS = 120


@dataclass(frozen=True)
class Check:
    """One line of the report.

    Attributes:
        name: what was checked.
        ok: None if it could not be checked.
        found: what was found.
        code: the exit code of the command if this check is the first that fails.
    """

    name: str
    ok: bool | None
    found: str
    code: int = DONE


@click.command()
@connection_options
@screen_options
@click.pass_context
def doctor(context: click.Context, /, as_json: bool, verbose: bool, **connection: Any) -> None:
    """Find out why a call does not work.

    Check configuration, proxy, name resolution, TLS and clock, and make one call that sends no e-mail.
    """
    screen = Screen(as_json=as_json, verbose=verbose)
    checks = []
    for check in _run_checks(screen, Connection(**connection)):
        checks.append(check)
        if not as_json:
            screen.row(check.ok, check.name, check.found)
    if as_json:
        screen.json([{"check": check.name, "ok": check.ok, "found": check.found} for check in checks])
    failed = [check for check in checks if check.ok is False]
    if as_json:
        for check in failed:
            screen.problem(f"{check.name}: {check.found}")
    context.exit(failed[0].code if failed else DONE)


def _run_checks(screen: Screen, connection: Connection) -> Iterator[Check]:
    try:
        with connection.client(screen) as client:
            yield Check(
                "configuration",
                True,
                f"client_id {client.client_id}, md5 of 32 hex digits, {_public_url(client.url)}",
            )
            for check in _network(client.url, client.options, min(_SECONDS, connection.timeout or _SECONDS)):
                yield check
                if check.ok is False and check.name != "clock":
                    return  # a call would fail for the same reason
            yield _call(client)
    except ConfigError as error:
        yield Check("configuration", False, command_words(error), USAGE)


def _network(url: str, options: Options, seconds: float) -> Iterator[Check]:
    origin = Origin.of(split_url(url))
    try:
        proxy = options.proxy_for(origin)
    except ConfigError as error:
        yield Check("proxy", False, f"HTTPS_PROXY: {error}", USAGE)
        return
    if not proxy:
        yield Check("proxy", True, "none")
        yield _name(origin)
    yield from _server(origin, proxy, seconds)


def _name(origin: Origin) -> Check:
    try:
        found = socket.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "not a valid hostname"
        return Check("name", False, f"{origin.host} does not resolve ({reason}); check the URL and DNS", NOT_SENT)
    return Check("name", True, f"{origin.host} resolves to {', '.join(sorted({str(info[4][0]) for info in found}))}")


def _server(origin: Origin, proxy: Proxy | None, seconds: float) -> Iterator[Check]:
    """TLS is checked on a connection of its own, so that what cannot be reached is not a failure of TLS."""
    step, found = ("proxy", f"HTTPS_PROXY is {proxy.host}:{proxy.port}") if proxy else ("connection", "connected")
    try:
        stream = _connected(origin, proxy, seconds)
        if origin.tls:
            stream.sock.close()
            yield Check(step, True, found)
            step = "TLS"
            stream = _connected(origin, proxy, seconds, default_context())
    except NotSentError as error:
        yield Check(step, False, command_words(error), NOT_SENT)
        return
    with closing(stream.sock):
        yield Check(step, True, _tls_summary(stream.sock))
        yield _clock(stream, origin)


def _connected(origin: Origin, proxy: Proxy | None, seconds: float, context: ssl.SSLContext | None = None) -> Stream:
    stream = Stream(Deadline(seconds))
    finished(connect(stream, origin, connect_timeout=None, proxy=proxy, context=context))
    return stream


def _tls_summary(sock: Any) -> str:
    if not isinstance(sock, ssl.SSLSocket):
        return "connected, without TLS"
    certificate = sock.getpeercert() or {}
    return f"{sock.version()}, certificate valid until {certificate.get('notAfter', 'an unknown date')}"


def _clock(stream: Stream, origin: Origin) -> Check:
    try:
        request = f"GET / HTTP/1.1\r\nHost: {origin.netloc}\r\nConnection: close\r\n\r\n"
        finished(stream.send(Payload(request.encode("ascii"))))
        head, _ = finished(stream.receive_head())
        theirs = email.utils.parsedate_to_datetime(head.value("date")).timestamp()
    except (OSError, ResponseError, TypeError, ValueError, OverflowError):
        return Check("clock", None, "not checked: the server did not send a valid Date header")
    off = time.time() - theirs
    if abs(off) > _CLOCK_SECONDS:
        return Check("clock", False, f"this machine's clock is off by {off:+.0f} s; synchronize it with NTP", USAGE)
    return Check("clock", True, f"{off:+.0f} s compared with the server's clock")


def _call(client: Client) -> Check:
    try:
        result = client.journeys.trigger("", "")
    except MailkitError as error:
        return Check("call", False, command_words(error), exit_code(error))
    if result.error == "Missing email":
        return Check("call", True, "credentials and IP address are accepted (a trigger without e-mail was refused)")
    code = exit_code(result)
    hint = "; see the menu Profile / Integration" if code == CREDENTIALS else ""
    return Check("call", False, f"Mailkit answered {result.error or result.message}{hint}", code or REFUSED)


def _public_url(url: str) -> str:
    """A URL without its credentials."""
    scheme, _, rest = url.rpartition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}" if scheme else rest.rpartition("@")[2]
