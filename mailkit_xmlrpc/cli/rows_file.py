"""Where the rows of an export go: stdout, a new file, or the end of a file.

A new file is written under another name beside it and takes its own name when it is complete, so that an existing file
is never replaced by a part of an export. Each row is written in one piece as soon as it is there. So what a failure
leaves behind, or the end of the process, has complete rows and can be continued.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import IO, Any

import click

from .csv_records import csv_records
from .inputs import parse_json, whole
from .output import Screen
from .rows_format import Encoder, Row, encoder

__all__ = ["ContinuedFile", "NewFile", "Output", "Stdout", "StdoutClosedError", "rows_text"]


def rows_text(number: int) -> str:
    """A number of rows, as text."""
    return "1 row" if number == 1 else f"{number:,} rows"


class Output(ABC):
    """What the outputs share.

    Attributes:
        count: the number of rows written.
        last: the id of the last row, written now or before; None if there is none.
        known: the number of rows with that id at the end of a file that is continued.
    """

    known = 0

    def __init__(self, encode: Encoder, key: str) -> None:
        self.count: int = 0
        self.last: Any = None
        self._encode = encode
        self._key = key

    def write(self, row: Row) -> None:
        """Write a row.

        Raises:
            OSError: it cannot be written.
            click.UsageError: the row has other columns than the file.
        """
        self._write(self._encode(row))
        self.count += 1
        self.last = row.get(self._key)

    def unknown(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows that are not yet at the end of the file. The first page begins with the row to start from."""
        met = 0
        for row in rows:
            if met < self.known and row.get(self._key) == self.last:
                met += 1
                continue
            yield row
            break
        yield from rows

    def finish(self) -> None:
        """The export is complete."""
        self._write(self._encode.end())

    @abstractmethod
    def abandon(self) -> str:
        """The export has failed. Says where the rows are, and how to get the others."""

    @abstractmethod
    def _write(self, data: bytes) -> None:
        """Write all of `data`, or nothing."""


class StdoutClosedError(Exception):
    """stdout takes no more rows. The screen has reported why, unless the reader of a pipe has ended."""


class Stdout(Output):
    """Rows on stdout.

    Raises:
        StdoutClosedError: a row cannot be written.
    """

    def __init__(self, screen: Screen, encode: Encoder, key: str) -> None:
        super().__init__(encode, key)
        self._screen = screen

    def abandon(self) -> str:
        """Say how to get the other rows."""
        written = f"{rows_text(self.count)} written"
        return f"{written}, continue with --start {self.last}, which gives the last row once more" if self.count else ""

    def _write(self, data: bytes) -> None:
        lost = f"; {self.abandon()}; a part of the next row may follow them" if self.count else ""
        self._screen.rows(data.decode(), lost)
        if not self._screen.can_write:
            raise StdoutClosedError


class _File(Output):
    """What the outputs to a file share."""

    _file: IO[bytes]

    def finish(self) -> None:
        """The export is complete, and on the disk."""
        super().finish()
        os.fsync(self._file.fileno())
        self._file.close()

    def _write(self, data: bytes) -> None:
        end, rest = self._file.seek(0, os.SEEK_END), memoryview(data)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError:
            self._file.truncate(end)
            raise


class NewFile(_File):
    """A file that gets its name when it is complete.

    Raises:
        OSError: it cannot be written.
        click.UsageError: something has its name that is not a file.
    """

    def __init__(self, path: Path, encode: Encoder, key: str) -> None:
        super().__init__(encode, key)
        self._path = path
        self._target = _regular(path)
        self._part, self._file = _beside(self._target)

    def finish(self) -> None:
        """Give the file its name, and the mode of the file it replaces."""
        super().finish()
        if self._target.exists():
            shutil.copymode(self._target, self._part)
        self._part.replace(self._target)

    def abandon(self) -> str:
        """Keep the rows under another name, and say which."""
        self._file.close()
        if not self.count:
            self._part.unlink()
            return ""
        part = self._path.with_name(self._part.name) if self._target == self._path.absolute() else self._part
        return (
            f"{rows_text(self.count)} are in {part}; to add the others, use --to {part} --append{self._encode.options}"
        )


class ContinuedFile(_File):
    """A file at the end of which rows are added.

    Raises:
        OSError: it cannot be read or written.
        click.UsageError: it is not the result of such an export.
    """

    def __init__(self, path: Path, form: str, fields: Sequence[str], key: str, *, safe_cells: bool) -> None:
        self._path = path
        self._is_new = not _regular(path).exists()
        columns, last, known = ([], None, 0) if self._is_new else _end(path, form, key)
        super().__init__(encoder(form, fields, columns, safe_cells=safe_cells), key)
        self.last: Any = last
        self.known: int = known
        self._file = path.open("ab", buffering=0)

    def abandon(self) -> str:
        """Say how to get the other rows."""
        self._file.close()
        if self.count:
            return f"{rows_text(self.count)} added to {self._path}; repeat the command to add the others"
        if self._is_new:
            self._path.unlink()
        return ""


def _regular(path: Path) -> Path:
    """The file that `path` leads to, also through symbolic links. A device must not be replaced by a file."""
    if path.exists() and not path.is_file():
        raise click.UsageError(f"{path} is not a regular file; use --to - and redirect stdout")
    return path.resolve()


def _beside(target: Path) -> tuple[Path, IO[bytes]]:
    """A new file beside `target`. It has the same ending, so that --append can continue it.

    If it replaces a file, only its owner has access to it until it has the mode of that file.
    """
    mode = 0o600 if target.exists() else 0o666
    for number in count(1):
        part = target.with_name(f"{target.stem}.part{'' if number == 1 else number}{target.suffix}")
        with contextlib.suppress(FileExistsError):
            return part, open(part, "xb", buffering=0, opener=partial(os.open, mode=mode))
    raise AssertionError("count() does not end")


def _end(path: Path, form: str, key: str) -> tuple[list[str], int | None, int]:
    """The columns of a file, the id of its last row, and how many rows with that id end it."""
    if not _ends_with_line_feed(path):
        raise click.UsageError(f"the last line of {path} is not complete; remove it and try again")
    columns: list[str] = []
    last, known = None, 0
    # newline="" and "\n" leave the line breaks inside of values as they are.
    with path.open(encoding="utf-8-sig", newline="" if form == "csv" else "\n") as file:
        try:
            for each in _csv_ids(file, key, columns) if form == "csv" else _json_ids(file, key):
                last, known = each, known + 1 if each == last else 1
        except ValueError as error:
            problem = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
            raise click.UsageError(f"{path} does not have the rows of this export: {problem}") from None
    return columns, last, known


def _ends_with_line_feed(path: Path) -> bool:
    with path.open("rb") as file:
        if not file.seek(0, os.SEEK_END):
            return True
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"


def _csv_ids(file: IO[str], key: str, columns: list[str]) -> Iterator[int]:
    """The ids of the rows; fills in the columns. Raises ValueError: why there is none."""
    records = csv_records(file)
    for _, header in islice(records, 1):
        if key not in header:
            raise ValueError(f"the header has no column {key} (columns are separated by commas)")
        columns.extend(header)
    for number, (_, cells) in enumerate(records, start=1):
        yield _id(dict(zip(columns, cells)), key, number)


def _json_ids(file: IO[str], key: str) -> Iterator[int]:
    """The ids of the rows. Raises ValueError: why there is none."""
    for number, line in enumerate(file, start=1):
        try:
            row = parse_json(line)
        except ValueError as error:
            raise ValueError(f"row {number} is not JSON ({error})") from None
        yield _id(row, key, number)


def _id(row: Any, key: str, number: int) -> int:
    found = whole(str(row.get(key))) if isinstance(row, dict) else None
    if found is None:
        raise ValueError(f"row {number} needs a number as {key}")
    return found
