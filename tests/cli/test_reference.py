"""docs/cli.md agrees with the command line."""

from __future__ import annotations

import re

import click
import pytest

from mailkit_xmlrpc.cli import output
from mailkit_xmlrpc.cli.app import app

from .reference import ORDER, PAGE, page


def test_the_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.cli.reference"


def test_every_command_is_on_the_page():
    assert sorted(ORDER) == sorted(app.commands)


def commands(group, path=()):
    """Every command and group below a group."""
    for name, command in group.commands.items():
        yield pytest.param(command, id=" ".join((*path, name)))
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize("command", list(commands(app)))
def test_every_command_and_option_has_a_help_text(command):
    assert command.help
    for option in command.params:
        assert isinstance(option, click.Argument) or option.help


def test_every_exit_code_is_in_the_table():
    names = ("DONE", "REFUSED", "USAGE", "PARTLY", "CREDENTIALS", "IN_DOUBT", "NOT_SENT", "INTERRUPTED")
    shown = re.findall(r"^\| (\d+) \|", page(), re.MULTILINE)
    assert [int(code) for code in shown] == [getattr(output, name) for name in names]
