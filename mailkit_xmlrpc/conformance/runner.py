"""Runs a decoder or an encoder on the vectors and reports which cases fail, and why."""

from __future__ import annotations

import copy
import inspect
import re
import reprlib
import xmlrpc.client
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Callable, NamedTuple

from .. import codec
from ..errors import ConfigError, ResponseError
from .tables import Case, ExpectedFault, Request, answers, requests

__all__ = ["Failure", "Report", "run", "run_encode"]


Refusals = tuple[type[Exception], ...]
# A longer list of failures hides the first ones in a terminal. pytest shows 240 characters of a representation.
_LISTED, _NAMED = 20, 3


@dataclass(frozen=True)
class Failure:
    """The name of a failed case, and what happened instead of the expected."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


@dataclass(frozen=True, repr=False)
class Report:
    """The results of a codec for a table.

    Attributes:
        passed: the names of the cases with the expected result.
        failed: the cases with another result.
        skipped: the names of the cases that need `charset` or `allow_none`, if the runner was not given it.
        refusals: the names of the cases, passed or failed, that the codec must refuse.
    """

    passed: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    skipped: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether no case failed."""
        return not self.failed

    @property
    def summary(self) -> str:
        """The counts, on one line. Cases that must be refused are counted for themselves."""
        refusals = frozenset(self.refusals)
        right, total = len(self.passed), len(self.passed) + len(self.failed)
        refused = sum(name in refusals for name in self.passed)
        parts = f"{right - refused} of {total - len(refusals)} to accept, {refused} of {len(refusals)} to refuse"
        skipped = f"; {len(self.skipped)} skipped" if self.skipped else ""
        return f"{right} of {total} passed: {parts}{skipped}"

    def __repr__(self) -> str:
        names = ", ".join(failure.name for failure in self.failed[:_NAMED])
        more = f" and {len(self.failed) - _NAMED} more" if len(self.failed) > _NAMED else ""
        return f"<Report: {self.summary}{f'; failed: {names}{more}' if names else ''}>"

    def __str__(self) -> str:
        lines = [self.summary, *map(str, self.failed[:_LISTED])]
        if len(self.failed) > _LISTED:
            lines.append(f"and {len(self.failed) - _LISTED} more in Report.failed")
        return "\n".join(lines)


def run(
    decode: Callable[..., Any],
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
            RecursionError and MemoryError.
        charset: also pass the keyword `charset` to `decode`. Otherwise cases that have a charset are skipped.

    Raises:
        ConfigError: `decode` cannot be called like that, or `refusals` has something that is not an exception.
    """
    checked = _checked_refusals(refusals)
    _check_signature(decode, "decode", (b"",), ("charset",) if charset else ())
    results = _Results()
    for case in answers() if cases is None else cases:
        if case.charset is not None and not charset:
            results.skip(case.name)
        else:
            ended = _ended(decode, (case.document,), {"charset": case.charset} if charset else {}, checked)
            results.add(case.name, bool(case.refusal), _misread(case, ended))
    return results.report()


def run_encode(
    encode: Callable[..., bytes],
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
        ConfigError: `encode` cannot be called like that, or `refusals` has something that is not an exception.
    """
    checked = _checked_refusals(refusals)
    _check_signature(encode, "encode", ("m", []), ("allow_none",) if allow_none else ())
    results = _Results()
    for case in requests() if cases is None else cases:
        if case.allow_none and not allow_none:
            results.skip(case.name)
        else:
            # The table is shared, and an encoder may change what it is given.
            arguments = (case.method, copy.deepcopy(case.params))
            ended = _ended(encode, arguments, {"allow_none": case.allow_none} if allow_none else {}, checked)
            results.add(case.name, not case.document, _miswritten(case, ended, exact=exact))
    return results.report()


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


class _Refused(NamedTuple):
    """The codec refused a case with this exception, which the caller named."""

    error: Exception


class _Broken(NamedTuple):
    """The codec neither returned a value nor refused the case."""

    reason: str


def _ended(codec: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any], refusals: Refusals) -> Any:
    """How a codec ended: a value, an `ExpectedFault`, a `_Refused` or a `_Broken`."""
    try:
        value = codec(*arguments, **options)
    except Exception as error:  # noqa: BLE001 - foreign code raises anything; whatever is not named is a failure
        if isinstance(error, (RecursionError, MemoryError)):
            return _Broken(f"raised {type(error).__name__}, which is not a refusal")
        if hasattr(error, "faultCode") and hasattr(error, "faultString"):
            return ExpectedFault(error.faultCode, error.faultString)
        if isinstance(error, refusals):
            return _Refused(error)
        return _Broken(f"raised {_shown_error(error)}, which refusals= does not name")
    if inspect.isawaitable(value):
        if inspect.iscoroutine(value):
            value.close()
        return _Broken(f"returned {type(value).__name__}, which must be awaited")
    return value


def _misread(case: Case, ended: Any) -> str:
    """The reason why the case fails, or ""."""
    if isinstance(ended, _Broken):
        return ended.reason
    if isinstance(ended, _Refused):
        return "" if case.refusal else f"refused: {_shown_error(ended.error)}"
    if case.refusal:
        return f"read as {_shown(ended)}, but it is {case.refusal}"
    if isinstance(case.expected, ExpectedFault) and not isinstance(ended, ExpectedFault):
        return f"read as {_shown(ended)}, but it is a fault"
    return "" if _same(case.expected, ended) else f"read as {_shown(ended)} instead of {_shown(case.expected)}"


def _miswritten(case: Request, ended: Any, *, exact: bool) -> str:
    if isinstance(ended, _Broken):
        return ended.reason
    if isinstance(ended, _Refused):
        return f"refused: {_shown_error(ended.error)}" if case.document else ""
    if not isinstance(ended, (bytes, bytearray, memoryview)):
        return f"returned {_shown(ended)}, which is not bytes"
    document = bytes(ended)
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


def _checked_refusals(given: object) -> Refusals:
    kinds = given if isinstance(given, tuple) else (given,)
    for kind in kinds:
        if not (isinstance(kind, type) and issubclass(kind, Exception)):
            raise ConfigError(f"refusals must be exception classes, got {_shown(kind)}")
    return kinds


def _check_signature(codec: object, role: str, arguments: tuple[Any, ...], keywords: tuple[str, ...]) -> None:
    """Refuse what cannot be called with such arguments. Otherwise the TypeError of each call could be taken for a
    refusal of each document.

    Raises:
        ConfigError: it cannot be called so, or has to be awaited.
    """
    if not callable(codec):
        raise ConfigError(f"{role} must be callable, got {type(codec).__name__}")
    call = codec if inspect.isroutine(codec) or isinstance(codec, type) else getattr(codec, "__call__", codec)  # noqa: B004
    if any(map(inspect.iscoroutinefunction, (codec, call, getattr(codec, "func", None)))):
        raise ConfigError(f"{role} is async; give a function that returns the result")
    try:
        signature = inspect.signature(codec)
    except (ValueError, TypeError):
        return  # some callables of C code do not tell
    try:
        signature.bind(*arguments, **dict.fromkeys(keywords))
    except TypeError as error:
        wanted = ", ".join([*_ARGUMENTS[role], *(f"{name}=" for name in keywords)])
        raise ConfigError(f"{role} is called with ({wanted}), but it takes {signature}: {error}") from None


_ARGUMENTS = {"decode": ("document",), "encode": ("method", "params")}


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
