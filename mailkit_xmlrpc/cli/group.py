"""`Group`: a command that has subcommands.

click's own groups end differently in each of its versions if no subcommand is given: 8.1 writes the help to stdout and
succeeds, 8.2 raises it as the text of an error. This module is apart from `app`, which imports the groups.
"""

from __future__ import annotations

import click

from .output import USAGE

__all__ = ["Group"]


class Group(click.Group):
    """A group that writes its help to stderr and exits with `USAGE` if no subcommand is given."""

    group_class: type[type] = type  # click's way to say: groups inside this one have the same class

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments, of which there must be one."""
        if not args and not ctx.resilient_parsing:
            click.echo(ctx.get_help(), err=True)
            ctx.exit(USAGE)
        return super().parse_args(ctx, args)
