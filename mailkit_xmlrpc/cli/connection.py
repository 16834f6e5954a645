"""The options that all commands that call Mailkit share, and the client that they configure."""

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
from .completion import fault_names
from .credentials import find_credentials
from .output import Screen
from .serve import add_faults

__all__ = ["Connection", "connection_options", "screen_options", "table_options"]

F = TypeVar("F", bound=Callable[..., Any])


class _Seconds(click.types.FloatParamType):
    name = "number of seconds"


_SCREEN = (
    click.option("--json", "as_json", is_flag=True, help="Print JSON."),
    click.option("--verbose", is_flag=True, help="Write the log and error details to stderr."),
)
_CONNECTION = (
    click.option("--sandbox", is_flag=True, help="Call a sandbox that runs inside this command. No e-mail is sent."),
    click.option(
        "--fault",
        "faults",
        multiple=True,
        metavar="FAULT",
        shell_complete=fault_names,
        help='Inject a fault into the call, such as "drop_after" or "status 503"; may be repeated.',
    ),
    click.option(
        "--credentials",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="File with client_id and client_md5; only its owner may have access to it.",
    ),
    click.option("--url", metavar="URL", help="URL of the API; default: MAILKIT_URL, or else Mailkit's own."),
    click.option(
        "--allow-http", is_flag=True, help="Allow plain http to other machines, on which the md5 is not encrypted."
    ),
    click.option(
        "--timeout",
        type=_Seconds(),
        metavar="SECONDS",
        help="Time for a whole call; default: MAILKIT_TIMEOUT, or else 30.",
    ),
)


def screen_options(command: F) -> F:
    """Add --json and --verbose."""
    for option in reversed(_SCREEN):
        command = option(command)
    return command


def table_options(command: F) -> F:
    """Add --wide, --json and --verbose."""
    wide = click.option("--wide", is_flag=True, help="Show all columns, also if they do not fit the terminal.")
    return wide(screen_options(command))


def connection_options(command: F) -> F:
    """Add --sandbox, --fault, --credentials, --url, --allow-http and --timeout."""
    for option in reversed(_CONNECTION):
        command = option(command)
    return command


@dataclass(frozen=True)
class Connection:
    """The values of the shared options."""

    sandbox: bool
    faults: tuple[str, ...]
    credentials: Path | None
    url: str | None
    allow_http: bool
    timeout: float | None

    @contextmanager
    def client(self, screen: Screen) -> Iterator[Client]:
        """A client for these options. With --sandbox, the sandbox is started first and stopped at the end.

        Raises:
            click.UsageError: for options that cannot be combined.
            ConfigError: for an invalid value, or without credentials.
        """
        self._check()
        with ExitStack() as stack:
            if screen.verbose:
                stack.enter_context(_show_log(screen))
            url = self.url
            if self.sandbox:
                sandbox = stack.enter_context(Sandbox())
                add_faults(sandbox, self.faults)
                url, client_id, client_md5 = sandbox.url, str(sandbox.client_id), sandbox.client_md5
            else:
                client_id, client_md5 = find_credentials(self.credentials)
            screen.hide(client_md5)
            client = Client.from_env(client_id, client_md5, url=url, timeout=self.timeout, allow_http=self.allow_http)
            yield stack.enter_context(client)

    def _check(self) -> None:
        if self.sandbox and not (self.url is None and self.credentials is None):
            raise click.UsageError("--sandbox has its own URL and credentials; remove --url and --credentials")
        if self.faults and not self.sandbox:
            raise click.UsageError("--fault needs --sandbox")
        if self.url is not None and not self.url:
            # For instance --url "$URL" where URL is not set. The default, Mailkit itself, must not be called then.
            raise click.UsageError("--url is empty")
        if self.url and "@" in self.url.partition("://")[2].partition("/")[0]:
            raise click.UsageError("--url must not contain a password, which other users can read; use MAILKIT_URL")


class _Handler(logging.Handler):
    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen

    def emit(self, record: logging.LogRecord) -> None:
        self._screen.note(f"{record.levelname} {record.getMessage()}")


@contextmanager
def _show_log(screen: Screen) -> Iterator[None]:
    """Write the log of the package to stderr."""
    logger, handler = logging.getLogger("mailkit_xmlrpc"), _Handler(screen)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
