"""`csv_records`: records with the number of their first line, and cells of any length."""

from __future__ import annotations

import csv
import io

import pytest

from mailkit_xmlrpc.cli.csv_records import csv_records

LONG = "x" * 200_000  # more than csv.field_size_limit() allows


def test_a_cell_has_any_length():
    assert list(csv_records(io.StringIO(f'id,text\n1,{LONG}\n2,"{LONG}"\n'))) == [
        (1, ["id", "text"]),
        (2, ["1", LONG]),
        (3, ["2", LONG]),
    ]


def test_a_record_has_the_number_of_its_first_line():
    text = 'a;b\r\n"1\r\n2";\r\n\r\n3;4\r\n'
    records = list(csv_records(io.StringIO(text, newline=""), ";"))
    assert records == [(1, ["a", "b"]), (2, ["1\r\n2", ""]), (4, []), (5, ["3", "4"])]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('a\n"b"c\n', "line 2: not valid CSV ("),
        ('a\n\n"b\nc\n', "line 3: not valid CSV (unexpected end of data)"),
        ('"', "line 1: not valid CSV (unexpected end of data)"),
    ],
)
def test_a_record_that_is_not_csv_is_named(text, problem):
    with pytest.raises(ValueError, match="not valid CSV") as caught:
        list(csv_records(io.StringIO(text, newline="")))
    assert str(caught.value).startswith(problem)


def test_the_limit_of_the_module_csv_stays_as_it_is():
    """It belongs to the whole process. Each of these lines runs while the records are not read to their end."""
    before = csv.field_size_limit()
    records = csv_records(io.StringIO('a\n"b"c\n'))
    assert csv.field_size_limit() == before
    next(records)
    assert csv.field_size_limit() == before
    with pytest.raises(ValueError, match="line 2"):
        next(records)
    assert csv.field_size_limit() == before
