"""Other codecs as functions for `conformance.run`, and their known failures.

A list of known failures is a text file with one name per line, under the titles of the vectors' groups. The first line
of the list names the peer's version that it was made with.
"""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
import subprocess
import xmlrpc.client
from collections.abc import Iterator
from datetime import datetime
from decimal import InvalidOperation
from pathlib import Path
from typing import Any, Callable
from xml.parsers.expat import ExpatError

import pytest

from mailkit_xmlrpc import conformance

HERE = Path(__file__).parent

PEERS = {"perl": ["perl", str(HERE / "perl.pl")], "ruby": ["ruby", str(HERE / "ruby.rb")]}

# Longer documents take some peers too long.
LARGEST = 100_000


# What the standard library raises for what it does not read or write.
STDLIB_REFUSALS = (ExpatError, xmlrpc.client.ResponseError, ValueError, LookupError, TypeError, ArithmeticError)


class RefusedByPeer(Exception):
    """The peer refused the document."""


def known(name: str) -> tuple[str, set[str]]:
    """The first line of a list, without its comment sign, and the names in the list."""
    lines = (HERE / "known" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return lines[0].lstrip("# "), {line for line in lines if line and not line.startswith("#")}


def stdlib_answer(document: bytes) -> Any:
    """Decode an answer with the standard library."""
    params, _ = xmlrpc.client.loads(document, use_builtin_types=True)
    (value,) = params
    return value


def stdlib_call(document: bytes) -> Any:
    """Decode a call with the standard library."""
    params, method = xmlrpc.client.loads(document, use_builtin_types=True)
    return method, params


def stdlib_encode(method: str, params: list[Any], allow_none: bool) -> bytes:
    """Encode a call with the standard library."""
    return xmlrpc.client.dumps(tuple(params), method, allow_none=allow_none).encode()


@contextlib.contextmanager
def peer(name: str) -> Iterator[tuple[str, Callable[[bytes], Any]]]:
    """The version and the decoder of a peer in another language. Skips the test if the peer is not installed."""
    command = PEERS[name]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
    )
    with process:
        assert process.stdin
        assert process.stdout
        version = process.stdout.readline().strip()
        if not version:
            pytest.skip(f"{command[0]} has no XML-RPC library")

        def decode(document: bytes) -> Any:
            process.stdin.write(base64.b64encode(document).decode() + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
            if not line:
                pytest.fail(f"{command[0]} ended at {document[:200]!r}")
            return _result(json.loads(line))

        yield version, decode
        process.stdin.close()


def _result(ended: dict[str, Any]) -> Any:
    if "refused" in ended:
        raise RefusedByPeer(ended["refused"])
    if "fault" in ended:
        code, text = ended["fault"]
        return conformance.ExpectedFault(_value(code), text)
    return _value(ended["value"])


def _value(typed: dict[str, Any]) -> Any:
    """The value of the notation. The text of a date becomes a datetime, because some libraries return only the text."""
    ((kind, content),) = typed.items()
    if kind == "array":
        return [_value(item) for item in content]
    if kind == "struct":
        return {name: _value(item) for name, item in content.items()}
    try:
        if kind == "datetime_text" and len(content) == 17:
            return datetime.strptime(content, "%Y%m%dT%H:%M:%S")
        return conformance.from_notation(typed)
    except (ValueError, InvalidOperation):
        return "no such value", typed  # the peer accepted a text that is not a value
