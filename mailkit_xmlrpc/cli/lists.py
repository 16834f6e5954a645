"""``list``: mailing lists."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from ..api.fields import SECOND
from ..client import Client
from ..errors import MailkitError
from .calls import call_once, with_client
from .connection import Connection, connection_options, screen_options, table_options
from .group import Group
from .inputs import moment
from .output import DONE, INTERRUPTED, PARTLY, Screen, command_words, exit_code
from .recipients_file import batches, recipients
from .rows import Export, export_options, progress

__all__ = ["lists"]

_COUNTS = ("count_all", "count_new", "count_updated", "count_bad")


@click.group("list", cls=Group)
def lists() -> None:
    """Show and create mailing lists, import and export recipients."""


@lists.command()
@connection_options
@table_options
@click.pass_context
def show(context: click.Context, /, as_json: bool, verbose: bool, wide: bool, **connection: Any) -> None:
    """Show all mailing lists."""
    screen = Screen(as_json=as_json, verbose=verbose, wide=wide)
    columns = ("ID_USER_LIST", "NAME", "STATUS", "DESCRIPTION")
    call_once(context, screen, Connection(**connection), lambda client: client.mailinglist.list(), columns)


@lists.command()
@click.argument("name")
@click.option("--description", metavar="TEXT", help="Description of the list.")
@connection_options
@screen_options
@click.pass_context
def create(
    context: click.Context, /, name: str, description: str | None, as_json: bool, verbose: bool, **connection: Any
) -> None:
    """Create the mailing list NAME and print its id."""
    screen = Screen(as_json=as_json, verbose=verbose)

    def action(client: Client) -> Any:
        return client.mailinglist.create(name, description=description)

    call_once(context, screen, Connection(**connection), action, words=lambda value: f"list {value['data']} created")


@lists.command("import")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--list", "list_id", type=int, required=True, metavar="ID", help="The mailing list.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "jsonl"]),
    metavar="csv|jsonl",
    help="Format of FILE; default: by its extension.",
)
@click.option(
    "--batch", type=click.IntRange(min=1), default=1000, metavar="ROWS", help="Recipients per call; default: 1000."
)
@connection_options
@screen_options
@click.pass_context
def import_file(
    context: click.Context,
    /,
    file: Path,
    list_id: int,
    form: str | None,
    batch: int,
    as_json: bool,
    verbose: bool,
    **connection: Any,
) -> None:
    """Add the recipients in FILE to a mailing list, or update them.

    FILE is CSV with a header, or has one JSON object per line; - is stdin. The names are Mailkit's: email, first_name,
    custom1 ... The whole file is checked before anything is sent. The command stops at the first call that fails.
    """
    rows = recipients(file, form)
    screen = Screen(as_json=as_json, verbose=verbose)
    groups = list(batches(rows, batch))
    with_client(context, screen, Connection(**connection), lambda client: _import(screen, client, list_id, groups))


def _import(screen: Screen, client: Client, list_id: int, groups: list[list[tuple[int, dict[str, Any]]]]) -> int:
    total: dict[str, Any] = {"invalid_emails": [], **dict.fromkeys(_COUNTS, 0), "calls": len(groups), "calls_done": 0}
    code, problem, sent = DONE, "", 0
    with progress("recipients") as show_count:
        for group in groups:
            code, problem = _import_group(screen, client, list_id, group, total)
            if code != DONE:
                break
            sent += len(group)
            show_count(sent)
    if total["calls_done"] and code not in (DONE, INTERRUPTED):
        code = PARTLY
        problem += f"; {total['calls_done']} of {len(groups)} calls were carried out before"
    elif code == DONE and total["invalid_emails"]:
        code, problem = PARTLY, f"not valid e-mail addresses: {', '.join(total['invalid_emails'])}"
    _print_total(screen, total, problem)
    return code


def _import_group(
    screen: Screen, client: Client, list_id: int, group: list[tuple[int, dict[str, Any]]], total: dict[str, Any]
) -> tuple[int, str]:
    """Make one call and add its answer to `total`. Returns the exit code and the problem."""
    first, last = group[0][0], group[-1][0]
    lines = f"line {first}" if first == last else f"lines {first} to {last}"
    try:
        value = client.mailinglist.import_(list_id, [row for _, row in group]).unwrap()
    except MailkitError as error:
        return exit_code(error), f"{lines}: {command_words(error)}"
    except KeyboardInterrupt:
        screen.after_ctrl_c()
        return INTERRUPTED, f"interrupted; {lines} may have been imported"
    total["invalid_emails"] += value.get("invalid_emails", [])
    for name in _COUNTS:
        total[name] += value.get(name, 0)
    total["calls_done"] += 1
    return DONE, ""


def _print_total(screen: Screen, total: dict[str, Any], problem: str) -> None:
    if screen.as_json:
        screen.json(total)
    elif total["calls_done"] or not total["calls"]:
        screen.table(_COUNTS, [[total[name] for name in _COUNTS]])
    if problem:
        screen.problem(problem)
    elif not total["calls"]:
        screen.note("no rows")


@lists.command()
@click.argument("list_id", type=int, metavar="ID")
@click.option("--status", metavar="STATUS", help="Only recipients with this status, such as enabled.")
@click.option(
    "--changed-since",
    type=moment(SECOND, '"YYYY-MM-DD HH:MM:SS"'),
    metavar="DATE",
    help='Only recipients changed since then: "YYYY-MM-DD HH:MM:SS".',
)
@export_options
@connection_options
@screen_options
@click.pass_context
def export(
    context: click.Context,
    /,
    list_id: int,
    status: str | None,
    changed_since: datetime | None,
    as_json: bool,
    verbose: bool,
    **options: Any,
) -> None:
    """Export all recipients of the mailing list ID with their data."""
    screen = Screen(as_json=as_json, verbose=verbose)
    target = Export.take(options)

    def action(client: Client) -> int:
        fetch = partial(client.mailinglist.getstatus.rows, list_id, status=status, change_date=changed_since)
        return target.save(screen, "mailkit.mailinglist.getstatus", "ID_EMAIL", fetch)

    with_client(context, screen, Connection(**options), action)
