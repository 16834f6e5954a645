"""Reading recipients from a file: CSV with a header, or JSON Lines.

The whole file is checked before anything is sent. Names are Mailkit's own (email, first_name, custom1 ...), or those
that it shows them by (EMAIL, CUSTOM_1), so that what was exported can be imported. Empty cells are left out, so that
they change nothing. A record of CSV ends at CR, LF or CRLF outside of quotes, a line of JSON at LF: other characters
that Unicode has for a new line can be part of a text.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import click

from ..api.fields import suggestion
from ..api.mailinglist import IMPORTED
from .calls import content

__all__ = ["batches", "recipients"]

_SEPARATORS = (",", ";", "\t")
# Mailkit shows these, and sets them itself.
_ITS_OWN = frozenset({"id_email", "id_mailing_list", "date", "change_date"})

Row = tuple[int, dict[str, Any]]


def recipients(path: Path, form: str | None) -> list[Row]:
    """The recipients, each with the number of the line that it begins in.

    Args:
        path: the file, - for stdin.
        form: "csv" or "jsonl"; None to tell by the file's name.

    Raises:
        click.UsageError: for whatever cannot be read, with the line.
    """
    form = form or {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}.get(path.suffix.lower())
    if form is None:
        raise click.UsageError(f"cannot tell the format of {path}; give --format csv or --format jsonl")
    try:
        text = content(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.UsageError(
            f"{path} is not in UTF-8 ({error.reason} at byte {error.start}); save it as UTF-8 first"
        ) from None
    rows = list(_csv(text, path) if form == "csv" else _json_lines(text, path))
    for line, row in rows:
        _check_address(row, f"{path}, line {line}")
    return rows


def batches(rows: list[Row], size: int) -> Iterator[list[Row]]:
    """The rows, so many at a time."""
    remaining = iter(rows)
    while batch := list(islice(remaining, size)):
        yield batch


def _csv(text: str, path: Path) -> Iterator[Row]:
    header = io.StringIO(text, newline="").readline()
    separator = max(_SEPARATORS, key=header.count)
    # With newline="" the reader gets every line end as it is, inside of quotes too.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        columns = _names(next(reader, []), f"{path}, line {line}")
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) not in (0, len(columns)):
                raise click.UsageError(f"{path}, line {line}: {len(cells)} cells, but the header has {len(columns)}")
            if any(cells):
                yield line, {name: cell for name, cell in zip(columns, cells) if cell and name}
            line = reader.line_num + 1
    except csv.Error as error:
        raise click.UsageError(f"{path}, line {line}: this is not CSV ({error})") from None


def _json_lines(text: str, path: Path) -> Iterator[Row]:
    for line, document in enumerate(text.split("\n"), start=1):
        if not document.strip():
            continue
        try:
            row = json.loads(document)
        except ValueError as error:
            raise click.UsageError(f"{path}, line {line}: this is not JSON ({error})") from None
        if not isinstance(row, dict):
            raise click.UsageError(f"{path}, line {line}: this is not a JSON object")
        names = _names(list(row), f"{path}, line {line}")
        yield line, {name: value for name, value in zip(names, row.values()) if value is not None and name}


def _check_address(row: dict[str, Any], where: str) -> None:
    """Raise click.UsageError for a row without an address, or with blanks around it."""
    email = row.get("email")
    if not any(str(value).strip() for value in row.values()):
        raise click.UsageError(f"{where}: only blanks; remove the line")
    if not email or not str(email).strip():
        raise click.UsageError(f"{where}: no email")
    if str(email) != str(email).strip():
        raise click.UsageError(f"{where}: blanks around the email {email!r}; remove them")


def _names(given: list[str], where: str) -> list[str]:
    """The names that import takes, empty for one that is left out. Raises click.UsageError for an unknown one."""
    names: list[str] = []
    for each in given:
        name = each if each in IMPORTED else re.sub(r"^custom_(?=[0-9])", "custom", each.lower())
        if name in _ITS_OWN:
            name = ""
        elif name not in IMPORTED:
            raise click.UsageError(f"{where}: Mailkit has no member {each!r}; {suggestion(each, IMPORTED)}")
        if name and name in names:
            raise click.UsageError(f"{where}: {name!r} is there twice")
        names.append(name)
    return names
