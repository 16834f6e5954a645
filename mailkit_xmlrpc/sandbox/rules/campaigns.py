"""The rules of ``mailkit.campaigns.*``.

The answers of update, single.schedule, schedule.cancel and history are not documented. Here the first three answer
"OK", and history answers with the deliveries. A campaign that is scheduled "now" is sent at once to the recipients of
its list that may be mailed. A campaign for later is never sent: the sandbox has no clock. Not modelled: queries,
templates, delivery feeds and A/B tests.
"""

from __future__ import annotations

import json
import re
from typing import Any

from ..state import State
from ..store import now, whole
from .base import Refusal, Rule, argument, struct
from .messages import Letter, campaign_of, record, settings
from .recipients import decoded, is_unsubscribed

__all__ = ["RULES"]

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}")

# A few of the many time zones of Mailkit, with their abbreviations and their offset in winter.
_ZONES = {
    "Africa/Abidjan": (["GMT"], "+00:00"),
    "Europe/Bratislava": (["CET", "CEST"], "+01:00"),
    "Europe/London": (["GMT", "BST"], "+00:00"),
    "Europe/Prague": (["CET", "CEST"], "+01:00"),
    "UTC": (["UTC"], "+00:00"),
}
_HOME = "Europe/Prague"


def _list(state: State, params: tuple[Any, ...]) -> Any:
    wanted = str(argument(params, 0))
    found = state.store.all("SELECT * FROM campaign WHERE ? = '' OR id = ? ORDER BY id", wanted, wanted)
    return [_shown(state, campaign) for campaign in found] or ""


def _shown(state: State, campaign: dict[str, Any]) -> dict[str, Any]:
    known = settings(campaign)
    last = state.store.one("SELECT date FROM send WHERE campaign = ? ORDER BY id DESC", campaign["id"])
    row = {
        "NAME": known.get("name", ""),
        "ID_MESSAGE": campaign["id"],
        "SUBJECT": known.get("subject", ""),
        "SUBJECT_B": "",
        "MSG_TYPE": known.get("type_message") or "email",
        "CAMPAIGN_TYPE": "normal",
        "USE_AB": False,
        "TEST_MODE": known.get("test_mode", "").upper() == "TRUE",
        "SEND_DATE": "",
        "TIME_ZONE": _HOME,
        "LAST_SENT": last["date"] if last else "",
        "REPEAT": False,
        "REPEAT_COUNT": 0,
        "PERIOD": "",
        "DAYS": "",
        "STATUS": "enabled",
        "TYPE": "single",
    }
    if (target := whole(known.get("ID_mailing_list"))) is not None:
        row["USER_LIST"] = target  # an int and not an array, as in the sample of the documentation
    return row


def _create(state: State, params: tuple[Any, ...]) -> Any:
    data = json.dumps(decoded(struct(params, 0, "campaign")))
    return state.store.run("INSERT INTO campaign (created, data) VALUES (?, ?)", now(), data)


def _update(state: State, params: tuple[Any, ...]) -> Any:
    campaign = campaign_of(state.store, argument(params, 0))
    if isinstance(campaign, Refusal):
        return campaign
    data = {**settings(campaign), **decoded(struct(params, 2, "campaign"))}
    state.store.run("UPDATE campaign SET data = ? WHERE id = ?", json.dumps(data), campaign["id"])
    return "OK"


def _schedule(state: State, params: tuple[Any, ...]) -> Any:
    campaign = campaign_of(state.store, argument(params, 0))
    if isinstance(campaign, Refusal):
        return campaign
    subject, when, zone = (str(argument(params, index)) for index in (1, 2, 3))
    if not when:
        return Refusal("Missing send_date")
    if zone and zone not in _ZONES:
        return Refusal("Invalid time_zone")
    if when == "now":
        _send_all(state, campaign, subject)
        return "OK"
    if not _DATE.fullmatch(when):
        return Refusal("Invalid send_date")
    columns = (
        "INSERT INTO schedule (campaign, created, date_send, time_zone, subject, data) VALUES (?, ?, ?, ?, ?, '{}')"
    )
    offset = _ZONES[zone or _HOME][1]
    subject = subject or settings(campaign).get("subject", "")
    state.store.run(columns, campaign["id"], now(), f"{when}:00", offset, subject)
    return "OK"


def _send_all(state: State, campaign: dict[str, Any], subject: str) -> None:
    target = settings(campaign).get("ID_mailing_list", "")
    query = "SELECT * FROM recipient WHERE list = ? AND status = 'enabled' ORDER BY id"
    timestamp, letter = now(), Letter("mailkit.campaigns.single.schedule", subject=subject)
    for recipient in state.store.all(query, target):
        if not is_unsubscribed(state.store, recipient["email"]):
            record(state.store, campaign, recipient, letter, delivery=timestamp)


def _schedule_list(state: State, params: tuple[Any, ...]) -> Any:
    wanted = argument(params, 0)
    rows = state.store.all(
        "SELECT created AS DATE, subject AS SUBJECT, '' AS SUBJECT_B, time_zone AS TIME_ZONE, date_send AS DATE_SEND, "
        "'FALSE' AS USE_AB, id AS ID_SEND_MESSAGE_QUEUE FROM schedule WHERE ? = '' OR campaign = ? ORDER BY id",
        *[str(wanted)] * 2,
    )
    return {"ID_message": wanted or 0, "error": 0, "data": rows or ""}


def _timezones(state: State, params: tuple[Any, ...]) -> Any:
    return [{"TIMEZONE": name, "TZ_CODES": codes} for name, (codes, _) in _ZONES.items()]


def _cancel(state: State, params: tuple[Any, ...]) -> Any:
    if not argument(params, 0):
        return Refusal("Missing ID_send_message_queue")
    if not state.store.one("SELECT 1 FROM schedule WHERE id = ?", str(params[0])):
        return Refusal("Invalid ID_send_message_queue")
    state.store.run("DELETE FROM schedule WHERE id = ?", str(params[0]))
    return "OK"


def _history(state: State, params: tuple[Any, ...]) -> Any:
    wanted = str(argument(params, 0))
    query = "SELECT id AS ID_SEND, campaign AS ID_MESSAGE, date AS DATE, subject AS SUBJECT FROM send"
    return state.store.all(f"{query} WHERE ? = '' OR campaign = ? ORDER BY id", wanted, wanted)


RULES = {
    "mailkit.campaigns.list": Rule(_list),
    "mailkit.campaigns.create": Rule(_create),
    "mailkit.campaigns.update": Rule(_update),
    "mailkit.campaigns.single.schedule": Rule(_schedule),
    "mailkit.campaigns.schedule.list": Rule(_schedule_list),
    "mailkit.campaigns.schedule.timezones": Rule(_timezones),
    "mailkit.campaigns.schedule.cancel": Rule(_cancel),
    "mailkit.campaigns.history": Rule(_history),
}
