"""Raw reports: a row for each message, response and bounce; by the page of 25,000, or row by row.

Mailkit bounds how often they may be asked for, and does not say how often that is: give `rows` a pause.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..result import Result
from .namespace import Namespace
from .paging import pages
from .params import positional
from .raw_report_answers import BOUNCES, MESSAGES, RESPONSES, SPECS, RawBounce, RawMessage, RawResponse

__all__ = ["SPECS", "Bounces", "Messages", "Raw", "Responses"]


class Raw(Namespace):
    """The methods ``mailkit.report.raw.*``."""

    _path = "report.raw"

    @property
    def messages(self) -> Messages:
        """The method ``mailkit.report.raw.messages``, and `Messages.rows`."""
        return Messages(self._invoke)

    @property
    def responses(self) -> Responses:
        """The method ``mailkit.report.raw.responses``, and `Responses.rows`."""
        return Responses(self._invoke)

    @property
    def bounces(self) -> Bounces:
        """The method ``mailkit.report.raw.bounces``, and `Bounces.rows`."""
        return Bounces(self._invoke)


class Messages(Namespace):
    """The method ``mailkit.report.raw.messages``."""

    _path = "report.raw.messages"

    def __call__(
        self,
        *,
        ID_message: int | None = None,
        ID_send: int | None = None,
        ID_send_message: int | None = None,
        limit: int | None = None,
        timeout: float | None = None,
    ) -> Result[list[RawMessage]]:
        """A page of the messages that were sent; `rows` gives all of them.

        Args:
            ID_message: of this campaign.
            ID_send: of this delivery.
            ID_send_message: the message to begin with.
            limit: how many; 25,000 by default and at most.
            timeout: seconds for this call.

        Source: https://mailkit.com/resources/api/reporting/mailkitreportrawmessages (seen in part: whether a page
        begins with ID_send_message or after it is not known).
        """
        return self._invoke(MESSAGES, positional(ID_message, ID_send, ID_send_message, limit), timeout)

    def rows(
        self,
        *,
        ID_message: int | None = None,
        ID_send: int | None = None,
        start: int | None = None,
        limit: int | None = None,
        pause: float = 0.0,
        timeout: float | None = None,
    ) -> Iterator[RawMessage]:
        """All messages, page by page; each once.

        Args:
            ID_message: of this campaign.
            ID_send: of this delivery.
            start: the ID_send_message to begin with.
            limit: rows a page.
            pause: seconds to wait between two pages.
            timeout: seconds for each page.

        Raises:
            RefusedError: Mailkit refused a page.
        """

        def page(at: int | None) -> Result[list[RawMessage]]:
            return self(ID_message=ID_message, ID_send=ID_send, ID_send_message=at, limit=limit, timeout=timeout)

        return pages(page, "ID_send_message", start, limit, pause)


class Responses(Namespace):
    """The method ``mailkit.report.raw.responses``."""

    _path = "report.raw.responses"

    def __call__(
        self,
        *,
        ID_message: int | None = None,
        ID_send: int | None = None,
        ID_send_message: int | None = None,
        ID_log: int | None = None,
        limit: int | None = None,
        timeout: float | None = None,
    ) -> Result[list[RawResponse]]:
        """A page of what people did with messages; `rows` gives all of it.

        Args:
            ID_message: of this campaign.
            ID_send: of this delivery.
            ID_send_message: of this message.
            ID_log: the response to begin with.
            limit: how many; 25,000 by default and at most.
            timeout: seconds for this call.

        Source: https://www.mailkit.com/cz/podpora/api/statistiky/mailkitreportrawresponses (seen in part: the members
        are known from another client).
        """
        return self._invoke(RESPONSES, positional(ID_message, ID_send, ID_send_message, ID_log, limit), timeout)

    def rows(
        self,
        *,
        ID_message: int | None = None,
        ID_send: int | None = None,
        ID_send_message: int | None = None,
        start: int | None = None,
        limit: int | None = None,
        pause: float = 0.0,
        timeout: float | None = None,
    ) -> Iterator[RawResponse]:
        """All responses, page by page; each once. `start` is an ID_log; the rest as for `Messages.rows`."""

        def page(at: int | None) -> Result[list[RawResponse]]:
            return self(
                ID_message=ID_message,
                ID_send=ID_send,
                ID_send_message=ID_send_message,
                ID_log=at,
                limit=limit,
                timeout=timeout,
            )

        return pages(page, "ID_log", start, limit, pause)


class Bounces(Namespace):
    """The method ``mailkit.report.raw.bounces``."""

    _path = "report.raw.bounces"

    def __call__(
        self,
        *,
        ID_message: int | None = None,
        ID_send: int | None = None,
        ID_undelivered_log: int | None = None,
        limit: int | None = None,
        timeout: float | None = None,
    ) -> Result[list[RawBounce]]:
        """A page of the messages that did not arrive; `rows` gives all of them.

        Args:
            ID_message: of this campaign.
            ID_send: of this delivery.
            ID_undelivered_log: the bounce to begin with; rows have it as ID_UNDELIVERED_LOG.
            limit: how many; 25,000 by default and at most.
            timeout: seconds for this call.

        Source: https://www.mailkit.com/resources/api/reporting/mailkitreportrawbounces (seen in part).
        """
        return self._invoke(BOUNCES, positional(ID_message, ID_send, ID_undelivered_log, limit), timeout)

    def rows(
        self,
        *,
        ID_message: int | None = None,
        ID_send: int | None = None,
        start: int | None = None,
        limit: int | None = None,
        pause: float = 0.0,
        timeout: float | None = None,
    ) -> Iterator[RawBounce]:
        """All bounces, page by page; each once. `start` is an ID_undelivered_log; the rest as for `Messages.rows`."""

        def page(at: int | None) -> Result[list[RawBounce]]:
            return self(ID_message=ID_message, ID_send=ID_send, ID_undelivered_log=at, limit=limit, timeout=timeout)

        return pages(page, "ID_UNDELIVERED_LOG", start, limit, pause)
