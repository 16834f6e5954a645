"""`Event`, `Message` and `ReceivedCall`, the records of what came in, and the form of their values in the state file.

That form is JSON. A value for which JSON has no type is an object with the member "$type".
"""

from __future__ import annotations

import base64
import json
import xmlrpc.client
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Callable

__all__ = ["Event", "Message", "ReceivedCall", "dump", "load"]


@dataclass(frozen=True)
class Event:
    """An event that `mailkit.journeys.trigger` queued.

    Attributes:
        email: the recipient.
        event_tag: the name of the event.
        event_data: its values as they were sent; None if the call had none.
        time: when it was queued, in UTC.
    """

    email: str
    event_tag: str
    event_data: Any
    time: datetime


@dataclass(frozen=True)
class Message:
    """An e-mail or SMS that a call sent. Its texts are decoded from Base64.

    Attributes:
        method: the name of the method that sent it.
        to: the address or the phone number.
        subject: that of the call, or else that of the campaign; "" if there is none.
        body: the text of message_data or sms_data, or else the content of the campaign. Templates are not filled in.
        content: the values for the template; empty if the call had none.
        attachments: the names of the files. A file without a name has its URL instead.
        fields: what the call says about the recipient, such as first_name.
        undecoded: the values of the call that are not Base64 of a text in UTF-8, as they were sent, by their path, such
            as "message_data" or "content.name". In `body` and `content` they are "".
        ID_message: the campaign.
        ID_mailing_list: the list of the recipient.
        ID_send_message: its id, for `open_message`, `click` and `bounce`.
        time: when it was sent, in UTC, to the second.
    """

    method: str
    to: str
    subject: str
    body: str
    content: dict[str, Any]
    attachments: tuple[str, ...]
    fields: dict[str, Any]
    undecoded: dict[str, Any]
    ID_message: int
    ID_mailing_list: int
    ID_send_message: int
    time: datetime


@dataclass(frozen=True)
class ReceivedCall:
    """A call that came in, whether or not it was carried out.

    Attributes:
        method: the name of the method; "" if the call could not be read.
        params: the parameters after the credentials; empty if those were wrong.
        answer: the answer of the method; a fault is a struct with faultCode and faultString. None if an injected
            fault prevented the call from being carried out.
        time: when the head of the request had come in, in UTC.
        elapsed: seconds from then until the answer was ready, without the delay of an injected fault.
        outcome: `Outcome.DONE` or `Outcome.REFUSED`; or the name of the injected fault.
    """

    method: str
    params: tuple[Any, ...]
    answer: Any
    time: datetime
    elapsed: float
    outcome: str


def _bytes(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _raw_datetime(text: str) -> xmlrpc.client.DateTime:
    timestamp = xmlrpc.client.DateTime()
    timestamp.value = text
    return timestamp


# Type, its name, to text, from text.
_TYPES: tuple[tuple[type, str, Callable[[Any], str], Callable[[str], Any]], ...] = (
    (bytes, "bytes", _bytes, base64.b64decode),
    (datetime, "datetime", datetime.isoformat, datetime.fromisoformat),
    (xmlrpc.client.DateTime, "DateTime", str, _raw_datetime),
    (Decimal, "Decimal", str, Decimal),
)
_FROM_TEXT = {name: from_text for _, name, _, from_text in _TYPES}


def dump(value: Any) -> str:
    """`value`, which is one that XML-RPC can carry, as JSON."""
    return json.dumps(_plain(value), ensure_ascii=False)


def load(text: str) -> Any:
    """The value that `dump` was given; a tuple is now a list.

    Raises ValueError for any other text.
    """
    try:
        return json.loads(text, object_hook=_restored)
    except RecursionError:
        raise ValueError("a value is nested too deeply") from None
    except (ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise ValueError("a value cannot be read") from error


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        struct = {name: _plain(item) for name, item in value.items()}
        # A struct that itself has such a member is wrapped, so that it is not taken for a value of that type.
        return {"$type": "struct", "$value": list(struct.items())} if "$type" in struct else struct
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    for kind, name, to_text, _ in _TYPES:
        if isinstance(value, kind):
            return {"$type": name, "$value": to_text(value)}
    return value


def _restored(found: dict[str, Any]) -> Any:
    name = found.get("$type")
    if name is None:
        return found
    if name == "struct":
        return dict(found["$value"])
    return _FROM_TEXT[name](found["$value"])
