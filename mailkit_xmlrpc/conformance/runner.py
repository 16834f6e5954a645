"""Runs a decoder or an encoder on the vectors and reports which cases fail, and why."""

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
from .tables import Case, ExpectedFault, Request, answers, requests

__all__ = ["Failure", "Report", "run", "run_encode"]


@dataclass(frozen=True)
class Failure:
    """The name of a failed case, and what happened instead of the expected."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


@dataclass(frozen=True)
class Report:
    """The results of a codec for a table.

    Attributes:
        passed: the names of the cases with the expected result.
        failed: the cases with another result.
        skipped: the names of the cases that need `charset` or `allow_none`, if the runner was not given it.
    """

    passed: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    skipped: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether no case failed."""
        return not self.failed

    def __str__(self) -> str:
        skipped = f", {len(self.skipped)} skipped" if self.skipped else ""
        total = f"{len(self.passed)} of {len(self.passed) + len(self.failed)} passed{skipped}"
        return "\n".join([total, *map(str, self.failed)])


def run(decode: Callable[..., Any], cases: Iterable[Case] | None = None, *, charset: bool = False) -> Report:
    """Decode every document with `decode`.

    Args:
        decode: takes the bytes of a document and returns the value, for a call the pair of method and params. It
            raises an exception to refuse a document; RecursionError and MemoryError do not count as a refusal.
        cases: the table or a part of it; `answers()` by default.
        charset: also pass the keyword `charset` to `decode`. Otherwise cases that have a charset are skipped.
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
    """Encode every call with `encode`, and decode the document with this package's decoder.

    Args:
        encode: takes the method and a list of params and returns the document. It raises an exception to refuse them.
        cases: the table or a part of it; `requests()` by default.
        allow_none: also pass the keyword `allow_none` to `encode`. Otherwise calls that allow nil are skipped.
        exact: also compare the bytes, which are one of many ways to write the same call.
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
    """The reason why the case fails, or ""."""
    try:
        value = decode(case.document, **options)
    except (RecursionError, MemoryError) as error:
        return f"raised {type(error).__name__}, which is not a refusal"
    except Exception as error:  # noqa: BLE001 - the codec under test may raise anything
        value = _raised_fault(error)
        if value is None:
            return "" if case.refusal else f"refused: {_shown_error(error)}"
    if case.refusal:
        return f"read as {_shown(value)}, but it is {case.refusal}"
    if isinstance(case.expected, ExpectedFault) and not isinstance(value, ExpectedFault):
        return f"read as {_shown(value)}, but it is a fault"
    return "" if _same(case.expected, value) else f"read as {_shown(value)} instead of {_shown(case.expected)}"


def _miswritten(case: Request, encode: Callable[..., bytes], options: dict[str, Any], exact: bool) -> str:
    try:
        document = encode(case.method, case.params, **options)
    except (RecursionError, MemoryError) as error:
        return f"raised {type(error).__name__}, which is not a refusal"
    except Exception as error:  # noqa: BLE001 - the codec under test may raise anything
        return f"refused: {_shown_error(error)}" if case.document else ""
    if not case.document:
        return f"wrote {_shown(document)}, but {_shown_path(case.path)} cannot be written"
    if exact and document != case.document:
        return f"wrote {_shown(document)} instead of {_shown(case.document)}"
    try:
        read = codec.decode_request(document)
    except ResponseError as error:
        return f"wrote a document that cannot be read: {_shown_error(error)}"
    expected = (case.method, case.reads_back)
    if _same(expected, read):
        return ""
    return f"wrote a document that reads as {_shown(read)} instead of {_shown(expected)}"


def _raised_fault(error: Exception) -> ExpectedFault | None:
    if hasattr(error, "faultCode") and hasattr(error, "faultString"):
        return ExpectedFault(error.faultCode, error.faultString)
    return None


def _same(expected: Any, value: Any) -> bool:
    if isinstance(expected, ExpectedFault):
        return isinstance(value, ExpectedFault) and _same((expected.code, expected.text), (value.code, value.text))
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
    """A scalar's type and content, in a form whose == distinguishes all of them."""
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
    if isinstance(value, ExpectedFault):
        return f"the fault {_repr.repr(value.code)}, {_repr.repr(value.text)}"
    return re.sub(r" at 0x[0-9a-f]+", "", _repr.repr(value))


def _shown_path(path: str) -> str:
    return path if len(path) <= 100 else f"{path[:50]}...{path[-10:]}"


def _shown_error(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:100]}" if text else type(error).__name__
