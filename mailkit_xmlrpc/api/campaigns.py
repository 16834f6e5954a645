"""Campaigns: making, changing and scheduling them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from ..answers import Anything, Id, Rows
from ..call import Call, Certainty, Doc, MethodSpec
from ..result import Result
from .fields import MINUTE, base64_values, branch, check_keywords, checked_bool, date_text, positional
from .methods import Namespace

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = [
    "SPECS",
    "CampaignRow",
    "CampaignSettings",
    "Campaigns",
    "Schedule",
    "ScheduleRow",
    "Single",
    "TimezoneRow",
]

_PAGES = "https://www.mailkit.com/resources/api/campaign-management/"
_CZECH = "https://www.mailkit.com/cz/podpora/api/sprava-kampani/"


class CampaignSettings(TypedDict, total=False):
    """The settings of a campaign.

    ID_allow_email is a sender of `Profile.emails`, ID_query a query of `Profile.queries`; type_message is "email" or
    "sms", type_send for example "txthtml". Those from reply_to on are documented for update, and known from other
    clients for create.
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


_SETTINGS = tuple(CampaignSettings.__annotations__)
# The pages write these as true and false, and test_mode as TRUE or FALSE.
_LOWER_CASE = frozenset({"generate_txt", "google_analytics", "web_template", "style_inline"})


class _CampaignSometimes(TypedDict, total=False):
    USER_LIST: list[int]


class CampaignRow(_CampaignSometimes):
    """A campaign. SEND_DATE and LAST_SENT are "YYYY-MM-DD HH:MM:SS", DAYS numbers of days with commas. One that is sent
    to no list has no USER_LIST."""

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


class ScheduleRow(TypedDict):
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


LIST = MethodSpec(
    "mailkit.campaigns.list",
    Rows(CampaignRow),
    reads=True,
    doc=Doc("https://mailkit.com/resources/api/campaign-management", Certainty.PARTIAL),
)
CREATE = MethodSpec("mailkit.campaigns.create", Id(), doc=Doc(f"{_PAGES}mailkitcampaignscreate", Certainty.PARTIAL))
UPDATE = MethodSpec(
    "mailkit.campaigns.update", Anything("OK"), doc=Doc(f"{_CZECH}mailkitcampaignsupdate", Certainty.PARTIAL)
)
SCHEDULE = MethodSpec(
    "mailkit.campaigns.single.schedule",
    Anything("OK"),
    doc=Doc(f"{_PAGES}mailkitcampaignssingleschedule", Certainty.PARTIAL),
)
SCHEDULE_LIST = MethodSpec(
    "mailkit.campaigns.schedule.list",
    # Its XML form has `error` where the JSON form has error_status.
    Rows(ScheduleRow, inside="data", code="error"),
    reads=True,
    doc=Doc("https://mailkit.com/resources/api/campaign-management/mailkitcampaignsschedulelist", Certainty.PARTIAL),
)
TIMEZONES = MethodSpec(
    "mailkit.campaigns.schedule.timezones",
    Rows(TimezoneRow),
    reads=True,
    doc=Doc(f"{_CZECH}mailkitcampaignsscheduletimezone", Certainty.PARTIAL),
)
CANCEL = MethodSpec("mailkit.campaigns.schedule.cancel", Anything("OK"), doc=Doc(certainty=Certainty.NAMED))
HISTORY = MethodSpec("mailkit.campaigns.history", Anything(), doc=Doc(certainty=Certainty.NAMED))
SPECS = (LIST, CREATE, UPDATE, SCHEDULE, SCHEDULE_LIST, TIMEZONES, CANCEL, HISTORY)


class Campaigns(Namespace):
    """The methods ``mailkit.campaigns.*``, as `Client.campaigns`."""

    _path = "campaigns"

    def create(self, *, timeout: float | None = None, **settings: Unpack[CampaignSettings]) -> Result[int]:
        """Make a campaign.

        Args:
            settings: see `CampaignSettings`; name, subject and ID_allow_email have been seen to be enough.

        Returns:
            a `Result` whose value is the ID_message of the new campaign.

        Source: https://www.mailkit.com/resources/api/campaign-management/mailkitcampaignscreate (seen in part: which
        settings are required, and the refusals, are not known; the answer is known from other clients).
        """
        return self._owner.send(Call(CREATE, (_struct(settings, "create"),)), timeout=timeout)

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
            update: sent as "true" or "false"; its meaning is not known.
            settings: see `CampaignSettings`.

        Returns:
            a `Result` whose value is the answer as it came.

        Source: https://www.mailkit.com/cz/podpora/api/sprava-kampani/mailkitcampaignsupdate (seen in part: the answer
        is not known; "OK" and everything but a string count as success).
        """
        word = "true" if checked_bool(update, "update") else "false"
        params = (str(ID_message), word, _struct(settings, "update"))
        return self._owner.send(Call(UPDATE, params), timeout=timeout)

    @property
    def single(self) -> Single:
        """The method ``mailkit.campaigns.single.schedule``."""
        return Single(self._owner)

    @property
    def schedule(self) -> Schedule:
        """The methods ``mailkit.campaigns.schedule.*``."""
        return Schedule(self._owner)

    def history(self, *params: Any, timeout: float | None = None) -> Result[Any]:
        """Known by name only: Mailkit's PHP client lists the method, and nothing says which parameters it has.

        Args:
            params: sent as they are.

        Returns:
            a `Result` whose value is the answer as it came; a string is a refusal.

        Source: none was found.
        """
        return self._owner.send(Call(HISTORY, params), timeout=timeout)

    # The last method, because after it `list` means it in this class.
    def list(self, ID_message: int | None = None, *, timeout: float | None = None) -> Result[list[CampaignRow]]:
        """All campaigns, or one.

        Args:
            ID_message: only this one; there are no rows if it does not exist.

        Source: https://mailkit.com/resources/api/campaign-management (seen in part).
        """
        return self._owner.send(Call(LIST, positional(ID_message)), timeout=timeout)


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
        """Schedule one delivery of a campaign; several can be pending.

        Args:
            ID_message: the campaign.
            send_date: "now", "YYYY-MM-DD HH:MM", or a datetime in the time zone given.
            subject: instead of the campaign's.
            time_zone: a TIMEZONE of `Schedule.timezones`.
            ID_template: instead of the campaign's.
            ID_query: only to the recipients of this query.
            ID_delivery_feed: with the data of this source.

        Returns:
            a `Result` whose value is the answer as it came.

        Source: https://www.mailkit.com/resources/api/campaign-management/mailkitcampaignssingleschedule (seen in part:
        the answer is not known; "OK" and everything but a string count as success).
        """
        options = {"ID_query": _digits(ID_query), "ID_delivery_feed": _digits(ID_delivery_feed)}
        extras = positional(_digits(ID_template), branch(options, options) or None)
        when = date_text(send_date, MINUTE, "send_date")
        # The fifth parameter must be there, and empty.
        params = (ID_message, subject or "", when, time_zone or "", "", *extras)
        return self._owner.send(Call(SCHEDULE, params), timeout=timeout)


class Schedule(Namespace):
    """The methods ``mailkit.campaigns.schedule.*``."""

    _path = "campaigns.schedule"

    def timezones(self, *, timeout: float | None = None) -> Result[list[TimezoneRow]]:
        """The time zones that a delivery can be scheduled in.

        Source: https://www.mailkit.com/cz/podpora/api/sprava-kampani/mailkitcampaignsscheduletimezone (seen in part;
        the page is called "timezone", its samples call "timezones").
        """
        return self._owner.send(Call(TIMEZONES), timeout=timeout)

    def cancel(self, ID_send_message_queue: int, *, timeout: float | None = None) -> Result[Any]:
        """Cancel a scheduled delivery. Known by name only: its parameter is a guess.

        Args:
            ID_send_message_queue: the ID_SEND_MESSAGE_QUEUE of `Schedule.list`.

        Returns:
            a `Result` whose value is the answer as it came; "OK" and everything but a string count as success.

        Source: named on https://www.mailkit.com/resources/api/campaign-management/mailkitcampaignssingleschedule
        """
        return self._owner.send(Call(CANCEL, (ID_send_message_queue,)), timeout=timeout)

    # The last method, because after it `list` means it in this class.
    def list(self, ID_message: int | None = None, *, timeout: float | None = None) -> Result[list[ScheduleRow]]:
        """The deliveries that are scheduled and have not begun.

        Args:
            ID_message: only those of this campaign.

        Returns:
            a `Result` whose value is the rows; the struct around them is `Result.raw`.

        Source: https://mailkit.com/resources/api/campaign-management/mailkitcampaignsschedulelist (seen in part).
        """
        return self._owner.send(Call(SCHEDULE_LIST, positional(ID_message)), timeout=timeout)


def _struct(settings: CampaignSettings, method: str) -> dict[str, Any]:
    """All values are Base64; an id is its digits."""
    check_keywords(settings, _SETTINGS, method)
    given = {name: _word(name, value) for name, value in branch(settings, _SETTINGS).items()}
    struct: dict[str, Any] = base64_values(given)
    return struct


def _word(name: str, value: Any) -> Any:
    """Mailkit's pages write some of the booleans in lower case."""
    return str(value).lower() if isinstance(value, bool) and name in _LOWER_CASE else value


def _digits(value: int | None) -> str | None:
    return None if value is None else str(value)
