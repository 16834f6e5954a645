"""What the methods ``mailkit.report.raw.*`` answer."""

from __future__ import annotations

from typing import TypedDict

from ..result import Certainty
from .listing import listing
from .shapes import ident

__all__ = ["BOUNCES", "MESSAGES", "RESPONSES", "SPECS", "RawBounce", "RawMessage", "RawResponse"]


class RawMessage(TypedDict, total=False):
    """A message that was sent. ID_user_list and ID_template are None where there is none."""

    ID_message: int
    ID_send: int
    ID_send_message: int
    ID_user_list: int | None
    ID_email: int
    ID_template: int | None
    type_message: str
    email: str
    email_date: str
    message_date: str
    date_sent: str
    ab_version: str
    message_status: str
    tld: str
    domain: str
    custom_1: str
    custom_2: str
    custom_3: str
    custom_4: str
    custom_5: str
    custom_6: str
    custom_7: str
    custom_8: str
    custom_9: str
    custom_10: str
    custom_11: str
    custom_12: str
    custom_13: str
    custom_14: str
    custom_15: str
    custom_16: str
    custom_17: str
    custom_18: str
    custom_19: str
    custom_20: str
    custom_21: str
    custom_22: str
    custom_23: str
    custom_24: str
    custom_25: str
    prefix: str
    vocative: str
    first_name: str
    last_name: str
    full_name: str
    nick_name: str
    gender: str
    reply_to: str
    company: str
    street: str
    city: str
    state: str
    country: str
    zip: str
    phone: str
    mobile: str
    fax: str
    s_continent: str
    s_country: str
    s_region: str
    s_city: str
    s_org: str
    s_browser: str
    s_os: str
    preview_url: str


class RawResponse(TypedDict, total=False):
    """What somebody did with a message."""

    date: str
    email: str
    ID_email: int
    ID_user_list: int | None
    ID_message: int
    ID_send: int
    ID_send_message: int
    ID_log: int
    ab_version: str
    domain: str
    tld: str
    type: str
    ID_url: int | None
    link_type: str
    link_url: str
    link_text: str
    link_title: str
    referer: str
    unsubscribe_answer: str
    IP: str
    IP_orig: str
    continent: str
    country: str
    code3: str
    code: str
    region: str
    region_code: str
    city: str
    user_agent: str
    browser: str
    browser_major: str
    browser_minor: str
    browser_type: str
    os: str
    os_version: str
    device: str
    org: str


class RawBounce(TypedDict, total=False):
    """A message that did not arrive; ID_SEND_MESSGE is Mailkit's own spelling."""

    ID_MESSAGE: int
    TEXT_STATUS: str
    STATUS: str
    BOUNCE_CAT: str
    ID_EMAIL: int
    ID_SEND: int
    EMAIL: str
    UTM_CAMPAIGN: str
    ID_SEND_MESSGE: int
    CAMPAIGN_NAME: str
    ID_USER_LIST: int | None
    SUBJECT: str
    REMOTE_MTA: str
    ID_UNDELIVERED_LOG: int


MESSAGES = listing(
    "mailkit.report.raw.messages",
    dict.fromkeys(("ID_message", "ID_send", "ID_send_message", "ID_user_list", "ID_email", "ID_template"), ident),
    "https://mailkit.com/resources/api/reporting/mailkitreportrawmessages",
    Certainty.PARTIAL,
)
RESPONSES = listing(
    "mailkit.report.raw.responses",
    dict.fromkeys(("ID_email", "ID_user_list", "ID_message", "ID_send", "ID_send_message", "ID_log", "ID_url"), ident),
    "https://www.mailkit.com/cz/podpora/api/statistiky/mailkitreportrawresponses",
    Certainty.PARTIAL,
)
BOUNCES = listing(
    "mailkit.report.raw.bounces",
    dict.fromkeys(("ID_MESSAGE", "ID_EMAIL", "ID_SEND", "ID_SEND_MESSGE", "ID_USER_LIST", "ID_UNDELIVERED_LOG"), ident),
    "https://www.mailkit.com/resources/api/reporting/mailkitreportrawbounces",
    Certainty.PARTIAL,
)
SPECS = (MESSAGES, RESPONSES, BOUNCES)
