"""Reports: figures of campaigns and deliveries. The rows that they are computed from are in `raw_report`."""

from __future__ import annotations

from datetime import date
from typing import Any, Optional, TypedDict

from ..answers import Rows, Struct
from ..call import Call, Certainty, Doc, MethodSpec
from ..result import Result
from . import raw_report
from .fields import DAY, date_text, positional
from .methods import Namespace
from .raw_report import Raw

__all__ = ["SPECS", "Links", "Message", "Report"]

_PAGES = "https://www.mailkit.com/resources/api/reporting/"
_NEWER = "https://mailkit.com/resources/api/reporting/"
_CZECH = "https://www.mailkit.com/cz/podpora/api/statistiky/"


class SummaryRow(TypedDict):
    """A campaign's figures within a range of days. CLICK_RATE is a percentage, as text."""

    ID_MESSAGE: int
    NAME: str
    SEND_COUNT: int
    DELIVERED_COUNT: int
    READ_COUNT: int
    READ_COUNT_U: int
    CLICK_COUNT: int
    CLICK_COUNT_U: int
    CLICK_RATE: str


class CampaignReportRow(TypedDict):
    """The figures of one delivery of a campaign. REV is its revenue."""

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


class MessageReport(TypedDict):
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


class RecipientReportRow(TypedDict):
    """One recipient of a delivery. STATUS is sent, failed, wait or wait_ab; AB_VERSION "A", "B" or empty."""

    DATE: str
    ID_SEND_MESSAGE: int
    EMAIL: str
    ID_EMAIL: int
    STATUS: str
    AB_VERSION: str
    READ_COUNT: int
    CLICK_COUNT: int


class FeedbackRow(TypedDict):
    """Reactions within an hour, "YYYY-MM-DD HH:00", or within a day if the period is a month."""

    DATE: str
    READ: int
    OPEN: int
    OPEN_P: int
    CLICK: int
    VISIT: int
    VISIT_P: int
    UNSUBSCRIBE: int
    SPAM_REPORT: int


class _LinkSometimes(TypedDict, total=False):
    ANCHOR: str
    AB_VERSION: str


class LinkRow(_LinkSometimes):
    """A link that was clicked; VISIT counts people, CLICK clicks. Only newer pages have ANCHOR and AB_VERSION."""

    URL: str
    ID_URL: int
    TITLE: str
    TITLE_SHORT: str
    CLICK: int
    VISIT: int
    CONVERSION: int


class VisitorData(TypedDict):
    """The device and the place that a click came from."""

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


class VisitorRow(TypedDict):
    """Somebody who clicked a link."""

    ID_EMAIL: int
    EMAIL: str
    COUNT: int
    DATA: VisitorData


class BounceRow(TypedDict):
    """A message that did not arrive. STATUS is an enhanced status code such as "4.4.2"."""

    EMAIL: str
    ID_EMAIL: int
    ID_USER_LIST: Optional[int]
    ID_SEND_MESSAGE: int
    DATE: str
    STATUS: str
    EMAIL_STATUS: str


SUMMARY = MethodSpec(
    "mailkit.report",
    Rows(SummaryRow),
    reads=True,
    doc=Doc(f"{_PAGES}mailkitreport", Certainty.PARTIAL),
)
CAMPAIGN = MethodSpec(
    "mailkit.report.campaign",
    Rows(CampaignReportRow),
    reads=True,
    doc=Doc(f"{_NEWER}mailkitreportcampaign", Certainty.PARTIAL),
)
MESSAGE = MethodSpec(
    "mailkit.report.message",
    Struct(MessageReport, needs=("SEND_COUNT",)),
    reads=True,
    doc=Doc("https://mailkit.com/cz/podpora/api/statistiky/mailkitreportmessage", Certainty.PARTIAL),
)
RECIPIENTS = MethodSpec(
    "mailkit.report.message.recipients",
    Rows(RecipientReportRow),
    reads=True,
    doc=Doc(f"{_PAGES}mailkitreportmessagerecipients"),
)
FEEDBACK = MethodSpec(
    "mailkit.report.message.feedback",
    Rows(FeedbackRow),
    reads=True,
    doc=Doc(f"{_NEWER}mailkitreportmessagefeedback", Certainty.PARTIAL),
)
LINKS = MethodSpec(
    "mailkit.report.message.links",
    Rows(LinkRow),
    reads=True,
    doc=Doc(f"{_PAGES}mailkitreportmessagelinks"),
)
VISITORS = MethodSpec(
    "mailkit.report.message.links.visitors",
    Rows(VisitorRow),
    reads=True,
    doc=Doc(f"{_PAGES}mailkitreportmessagelinksvisitors", Certainty.PARTIAL),
)
BOUNCES = MethodSpec(
    "mailkit.report.message.bounces",
    Rows(BounceRow),
    reads=True,
    doc=Doc(f"{_CZECH}mailkitreportmessagebounces", Certainty.PARTIAL),
)
SPECS = (SUMMARY, CAMPAIGN, MESSAGE, RECIPIENTS, FEEDBACK, LINKS, VISITORS, BOUNCES, *raw_report.SPECS)


class Report(Namespace):
    """The methods ``mailkit.report`` and ``mailkit.report.*``, as `Client.report`."""

    _path = "report"

    def __call__(
        self,
        range_from: date | str | None = None,
        range_to: date | str | None = None,
        *,
        timeout: float | None = None,
    ) -> Result[list[SummaryRow]]:
        """The figures of all campaigns.

        Args:
            range_from: from this day on, or "YYYY-MM-DD". Without a range, of the last month (known from another
                client).
            range_to: until this day.

        Source: https://www.mailkit.com/resources/api/reporting/mailkitreport (seen in part).
        """
        return self._owner.send(Call(SUMMARY, _days(range_from, range_to)), timeout=timeout)

    def campaign(
        self,
        ID_message: int,
        *,
        range_from: date | str | None = None,
        range_to: date | str | None = None,
        timeout: float | None = None,
    ) -> Result[list[CampaignReportRow]]:
        """The figures of each delivery of a campaign.

        Args:
            ID_message: the campaign.
            range_from: from this day on, or "YYYY-MM-DD". Without a range, of the last three months (known from
                another client).
            range_to: until this day.

        Source: https://mailkit.com/resources/api/reporting/mailkitreportcampaign (seen in part).
        """
        return self._owner.send(Call(CAMPAIGN, (ID_message, *_days(range_from, range_to))), timeout=timeout)

    @property
    def message(self) -> Message:
        """The methods ``mailkit.report.message`` and ``mailkit.report.message.*``."""
        return Message(self._owner)

    @property
    def raw(self) -> Raw:
        """The methods ``mailkit.report.raw.*``."""
        return Raw(self._owner)


class Message(Namespace):
    """The methods ``mailkit.report.message`` and ``mailkit.report.message.*``.

    Refusals of each: "Missing ID_send" and "Invalid ID_send".
    """

    _path = "report.message"

    def __call__(self, ID_send: int, *, timeout: float | None = None) -> Result[MessageReport]:
        """The figures of one delivery.

        Args:
            ID_send: the delivery.

        Source: https://mailkit.com/cz/podpora/api/statistiky/mailkitreportmessage (seen in part).
        """
        return self._owner.send(Call(MESSAGE, (ID_send,)), timeout=timeout)

    def recipients(self, ID_send: int, *, timeout: float | None = None) -> Result[list[RecipientReportRow]]:
        """The recipients of a delivery, and how often each read and clicked.

        Args:
            ID_send: the delivery.

        Source: https://www.mailkit.com/resources/api/reporting/mailkitreportmessagerecipients
        """
        return self._owner.send(Call(RECIPIENTS, (ID_send,)), timeout=timeout)

    def feedback(
        self, ID_send: int, *, period: str | None = None, timeout: float | None = None
    ) -> Result[list[FeedbackRow]]:
        """Reactions to a delivery over time.

        Args:
            ID_send: the delivery.
            period: "DAY" (the default), "WEEK" or "MONTH".

        Source: https://mailkit.com/resources/api/reporting/mailkitreportmessagefeedback (seen in part).
        """
        return self._owner.send(Call(FEEDBACK, positional(ID_send, period)), timeout=timeout)

    @property
    def links(self) -> Links:
        """The methods ``mailkit.report.message.links`` and ``mailkit.report.message.links.visitors``."""
        return Links(self._owner)

    def bounces(self, ID_send: int, *, timeout: float | None = None) -> Result[list[BounceRow]]:
        """The messages of a delivery that did not arrive.

        Args:
            ID_send: the delivery.

        Source: https://www.mailkit.com/cz/podpora/api/statistiky/mailkitreportmessagebounces (seen in part).
        """
        return self._owner.send(Call(BOUNCES, (ID_send,)), timeout=timeout)


class Links(Namespace):
    """The methods ``mailkit.report.message.links`` and ``mailkit.report.message.links.visitors``."""

    _path = "report.message.links"

    def __call__(self, ID_send: int, *, timeout: float | None = None) -> Result[list[LinkRow]]:
        """The links of a delivery that were clicked.

        Args:
            ID_send: the delivery.

        Source: https://www.mailkit.com/resources/api/reporting/mailkitreportmessagelinks
        """
        return self._owner.send(Call(LINKS, (ID_send,)), timeout=timeout)

    def visitors(self, ID_send: int, ID_url: int, *, timeout: float | None = None) -> Result[list[VisitorRow]]:
        """The recipients who clicked a link.

        Args:
            ID_send: the delivery.
            ID_url: the ID_URL of the link.

        Source: https://www.mailkit.com/resources/api/reporting/mailkitreportmessagelinksvisitors (seen in part: the
        refusals of a wrong ID_url are not known).
        """
        return self._owner.send(Call(VISITORS, (ID_send, ID_url)), timeout=timeout)


def _days(range_from: date | str | None, range_to: date | str | None) -> tuple[Any, ...]:
    return positional(date_text(range_from, DAY, "range_from"), date_text(range_to, DAY, "range_to"))
