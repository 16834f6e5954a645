"""The vectors of `fixtures/` as tables, each read once. fixtures/README.md describes the files and their notation."""

from __future__ import annotations

import base64
import json
import xmlrpc.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Callable

__all__ = ["Case", "ExpectedFault", "Request", "answers", "calls", "from_notation", "requests", "text_of"]

_FIXTURES = "mailkit_xmlrpc.fixtures"
_JOURNEYS = "journeys.trigger"


@dataclass(frozen=True)
class ExpectedFault:
    """A fault that a case expects. The decoder under test may return one, or raise an exception that has `faultCode`
    and `faultString`, as the standard library's has."""

    code: Any
    text: str


@dataclass(frozen=True)
class Case:
    """A document and the result that decoding it must have.

    Attributes:
        name: the name of the case. It is unique in its table and does not change, so that lists of known failures can
            use it.
        group: the subject of the case.
        rule: the rule that all cases of the group follow, as a sentence.
        document: the bytes on the wire.
        charset: the charset of the HTTP header, or None.
        expected: the value; for a call the pair of method and params; for a fault an `ExpectedFault`. None if the
            document must be refused.
        refusal: "" if the document must be decoded. Otherwise the reason why it must be refused: "unreadable", or
            "hostile" (a document type, more than 128 arrays and structs inside one another).
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
    """A call that must be written, or refused.

    Attributes:
        name: the name of the case. It is unique in its table and does not change.
        method: the method's name.
        params: its params, as a list.
        document: the exact bytes that this package writes; b"" if the call must be refused.
        reads_back: the params that decoding the document gives; fractions of a second are lost.
        allow_none: whether the caller allows nil.
        path: the path to the value for which the call must be refused, such as ``params[2].event_data.name``.
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
    """Documents that a client reads: answers, faults, and documents that are neither."""
    loaded = _load("responses.json")
    cases = [
        _case(case, group["title"], group["rule"], loaded["envelope"])
        for group in loaded["groups"]
        for case in group["cases"]
    ]
    return (*cases, *_documented_answers())


@cache
def calls() -> tuple[Case, ...]:
    """Documents that a server reads: calls, and documents that are not calls."""
    loaded = _load("requests.json")
    rule = "A call that this package writes."
    read = [
        Case(request.name, "Calls", rule, request.document, expected=(request.method, request.reads_back))
        for request in requests()
        if request.document
    ]
    rule = "A call that other clients write."
    for case in loaded["read"]:
        expected = (case["method"], [from_notation(param) for param in case["params"]])
        read.append(Case(case["id"], "Calls", rule, text_of(case["document"]).encode(), expected=expected))
    rule = (
        "A methodCall has a methodName, one word of printable ASCII without quotes, <, > and &, and params may follow "
        "it."
    )
    return (*read, *(_case(case, "Not a call", rule, ["", ""]) for case in loaded["unreadable"]))


@cache
def requests() -> tuple[Request, ...]:
    """Calls that a client must write, and calls that it must refuse."""
    loaded = _load("requests.json")
    return tuple(map(_request, [*loaded["written"], *loaded["unwritable"]]))


def from_notation(typed: Mapping[str, Any]) -> Any:
    """The Python value of ``{"int": 5}`` and the like. A peer in another language can print decoded values in this
    notation."""
    ((kind, content),) = typed.items()
    return _PYTHON[kind](content)


def text_of(content: str | list[Any]) -> str:
    """The text of a string, or of a list of pieces: strings, and pairs of a string and how often it is repeated."""
    if isinstance(content, str):
        return content
    return "".join(piece if isinstance(piece, str) else piece[0] * piece[1] for piece in content)


def _nested(content: dict[str, Any]) -> Any:
    value: Any = [] if content["type"] == "array" else {}
    for _ in range(content["levels"] - 1):
        value = [value] if content["type"] == "array" else {"s": value}
    return value


_PYTHON: dict[str, Callable[[Any], Any]] = {
    "int": lambda content: content if isinstance(content, int) else int(text_of(content)),
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


def _load(*path: str) -> Any:
    return json.loads(_read(*path).decode("utf-8"))


def _read(*path: str) -> bytes:
    file = _fixtures()
    for name in path:
        file = file.joinpath(name)
    data: bytes = file.read_bytes()
    return data


def _fixtures() -> Any:
    """The directory of the vectors. In a checkout that is not installed it is beside the package."""
    try:
        return resources.files(_FIXTURES)
    except ModuleNotFoundError:
        return Path(__file__).parents[2] / "fixtures"


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
        expected = ExpectedFault(from_notation(case["fault"]["code"]), case["fault"]["text"])
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
