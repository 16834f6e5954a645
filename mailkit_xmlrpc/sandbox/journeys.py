"""The rules of ``mailkit.journeys.*``.

Source: https://www.mailkit.com/resources/api/journeys/mailkitjourneystrigger

Not modelled: whether a journey waits for the event, and whether the address could receive anything.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from .records import Event
from .rule import Refusal, Rule
from .state import State

__all__ = ["RULES"]


def _trigger(state: State, params: tuple[Any, ...]) -> Any:
    struct = params[0] if params and isinstance(params[0], dict) else {}
    for name in ("email", "event_tag"):
        # The page knows one error for each: missing. What is no text counts as missing too.
        if not isinstance(struct.get(name), str) or not struct[name]:
            return Refusal(f"Missing {name}")
    event = Event(struct["email"], struct["event_tag"], struct.get("event_data"), datetime.now(timezone.utc))
    state.add_event(event)
    return {"message": "Added into scenario events queue", "status": "OK", "error_status": 0}


RULES = {"mailkit.journeys.trigger": Rule(_trigger)}
