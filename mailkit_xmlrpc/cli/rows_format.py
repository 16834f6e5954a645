"""How an export writes a row: as a CSV record or as a line of JSON.

Recipients choose many of the texts in these rows, such as their names. A spreadsheet takes a text that begins like a
formula for one, and a formula can send the other cells elsewhere, or start a program.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Union

import click

from .brief import cut
from .output import json_text, json_value, plain_text

__all__ = ["CSVEncoder", "Encoder", "JSONEncoder", "Row", "encoder"]

Row = Mapping[str, Any]

# Where a formula begins (https://owasp.org/www-community/attacks/CSV_Injection): at the start of a cell, also
# with the full-width characters of East Asia. A program that separates cells at semicolons (a Czech Excel does) or tabs
# does not see our quotes, so that a cell begins within our text there.
_FORMULA = re.compile(r'^(?=[-=+@\t\r\n\uff1d\uff0b\uff0d\uff20])|(?<=[;\t\r\n"])(?=[-=+@\uff1d\uff0b\uff0d\uff20])')


class CSVEncoder:
    """Makes CSV records of rows.

    Args:
        columns: the columns that the file already has, with apostrophes or without. If there are none, the first row
            gives them, and its record begins with the header.
        fields: the members that a row can have, for the header of a file without rows.
        line_end: what ends a record.
        safe_cells: precede what a spreadsheet would take for a formula by an apostrophe. Numbers are left.

    Attributes:
        options: the options of a command that adds such records.
    """

    def __init__(self, columns: Sequence[str], fields: Sequence[str], line_end: str, *, safe_cells: bool) -> None:
        self._columns = list(columns)
        self._fields = fields
        self._line_end = line_end
        self._safe_cells = safe_cells
        self.options: str = " --safe-cells" if safe_cells else ""

    def __call__(self, row: Row) -> bytes:
        """The record of a row. Raises click.UsageError if the row has other columns than the file."""
        header = b"" if self._columns else self._header(list(row))
        if row.keys() - self._columns:
            self._columns = _members(self._columns, row)
        others = row.keys() ^ self._columns
        if more := sorted(others & row.keys()):
            raise click.UsageError(f"a row has {_listed(more)}, which the file does not have; save to .jsonl instead")
        if fewer := sorted(others - set(self._fields)):
            raise click.UsageError(f"the file has {_listed(fewer)}, which the rows do not have; use another file")
        return header + self._record([row.get(name) for name in self._columns])

    def end(self) -> bytes:
        """What a file without rows needs: the header."""
        return b"" if self._columns else self._header(self._fields)

    def _header(self, columns: Sequence[str]) -> bytes:
        self._columns = list(columns)
        return self._record(self._columns)

    def _record(self, values: Sequence[Any]) -> bytes:
        text = io.StringIO()
        # Before Python 3.13, csv quotes only those line breaks that are in its lineterminator.
        csv.writer(text, lineterminator="\r\n").writerow(map(self._cell, values))
        return f"{text.getvalue()[:-2]}{self._line_end}".encode()

    def _cell(self, value: Any) -> str:
        text = "" if value is None else plain_text(value)
        return _safe(text) if self._safe_cells and not isinstance(value, (int, float, Decimal)) else text


def _listed(names: Sequence[str]) -> str:
    return cut(", ".join(names), 500)


def _safe(text: str) -> str:
    return _FORMULA.sub("'", text)


def _members(columns: Sequence[str], row: Row) -> list[str]:
    """The members of a row that are in these columns. A column that the row does not have keeps its name."""
    safe = {_safe(name): name for name in row}
    return [name if name in row else safe.get(name, name) for name in columns]


class JSONEncoder:
    """Makes JSON lines of rows, in ASCII unless `unicode` is given.

    Attributes:
        options: the options of a command that adds such lines.
    """

    options = ""

    def __init__(self, *, unicode: bool) -> None:
        self._unicode = unicode

    def __call__(self, row: Row) -> bytes:
        """The line of a row."""
        return json_text(json_value(row), indent=None, unicode=self._unicode).encode() + b"\n"

    def end(self) -> bytes:
        """What a file without rows needs."""
        return b""


Encoder = Union[CSVEncoder, JSONEncoder]


def encoder(
    form: str,
    fields: Sequence[str],
    columns: Sequence[str] = (),
    *,
    unicode: bool = True,
    line_end: str = "\r\n",
    safe_cells: bool = False,
) -> Encoder:
    """The encoder of a format, "csv" or "jsonl". See the two classes."""
    if form == "csv":
        return CSVEncoder(columns, fields, line_end, safe_cells=safe_cells)
    return JSONEncoder(unicode=unicode)
