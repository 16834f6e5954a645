"""The rules of ``mailkit.report`` and ``mailkit.report.*``, but for the raw ones: queries over what happened.

Not modelled: conversions, revenue, forwards, prints and where somebody clicked from; they are 0 or empty.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Callable

from .rule import Refusal, Rule, argument
from .state import State
from .store import FORM, Store

__all__ = ["RULES"]

# Of some messages (`m`): sent, arrived; opens and clicks, each also by how many messages.
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

# The hours of feedback's periods.
_PERIODS = {"DAY": 24, "WEEK": 24 * 7, "MONTH": 24 * 31}


def _days(params: tuple[Any, ...], index: int, default: timedelta) -> tuple[str, str]:
    """The first and the last moment of a range of days."""
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
    """The rule of a method whose first parameter is an ID_send."""

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
        "FAILED_COUNT": failed or "",  # an empty string, as in the page's sample
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


def _data(moment: str) -> dict[str, str]:
    places = ("CONTINENT", "COUNTRY", "CODE", "REGION", "REGION_CODE", "CITY", "ORG", "IP", "IP_ORIG")
    client = ("REFERER", "USER_AGENT", "BROWSER", "BROWSER_MAJOR", "BROWSER_MINOR", "BROWSER_TYPE", "OS", "OS_VERSION")
    return {**dict.fromkeys(places, ""), "DATETIME": moment, **dict.fromkeys((*client, "DEVICE"), "")}


def _bounces(store: Store, send: dict[str, Any], params: tuple[Any, ...]) -> Any:
    return store.all(
        "SELECT m.email AS EMAIL, m.recipient AS ID_EMAIL, m.list AS ID_USER_LIST, m.id AS ID_SEND_MESSAGE, "
        "b.date AS DATE, b.status AS STATUS, IFNULL(recipient.status, '') AS EMAIL_STATUS "
        "FROM bounce b JOIN message m ON m.id = b.message LEFT JOIN recipient ON recipient.id = m.recipient "
        "WHERE m.send = ? ORDER BY b.id",
        send["id"],
    )


RULES = {
    "mailkit.report": Rule(_summary),
    "mailkit.report.campaign": Rule(_campaign),
    "mailkit.report.message": _of_a_delivery(_message),
    "mailkit.report.message.recipients": _of_a_delivery(_recipients),
    "mailkit.report.message.feedback": _of_a_delivery(_feedback),
    "mailkit.report.message.links": _of_a_delivery(_links),
    "mailkit.report.message.links.visitors": _of_a_delivery(_visitors),
    "mailkit.report.message.bounces": _of_a_delivery(_bounces),
}
