"""Reading recipients from a file: CSV with a header, or JSON Lines.

The whole file is checked before anything is sent. The names are those of Mailkit's import (email, first_name, custom1
...) or those of its answers (EMAIL, CUSTOM_1), so that an exported file can be imported. Empty cells and null are left
out, so that they do not clear a stored value. A CSV record ends at CR, LF or CRLF outside quotes, a JSON line at LF.
The other line breaks of Unicode do not end a line, because they can be part of a value.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import click

from ..api.fields import suggestion
from ..api.mailinglist import IMPORTED
from ..codec import encode_request
from ..errors import EncodeError
from .brief import cut
from .csv_records import csv_records
from .inputs import FORMATS, read_input, read_json

__all__ = ["batches", "recipients"]

# JSON has no numbers as names, so the custom fields have their own names.
_MEMBERS = IMPORTED[:-1]
_SEPARATORS = (",", ";", "\t")
# Members of Mailkit's answers that an import cannot set.
_SET_BY_MAILKIT = frozenset({"id_email", "id_mailing_list", "date", "change_date"})
# Characters of a value that an error shows.
_SHOWN = 100

Row = tuple[int, dict[str, Any]]


def recipients(path: Path, form: str | None) -> list[Row]:
    """Read recipients, each with the number of its first line.

    Args:
        path: the file; - for stdin.
        form: "csv" or "jsonl"; None to use the extension of the file.

    Raises:
        click.UsageError: for a file that cannot be read; names the line.
    """
    form = form or FORMATS.get(path.suffix.lower())
    if form is None:
        raise click.UsageError(f"cannot tell the format of {path}; give --format csv or --format jsonl")
    try:
        text = read_input(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.UsageError(
            f"{path} is not UTF-8 text ({error.reason} at byte {error.start}); save it as UTF-8"
        ) from None
    rows = list(_csv(text, path) if form == "csv" else _json_lines(text, path))
    for line, row in rows:
        _check(row, f"{path}, line {line}")
    return rows


def batches(rows: list[Row], size: int) -> Iterator[list[Row]]:
    """Split rows into batches of at most `size`."""
    remaining = iter(rows)
    while batch := list(islice(remaining, size)):
        yield batch


def _csv(text: str, path: Path) -> Iterator[Row]:
    header = io.StringIO(text, newline="").readline()
    separator = max(_SEPARATORS, key=header.count)
    records = csv_records(io.StringIO(text, newline=""), separator)
    try:
        columns = _names(next(records, (1, []))[1], f"{path}, line 1")
        if not columns and text:
            raise click.UsageError(f"{path}, line 1: the line is empty; it must have the names of the columns")
        for line, cells in records:
            if len(cells) not in (0, len(columns)):
                raise click.UsageError(f"{path}, line {line}: {len(cells)} cells, but the header has {len(columns)}")
            if any(cells):
                if not any(map(str.strip, cells)):
                    raise click.UsageError(f"{path}, line {line}: the line has only white space; remove it")
                yield line, {name: cell for name, cell in zip(columns, cells) if cell and name}
    except ValueError as error:
        raise click.UsageError(f"{path}, {error}") from None


def _json_lines(text: str, path: Path) -> Iterator[Row]:
    for line, document in enumerate(text.split("\n"), start=1):
        if not document.strip():
            continue
        row = read_json(document, f"{path}, line {line}: the line")
        if not isinstance(row, dict):
            raise click.UsageError(f"{path}, line {line}: not a JSON object")
        names = _names(list(row), f"{path}, line {line}")
        yield line, {name: value for name, value in zip(names, row.values()) if value is not None and name}


def _check(row: dict[str, Any], where: str) -> None:
    """Raise click.UsageError for a row that cannot be sent, or whose address is missing or cannot be one."""
    for name, value in row.items():
        if type(value) not in (str, int):
            raise click.UsageError(f"{where}: {name} must be text or an integer, got {type(value).__name__}")
    email = str(row.get("email", ""))
    if not email.strip():
        raise click.UsageError(f"{where}: email is missing or empty")
    if email != email.strip():
        raise click.UsageError(f"{where}: white space around the email {cut(repr(email), _SHOWN)}; remove it")
    if not email.isprintable():
        raise click.UsageError(f"{where}: an invisible character in the email {cut(ascii(email), _SHOWN)}; remove it")
    try:
        encode_request("check", [row])
    except EncodeError as error:
        raise click.UsageError(f"{where}: {error.path.rpartition('.')[2]}: {error.message}") from None


def _names(given: list[str], where: str) -> list[str]:
    """Convert names to those of the import; "" for a member to leave out. Raises click.UsageError."""
    names: list[str] = []
    for each in given:
        name = each if each in _MEMBERS else re.sub(r"^custom_(?=[0-9])", "custom", each.lower())
        if name in _SET_BY_MAILKIT:
            name = ""
        elif name not in _MEMBERS:
            shown = cut(repr(each), _SHOWN)
            raise click.UsageError(f"{where}: Mailkit has no member {shown}; {suggestion(each, _MEMBERS)}")
        if name and name in names:
            raise click.UsageError(f"{where}: {name!r} is given twice")
        names.append(name)
    return names
