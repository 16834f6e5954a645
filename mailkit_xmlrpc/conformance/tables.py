"""The vectors of `fixtures/`, read once. The files' form is explained in fixtures/README.md."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from .notation import from_notation, text_of

__all__ = ["Case", "Fault", "Request", "answers", "calls", "requests"]

_FIXTURES = "mailkit_xmlrpc.fixtures"
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
        read.append(Case(case["id"], "Calls", rule, text_of(case["document"]).encode(), expected=expected))
    rule = "A methodCall has a methodName of ASCII letters, digits and _ . : /, then perhaps params."
    return (*read, *(_case(case, "No calls", rule, ["", ""]) for case in loaded["unreadable"]))


@cache
def requests() -> tuple[Request, ...]:
    """Calls to be written, and calls of which nothing may be written."""
    loaded = _load("requests.json")
    return tuple(map(_request, [*loaded["written"], *loaded["unwritable"]]))


def _load(*path: str) -> Any:
    return json.loads(_read(*path).decode("utf-8"))


def _read(*path: str) -> bytes:
    file = resources.files(_FIXTURES)
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
        document = text_of(case["param"]).join(envelope).encode()
    else:
        document = text_of(case["document"]).encode()
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
        document=text_of(case.get("document", "")).encode(),
        reads_back=[from_notation(param) for param in case["reads_back"]] if "reads_back" in case else params,
        allow_none=case.get("allow_none", False),
        path=text_of(case.get("path", "")),
    )
