"""The wire vectors of this package as a table, and runners that measure any XML-RPC codec with it.

Three tables: `answers` are documents that a client reads, `calls` documents that a server reads, `requests`
values that a client writes. Two runners: `run` gives each document to a decoder, `run_encode` each value to an
encoder. Both return a `Report` that names what failed and why.

>>> from mailkit_xmlrpc import codec, conformance
>>> conformance.run(codec.decode_response, charset=True).failed
()

A value counts as read when it is the same to the letter: 1 is not True and not 1.0, 0.0 is not -0.0. What the
wire does not tell apart is not compared: list or tuple, bytes or Binary, the order of a struct's members.
"""

from __future__ import annotations

import base64
import json
import re
import reprlib
import xmlrpc.client
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any, Callable

from . import codec
from .errors import ResponseError

__all__ = [
    "Case",
    "Failure",
    "Fault",
    "Report",
    "Request",
    "answers",
    "calls",
    "from_notation",
    "requests",
    "run",
    "run_encode",
]

_JOURNEYS = "journeys.trigger"


@dataclass(frozen=True)
class Fault:
    """A fault, as a case expects it. A decoder under test may return one, or raise an exception that has
    `faultCode` and `faultString`, as the standard library's does."""

    code: Any
    text: str


@dataclass(frozen=True)
class Case:
    """A document, and what reading it must end in.

    Attributes:
        name: unique in its table, and stable: lists of known failures can be kept by it.
        group: what the case is about.
        rule: what all cases of the group have in common, in a sentence.
        document: the bytes as they come over the wire.
        charset: the charset that the HTTP header named, or None.
        expected: the value; for a call the pair of method and params; a `Fault`; None where it must be refused.
        refusal: "" where it is read; else why it must be refused: "unreadable", or "hostile" (a document type,
            more than 128 arrays and structs inside one another).
    """

    name: str
    group: str
    rule: str
    document: bytes = field(repr=False)
    charset: str | None = None
    expected: Any = None
    refusal: str = ""


@dataclass(frozen=True)
class Request:
    """A call that is to be written, or to be refused.

    Attributes:
        name: unique in its table, and stable.
        method: the method's name.
        params: its params, as a list.
        document: the exact bytes that this package writes; b"" where nothing may be written.
        reads_back: the params that reading the document gives: fractions of a second do not travel.
        allow_none: whether the caller asked for nil.
        path: where the fault lies in what must be refused, such as ``params[2].event_data.name``.
    """

    name: str
    method: str
    params: list[Any]
    document: bytes = field(repr=False, default=b"")
    reads_back: list[Any] = field(default_factory=list)
    allow_none: bool = False
    path: str = ""


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


# The tables


@cache
def answers() -> tuple[Case, ...]:
    """Documents that a client reads: answers, faults, and what is neither."""
    loaded = _load("responses.json")
    cases = [
        _case(case, group["title"], group["rule"], loaded["envelope"])
        for group in loaded["groups"]
        for case in group["cases"]
    ]
    return (*cases, *_documented_answers())


@cache
def calls() -> tuple[Case, ...]:
    """Documents that a server reads: calls, and what is none."""
    loaded = _load("requests.json")
    ours = "What this package writes."
    read = [
        Case(request.name, "Calls", ours, request.document, expected=(request.method, request.reads_back))
        for request in requests()
        if request.document
    ]
    for case in loaded["read"]:
        expected = (case["method"], [from_notation(param) for param in case["params"]])
        rule = "What others write."
        read.append(Case(case["id"], "Calls", rule, _text(case["document"]).encode(), expected=expected))
    rule = "A methodCall has a methodName of ASCII letters, digits and _ . : /, then perhaps params."
    return (*read, *(_case(case, "No calls", rule, ["", ""]) for case in loaded["unreadable"]))


@cache
def requests() -> tuple[Request, ...]:
    """Calls to be written, and calls of which nothing may be written."""
    loaded = _load("requests.json")
    return tuple(map(_request, [*loaded["written"], *loaded["unwritable"]]))


def from_notation(typed: Mapping[str, Any]) -> Any:
    """The Python value of the notation that `fixtures/README.md` explains: ``{"int": 5}`` is 5. A peer in another
    language can print what it has read in this form."""
    ((kind, content),) = typed.items()
    return _PYTHON[kind](content)


# The runners


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


# Comparing


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


# Reading the files. Their form is explained in fixtures/README.md.


def _load(*path: str) -> Any:
    return json.loads(_read(*path).decode("utf-8"))


def _read(*path: str) -> bytes:
    file = resources.files(f"{__package__}.fixtures")
    for name in path:
        file = file.joinpath(name)
    return file.read_bytes()


def _documented_answers() -> list[Case]:
    rule = "An answer of mailkit.journeys.trigger, as Mailkit documents it."
    names = ["added", "disallowed-ip", "missing-email", "missing-event-tag", "unauthorized"]
    return [
        Case(
            f"{_JOURNEYS}-{name}",
            "mailkit.journeys.trigger",
            rule,
            _read(_JOURNEYS, f"{name}.xml"),
            expected=from_notation(_load(_JOURNEYS, f"{name}.json")["value"]),
        )
        for name in names
    ]


def _case(case: dict[str, Any], group: str, rule: str, envelope: list[str]) -> Case:
    if "base64" in case:
        document = base64.b64decode(case["base64"], validate=True)
    elif "param" in case:
        document = _text(case["param"]).join(envelope).encode()
    else:
        document = _text(case["document"]).encode()
    expected = None
    if "fault" in case:
        expected = Fault(from_notation(case["fault"]["code"]), case["fault"]["text"])
    elif "value" in case:
        expected = from_notation(case["value"])
    return Case(case["id"], group, rule, document, case.get("charset"), expected, case.get("refusal", ""))


def _request(case: dict[str, Any]) -> Request:
    params = [from_notation(param) for param in case["params"]]
    return Request(
        case["id"],
        case["method"],
        params,
        document=_text(case.get("document", "")).encode(),
        reads_back=[from_notation(param) for param in case["reads_back"]] if "reads_back" in case else params,
        allow_none=case.get("allow_none", False),
        path=_text(case.get("path", "")),
    )


def _text(content: str | list[Any]) -> str:
    """A text, or the pieces of one: strings, and pairs of a string and how often it stands there."""
    if isinstance(content, str):
        return content
    return "".join(piece if isinstance(piece, str) else piece[0] * piece[1] for piece in content)


def _nested(content: dict[str, Any]) -> Any:
    value: Any = [] if content["type"] == "array" else {}
    for _ in range(content["levels"] - 1):
        value = [value] if content["type"] == "array" else {"s": value}
    return value


_PYTHON: dict[str, Callable[[Any], Any]] = {
    "int": lambda content: content if isinstance(content, int) else int(_text(content)),
    "double": float,
    "bigdecimal": Decimal,
    "boolean": bool,
    "string": str,
    "base64": lambda content: base64.b64decode(content, validate=True),
    "datetime": datetime.fromisoformat,
    "datetime_text": xmlrpc.client.DateTime,
    "nil": lambda content: None,
    "array": lambda content: [from_notation(item) for item in content],
    "struct": lambda content: {name: from_notation(item) for name, item in content.items()},
    "nested": _nested,
}
