"""The rules of ``mailkit.report.raw.*``: 25,000 rows at most, from an id on, that one included."""

from __future__ import annotations

import json
from typing import Any

from .recipients import FIELDS
from .rule import Rule, argument
from .state import State
from .store import page

__all__ = ["RULES"]

_PAGE = 25_000
_STATISTICS = tuple(f"s_{name}" for name in ("continent", "country", "region", "city", "org", "browser", "os"))
_PLACES = ("continent", "country", "code3", "code", "region", "region_code", "city")
_CLIENT = (
    "user_agent",
    "browser",
    "browser_major",
    "browser_minor",
    "browser_type",
    "os",
    "os_version",
    "device",
    "org",
)


def _rows(
    state: State, query: str, params: tuple[Any, ...], filters: tuple[str, ...], key: str
) -> list[dict[str, Any]]:
    """The rows of `query` from an id on. The first parameters are `filters`, then come the id and the limit."""
    conditions, values = [f"{key} >= ?"], [0]
    for index, column in enumerate(filters):
        if argument(params, index) not in ("", None):
            conditions.append(f"{column} = ?")
            values.append(params[index])
    values[0], limit = page(argument(params, len(filters)), argument(params, len(filters) + 1), _PAGE)
    return state.store.all(f"{query} WHERE {' AND '.join(conditions)} ORDER BY {key} LIMIT {limit}", *values)


def _messages(state: State, params: tuple[Any, ...]) -> Any:
    query = (
        "SELECT m.campaign AS ID_message, m.send AS ID_send, m.id AS ID_send_message, m.list AS ID_user_list, "
        "m.recipient AS ID_email, '' AS ID_template, m.type AS type_message, m.email AS email, "
        "IFNULL(r.added, '') AS email_date, m.date AS message_date, m.date AS date_sent, '' AS ab_version, "
        "m.status AS message_status, r.data AS fields FROM message m LEFT JOIN recipient r ON r.id = m.recipient"
    )
    return [_message(row) for row in _rows(state, query, params, ("m.campaign", "m.send"), "m.id")]


def _message(row: dict[str, Any]) -> dict[str, Any]:
    fields = {**dict.fromkeys(FIELDS, ""), **json.loads(row.pop("fields") or "{}")}
    domain = row["email"].rpartition("@")[2]
    full_name = f"{fields['first_name']} {fields['last_name']}".strip()
    return {
        **row,
        "ID_user_list": str(row["ID_user_list"]),  # text, for it may be empty
        "tld": domain.rpartition(".")[2],
        "domain": domain,
        **{name.replace("custom", "custom_"): value for name, value in fields.items()},
        "full_name": full_name,
        **dict.fromkeys(_STATISTICS, ""),
        "preview_url": "",
    }


def _responses(state: State, params: tuple[Any, ...]) -> Any:
    query = (
        "SELECT l.date AS date, m.email AS email, m.recipient AS ID_email, m.list AS ID_user_list, "
        "m.campaign AS ID_message, m.send AS ID_send, m.id AS ID_send_message, l.id AS ID_log, '' AS ab_version, "
        "l.type AS type, IFNULL(l.url, '') AS ID_url, IFNULL(url.url, '') AS link_url, "
        "IFNULL(url.title, '') AS link_title "
        "FROM response l JOIN message m ON m.id = l.message LEFT JOIN url ON url.id = l.url"
    )
    rows = _rows(state, query, params, ("m.campaign", "m.send", "m.id"), "l.id")
    empty = dict.fromkeys(
        ("link_type", "link_text", "referer", "unsubscribe_answer", "IP", "IP_orig", *_PLACES, *_CLIENT), ""
    )
    return [{**row, **_domain(row["email"]), **empty} for row in rows]


def _domain(email: str) -> dict[str, str]:
    domain = email.rpartition("@")[2]
    return {"domain": domain, "tld": domain.rpartition(".")[2]}


def _bounces(state: State, params: tuple[Any, ...]) -> Any:
    query = (
        "SELECT m.campaign AS ID_MESSAGE, b.text AS TEXT_STATUS, b.status AS STATUS, b.category AS BOUNCE_CAT, "
        "m.recipient AS ID_EMAIL, m.send AS ID_SEND, m.email AS EMAIL, '' AS UTM_CAMPAIGN, m.id AS ID_SEND_MESSGE, "
        "IFNULL(JSON_EXTRACT(c.data, '$.name'), '') AS CAMPAIGN_NAME, m.list AS ID_USER_LIST, s.subject AS SUBJECT, "
        "'' AS REMOTE_MTA, b.id AS ID_UNDELIVERED_LOG FROM bounce b JOIN message m ON m.id = b.message "
        "JOIN send s ON s.id = m.send JOIN campaign c ON c.id = m.campaign"
    )
    return _rows(state, query, params, ("m.campaign", "m.send"), "b.id")


RULES = {
    "mailkit.report.raw.messages": Rule(_messages),
    "mailkit.report.raw.responses": Rule(_responses),
    "mailkit.report.raw.bounces": Rule(_bounces),
}
