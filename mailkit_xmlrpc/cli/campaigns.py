"""``campaign``: list, show and create campaigns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..client import Client
from ..errors import NotFoundError
from .calls import call_once, with_client
from .connection import Connection, connection_options, screen_options, table_options
from .group import Group
from .inputs import pairs, read_input
from .methods import named_arguments
from .output import DONE, Screen

__all__ = ["campaign"]


@click.group(cls=Group)
def campaign() -> None:
    """List, show and create campaigns."""


@campaign.command("list")
@connection_options
@table_options
@click.pass_context
def list_all(context: click.Context, /, as_json: bool, verbose: bool, wide: bool, **connection: Any) -> None:
    """List all campaigns."""
    screen = Screen(as_json=as_json, verbose=verbose, wide=wide)
    columns = ("ID_MESSAGE", "NAME", "SUBJECT", "STATUS", "MSG_TYPE", "LAST_SENT")
    call_once(context, screen, Connection(**connection), lambda client: client.campaigns.list(), columns)


@campaign.command()
@click.argument("campaign_id", type=int, metavar="ID")
@connection_options
@screen_options
@click.pass_context
def show(context: click.Context, /, campaign_id: int, as_json: bool, verbose: bool, **connection: Any) -> None:
    """Show the campaign ID."""
    screen = Screen(as_json=as_json, verbose=verbose)

    def action(client: Client) -> int:
        result = client.campaigns.list(campaign_id)
        if result.ok and not result.value:
            raise NotFoundError(f"there is no campaign {campaign_id}", method=result.method)
        if as_json or not result.value:
            return screen.result(result)
        screen.record(result.value[0])
        return DONE

    with_client(context, screen, Connection(**connection), action)


@campaign.command()
@click.argument("name")
@click.argument("settings", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--sender", type=int, required=True, metavar="ID", help="Id of the sender.")
@click.option("--subject", metavar="TEXT", help="Subject of the e-mails.")
@click.option(
    "--content",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="File with the HTML of the e-mails; - for stdin.",
)
@connection_options
@screen_options
@click.pass_context
def create(
    context: click.Context,
    /,
    name: str,
    settings: tuple[str, ...],
    sender: int,
    subject: str | None,
    content: Path | None,
    as_json: bool,
    verbose: bool,
    **connection: Any,
) -> None:
    """Create the campaign NAME and print its id.

    `call mailkit.profile.emails.list` shows the ids of senders. NAME=VALUE pairs are further settings; `methods
    mailkit.campaigns.create` lists them.
    """
    screen = Screen(as_json=as_json, verbose=verbose)
    given: dict[str, Any] = {"name": name, "ID_allow_email": sender, "subject": subject}
    given["content"] = None if content is None else read_input(content)
    arguments = {key: value for key, value in given.items() if value is not None}
    pairs(settings, "a setting")
    others = named_arguments("mailkit.campaigns.create", settings) or {}
    if twice := sorted(arguments.keys() & others.keys()):
        raise click.UsageError(f"{twice[0]!r} is given twice")

    def action(client: Client) -> Any:
        return client.campaigns.create(**arguments, **others)

    call_once(context, screen, Connection(**connection), action, words=lambda value: f"campaign {value} created")
