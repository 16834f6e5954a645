"""What came in: `Call` and `Event`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

__all__ = ["Call", "Event"]


@dataclass(frozen=True)
class Event:
    """An event that `mailkit.journeys.trigger` queued.

    Attributes:
        email: the recipient.
        event_tag: the event's name.
        event_data: its values as they came; None where there were none.
        time: when it was queued, in UTC.
    """

    email: str
    event_tag: str
    event_data: Any
    time: datetime


@dataclass(frozen=True)
class Call:
    """A call that came in, whatever became of it.

    Attributes:
        method: the method's name; "" where the call could not be read.
        params: the parameters after the credentials; empty where those were wrong.
        answer: what the method answered, a fault as a struct with faultCode and faultString. None where an
            injected fault kept the method from being carried out.
        time: when the call began to come in, in UTC.
        elapsed: seconds from then until its answer was ready, before any delay on purpose.
        outcome: `Outcome.DONE` or `Outcome.REFUSED`; or the name of the injected fault that hit the call.
    """

    method: str
    params: tuple[Any, ...]
    answer: Any
    time: datetime
    elapsed: float
    outcome: str
