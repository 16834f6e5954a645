"""What was sent: every message goes through `record`, so that reports can be computed from it.

A message has the type "email" or "sms", and the status "sent", or "failed" once it has bounced. Messages of a campaign
on one day belong to one delivery (a row of `send`), unless they name their delivery otherwise.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .rule import Refusal
from .store import Store, now

__all__ = ["Sent", "campaign_of", "record", "settings"]

_LINK = re.compile(r"""href=["'](https?://[^"']+)["']""", re.IGNORECASE)


@dataclass(frozen=True)
class Sent:
    """A message that was recorded: its delivery's ID_send and its own ID_send_message."""

    send: int
    message: int


def campaign_of(store: Store, value: Any) -> dict[str, Any] | Refusal:
    """The campaign that a parameter names, or the refusal."""
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
    moment = now()
    name = delivery or moment[:10]
    found = store.one("SELECT id FROM send WHERE campaign = ? AND name = ?", campaign["id"], name)
    if found is None:
        insert = "INSERT INTO send (campaign, date, subject, name) VALUES (?, ?, ?, ?)"
        send = store.run(insert, campaign["id"], moment, subject or known.get("subject", ""), name)
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
        moment,
    )
    return Sent(send, message)
