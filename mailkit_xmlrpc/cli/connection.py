"""The options that every command which calls Mailkit has, and the client they lead to."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
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
        """The client to call with; in a sandbox of its own if that was asked for.

        Raises:
            click.UsageError: options that do not go together.
            ConfigError: a value that cannot work, or no credentials.
        """
        self._check()
        with ExitStack() as stack:
            if screen.verbose:
                stack.enter_context(_logged(screen))
            url = self.url
            if self.sandbox:
                sandbox = stack.enter_context(Sandbox())
                add_faults(sandbox, self.faults)
                url, client_id, client_md5 = sandbox.url, str(sandbox.client_id), sandbox.client_md5
            else:
                client_id, client_md5 = find_credentials(self.credentials)
            screen.hide(client_md5)
            yield stack.enter_context(Client.from_env(client_id, client_md5, url=url, timeout=self.timeout))

    def _check(self) -> None:
        if self.sandbox and not (self.url is None and self.credentials is None):
            raise click.UsageError("--sandbox has a URL and credentials of its own; leave --url and --credentials out")
        if self.faults and not self.sandbox:
            raise click.UsageError("--fault needs --sandbox")
        if self.url is not None and not self.url:
            # A variable that is not set, in a script: Mailkit itself must not be called instead.
            raise click.UsageError("--url is empty")
        if self.url and "@" in self.url.partition("://")[2].partition("/")[0]:
            raise click.UsageError("--url must hold no password, which every user could read; use MAILKIT_URL for that")


class _Handler(logging.Handler):
    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen

    def emit(self, record: logging.LogRecord) -> None:
        self._screen.note(f"{record.levelname} {record.getMessage()}")


@contextmanager
def _logged(screen: Screen) -> Iterator[None]:
    """Show the package's log meanwhile."""
    logger, handler = logging.getLogger("mailkit_xmlrpc"), _Handler(screen)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
