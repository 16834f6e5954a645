"""``doctor``: what stands between this machine and a call that works, and how to mend it.

The checks go the way a call goes. The last one is a call that Mailkit must refuse, a trigger without an e-mail
address: "Missing email" proves that credentials and address are accepted, and nothing is mailed.
"""

from __future__ import annotations

import email.utils
import http.client
import socket
import ssl
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.request import getproxies_environment

import click
from rich.table import Table

from ..client import Client
from ..errors import ConfigError, MailkitError
from .connection import Connection, connection_options, screen_options
from .output import CREDENTIALS, DONE, NOT_SENT, REFUSED, USAGE, Screen, exit_code

__all__ = ["doctor"]

_SECONDS = 10.0
# Mailkit's pages name no bound; event times that are minutes off confuse every scenario that waits.
_CLOCK_SECONDS = 120


@dataclass(frozen=True)
class Check:
    """One line of the report: `code` is what the command exits with if it is the first that fails."""

    name: str
    ok: bool
    found: str
    code: int = DONE


@click.command()
@connection_options
@screen_options
@click.pass_context
def doctor(context: click.Context, /, as_json: bool, verbose: bool, **connection: Any) -> None:
    """Check configuration, name resolution, TLS, clock, proxy, and make one call that mails nothing."""
    screen = Screen(as_json=as_json, verbose=verbose)
    checks = list(_examine(screen, Connection(**connection)))
    if as_json:
        screen.json([{"check": check.name, "ok": check.ok, "found": check.found} for check in checks])
    else:
        screen.table(_table(checks))
    failed = [check for check in checks if not check.ok]
    for check in failed:
        screen.problem(f"{check.name}: {check.found}")
    context.exit(failed[0].code if failed else DONE)


def _table(checks: list[Check]) -> Table:
    table = Table("check", "", "found")
    for check in checks:
        table.add_row(check.name, "ok" if check.ok else "FAILED", check.found)
    return table


def _examine(screen: Screen, connection: Connection) -> Iterator[Check]:
    try:
        with connection.client(screen) as client:
            yield Check(
                "configuration", True, f"client_id {client.client_id}, md5 of 32 hex digits, {_public(client.url)}"
            )
            yield from _network(client.url)
            yield _call(client, connection.timeout)
    except ConfigError as error:
        yield Check("configuration", False, str(error), USAGE)


def _network(url: str) -> Iterator[Check]:
    parts = urllib.parse.urlsplit(url)
    host, tls = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if tls else 80)
    proxy = getproxies_environment().get("https") if tls else None
    yield Check("proxy", True, f"HTTPS_PROXY is {_public(proxy)}" if proxy else "none")
    if proxy:
        return  # Names are resolved and TLS is spoken through it; the call below shows whether that works.
    try:
        addresses = sorted({str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})
    except (OSError, UnicodeError) as error:
        yield Check("name", False, f"{host} does not resolve ({error}); check the URL and DNS", NOT_SENT)
        return
    yield Check("name", True, f"{host} is {', '.join(addresses)}")
    yield from _server(host, port, tls)


def _server(host: str, port: int, tls: bool) -> Iterator[Check]:
    name = "TLS" if tls else "connection"
    kind = http.client.HTTPSConnection if tls else http.client.HTTPConnection
    with closing(kind(host, port, timeout=_SECONDS)) as connection:
        try:
            connection.connect()
        except ssl.SSLCertVerificationError as error:
            yield Check(name, False, f"the certificate is not trusted ({error.verify_message})", NOT_SENT)
            return
        except OSError as error:
            yield Check(name, False, f"{host}:{port} cannot be reached ({error})", NOT_SENT)
            return
        yield Check(name, True, _secured(connection.sock))
        yield _clock(connection)


def _secured(sock: Any) -> str:
    if not isinstance(sock, ssl.SSLSocket):
        return "connected, without TLS"
    certificate = sock.getpeercert() or {}
    return f"{sock.version()}, certificate valid until {certificate.get('notAfter', 'an unknown date')}"


def _clock(connection: http.client.HTTPConnection) -> Check:
    try:
        connection.request("GET", "/")
        date = connection.getresponse().headers.get("Date")
        theirs = email.utils.parsedate_to_datetime(date or "").timestamp()
    except (OSError, http.client.HTTPException, TypeError, ValueError):
        return Check("clock", True, "the server tells no time to compare with")
    off = time.time() - theirs
    if abs(off) > _CLOCK_SECONDS:
        return Check("clock", False, f"this machine's clock is {off:+.0f} s off; set it, by NTP for instance", USAGE)
    return Check("clock", True, f"{off:+.0f} s from the server's")


def _call(client: Client, timeout: float | None) -> Check:
    try:
        result = client.journeys.trigger("", "", timeout=timeout)
    except MailkitError as error:
        return Check("call", False, str(error), exit_code(error))
    if result.error == "Missing email":
        return Check("call", True, "credentials and address are accepted (a trigger without e-mail was refused)")
    code = exit_code(result)
    hint = "; see the menu Profile / Integration" if code == CREDENTIALS else ""
    return Check("call", False, f"Mailkit answered {result.error or result.message}{hint}", code or REFUSED)


def _public(url: str) -> str:
    """A URL without its credentials."""
    scheme, _, rest = url.rpartition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}" if scheme else rest.rpartition("@")[2]
