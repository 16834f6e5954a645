"""``completion``: the script for a shell, and the values that it completes beside commands and options."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Callable

import click
from click.shell_completion import CompletionItem, get_completion_class

from ..api.catalogue import CATALOGUE
from ..sandbox import FAULTS
from .output import DONE, USAGE, Screen

__all__ = ["completion", "fault_names", "method_names"]

Completer = Callable[[click.Context, click.Parameter, str], "list[CompletionItem]"]


def _completer(names: Iterable[str]) -> Completer:
    known = sorted(names)

    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(name) for name in known if name.startswith(incomplete)]

    return complete


method_names: Completer = _completer(CATALOGUE)
"""For `shell_complete` of a parameter that is the name of a method."""

fault_names: Completer = _completer(FAULTS)
"""For `shell_complete` of a parameter that is a fault."""


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script for SHELL."""
    completion_class = get_completion_class(shell)
    program = context.find_root().info_name or ""
    if completion_class is None:
        raise click.UsageError(f"completion is not available for {shell}")
    name = f"_{program}_COMPLETE".replace("-", "_").upper()
    screen = Screen()
    screen.raw(completion_class(context.find_root().command, {}, program, name).source().encode())
    context.exit(DONE if screen.can_write else USAGE)
