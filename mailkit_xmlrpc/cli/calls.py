"""``trigger`` and ``call``: the commands that call one method."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Callable

import click

from ..client import Client
from ..errors import MailkitError
from ..result import Result
from .connection import Connection, connection_options, screen_options
from .output import Screen

__all__ = ["call", "parameters", "trigger"]


@click.command()
@click.argument("email")
@click.argument("event_tag")
@click.argument("data", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--data-json", metavar="FILE", help="A JSON object with event_data; - for stdin.")
@connection_options
@screen_options
@click.pass_context
def trigger(
    context: click.Context,
    /,
    email: str,
    event_tag: str,
    data: tuple[str, ...],
    data_json: str | None,
    as_json: bool,
    verbose: bool,
    **connection: Any,
) -> None:
    """Put EMAIL into the scenarios that wait for EVENT_TAG, or let it leave a WAIT node.

    NAME=VALUE pairs become event_data; their values are sent as text.
    """
    event_data = {**_json_object(data_json), **_pairs(data)} if data or data_json else None
    _run(
        context,
        Screen(as_json=as_json, verbose=verbose),
        Connection(**connection),
        lambda client: client.journeys.trigger(email, event_tag, event_data),
    )


@click.command()
@click.argument("method")
@click.argument("params", nargs=-1, metavar="[JSON]...")
@connection_options
@screen_options
@click.pass_context
def call(
    context: click.Context, /, method: str, params: tuple[str, ...], as_json: bool, verbose: bool, **connection: Any
) -> None:
    """Call METHOD with the credentials in front of the JSON values."""
    values = parameters(params)
    _run(
        context,
        Screen(as_json=as_json, verbose=verbose),
        Connection(**connection),
        lambda client: client.call(method, *values),
    )


def parameters(texts: tuple[str, ...]) -> list[Any]:
    """The values of JSON arguments."""
    return [_json(text, f"parameter {index}") for index, text in enumerate(texts, start=1)]


def _run(
    context: click.Context, screen: Screen, connection: Connection, action: Callable[[Client], Result[Any]]
) -> None:
    try:
        with connection.client(screen) as client:
            code = screen.result(action(client))
    except MailkitError as error:
        code = screen.failure(error)
    context.exit(code)


def _pairs(texts: tuple[str, ...]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise click.UsageError(f"event_data is given as NAME=VALUE, got {text!r}")
        if name in pairs:
            raise click.UsageError(f"{name!r} is given twice")
        pairs[name] = value
    return pairs


def _json_object(path: str | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"cannot read --data-json ({error})") from error
    value = _json(text, "--data-json")
    if not isinstance(value, dict):
        raise click.UsageError("--data-json needs a JSON object")
    return value


def _json(text: str, what: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise click.UsageError(f"{what} is not JSON ({error}); text needs quotes of its own: '\"text\"'") from error
