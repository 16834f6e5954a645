"""``report``: statistics and raw data."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, Callable, TypeVar

import click

from ..api.fields import DAY
from ..client import Client
from .calls import call_once, with_client
from .connection import Connection, connection_options, screen_options, table_options
from .group import Group
from .inputs import moment
from .output import Screen
from .rows import Export, export_options

__all__ = ["report"]

F = TypeVar("F", bound=Callable[..., Any])

_STATISTICS = ("SEND_COUNT", "DELIVERED_COUNT", "READ_COUNT_U", "CLICK_COUNT_U", "CLICK_RATE")


def _range_options(command: F) -> F:
    """Add --since and --until."""
    day = moment(DAY, "YYYY-MM-DD")
    since = click.option("--since", "range_from", type=day, metavar="DATE", help="Start of the range, YYYY-MM-DD.")
    until = click.option("--until", "range_to", type=day, metavar="DATE", help="End of the range, YYYY-MM-DD.")
    return since(until(command))


@click.group(cls=Group)
def report() -> None:
    """Show statistics, and export raw data."""


@report.command()
@_range_options
@connection_options
@table_options
@click.pass_context
def summary(
    context: click.Context,
    /,
    range_from: datetime | None,
    range_to: datetime | None,
    as_json: bool,
    verbose: bool,
    wide: bool,
    **connection: Any,
) -> None:
    """Show the statistics of all campaigns."""
    screen = Screen(as_json=as_json, verbose=verbose, wide=wide)
    columns = ("ID_MESSAGE", "NAME", *_STATISTICS)
    call_once(context, screen, Connection(**connection), lambda client: client.report(range_from, range_to), columns)


@report.command()
@click.argument("campaign_id", type=int, metavar="ID")
@_range_options
@connection_options
@table_options
@click.pass_context
def campaign(
    context: click.Context,
    /,
    campaign_id: int,
    range_from: datetime | None,
    range_to: datetime | None,
    as_json: bool,
    verbose: bool,
    wide: bool,
    **connection: Any,
) -> None:
    """Show the statistics of each delivery of the campaign ID."""
    screen = Screen(as_json=as_json, verbose=verbose, wide=wide)

    def action(client: Client) -> Any:
        return client.report.campaign(campaign_id, range_from=range_from, range_to=range_to)

    call_once(context, screen, Connection(**connection), action, ("ID_SEND", "SUBJECT", "DATE", *_STATISTICS))


@report.group()
def raw() -> None:
    """Export messages, responses and bounces, one per row."""


# Name of the command, member with the id of a row, help.
_RAW = (
    ("messages", "ID_send_message", "Export the messages that were sent."),
    ("responses", "ID_log", "Export the responses of recipients to messages."),
    ("bounces", "ID_UNDELIVERED_LOG", "Export the messages that were not delivered."),
)


def _raw_command(name: str, key: str, purpose: str) -> click.Command:
    @click.command(name, help=purpose)
    @click.option("--campaign", "ID_message", type=int, metavar="ID", help="Only rows of this campaign.")
    @click.option("--send", "ID_send", type=int, metavar="ID", help="Only rows of this delivery.")
    @export_options
    @connection_options
    @screen_options
    @click.pass_context
    def command(
        context: click.Context,
        /,
        as_json: bool,
        verbose: bool,
        ID_message: int | None,
        ID_send: int | None,
        **options: Any,
    ) -> None:
        screen = Screen(as_json=as_json, verbose=verbose)
        target = Export.take(options)

        def action(client: Client) -> int:
            fetch = partial(getattr(client.report.raw, name).rows, ID_message=ID_message, ID_send=ID_send)
            return target.save(screen, f"mailkit.report.raw.{name}", key, fetch)

        with_client(context, screen, Connection(**options), action)

    return command


for _name, _key, _purpose in _RAW:
    raw.add_command(_raw_command(_name, _key, _purpose))
