"""The vectors of `fixtures/` as pytest params: documents as bytes, expected values as Python values.

The form of the files is explained in fixtures/README.md. This loader refuses a key that it does not know, so a
misspelt expectation fails the collection instead of passing for ever.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from mailkit_xmlrpc.conformance.tables import from_notation, text_of
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
        return Expected(fault=FaultError(from_notation(content["code"]), content["text"]))
    return Expected(value=from_notation(content))


def _answer(case: dict[str, Any], envelope: list[str]) -> Answer:
    (form,) = {"param", "document", "base64"} & case.keys()
    content = case.pop(form)
    if form == "base64":
        document = base64.b64decode(content, validate=True)
    else:
        document = text_of(content if form == "document" else text_of(content).join(envelope)).encode()
    options = {"charset": case.pop("charset")} if "charset" in case else {}
    expected = _expected(case)
    case.pop("note", None)
    assert not case, f"unknown keys: {sorted(case)}"
    return Answer(document, expected, options)


def _call(case: dict[str, Any]) -> Call:
    params = [from_notation(param) for param in case.pop("params")]
    reads_back = [from_notation(param) for param in case.pop("reads_back")] if "reads_back" in case else params
    options = {"allow_none": case.pop("allow_none")} if "allow_none" in case else {}
    call = Call(
        method=case.pop("method"),
        params=params,
        document=text_of(case.pop("document", "")).encode(),
        reads_back=reads_back,
        options=options,
        path=text_of(case.pop("path", "")),
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
    """The documents of requests.json that are not calls, as `Answer`."""
    return _params((case.pop("id"), _answer(case, ["", ""])) for case in _load("requests.json")["unreadable"])


def journeys_trigger() -> tuple[Call, dict[str, Answer]]:
    """The documented call of mailkit.journeys.trigger, and its answers by file name."""
    folder = FIXTURES / "journeys.trigger"
    answers = {}
    for path in sorted(folder.glob("*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        document = path.with_suffix(".xml").read_bytes()
        if path.stem == "request":
            params = [from_notation(param) for param in case["params"]]
            call = Call(case["method"], params, document, params)
        else:
            answers[path.stem] = Answer(document, Expected(value=from_notation(case["value"])))
    return call, answers
