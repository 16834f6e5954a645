"""The rules of ``mailkit.report`` and ``mailkit.report.*``: queries over the messages and what people did with them.

Not modelled: conversions, revenue, forwards, prints, and the place and program of a reader; they are 0 or empty. A page
of a raw report begins with the row that was asked for.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Callable

from ..state import State
from ..store import FORM, Store, page
from .base import Refusal, Rule, argument
from .recipients import FIELDS

__all__ = ["RULES"]

# Figures of the messages `m`. READ_COUNT and CLICK_COUNT count responses; with _U they count messages.
_FIGURES = """
    COUNT(*) AS SEND_COUNT,
    IFNULL(SUM(m.status = 'sent'), 0) AS DELIVERED_COUNT,
    IFNULL(SUM((SELECT COUNT(*) FROM response r WHERE r.message = m.id AND r.type = 'open')), 0) AS READ_COUNT,
    IFNULL(SUM(EXISTS (SELECT 1 FROM response r WHERE r.message = m.id AND r.type = 'open')), 0) AS READ_COUNT_U,
    IFNULL(SUM((SELECT COUNT(*) FROM response r WHERE r.message = m.id AND r.type = 'click')), 0) AS CLICK_COUNT,
    IFNULL(SUM(EXISTS (SELECT 1 FROM response r WHERE r.message = m.id AND r.type = 'click')), 0) AS CLICK_COUNT_U,
    IFNULL(SUM((SELECT COUNT(*) FROM response r WHERE r.message = m.id AND r.type = 'unsubscribe')), 0) AS UNSUBSCRIBE,
    IFNULL(SUM((SELECT COUNT(*) FROM response r WHERE r.message = m.id AND r.type = 'spam')), 0) AS SPAM_REPORT
"""
_BASIC = ("SEND_COUNT", "DELIVERED_COUNT", "READ_COUNT", "READ_COUNT_U", "CLICK_COUNT", "CLICK_COUNT_U")

# The periods of feedback, in hours.
_PERIODS = {"DAY": 24, "WEEK": 24 * 7, "MONTH": 24 * 31}

# The rows of a page of a raw report, and its members that are always empty.
_RAW_PAGE = 25_000
_STATISTICS = tuple(f"s_{name}" for name in ("continent", "country", "region", "city", "org", "browser", "os"))
_PLACES = ("continent", "country", "code3", "code", "region", "region_code", "city")
_BROWSER = ("user_agent", "browser", "browser_major", "browser_minor", "browser_type", "os", "os_version", "device")
_RESPONSE = ("link_type", "link_text", "referer", "unsubscribe_answer", "IP", "IP_orig", *_PLACES, *_BROWSER, "org")


def _days(params: tuple[Any, ...], index: int, default: timedelta) -> tuple[str, str]:
    """The first and the last second of a range of days."""
    first, last = str(argument(params, index)), str(argument(params, index + 1))
    return first or (datetime.now() - default).strftime(FORM), f"{last} 23:59:59" if last else "9999"


def _rate(row: dict[str, Any]) -> str:
    return f"{100 * row['CLICK_COUNT_U'] / max(row['DELIVERED_COUNT'], 1):.2f}"


def _summary(state: State, params: tuple[Any, ...]) -> Any:
    rows = state.store.all(
        f"SELECT m.campaign, JSON_EXTRACT(c.data, '$.name') AS NAME, {_FIGURES} "
        "FROM message m JOIN campaign c ON c.id = m.campaign WHERE m.date BETWEEN ? AND ? "
        "GROUP BY m.campaign ORDER BY m.campaign",
        *_days(params, 0, timedelta(days=31)),
    )
    return [
        {
            "ID_MESSAGE": row["campaign"],
            "NAME": row["NAME"] or "",
            **{name: row[name] for name in _BASIC},
            "CLICK_RATE": _rate(row),
        }
        for row in rows
    ]


def _campaign(state: State, params: tuple[Any, ...]) -> Any:
    rows = state.store.all(
        f"SELECT m.send, s.subject, s.date, MAX(m.date) AS last, {_FIGURES} "
        "FROM message m JOIN send s ON s.id = m.send WHERE m.campaign = ? AND m.date BETWEEN ? AND ? "
        "GROUP BY m.send ORDER BY m.send",
        str(argument(params, 0)),
        *_days(params, 1, timedelta(days=93)),
    )
    return [
        {
            "ID_SEND": row["send"],
            "SUBJECT": row["subject"],
            "FROM": "",
            "DATE": row["date"],
            "DATE2": row["last"],
            **{name: row[name] for name in _BASIC},
            "CLICK_RATE": _rate(row),
            "CLICK_RATE2": _rate(row),
            **dict.fromkeys(("FORWARD_COUNT", "PRINT_COUNT", "CONVERSION_COUNT", "CONVERSION_COUNT_U"), 0),
            "UNSUBSCRIBE": row["UNSUBSCRIBE"],
            "SPAM_REPORT": row["SPAM_REPORT"],
            "REV": 0.0,
        }
        for row in rows
    ]


def _of_a_delivery(answer: Callable[[Store, dict[str, Any], tuple[Any, ...]], Any]) -> Rule:
    """A rule for a method whose first parameter is an ID_send."""

    def rule(state: State, params: tuple[Any, ...]) -> Any:
        if argument(params, 0) in ("", None):
            return Refusal("Missing ID_send")
        send = state.store.one("SELECT * FROM send WHERE id = ?", str(params[0]))
        return Refusal("Invalid ID_send") if send is None else answer(state.store, send, params)

    return Rule(rule)


def _message(store: Store, send: dict[str, Any], params: tuple[Any, ...]) -> Any:
    (row,) = store.all(f"SELECT {_FIGURES} FROM message m WHERE m.send = ?", send["id"])
    failed = row["SEND_COUNT"] - row["DELIVERED_COUNT"]
    return {
        "SEND_COUNT": row["SEND_COUNT"],
        "SUBJECT": send["subject"],
        "FAILED_COUNT": failed or "",  # as in the sample of the documentation
        **{name: row[name] for name in _BASIC[2:]},
        **dict.fromkeys(("MINIPAGE_CLICK_COUNT", "CONVERSION_COUNT", "CONVERSION_COUNT_U"), 0),
        "REV": 0.0,
        "DELIVERED_COUNT": row["DELIVERED_COUNT"],
        "SEND_DATE": send["date"],
        "UTM": "",
    }


def _recipients(store: Store, send: dict[str, Any], params: tuple[Any, ...]) -> Any:
    return store.all(
        "SELECT m.date AS DATE, m.id AS ID_SEND_MESSAGE, m.email AS EMAIL, m.recipient AS ID_EMAIL, "
        "m.status AS STATUS, '' AS AB_VERSION, "
        "(SELECT COUNT(*) FROM response r WHERE r.message = m.id AND r.type = 'open') AS READ_COUNT, "
        "(SELECT COUNT(*) FROM response r WHERE r.message = m.id AND r.type = 'click') AS CLICK_COUNT "
        "FROM message m WHERE m.send = ? ORDER BY m.id",
        send["id"],
    )


def _feedback(store: Store, send: dict[str, Any], params: tuple[Any, ...]) -> Any:
    period = str(argument(params, 1)) or "DAY"
    if period not in _PERIODS:
        return Refusal("Invalid period")
    until = datetime.strptime(send["date"], FORM) + timedelta(hours=_PERIODS[period])
    form = "%Y-%m-%d" if period == "MONTH" else "%Y-%m-%d %H:00"
    rows = store.all(
        "SELECT strftime(?, r.date) AS DATE, SUM(r.type = 'open') AS OPEN, SUM(r.type = 'click') AS CLICK, "
        "COUNT(DISTINCT CASE WHEN r.type = 'open' THEN r.message END) AS READ, "
        "COUNT(DISTINCT CASE WHEN r.type = 'click' THEN r.message END) AS VISIT, "
        "SUM(r.type = 'unsubscribe') AS UNSUBSCRIBE, SUM(r.type = 'spam') AS SPAM_REPORT "
        "FROM response r JOIN message m ON m.id = r.message WHERE m.send = ? AND r.date <= ? GROUP BY 1 ORDER BY 1",
        form,
        send["id"],
        until.strftime(FORM),
    )
    (total,) = store.all("SELECT COUNT(*) AS n FROM message WHERE send = ?", send["id"])
    share = 100 / max(total["n"], 1)
    return [{**row, "OPEN_P": round(row["OPEN"] * share), "VISIT_P": round(row["VISIT"] * share)} for row in rows]


def _links(store: Store, send: dict[str, Any], params: tuple[Any, ...]) -> Any:
    return store.all(
        "SELECT url.url AS URL, url.id AS ID_URL, url.title AS TITLE, SUBSTR(url.title, 1, 30) AS TITLE_SHORT, "
        "'' AS ANCHOR, '' AS AB_VERSION, COUNT(*) AS CLICK, COUNT(DISTINCT r.message) AS VISIT, 0 AS CONVERSION "
        "FROM url JOIN response r ON r.url = url.id WHERE url.send = ? GROUP BY url.id ORDER BY url.id",
        send["id"],
    )


def _visitors(store: Store, send: dict[str, Any], params: tuple[Any, ...]) -> Any:
    if argument(params, 1) in ("", None):
        return Refusal("Missing ID_url")
    rows = store.all(
        "SELECT m.recipient AS ID_EMAIL, m.email AS EMAIL, COUNT(*) AS COUNT, MAX(r.date) AS last FROM response r "
        "JOIN message m ON m.id = r.message WHERE m.send = ? AND r.url = ? GROUP BY m.recipient ORDER BY m.recipient",
        send["id"],
        str(params[1]),
    )
    return [
        {**{name: row[name] for name in ("ID_EMAIL", "EMAIL", "COUNT")}, "DATA": _data(row["last"])} for row in rows
    ]


def _data(timestamp: str) -> dict[str, str]:
    places = ("CONTINENT", "COUNTRY", "CODE", "REGION", "REGION_CODE", "CITY", "ORG", "IP", "IP_ORIG")
    client = ("REFERER", "USER_AGENT", "BROWSER", "BROWSER_MAJOR", "BROWSER_MINOR", "BROWSER_TYPE", "OS", "OS_VERSION")
    return {**dict.fromkeys(places, ""), "DATETIME": timestamp, **dict.fromkeys((*client, "DEVICE"), "")}


def _bounces(store: Store, send: dict[str, Any], params: tuple[Any, ...]) -> Any:
    return store.all(
        "SELECT m.email AS EMAIL, m.recipient AS ID_EMAIL, m.list AS ID_USER_LIST, m.id AS ID_SEND_MESSAGE, "
        "b.date AS DATE, b.status AS STATUS, IFNULL(recipient.status, '') AS EMAIL_STATUS "
        "FROM bounce b JOIN message m ON m.id = b.message LEFT JOIN recipient ON recipient.id = m.recipient "
        "WHERE m.send = ? ORDER BY b.id",
        send["id"],
    )


def _raw_rows(
    state: State, query: str, params: tuple[Any, ...], filters: tuple[str, ...], key: str
) -> list[dict[str, Any]]:
    """The rows of `query` from an id on, that one included. `params` are values for `filters`, the id and a limit."""
    conditions, values = [f"{key} >= ?"], [0]
    for index, column in enumerate(filters):
        if argument(params, index) not in ("", None):
            conditions.append(f"{column} = ?")
            values.append(params[index])
    values[0], limit = page(argument(params, len(filters)), argument(params, len(filters) + 1), _RAW_PAGE)
    return state.store.all(f"{query} WHERE {' AND '.join(conditions)} ORDER BY {key} LIMIT {limit}", *values)


def _raw_messages(state: State, params: tuple[Any, ...]) -> Any:
    query = (
        "SELECT m.campaign AS ID_message, m.send AS ID_send, m.id AS ID_send_message, m.list AS ID_user_list, "
        "m.recipient AS ID_email, '' AS ID_template, m.type AS type_message, m.email AS email, "
        "IFNULL(r.added, '') AS email_date, m.date AS message_date, m.date AS date_sent, '' AS ab_version, "
        "m.status AS message_status, r.data AS fields FROM message m LEFT JOIN recipient r ON r.id = m.recipient"
    )
    return [_raw_message(row) for row in _raw_rows(state, query, params, ("m.campaign", "m.send"), "m.id")]


def _raw_message(row: dict[str, Any]) -> dict[str, Any]:
    fields = {**dict.fromkeys(FIELDS, ""), **json.loads(row.pop("fields") or "{}")}
    domain = row["email"].rpartition("@")[2]
    full_name = f"{fields['first_name']} {fields['last_name']}".strip()
    return {
        **row,
        "ID_user_list": str(row["ID_user_list"]),  # text in Mailkit's answers, where it may be empty
        "tld": domain.rpartition(".")[2],
        "domain": domain,
        **{name.replace("custom", "custom_"): value for name, value in fields.items()},
        "full_name": full_name,
        **dict.fromkeys(_STATISTICS, ""),
        "preview_url": "",
    }


def _raw_responses(state: State, params: tuple[Any, ...]) -> Any:
    query = (
        "SELECT l.date AS date, m.email AS email, m.recipient AS ID_email, m.list AS ID_user_list, "
        "m.campaign AS ID_message, m.send AS ID_send, m.id AS ID_send_message, l.id AS ID_log, '' AS ab_version, "
        "l.type AS type, IFNULL(l.url, '') AS ID_url, IFNULL(url.url, '') AS link_url, "
        "IFNULL(url.title, '') AS link_title "
        "FROM response l JOIN message m ON m.id = l.message LEFT JOIN url ON url.id = l.url"
    )
    rows = _raw_rows(state, query, params, ("m.campaign", "m.send", "m.id"), "l.id")
    return [{**row, **_domain(row["email"]), **dict.fromkeys(_RESPONSE, "")} for row in rows]


def _domain(email: str) -> dict[str, str]:
    domain = email.rpartition("@")[2]
    return {"domain": domain, "tld": domain.rpartition(".")[2]}


def _raw_bounces(state: State, params: tuple[Any, ...]) -> Any:
    query = (
        "SELECT m.campaign AS ID_MESSAGE, b.text AS TEXT_STATUS, b.status AS STATUS, b.category AS BOUNCE_CAT, "
        "m.recipient AS ID_EMAIL, m.send AS ID_SEND, m.email AS EMAIL, '' AS UTM_CAMPAIGN, m.id AS ID_SEND_MESSGE, "
        "IFNULL(JSON_EXTRACT(c.data, '$.name'), '') AS CAMPAIGN_NAME, m.list AS ID_USER_LIST, s.subject AS SUBJECT, "
        "'' AS REMOTE_MTA, b.id AS ID_UNDELIVERED_LOG FROM bounce b JOIN message m ON m.id = b.message "
        "JOIN send s ON s.id = m.send JOIN campaign c ON c.id = m.campaign"
    )
    return _raw_rows(state, query, params, ("m.campaign", "m.send"), "b.id")


RULES = {
    "mailkit.report": Rule(_summary),
    "mailkit.report.campaign": Rule(_campaign),
    "mailkit.report.message": _of_a_delivery(_message),
    "mailkit.report.message.recipients": _of_a_delivery(_recipients),
    "mailkit.report.message.feedback": _of_a_delivery(_feedback),
    "mailkit.report.message.links": _of_a_delivery(_links),
    "mailkit.report.message.links.visitors": _of_a_delivery(_visitors),
    "mailkit.report.message.bounces": _of_a_delivery(_bounces),
    "mailkit.report.raw.messages": Rule(_raw_messages),
    "mailkit.report.raw.responses": Rule(_raw_responses),
    "mailkit.report.raw.bounces": Rule(_raw_bounces),
}
