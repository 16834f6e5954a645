"""Mailkit's webhooks: what it posts to a URL of yours when somebody subscribes or unsubscribes.

The body is JSON whose values are all strings, an empty one for what is not set. It is not signed: whoever knows the
URL can post what he likes, so nothing here is more than a claim until Mailkit itself was asked (``email.getstatus``).
What does not read is one `ResponseError`, whatever it is. The facts are from Mailkit's PHP client; the page that
describes them was seen in part.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import Enum
from typing import Any

from .errors import ResponseError

__all__ = ["Method", "Subscribed", "Unsubscribed", "parse"]

# Honest bodies have some kilobytes.
_MOST_BYTES = 1 << 20
_CUSTOM = re.compile(r"CUSTOM([1-9]|1[0-9]|2[0-5])")
_DATE_FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d")
# Members that only one of the two has.
_OF_SUBSCRIBED = {"CHANNEL", "DATE_REQUEST", "IP_REQUEST", "UA_REQUEST"}
_OF_UNSUBSCRIBED = {"METHOD", "TIMEOUT", "EXPIRE", "UNSUBSCRIBE_ANSWER"}


class Method(str, Enum):
    """How somebody unsubscribed."""

    LINK_IN_MAIL = "link_in_mail"
    MANUAL = "manual"
    SPAM_REPORT = "spam_report"
    LIST_UNSUBSCRIBE_MAIL = "list-unsubscribe_mail"
    API_UNSUBSCRIBE = "api_unsubscribe"
    LIST_UNSUBSCRIBE_ONECLICK = "list-unsubscribe_oneclick"
    TIMEOUT = "timeout"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True)
class Subscribed:
    """Somebody subscribed. What is not set, or does not read, is None or an empty string; `raw` has it as it came.

    Attributes:
        email: the address.
        id_email: its ID_email.
        date: when, in the account's own time; so date_request, when consent was asked for.
        id_ml: the mailing list.
        ip: from where the link in the confirmation e-mail was followed, `ip_orig` behind a proxy, with the browser
            `ua`; ip_request, ip_orig_request and ua_request are those of the form.
        channel: how.
        url_code: the form's.
        gender: "M" or "F".
        custom: the custom fields that are set, by their numbers.
        raw: all members.
    """

    email: str
    id_email: int | None
    date: datetime | None
    ip: str
    ip_orig: str
    id_ml: int | None
    channel: str
    ua: str
    date_request: datetime | None
    ua_request: str
    ip_request: str
    ip_orig_request: str
    url_code: str
    first_name: str
    last_name: str
    fax: str
    gender: str
    mobile: str
    nick_name: str
    phone: str
    prefix: str
    reply_to: str
    state: str
    street: str
    vocative: str
    zip: str
    city: str
    company: str
    country: str
    custom: Mapping[int, str] = field(hash=False)
    raw: Mapping[str, str] = field(repr=False, hash=False)


@dataclass(frozen=True)
class Unsubscribed:
    """Somebody unsubscribed. What is not set, or does not read, is None or an empty string; `raw` has it as it came.

    Attributes:
        email: the address.
        id_email: its ID_email.
        date: when, in the account's own time; so expire, until when.
        id_ml: the mailing list.
        id_send: the delivery that caused it, and id_message its campaign.
        id_topic_active: the topics that remain, and id_topic_inactive those that were left.
        timeout: for how long, as Mailkit says it.
        method: how; a word that is not documented stays a str.
        unsubscribe_answer: the reason that was chosen, and unsubscribe_note what was written.
        raw: all members.
    """

    email: str
    id_email: int | None
    date: datetime | None
    ip: str
    ip_orig: str
    id_ml: int | None
    id_send: int | None
    id_message: int | None
    id_topic_active: tuple[int, ...]
    id_topic_inactive: tuple[int, ...]
    timeout: str
    expire: datetime | None
    method: Method | str
    unsubscribe_answer: str
    unsubscribe_note: str
    raw: Mapping[str, str] = field(repr=False, hash=False)


def parse(body: bytes | str) -> Subscribed | Unsubscribed:
    """What a webhook was called with.

    Args:
        body: the HTTP request's body.

    Raises:
        ResponseError: it is no such body. Its excerpt is left out: it may hold anything.
    """
    members = _members(body)
    if not members.get("EMAIL"):
        raise ResponseError("the webhook's body has no EMAIL")
    if members.keys() & _OF_UNSUBSCRIBED and not members.keys() & _OF_SUBSCRIBED:
        return Unsubscribed(**_values(Unsubscribed, members))
    if members.keys() & _OF_SUBSCRIBED and not members.keys() & _OF_UNSUBSCRIBED:
        return Subscribed(**_values(Subscribed, members), custom=_custom(members))
    raise ResponseError("the webhook's body is that of neither a subscription nor an unsubscription")


def _members(body: bytes | str) -> dict[str, str]:
    """The members of the JSON object, all as text."""
    if len(body) > _MOST_BYTES:
        raise ResponseError(f"the webhook's body is larger than {_MOST_BYTES:,} bytes")
    problem = ""
    try:
        text = body if isinstance(body, str) else body.decode("utf-8-sig")
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_refused)
    except UnicodeDecodeError:
        problem = "is no UTF-8"
    except RecursionError:
        problem = "is nested too deeply"
    except ValueError as error:
        problem = f"is no JSON ({error.args[0] if type(error) is ValueError else 'it does not read'})"
    if problem:
        # Out here, so that nothing that holds the body is chained to it.
        raise ResponseError(f"the webhook's body {problem}")
    if not isinstance(value, dict):
        raise ResponseError("the webhook's body is no JSON object")
    return {name: _text(member) for name, member in value.items()}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a name is there twice")
    return members


def _refused(constant: str) -> Any:
    raise ValueError("NaN and Infinity are no JSON")


def _text(member: Any) -> str:
    """Mailkit sends strings; what is a number or null is read as one."""
    if member is None:
        return ""
    if isinstance(member, str):
        return member
    if isinstance(member, int) and not isinstance(member, bool):
        return str(member)
    raise ResponseError("the webhook's body has a member that is no string")


def _values(kind: type[Subscribed] | type[Unsubscribed], members: dict[str, str]) -> dict[str, Any]:
    """The attributes of an event, but for the custom fields."""
    values: dict[str, Any] = {"raw": members}
    for attribute in fields(kind):
        if attribute.name not in ("custom", "raw"):
            text = members.get(attribute.name.upper(), "")
            values[attribute.name] = _READERS.get(attribute.name, str)(text)
    return values


def _custom(members: dict[str, str]) -> dict[int, str]:
    matches = {_CUSTOM.fullmatch(name): value for name, value in members.items() if value}
    return {int(match[1]): value for match, value in matches.items() if match}


def _id(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


def _ids(text: str) -> tuple[int, ...]:
    return tuple(each for each in map(_id, re.split(r"[,;\s]+", text)) if each is not None)


def _moment(text: str) -> datetime | None:
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None


def _method(text: str) -> Method | str:
    return next((method for method in Method if method.value == text), text)


# How the members that are no text are read.
_READERS: dict[str, Any] = {
    **dict.fromkeys(("id_email", "id_ml", "id_send", "id_message"), _id),
    **dict.fromkeys(("id_topic_active", "id_topic_inactive"), _ids),
    **dict.fromkeys(("date", "date_request", "expire"), _moment),
    "method": _method,
}
