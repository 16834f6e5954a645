"""``trigger`` and ``call``; and what every command that calls Mailkit goes through."""

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
from .methods import named
from .output import IN_DOUBT, IN_DOUBT_ADVICE, INTERRUPTED, Screen

__all__ = ["call", "call_once", "content", "pairs", "parameters", "trigger", "with_client"]


@click.command()
@click.argument("email")
@click.argument("event_tag")
@click.argument("data", nargs=-1, metavar="[NAME=VALUE]...")
@click.option(
    "--data-json",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="A JSON object with event_data; - for stdin.",
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
    """Put EMAIL into the scenarios that wait for EVENT_TAG, or let it leave a WAIT node.

    NAME=VALUE pairs become event_data; their values are sent as text.
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
    """Call METHOD with the credentials in front of the JSON values.

    The methods of Mailkit take named arguments too, as `methods` shows them; a VALUE that is no JSON is text then.
    """
    arguments = named(method, params)
    values = parameters(params) if arguments is None else []
    screen = Screen(as_json=as_json, verbose=verbose)

    def action(client: Client) -> Any:
        return client.send(named_call(method, values) if arguments is None else function(calls, method)(**arguments))

    call_once(context, screen, Connection(**connection), action)


def parameters(texts: tuple[str, ...]) -> list[Any]:
    """The values of JSON arguments. Raises click.UsageError."""
    hint = "; text needs quotes of its own: '\"text\"'"
    return [_json(text, f"parameter {index}", hint) for index, text in enumerate(texts, start=1)]


def content(path: Path) -> bytes:
    """What is in a file, or comes from stdin for "-". Raises click.UsageError."""
    try:
        if str(path) != "-":
            return path.read_bytes()
        if sys.stdin is None:
            raise click.UsageError("stdin is closed, so there is nothing to read from -")
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
    """Make one call, print what it came to (rows as a table of these columns), and exit with its code."""
    with_client(context, screen, connection, lambda client: screen.result(action(client), columns))


def with_client(
    context: click.Context, screen: Screen, connection: Connection, action: Callable[[Client], int]
) -> None:
    """Do something with a client, and exit with the code that it returns."""
    try:
        with connection.client(screen) as client:
            code = _done(screen, lambda: action(client))
    except MailkitError as error:
        code = screen.failure(error)
    context.exit(code)


def _done(screen: Screen, action: Callable[[], int]) -> int:
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
        # A mistake of ours. Python would exit with 1, which says that the call was not carried out.
        screen.problem(f"unexpected {type(error).__name__} ({error}), please report it{IN_DOUBT_ADVICE}")
        if screen.verbose:
            for line in traceback.format_exc().splitlines():
                screen.note(line)
        return IN_DOUBT


def _event_data(path: Path | None, texts: tuple[str, ...]) -> dict[str, Any] | None:
    """The members of a JSON object and of NAME=VALUE pairs; None where there are neither."""
    if path is None and not texts:
        return None
    members = {} if path is None else _json_object(path)
    for name, value in pairs(texts, "event_data").items():
        if name in members:
            raise click.UsageError(f"{name!r} is given twice")
        members[name] = value
    return members


def pairs(texts: tuple[str, ...], what: str) -> dict[str, Any]:
    """The members given as NAME=VALUE. Raises click.UsageError."""
    members: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise click.UsageError(f"{what} is given as NAME=VALUE, got {text!r}")
        if name in members:
            raise click.UsageError(f"{name!r} is given twice")
        members[name] = value
    return members


def _json_object(path: Path) -> dict[str, Any]:
    try:
        text = content(path).decode("utf-8-sig")  # whatever the locale: JSON is UTF-8
    except UnicodeDecodeError as error:
        raise click.UsageError(f"--data-json is no text in UTF-8 ({error.reason} at byte {error.start})") from error
    value = _json(text, "--data-json")
    if not isinstance(value, dict):
        raise click.UsageError("--data-json needs a JSON object")
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
    """What json.loads makes of an object, but for a name that is there twice: JSON does not say which counts."""
    struct = dict(members)
    if len(struct) < len(members):
        names = [name for name, _ in members]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} is given twice")
    return struct


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number")
