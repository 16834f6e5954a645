"""The options that every command which calls Mailkit has, and the client they lead to."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, TypeVar

import click

from ..client import Client
from ..sandbox import Sandbox
from .credentials import find_credentials
from .output import Screen
from .serve import add_faults

__all__ = ["Connection", "connection_options", "screen_options"]

F = TypeVar("F", bound=Callable[..., Any])

_SCREEN = (
    click.option("--json", "as_json", is_flag=True, help="Print JSON."),
    click.option("--verbose", is_flag=True, help="Say more, on stderr."),
)
_CONNECTION = (
    click.option("--sandbox", is_flag=True, help="Call a Mailkit inside this command: nothing is mailed."),
    click.option(
        "--fault",
        "faults",
        multiple=True,
        metavar="FAULT",
        help='Spoil the call in the sandbox: "drop_after", "status 503" ...',
    ),
    click.option(
        "--credentials",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="File with client_id and client_md5 that only you may read.",
    ),
    click.option("--url", metavar="URL", help="The endpoint; default: MAILKIT_URL, else Mailkit's own."),
    click.option(
        "--timeout", type=float, metavar="SECONDS", help="For a whole call; default: MAILKIT_TIMEOUT, else 30."
    ),
)


def screen_options(command: F) -> F:
    """Add --json and --verbose."""
    for option in reversed(_SCREEN):
        command = option(command)
    return command


def connection_options(command: F) -> F:
    """Add --sandbox, --fault, --credentials, --url and --timeout."""
    for option in reversed(_CONNECTION):
        command = option(command)
    return command


@dataclass(frozen=True)
class Connection:
    """What the options said."""

    sandbox: bool
    faults: tuple[str, ...]
    credentials: Path | None
    url: str | None
    timeout: float | None

    @contextmanager
    def client(self, screen: Screen) -> Iterator[Client]:
        """The client to call with; in a sandbox of its own if that was asked for."""
        if screen.verbose:
            _log_to_stderr()
        if self.sandbox:
            if self.url or self.credentials:
                raise click.UsageError(
                    "--sandbox has a URL and credentials of its own; leave --url and --credentials out"
                )
            with Sandbox() as sandbox, _client(sandbox.client, self.timeout) as client:
                add_faults(sandbox, self.faults)
                yield client
            return
        if self.faults:
            raise click.UsageError("--fault needs --sandbox")
        client_id, client_md5 = find_credentials(self.credentials)
        with Client.from_env(client_id, client_md5, url=self.url, timeout=self.timeout) as client:
            yield client


def _client(make: Callable[..., Client], timeout: float | None) -> Client:
    return make() if timeout is None else make(timeout=timeout)


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger = logging.getLogger("mailkit_xmlrpc")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
