"""`layout` and `block`: tables that fit a terminal without broken words, and the commands that print them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mailkit_xmlrpc.cli.tables import block, layout

from ..servers import ScriptedServer, answer
from .conftest import Terminal, controls

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


def test_a_row_is_a_block_if_fewer_columns_fit_than_are_asked_for():
    shown, left_out = layout(("NEW", "UPDATED", "BAD"), (("3", "12", "0"),), 10, 3)
    assert [line.plain for line in shown] == ["NEW      3", "UPDATED  12", "BAD      0"]
    assert left_out == ()


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
def test_no_word_is_ever_broken_and_only_a_block_can_be_too_wide(rows, columns, width):
    shown, left_out = layout(columns, rows, width)
    text = "\n".join(line.plain for line in shown)
    kept = len(columns) - len(left_out) if rows else 1
    for word in (word for row in [columns, *rows] for cell in row[:kept] for word in cell.split()):
        assert re.search(rf"(?<!\S){re.escape(word)}(?!\S)", text)
    if left_out or set(columns) <= set(shown[0].plain.split()):
        assert all(cell_len(line.plain) <= width for line in shown)


# The commands


@pytest.fixture
def lists(sandbox):
    with sandbox.client() as mailkit:
        mailkit.mailinglist.create("zákazníci", description="Everybody who has bought something in the shop")
        mailkit.mailinglist.create("\U0001f600 \u6f22\u5b57", description="\u202e red")
        mailkit.mailinglist.adduser(1, email="jana@example.cz", first_name="Žofie", last_name="Nováková")
    return sandbox.env


def on_terminal(*arguments, **options):
    """The lines that a command shows on a terminal, without colours."""
    with Terminal(*arguments, **options) as terminal:
        assert terminal.end() == 0
        assert controls(terminal.screen) <= {"\r"}
        return terminal.screen.replace("\r", "").splitlines()


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
@pytest.mark.parametrize("command", ["user status jana@example.cz", "list show", "methods", "report summary"])
def test_no_line_is_wider_than_the_terminal(width, command, lists):
    shown = on_terminal(*command.split(), width=width, **lists)
    table = [line for line in shown if not line.startswith("not shown: ")]
    assert table
    if command != "methods" or width > 40:
        assert max(map(cell_len, table)) <= width


def test_dates_stay_whole_at_60_columns_and_the_other_columns_are_named(lists):
    head, row, note = on_terminal("user", "status", "jana@example.cz", width=60, **lists)
    assert head.split() == ["ID_EMAIL", "EMAIL", "ID_MAILING_LIST", "STATUS"]
    assert row.split() == ["1", "jana@example.cz", "1", "enabled"]
    assert note == "not shown: DATE, CHANGE_DATE, FIRST_NAME, LAST_NAME; add --wide or --json"


def test_wide_shows_all_columns(lists):
    head, row = on_terminal("user", "status", "jana@example.cz", "--wide", width=60, **lists)
    assert head.split()[-1] == "LAST_NAME"
    assert row.split()[-1] == "Nováková"


def test_a_pipe_has_all_columns_whatever_the_width(lists, process):
    wide = process("user", "status", "jana@example.cz", **lists)
    narrow = process("user", "status", "jana@example.cz", COLUMNS="20", FORCE_COLOR="", **lists)
    assert wide.out == narrow.out
    assert len(wide.out.splitlines()) == 2


def test_methods_shows_what_they_do_at_100_columns(sandbox):
    head, *rows, note = on_terminal("methods", "email.move", width=100, **sandbox.env)
    assert head.split() == ["method", "what", "it", "does"]
    assert " ".join(" ".join(rows).split()) == (
        "mailkit.email.move Move a recipient into another mailing list, where it has another id"
    )
    assert note.startswith("not shown: arguments;")


def test_an_import_shows_all_its_counts_on_a_narrow_terminal(lists, tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text("email\neva@example.cz\n")
    with Terminal("list", "import", str(path), "--list", "1", width=40, **lists) as terminal:
        assert terminal.end() == 0
        assert "count_updated  0\r\ncount_bad      0\r\n" in terminal.screen
        assert "--wide" not in terminal.screen


@pytest.mark.parametrize(
    "variables",
    [
        {"COLUMNS": ""},
        {"COLUMNS": "0"},
        {"COLUMNS": "\u00b2"},
        {"COLUMNS": "-1"},
        {"TERM": "dumb"},
        {"TERM": "dumb", "FORCE_COLOR": "1"},
        {"TERM": "unknown"},
        {"TERM": None},
    ],
)
def test_the_width_is_the_terminal_s_whatever_its_kind(variables, lists):
    head, *_ = on_terminal("user", "status", "jana@example.cz", width=60, **variables, **lists)
    assert head.split() == ["ID_EMAIL", "EMAIL", "ID_MAILING_LIST", "STATUS"]


def test_columns_set_the_width_of_a_terminal(lists):
    head, *_ = on_terminal("user", "status", "jana@example.cz", width=200, COLUMNS="60", **lists)
    assert head.split() == ["ID_EMAIL", "EMAIL", "ID_MAILING_LIST", "STATUS"]


@pytest.mark.parametrize("variables", [{"COLUMNS": "0"}, {"COLUMNS": "\u00b2"}, {"LINES": "\u00b2"}])
def test_a_size_that_is_not_one_does_not_change_what_a_pipe_gets(variables, process):
    assert process("trigger", "a@b", "x", "--sandbox", **variables).out == "DONE Added into scenario events queue\n"
    assert process("trigger", "a@b", "", "--sandbox", **variables).error.endswith("Missing event_tag")


def test_a_tab_in_a_cell_is_escaped(sandbox, cli):
    with sandbox.client() as mailkit:
        mailkit.mailinglist.create("a\tb")
    assert cli("list", "show").out.splitlines()[1].split() == ["1", "a\\tb", "enabled"]


def test_escapes_for_what_the_encoding_lacks_have_room(lists, process):
    head, _, row = process("list", "show", encoding="latin-1", PYTHONIOENCODING="latin-1", **lists).out.splitlines()
    assert row.index("enabled") == head.index("STATUS")
    assert "\\u6f22" in row


def test_a_check_of_doctor_is_wrapped_at_spaces_on_a_terminal():
    shown = on_terminal("doctor", "--sandbox", width=60)
    assert max(map(len, shown)) <= 60
    assert "                       accepted (a trigger without e-mail" in shown


def test_the_description_of_a_method_is_wrapped_at_spaces_on_a_terminal(process):
    narrow = on_terminal("methods", "mailkit.email.move", width=60)
    piped = process("methods", "mailkit.email.move", COLUMNS="60").out
    assert " ".join(narrow).split() == piped.split()
    assert [line for line in narrow if len(line) > 60] == [line for line in narrow if "/mailkitemailmove" in line]
    assert "    number 0 and gives no reason: `NotFoundError`." in narrow


# Text of a server


def test_names_of_members_are_escaped_as_values_are(cli, point_at):
    campaign = {"ID_MESSAGE": 1, "NAME": "\x9b31m", "X\x9b31m\u202e": "\n"}
    with ScriptedServer(answer([campaign])) as server:
        point_at(server.url)
        out = cli("campaign", "show", "1").out
    assert "X\\x9b31m\\u202e  \\n\n" in out
