"""The rules of ``mailkit.mailinglist.*``.

Not modelled: templates (any number is the id of one), and the scores of Mailkit. Here a score is the share of a
recipient's messages that were opened, in percent.
"""

from __future__ import annotations

import json
from typing import Any

from ...errors import FaultError
from ..state import State
from ..store import now, page, whole
from .base import INVALID_PARAMS, Refusal, Rule, argument, is_true, struct
from .recipients import (
    FAULT,
    INSERTED,
    INSERTED_UNSUBSCRIBED,
    change,
    decoded,
    find,
    is_address,
    list_id,
    shown,
    store_recipient,
)

__all__ = ["RULES"]

_PAGE = 10_000
_SCORES = 25_000


def _list(state: State, params: tuple[Any, ...]) -> Any:
    query = "SELECT name AS NAME, id AS ID_USER_LIST, status AS STATUS, description AS DESCRIPTION FROM mailinglist"
    return state.store.all(f"{query} ORDER BY id")


def _create(state: State, params: tuple[Any, ...]) -> Any:
    name, description = argument(params, 0), argument(params, 1)
    if not name:
        return Refusal("Missing name of mailing list")
    if state.store.one("SELECT 1 FROM mailinglist WHERE name = ?", str(name)):
        return Refusal("Mailing list exist")
    insert = "INSERT INTO mailinglist (name, description) VALUES (?, ?)"
    return {"data": state.store.run(insert, str(name), str(description))}


def _delete(state: State, params: tuple[Any, ...]) -> Any:
    found = list_id(state.store, argument(params, 0), "ID_user_list")
    if isinstance(found, Refusal):
        return found
    state.store.run("DELETE FROM recipient WHERE list = ?", found)
    if not is_true(argument(params, 1)):
        state.store.run("DELETE FROM mailinglist WHERE id = ?", found)
    return {"data": "OK"}


def _adduser(state: State, params: tuple[Any, ...]) -> Any:
    found = list_id(state.store, argument(params, 0), "ID_mailing_list")
    if isinstance(found, Refusal):
        return found
    personal, address, custom = (
        decoded(struct(params, index, name)) for index, name in ((2, "personal"), (3, "address"), (4, "custom"))
    )
    email = personal.get("email", "")
    if not email:
        return Refusal("Missing email")
    if not is_address(email):
        return Refusal("Bad email syntax")
    if whole(personal.get("ID_template", "1")) is None:
        return Refusal("Invalid ID_template")
    fields = {**personal, **address, **custom}
    if is_true(argument(params, 1)):
        insert = "INSERT INTO confirmation (email, list, date, data) VALUES (?, ?, ?, ?)"
        state.store.run(insert, email, found, now(), json.dumps(fields))
        return "Sent subscribe email"
    recipient, status = store_recipient(state.store, found, email, fields, personal.get("status", ""))
    return {"data": recipient, "status": status}


def _edituser(state: State, params: tuple[Any, ...]) -> Any:
    found = list_id(state.store, argument(params, 0), "ID_mailing_list")
    if isinstance(found, Refusal):
        return found
    if not argument(params, 1):
        return Refusal("Missing ID_email")
    records = [record for record in find(state.store, params[1]) if record["list"] == found]
    if not records:
        return Refusal("Invalid ID_email")
    fields: dict[str, str] = {}
    for index, name in ((3, "personal"), (4, "address"), (5, "custom")):
        fields.update(decoded(struct(params, index, name)))
    change(state.store, records[0], fields)
    return "OK"


def _import(state: State, params: tuple[Any, ...]) -> Any:
    found = list_id(state.store, argument(params, 0), "ID_user_list")
    if isinstance(found, Refusal):
        return found
    recipients = argument(params, 1)
    if not isinstance(recipients, list) or not all(isinstance(recipient, dict) for recipient in recipients):
        raise FaultError(INVALID_PARAMS, "recipients must be an array of structs")
    invalid = [str(each.get("email", "")) for each in recipients if not is_address(each.get("email"))]
    new = updated = 0
    for recipient in recipients:
        if is_address(recipient.get("email")):
            status = str(recipient.get("status", ""))
            _, stored = store_recipient(state.store, found, recipient["email"], recipient, status)
            new += stored in (INSERTED, INSERTED_UNSUBSCRIBED)
            updated += stored not in (INSERTED, INSERTED_UNSUBSCRIBED, FAULT)
    return {
        "invalid_emails": invalid,
        "count_all": len(recipients),
        "count_new": new,
        "count_updated": updated,
        "count_bad": len(invalid),
    }


def _getstatus(state: State, params: tuple[Any, ...]) -> Any:
    found = list_id(state.store, argument(params, 0), "ID_user_list")
    if isinstance(found, Refusal):
        return found
    start, limit = page(argument(params, 3), argument(params, 4), _PAGE)
    rows = state.store.all(
        "SELECT * FROM recipient WHERE list = ? AND (? = '' OR status = ?) AND changed >= ? AND id >= ? "
        "ORDER BY id LIMIT ?",
        found,
        *[str(argument(params, 1))] * 2,
        str(argument(params, 2)),
        start,
        limit,
    )
    return [shown(row) for row in rows]


def _engagement(state: State, params: tuple[Any, ...]) -> Any:
    found = list_id(state.store, argument(params, 0), "ID_user_list")
    if isinstance(found, Refusal):
        return found
    start, limit = page(argument(params, 1), argument(params, 2), _SCORES)
    return state.store.all(
        "SELECT IFNULL((SELECT 100 * COUNT(DISTINCT response.message) / COUNT(DISTINCT message.id) FROM message "
        "LEFT JOIN response ON response.message = message.id AND response.type = 'open' "
        "WHERE message.recipient = recipient.id), 0) AS SCORE, id AS ID_EMAIL "
        "FROM recipient WHERE list = ? AND id >= ? ORDER BY id LIMIT ?",
        found,
        start,
        limit,
    )


def _unsubscribed(state: State, params: tuple[Any, ...]) -> Any:
    query = "SELECT date AS DATE, email AS EMAIL, 0 AS ID_UNSUBSCRIBE_GROUP FROM unsubscription WHERE date >= ?"
    return state.store.all(f"{query} ORDER BY date, id", str(argument(params, 0)))


RULES = {
    "mailkit.mailinglist.list": Rule(_list),
    "mailkit.mailinglist.create": Rule(_create),
    "mailkit.mailinglist.delete": Rule(_delete),
    "mailkit.mailinglist.adduser": Rule(_adduser),
    "mailkit.mailinglist.edituser": Rule(_edituser),
    "mailkit.mailinglist.import": Rule(_import),
    "mailkit.mailinglist.getstatus": Rule(_getstatus),
    "mailkit.mailinglist.engagement": Rule(_engagement),
    "mailkit.mailinglist.unsubscribed": Rule(_unsubscribed),
}
