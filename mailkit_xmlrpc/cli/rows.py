"""Exports: the rows of paged methods, with one page in memory at a time."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import IO, Any, Callable, Protocol, cast

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from ..answers import Rows
from ..api.catalogue import CATALOGUE
from ..errors import MailkitError
from .inputs import FORMATS
from .output import DONE, INTERRUPTED, PARTLY, USAGE, Screen, command_words, exit_code
from .rows_file import ContinuedFile, NewFile, Output, Stdout, StdoutClosedError, rows_text
from .rows_format import encoder
from .safe_stream import SafeStream

__all__ = ["Export", "export_options", "progress"]

_OPTIONS = (
    click.option(
        "--to",
        type=click.Path(path_type=Path, allow_dash=True, dir_okay=False),
        default="-",
        metavar="FILE",
        help="File for the rows; default: - for stdout.",
    ),
    click.option(
        "--format",
        "form",
        type=click.Choice(["csv", "jsonl"]),
        metavar="csv|jsonl",
        help="Format of the rows; default: by the ending of FILE, and JSON Lines on stdout.",
    ),
    click.option(
        "--safe-cells",
        is_flag=True,
        help="Put an apostrophe before text in CSV that a spreadsheet takes for a formula.",
    ),
    click.option("--append", is_flag=True, help="Add the rows that follow the last row of FILE to it."),
    click.option("--start", type=int, metavar="ID", help="Start with the row that has this id."),
    click.option("--limit", type=click.IntRange(min=2), metavar="ROWS", help="Rows per page."),
    click.option(
        "--pause", type=click.FloatRange(min=0), default=0.0, metavar="SECONDS", help="Time between two pages."
    ),
)


def export_options(command: Any) -> Any:
    """Add the options that `Export` holds."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


class Fetch(Protocol):
    """The method that gives the rows."""

    def __call__(self, *, start: int | None, limit: int | None, pause: float) -> Iterator[Mapping[str, Any]]: ...


@dataclass(frozen=True)
class Export:
    """The values of the options of an export."""

    to: Path
    form: str | None
    safe_cells: bool
    append: bool
    start: int | None
    limit: int | None
    pause: float

    @classmethod
    def take(cls, options: dict[str, Any]) -> Export:
        """Take the values out of the options of a command.

        Raises:
            click.UsageError: for values that cannot be combined.
        """
        export = cls(**{field.name: options.pop(field.name) for field in fields(cls)})
        if not export._to_stdout and not (export.form or export.to.suffix.lower() in FORMATS):
            raise click.UsageError(f"the name of {export.to} must end in .csv or .jsonl; or give --format")
        if export.append and export._to_stdout:
            raise click.UsageError("--append needs --to FILE")
        if export.safe_cells and export._form != "csv":
            raise click.UsageError("--safe-cells is for CSV, and the rows are JSON; add --format csv")
        return export

    def save(self, screen: Screen, method: str, key: str, fetch: Fetch) -> int:
        """Write rows as they arrive, and return the exit code.

        Args:
            screen: the output of the command, also for progress and errors.
            method: the method that the rows come from.
            key: the member with the id of a row.
            fetch: gives the rows.
        """
        try:
            output = self._output(screen, method, key)
        except OSError as error:
            raise click.UsageError(f"cannot write to {self.to} ({error.strerror})") from error
        code, problem = DONE, ""
        try:
            self._write(output, fetch)
        except StdoutClosedError:
            return PARTLY if output.count else USAGE
        except click.UsageError as error:
            code, problem = error.exit_code, error.format_message()
        except MailkitError as error:
            code, problem = exit_code(error), command_words(error)
        except OSError as error:
            code, problem = USAGE, f"cannot write to {self.to} ({error.strerror})"
        except KeyboardInterrupt:
            screen.after_ctrl_c()
            code, problem = INTERRUPTED, "interrupted"
        if problem:
            screen.problem("; ".join(filter(None, (problem, output.abandon()))))
        else:
            self._report(screen, output.count)
        return PARTLY if output.count and code not in (DONE, INTERRUPTED) else code

    def _write(self, output: Output, fetch: Fetch) -> None:
        start = output.last if self.start is None else self.start
        rows = fetch(start=start, limit=self.limit, pause=self.pause)
        with progress(to_stdout=self._to_stdout) as show:
            for row in output.unknown(rows):
                output.write(row)
                show(output.count)
        output.finish()

    def _report(self, screen: Screen, count: int) -> None:
        if not count:
            screen.note("no rows")
        if not self._to_stdout:
            where = f"added to {self.to}" if self.append else f"in {self.to}"
            screen.done({"rows": count, "file": str(self.to)}, f"{rows_text(count)} {where}")

    @property
    def _to_stdout(self) -> bool:
        return str(self.to) == "-"

    @property
    def _form(self) -> str:
        return self.form or FORMATS.get(self.to.suffix.lower(), "jsonl")

    def _output(self, screen: Screen, method: str, key: str) -> Output:
        answer = CATALOGUE[method].answer
        fields = list(answer.row.__annotations__) if isinstance(answer, Rows) else []
        if self.append:
            return ContinuedFile(self.to, self._form, fields, key, safe_cells=self.safe_cells)
        encode = partial(encoder, self._form, fields, safe_cells=self.safe_cells)
        if not self._to_stdout:
            return NewFile(self.to, encode(), key)
        if sys.stdout is None:
            raise click.UsageError("cannot write to -, because stdout is closed; use --to FILE")
        return Stdout(screen, encode(unicode=screen.unicode, line_end="\n"), key)


@contextmanager
def progress(what: str = "rows", *, to_stdout: bool = False) -> Iterator[Callable[[int], None]]:
    """Show how many rows there are, if stderr is a terminal and no rows can appear on it."""
    with ExitStack() as stack:
        if sys.stderr is None or not sys.stderr.isatty() or (to_stdout and not _is_file(sys.stdout)):
            yield lambda count: None
            return
        bar = Progress(
            SpinnerColumn("line"),  # in ASCII, which every encoding has
            TextColumn("{task.completed:,} " + what),
            TimeElapsedColumn(),
            # Without a size, rich takes COLUMNS and LINES as they are, and fails for those that are not numbers.
            console=Console(file=cast("IO[str]", SafeStream(sys.stderr)), width=60, height=25),
            transient=True,
        )
        stack.enter_context(bar)
        task = bar.add_task(what)
        yield lambda count: bar.update(task, completed=count)


def _is_file(stream: Any) -> bool:
    """Whether a stream is redirected to a file. A pipe can lead to a command that writes to the terminal."""
    return stream is not None and stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
