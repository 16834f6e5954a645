"""The messages that were sent, and what people do with them. Reports are computed from both.

Every message goes through `record`, with the `Letter` that a call asked for. Nobody in the sandbox reads mail: tests
call `open_message`, `click` and `bounce` through `Sandbox`. A message has the type "email" or "sms", and the status
"sent", or "failed" after a bounce. The messages of a campaign on one day belong to one delivery (a row of `send`),
unless the call names another delivery.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ...errors import ConfigError
from ..records import dump
from ..store import Store, now
from .base import Refusal
from .recipients import set_status

__all__ = ["Letter", "Sent", "bounce", "campaign_of", "click", "open_message", "record", "settings"]

_LINK = re.compile(r"""href=["'](https?://[^"']+)["']""", re.IGNORECASE)


@dataclass(frozen=True)
class Letter:
    """What a call wants to be sent. The attributes are those of `sandbox.Message`; "" where the campaign's is meant."""

    method: str
    subject: str = ""
    body: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)
    attachments: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    undecoded: Mapping[str, Any] = field(default_factory=dict)

    def of(self, campaign: Mapping[str, str]) -> Letter:
        """The letter, with subject and body of the campaign with these settings where the call has none."""
        replaced = self.body or not {"message_data", "sms_data"}.isdisjoint(self.undecoded)
        return replace(
            self,
            subject=self.subject or campaign.get("subject", ""),
            body=self.body if replaced else campaign.get("content", ""),
        )


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
    store: Store, campaign: Mapping[str, Any], recipient: Mapping[str, Any], letter: Letter, *, delivery: str = ""
) -> Sent:
    """Keep a message of a campaign to a recipient, and the links in its body."""
    known = settings(campaign)
    letter = letter.of(known)
    timestamp = now()
    name = delivery or timestamp[:10]
    found = store.one("SELECT id FROM send WHERE campaign = ? AND name = ?", campaign["id"], name)
    if found is None:
        insert = "INSERT INTO send (campaign, date, subject, name) VALUES (?, ?, ?, ?)"
        send = store.run(insert, campaign["id"], timestamp, letter.subject, name)
    else:
        send = found["id"]
    for url in _LINK.findall(letter.body):
        store.run("INSERT OR IGNORE INTO url (send, url, title) VALUES (?, ?, ?)", send, url, url)
    columns = "send, campaign, list, recipient, email, type, date, status, data"
    message = store.run(
        f"INSERT INTO message ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, 'sent', ?)",  # noqa: S608
        send,
        campaign["id"],
        recipient["list"],
        recipient["id"],
        recipient["email"],
        known.get("type_message") or "email",
        timestamp,
        dump(vars(letter)),
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
