"""``python -m mailkit_xmlrpc.conformance module:function`` tests a codec from a shell."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import sys
import traceback
from typing import Any

from ..errors import ConfigError
from .report import Report
from .runner import run, run_encode
from .tables import answers, calls

__all__ = ["main"]

PASSED, FAILED = 0, 1
_MISSING = object()


def main(arguments: list[str] | None = None) -> int:
    """Run a decoder or an encoder and print the report. Returns 0 if all cases passed, 1 if not.

    Raises:
        SystemExit: 2, after a message, for arguments that cannot be used.
    """
    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        # The report alone is on stdout, so what the codec prints goes to stderr.
        with contextlib.redirect_stdout(sys.stderr):
            refusals = tuple(_imported(name) for name in given.refusals)
            report = _report(given, _imported(given.codec), refusals)
    except ConfigError as error:
        parser.error(str(error))
    text = "\n".join([report.summary, *map(str, report.failed)]) if given.all else str(report)
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"  # sys.stdout is None if stdout was closed at the start
    print(text.encode(encoding, "backslashreplace").decode(encoding))  # noqa: T201
    return PASSED if report.ok else FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mailkit_xmlrpc.conformance", description="Test an XML-RPC codec with the wire vectors."
    )
    parser.add_argument("codec", metavar="MODULE:FUNCTION", help="the decoder, or the encoder with --encode")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--calls", action="store_true", help="decode calls, not answers; it returns method and params")
    kind.add_argument("--encode", action="store_true", help="it is an encoder; it takes method and params")
    parser.add_argument(
        "--refusals",
        metavar="MODULE:CLASS",
        action="append",
        default=[],
        help="an exception with which it refuses a case, such as builtins:ValueError; may be repeated",
    )
    parser.add_argument("--charset", action="store_true", help="also pass charset= to the decoder")
    parser.add_argument("--allow-none", action="store_true", help="also pass allow_none= to the encoder")
    parser.add_argument("--exact", action="store_true", help="compare the bytes of an encoder")
    parser.add_argument("--all", action="store_true", help="list all failed cases, not only the first 20")
    return parser


def _report(given: argparse.Namespace, codec: Any, refusals: tuple[Any, ...]) -> Report:
    if given.encode:
        if given.charset:
            raise ConfigError("--charset is for decoders")
        return run_encode(codec, refusals=refusals, allow_none=given.allow_none, exact=given.exact)
    if given.allow_none or given.exact:
        raise ConfigError("--allow-none and --exact need --encode")
    return run(codec, calls() if given.calls else answers(), refusals=refusals, charset=given.charset)


def _imported(name: str) -> Any:
    """The object that MODULE:NAME names; NAME can have dots. Raises ConfigError."""
    module, colon, path = name.partition(":")
    if not (module and colon and path) or module.startswith("."):
        raise ConfigError(f"{name!r} must be MODULE:NAME, such as my_codec:decode")
    try:
        found: Any = importlib.import_module(module)
        for each in path.split("."):
            found = getattr(found, each, _MISSING)
            if found is _MISSING:
                break
    # Foreign code raises anything when it is imported, and a module that is a script ends with SystemExit.
    except (Exception, SystemExit) as error:  # noqa: BLE001
        if not isinstance(error, ModuleNotFoundError):
            traceback.print_exc()
        raise ConfigError(f"cannot import {name} ({type(error).__name__}: {error})") from None
    if found is _MISSING:
        raise ConfigError(f"{module} has no {path}")
    return found


if __name__ == "__main__":
    sys.exit(main())
