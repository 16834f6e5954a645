"""The output and the exit codes of the commands.

Data is written to stdout, everything else to stderr. The text of a server can contain control characters that
manipulate the terminal, so they are escaped.
"""

from __future__ import annotations

import base64
import json
import math
import os
import re
import shutil
import sys
import xmlrpc.client
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Callable

from rich.text import Text

from ..errors import (
    ConfigError,
    DisallowedIPError,
    EncodeError,
    InDoubtError,
    MailkitError,
    NotSentError,
    Outcome,
    UnauthorizedError,
)
from ..result import Result
from .safe_stream import SafeStream, console
from .tables import block, hanging, layout

__all__ = ["Screen", "command_words", "exit_code", "json_text", "json_value", "plain_text", "printable"]

# Scripts rely on these codes; docs/cli.md describes them. PARTLY is for commands that make several calls.
DONE, REFUSED, USAGE, PARTLY, CREDENTIALS, IN_DOUBT, NOT_SENT, INTERRUPTED = 0, 1, 2, 3, 4, 5, 6, 130

_BY_OUTCOME = {
    Outcome.DONE: DONE,
    Outcome.REFUSED: REFUSED,
    Outcome.NOT_SENT: NOT_SENT,
    Outcome.UNKNOWN: IN_DOUBT,
}
IN_DOUBT_ADVICE = "; the call may have been carried out, so check before sending it again"

# C0 without tab, DEL, C1, lone surrogates, and characters that reverse or hide text.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
# Anything that looks like an md5. Somebody can type it in the wrong place, and an error must not repeat it.
_MD5 = re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{32}(?![0-9A-Za-z])")


def printable(text: str) -> str:
    r"""`text` on one line, with control characters escaped, such as ``\x1b``."""
    return _UNPRINTABLE.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


# How errors name things in Python, and how the command line does.
_WORDS = {
    "allow_http=True": "--allow-http",
    "proxy= or HTTPS_PROXY": "HTTPS_PROXY",
    "None needs allow_none=True and a server that knows nil; otherwise leave": "null is not a value of XML-RPC; leave",
    "seconds above 0, or None for no limit": "seconds above 0",
    "must be a bool": "must be true or false",
    "a list of mappings": "an array of objects",
    "must be a mapping": "must be an object",
    "a str or bytes": "text",
    "a str": "text",
    "got NoneType": "got null",
    "got dict": "got an object",
    "got list": "got an array",
    "got str": "got text",
    "got int": "got a number",
    "got float": "got a number",
    "got bool": "got true or false",
}


_PYTHON = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, _WORDS))})(?!\w)")


def command_words(error: MailkitError) -> str:
    """The text of an error in the words of the command line. What a server sent is not changed."""
    text = str(error)
    if isinstance(error, (ConfigError, EncodeError, NotSentError)):
        return _PYTHON.sub(lambda match: _WORDS[match[0]], text)
    return text


def exit_code(result: Result[Any] | MailkitError) -> int:
    """The exit code for the result or the error of a call."""
    if isinstance(result, Result):
        return DONE if result.ok else exit_code(_refusal(result))
    if isinstance(result, (UnauthorizedError, DisallowedIPError)):
        return CREDENTIALS
    if isinstance(result, (ConfigError, EncodeError)):
        return USAGE
    return _BY_OUTCOME[result.outcome]


def _refusal(result: Result[Any]) -> MailkitError:
    try:
        result.unwrap()
    except MailkitError as error:
        return error
    raise AssertionError("unwrap() of a refusal must raise")


def json_value(value: Any) -> Any:
    """Convert a decoded value for JSON: dates, decimals and non-finite floats to text, bytes to base64."""
    if isinstance(value, dict):
        return {name: json_value(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_value(item) for item in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, xmlrpc.client.DateTime):
        return value.value
    if isinstance(value, Decimal) or (isinstance(value, float) and not math.isfinite(value)):
        return str(value)
    return value


def plain_text(value: Any) -> str:
    """A value as text: a str as it is, any other value as JSON."""
    return value if isinstance(value, str) else json.dumps(json_value(value), ensure_ascii=False)


def json_text(value: Any, *, indent: int | None, unicode: bool = True) -> str:
    """A JSON document that is safe on a terminal, in ASCII unless `unicode` is given."""
    text = json.dumps(value, ensure_ascii=not unicode, indent=indent, allow_nan=False)
    return _UNPRINTABLE.sub(_json_escaped, text)


class Screen:
    """The output of one command. Its methods are thread-safe, and do not raise if writing fails.

    Args:
        as_json: print data as JSON instead of text.
        verbose: write details to stderr.
        wide: whether --wide is given, which shows all columns of a table; None for a command without that option.
    """

    def __init__(self, *, as_json: bool = False, verbose: bool = False, wide: bool | None = None) -> None:
        self.as_json = as_json
        self.verbose = verbose
        self._wide = wide
        self._secret = _MD5.fullmatch(os.environ.get("MAILKIT_CLIENT_MD5", ""))
        self._stderr = SafeStream(sys.stderr)
        self._lost = ""
        self._stdout = SafeStream(sys.stdout, lambda why: self.problem(f"cannot write to stdout ({why}){self._lost}"))
        self._out = console(self._stdout)
        self._err = console(self._stderr)
        # Only a terminal has a width. The text in a pipe or a file does not depend on COLUMNS.
        self._width = shutil.get_terminal_size().columns if self._stdout.isatty() else None

    @property
    def can_write(self) -> bool:
        """False after a write to stdout has failed."""
        return self._stdout.can_write

    @property
    def unicode(self) -> bool:
        """Whether stdout takes any character."""
        return self._stdout.encoding.lower().replace("-", "") == "utf8"

    def hide(self, secret: str) -> None:
        """Mask this md5 in all output, also where a server sends it back."""
        self._secret = _MD5.fullmatch(secret)

    def raw(self, data: bytes) -> None:
        """Write trusted bytes and a line feed to stdout."""
        self._stdout.write_bytes(data + b"\n")

    def line(self, text: str) -> None:
        """Write a line of text to stdout."""
        self._stdout.write(self._hidden(printable(text)) + "\n")

    def rows(self, text: str, lost: str = "") -> None:
        """Write records to stdout as they are, safe on a terminal. `lost` ends the error if that fails."""
        self._lost = lost
        if self._stdout.isatty():
            text = _UNPRINTABLE.sub(lambda match: match[0] if match[0] == "\n" else printable(match[0]), text)
        self._stdout.write(self._hidden(text))

    def row(self, ok: bool | None, name: str, text: str) -> None:
        """Write a check and its state to stdout, as text. None stands for a check that was not made."""
        mark = {True: ("ok      ", "bold green"), False: ("FAILED  ", "bold red"), None: ("skipped ", "bold")}[ok]
        self._print(hanging(Text.assemble(mark, f"{name:<14} "), self._cell(text), self._width))

    def json(self, value: Any, *, indent: int | None = 2) -> None:
        """Write a JSON document to stdout, in ASCII if the encoding of stdout is not UTF-8."""
        self._stdout.write(self._hidden(json_text(value, indent=indent, unicode=self.unicode)) + "\n")

    def page(self, text: str) -> None:
        """Write text of several lines to stdout. On a terminal, long lines are wrapped with their indent."""
        for line in text.splitlines():
            words = line.lstrip()
            indent = Text(" " * (len(line) - len(words)))
            self._print(hanging(indent, self._hidden(printable(words)), self._width))

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Write a table to stdout. On a terminal it has the columns that fit, and a remark about the others."""
        cells = [[self._cell(value) for value in row] for row in rows]
        fewest = len(columns) if self._wide is None else 2
        lines, left_out = layout(columns, cells, None if self._wide else self._width, fewest)
        self._print(lines)
        if left_out:
            self.note(f"not shown: {', '.join(left_out)}; add --wide or --json")
        if not cells:
            self.note("no rows")

    def record(self, row: Mapping[str, Any]) -> None:
        """Write a row to stdout, one member per line."""
        self._print(block([*map(self._cell, row)], [*map(self._cell, row.values())], self._width))

    def write_stderr(self, text: str) -> None:
        """Write trusted text to stderr as it is."""
        self._stderr.write(text)

    def after_ctrl_c(self) -> None:
        """Start a new line after the ^C that a terminal shows."""
        if self._stderr.isatty():
            self._stderr.write("\n")

    def note(self, text: str) -> None:
        """Write a remark to stderr."""
        self._err.print(Text(_MD5.sub("***", printable(text)), style="dim"))

    def problem(self, text: str) -> None:
        """Write an error to stderr, on one line."""
        self._err.print(Text.assemble(("error: ", "bold red"), _MD5.sub("***", printable(text))))

    def result(
        self, result: Result[Any], columns: Sequence[str] = (), words: Callable[[Any], str] | None = None
    ) -> int:
        """Print the result of a call: rows as a table with these columns, a message as it is, and another value as
        `words` says it, or as JSON. Returns the exit code."""
        if self.as_json:
            self.json(_as_json(result))
        elif result.ok and columns:
            self.table(columns, [[row.get(name, "") for name in columns] for row in result.value or ()])
        elif result.ok:
            self.done(result.value, (words or plain_text)(result.value) if result.message is None else result.message)
        if not result.ok:
            self.problem(f"{result.method or 'the call'} was refused: {_refusal(result).message}")
        self._details(result)
        return exit_code(result)

    def done(self, value: Any, text: str) -> None:
        """Report success: `value` as JSON, or `text`."""
        if self.as_json:
            self.json(value)
        else:
            self._out.print(Text.assemble((f"{Outcome.DONE} ", "bold green"), self._hidden(printable(text))))

    def failure(self, error: MailkitError) -> int:
        """Print the error that a call ended with. Returns the exit code."""
        if self.as_json:
            self.json(
                {**_NO_RESULT, "outcome": str(error.outcome), "method": error.method, "error": command_words(error)}
            )
        unclear = error.method and error.outcome is Outcome.UNKNOWN and not isinstance(error, InDoubtError)
        self.problem(f"{command_words(error)}{IN_DOUBT_ADVICE if unclear else ''}")
        self._details(error)
        return exit_code(error)

    def _details(self, result: Result[Any] | MailkitError) -> None:
        if not self.verbose:
            return
        self.note(f"outcome {result.outcome}, attempts {result.attempts}")
        if isinstance(result, MailkitError):
            summary = " ".join((type(result).__doc__ or "").partition("\n\n")[0].split())
            self.note(f"{type(result).__name__}: {summary}")
            for name, value in vars(result).items():
                if value not in (None, "", ()) and name not in ("method", "attempts", "outcome"):
                    self.note(f"{name}: {value}")

    def _print(self, lines: Iterable[Text]) -> None:
        self._out.print(Text("\n").join(lines))

    def _hidden(self, text: str) -> str:
        return re.sub(self._secret[0], "***", text, flags=re.IGNORECASE) if self._secret else text

    def _cell(self, value: Any) -> str:
        """The text for a value in a table, as wide as it is on the terminal. A tab has no width of its own."""
        return self._stdout.as_written(self._hidden(printable(plain_text(value))).replace("\t", "\\t"))


# The keys of the JSON output, with the values for a call without a Result.
_NO_RESULT: dict[str, Any] = {
    "ok": False,
    "outcome": None,
    "method": None,
    "message": None,
    "status": None,
    "error": None,
    "error_status": None,
    "value": None,
}


def _as_json(result: Result[Any]) -> dict[str, Any]:
    members = {name: getattr(result, name) for name in _NO_RESULT}
    members.update(outcome=str(result.outcome), method=result.method or None, value=json_value(result.value))
    return members


def _json_escaped(match: re.Match[str]) -> str:
    # json.dumps escapes C0, so a line feed here is indentation. It does not escape DEL, not even with ensure_ascii.
    return {"\n": "\n", "\x7f": "\\u007f"}.get(match[0]) or json.dumps(match[0])[1:-1]
