"""Mailkit's webhooks: the requests that it posts to your URL when somebody subscribes or unsubscribes.

The body is a JSON object. Its values are strings, and the value of a member that is not set is empty. The body is not
signed, so anybody who knows the URL can post one. Treat an event as unconfirmed until you have asked Mailkit itself
(``email.getstatus``). Every invalid body raises `ResponseError`. The members are those of Mailkit's PHP client; the
page that describes them was available only in part.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from .errors import ResponseError

__all__ = ["Subscribed", "UnsubscribeMethod", "Unsubscribed", "parse"]

# Mailkit's bodies have a few kilobytes.
_MAX_BYTES = 1 << 20
_CUSTOM = re.compile(r"CUSTOM([1-9]|1[0-9]|2[0-5])")
_DATE_FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d")
# Members that only one of the two bodies has.
_OF_SUBSCRIBED = {"CHANNEL", "DATE_REQUEST", "IP_REQUEST", "UA_REQUEST"}
_OF_UNSUBSCRIBED = {"METHOD", "TIMEOUT", "EXPIRE", "UNSUBSCRIBE_ANSWER"}


class UnsubscribeMethod(str, Enum):
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
    """Somebody subscribed.

    An attribute whose member is not set or invalid is None or empty; `raw` has the member's text. The attributes that
    are not listed here have the text of the member of the same name.

    Attributes:
        email: the address.
        id_email: its ID_email.
        date: the time of the subscription, in the account's time zone.
        date_request: the time at which consent was requested, in the account's time zone.
        id_ml: the ID of the mailing list.
        ip, ip_orig, ua: the address, the address behind a proxy, and the browser with which the link in the
            confirmation e-mail was opened.
        ip_request, ip_orig_request, ua_request: the same for the form.
        channel: the way of subscribing.
        url_code: the code of the form.
        gender: "M" or "F".
        custom: the custom fields that are set, by their numbers.
        raw: all members, as text.
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
    """Somebody unsubscribed.

    An attribute whose member is not set or invalid is None or empty; `raw` has the member's text.

    Attributes:
        email: the address.
        id_email: its ID_email.
        date: the time of the unsubscription, in the account's time zone.
        ip, ip_orig: the address from which somebody unsubscribed, and the address behind a proxy.
        id_ml: the ID of the mailing list.
        id_send: the ID of the delivery that caused it.
        id_message: the ID of that delivery's campaign.
        id_topic_active: the IDs of the topics that are still subscribed.
        id_topic_inactive: the IDs of the topics that were unsubscribed.
        timeout: the duration of the unsubscription, in Mailkit's words.
        expire: the end of the unsubscription, in the account's time zone.
        method: the way of unsubscribing; an undocumented one is a str.
        unsubscribe_answer: the reason that was selected.
        unsubscribe_note: the reason that was written.
        raw: all members, as text.
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
    method: UnsubscribeMethod | str
    unsubscribe_answer: str
    unsubscribe_note: str
    raw: Mapping[str, str] = field(repr=False, hash=False)


def parse(body: bytes | str) -> Subscribed | Unsubscribed:
    """Parse the body of a webhook's request.

    Args:
        body: the body of the HTTP request.

    Raises:
        ResponseError: this is not the body of a webhook. The error has no excerpt, because anybody may have sent it.
    """
    members = _members(body)
    if not members.get("EMAIL"):
        raise ResponseError("the webhook's body has no EMAIL")
    if members.keys() & _OF_UNSUBSCRIBED and not members.keys() & _OF_SUBSCRIBED:
        return Unsubscribed(**_values(Unsubscribed, members))
    if members.keys() & _OF_SUBSCRIBED and not members.keys() & _OF_UNSUBSCRIBED:
        return Subscribed(**_values(Subscribed, members), custom=_custom(members))
    raise ResponseError("the webhook's body is neither a subscription nor an unsubscription")


def _members(body: bytes | str) -> dict[str, str]:
    """The members of the JSON object, all as text."""
    if len(body) > _MAX_BYTES:
        raise ResponseError(f"the webhook's body is larger than {_MAX_BYTES:,} bytes")
    problem = ""
    try:
        text = body if isinstance(body, str) else body.decode("utf-8-sig")
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_refused)
    except UnicodeDecodeError:
        problem = "is not UTF-8"
    except RecursionError:
        problem = "is nested too deeply"
    except ValueError as error:
        problem = f"is not JSON ({error})" if type(error) is ValueError else "is not JSON"
    if problem:
        # Outside the except blocks, or it would chain the original, which holds the body.
        raise ResponseError(f"the webhook's body {problem}")
    if not isinstance(value, dict):
        raise ResponseError("the webhook's body is not a JSON object")
    return {name: _text(member) for name, member in value.items()}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a name occurs twice")
    return members


def _refused(constant: str) -> Any:
    raise ValueError("NaN and Infinity are not allowed")


def _text(member: Any) -> str:
    """The text of a member. Mailkit sends strings; integers and null are accepted too."""
    if member is None:
        return ""
    if isinstance(member, str):
        return member
    if isinstance(member, int) and not isinstance(member, bool):
        return str(member)
    raise ResponseError("the webhook's body has a member that is not a string")


def _values(kind: type[Subscribed] | type[Unsubscribed], members: dict[str, str]) -> dict[str, Any]:
    """The attributes of an event, except the custom fields."""
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


def _datetime(text: str) -> datetime | None:
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None


def _method(text: str) -> UnsubscribeMethod | str:
    return next((method for method in UnsubscribeMethod if method.value == text), text)


# The functions that read members whose value is not text.
_READERS: dict[str, Any] = {
    **dict.fromkeys(("id_email", "id_ml", "id_send", "id_message"), _id),
    **dict.fromkeys(("id_topic_active", "id_topic_inactive"), _ids),
    **dict.fromkeys(("date", "date_request", "expire"), _datetime),
    "method": _method,
}


if TYPE_CHECKING:
    Method = UnsubscribeMethod
else:
    # Type checkers do not see this function, or every misspelt name would have the type Any.
    def __getattr__(name):
        if name == "Method":
            message = "webhooks.Method is deprecated; use webhooks.UnsubscribeMethod"
            warnings.warn(message, DeprecationWarning, stacklevel=2)
            return UnsubscribeMethod
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
