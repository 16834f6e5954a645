"""``trigger`` and ``call``, and the functions that all commands use to call Mailkit."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Callable

import click

from ..api.calls import calls
from ..api.catalogue import function, named_call
from ..client import Client
from ..errors import MailkitError
from ..result import Result
from .connection import Connection, connection_options, screen_options
from .methods import named_arguments
from .output import IN_DOUBT, IN_DOUBT_ADVICE, INTERRUPTED, Screen

__all__ = ["call", "call_once", "pairs", "parameters", "read_input", "trigger", "with_client"]


@click.command()
@click.argument("email")
@click.argument("event_tag")
@click.argument("data", nargs=-1, metavar="[NAME=VALUE]...")
@click.option(
    "--data-json",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="JSON file with an object for event_data; - for stdin.",
)
@connection_options
@screen_options
@click.pass_context
def trigger(
    context: click.Context,
    /,
    email: str,
    event_tag: str,
    data: tuple[str, ...],
    data_json: Path | None,
    as_json: bool,
    verbose: bool,
    **connection: Any,
) -> None:
    """Trigger EVENT_TAG for EMAIL. The event starts scenarios, or ends the wait in a WAIT node.

    NAME=VALUE pairs are added to event_data. Their values are sent as text.
    """
    event_data = _event_data(data_json, data)
    screen = Screen(as_json=as_json, verbose=verbose)

    def action(client: Client) -> Any:
        return client.journeys.trigger(email, event_tag, event_data)

    call_once(context, screen, Connection(**connection), action)


@click.command()
@click.argument("method")
@click.argument("params", nargs=-1, metavar="[JSON | NAME=VALUE]...")
@connection_options
@screen_options
@click.pass_context
def call(
    context: click.Context, /, method: str, params: tuple[str, ...], as_json: bool, verbose: bool, **connection: Any
) -> None:
    """Call METHOD. The credentials are added in front of the parameters.

    Parameters are JSON. For Mailkit's methods, `methods` lists the arguments that can be given as NAME=VALUE; a VALUE
    that is not valid JSON is sent as text.
    """
    arguments = named_arguments(method, params)
    values = parameters(params) if arguments is None else []
    screen = Screen(as_json=as_json, verbose=verbose)

    def action(client: Client) -> Any:
        return client.send(named_call(method, values) if arguments is None else function(calls, method)(**arguments))

    call_once(context, screen, Connection(**connection), action)


def parameters(texts: tuple[str, ...]) -> list[Any]:
    """Decode arguments given as JSON. Raises click.UsageError."""
    hint = "; text needs double quotes inside the shell's quotes: '\"text\"'"
    return [_json(text, f"parameter {index}", hint) for index, text in enumerate(texts, start=1)]


def read_input(path: Path) -> bytes:
    """Read a file, or stdin for "-". Raises click.UsageError."""
    try:
        if str(path) != "-":
            return path.read_bytes()
        if sys.stdin is None:
            raise click.UsageError("cannot read from -, because stdin is closed")
        return sys.stdin.buffer.read()
    except OSError as error:
        raise click.UsageError(f"cannot read {path} ({error.strerror})") from error


def call_once(
    context: click.Context,
    screen: Screen,
    connection: Connection,
    action: Callable[[Client], Result[Any]],
    columns: Sequence[str] = (),
) -> None:
    """Make one call, print its result (rows as a table with these columns), and exit with its code."""
    with_client(context, screen, connection, lambda client: screen.result(action(client), columns))


def with_client(
    context: click.Context, screen: Screen, connection: Connection, action: Callable[[Client], int]
) -> None:
    """Run `action` with a client and exit with the code that it returns."""
    try:
        with connection.client(screen) as client:
            code = _run(screen, lambda: action(client))
    except MailkitError as error:
        code = screen.failure(error)
    context.exit(code)


def _run(screen: Screen, action: Callable[[], int]) -> int:
    try:
        return action()
    except click.ClickException:
        raise
    except MailkitError as error:
        return screen.failure(error)
    except KeyboardInterrupt:
        screen.after_ctrl_c()
        screen.problem(f"interrupted{IN_DOUBT_ADVICE}")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001
        # A bug in this package. Python would exit with 1, which means that the call was not carried out.
        screen.problem(f"unexpected {type(error).__name__} ({error}), please report it{IN_DOUBT_ADVICE}")
        if screen.verbose:
            for line in traceback.format_exc().splitlines():
                screen.note(line)
        return IN_DOUBT


def _event_data(path: Path | None, texts: tuple[str, ...]) -> dict[str, Any] | None:
    """Merge a JSON object and NAME=VALUE pairs; None if neither is given."""
    if path is None and not texts:
        return None
    members = {} if path is None else _json_object(path)
    for name, value in pairs(texts, "event_data").items():
        if name in members:
            raise click.UsageError(f"{name!r} is given twice")
        members[name] = value
    return members


def pairs(texts: tuple[str, ...], what: str) -> dict[str, Any]:
    """Parse NAME=VALUE arguments. `what` names them in errors. Raises click.UsageError."""
    members: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise click.UsageError(f"{what} must be given as NAME=VALUE, got {text!r}")
        if name in members:
            raise click.UsageError(f"{name!r} is given twice")
        members[name] = value
    return members


def _json_object(path: Path) -> dict[str, Any]:
    try:
        text = read_input(path).decode("utf-8-sig")  # independent of the locale: RFC 8259 requires UTF-8
    except UnicodeDecodeError as error:
        raise click.UsageError(f"--data-json is not UTF-8 text ({error.reason} at byte {error.start})") from error
    value = _json(text, "--data-json")
    if not isinstance(value, dict):
        raise click.UsageError("--data-json must be a JSON object")
    return value


def _json(text: str, what: str, hint: str = "") -> Any:
    try:
        return json.loads(text, object_pairs_hook=_struct, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise click.UsageError(f"{what} is not JSON ({error}){hint}") from error
    except ValueError as error:
        raise click.UsageError(f"{what} is not JSON ({error})") from error
    except RecursionError:
        raise click.UsageError(f"{what} is nested too deeply") from None


def _struct(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build the dict for a JSON object. Duplicate names are an error, because RFC 8259 leaves their meaning open."""
    struct = dict(members)
    if len(struct) < len(members):
        names = [name for name, _ in members]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} is given twice")
    return struct


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not a number")
