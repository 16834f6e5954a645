"""Reports: figures of campaigns and deliveries. What they are computed from is in `raw_report`."""

from __future__ import annotations

from datetime import date

from ..result import Result
from . import raw_report
from .namespace import Namespace
from .params import DAY, moment, positional
from .raw_report import Raw
from .report_answers import (
    BOUNCES,
    CAMPAIGN,
    FEEDBACK,
    LINKS,
    MESSAGE,
    RECIPIENTS,
    SUMMARY,
    VISITORS,
    BounceRow,
    CampaignReportRow,
    FeedbackRow,
    LinkRow,
    MessageReport,
    RecipientReportRow,
    SummaryRow,
    VisitorRow,
)
from .report_answers import SPECS as FIGURES

__all__ = ["SPECS", "Links", "Message", "Report"]

SPECS = (*FIGURES, *raw_report.SPECS)


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
            timeout: seconds for this call.

        Source: https://www.mailkit.com/resources/api/reporting/mailkitreport (seen in part).
        """
        return self._invoke(SUMMARY, _days(range_from, range_to), timeout)

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
            timeout: seconds for this call.

        Source: https://mailkit.com/resources/api/reporting/mailkitreportcampaign (seen in part).
        """
        return self._invoke(CAMPAIGN, [ID_message, *_days(range_from, range_to)], timeout)

    @property
    def message(self) -> Message:
        """The methods ``mailkit.report.message`` and ``mailkit.report.message.*``."""
        return Message(self._invoke)

    @property
    def raw(self) -> Raw:
        """The methods ``mailkit.report.raw.*``."""
        return Raw(self._invoke)


class Message(Namespace):
    """The methods ``mailkit.report.message`` and ``mailkit.report.message.*``.

    Refusals of each: "Missing ID_send" and "Invalid ID_send".
    """

    _path = "report.message"

    def __call__(self, ID_send: int, *, timeout: float | None = None) -> Result[MessageReport]:
        """The figures of one delivery.

        Args:
            ID_send: the delivery.
            timeout: seconds for this call.

        Source: https://mailkit.com/cz/podpora/api/statistiky/mailkitreportmessage (seen in part).
        """
        return self._invoke(MESSAGE, (ID_send,), timeout)

    def recipients(self, ID_send: int, *, timeout: float | None = None) -> Result[list[RecipientReportRow]]:
        """The recipients of a delivery, and how often each read and clicked.

        Args:
            ID_send: the delivery.
            timeout: seconds for this call.

        Source: https://www.mailkit.com/resources/api/reporting/mailkitreportmessagerecipients
        """
        return self._invoke(RECIPIENTS, (ID_send,), timeout)

    def feedback(
        self, ID_send: int, *, period: str | None = None, timeout: float | None = None
    ) -> Result[list[FeedbackRow]]:
        """Reactions to a delivery over time.

        Args:
            ID_send: the delivery.
            period: "DAY" (the default), "WEEK" or "MONTH".
            timeout: seconds for this call.

        Source: https://mailkit.com/resources/api/reporting/mailkitreportmessagefeedback (seen in part).
        """
        return self._invoke(FEEDBACK, positional(ID_send, period), timeout)

    @property
    def links(self) -> Links:
        """The methods ``mailkit.report.message.links`` and ``mailkit.report.message.links.visitors``."""
        return Links(self._invoke)

    def bounces(self, ID_send: int, *, timeout: float | None = None) -> Result[list[BounceRow]]:
        """The messages of a delivery that did not arrive.

        Args:
            ID_send: the delivery.
            timeout: seconds for this call.

        Source: https://www.mailkit.com/cz/podpora/api/statistiky/mailkitreportmessagebounces (seen in part).
        """
        return self._invoke(BOUNCES, (ID_send,), timeout)


class Links(Namespace):
    """The methods ``mailkit.report.message.links`` and ``mailkit.report.message.links.visitors``."""

    _path = "report.message.links"

    def __call__(self, ID_send: int, *, timeout: float | None = None) -> Result[list[LinkRow]]:
        """The links of a delivery that were clicked.

        Args:
            ID_send: the delivery.
            timeout: seconds for this call.

        Source: https://www.mailkit.com/resources/api/reporting/mailkitreportmessagelinks
        """
        return self._invoke(LINKS, (ID_send,), timeout)

    def visitors(self, ID_send: int, ID_url: int, *, timeout: float | None = None) -> Result[list[VisitorRow]]:
        """Who clicked a link.

        Args:
            ID_send: the delivery.
            ID_url: the ID_URL of the link.
            timeout: seconds for this call.

        Source: https://www.mailkit.com/resources/api/reporting/mailkitreportmessagelinksvisitors (seen in part: the
        refusals of a wrong ID_url are not known).
        """
        return self._invoke(VISITORS, (ID_send, ID_url), timeout)


def _days(range_from: date | str | None, range_to: date | str | None) -> list[object]:
    return positional(moment(range_from, DAY, "range_from"), moment(range_to, DAY, "range_to"))
