"""``python -m mailkit_xmlrpc.conformance module:function`` tests a codec from a shell."""

from __future__ import annotations

import argparse
import importlib
import sys
import traceback
from typing import Any

from ..errors import ConfigError
from .runner import Report, run, run_encode
from .tables import answers, calls

__all__ = ["main"]

PASSED, FAILED, USAGE = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Run a decoder or an encoder and print the report. Returns 0 if all cases passed, 1 if not.

    Raises:
        SystemExit: 2, after a message, for arguments that cannot be used.
    """
    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        refusals = tuple(_imported(name) for name in given.refusals)
        report = _report(given, _imported(given.codec), refusals)
    except ConfigError as error:
        parser.error(str(error))
    print(report)  # noqa: T201
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
    if not (module and colon and path):
        raise ConfigError(f"{name!r} must be MODULE:NAME, such as my_codec:decode")
    try:
        found: Any = importlib.import_module(module)
    except Exception as error:  # noqa: BLE001 - foreign code raises anything when it is imported
        if not isinstance(error, ModuleNotFoundError):
            traceback.print_exc()
        raise ConfigError(f"cannot import {module} ({type(error).__name__}: {error})") from None
    for each in path.split("."):
        if not hasattr(found, each):
            raise ConfigError(f"{module} has no {path}")
        found = getattr(found, each)
    return found


if __name__ == "__main__":
    sys.exit(main())
