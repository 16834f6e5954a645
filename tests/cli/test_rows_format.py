"""Rows as CSV and JSON Lines, and CSV cells that a spreadsheet does not take for formulas."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailkit_xmlrpc.cli.rows_format import CSVEncoder, encoder

from ..strategies import texts

FORMULAS = "=+-@\uff1d\uff0b\uff0d\uff20"


def cells(row, **options):
    """The header and the cells that a row is written as."""
    text = CSVEncoder((), list(row), "\r\n", **{"safe_cells": True, **options})(row).decode()
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize("first", [*FORMULAS, "\t", "\r", "\n"], ids=ascii)
def test_an_apostrophe_precedes_a_text_that_would_be_a_formula(first):
    assert cells({"a": f"{first}1"}) == [["a"], [f"'{first}1"]]
    assert cells({"a": first}) == [["a"], [f"'{first}"]]
    assert cells({"a": f"{first}1"}, safe_cells=False) == [["a"], [f"{first}1"]]


@pytest.mark.parametrize("separator", [";", "\t", "\n", "\r", '"'], ids=ascii)
@pytest.mark.parametrize("first", FORMULAS, ids=ascii)
def test_an_apostrophe_precedes_a_formula_for_another_separator(first, separator):
    """A Czech Excel, for instance, separates cells at semicolons, and does not see the quotes around our cell."""
    assert cells({"a": f"x{separator}{first}1"}) == [["a"], [f"x{separator}'{first}1"]]


@given(text=texts())
def test_no_formula_begins_a_cell_for_any_separator(text):
    row = {"id": 1, "a": text, "b": f"={text};-{text}\n@{text}"}
    record = CSVEncoder(["id", "a", "b"], [], "\n", safe_cells=True)(row).decode()
    assert not re.search(f'(?:^|[;\t\r\n"])[{re.escape(FORMULAS)}]', record)
    assert not [cell for cell in cells(row)[1] if cell.startswith(tuple(FORMULAS))]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-5, "-5"),
        (-0.5, "-0.5"),
        (Decimal("-1.5"), '"-1.5"'),
        (True, "true"),
        (None, ""),
        ("", ""),
        ("-5", "'-5"),
        ("+420 123", "'+420 123"),
        ("jana@example.cz", "jana@example.cz"),
        ("a-b, c=d", "a-b, c=d"),
        ("'=1", "'=1"),
        (["=1"], '["\'=1"]'),
        (b"\xfb", '"\'+w=="'),
    ],
)
def test_numbers_and_other_texts_are_left(value, text):
    assert cells({"a": value}) == [["a"], [text]]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=ascii)
@pytest.mark.parametrize("text", ["a\rb", "a\nb", "a\r\nb", "\r"], ids=ascii)
def test_a_line_break_in_a_text_does_not_end_the_record(text, line_end):
    """Before Python 3.13, csv leaves a CR without quotes if records end at LF, as they do on stdout."""
    record = CSVEncoder(["a", "b"], (), line_end, safe_cells=False)({"a": text, "b": 1})
    assert record == f'"{text}",1{line_end}'.encode()


def test_names_of_columns_are_cells():
    assert cells({"=a": "x"})[0] == ["'=a"]


def test_rows_are_added_to_the_columns_of_the_file():
    encode = encoder("csv", ["a", "b"], ["b", "a"], safe_cells=True)
    assert encode({"a": "=1", "b": 2}) == b"2,'=1\r\n"


@pytest.mark.parametrize("safe_cells", [True, False])
@pytest.mark.parametrize("columns", [["id", "=a"], ["id", "'=a"], ["'=a", "id"]], ids=str)
def test_rows_are_added_to_columns_that_have_an_apostrophe_or_none(columns, safe_cells):
    """The file may have been made with --safe-cells or without."""
    encode = encoder("csv", [], columns, safe_cells=safe_cells)
    for number in (1, 2):
        record = next(csv.reader([encode({"id": number, "=a": "x"}).decode()]))
        assert dict(zip(columns, record)) == {"id": str(number), columns[columns[0] == "id"]: "x"}


def test_an_apostrophe_of_the_name_itself_is_kept():
    encode = encoder("csv", [], ["=a", "'=a"], safe_cells=True)
    assert encode({"'=a": 1, "=a": 2}) == b"2,1\r\n"
    with pytest.raises(click.UsageError, match="a row has =a, which the file does not have"):
        encoder("csv", [], ["'=a", "b"], safe_cells=True)({"'=a": 1, "=a": 2, "b": 3})


@given(names=st.lists(texts(), min_size=1, max_size=4, unique_by=lambda name: cells({name: 1})[0][0]))
def test_rows_can_be_added_to_every_file_with_their_columns(names):
    row = dict.fromkeys(names, "x")
    whole = CSVEncoder((), names, "\n", safe_cells=True)
    header = next(csv.reader(io.StringIO(whole(row).decode(), newline=""), strict=True))
    assert CSVEncoder(header, (), "\n", safe_cells=True)(row) == whole(row)


@pytest.mark.parametrize(("columns", "member"), [(["a", "x" * 200_000], "a"), (["a"], "x" * 200_000)])
def test_a_long_name_of_a_column_is_cut_in_an_error(columns, member):
    with pytest.raises(click.UsageError, match="x" * 100) as caught:
        encoder("csv", [], columns)({"a": 1, member: 1})
    assert len(caught.value.message) < 1000
