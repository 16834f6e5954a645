"""What the commands print, and what they exit with.

Data go to stdout, everything else to stderr. A server's text may hold control characters that would take a
terminal over, so none reaches it unescaped.
"""

from __future__ import annotations

import base64
import json
import math
import re
import sys
import xmlrpc.client
from datetime import datetime
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..errors import ConfigError, DisallowedIPError, EncodeError, MailkitError, Outcome, UnauthorizedError
from ..result import Result

__all__ = ["Screen", "exit_code", "jsonable", "printable"]

# The contract with scripts; docs/cli.md shows it. 3 (partly done) is for commands that make many calls.
DONE, REFUSED, USAGE, PARTLY, CREDENTIALS, IN_DOUBT, NOT_SENT, INTERRUPTED = 0, 1, 2, 3, 4, 5, 6, 130

_BY_OUTCOME = {
    Outcome.DONE: DONE,
    Outcome.REFUSED: REFUSED,
    Outcome.NOT_SENT: NOT_SENT,
    Outcome.UNKNOWN: IN_DOUBT,
}

# C0 but tab and line feed, DEL, C1, lone surrogates, and what reverses or hides text.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    r"""`text` with every control character shown as ``\x1b`` is."""
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
    """Where one command prints.

    Args:
        as_json: print data as JSON rather than for people.
        verbose: say more on stderr.
    """

    def __init__(self, *, as_json: bool = False, verbose: bool = False) -> None:
        self.as_json = as_json
        self.verbose = verbose
        # rich honours NO_COLOR and leaves colour out where the stream is no terminal.
        self._out = Console(file=sys.stdout, highlight=False, soft_wrap=True)
        self._err = Console(file=sys.stderr, highlight=False, soft_wrap=True)

    def data(self, text: str) -> None:
        """A line of data for people."""
        self._out.print(Text(printable(text)))

    def line(self, text: str) -> None:
        """A line of data that is out at once, for whoever follows along."""
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    def table(self, table: Table) -> None:
        """Data for people, in columns."""
        self._out.print(table)

    def json(self, value: Any) -> None:
        """Data for programs: one JSON document, in ASCII-safe form where stdout is no UTF-8."""
        text = json.dumps(value, ensure_ascii=not _takes_unicode(), indent=2, allow_nan=False)
        sys.stdout.write(_UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n")

    def note(self, text: str) -> None:
        """A remark."""
        self._err.print(Text(printable(text), style="dim"))

    def problem(self, text: str) -> None:
        """An error, in one line."""
        line = " ".join(printable(text).split())
        self._err.print(Text.assemble(("error: ", "bold red"), line))

    def result(self, result: Result[Any]) -> int:
        """Print what a call came to; returns the exit code."""
        if self.as_json:
            self.json(_as_json(result))
        elif result.ok:
            answer = (
                result.message if result.message is not None else json.dumps(jsonable(result.value), ensure_ascii=False)
            )
            self._out.print(Text.assemble((f"{result.outcome} ", "bold green"), printable(answer)))
        if not result.ok:
            error = _refusal(result)
            self.problem(f"{result.method} was refused: {error.message}")
        self._details(result)
        return exit_code(result)

    def failure(self, error: MailkitError) -> int:
        """Print a call that ended in an error; returns the exit code."""
        if self.as_json:
            self.json(
                {
                    "ok": False,
                    "outcome": str(error.outcome),
                    "method": error.method,
                    "message": None,
                    "status": None,
                    "error": str(error),
                    "error_status": None,
                    "value": None,
                }
            )
        self.problem(str(error))
        self._details(error)
        return exit_code(error)

    def _details(self, ended: Result[Any] | MailkitError) -> None:
        if not self.verbose:
            return
        self.note(f"outcome {ended.outcome}, attempts {ended.attempts}")
        if isinstance(ended, MailkitError):
            self.note(f"{type(ended).__name__}: {type(ended).__doc__}")
            for name, value in vars(ended).items():
                if value not in (None, "", ()) and name not in ("method", "attempts", "outcome"):
                    self.note(f"{name}: {value}")


def _as_json(result: Result[Any]) -> dict[str, Any]:
    return {
        "ok": result.ok,
        "outcome": str(result.outcome),
        "method": result.method,
        "message": result.message,
        "status": result.status,
        "error": result.error,
        "error_status": result.error_status,
        "value": jsonable(result.value),
    }


def _takes_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
