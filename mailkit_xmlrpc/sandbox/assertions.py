"""Comparing recorded events with those that a test wants, and the texts of failed assertions.

A wanted value is compared with ``==``, so it may contain `unittest.mock.ANY` and similar objects.
"""

from __future__ import annotations

import difflib
import reprlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..errors import Outcome
from .records import Event, ReceivedCall

__all__ = ["ANYTHING", "matching", "report_missing", "report_unwanted"]

ANYTHING: Any = object()
"""The default of arguments for which None is a value."""

_NOTHING = object()

# How much a message shows: of one value, in characters; differences; events.
_VALUE = reprlib.Repr()
_VALUE.maxstring = _VALUE.maxother = 200
_VALUE.maxdict = _VALUE.maxlist = 20
_DIFFERENCES = 12
_EVENTS = 5
# The nearest event is looked for among so many of the latest ones.
_SEARCHED = 200

Difference = tuple[str, Any, Any]


def matching(events: Sequence[Event], wanted: Mapping[str, Any]) -> list[Event]:
    """The events that have all wanted values."""
    return [event for event in events if not any(_differences(wanted, event))]


def report_missing(
    events: Sequence[Event], calls: Sequence[ReceivedCall], wanted: Mapping[str, Any], times: int | None
) -> str:
    """The text of an assertion that wanted `times` such events, or any number of them for None."""
    found = matching(events, wanted)
    if found:
        lines = [f"wanted {_count(times or 0, 'event')}, but {len(found)} {_were(found)} triggered with"]
        return "\n".join((*lines, *_wish(wanted), *_listed(found)))
    lines = ["no event was triggered with", *_wish(wanted)]
    if events:
        closest = min(reversed(events[-_SEARCHED:]), key=lambda event: _distance(wanted, event))
        lines.append(f"the nearest of {_count(len(events), 'recorded event')}:" if len(events) > 1 else "the only one:")
        lines += _cut([f"    {_told(*difference)}" for difference in _differences(wanted, closest)], _DIFFERENCES)
    else:
        lines.append("there was no event at all")
    return "\n".join((*lines, *_last_failure(calls)))


def report_unwanted(found: Sequence[Event], wanted: Mapping[str, Any]) -> str:
    """The text of an assertion that wanted no such events."""
    lines = [f"{_count(len(found), 'event')} {_were(found)} triggered that should not have been"]
    return "\n".join((*lines, *_wish(wanted), *_listed(found)))


def _differences(wanted: Mapping[str, Any], event: Event) -> Iterator[Difference]:
    for field, value in wanted.items():
        yield from _compared(field, value, getattr(event, field))


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


def _distance(wanted: Mapping[str, Any], event: Event) -> float:
    """How much an event differs: 0.5 to 1 for each field that is not as wanted, by how similar its text is."""
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


def _last_failure(calls: Sequence[ReceivedCall]) -> list[str]:
    """The last call that failed: an event is often missing because its call was refused."""
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
