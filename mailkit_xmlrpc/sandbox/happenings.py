"""What people do with messages: nobody in the sandbox does anything by himself, so a test lets it happen here."""

from __future__ import annotations

import json
from typing import Any

from ..errors import ConfigError
from .recipients import find, set_status, store_recipient
from .store import Store, now

__all__ = ["bounce", "click", "confirm", "open_message"]


def open_message(store: Store, message: int) -> int:
    """Somebody opens a message: the id of the response (ID_log)."""
    with store.transaction():
        _message(store, message)
        return _respond(store, message, "open", None)


def click(store: Store, message: int, url: str) -> int:
    """Somebody clicks a link in a message: the id of the response (ID_log)."""
    with store.transaction():
        send = _message(store, message)["send"]
        store.run("INSERT OR IGNORE INTO url (send, url, title) VALUES (?, ?, ?)", send, url, url)
        (link,) = store.all("SELECT id FROM url WHERE send = ? AND url = ?", send, url)
        return _respond(store, message, "click", link["id"])


def bounce(store: Store, message: int, status: str, text: str) -> int:
    """A message comes back: the id of the bounce (ID_undelivered_log). After 5.x.x the recipient is "permanent"."""
    with store.transaction():
        recipient = _message(store, message)["recipient"]
        hard = status.startswith("5")
        store.run("UPDATE message SET status = 'failed' WHERE id = ?", message)
        set_status(store, recipient, "permanent" if hard else "temporary")
        columns = "INSERT INTO bounce (message, date, status, text, category) VALUES (?, ?, ?, ?, ?)"
        return store.run(columns, message, now(), status, text, "hard" if hard else "soft")


def confirm(store: Store, email: str) -> list[int]:
    """Somebody follows the link of a "Sent subscribe email": the ids of the recipients that are there now."""
    with store.transaction():
        waiting = store.all("SELECT * FROM confirmation WHERE email = ? ORDER BY id", email)
        if not waiting:
            raise ConfigError("nobody of this address was asked to confirm anything")
        store.run("DELETE FROM confirmation WHERE email = ?", email)
        store.run("DELETE FROM unsubscription WHERE email = ?", email)
        for each in waiting:
            store_recipient(store, each["list"], email, json.loads(each["data"]), "enabled")
        for record in find(store, email):
            if record["status"] == "unsubscribe":
                set_status(store, record["id"], "enabled")
        return [record["id"] for record in find(store, email)]


def _message(store: Store, message: int) -> dict[str, Any]:
    found = store.one("SELECT * FROM message WHERE id = ?", message)
    if found is None:
        raise ConfigError(f"no message has the ID_send_message {message}")
    return found


def _respond(store: Store, message: int, kind: str, link: int | None) -> int:
    columns = "INSERT INTO response (message, type, url, date, data) VALUES (?, ?, ?, ?, '{}')"
    return store.run(columns, message, kind, link, now())
