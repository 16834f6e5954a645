"""`layout` and `block`: tables that fit a terminal without broken words, and the commands that print them."""

from __future__ import annotations

import fcntl
import re
import struct
import termios

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mailkit_xmlrpc.cli.tables import block, layout

from ..servers import ScriptedServer, answer
from .conftest import Terminal

COLUMNS = ("ID", "NAME", "DATE", "DESCRIPTION")
ROWS = (
    ("1", "Žofie", "2026-11-27 20:00:00", "A list of customers who have paid"),
    ("23", "\u6f22\u5b57", "2026-11-28 20:00:00", ""),
)


def lines(width, columns=COLUMNS, rows=ROWS):
    return [line.plain for line in layout(columns, rows, width)[0]]


def test_without_a_width_a_row_is_a_line():
    assert lines(None) == [
        "ID  NAME   DATE                 DESCRIPTION",
        "1   Žofie  2026-11-27 20:00:00  A list of customers who have paid",
        "23  \u6f22\u5b57   2026-11-28 20:00:00",
    ]


def test_a_table_that_fits_is_the_same():
    widest = max(map(cell_len, lines(None)))
    assert lines(widest) == lines(None)
    assert lines(widest - 1) != lines(None)


def test_text_in_the_last_column_is_wrapped_at_spaces():
    assert lines(58) == [
        "ID  NAME   DATE                 DESCRIPTION",
        "1   Žofie  2026-11-27 20:00:00  A list of customers who",
        "                                have paid",
        "23  \u6f22\u5b57   2026-11-28 20:00:00",
    ]


def test_columns_at_the_right_are_left_out_and_named():
    assert lines(40)[1] == "1   Žofie  2026-11-27 20:00:00"
    assert layout(COLUMNS, ROWS, 40)[1] == ("DESCRIPTION",)
    assert lines(20)[1] == "1   Žofie"
    assert layout(COLUMNS, ROWS, 20)[1] == ("DATE", "DESCRIPTION")


def test_a_row_is_a_block_if_not_even_two_columns_fit():
    columns, rows = ("NAME", "EMAIL"), (("Eva", "eva.novakova@example.cz"), ("Jan", ""))
    assert lines(24, columns, rows) == [
        "NAME   Eva",
        "EMAIL  eva.novakova@example.cz",
        "",
        "NAME   Jan",
        "EMAIL",
    ]


def test_a_table_of_one_column_is_a_table():
    assert lines(20, ("NAME",), (("Eva",),)) == ["NAME", "Eva"]


@pytest.mark.parametrize("width", [None, 10, 200])
def test_a_table_without_rows_has_its_header(width):
    assert lines(width, ("ID", "NAME"), ()) == ["ID  NAME"]


def test_a_block_wraps_long_text_at_spaces():
    assert [line.plain for line in block(("A", "BCD"), ("one two three", "x"), 14)] == [
        "A    one two",
        "     three",
        "BCD  x",
    ]
    assert [line.plain for line in block(("A",), ("one two three",), None)] == ["A  one two three"]


CELLS = st.text("ab1-@.: Ž\u6f22\U0001f600", max_size=30)


@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), max_size=4),
    columns=st.permutations(COLUMNS),
    width=st.integers(1, 120),
)
def test_no_word_is_ever_broken_and_no_table_is_too_wide(rows, columns, width):
    shown, left_out = layout(columns, rows, width)
    text = "\n".join(line.plain for line in shown)
    kept = len(columns) - len(left_out) if rows else 1
    for word in (word for row in [columns, *rows] for cell in row[:kept] for word in cell.split()):
        assert re.search(rf"(?<!\\S){re.escape(word)}(?!\\S)", text)
    if left_out:
        assert all(cell_len(line.plain) <= width for line in shown)


# The commands


@pytest.fixture
def lists(sandbox):
    with sandbox.client() as mailkit:
        mailkit.mailinglist.create("zákazníci", description="Everybody who has bought something in the shop")
        mailkit.mailinglist.create("\U0001f600 \u6f22\u5b57", description="\u202e red")
        mailkit.mailinglist.adduser(1, email="jana@example.cz", first_name="Žofie", last_name="Nováková")
    return sandbox.env


class Sized(Terminal):
    """A terminal with this number of columns."""

    def __init__(self, width, *arguments, **variables):
        super().__init__(*arguments, **variables)
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))

    def shown(self):
        assert self.end() == 0
        return self.screen.replace("\r", "").splitlines()


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
@pytest.mark.parametrize("command", ["user status jana@example.cz", "list show", "methods", "report summary"])
def test_no_line_is_wider_than_the_terminal(width, command, lists):
    with Sized(width, *command.split(), **lists) as terminal:
        shown = terminal.shown()
    table = [line for line in shown if not line.startswith("not shown: ")]
    assert table
    if command != "methods" or width > 40:
        assert max(map(cell_len, table)) <= width
    assert "\u202e" not in terminal.raw


def test_dates_stay_whole_at_60_columns_and_the_other_columns_are_named(lists):
    with Sized(60, "user", "status", "jana@example.cz", **lists) as terminal:
        head, row, note = terminal.shown()
    assert head.split() == ["ID_EMAIL", "EMAIL", "ID_MAILING_LIST", "STATUS"]
    assert row.split() == ["1", "jana@example.cz", "1", "enabled"]
    assert note == "not shown: DATE, CHANGE_DATE, FIRST_NAME, LAST_NAME; add --wide or --json"


def test_wide_shows_all_columns(lists):
    with Sized(60, "user", "status", "jana@example.cz", "--wide", **lists) as terminal:
        head, row = terminal.shown()
    assert head.split()[-1] == "LAST_NAME"
    assert row.split()[-1] == "Nováková"


def test_a_pipe_has_all_columns_whatever_the_width(lists, process):
    wide = process("user", "status", "jana@example.cz", **lists)
    narrow = process("user", "status", "jana@example.cz", COLUMNS="20", FORCE_COLOR="", **lists)
    assert wide.out == narrow.out
    assert len(wide.out.splitlines()) == 2


def test_methods_shows_what_they_do_at_100_columns(sandbox):
    with Sized(100, "methods", "email.move", **sandbox.env) as terminal:
        head, *rows, note = terminal.shown()
    assert head.split() == ["method", "what", "it", "does"]
    assert " ".join(" ".join(rows).split()) == (
        "mailkit.email.move Move a recipient into another mailing list, where it has another id"
    )
    assert note.startswith("not shown: arguments;")


# Text of a server


def test_names_of_members_are_escaped_as_values_are(cli, point_at):
    campaign = {"ID_MESSAGE": 1, "NAME": "\x9b31m", "X\x9b31m\u202e": "\n"}
    with ScriptedServer(answer([campaign])) as server:
        point_at(server.url)
        out = cli("campaign", "show", "1").out
    assert "X\\x9b31m\\u202e  \\n\n" in out
