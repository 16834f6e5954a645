"""``trigger`` and ``call``, and the functions that all commands use to call Mailkit."""

from __future__ import annotations

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
from .completion import method_names
from .connection import Connection, connection_options, screen_options
from .inputs import json_object, pairs, parameters, success_option
from .methods import named_arguments
from .output import IN_DOUBT, IN_DOUBT_ADVICE, INTERRUPTED, Screen

__all__ = ["call", "call_once", "trigger", "with_client"]


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
@click.argument("method", shell_complete=method_names)
@click.argument("params", nargs=-1, metavar="[JSON | NAME=VALUE]...")
@success_option
@connection_options
@screen_options
@click.pass_context
def call(
    context: click.Context,
    /,
    method: str,
    params: tuple[str, ...],
    success: tuple[str, ...],
    as_json: bool,
    verbose: bool,
    **connection: Any,
) -> None:
    """Call METHOD. The credentials are added in front of the parameters.

    Parameters are JSON. For Mailkit's methods, `methods` lists the arguments that can be given as NAME=VALUE; a VALUE
    that is not valid JSON is sent as text.
    """
    arguments = named_arguments(method, params)
    values = parameters(params) if arguments is None else []
    screen = Screen(as_json=as_json, verbose=verbose)

    def action(client: Client) -> Any:
        given = values if arguments is None else function(calls, method)(**arguments).params
        return client.send(named_call(method, given, success))

    call_once(context, screen, Connection(**connection), action)


def call_once(
    context: click.Context,
    screen: Screen,
    connection: Connection,
    action: Callable[[Client], Result[Any]],
    columns: Sequence[str] = (),
    words: Callable[[Any], str] | None = None,
) -> None:
    """Make one call, print its result (rows as a table with these columns, another value as `words` says it), and exit
    with its code."""
    with_client(context, screen, connection, lambda client: screen.result(action(client), columns, words))


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
    members = {} if path is None else json_object(path, "--data-json")
    for name, value in pairs(texts, "event_data").items():
        if name in members:
            raise click.UsageError(f"{name!r} is given twice")
        members[name] = value
    return members
