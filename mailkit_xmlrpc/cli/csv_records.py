"""Reading CSV: every reader of the command line uses `csv_records`.

The module csv writes a cell of more than 131,072 characters, but does not read one. Its limit is that of the whole
process and not of a reader, so it is changed only while a record is read.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import IO

__all__ = ["csv_records"]

# The largest number that csv takes on every system: a C long has 32 bits on Windows.
_NO_LIMIT = 2**31 - 1


def csv_records(file: IO[str], separator: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Read CSV records, each with the number of its first line. The cells of an empty line are [].

    Args:
        file: opened with newline="", which leaves line breaks inside of cells as they are.
        separator: what separates the cells.

    Raises:
        ValueError: for a record that is not valid CSV; names the line.
    """
    reader = csv.reader(file, delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = _next(reader)
        except csv.Error as error:
            raise ValueError(f"line {line}: not valid CSV ({error})") from None
        if cells is None:
            return
        yield line, cells


def _next(reader: Iterator[list[str]]) -> list[str] | None:
    before = csv.field_size_limit(_NO_LIMIT)
    try:
        return next(reader, None)
    finally:
        csv.field_size_limit(before)
