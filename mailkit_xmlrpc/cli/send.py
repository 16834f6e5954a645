"""``send``: send one message of a campaign."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..client import Client
from .calls import call_once
from .connection import Connection, connection_options, screen_options
from .inputs import pairs, read_input
from .output import Screen
from .users import recipient_words

__all__ = ["send"]


@click.command()
@click.argument("email")
@click.argument("variables", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--list", "list_id", type=int, required=True, metavar="ID", help="The recipient's mailing list.")
@click.option("--campaign", type=int, required=True, metavar="ID", help="The campaign.")
@click.option("--subject", metavar="TEXT", help="Subject; default: the campaign's.")
@click.option(
    "--body",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="File with the body, - for stdin; default: the campaign's.",
)
@click.option(
    "--attach",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    multiple=True,
    metavar="FILE",
    help="File to attach; may be repeated.",
)
@connection_options
@screen_options
@click.pass_context
def send(
    context: click.Context,
    /,
    email: str,
    variables: tuple[str, ...],
    list_id: int,
    campaign: int,
    subject: str | None,
    body: Path | None,
    attach: tuple[Path, ...],
    as_json: bool,
    verbose: bool,
    **connection: Any,
) -> None:
    """Send EMAIL one message of a campaign.

    NAME=VALUE pairs set variables of the template. If Mailkit does not send the message, the call is refused.
    """
    screen = Screen(as_json=as_json, verbose=verbose)
    message_data = None if body is None else read_input(body)
    attachments: list[Any] = [{"name": path.name, "data": read_input(path)} for path in attach]
    values = pairs(variables, "a variable") or None

    def action(client: Client) -> Any:
        return client.sendmail(
            list_id,
            campaign,
            send_to=email,
            subject=subject,
            message_data=message_data,
            content=values,
            attachments=attachments,
        )

    call_once(context, screen, Connection(**connection), action, words=_words)


def _words(value: dict[str, Any]) -> str:
    delivery, message = value["data2"], value["data3"]
    named = "a message" if message is None else f"message {message} of delivery {delivery}"
    return f"{named} sent; {recipient_words(value)}"
