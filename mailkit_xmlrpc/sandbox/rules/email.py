"""The rules of ``mailkit.email.*``.

The answer of email.topics is not documented; here it is "OK". Not modelled: the status of a recipient after the end of
an unsubscription for some days (it stays until a call changes it), and the confirmation after a "Sent subscribe email".
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from ...errors import FaultError
from ..state import State
from ..store import FORM, Store, now, whole
from .base import INVALID_PARAMS, Refusal, RefusalNumber, Rule, argument, is_true, struct
from .recipients import find, is_unsubscribed, list_id, move, set_status, shown

__all__ = ["RULES"]

_UNKNOWN = Refusal("Invalid ID_email or email")
# The number of days of an unsubscription.
_SHORTEST, _LONGEST = 14, 90


def _getstatus(state: State, params: tuple[Any, ...]) -> Any:
    email_id, message = argument(params, 0), argument(params, 1)
    if email_id == "" and message == "":
        return Refusal("Missing ID email")
    if email_id == "":
        query = "SELECT * FROM recipient WHERE id = (SELECT recipient FROM message WHERE id = ?)"
        records = state.store.all(query, str(message))
    else:
        records = find(state.store, email_id)
    if not records:
        by_address = isinstance(email_id, str) and email_id != "" and whole(email_id) is None
        return Refusal("") if by_address else Refusal("Invalid ID_email")
    return [{**shown(record), "ID_MAILING_LIST": record["list"]} for record in records]


def _history(state: State, params: tuple[Any, ...]) -> Any:
    wanted = struct(params, 0, "the parameter")
    email_id = wanted.get("ID_email") or wanted.get("email")
    if not email_id:
        return Refusal("Missing email")
    return [
        _delivery(state.store, message) for record in find(state.store, email_id) for message in _sent(state, record)
    ]


def _sent(state: State, recipient: dict[str, Any]) -> list[dict[str, Any]]:
    query = (
        "SELECT message.*, send.subject, send.name FROM message JOIN send ON send.id = message.send "
        "WHERE recipient = ? AND message.date >= ? ORDER BY message.id"
    )
    last_year = (datetime.now() - timedelta(days=365)).strftime(FORM)
    return state.store.all(query, recipient["id"], last_year)


def _delivery(store: Store, message: dict[str, Any]) -> dict[str, Any]:
    responses = store.all(
        "SELECT response.type, response.date, url.url FROM response LEFT JOIN url ON url.id = response.url "
        "WHERE message = ? ORDER BY response.id",
        message["id"],
    )
    kinds = [response["type"] for response in responses]
    return {
        "MESSAGE_NAME": message["name"],
        "ID_MESSAGE": message["campaign"],
        "SUBJECT": message["subject"],
        "PREVIEW": "",
        "READ_COUNT": kinds.count("open"),
        "ID_EMAIL": message["recipient"],
        "ID_SEND": message["send"],
        "DATE_SEND": message["date"],
        "EMAIL_FROM": "",
        "CLICK_COUNT": kinds.count("click"),
        "ID_SEND_MESSAGE": message["id"],
        "NAME_FROM": "",
        "ID_USER_LIST": message["list"],
        "TYPE_MESSAGE": message["type"],
        "RESPONSE_DATA": [
            {"URL": each["url"] or "", "COUNTRY": "", "REGION_CODE": "", "CITY": "", "DATE": each["date"]}
            for each in responses
        ],
    }


def _unsubscribe(state: State, params: tuple[Any, ...]) -> Any:
    records = find(state.store, argument(params, 0))
    if not records:
        return _UNKNOWN
    email, message, options = records[0]["email"], argument(params, 1), argument(params, 3)
    until = ""
    if isinstance(options, dict) and is_true(options.get("timeout")):
        days = whole(options.get("timeout_days", _SHORTEST))
        if days is None or not _SHORTEST <= days <= _LONGEST:
            return Refusal("Invalid timeout_days")
        until = (datetime.now() + timedelta(days=days)).strftime(FORM)
    insert = "INSERT INTO unsubscription (email, date, until, message) VALUES (?, ?, ?, ?)"
    state.store.run(insert, email, now(), until, message or None)
    if message:
        response = "INSERT INTO response (message, type, date, data) VALUES (?, 'unsubscribe', ?, '{}')"
        state.store.run(response, message, now())
    for record in find(state.store, email):
        set_status(state.store, record["id"], "unsubscribe")
    return records[0]["id"]


def _unsubscribe_getstatus(state: State, params: tuple[Any, ...]) -> Any:
    records = find(state.store, argument(params, 0))
    email = records[0]["email"] if records else str(argument(params, 0))
    return "TRUE" if is_unsubscribed(state.store, email) else "FALSE"


def _revalidate(state: State, params: tuple[Any, ...]) -> Any:
    records = find(state.store, argument(params, 0))
    if not records or not is_unsubscribed(state.store, records[0]["email"]):
        return Refusal(f"{argument(params, 0)} is not unsubscribed")
    if not is_true(argument(params, 2)):
        return "Sent subscribe email"
    email = records[0]["email"]
    state.store.run("DELETE FROM unsubscription WHERE email = ?", email)
    for record in find(state.store, email):
        set_status(state.store, record["id"], "enabled")
    return "Email has been revalidated"


def _move(state: State, params: tuple[Any, ...]) -> Any:
    records = find(state.store, argument(params, 0))
    target = list_id(state.store, argument(params, 1), "ID_mailing_list")
    if not isinstance(argument(params, 0), int) or not records or isinstance(target, Refusal):
        return RefusalNumber(0)
    return 1 if move(state.store, records[0], target) else RefusalNumber(0)


def _delete(state: State, params: tuple[Any, ...]) -> Any:
    ids = [record["id"] for record in find(state.store, argument(params, 0))]
    if not ids:
        return Refusal("Invalid ID_email")
    for each in ids:
        state.store.run("DELETE FROM recipient WHERE id = ?", each)
    return ids[0] if len(ids) == 1 else ",".join(map(str, ids))


def _wipe(state: State, params: tuple[Any, ...]) -> Any:
    if not argument(params, 0):
        return Refusal("Missing ID_email")
    records = find(state.store, params[0])
    if not records:
        return _UNKNOWN
    email = records[0]["email"]
    if state.store.one("SELECT 1 FROM wipe WHERE email = ?", email):
        return Refusal("Email has already been inserted")
    insert = "INSERT INTO wipe (email, recipient, date) VALUES (?, ?, ?)"
    state.store.run(insert, email, records[0]["id"], now())
    return {"ID_email": records[0]["id"], "email": email, "error": "OK", "error_status": 0}


def _topics(state: State, params: tuple[Any, ...]) -> Any:
    wanted = struct(params, 0, "the parameter")
    email = wanted.get("email")
    if not email:
        return Refusal("Missing email")
    if not find(state.store, email):
        return _UNKNOWN
    chosen = wanted.get("ID_topics", [])
    if not isinstance(chosen, list):
        raise FaultError(INVALID_PARAMS, "ID_topics must be an array")
    topics = "all" if is_true(wanted.get("activate_all")) else ",".join(map(str, chosen))
    state.store.run("INSERT OR REPLACE INTO topic_choice (email, topics) VALUES (?, ?)", email, topics)
    return "OK"


RULES = {
    "mailkit.email.getstatus": Rule(_getstatus),
    "mailkit.email.getstatus.history": Rule(_history),
    "mailkit.email.unsubscribe": Rule(_unsubscribe),
    "mailkit.email.unsubscribe.getstatus": Rule(_unsubscribe_getstatus),
    "mailkit.email.revalidate": Rule(_revalidate),
    "mailkit.email.move": Rule(_move),
    "mailkit.email.delete": Rule(_delete),
    "mailkit.email.wipe": Rule(_wipe),
    "mailkit.email.topics": Rule(_topics),
}
