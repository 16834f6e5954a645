"""Comparing recorded events and messages with those that a test wants, and the texts of failed assertions.

A wanted value is compared with ``==``, so it may contain `unittest.mock.ANY` and similar objects.
"""

from __future__ import annotations

import difflib
import reprlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Callable, ClassVar, NamedTuple

from ..errors import ConfigError, Outcome
from .records import Event, Message, ReceivedCall
from .state import State

__all__ = ["ANYTHING", "EVENTS", "MESSAGES", "Containing", "Kind", "check_none", "check_some", "given"]

ANYTHING: Any = object()
"""The default of arguments for which None is a value."""

_NOTHING = object()

# How much a text shows: of one value, in characters; differences; records.
_VALUE = reprlib.Repr()
_VALUE.maxstring = _VALUE.maxother = 200
_VALUE.maxdict = _VALUE.maxlist = 20
_DIFFERENCES = 12
_RECORDS = 5
# The nearest record is looked for among so many of the latest ones.
_SEARCHED = 200

Difference = tuple[str, Any, Any]


class Kind(NamedTuple):
    """A kind of records, and the words for them.

    Attributes:
        records: those of a sandbox.
        noun: what one is called.
        verb: what has happened to it.
        shown: one of them, in a line.
        notes: remarks about the nearest one, if none is as wanted.
        listed: whether a text about the nearest one also lists the others.
    """

    records: Callable[[State], Sequence[Any]]
    noun: str
    verb: str
    shown: Callable[[Any], str]
    notes: Callable[[Any], list[str]]
    listed: bool


class Containing:
    """Is equal to every text that contains `text`."""

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise ConfigError(f"contains must be a str, got {type(text).__name__}")
        self._text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and self._text in other

    __hash__: ClassVar[None]  # type: ignore[assignment]  # Python itself sets it beside __eq__

    def __repr__(self) -> str:
        return f"<text that contains {_VALUE.repr(self._text)}>"


def given(**fields: Any) -> dict[str, Any]:
    """The fields that are not `ANYTHING`."""
    return {name: value for name, value in fields.items() if value is not ANYTHING}


def check_some(kind: Kind, state: State, wanted: Mapping[str, Any], times: int | None, within: float) -> Any:
    """Wait for `times` records that have all wanted values, or for at least one for None. Returns the latest of them.

    Raises:
        AssertionError: there is another number of them.
        ConfigError: `times` is less than 1.
    """
    __tracebackhide__ = True
    if times is not None and times < 1:
        raise ConfigError(f"times must be at least 1; use assert_not_{kind.verb} for no {kind.noun}")
    state.wait_until(lambda: len(_matching(kind.records(state), wanted)) >= (times or 1), within)
    records, calls = kind.records(state), state.calls
    found = _matching(records, wanted)
    if not found or (times is not None and len(found) != times):
        raise AssertionError("\n".join(_missing(kind, records, found, calls, wanted, times)))
    return found[-1]


def check_none(kind: Kind, state: State, wanted: Mapping[str, Any]) -> None:
    """Raise AssertionError if a record has all wanted values."""
    __tracebackhide__ = True
    if found := _matching(kind.records(state), wanted):
        lines = [f"{_count(len(found), kind.noun)} {_were(found)} {kind.verb} that should not have been"]
        raise AssertionError("\n".join((*lines, *_wish(wanted), *_listed(kind, found))))


def _matching(records: Sequence[Any], wanted: Mapping[str, Any]) -> list[Any]:
    return [record for record in records if not any(_differences(wanted, record))]


def _missing(
    kind: Kind,
    records: Sequence[Any],
    found: Sequence[Any],
    calls: Sequence[ReceivedCall],
    wanted: Mapping[str, Any],
    times: int | None,
) -> list[str]:
    if found:
        lines = [f"wanted {_count(times or 0, kind.noun)}, but {len(found)} {_were(found)} {kind.verb} with"]
        return [*lines, *_wish(wanted), *_listed(kind, found)]
    lines = [f"no {kind.noun} was {kind.verb} with", *_wish(wanted)]
    if not records:
        return [*lines, f"there was no {kind.noun} at all", *_last_failure(calls)]
    nearest = min(reversed(records[-_SEARCHED:]), key=lambda record: _distance(wanted, record))
    several = len(records) > 1
    lines.append(f"the nearest of {len(records)} recorded {kind.noun}s:" if several else "the only one:")
    lines += _cut([f"    {_told(*difference)}" for difference in _differences(wanted, nearest)], _DIFFERENCES)
    lines += kind.notes(nearest)
    if kind.listed:
        lines += _listed(kind, records)
    return [*lines, *_last_failure(calls)]


def _differences(wanted: Mapping[str, Any], record: Any) -> Iterator[Difference]:
    for field, value in wanted.items():
        yield from _compared(field, value, getattr(record, field))


def _compared(path: str, wanted: Any, got: Any) -> Iterator[Difference]:
    """The differences of two values: the path, and the wanted and the recorded value there."""
    if isinstance(wanted, tuple):
        wanted = list(wanted)  # the codec sends both as an array
    if isinstance(wanted, Mapping) and isinstance(got, dict):
        for name in {**wanted, **got}:
            yield from _compared(f"{path}.{name}", wanted.get(name, _NOTHING), got.get(name, _NOTHING))
    elif isinstance(wanted, list) and isinstance(got, list):
        for index in range(max(len(wanted), len(got))):
            pair = (row[index] if index < len(row) else _NOTHING for row in (wanted, got))
            yield from _compared(f"{path}[{index}]", *pair)
    elif wanted != got:
        yield path, wanted, got


def _distance(wanted: Mapping[str, Any], record: Any) -> float:
    """How much a record differs: 0.5 to 1 for each field that is not as wanted, by how similar its text is."""
    different = [field for field in wanted if any(_differences({field: wanted[field]}, record))]
    pairs = [(_VALUE.repr(wanted[field]), _VALUE.repr(getattr(record, field))) for field in different]
    return sum(1 - difflib.SequenceMatcher(None, *pair).ratio() / 2 for pair in pairs)


def _told(path: str, wanted: Any, got: Any) -> str:
    if got is _NOTHING:
        return f"{path}: wanted {_VALUE.repr(wanted)}, but it is missing"
    if wanted is _NOTHING:
        return f"{path}: not wanted, but it is {_VALUE.repr(got)}"
    return f"{path}: wanted {_VALUE.repr(wanted)}, but it is {_VALUE.repr(got)}"


def _wish(wanted: Mapping[str, Any]) -> list[str]:
    return [f"    {field}={_VALUE.repr(value)}" for field, value in wanted.items()] or ["    (anything)"]


def _listed(kind: Kind, records: Sequence[Any]) -> list[str]:
    lines = [f"    {kind.shown(record)}" for record in records[: _RECORDS + 1]]
    if len(records) > _RECORDS:
        lines[_RECORDS:] = [f"    ... and {len(records) - _RECORDS} more"]
    return ["they were:" if len(records) > 1 else "it was:", *lines]


def _last_failure(calls: Sequence[ReceivedCall]) -> list[str]:
    """The last call that failed: a record is often missing because its call was refused."""
    failed = [call for call in calls if call.outcome != Outcome.DONE or _was_not_delivered(call.answer)]
    if not failed:
        return []
    last = failed[-1]
    answer = "" if last.answer is None else f" and answered {_VALUE.repr(last.answer)}"
    return [f"{len(failed)} of {_count(len(calls), 'call')} failed; the last was {last.method}: {last.outcome}{answer}"]


def _was_not_delivered(answer: Any) -> bool:
    """Whether sendmail or sendsms stored the recipient, and sent no message."""
    return isinstance(answer, dict) and answer.get("data3") == 0


def _cut(lines: list[str], most: int) -> list[str]:
    return lines if len(lines) <= most else [*lines[:most], f"    ... and {len(lines) - most} more"]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _were(records: Sequence[Any]) -> str:
    return "was" if len(records) == 1 else "were"


def _event_line(event: Event) -> str:
    return f"{event.email} {event.event_tag} {_VALUE.repr(event.event_data)}"


def _message_line(message: Message) -> str:
    return f"{_VALUE.repr(message.to)} {_VALUE.repr(message.subject)} {_VALUE.repr(message.body)}"


def _undecoded(message: Message) -> list[str]:
    values = message.undecoded.items()
    lines = [f"    {path} is not Base64 of a text in UTF-8: {_VALUE.repr(value)}" for path, value in values]
    return _cut(lines, _DIFFERENCES)


EVENTS = Kind(lambda state: state.events, "event", "triggered", _event_line, lambda event: [], listed=False)
MESSAGES = Kind(lambda state: state.messages, "message", "sent", _message_line, _undecoded, listed=True)
