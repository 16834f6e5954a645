"""``user``: show, add and unsubscribe a recipient."""

from __future__ import annotations

from typing import Any

import click

from ..api.fields import suggestion
from ..api.mailinglist import IMPORTED
from ..client import Client
from .calls import call_once
from .connection import Connection, connection_options, screen_options, table_options
from .group import Group
from .inputs import pairs, whole
from .output import Screen

__all__ = ["recipient_words", "user"]

# See AddedRecipient.
_STATUS = {0: "updated", 1: "added", 2: "added, but unsubscribed", 3: "updated, but unsubscribed"}

# EMAIL is an argument of its own, and adduser has no status.
_MEMBERS = [name for name in IMPORTED if name not in ("email", "status", "custom")]


@click.group(cls=Group)
def user() -> None:
    """Show, add or unsubscribe a recipient."""


@user.command()
@click.argument("email")
@connection_options
@table_options
@click.pass_context
def status(context: click.Context, /, email: str, as_json: bool, verbose: bool, wide: bool, **connection: Any) -> None:
    """Show the data of EMAIL in each mailing list. EMAIL may also be an id."""
    screen = Screen(as_json=as_json, verbose=verbose, wide=wide)
    columns = ("ID_EMAIL", "EMAIL", "ID_MAILING_LIST", "STATUS", "DATE", "CHANGE_DATE", "FIRST_NAME", "LAST_NAME")
    call_once(
        context, screen, Connection(**connection), lambda client: client.email.getstatus(_recipient(email)), columns
    )


@user.command()
@click.argument("email")
@click.argument("fields", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--list", "list_id", type=int, required=True, metavar="ID", help="The mailing list.")
@click.option("--confirm", is_flag=True, help="Ask for consent by e-mail first (double opt-in).")
@connection_options
@screen_options
@click.pass_context
def add(
    context: click.Context,
    /,
    email: str,
    fields: tuple[str, ...],
    list_id: int,
    confirm: bool,
    as_json: bool,
    verbose: bool,
    **connection: Any,
) -> None:
    """Add EMAIL to a mailing list, or update it.

    NAME=VALUE pairs are the members of the recipient: first_name=Jana custom1=x ...
    """
    screen = Screen(as_json=as_json, verbose=verbose)
    members = pairs(fields, "a member")
    numbers = {name: whole(name[6:]) for name in members if name.startswith("custom")}
    custom = {number: members.pop(name) for name, number in numbers.items() if number is not None}
    for name in members:
        if name not in _MEMBERS:
            raise click.UsageError(f"Mailkit has no member {name!r} here; {suggestion(name, _MEMBERS)}")
    if custom:
        members["custom"] = custom

    def action(client: Client) -> Any:
        return client.mailinglist.adduser(list_id, email=email, confirm=confirm, **members)

    call_once(context, screen, Connection(**connection), action, words=recipient_words)


@user.command()
@click.argument("email")
@click.option("--days", type=click.IntRange(14, 90), metavar="DAYS", help="Only for this many days, 14 to 90.")
@click.option("--quietly", is_flag=True, help="Do not send a confirmation e-mail.")
@connection_options
@screen_options
@click.pass_context
def unsubscribe(
    context: click.Context,
    /,
    email: str,
    days: int | None,
    quietly: bool,
    as_json: bool,
    verbose: bool,
    **connection: Any,
) -> None:
    """Unsubscribe EMAIL, permanently or for some days. EMAIL may also be an id or a phone number."""
    screen = Screen(as_json=as_json, verbose=verbose)

    def action(client: Client) -> Any:
        optout = False if quietly else None
        return client.email.unsubscribe(_recipient(email), send_optout=optout, timeout_days=days)

    call_once(context, screen, Connection(**connection), action, words=lambda value: f"recipient {value} unsubscribed")


def recipient_words(value: dict[str, Any]) -> str:
    """What became of the recipient in an answer with data and status."""
    recipient, status = value["data"], value["status"]
    named = "the recipient" if recipient is None else f"recipient {recipient}"
    return f"{named} {_STATUS.get(status, f'has status {status}')}"


def _recipient(text: str) -> int | str:
    """Convert an id to int. Mailkit accepts an address or an id."""
    number = whole(text)
    return text if number is None else number
