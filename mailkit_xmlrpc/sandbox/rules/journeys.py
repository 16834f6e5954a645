"""The rules of ``mailkit.journeys.*``, in a module of their own as each group of Mailkit's documentation has one.

Source: https://www.mailkit.com/resources/api/journeys/mailkitjourneystrigger

Not modelled: whether a journey waits for the event, and whether the address can receive mail.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from ..records import Event
from ..state import State
from .base import Refusal, Rule

__all__ = ["RULES"]


def _trigger(state: State, params: tuple[Any, ...]) -> Any:
    struct = params[0] if params and isinstance(params[0], dict) else {}
    for name in ("email", "event_tag"):
        # The documentation has one error for each. A value that is not text counts as missing too.
        if not isinstance(struct.get(name), str) or not struct[name]:
            return Refusal(f"Missing {name}")
    event = Event(struct["email"], struct["event_tag"], struct.get("event_data"), datetime.now(timezone.utc))
    state.add_event(event)
    return {"message": "Added into scenario events queue", "status": "OK", "error_status": 0}


RULES = {"mailkit.journeys.trigger": Rule(_trigger)}
