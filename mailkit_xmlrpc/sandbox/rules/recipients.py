"""Recipients: finding, storing, moving and unsubscribing them. The rules of several groups share this.

A recipient is a record of one list; the same address may be in several lists. Unsubscribing applies to the address:
its records in all lists have the status "unsubscribe", and a record that is added later has it from the start.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ...errors import ConfigError
from ..store import Store, now, whole
from .base import Refusal, base64_text

__all__ = [
    "FIELDS",
    "FAULT",
    "INSERTED",
    "INSERTED_UNSUBSCRIBED",
    "STATUSES",
    "UPDATED",
    "UPDATED_UNSUBSCRIBED",
    "change",
    "confirm",
    "decoded",
    "find",
    "is_address",
    "is_unsubscribed",
    "list_id",
    "move",
    "set_status",
    "shown",
    "store_recipient",
]

STATUSES = ("enabled", "disabled", "unknown", "temporary", "permanent", "unsubscribe")

# The status in the answers of adduser and sendmail.
UPDATED, INSERTED, INSERTED_UNSUBSCRIBED, UPDATED_UNSUBSCRIBED, FAULT = range(5)

# The fields of a recipient besides address and status, in the order in which Mailkit lists them.
FIELDS = (
    *("first_name", "last_name", "prefix", "vocative", "nick_name", "gender", "reply_to", "company", "street"),
    *("city", "state", "country", "zip", "phone", "mobile", "fax"),
    *(f"custom{number}" for number in range(1, 26)),
)

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+|\+[0-9]{8,15}")


def is_address(text: Any) -> bool:
    """Whether `text` is an e-mail address, or a phone number in Mailkit's form."""
    return isinstance(text, str) and _ADDRESS.fullmatch(text) is not None


def list_id(store: Store, value: Any, name: str) -> int | Refusal:
    """The id of the mailing list with the id `value`, or the refusal, which calls the parameter `name`."""
    if value in ("", None):
        return Refusal(f"Missing {name}")
    found = store.one("SELECT id FROM mailinglist WHERE id = ?", str(value))
    return Refusal(f"Invalid {name}") if found is None else int(found["id"])


def find(store: Store, email_id: Any) -> list[dict[str, Any]]:
    """The record with this id (an int or digits), or the records with this address."""
    number = whole(email_id)
    if number is not None:
        return store.all("SELECT * FROM recipient WHERE id = ?", number)
    return store.all("SELECT * FROM recipient WHERE email = ? ORDER BY id", str(email_id))


def is_unsubscribed(store: Store, email: str) -> bool:
    """Whether the address is unsubscribed, without a limit or for a time that is not over."""
    query = "SELECT 1 FROM unsubscription WHERE email = ? AND (until = '' OR until > ?)"
    return store.one(query, email, now()) is not None


def store_recipient(
    store: Store, mailinglist: int, email: str, fields: Mapping[str, Any], status: str = ""
) -> tuple[int, int]:
    """Insert or update a recipient. Returns its id, and the status for the answer."""
    known = store.one("SELECT * FROM recipient WHERE list = ? AND email = ?", mailinglist, email)
    out = is_unsubscribed(store, email)
    if known is not None:
        change(store, known, fields)
        if status in STATUSES and not out:
            set_status(store, known["id"], status)
        return known["id"], UPDATED_UNSUBSCRIBED if out else UPDATED
    state = "unsubscribe" if out else (status if status in STATUSES else "enabled")
    data = {name: str(fields[name]) for name in FIELDS if fields.get(name)}
    timestamp = now()
    columns = "INSERT INTO recipient (list, email, status, added, changed, data) VALUES (?, ?, ?, ?, ?, ?)"
    inserted = store.run(columns, mailinglist, email, state, timestamp, timestamp, json.dumps(data))
    return inserted, INSERTED_UNSUBSCRIBED if out else INSERTED


def change(store: Store, recipient: Mapping[str, Any], fields: Mapping[str, Any]) -> None:
    """Set the fields that are in `fields`. An empty value clears a field."""
    data = {**json.loads(recipient["data"]), **{name: str(fields[name]) for name in FIELDS if name in fields}}
    store.run(
        "UPDATE recipient SET data = ?, changed = ? WHERE id = ?",
        json.dumps({name: value for name, value in data.items() if value}),
        now(),
        recipient["id"],
    )


def set_status(store: Store, recipient: int, status: str) -> None:
    """Change the status of one record."""
    store.run("UPDATE recipient SET status = ?, changed = ? WHERE id = ?", status, now(), recipient)


def move(store: Store, recipient: Mapping[str, Any], target: int) -> bool:
    """Move a record to another list, where it gets a new id. Returns False if the address is already there."""
    if store.one("SELECT 1 FROM recipient WHERE list = ? AND email = ?", target, recipient["email"]):
        return False
    store.run("DELETE FROM recipient WHERE id = ?", recipient["id"])
    columns = "INSERT INTO recipient (list, email, status, added, changed, data) VALUES (?, ?, ?, ?, ?, ?)"
    kept = (recipient["email"], recipient["status"], recipient["added"], now(), recipient["data"])
    store.run(columns, target, *kept)
    return True


def confirm(store: Store, email: str) -> list[int]:
    """Carry out the consent that a "Sent subscribe email" asked for. Returns the ids that the address has now.

    Raises ConfigError if no such e-mail was sent to the address.
    """
    with store.transaction():
        waiting = store.all("SELECT * FROM confirmation WHERE email = ? ORDER BY id", email)
        if not waiting:
            raise ConfigError("no e-mail asked this address to confirm; call adduser with confirm=True first")
        store.run("DELETE FROM confirmation WHERE email = ?", email)
        store.run("DELETE FROM unsubscription WHERE email = ?", email)
        for each in waiting:
            store_recipient(store, each["list"], email, json.loads(each["data"]), "enabled")
        for record in find(store, email):
            if record["status"] == "unsubscribe":
                set_status(store, record["id"], "enabled")
        return [record["id"] for record in find(store, email)]


def shown(recipient: Mapping[str, Any]) -> dict[str, Any]:
    """A record in the form of mailinglist.getstatus."""
    data = json.loads(recipient["data"])
    return {
        "ID_EMAIL": recipient["id"],
        "EMAIL": recipient["email"],
        "STATUS": recipient["status"],
        "DATE": recipient["added"],
        "CHANGE_DATE": recipient["changed"],
        **{re.sub(r"CUSTOM(\d)", r"CUSTOM_\1", name.upper()): data.get(name, "") for name in FIELDS},
    }


def decoded(struct: Any) -> dict[str, str]:
    """The members of a struct, decoded from Base64. A value that is not Base64 stays as it is. Not a struct: empty."""
    return {name: _text(value) for name, value in struct.items()} if isinstance(struct, dict) else {}


def _text(value: Any) -> str:
    text = base64_text(value)
    return str(value) if text is None else text
