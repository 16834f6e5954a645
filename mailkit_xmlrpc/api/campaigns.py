"""Campaigns: made, changed, scheduled."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..result import Result
from .campaigns_answers import (
    CANCEL,
    CREATE,
    HISTORY,
    LIST,
    LOWER_CASE,
    SCHEDULE,
    SCHEDULE_LIST,
    SETTINGS,
    SPECS,
    TIMEZONES,
    UPDATE,
    CampaignRow,
    CampaignSettings,
    ScheduleRow,
    TimezoneRow,
)
from .namespace import Namespace
from .params import MINUTE, branch, encoded, known_fields, moment, positional

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["SPECS", "Campaigns", "Schedule", "Single"]


class Campaigns(Namespace):
    """The methods ``mailkit.campaigns.*``, as `Client.campaigns`."""

    _path = "campaigns"

    def create(self, *, timeout: float | None = None, **settings: Unpack[CampaignSettings]) -> Result[int]:
        """Make a campaign.

        Args:
            timeout: seconds for this call.
            settings: see `CampaignSettings`; name, subject and ID_allow_email have been seen to be enough.

        Returns:
            a `Result` whose value is the ID_message of the new campaign.

        Source: https://www.mailkit.com/resources/api/campaign-management/mailkitcampaignscreate (seen in part: which
        settings are compulsory, and the refusals, are not known; the answer is known from other clients).
        """
        return self._invoke(CREATE, (_struct(settings, "create"),), timeout)

    def update(
        self,
        ID_message: int,
        *,
        update: bool = True,
        timeout: float | None = None,
        **settings: Unpack[CampaignSettings],
    ) -> Result[Any]:
        """Change the settings of a campaign; those that are not given stay as they are.

        Args:
            ID_message: the campaign.
            update: sent as "true" or "false"; what it means is not known.
            timeout: seconds for this call.
            settings: see `CampaignSettings`.

        Returns:
            a `Result` whose value is the answer as it came.

        Source: https://www.mailkit.com/cz/podpora/api/sprava-kampani/mailkitcampaignsupdate (seen in part: the answer
        is not known; "OK" and whatever is no string count as success).
        """
        params = (str(ID_message), "true" if update else "false", _struct(settings, "update"))
        return self._invoke(UPDATE, params, timeout)

    @property
    def single(self) -> Single:
        """The method ``mailkit.campaigns.single.schedule``."""
        return Single(self._invoke)

    @property
    def schedule(self) -> Schedule:
        """The methods ``mailkit.campaigns.schedule.*``."""
        return Schedule(self._invoke)

    def history(self, *params: Any, timeout: float | None = None) -> Result[Any]:
        """Known by name only: Mailkit's PHP client lists the method, and nothing says what it takes.

        Args:
            params: sent as they are.
            timeout: seconds for this call.

        Returns:
            a `Result` whose value is the answer as it came; a string is a refusal.

        Source: none was found.
        """
        return self._invoke(HISTORY, params, timeout)

    # Last, because in this class `list` means it from here on.
    def list(self, ID_message: int | None = None, *, timeout: float | None = None) -> Result[list[CampaignRow]]:
        """All campaigns, or one.

        Args:
            ID_message: only this one; there are no rows if it does not exist.
            timeout: seconds for this call.

        Source: https://mailkit.com/resources/api/campaign-management (seen in part).
        """
        return self._invoke(LIST, positional(ID_message), timeout)


class Single(Namespace):
    """The method ``mailkit.campaigns.single.schedule``."""

    _path = "campaigns.single"

    def schedule(
        self,
        ID_message: int,
        send_date: datetime | str,
        *,
        subject: str | None = None,
        time_zone: str | None = None,
        ID_template: int | None = None,
        ID_query: int | None = None,
        ID_delivery_feed: int | None = None,
        timeout: float | None = None,
    ) -> Result[Any]:
        """Schedule one delivery of a campaign; several may be pending.

        Args:
            ID_message: the campaign.
            send_date: when: "now", "YYYY-MM-DD HH:MM", or a datetime in the time zone given.
            subject: instead of the campaign's.
            time_zone: a TIMEZONE of `Schedule.timezones`.
            ID_template: instead of the campaign's.
            ID_query: only to the recipients of this query.
            ID_delivery_feed: with the data of this source.
            timeout: seconds for this call.

        Returns:
            a `Result` whose value is the answer as it came.

        Source: https://www.mailkit.com/resources/api/campaign-management/mailkitcampaignssingleschedule (seen in part:
        the answer is not known; "OK" and whatever is no string count as success).
        """
        options = {"ID_query": _digits(ID_query), "ID_delivery_feed": _digits(ID_delivery_feed)}
        extras = positional(_digits(ID_template), branch(options, options) or None)
        when = moment(send_date, MINUTE, "send_date")
        # The fifth parameter must be there, and empty.
        return self._invoke(SCHEDULE, [ID_message, subject or "", when, time_zone or "", "", *extras], timeout)


class Schedule(Namespace):
    """The methods ``mailkit.campaigns.schedule.*``."""

    _path = "campaigns.schedule"

    def timezones(self, *, timeout: float | None = None) -> Result[list[TimezoneRow]]:
        """The time zones that a delivery can be scheduled in.

        Args:
            timeout: seconds for this call.

        Source: https://www.mailkit.com/cz/podpora/api/sprava-kampani/mailkitcampaignsscheduletimezone (seen in part;
        the page is called "timezone", its samples call "timezones").
        """
        return self._invoke(TIMEZONES, (), timeout)

    def cancel(self, ID_send_message_queue: int, *, timeout: float | None = None) -> Result[Any]:
        """Cancel a scheduled delivery. Known by name only: that it takes this id is a guess.

        Args:
            ID_send_message_queue: the ID_SEND_MESSAGE_QUEUE of `Schedule.list`.
            timeout: seconds for this call.

        Returns:
            a `Result` whose value is the answer as it came; "OK" and whatever is no string count as success.

        Source: named on https://www.mailkit.com/resources/api/campaign-management/mailkitcampaignssingleschedule
        """
        return self._invoke(CANCEL, (ID_send_message_queue,), timeout)

    # Last, because in this class `list` means it from here on.
    def list(self, ID_message: int | None = None, *, timeout: float | None = None) -> Result[list[ScheduleRow]]:
        """The deliveries that are scheduled and have not begun.

        Args:
            ID_message: of this campaign.
            timeout: seconds for this call.

        Returns:
            a `Result` whose value is the rows; the struct around them is `Result.raw`.

        Source: https://mailkit.com/resources/api/campaign-management/mailkitcampaignsschedulelist (seen in part).
        """
        return self._invoke(SCHEDULE_LIST, positional(ID_message), timeout)


def _struct(settings: CampaignSettings, method: str) -> dict[str, Any]:
    """All values are Base64, of ids their digits."""
    known_fields(settings, SETTINGS, method)
    given = {name: _worded(name, value) for name, value in branch(settings, SETTINGS).items()}
    struct: dict[str, Any] = encoded(given)
    return struct


def _worded(name: str, value: Any) -> Any:
    """Truths are words; Mailkit's pages write these in small letters, where elsewhere they are TRUE and FALSE."""
    if isinstance(value, bool) and name in LOWER_CASE:
        return str(value).lower()
    return value


def _digits(value: int | None) -> str | None:
    return None if value is None else str(value)
