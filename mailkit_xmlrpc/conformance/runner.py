"""Runs a decoder or an encoder on the vectors and reports which cases fail, and why."""

from __future__ import annotations

import copy
import xmlrpc.client
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, Callable, TypeVar

from .. import codec
from ..errors import ConfigError, ResponseError
from .foreign import (
    Raised,
    Refusals,
    call,
    check_signature,
    checked_refusals,
    contrasted,
    shortened,
    shown,
    shown_error,
)
from .report import Failure, Report
from .tables import Case, ExpectedFault, Request, answers, requests

__all__ = ["run", "run_encode"]


def run(
    decode: Callable[..., object],
    cases: Iterable[Case] | None = None,
    *,
    refusals: type[Exception] | Refusals = (),
    charset: bool = False,
) -> Report:
    """Decode every document with `decode`.

    Args:
        decode: takes the bytes of a document and returns the value, for a call the pair of method and params.
        cases: the table or a part of it; `answers()` by default.
        refusals: the exceptions with which `decode` refuses a document. Any other exception is a failure, and so are
            RecursionError, MemoryError, and the TypeError of a call with wrong arguments.
        charset: also pass the keyword `charset` to `decode`. Otherwise cases that have a charset are skipped.

    Raises:
        ConfigError: `decode` cannot be called like that, `refusals` has something that is not an exception, or `cases`
            something that is not a `Case`.
    """
    checked = checked_refusals(refusals)
    check_signature(decode, "decode", (b"",), ("charset",) if charset else ())
    results = _Results()
    for case in _checked_cases(Case, answers() if cases is None else cases):
        if case.charset is not None and not charset:
            results.skip(case.name)
        else:
            options = {"charset": case.charset} if charset else {}
            ended = call(decode, case.name, (case.document,), options, checked)
            results.add(case.name, bool(case.refusal), _judged(_misread, case, ended))
    return results.report()


def run_encode(
    encode: Callable[..., bytes | bytearray | memoryview],
    cases: Iterable[Request] | None = None,
    *,
    refusals: type[Exception] | Refusals = (),
    allow_none: bool = False,
    exact: bool = False,
) -> Report:
    """Encode every call with `encode`, and decode the document with this package's decoder.

    Args:
        encode: takes the method and a list of params and returns the document as bytes.
        cases: the table or a part of it; `requests()` by default.
        refusals: the exceptions with which `encode` refuses a call, as for `run`.
        allow_none: also pass the keyword `allow_none` to `encode`. Otherwise calls that allow nil are skipped.
        exact: also compare the bytes, which are one of many ways to write the same call.

    Raises:
        ConfigError: `encode` cannot be called like that, `refusals` has something that is not an exception, or `cases`
            something that is not a `Request`.
    """
    checked = checked_refusals(refusals)
    check_signature(encode, "encode", ("m", []), ("allow_none",) if allow_none else ())
    results = _Results()
    for case in _checked_cases(Request, requests() if cases is None else cases):
        if case.allow_none and not allow_none:
            results.skip(case.name)
        else:
            # The table is shared, and an encoder may change what it is given.
            arguments = (case.method, copy.deepcopy(case.params))
            options = {"allow_none": case.allow_none} if allow_none else {}
            ended = call(encode, case.name, arguments, options, checked)
            results.add(case.name, not case.document, _judged(partial(_miswritten, exact=exact), case, ended))
    return results.report()


_Kind = TypeVar("_Kind", Case, Request)
_MISSING: Any = object()


def _checked_cases(kind: type[_Kind], cases: Iterable[_Kind]) -> Iterator[_Kind]:
    for case in cases:
        if not isinstance(case, kind):
            runner = "run takes" if kind is Case else "run_encode takes"
            raise ConfigError(f"{runner} cases of the type {kind.__name__}, got {type(case).__name__}")
        yield case


class _Results:
    """The cases that have run."""

    def __init__(self) -> None:
        self._passed: list[str] = []
        self._failed: list[Failure] = []
        self._skipped: list[str] = []
        self._refusals: list[str] = []

    def skip(self, name: str) -> None:
        self._skipped.append(name)

    def add(self, name: str, to_refuse: bool, reason: str) -> None:
        """Add a case; `reason` says why it failed."""
        if to_refuse:
            self._refusals.append(name)
        if reason:
            self._failed.append(Failure(name, reason))
        else:
            self._passed.append(name)

    def report(self) -> Report:
        return Report(tuple(self._passed), tuple(self._failed), tuple(self._skipped), tuple(self._refusals))


def _judged(judge: Callable[[Any, Any], str], case: Case | Request, ended: Any) -> str:
    """The reason why the case fails, or ""."""
    try:
        return judge(case, ended)
    # What foreign code returned is foreign code too: a lazy mapping reads its members now, and a repr may raise.
    except (Exception, SystemExit) as error:  # noqa: BLE001
        raised = type(ended) is Raised
        source = f"raised {type(ended.error).__name__}" if raised else f"returned {type(ended).__name__}"
        return f"{source}, which cannot be compared: {shown_error(error)}"


def _misread(case: Case, ended: Any) -> str:
    if isinstance(ended, Raised):
        fault = _fault(ended.error)
        if fault is None:
            return _misraised(ended, bool(case.refusal), f"reads as {shown(case.expected)}")
        ended = fault
    if case.refusal:
        return f"read as {shown(ended)}, but it is {case.refusal}"
    if isinstance(case.expected, ExpectedFault) and not isinstance(ended, ExpectedFault):
        return f"read as {shown(ended)}, but it is a fault"
    return "" if _same(case.expected, ended) else f"read as {contrasted(ended, case.expected)}"


def _fault(error: BaseException) -> ExpectedFault | None:
    code, text = getattr(error, "faultCode", _MISSING), getattr(error, "faultString", _MISSING)
    return None if code is _MISSING or text is _MISSING else ExpectedFault(code, text)


def _miswritten(case: Request, ended: Any, *, exact: bool) -> str:
    if isinstance(ended, Raised):
        return _misraised(ended, not case.document, f"can be written as {shown(case.document)}")
    if not isinstance(ended, (bytes, bytearray, memoryview)):
        return f"returned {shown(ended)}, which is not bytes"
    document = bytes(ended)
    if not case.document:
        return f"wrote {shown(document)}, but {shortened(case.path)} cannot be written"
    if exact and document != case.document:
        return f"wrote {contrasted(document, case.document)}"
    try:
        read = codec.decode_request(document)
    except ResponseError as error:
        return f"wrote a document that cannot be read: {shown_error(error)}"
    expected = (case.method, case.reads_back)
    if _same(expected, read):
        return ""
    return f"wrote a document that reads as {contrasted(read, expected)}"


def _misraised(raised: Raised, to_refuse: bool, expected: str) -> str:
    if not to_refuse:
        return f"{'raised' if raised.objection else 'refused:'} {shown_error(raised.error)}, but it {expected}"
    return f"raised {shown_error(raised.error)}, {raised.objection}" if raised.objection else ""


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
    if isinstance(value, (xmlrpc.client.Binary, bytes, bytearray, memoryview)):
        return "base64", bytes(value.data if isinstance(value, xmlrpc.client.Binary) else value)
    for kind in (bool, int, str):
        if isinstance(value, kind):
            return kind.__name__, kind(value)
    if isinstance(value, float):
        return "float", repr(float(value))
    if isinstance(value, Decimal):
        return "Decimal", repr(Decimal(value))
    # Any other type is different from all that a case expects. Its repr may be endless.
    return type(value).__name__, None
