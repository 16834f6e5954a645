"""The recipients of a list, by the page or row by row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ..result import Result
from .mailinglist_answers import ENGAGEMENT, GETSTATUS, EngagementRow
from .namespace import Namespace
from .paging import pages
from .params import SECOND, moment, positional
from .recipient import RecipientRow

__all__ = ["Engagement", "GetStatus"]


class GetStatus(Namespace):
    """The method ``mailkit.mailinglist.getstatus``."""

    _path = "mailinglist.getstatus"

    def __call__(
        self,
        ID_user_list: int,
        *,
        status: str | None = None,
        change_date: datetime | str | None = None,
        ID_email: int | None = None,
        limit: int | None = None,
        timeout: float | None = None,
    ) -> Result[list[RecipientRow]]:
        """A page of a list's recipients with all their data; `rows` gives all of them.

        Args:
            ID_user_list: the list.
            status: only those with this one: enabled, unknown, temporary, permanent, unsubscribe.
            change_date: only those that were changed then or later, "YYYY-MM-DD HH:MM:SS".
            ID_email: the recipient to begin with.
            limit: how many; 10,000 at most.
            timeout: seconds for this call.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitmailinglistgetstatus (seen in part:
        whether the page begins with ID_email or after it is not known).
        """
        # The page has the last two as strings.
        start, most = (None if value is None else str(value) for value in (ID_email, limit))
        since = moment(change_date, SECOND, "change_date")
        return self._invoke(GETSTATUS, positional(ID_user_list, status, since, start, most), timeout)

    def rows(
        self,
        ID_user_list: int,
        *,
        status: str | None = None,
        change_date: datetime | str | None = None,
        start: int | None = None,
        limit: int | None = None,
        pause: float = 0.0,
        timeout: float | None = None,
    ) -> Iterator[RecipientRow]:
        """All of a list's recipients, page by page; each row once.

        Args:
            start: the ID_email to begin with.
            limit: rows a page.
            pause: seconds to wait between two pages.
            timeout: seconds for each page.

        Raises:
            RefusedError: Mailkit refused a page.
        """
        return pages(
            lambda at: self(
                ID_user_list, status=status, change_date=change_date, ID_email=at, limit=limit, timeout=timeout
            ),
            "ID_EMAIL",
            start,
            limit,
            pause,
        )


class Engagement(Namespace):
    """The method ``mailkit.mailinglist.engagement``."""

    _path = "mailinglist.engagement"

    def __call__(
        self,
        ID_user_list: int,
        *,
        ID_email: int | None = None,
        limit: int | None = None,
        timeout: float | None = None,
    ) -> Result[list[EngagementRow]]:
        """A page of the scores of a list's recipients; `rows` gives all of them.

        Mailkit computes them once a day; who asks more often can be slowed down.

        Args:
            ID_user_list: the list.
            ID_email: the recipient to begin with.
            limit: how many; 25,000 by default.
            timeout: seconds for this call.

        Source: https://www.mailkit.com/resources/api/mailing-list-management/mailkitmailinglistengagement (seen in
        part: of a row's members only SCORE is certain).
        """
        return self._invoke(ENGAGEMENT, positional(ID_user_list, ID_email, limit), timeout)

    def rows(
        self,
        ID_user_list: int,
        *,
        start: int | None = None,
        limit: int | None = None,
        pause: float = 0.0,
        timeout: float | None = None,
    ) -> Iterator[EngagementRow]:
        """All scores, page by page. Arguments as for `GetStatus.rows`."""
        return pages(
            lambda at: self(ID_user_list, ID_email=at, limit=limit, timeout=timeout), "ID_EMAIL", start, limit, pause
        )
