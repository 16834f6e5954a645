"""Assertions about events, whose failures say what was recorded instead.

A wanted value is compared with ``==``, so that `unittest.mock.ANY` and its like can stand anywhere in it.
"""

from __future__ import annotations

import difflib
import reprlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..errors import Outcome
from .records import Call, Event

__all__ = ["ANYTHING", "matching", "report_missing", "report_unwanted"]

ANYTHING: Any = object()
"""Stands for an argument that was not given: None is a value of its own."""

_NOTHING = object()

# How much a message shows: of one value in characters; differences; events.
_VALUE = reprlib.Repr()
_VALUE.maxstring = _VALUE.maxother = 200
_VALUE.maxdict = _VALUE.maxlist = 20
_DIFFERENCES = 12
_EVENTS = 5
# Among so many of the latest events the nearest is looked for.
_SEARCHED = 200

Difference = tuple[str, Any, Any]


def matching(events: Sequence[Event], wanted: Mapping[str, Any]) -> list[Event]:
    """The events that have all that is wanted."""
    return [event for event in events if not any(_differences(wanted, event))]


def report_missing(events: Sequence[Event], calls: Sequence[Call], wanted: Mapping[str, Any], times: int | None) -> str:
    """Why there are not `times` (None: some) of the wanted events."""
    found = matching(events, wanted)
    if found:
        lines = [f"wanted {_count(times or 0, 'event')}, but {len(found)} {_were(found)} triggered with"]
        return "\n".join((*lines, *_wish(wanted), *_listed(found)))
    lines = ["no event was triggered with", *_wish(wanted)]
    if events:
        near = min(reversed(events[-_SEARCHED:]), key=lambda event: _distance(wanted, event))
        lines.append(f"the nearest of {_count(len(events), 'recorded event')}:" if len(events) > 1 else "the only one:")
        lines += _cut([f"    {_told(*difference)}" for difference in _differences(wanted, near)], _DIFFERENCES)
    else:
        lines.append("there was no event at all")
    return "\n".join((*lines, *_last_failure(calls)))


def report_unwanted(found: Sequence[Event], wanted: Mapping[str, Any]) -> str:
    """Which events there should not have been."""
    lines = [f"{_count(len(found), 'event')} {_were(found)} triggered that should not have been"]
    return "\n".join((*lines, *_wish(wanted), *_listed(found)))


def _differences(wanted: Mapping[str, Any], event: Event) -> Iterator[Difference]:
    for field, value in wanted.items():
        yield from _compared(field, value, getattr(event, field))


def _compared(path: str, wanted: Any, got: Any) -> Iterator[Difference]:
    """Where two values differ: the path to the place, and what is wanted and found there."""
    if isinstance(wanted, tuple):
        wanted = list(wanted)  # an array, on the wire
    if isinstance(wanted, Mapping) and isinstance(got, dict):
        for name in {**wanted, **got}:
            yield from _compared(f"{path}.{name}", wanted.get(name, _NOTHING), got.get(name, _NOTHING))
    elif isinstance(wanted, list) and isinstance(got, list):
        for index in range(max(len(wanted), len(got))):
            pair = (row[index] if index < len(row) else _NOTHING for row in (wanted, got))
            yield from _compared(f"{path}[{index}]", *pair)
    elif wanted != got:
        yield path, wanted, got


def _distance(wanted: Mapping[str, Any], event: Event) -> float:
    """How far an event is from what is wanted: up to one for each field that differs, less where it looks alike."""
    different = [field for field in wanted if any(_differences({field: wanted[field]}, event))]
    pairs = [(_VALUE.repr(wanted[field]), _VALUE.repr(getattr(event, field))) for field in different]
    return sum(1 - difflib.SequenceMatcher(None, *pair).ratio() / 2 for pair in pairs)


def _told(path: str, wanted: Any, got: Any) -> str:
    if got is _NOTHING:
        return f"{path}: wanted {_VALUE.repr(wanted)}, but it is missing"
    if wanted is _NOTHING:
        return f"{path}: not wanted, but it is {_VALUE.repr(got)}"
    return f"{path}: wanted {_VALUE.repr(wanted)}, but it is {_VALUE.repr(got)}"


def _wish(wanted: Mapping[str, Any]) -> list[str]:
    return [f"    {field}={_VALUE.repr(value)}" for field, value in wanted.items()] or ["    (anything)"]


def _listed(events: Sequence[Event]) -> list[str]:
    lines = [f"    {event.email} {event.event_tag} {_VALUE.repr(event.event_data)}" for event in events]
    return ["they were:" if len(events) > 1 else "it was:", *_cut(lines, _EVENTS)]


def _last_failure(calls: Sequence[Call]) -> list[str]:
    """Often the event is not there because its call was refused."""
    failed = [call for call in calls if call.outcome != Outcome.DONE]
    if not failed:
        return []
    last = failed[-1]
    answer = "" if last.answer is None else f" and answered {_VALUE.repr(last.answer)}"
    return [f"{len(failed)} of {_count(len(calls), 'call')} failed; the last was {last.method}: {last.outcome}{answer}"]


def _cut(lines: list[str], most: int) -> list[str]:
    return lines if len(lines) <= most else [*lines[:most], f"    ... and {len(lines) - most} more"]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _were(events: Sequence[Event]) -> str:
    return "was" if len(events) == 1 else "were"
