"""``report``: figures, and the rows that they are made from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..client import Client
from .calls import call_once, with_client
from .connection import Connection, connection_options, screen_options
from .output import Screen
from .rows import page_options, save, to_option

__all__ = ["report"]

_FIGURES = ("SEND_COUNT", "DELIVERED_COUNT", "READ_COUNT_U", "CLICK_COUNT_U", "CLICK_RATE")


@click.group()
def report() -> None:
    """Reports: figures of campaigns and deliveries, and raw rows."""


@report.command()
@click.option("--since", "range_from", metavar="DATE", help="From this day on, YYYY-MM-DD.")
@click.option("--until", "range_to", metavar="DATE", help="Until this day, YYYY-MM-DD.")
@connection_options
@screen_options
@click.pass_context
def summary(
    context: click.Context,
    /,
    range_from: str | None,
    range_to: str | None,
    as_json: bool,
    verbose: bool,
    **connection: Any,
) -> None:
    """Show the figures of all campaigns."""
    screen = Screen(as_json=as_json, verbose=verbose)
    columns = ("ID_MESSAGE", "NAME", *_FIGURES)
    call_once(context, screen, Connection(**connection), lambda client: client.report(range_from, range_to), columns)


@report.command()
@click.argument("campaign_id", type=int, metavar="ID")
@click.option("--since", "range_from", metavar="DATE", help="From this day on, YYYY-MM-DD.")
@click.option("--until", "range_to", metavar="DATE", help="Until this day, YYYY-MM-DD.")
@connection_options
@screen_options
@click.pass_context
def campaign(
    context: click.Context,
    /,
    campaign_id: int,
    range_from: str | None,
    range_to: str | None,
    as_json: bool,
    verbose: bool,
    **connection: Any,
) -> None:
    """Show the figures of each delivery of the campaign ID."""
    screen = Screen(as_json=as_json, verbose=verbose)

    def action(client: Client) -> Any:
        return client.report.campaign(campaign_id, range_from=range_from, range_to=range_to)

    call_once(context, screen, Connection(**connection), action, ("ID_SEND", "SUBJECT", "DATE", *_FIGURES))


@report.group()
def raw() -> None:
    """Every message, response and bounce as a row of its own."""


# Name, member with the id, what it is.
_RAW = (
    ("messages", "ID_send_message", "Get a row for each message that was sent."),
    ("responses", "ID_log", "Get a row for each thing that somebody did with a message."),
    ("bounces", "ID_UNDELIVERED_LOG", "Get a row for each message that did not arrive."),
)


def _raw_command(name: str, key: str, purpose: str) -> click.Command:
    @click.command(name, help=purpose)
    @click.option("--campaign", "ID_message", type=int, metavar="ID", help="Of this campaign only.")
    @click.option("--send", "ID_send", type=int, metavar="ID", help="Of this delivery only.")
    @to_option
    @page_options
    @connection_options
    @screen_options
    @click.pass_context
    def command(
        context: click.Context,
        /,
        to: Path,
        start: int | None,
        limit: int | None,
        pause: float,
        as_json: bool,
        verbose: bool,
        ID_message: int | None,
        ID_send: int | None,
        **connection: Any,
    ) -> None:
        screen = Screen(as_json=as_json, verbose=verbose)

        def action(client: Client) -> int:
            paged = getattr(client.report.raw, name)
            rows = paged.rows(ID_message=ID_message, ID_send=ID_send, start=start, limit=limit, pause=pause)
            return save(screen, rows, key, to)

        with_client(context, screen, Connection(**connection), action)

    return command


for _name, _key, _purpose in _RAW:
    raw.add_command(_raw_command(_name, _key, _purpose))
