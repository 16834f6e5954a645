"""The vectors of `fixtures/` as pytest params: documents as bytes, expected values as Python values.

The form of the files is explained in fixtures/README.md. This loader refuses a key that it does not know, so a
misspelt expectation fails the collection instead of passing for ever.
"""

from __future__ import annotations

import base64
import json
import xmlrpc.client
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mailkit_xmlrpc.errors import FaultError, HostileXMLError, ResponseError

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"

REFUSALS = {"unreadable": ResponseError, "hostile": HostileXMLError}


@dataclass(frozen=True)
class Expected:
    """What reading a document must end in: a value, a fault, or a refusal of exactly that class."""

    value: Any = None
    fault: FaultError | None = None
    refusal: type[ResponseError] | None = None


@dataclass(frozen=True)
class Answer:
    """An answer as it comes over the wire."""

    document: bytes
    expected: Expected
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """A call: its parts, its document, and what the document reads back as."""

    method: str
    params: list[Any]
    document: bytes = b""
    reads_back: list[Any] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    path: str = ""
    expected: Expected = Expected()


def python(typed: dict[str, Any]) -> Any:
    """The Python value of the fixtures' notation, such as ``{"int": 5}``."""
    ((kind, content),) = typed.items()
    return _PYTHON[kind](content)


def _text(content: str | list[Any]) -> str:
    """A text, or the pieces of one: strings, and pairs of a string and how often it stands there."""
    if isinstance(content, str):
        return content
    return "".join(piece if isinstance(piece, str) else piece[0] * piece[1] for piece in content)


def _nested(content: dict[str, Any]) -> Any:
    wrap = {"array": lambda value: [value], "struct": lambda value: {"s": value}}[content["type"]]
    value: Any = {"array": [], "struct": {}}[content["type"]]
    for _ in range(content["levels"] - 1):
        value = wrap(value)
    return value


_PYTHON: dict[str, Any] = {
    "int": lambda content: content if isinstance(content, int) else int(_text(content)),
    "double": float,
    "bigdecimal": Decimal,
    "boolean": {True: True, False: False}.__getitem__,
    "string": str,
    "base64": lambda content: base64.b64decode(content, validate=True),
    "datetime": datetime.fromisoformat,
    "datetime_text": xmlrpc.client.DateTime,
    "nil": lambda content: None,
    "array": lambda content: [python(item) for item in content],
    "struct": lambda content: {name: python(item) for name, item in content.items()},
    "nested": _nested,
}


def _load(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


def _params(cases: Iterable[tuple[str, Any]]) -> list[Any]:
    cases = list(cases)
    repeated = [name for name, count in Counter(name for name, _ in cases).items() if count > 1]
    assert cases, "no cases"
    assert not repeated, f"ids that occur twice: {repeated}"
    return [pytest.param(case, id=name) for name, case in cases]


def _expected(case: dict[str, Any]) -> Expected:
    (kind,) = {"value", "fault", "refusal"} & case.keys()
    content = case.pop(kind)
    if kind == "refusal":
        return Expected(refusal=REFUSALS[content])
    if kind == "fault":
        return Expected(fault=FaultError(python(content["code"]), content["text"]))
    return Expected(value=python(content))


def _answer(case: dict[str, Any], envelope: list[str]) -> Answer:
    (form,) = {"param", "document", "base64"} & case.keys()
    content = case.pop(form)
    if form == "base64":
        document = base64.b64decode(content, validate=True)
    else:
        document = _text(content if form == "document" else _text(content).join(envelope)).encode()
    options = {"charset": case.pop("charset")} if "charset" in case else {}
    expected = _expected(case)
    case.pop("note", None)
    assert not case, f"unknown keys: {sorted(case)}"
    return Answer(document, expected, options)


def _call(case: dict[str, Any]) -> Call:
    params = [python(param) for param in case.pop("params")]
    reads_back = [python(param) for param in case.pop("reads_back")] if "reads_back" in case else params
    options = {"allow_none": case.pop("allow_none")} if "allow_none" in case else {}
    call = Call(
        method=case.pop("method"),
        params=params,
        document=_text(case.pop("document", "")).encode(),
        reads_back=reads_back,
        options=options,
        path=_text(case.pop("path", "")),
    )
    assert not case, f"unknown keys: {sorted(case)}"
    return call


def answers() -> list[Any]:
    """Every case of responses.json, as `Answer`."""
    loaded = _load("responses.json")
    cases = [case for group in loaded["groups"] for case in group["cases"]]
    return _params((case.pop("id"), _answer(case, loaded["envelope"])) for case in cases)


def calls(section: str) -> list[Any]:
    """A section of requests.json, as `Call`: written, unwritable or read."""
    return _params((case.pop("id"), _call(case)) for case in _load("requests.json")[section])


def unreadable_calls() -> list[Any]:
    """The documents of requests.json that are no call, as `Answer`."""
    return _params((case.pop("id"), _answer(case, ["", ""])) for case in _load("requests.json")["unreadable"])


def journeys_trigger() -> tuple[Call, dict[str, Answer]]:
    """The documented call of mailkit.journeys.trigger, and its answers by file name."""
    folder = FIXTURES / "journeys.trigger"
    answers = {}
    for path in sorted(folder.glob("*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        document = path.with_suffix(".xml").read_bytes()
        if path.stem == "request":
            params = [python(param) for param in case["params"]]
            call = Call(case["method"], params, document, params)
        else:
            answers[path.stem] = Answer(document, Expected(value=python(case["value"])))
    return call, answers
