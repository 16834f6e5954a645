"""Giving the vectors to a codec, and saying what became of each."""

from __future__ import annotations

import re
import reprlib
import xmlrpc.client
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Callable

from .. import codec
from ..errors import ResponseError
from .tables import Case, Fault, Request, answers, requests

__all__ = ["Failure", "Report", "run", "run_encode"]


@dataclass(frozen=True)
class Failure:
    """A case that failed, by name, and what happened instead."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


@dataclass(frozen=True)
class Report:
    """What a codec made of a table.

    Attributes:
        passed: names of the cases that ended as they must.
        failed: the others.
        skipped: names of the cases that need what the runner was not told the codec can do.
    """

    passed: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    skipped: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return not self.failed

    def __str__(self) -> str:
        skipped = f", {len(self.skipped)} skipped" if self.skipped else ""
        total = f"{len(self.passed)} of {len(self.passed) + len(self.failed)} passed{skipped}"
        return "\n".join([total, *map(str, self.failed)])


def run(decode: Callable[..., Any], cases: Iterable[Case] | None = None, *, charset: bool = False) -> Report:
    """Read every document with `decode`.

    Args:
        decode: takes the document's bytes; returns the value, for a call the pair of method and params. It raises
            for what it refuses. RecursionError and MemoryError are no refusals.
        cases: the table, or a part of it; `answers()` by default.
        charset: give `decode` also the keyword `charset`. Otherwise cases that have one are skipped.
    """
    passed, failed, skipped = [], [], []
    for case in answers() if cases is None else cases:
        if case.charset is not None and not charset:
            skipped.append(case.name)
        elif reason := _misread(case, decode, {"charset": case.charset} if charset else {}):
            failed.append(Failure(case.name, reason))
        else:
            passed.append(case.name)
    return Report(tuple(passed), tuple(failed), tuple(skipped))


def run_encode(
    encode: Callable[..., bytes],
    cases: Iterable[Request] | None = None,
    *,
    allow_none: bool = False,
    exact: bool = False,
) -> Report:
    """Write every call with `encode`, and read it back with this package's decoder.

    Args:
        encode: takes the method and a list of params; returns the document. It raises for what it refuses.
        cases: the table, or a part of it; `requests()` by default.
        allow_none: give `encode` also the keyword `allow_none`. Otherwise calls that ask for nil are skipped.
        exact: compare the bytes too. They are one of many ways to write the same.
    """
    passed, failed, skipped = [], [], []
    for case in requests() if cases is None else cases:
        if case.allow_none and not allow_none:
            skipped.append(case.name)
        elif reason := _miswritten(case, encode, {"allow_none": case.allow_none} if allow_none else {}, exact):
            failed.append(Failure(case.name, reason))
        else:
            passed.append(case.name)
    return Report(tuple(passed), tuple(failed), tuple(skipped))


def _misread(case: Case, decode: Callable[..., Any], options: dict[str, Any]) -> str:
    """Why the case fails, or nothing."""
    try:
        value = decode(case.document, **options)
    except (RecursionError, MemoryError) as error:
        return f"died of a {type(error).__name__}"
    except Exception as error:  # noqa: BLE001 - whatever the codec under test refuses with
        value = _raised_fault(error)
        if value is None:
            return "" if case.refusal else f"refused: {_shown_error(error)}"
    if case.refusal:
        return f"read as {_shown(value)}, but it is {case.refusal}"
    if isinstance(case.expected, Fault) and not isinstance(value, Fault):
        return f"read as {_shown(value)}, but it is a fault"
    return "" if _same(case.expected, value) else f"read as {_shown(value)} instead of {_shown(case.expected)}"


def _miswritten(case: Request, encode: Callable[..., bytes], options: dict[str, Any], exact: bool) -> str:
    try:
        document = encode(case.method, case.params, **options)
    except (RecursionError, MemoryError) as error:
        return f"died of a {type(error).__name__}"
    except Exception as error:  # noqa: BLE001 - whatever the codec under test refuses with
        return f"refused: {_shown_error(error)}" if case.document else ""
    if not case.document:
        return f"wrote {_shown(document)}, but {_shown_path(case.path)} cannot be written"
    if exact and document != case.document:
        return f"wrote {_shown(document)} instead of {_shown(case.document)}"
    try:
        read = codec.decode_request(document)
    except ResponseError as error:
        return f"wrote what cannot be read: {_shown_error(error)}"
    expected = (case.method, case.reads_back)
    return "" if _same(expected, read) else f"wrote what reads as {_shown(read)} instead of {_shown(expected)}"


def _raised_fault(error: Exception) -> Fault | None:
    if hasattr(error, "faultCode") and hasattr(error, "faultString"):
        return Fault(error.faultCode, error.faultString)
    return None


def _same(expected: Any, value: Any) -> bool:
    if isinstance(expected, Fault):
        return isinstance(value, Fault) and _same((expected.code, expected.text), (value.code, value.text))
    if isinstance(expected, (list, tuple)):
        return isinstance(value, (list, tuple)) and len(expected) == len(value) and all(map(_same, expected, value))
    if isinstance(expected, dict):
        return (
            isinstance(value, Mapping)
            and expected.keys() == value.keys()
            and all(_same(item, value[name]) for name, item in expected.items())
        )
    return _plain(expected) == _plain(value)


def _plain(value: Any) -> tuple[str, Any]:
    """A scalar's type and content, in a form whose == tells all of them apart."""
    if isinstance(value, datetime):
        return "datetime", value.isoformat()
    if isinstance(value, xmlrpc.client.DateTime):
        return "datetime_text", str(value)
    if isinstance(value, (xmlrpc.client.Binary, bytes, bytearray)):
        return "base64", bytes(value.data if isinstance(value, xmlrpc.client.Binary) else value)
    for kind in (bool, int, str):
        if isinstance(value, kind):
            return kind.__name__, kind(value)
    return type(value).__name__, repr(value)


_repr = reprlib.Repr()
_repr.maxstring = _repr.maxother = 100
_repr.maxlevel = 3


def _shown(value: Any) -> str:
    return re.sub(r" at 0x[0-9a-f]+", "", _repr.repr(value))


def _shown_path(path: str) -> str:
    return path if len(path) <= 100 else f"{path[:50]}...{path[-10:]}"


def _shown_error(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:100]}" if text else type(error).__name__
