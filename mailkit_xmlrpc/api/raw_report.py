"""Raw reports: a row for each message, response and bounce; by the page of 25,000, or row by row.

Mailkit limits how often they can be asked for, and does not say how often that is: give `rows` a pause.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, Optional, TypedDict, TypeVar

from ..answers import Rows
from ..call import Certainty, Doc, MethodSpec
from ..result import Result
from .methods import Namespace
from .paging import Pages, page_call

__all__ = ["SPECS", "Bounces", "Messages", "Raw", "RawBounce", "RawMessage", "RawResponse", "Responses"]

Row = TypeVar("Row")


class RawMessage(TypedDict):
    """A message that was sent. ID_user_list and ID_template are None where there is none."""

    ID_message: int
    ID_send: int
    ID_send_message: int
    ID_user_list: Optional[int]
    ID_email: int
    ID_template: Optional[int]
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


class RawResponse(TypedDict):
    """What somebody did with a message."""

    date: str
    email: str
    ID_email: int
    ID_user_list: Optional[int]
    ID_message: int
    ID_send: int
    ID_send_message: int
    ID_log: int
    ab_version: str
    domain: str
    tld: str
    type: str
    ID_url: Optional[int]
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


class _BounceSometimes(TypedDict, total=False):
    BOUNCE_CAT: str
    UTM_CAMPAIGN: str
    CAMPAIGN_NAME: str
    SUBJECT: str
    REMOTE_MTA: str


class RawBounce(_BounceSometimes):
    """A message that did not arrive; ID_SEND_MESSGE is Mailkit's own spelling.

    Only newer pages have BOUNCE_CAT, UTM_CAMPAIGN, CAMPAIGN_NAME and SUBJECT; REMOTE_MTA is known from other clients.
    """

    ID_MESSAGE: int
    TEXT_STATUS: str
    STATUS: str
    ID_EMAIL: int
    ID_SEND: int
    EMAIL: str
    ID_SEND_MESSGE: int
    ID_USER_LIST: Optional[int]
    ID_UNDELIVERED_LOG: int


MESSAGES = MethodSpec(
    "mailkit.report.raw.messages",
    Rows(RawMessage),
    reads=True,
    doc=Doc("https://mailkit.com/resources/api/reporting/mailkitreportrawmessages", Certainty.PARTIAL),
)
RESPONSES = MethodSpec(
    "mailkit.report.raw.responses",
    Rows(RawResponse),
    reads=True,
    doc=Doc("https://www.mailkit.com/cz/podpora/api/statistiky/mailkitreportrawresponses", Certainty.PARTIAL),
)
BOUNCES = MethodSpec(
    "mailkit.report.raw.bounces",
    Rows(RawBounce),
    reads=True,
    doc=Doc("https://www.mailkit.com/resources/api/reporting/mailkitreportrawbounces", Certainty.PARTIAL),
)
SPECS = (MESSAGES, RESPONSES, BOUNCES)


class Raw(Namespace):
    """The methods ``mailkit.report.raw.*``."""

    _path = "report.raw"

    @property
    def messages(self) -> Messages:
        """The method ``mailkit.report.raw.messages``, and `Messages.rows`."""
        return Messages(self._owner)

    @property
    def responses(self) -> Responses:
        """The method ``mailkit.report.raw.responses``, and `Responses.rows`."""
        return Responses(self._owner)

    @property
    def bounces(self) -> Bounces:
        """The method ``mailkit.report.raw.bounces``, and `Bounces.rows`."""
        return Bounces(self._owner)


class _RawReport(Namespace, Generic[Row]):
    """A raw report: by the page, and row by row."""

    _spec: MethodSpec[list[Row]]
    # The member of a row that holds its id.
    _key: str

    def _page(
        self, filters: tuple[Any, ...], start: int | None, limit: int | None, timeout: float | None
    ) -> Result[list[Row]]:
        return self._owner.send(page_call(self._spec, filters, start, limit), timeout=timeout)

    def _all(
        self, filters: tuple[Any, ...], start: int | None, limit: int | None, pause: float, timeout: float | None
    ) -> Iterator[Row]:
        pages = Pages(self._spec, filters, self._key, start, limit, pause)
        return self._owner._rows(pages, timeout=timeout)


class Messages(_RawReport[RawMessage]):
    """The method ``mailkit.report.raw.messages``."""

    _path = "report.raw.messages"
    _spec = MESSAGES
    _key = "ID_send_message"

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
            ID_message: only those of this campaign.
            ID_send: only those of this delivery.
            ID_send_message: the message to begin with.
            limit: how many rows; 25,000 by default and at most.

        Source: https://mailkit.com/resources/api/reporting/mailkitreportrawmessages (seen in part: whether a page
        begins with ID_send_message or after it is not known).
        """
        return self._page((ID_message, ID_send), ID_send_message, limit, timeout)

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
            ID_message: only those of this campaign.
            ID_send: only those of this delivery.
            start: the ID_send_message to begin with.
            limit: rows in a page.
            pause: seconds to wait between two pages.
            timeout: seconds for each page.

        Raises:
            RefusedError: Mailkit refused a page.
        """
        return self._all((ID_message, ID_send), start, limit, pause, timeout)


class Responses(_RawReport[RawResponse]):
    """The method ``mailkit.report.raw.responses``."""

    _path = "report.raw.responses"
    _spec = RESPONSES
    _key = "ID_log"

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
            ID_message: only those to this campaign.
            ID_send: only those to this delivery.
            ID_send_message: only those to this message.
            ID_log: the response to begin with.
            limit: how many rows; 25,000 by default and at most.

        Source: https://www.mailkit.com/cz/podpora/api/statistiky/mailkitreportrawresponses (seen in part: the members
        are known from another client).
        """
        return self._page((ID_message, ID_send, ID_send_message), ID_log, limit, timeout)

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
        return self._all((ID_message, ID_send, ID_send_message), start, limit, pause, timeout)


class Bounces(_RawReport[RawBounce]):
    """The method ``mailkit.report.raw.bounces``."""

    _path = "report.raw.bounces"
    _spec = BOUNCES
    _key = "ID_UNDELIVERED_LOG"

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
            ID_message: only those of this campaign.
            ID_send: only those of this delivery.
            ID_undelivered_log: the bounce to begin with; rows have it as ID_UNDELIVERED_LOG.
            limit: how many rows; 25,000 by default and at most.

        Source: https://www.mailkit.com/resources/api/reporting/mailkitreportrawbounces (seen in part).
        """
        return self._page((ID_message, ID_send), ID_undelivered_log, limit, timeout)

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
        return self._all((ID_message, ID_send), start, limit, pause, timeout)
