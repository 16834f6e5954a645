"""The messages that were sent, and what people do with them. Reports are computed from both.

Every message goes through `record`. Nobody in the sandbox reads mail: tests call `open_message`, `click` and `bounce`
through `Sandbox`. A message has the type "email" or "sms", and the status "sent", or "failed" after a bounce. The
messages of a campaign on one day belong to one delivery (a row of `send`), unless the call names another delivery.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import ConfigError
from ..store import Store, now
from .base import Refusal
from .recipients import set_status

__all__ = ["Sent", "bounce", "campaign_of", "click", "open_message", "record", "settings"]

_LINK = re.compile(r"""href=["'](https?://[^"']+)["']""", re.IGNORECASE)


@dataclass(frozen=True)
class Sent:
    """A message that was recorded: the ID_send of its delivery, and its own ID_send_message."""

    send: int
    message: int


def campaign_of(store: Store, value: Any) -> dict[str, Any] | Refusal:
    """The campaign with the id `value`, or the refusal."""
    if value in ("", None):
        return Refusal("Missing ID_message")
    return store.one("SELECT * FROM campaign WHERE id = ?", str(value)) or Refusal("Invalid ID_message")


def settings(campaign: Mapping[str, Any]) -> dict[str, str]:
    """The settings of a campaign, as text."""
    found: dict[str, str] = json.loads(campaign["data"])
    return found


def record(
    store: Store,
    campaign: Mapping[str, Any],
    recipient: Mapping[str, Any],
    *,
    subject: str = "",
    body: str = "",
    delivery: str = "",
) -> Sent:
    """Keep a message of a campaign to a recipient, and the links in its body."""
    known = settings(campaign)
    timestamp = now()
    name = delivery or timestamp[:10]
    found = store.one("SELECT id FROM send WHERE campaign = ? AND name = ?", campaign["id"], name)
    if found is None:
        insert = "INSERT INTO send (campaign, date, subject, name) VALUES (?, ?, ?, ?)"
        send = store.run(insert, campaign["id"], timestamp, subject or known.get("subject", ""), name)
    else:
        send = found["id"]
    for url in _LINK.findall(body or known.get("content", "")):
        store.run("INSERT OR IGNORE INTO url (send, url, title) VALUES (?, ?, ?)", send, url, url)
    columns = "send, campaign, list, recipient, email, type, date, status, data"
    message = store.run(
        f"INSERT INTO message ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, 'sent', '{{}}')",  # noqa: S608
        send,
        campaign["id"],
        recipient["list"],
        recipient["id"],
        recipient["email"],
        known.get("type_message") or "email",
        timestamp,
    )
    return Sent(send, message)


def open_message(store: Store, message: int) -> int:
    """Record that a message was opened. Returns the ID_log of the response. Raises ConfigError."""
    with store.transaction():
        _message(store, message)
        return _respond(store, message, "open", None)


def click(store: Store, message: int, url: str) -> int:
    """Record a click on a link in a message. Returns the ID_log of the response. Raises ConfigError."""
    with store.transaction():
        send = _message(store, message)["send"]
        store.run("INSERT OR IGNORE INTO url (send, url, title) VALUES (?, ?, ?)", send, url, url)
        (link,) = store.all("SELECT id FROM url WHERE send = ? AND url = ?", send, url)
        return _respond(store, message, "click", link["id"])


def bounce(store: Store, message: int, status: str, text: str) -> int:
    """Record that a message came back. Returns the ID_undelivered_log. Raises ConfigError.

    The recipient is "permanent" after a status 5.x.x, and "temporary" otherwise.
    """
    with store.transaction():
        recipient = _message(store, message)["recipient"]
        hard = status.startswith("5")
        store.run("UPDATE message SET status = 'failed' WHERE id = ?", message)
        set_status(store, recipient, "permanent" if hard else "temporary")
        columns = "INSERT INTO bounce (message, date, status, text, category) VALUES (?, ?, ?, ?, ?)"
        return store.run(columns, message, now(), status, text, "hard" if hard else "soft")


def _message(store: Store, message: int) -> dict[str, Any]:
    found = store.one("SELECT * FROM message WHERE id = ?", message)
    if found is None:
        raise ConfigError(f"no message has the ID_send_message {message}; use one that a call has answered")
    return found


def _respond(store: Store, message: int, kind: str, link: int | None) -> int:
    columns = "INSERT INTO response (message, type, url, date, data) VALUES (?, ?, ?, ?, '{}')"
    return store.run(columns, message, kind, link, now())
