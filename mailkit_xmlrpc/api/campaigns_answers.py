"""What the methods ``mailkit.campaigns.*`` take and answer."""

from __future__ import annotations

from typing import TypedDict

from ..result import Certainty, Spec
from .listing import listing
from .shapes import count, flag, ident, many, member, rows, text

__all__ = [
    "CANCEL",
    "CREATE",
    "HISTORY",
    "LIST",
    "LOWER_CASE",
    "SCHEDULE",
    "SCHEDULE_LIST",
    "SETTINGS",
    "SPECS",
    "TIMEZONES",
    "UPDATE",
    "CampaignRow",
    "CampaignSettings",
    "ScheduleRow",
    "TimezoneRow",
]

_PAGES = "https://www.mailkit.com/resources/api/campaign-management/"
_CZECH = "https://www.mailkit.com/cz/podpora/api/sprava-kampani/"


class CampaignSettings(TypedDict, total=False):
    """The settings of a campaign.

    ID_allow_email is a sender of `Profile.emails`, ID_query a query of `Profile.queries`; type_message is "email" or
    "sms", type_send such as "txthtml". Those from reply_to on are known from other clients, but for those of update.
    """

    name: str
    subject: str
    ID_allow_email: int
    type_message: str
    type_send: str
    generate_txt: bool
    ID_mailing_list: int
    ID_delivery_feed: int | str
    ID_query: int
    ID_template: int
    test_mode: bool
    test_emails: str
    google_analytics: bool
    analytic_name: str
    ID_tagset: int
    content: str
    reply_to: str
    unsubscribe_email: str
    web_template: bool
    style_inline: bool
    ID_unsubscribe_group: int


SETTINGS = tuple(CampaignSettings.__annotations__)
# Of these, the truths that the pages write as true and false; test_mode is TRUE or FALSE.
LOWER_CASE = frozenset({"generate_txt", "google_analytics", "web_template", "style_inline"})


class CampaignRow(TypedDict, total=False):
    """A campaign. SEND_DATE and LAST_SENT are "YYYY-MM-DD HH:MM:SS", DAYS numbers of days with commas."""

    NAME: str
    ID_MESSAGE: int
    SUBJECT: str
    SUBJECT_B: str
    MSG_TYPE: str
    CAMPAIGN_TYPE: str
    USE_AB: bool
    TEST_MODE: bool
    SEND_DATE: str
    TIME_ZONE: str
    LAST_SENT: str
    REPEAT: bool
    REPEAT_COUNT: int
    PERIOD: str
    DAYS: str
    STATUS: str
    TYPE: str
    USER_LIST: list[int]


class ScheduleRow(TypedDict, total=False):
    """A delivery that is scheduled. TIME_ZONE is an offset such as "+01:00"."""

    DATE: str
    SUBJECT: str
    SUBJECT_B: str
    TIME_ZONE: str
    DATE_SEND: str
    USE_AB: bool
    ID_SEND_MESSAGE_QUEUE: int


class TimezoneRow(TypedDict):
    """A time zone and its abbreviations."""

    TIMEZONE: str
    TZ_CODES: list[str]


LIST = listing(
    "mailkit.campaigns.list",
    {
        "ID_MESSAGE": ident,
        **dict.fromkeys(("USE_AB", "TEST_MODE", "REPEAT"), flag),
        "REPEAT_COUNT": count,
        "USER_LIST": many(ident),
    },
    "https://mailkit.com/resources/api/campaign-management",
    Certainty.PARTIAL,
)
CREATE = Spec(
    "mailkit.campaigns.create",
    matches=r"[0-9]+",
    kinds=(int,),
    shape=ident,
    page=f"{_PAGES}mailkitcampaignscreate",
    certainty=Certainty.PARTIAL,
)
UPDATE = Spec(
    "mailkit.campaigns.update",
    successes=("OK",),
    page=f"{_CZECH}mailkitcampaignsupdate",
    certainty=Certainty.PARTIAL,
)
SCHEDULE = Spec(
    "mailkit.campaigns.single.schedule",
    successes=("OK",),
    page=f"{_PAGES}mailkitcampaignssingleschedule",
    certainty=Certainty.PARTIAL,
)
SCHEDULE_LIST = Spec(
    "mailkit.campaigns.schedule.list",
    kinds=(dict,),
    code="error",  # of its XML form, where the JSON one has error_status
    needs=("data",),
    shape=member("data", rows({"USE_AB": flag, "ID_SEND_MESSAGE_QUEUE": ident})),
    reads=True,
    page="https://mailkit.com/resources/api/campaign-management/mailkitcampaignsschedulelist",
    certainty=Certainty.PARTIAL,
)
TIMEZONES = listing(
    "mailkit.campaigns.schedule.timezones",
    {"TZ_CODES": many(text)},
    f"{_CZECH}mailkitcampaignsscheduletimezone",
    Certainty.PARTIAL,
)
CANCEL = Spec("mailkit.campaigns.schedule.cancel", successes=("OK",), certainty=Certainty.NAMED)
HISTORY = Spec("mailkit.campaigns.history", certainty=Certainty.NAMED)
SPECS = (LIST, CREATE, UPDATE, SCHEDULE, SCHEDULE_LIST, TIMEZONES, CANCEL, HISTORY)
