"""Rows as CSV and JSON Lines, and CSV cells that a spreadsheet does not take for formulas."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal

import pytest
from hypothesis import given

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


def test_names_of_columns_are_cells():
    assert cells({"=a": "x"})[0] == ["'=a"]


def test_rows_are_added_to_the_columns_of_the_file():
    encode = encoder("csv", ["a", "b"], ["b", "a"], safe_cells=True)
    assert encode({"a": "=1", "b": 2}) == b"2,'=1\r\n"
