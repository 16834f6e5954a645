"""What the commands print, and what they exit with.

Data go to stdout, everything else to stderr. A server's text may hold control characters that would take a
terminal over, so none reaches it unescaped.
"""

from __future__ import annotations

import base64
import json
import math
import os
import re
import sys
import xmlrpc.client
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import IO, Any, cast

from rich.console import Console
from rich.text import Text

from ..errors import (
    ConfigError,
    DisallowedIPError,
    EncodeError,
    InDoubtError,
    MailkitError,
    Outcome,
    UnauthorizedError,
)
from ..result import Result
from .outlet import Outlet

__all__ = ["Screen", "exit_code", "jsonable", "printable"]

# The contract with scripts; docs/cli.md shows it. 3 (partly done) is for commands that make many calls.
DONE, REFUSED, USAGE, PARTLY, CREDENTIALS, IN_DOUBT, NOT_SENT, INTERRUPTED = 0, 1, 2, 3, 4, 5, 6, 130

_BY_OUTCOME = {
    Outcome.DONE: DONE,
    Outcome.REFUSED: REFUSED,
    Outcome.NOT_SENT: NOT_SENT,
    Outcome.UNKNOWN: IN_DOUBT,
}
IN_DOUBT_ADVICE = "; the call may have been carried out, so check before sending it again"

# C0 but tab, DEL, C1, lone surrogates, and what reverses or hides text.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
# What an md5 looks like: one that was typed where it does not belong is not repeated.
_MD5 = re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{32}(?![0-9A-Za-z])")


def printable(text: str) -> str:
    r"""`text` in one line, with every control character shown as ``\x1b`` is."""
    return _UNPRINTABLE.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def exit_code(ended: Result[Any] | MailkitError) -> int:
    """The exit code for a call that ended in this."""
    if isinstance(ended, Result):
        return DONE if ended.ok else exit_code(_refusal(ended))
    if isinstance(ended, (UnauthorizedError, DisallowedIPError)):
        return CREDENTIALS
    if isinstance(ended, (ConfigError, EncodeError)):
        return USAGE
    return _BY_OUTCOME[ended.outcome]


def _refusal(result: Result[Any]) -> MailkitError:
    try:
        result.unwrap()
    except MailkitError as error:
        return error
    raise AssertionError("a refusal unwraps to an error")


def jsonable(value: Any) -> Any:
    """A decoded value in JSON's terms: moments and decimals as text, bytes as base64."""
    if isinstance(value, dict):
        return {name: jsonable(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [jsonable(item) for item in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, xmlrpc.client.DateTime):
        return value.value
    if isinstance(value, Decimal) or (isinstance(value, float) and not math.isfinite(value)):
        return str(value)
    return value


class Screen:
    """Where one command prints; its methods may be called from many threads, and raise nothing.

    Args:
        as_json: print data as JSON rather than for people.
        verbose: say more on stderr.
    """

    def __init__(self, *, as_json: bool = False, verbose: bool = False) -> None:
        self.as_json = as_json
        self.verbose = verbose
        self._secret = _MD5.fullmatch(os.environ.get("MAILKIT_CLIENT_MD5", ""))
        self._stderr = Outlet(sys.stderr)
        self._stdout = Outlet(sys.stdout, lambda reason: self.problem(f"cannot write to stdout ({reason})"))
        self._out = _console(self._stdout)
        self._err = _console(self._stderr)

    @property
    def heard(self) -> bool:
        """False once stdout takes no more."""
        return self._stdout.heard

    def hide(self, secret: str) -> None:
        """Never print this md5, not even where a server sends it back."""
        self._secret = _MD5.fullmatch(secret)

    def raw(self, data: bytes) -> None:
        """Bytes of our own making for stdout, and a line feed."""
        self._stdout.write_bytes(data + b"\n")

    def line(self, text: str) -> None:
        """A line of data that is out at once, for whoever follows along."""
        self._stdout.write(self._hidden(printable(text)) + "\n")

    def row(self, ok: bool, name: str, text: str) -> None:
        """A line of a report, for people."""
        mark = ("ok      ", "bold green") if ok else ("FAILED  ", "bold red")
        self._out.print(Text.assemble(mark, self._hidden(printable(f"{name:<14} {text}"))))

    def json(self, value: Any, *, indent: int | None = 2) -> None:
        """Data for programs: one JSON document, in ASCII where stdout is no UTF-8."""
        unicode = self._stdout.encoding.lower().replace("-", "") == "utf8"
        text = json.dumps(value, ensure_ascii=not unicode, indent=indent, allow_nan=False)
        self._stdout.write(self._hidden(_UNPRINTABLE.sub(_json_escaped, text)) + "\n")

    def page(self, text: str) -> None:
        """Text of several lines for people."""
        self._stdout.write("".join(f"{self._hidden(printable(line))}\n" for line in text.splitlines()))

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Rows for people, each in a line."""
        cells = [[Text(self._hidden(printable(_cell(value)))) for value in row] for row in rows]
        lines = [[Text(name, style="bold") for name in columns], *cells]
        widths = [max(text.cell_len for text in column) for column in zip(*lines)]
        for line in lines:
            for text, width in zip(line[:-1], widths):
                text.append(" " * (width + 2 - text.cell_len))
            self._out.print(Text.assemble(*line))

    def say(self, text: str) -> None:
        """Text of our own making for stderr, as it is."""
        self._stderr.write(text)

    def after_ctrl_c(self) -> None:
        """Begin a new line on a terminal, which has shown ^C."""
        if self._stderr.isatty():
            self._stderr.write("\n")

    def note(self, text: str) -> None:
        """A remark."""
        self._err.print(Text(_MD5.sub("***", printable(text)), style="dim"))

    def problem(self, text: str) -> None:
        """An error, in one line."""
        self._err.print(Text.assemble(("error: ", "bold red"), _MD5.sub("***", printable(text))))

    def result(self, result: Result[Any], columns: Sequence[str] = ()) -> int:
        """Print what a call came to, rows as a table of these columns; returns the exit code."""
        if self.as_json:
            self.json(_as_json(result))
        elif result.ok and columns and result.value:
            self.table(columns, [[row.get(name, "") for name in columns] for row in result.value])
        elif result.ok:
            answer = self._hidden(printable(_answer(result)))
            self._out.print(Text.assemble((f"{result.outcome} ", "bold green"), answer))
        if not result.ok:
            self.problem(f"{result.method or 'the call'} was refused: {_refusal(result).message}")
        self._details(result)
        return exit_code(result)

    def done(self, value: Any, text: str) -> None:
        """Say that something was done: `value` for programs, `text` for people."""
        if self.as_json:
            self.json(value)
        else:
            self._out.print(Text.assemble((f"{Outcome.DONE} ", "bold green"), self._hidden(printable(text))))

    def failure(self, error: MailkitError) -> int:
        """Print a call that ended in an error; returns the exit code."""
        if self.as_json:
            self.json({**_NO_RESULT, "outcome": str(error.outcome), "method": error.method, "error": str(error)})
        unclear = error.method and error.outcome is Outcome.UNKNOWN and not isinstance(error, InDoubtError)
        self.problem(f"{error}{IN_DOUBT_ADVICE if unclear else ''}")
        self._details(error)
        return exit_code(error)

    def _details(self, ended: Result[Any] | MailkitError) -> None:
        if not self.verbose:
            return
        self.note(f"outcome {ended.outcome}, attempts {ended.attempts}")
        if isinstance(ended, MailkitError):
            summary = " ".join((type(ended).__doc__ or "").partition("\n\n")[0].split())
            self.note(f"{type(ended).__name__}: {summary}")
            for name, value in vars(ended).items():
                if value not in (None, "", ()) and name not in ("method", "attempts", "outcome"):
                    self.note(f"{name}: {value}")

    def _hidden(self, text: str) -> str:
        return re.sub(self._secret[0], "***", text, flags=re.IGNORECASE) if self._secret else text


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(jsonable(value), ensure_ascii=False)


def _console(outlet: Outlet) -> Console:
    # rich honours NO_COLOR and leaves colour out where the stream is no terminal.
    return Console(file=cast("IO[str]", outlet), highlight=False, soft_wrap=True)


# What a Result has, for a call that came to none.
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
    named = {name: getattr(result, name) for name in _NO_RESULT}
    named.update(outcome=str(result.outcome), method=result.method or None, value=jsonable(result.value))
    return named


def _answer(result: Result[Any]) -> str:
    return json.dumps(jsonable(result.value), ensure_ascii=False) if result.message is None else result.message


def _json_escaped(match: re.Match[str]) -> str:
    # json.dumps has seen to C0, so a line feed is its own; DEL it leaves as it is, even in ASCII.
    return {"\n": "\n", "\x7f": "\\u007f"}.get(match[0]) or json.dumps(match[0])[1:-1]
