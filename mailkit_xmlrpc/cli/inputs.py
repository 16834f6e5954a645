"""The input of commands: files, JSON, NAME=VALUE pairs. Invalid input is a usage error before anything is sent."""

from __future__ import annotations

import json
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, Callable, TypeVar

import click

from ..codec import Limits

__all__ = [
    "FORMATS",
    "json_object",
    "moment",
    "pairs",
    "parameters",
    "parse_json",
    "read_input",
    "read_json",
    "success_option",
    "whole",
]

FORMATS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
"""The format of a file with rows, by the ending of its name."""

# Python refuses to convert more digits (sys.get_int_max_str_digits), and XML-RPC cannot carry such a number.
_DIGITS = 4_300
_TEXT = r'"[^"\\]*(?:\\.[^"\\]*)*"?'
_LEVEL = re.compile(rf"{_TEXT}|[][{{}}]", re.DOTALL)
_SCALAR = re.compile(rf'{_TEXT}|[^][{{}},:"\s]+', re.DOTALL)

_Command = TypeVar("_Command", bound=Callable[..., Any])


def success_option(command: _Command) -> _Command:
    """The option --success of a command that calls any method."""
    meaning = "Treat this bare string as a success; may be repeated."
    return click.option("--success", multiple=True, metavar="TEXT", help=meaning)(command)


def moment(form: str, shown: str) -> Callable[[str], datetime]:
    """The type of an option for a day or a time: `form` is for `datetime.strptime`, `shown` for the user."""

    def convert(text: str) -> datetime:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            raise click.BadParameter(f"{text!r} is not a date like {shown}") from None

    return convert


def read_input(path: Path) -> bytes:
    """Read a file, or stdin for "-". Raises click.UsageError."""
    try:
        if str(path) != "-":
            return path.read_bytes()
        if sys.stdin is None:
            raise click.UsageError("cannot read from -, because stdin is closed")
        return sys.stdin.buffer.read()
    except OSError as error:
        raise click.UsageError(f"cannot read {path} ({error.strerror})") from error


def json_object(path: Path, what: str) -> dict[str, Any]:
    """Read a file with a JSON object. Raises click.UsageError."""
    try:
        text = read_input(path).decode("utf-8-sig")  # independent of the locale: RFC 8259 requires UTF-8
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{what} is not UTF-8 text ({error.reason} at byte {error.start})") from error
    value = read_json(text, what)
    if not isinstance(value, dict):
        raise click.UsageError(f"{what} must be a JSON object")
    return value


def parameters(texts: tuple[str, ...]) -> list[Any]:
    """Decode arguments given as JSON. Raises click.UsageError."""
    hint = "; text needs double quotes inside the shell's quotes: '\"text\"'"
    return [read_json(text, f"parameter {index}", hint) for index, text in enumerate(texts, start=1)]


def pairs(texts: tuple[str, ...], what: str) -> dict[str, Any]:
    """Parse NAME=VALUE arguments. `what` names them in errors. Raises click.UsageError."""
    members: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise click.UsageError(f"{what} must be given as NAME=VALUE, got {text!r}")
        if name in members:
            raise click.UsageError(f"{name!r} is given twice")
        members[name] = value
    return members


def whole(text: str) -> int | None:
    """The number that up to 19 ASCII digits without leading zeros stand for; None for another text."""
    return int(text) if re.fullmatch("0|[1-9][0-9]{0,18}", text) else None


def read_json(text: str, what: str, hint: str = "") -> Any:
    """Decode JSON. `what` names it in errors; `hint` is added where it is not JSON at all. Raises click.UsageError."""
    try:
        return parse_json(text)
    except json.JSONDecodeError as error:
        raise click.UsageError(f"{what} is not JSON ({error}){hint}") from error
    except ValueError as error:
        raise click.UsageError(f"{what} is not JSON ({error})") from error


def parse_json(text: str) -> Any:
    """Decode JSON. Raises ValueError: json.JSONDecodeError for a text that is not JSON, and another one for a name that
    is given twice, NaN, Infinity, thousands of digits, or deep nesting."""
    try:
        value = json.loads(
            text,
            object_pairs_hook=_struct,
            parse_constant=lambda constant: _refuse(text, constant, f"{constant} is not a number"),
            parse_int=lambda digits: _integer(text, digits),
        )
    except RecursionError:
        _check_depth(text)
        raise
    _check_depth(text)
    return value


def _check_depth(text: str) -> None:
    """Raise ValueError for a JSON document that is nested more deeply than a value of XML-RPC may be."""
    level = 0
    if text.count("[") + text.count("{") <= Limits.depth:
        return
    for token in _LEVEL.finditer(text):
        if token[0] in "[{":
            level += 1
        elif token[0] in "]}":
            level -= 1
        if level > Limits.depth:
            problem = f"it is nested too deeply, more than {Limits.depth} levels"
            raise _placed(text, token.start(), problem)


def _placed(text: str, place: int, problem: str) -> ValueError:
    """An error that says where, as those of json do. json.JSONDecodeError itself would mean that it is not JSON."""
    return ValueError(str(json.JSONDecodeError(problem, text, place)))


def _struct(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build the dict for a JSON object. Duplicate names are an error, because RFC 8259 leaves their meaning open."""
    struct = dict(members)
    if len(struct) < len(members):
        names = [name for name, _ in members]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} is given twice")
    return struct


def _refuse(text: str, scalar: str, problem: str) -> Any:
    raise _placed(text, next(token.start() for token in _SCALAR.finditer(text) if token[0] == scalar), problem)


def _integer(text: str, digits: str) -> int:
    count = len(digits.lstrip("-"))
    if count > _DIGITS:
        _refuse(text, digits, f"a number has {count:,} digits")
    return int(digits)
