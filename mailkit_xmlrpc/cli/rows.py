"""Writing the rows of paged methods to a file, with one page in memory at a time."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, Callable

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from ..errors import MailkitError, ResponseError
from .output import DONE, INTERRUPTED, PARTLY, USAGE, Screen, exit_code, json_value

__all__ = ["page_options", "save", "to_option"]

_JSON_LINES = (".jsonl", ".ndjson")
# The progress is updated after this many rows.
_STEP = 500

Write = Callable[[Mapping[str, Any]], None]


def to_option(command: Any) -> Any:
    """Add --to."""
    return click.option(
        "--to",
        type=click.Path(path_type=Path, allow_dash=True),
        default="-",
        metavar="FILE",
        callback=_check_suffix,
        help="File for the rows, which ends in .csv or .jsonl; default: - for JSON Lines on stdout.",
    )(command)


def page_options(command: Any) -> Any:
    """Add --start, --limit and --pause."""
    options = (
        click.option("--start", type=int, metavar="ID", help="Start with the row that has this id."),
        click.option("--limit", type=click.IntRange(min=2), metavar="ROWS", help="Rows per page."),
        click.option(
            "--pause",
            type=click.FloatRange(min=0),
            default=0.0,
            metavar="SECONDS",
            help="Time between two pages.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _check_suffix(context: click.Context, parameter: click.Parameter, path: Path) -> Path:
    if str(path) != "-" and path.suffix.lower() not in (".csv", *_JSON_LINES):
        raise click.BadParameter("the file's name must end in .csv or .jsonl")
    return path


def save(screen: Screen, rows: Iterator[Any], key: str, to: Path) -> int:
    """Write rows as they arrive, and return the exit code.

    Args:
        screen: the output of the command, also for progress and errors.
        rows: the rows, each a struct.
        key: the member with the id of a row, which is used to continue after a failure.
        to: the file; - for stdout.
    """
    count, last = 0, None
    try:
        with _writer(screen, to) as write, _progress(screen) as show:
            for row in rows:
                write(row)
                count, last = count + 1, row.get(key)
                if count % _STEP == 0:
                    show(count)
    except MailkitError as error:
        code, problem = exit_code(error), str(error)
    except OSError as error:
        code, problem = USAGE, f"cannot write to {to} ({error.strerror})"
    except KeyboardInterrupt:
        screen.after_ctrl_c()
        code, problem = INTERRUPTED, "interrupted"
    else:
        if str(to) != "-":
            screen.done({"rows": count, "file": str(to)}, f"{_rows(count)} in {to}")
        return DONE
    if count:
        problem += f"; {_rows(count)} written, continue with --start {last}, the last row written"
    screen.problem(problem)
    return PARTLY if count and code != INTERRUPTED else code


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


@contextmanager
def _writer(screen: Screen, to: Path) -> Iterator[Write]:
    if str(to) == "-":
        yield lambda row: screen.json(json_value(row), indent=None)
        return
    try:
        file = to.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise click.UsageError(f"cannot write to {to} ({error.strerror})") from error
    with file:
        yield _csv(file) if to.suffix.lower() == ".csv" else _json_lines(file)


def _json_lines(file: IO[str]) -> Write:
    return lambda row: print(json.dumps(json_value(row), ensure_ascii=False), file=file)


def _csv(file: IO[str]) -> Write:
    """Write CSV. The columns are the members of the first row."""
    writer = csv.writer(file)
    columns: list[str] = []

    def write(row: Mapping[str, Any]) -> None:
        if not columns:
            columns.extend(row)
            writer.writerow(columns)
        if more := sorted(row.keys() - columns):
            raise ResponseError(
                f"a row has {', '.join(more)}, which the first row does not have; save to .jsonl instead"
            )
        writer.writerow([_cell(row.get(name)) for name in columns])

    return write


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(json_value(value), ensure_ascii=False)


@contextmanager
def _progress(screen: Screen) -> Iterator[Callable[[int], None]]:
    """Show the number of rows on a terminal."""
    with ExitStack() as stack:
        if not (sys.stderr is not None and sys.stderr.isatty()):
            yield lambda count: None
            return
        bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.completed:,} rows"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        stack.enter_context(bar)
        task = bar.add_task("rows")
        yield lambda count: bar.update(task, completed=count)
