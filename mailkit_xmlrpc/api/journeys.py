"""Journeys: Mailkit's scenarios.

Source: https://www.mailkit.com/resources/api/journeys/mailkitjourneystrigger
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from ..answers import Struct
from ..call import Call, Doc, MethodSpec
from ..errors import EncodeError
from ..result import Result
from .methods import Namespace

__all__ = ["SPECS", "Journeys", "TriggerAnswer"]


class TriggerAnswer(TypedDict):
    """The struct of a successful trigger."""

    message: str
    status: str
    error_status: int


TRIGGER = MethodSpec(
    "mailkit.journeys.trigger",
    Struct(TriggerAnswer, needs=("error_status",)),
    doc=Doc("https://www.mailkit.com/resources/api/journeys/mailkitjourneystrigger"),
)
SPECS = (TRIGGER,)


class Journeys(Namespace):
    """The methods ``mailkit.journeys.*``, as `Client.journeys`."""

    _path = "journeys"

    def trigger(
        self,
        email: str,
        event_tag: str,
        event_data: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
    ) -> Result[TriggerAnswer]:
        """Put a recipient into a scenario at its ON EVENT node, or let one leave a WAIT node at once.

        Args:
            email: the recipient's address.
            event_tag: the event's name, as in the settings of the node.
            event_data: values for the scenario; can be nested. Left out of the call if None.

        Returns:
            a `Result`. Success is ``message`` "Added into scenario events queue"; refusals are "Missing email"
            and "Missing event_tag" beside those of every method. An empty email or event_tag is sent, for
            Mailkit to refuse.

        Raises:
            EncodeError: email or event_tag is not a str, event_data is not a mapping, or XML-RPC cannot carry a value.
            InDoubtError, ResponseError: the event may have been queued. It is not sent again unless the
                client's `Retry` says so.
            TransportError, FaultError: see there.

        Source: https://www.mailkit.com/resources/api/journeys/mailkitjourneystrigger
        """
        event: dict[str, Any] = {"email": email, "event_tag": event_tag}
        for name, value in event.items():
            if not isinstance(value, str):
                raise _wrong_type(name, "a str", value)
        if event_data is not None:
            if not isinstance(event_data, Mapping):
                raise _wrong_type("event_data", "a mapping or None", event_data)
            event["event_data"] = event_data
        return self._owner.send(Call(TRIGGER, (event,)), timeout=timeout)


def _wrong_type(name: str, wanted: str, value: object) -> EncodeError:
    # The struct is the third parameter, after client_id and client_md5.
    return EncodeError(f"must be {wanted}, got {type(value).__name__}", path=f"params[2].{name}", method=TRIGGER.name)
