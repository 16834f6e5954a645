"""What the methods ``mailkit.report.*`` answer, but for the raw ones."""

from __future__ import annotations

from typing import TypedDict

from ..result import Certainty, Spec
from .listing import listing
from .shapes import amount, count, ident, row

__all__ = [
    "BOUNCES",
    "CAMPAIGN",
    "FEEDBACK",
    "LINKS",
    "MESSAGE",
    "RECIPIENTS",
    "SPECS",
    "SUMMARY",
    "VISITORS",
    "BounceRow",
    "CampaignReportRow",
    "FeedbackRow",
    "LinkRow",
    "MessageReport",
    "RecipientReportRow",
    "SummaryRow",
    "VisitorData",
    "VisitorRow",
]

_PAGES = "https://www.mailkit.com/resources/api/reporting/"
_NEWER = "https://mailkit.com/resources/api/reporting/"
_CZECH = "https://www.mailkit.com/cz/podpora/api/statistiky/"


class SummaryRow(TypedDict, total=False):
    """A campaign's figures over a time. CLICK_RATE is a percentage, as text."""

    ID_MESSAGE: int
    NAME: str
    SEND_COUNT: int
    DELIVERED_COUNT: int
    READ_COUNT: int
    READ_COUNT_U: int
    CLICK_COUNT: int
    CLICK_COUNT_U: int
    CLICK_RATE: str


class CampaignReportRow(TypedDict, total=False):
    """The figures of one delivery of a campaign. REV is what it earned."""

    ID_SEND: int
    SUBJECT: str
    FROM: str
    DATE: str
    DATE2: str
    SEND_COUNT: int
    DELIVERED_COUNT: int
    READ_COUNT: int
    READ_COUNT_U: int
    CLICK_COUNT: int
    CLICK_COUNT_U: int
    CLICK_RATE: str
    CLICK_RATE2: str
    FORWARD_COUNT: int
    PRINT_COUNT: int
    CONVERSION_COUNT: int
    CONVERSION_COUNT_U: int
    UNSUBSCRIBE: int
    SPAM_REPORT: int
    REV: float


class MessageReport(TypedDict, total=False):
    """The figures of one delivery."""

    SEND_COUNT: int
    SUBJECT: str
    FAILED_COUNT: int
    READ_COUNT: int
    READ_COUNT_U: int
    CLICK_COUNT: int
    CLICK_COUNT_U: int
    MINIPAGE_CLICK_COUNT: int
    CONVERSION_COUNT: int
    CONVERSION_COUNT_U: int
    REV: float
    DELIVERED_COUNT: int
    SEND_DATE: str
    UTM: str


class RecipientReportRow(TypedDict, total=False):
    """One recipient of a delivery. STATUS is sent, failed, wait or wait_ab; AB_VERSION "A", "B" or empty."""

    DATE: str
    ID_SEND_MESSAGE: int
    EMAIL: str
    ID_EMAIL: int
    STATUS: str
    AB_VERSION: str
    READ_COUNT: int
    CLICK_COUNT: int


class FeedbackRow(TypedDict, total=False):
    """Reactions within an hour, "YYYY-MM-DD HH:00", or within a day where the period is a month."""

    DATE: str
    READ: int
    OPEN: int
    OPEN_P: int
    CLICK: int
    VISIT: int
    VISIT_P: int
    UNSUBSCRIBE: int
    SPAM_REPORT: int


class LinkRow(TypedDict, total=False):
    """A link that was clicked; VISIT counts people, CLICK clicks. Only newer pages have ANCHOR and AB_VERSION."""

    URL: str
    ID_URL: int
    TITLE: str
    TITLE_SHORT: str
    ANCHOR: str
    AB_VERSION: str
    CLICK: int
    VISIT: int
    CONVERSION: int


class VisitorData(TypedDict, total=False):
    """With what, and from where, somebody clicked."""

    CONTINENT: str
    COUNTRY: str
    CODE: str
    REGION: str
    REGION_CODE: str
    CITY: str
    ORG: str
    IP: str
    IP_ORIG: str
    DATETIME: str
    REFERER: str
    USER_AGENT: str
    BROWSER: str
    BROWSER_MAJOR: str
    BROWSER_MINOR: str
    BROWSER_TYPE: str
    OS: str
    OS_VERSION: str
    DEVICE: str


class VisitorRow(TypedDict, total=False):
    """Somebody who clicked a link."""

    ID_EMAIL: int
    EMAIL: str
    COUNT: int
    DATA: VisitorData


class BounceRow(TypedDict, total=False):
    """A message that did not arrive. STATUS is an enhanced status code such as "4.4.2"."""

    EMAIL: str
    ID_EMAIL: int
    ID_USER_LIST: int | None
    ID_SEND_MESSAGE: int
    DATE: str
    STATUS: str
    EMAIL_STATUS: str


_READ_AND_CLICKED = ("READ_COUNT", "READ_COUNT_U", "CLICK_COUNT", "CLICK_COUNT_U")

SUMMARY = listing(
    "mailkit.report",
    {"ID_MESSAGE": ident, **dict.fromkeys(("SEND_COUNT", "DELIVERED_COUNT", *_READ_AND_CLICKED), count)},
    f"{_PAGES}mailkitreport",
    Certainty.PARTIAL,
)
CAMPAIGN = listing(
    "mailkit.report.campaign",
    {
        "ID_SEND": ident,
        **dict.fromkeys(("SEND_COUNT", "DELIVERED_COUNT", *_READ_AND_CLICKED, "FORWARD_COUNT", "PRINT_COUNT"), count),
        **dict.fromkeys(("CONVERSION_COUNT", "CONVERSION_COUNT_U", "UNSUBSCRIBE", "SPAM_REPORT"), count),
        "REV": amount,
    },
    f"{_NEWER}mailkitreportcampaign",
    Certainty.PARTIAL,
)
MESSAGE = Spec(
    "mailkit.report.message",
    kinds=(dict,),
    needs=("SEND_COUNT",),
    shape=row(
        {
            **dict.fromkeys(("SEND_COUNT", "FAILED_COUNT", *_READ_AND_CLICKED, "MINIPAGE_CLICK_COUNT"), count),
            **dict.fromkeys(("CONVERSION_COUNT", "CONVERSION_COUNT_U", "DELIVERED_COUNT"), count),
            "REV": amount,
        }
    ),
    reads=True,
    page="https://mailkit.com/cz/podpora/api/statistiky/mailkitreportmessage",
    certainty=Certainty.PARTIAL,
)
RECIPIENTS = listing(
    "mailkit.report.message.recipients",
    {**dict.fromkeys(("ID_SEND_MESSAGE", "ID_EMAIL"), ident), **dict.fromkeys(("READ_COUNT", "CLICK_COUNT"), count)},
    f"{_PAGES}mailkitreportmessagerecipients",
    Certainty.FULL,
)
FEEDBACK = listing(
    "mailkit.report.message.feedback",
    dict.fromkeys(("READ", "OPEN", "OPEN_P", "CLICK", "VISIT", "VISIT_P", "UNSUBSCRIBE", "SPAM_REPORT"), count),
    f"{_NEWER}mailkitreportmessagefeedback",
    Certainty.PARTIAL,
)
LINKS = listing(
    "mailkit.report.message.links",
    {"ID_URL": ident, **dict.fromkeys(("CLICK", "VISIT", "CONVERSION"), count)},
    f"{_PAGES}mailkitreportmessagelinks",
    Certainty.FULL,
)
VISITORS = listing(
    "mailkit.report.message.links.visitors",
    {"ID_EMAIL": ident, "COUNT": count},
    f"{_PAGES}mailkitreportmessagelinksvisitors",
    Certainty.PARTIAL,
)
BOUNCES = listing(
    "mailkit.report.message.bounces",
    dict.fromkeys(("ID_EMAIL", "ID_USER_LIST", "ID_SEND_MESSAGE"), ident),
    f"{_CZECH}mailkitreportmessagebounces",
    Certainty.PARTIAL,
)
SPECS = (SUMMARY, CAMPAIGN, MESSAGE, RECIPIENTS, FEEDBACK, LINKS, VISITORS, BOUNCES)
