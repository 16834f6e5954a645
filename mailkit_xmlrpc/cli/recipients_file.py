"""Reading recipients from a file: CSV with a header, or JSON Lines.

The whole file is checked before anything is sent. Names are Mailkit's own (email, first_name, custom1 ...), or those
that it shows them by (EMAIL, CUSTOM_1), so that what was exported can be imported. Empty cells are left out, so that
they change nothing.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import click

from ..api.mailinglist import IMPORTED
from ..api.params import near
from .calls import content

__all__ = ["batches", "recipients"]

_SEPARATORS = (",", ";", "\t")
# Mailkit shows these, and sets them by itself.
_ITS_OWN = frozenset({"id_email", "id_mailing_list", "date", "change_date"})


def recipients(path: Path, form: str | None) -> list[tuple[int, dict[str, Any]]]:
    """The recipients, each with the number of its line.

    Args:
        path: the file, - for stdin.
        form: "csv" or "jsonl"; None to tell by the file's name.

    Raises:
        click.UsageError: for whatever cannot be read, with the line.
    """
    form = form or {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}.get(path.suffix.lower())
    if form is None:
        raise click.UsageError(f"cannot tell what is in {path}; say --format csv or --format jsonl")
    try:
        text = content(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.UsageError(
            f"{path} is not in UTF-8 ({error.reason} at byte {error.start}); save it as UTF-8 first"
        ) from None
    rows = list(_csv(text, path) if form == "csv" else _json_lines(text, path))
    for line, row in rows:
        if not row.get("email"):
            raise click.UsageError(f"{path}, line {line}: no email")
    return rows


def batches(rows: list[tuple[int, dict[str, Any]]], size: int) -> Iterator[list[tuple[int, dict[str, Any]]]]:
    """The rows, so many at a time."""
    remaining = iter(rows)
    while batch := list(islice(remaining, size)):
        yield batch


def _csv(text: str, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    header = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=header.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator, strict=True)
    try:
        columns = _names(next(reader, []), f"{path}, line 1")
        for cells in reader:
            if len(cells) not in (0, len(columns)):
                raise click.UsageError(
                    f"{path}, line {reader.line_num}: {len(cells)} cells, but the header has {len(columns)}"
                )
            if any(cells):
                yield reader.line_num, {name: cell for name, cell in zip(columns, cells) if cell and name}
    except csv.Error as error:
        raise click.UsageError(f"{path}, line {reader.line_num}: no CSV ({error})") from None


def _json_lines(text: str, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for line, document in enumerate(text.splitlines(), start=1):
        if not document.strip():
            continue
        try:
            row = json.loads(document)
        except ValueError as error:
            raise click.UsageError(f"{path}, line {line}: no JSON ({error})") from None
        if not isinstance(row, dict):
            raise click.UsageError(f"{path}, line {line}: no JSON object")
        names = _names(list(row), f"{path}, line {line}")
        yield line, {name: value for name, value in zip(names, row.values()) if value is not None and name}


def _names(given: list[str], where: str) -> list[str]:
    """The names that import takes, empty for what is left out. Raises click.UsageError for one that is none."""
    names: list[str] = []
    for each in given:
        name = each if each in IMPORTED else re.sub(r"^custom_(?=[0-9])", "custom", each.lower())
        if name in _ITS_OWN:
            name = ""
        elif name not in IMPORTED:
            raise click.UsageError(f"{where}: Mailkit has no member {each!r}; {near(each, IMPORTED)}")
        if name and name in names:
            raise click.UsageError(f"{where}: {name!r} is there twice")
        names.append(name)
    return names
