"""Types of `AsyncMethods`; written by ``python -m tests.stubs``."""

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from typing_extensions import Unpack
from ..api.campaigns import CampaignRow, CampaignSettings, ScheduleRow, TimezoneRow
from ..api.delivery import Attachment, SendmailAnswer
from ..api.email import DeliveryRow, WipeAnswer
from ..api.fields import PersonFields, RecipientFields, RecipientRow
from ..api.filemanager import FileRow, UploadRow
from ..api.journeys import TriggerAnswer
from ..api.mailinglist import AddedRecipient, CreatedList, DeletedList, EngagementRow, ImportAnswer, MailingListRow, UnsubscribedRow
from ..api.profile import QueryRow, SenderRow
from ..api.raw_report import RawBounce, RawMessage, RawResponse
from ..api.report import BounceRow, CampaignReportRow, FeedbackRow, LinkRow, MessageReport, RecipientReportRow, SummaryRow, VisitorRow
from ..result import Result

class _CampaignsCampaigns:
    async def create(self, *, timeout: float | None=None, **settings: Unpack[CampaignSettings]) -> Result[int]:
        """Make a campaign.

        Args:
            settings: see `CampaignSettings`; name, subject and ID_allow_email have been seen to be enough.

        Returns:
            a `Result` whose value is the ID_message of the new campaign.

        Source: https://www.mailkit.com/resources/api/campaign-management/mailkitcampaignscreate (seen in part: which
        settings are required, and the refusals, are not known; the answer is known from other clients)."""
    async def update(self, ID_message: int, *, update: bool=True, timeout: float | None=None, **settings: Unpack[CampaignSettings]) -> Result[Any]:
        """Change the settings of a campaign; those that are not given stay as they are.

        Args:
            ID_message: the campaign.
            update: sent as "true" or "false"; its meaning is not known.
            settings: see `CampaignSettings`.

        Returns:
            a `Result` whose value is the answer as it came.

        Source: https://www.mailkit.com/cz/podpora/api/sprava-kampani/mailkitcampaignsupdate (seen in part: the answer
        is not known; "OK" and everything but a string count as success)."""
    @property
    def single(self) -> _CampaignsSingle: ...
    @property
    def schedule(self) -> _CampaignsSchedule: ...
    async def history(self, *params: Any, timeout: float | None=None) -> Result[Any]:
        """Known by name only: Mailkit's PHP client lists the method, and nothing says which parameters it has.

        Args:
            params: sent as they are.

        Returns:
            a `Result` whose value is the answer as it came; a string is a refusal.

        Source: none was found."""
    async def list(self, ID_message: int | None=None, *, timeout: float | None=None) -> Result[list[CampaignRow]]:
        """All campaigns, or one.

        Args:
            ID_message: only this one; there are no rows if it does not exist.

        Source: https://mailkit.com/resources/api/campaign-management (seen in part)."""

class _CampaignsSingle:
    async def schedule(self, ID_message: int, send_date: datetime | str, *, subject: str | None=None, time_zone: str | None=None, ID_template: int | None=None, ID_query: int | None=None, ID_delivery_feed: int | None=None, timeout: float | None=None) -> Result[Any]:
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
        the answer is not known; "OK" and everything but a string count as success)."""

class _CampaignsSchedule:
    async def timezones(self, *, timeout: float | None=None) -> Result[list[TimezoneRow]]:
        """The time zones that a delivery can be scheduled in.

        Source: https://www.mailkit.com/cz/podpora/api/sprava-kampani/mailkitcampaignsscheduletimezone (seen in part;
        the page is called "timezone", its samples call "timezones")."""
    async def cancel(self, ID_send_message_queue: int, *, timeout: float | None=None) -> Result[Any]:
        """Cancel a scheduled delivery. Known by name only: its parameter is a guess.

        Args:
            ID_send_message_queue: the ID_SEND_MESSAGE_QUEUE of `Schedule.list`.

        Returns:
            a `Result` whose value is the answer as it came; "OK" and everything but a string count as success.

        Source: named on https://www.mailkit.com/resources/api/campaign-management/mailkitcampaignssingleschedule"""
    async def list(self, ID_message: int | None=None, *, timeout: float | None=None) -> Result[list[ScheduleRow]]:
        """The deliveries that are scheduled and have not begun.

        Args:
            ID_message: only those of this campaign.

        Returns:
            a `Result` whose value is the rows; the struct around them is `Result.raw`.

        Source: https://mailkit.com/resources/api/campaign-management/mailkitcampaignsschedulelist (seen in part)."""

class _DeliverySendmail:
    async def __call__(self, mailinglist_id: int, campaign_id: int, *, send_to: str, subject: str | None=None, message_data: bytes | str | None=None, content: Mapping[str, Any] | None=None, status: str | None=None, attachments: Iterable[Attachment]=(), timeout: float | None=None, **fields: Unpack[RecipientFields]) -> Result[SendmailAnswer]:
        """Send one message through a campaign; the recipient is added or updated too.

        Args:
            mailinglist_id: the list that the recipient is in, or will be.
            campaign_id: the campaign (its ID_message).
            send_to: the recipient's address.
            subject: instead of the campaign's.
            message_data: the body, instead of the campaign's.
            content: variables of the template; can be nested.
            status: the recipient's, for example "enabled".
            attachments: files to send with it; each needs data or a url.
            fields: more about the recipient, see `RecipientFields`.

        Returns:
            a `Result`. A message that was not sent is a refusal: status 6 or 7 is a `NotDeliveredError`, even though
            the recipient was stored; status 4 is a refusal too. Texts: "Missing" or "Invalid" with ID_mailing_list or
            ID_message, "Missing send_to", "Missing sender address", "Attachment is not allowed".

        Raises:
            EncodeError: an attachment is not a mapping, or has neither data nor a url.

        Source: https://mailkit.com/resources/api/campaign-delivery/mailkitsendmail (seen in part; the answer and the
        refusals are known from Mailkit's PHP client)."""

class _DeliverySendmailMass:
    async def __call__(self, recipients: Iterable[Mapping[str, Any]], *, id_send: str | None=None, timeout: float | None=None) -> Result[Any]:
        """Send messages through campaigns to many recipients in one call.

        Args:
            recipients: mappings with send_to, mailinglist_id and campaign_id, and optionally subject, message_data,
                template_file, create_email (a bool), customs (a mapping such as ``{"first_name": "Jana"}``), content
                (a mapping), and attachment (a list of `Attachment`).
            id_send: a word that groups the messages into one delivery, for example "today".

        Returns:
            a `Result` whose value is the answer as it came.

        Source: https://mailkit.com/resources/api/campaign-delivery/mailkitsendmail-mass (seen in part: the answer and
        the position of id_send are not certain. An older page wants all values in Base64; as in the newer one, only
        message_data and the data of attachments are)."""

class _DeliverySendsms:
    async def __call__(self, ID_message: int, ID_user_list: int, *, mobile: str, sms_data: str | None=None, content: Mapping[str, Any] | None=None, email: str | None=None, use_utf: bool | None=None, allow_split: bool | None=None, source: str | None=None, timeout: float | None=None, **fields: Unpack[PersonFields]) -> Result[Any]:
        """Send one SMS through a campaign.

        Args:
            ID_message: the SMS campaign.
            ID_user_list: the list that the recipient is in, or will be.
            mobile: the number, in the form "+420777123456".
            sms_data: the text, instead of the campaign's.
            content: variables of the template; can be nested.
            email: the recipient's address.
            use_utf: send characters beyond the SMS alphabet.
            allow_split: send a long text as several.
            source: the sender's name.
            fields: more about the recipient, see `PersonFields`.

        Returns:
            a `Result` whose value is the answer as it came.

        Source: https://mailkit.com/resources/api/campaign-delivery/mailkitsendsms (seen in part: the answer is not
        known. The recipient's data are sent as they are, as in the samples, though the text asks for Base64)."""

class _EmailEmail:
    @property
    def getstatus(self) -> _EmailGetStatus: ...
    @property
    def unsubscribe(self) -> _EmailUnsubscribe: ...
    async def revalidate(self, ID_email: int | str, *, agreement: bool, ID_message: int | None=None, channel: str | None=None, language: str | None=None, timeout: float | None=None) -> Result[str]:
        """Take an unsubscribed recipient back. Mailkit means to remove this; `MailingList.adduser` replaces it.

        Args:
            ID_email: the recipient, by id or address.
            agreement: whether consent was given already; if not, a confirmation e-mail asks for it.
            ID_message: the campaign whose template that e-mail has.
            channel: how consent was obtained.
            language: for example "CZ".

        Returns:
            a `Result` whose value is "Email has been revalidated" or "Sent subscribe email". The refusal of one who
            is not unsubscribed is a `NotUnsubscribedError`.

        Source: https://www.mailkit.com/resources/api/mailing-list-management/mailkitemailrevalidate (seen in part; one
        copy says that the method was removed at the end of 2020, a newer one that it will be)."""
    async def move(self, email_id: int, ID_mailing_list: int, *, timeout: float | None=None) -> Result[bool]:
        """Move a recipient into another mailing list, where it has another id.

        Args:
            email_id: the recipient's id.
            ID_mailing_list: the list to move it to.

        Returns:
            a `Result` whose value is True. Mailkit refuses with the number 0 and gives no reason: `NotFoundError`.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitemailmove (only the JSON interface
        tells the new id)."""
    async def delete(self, email_id: int | str, *, timeout: float | None=None) -> Result[list[int]]:
        """Delete a recipient by id, or all records of an address.

        Args:
            email_id: the id or the address; "Invalid ID_email" is the refusal.

        Returns:
            a `Result` whose value is the ids that were deleted.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitemaildelete (the form of several ids
        is only known from JSON)."""
    async def wipe(self, ID_email: int | str, *, timeout: float | None=None) -> Result[WipeAnswer]:
        """Have everything about a recipient erased; Mailkit does so once a day.

        Args:
            ID_email: the recipient, by id or address.

        Returns:
            a `Result`. Refusals: "Missing ID_email", "Invalid ID_email or email" (the page spells it in two ways), and
            "Email has already been inserted" for one that already waits to be erased.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitemailwipe"""
    async def topics(self, email: str, *, ID_topics: Iterable[int] | None=None, activate_all: bool | None=None, timeout: float | None=None) -> Result[Any]:
        """Set the topics that a recipient is subscribed to.

        Args:
            email: the recipient's address.
            ID_topics: the topics to stay subscribed to. None, without `activate_all`, unsubscribes from all.
            activate_all: subscribe to all; the topics are ignored then.

        Returns:
            a `Result` whose value is the answer as it came.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitemailtopics (seen in part: the answer
        is not known; "OK", "TRUE", an empty string and everything but a string count as success)."""

class _EmailGetStatus:
    async def __call__(self, email_id: int | str | None=None, *, ID_send_message: int | None=None, timeout: float | None=None) -> Result[list[RecipientRow]]:
        """All that is stored about a recipient; for an address, in each list.

        Args:
            email_id: the recipient, by id or address.
            ID_send_message: the recipient of this message instead.

        Returns:
            a `Result`. Refusals: "Missing ID email", "Invalid ID_email", and an empty string for a recipient that
            Mailkit does not know: `NotFoundError`.

        Source: https://www.mailkit.com/cz/podpora/api/sprava-seznamu-prijemcu/mailkitemailgetstatus (seen in part; the
        refusals are known from Mailkit's PHP client)."""
    async def history(self, email: str | None=None, *, ID_email: int | None=None, timeout: float | None=None) -> Result[list[DeliveryRow]]:
        """What was sent to a recipient in the last year, and the responses to it. Give an address or an id.

        Args:
            email: the address, in all lists.
            ID_email: the id of one record; it is used if both are given.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitemailgetstatushistory (seen in part)."""

class _EmailUnsubscribe:
    async def __call__(self, email_id: int | str, *, ID_send_message: int | None=None, send_optout: bool | None=None, timeout_days: int | None=None, timeout: float | None=None) -> Result[int]:
        """Unsubscribe an address or phone number, permanently or for some days.

        Args:
            email_id: the recipient: an id, an address, or a phone number such as "+420777123456".
            ID_send_message: the message that made the recipient unsubscribe.
            send_optout: whether Mailkit confirms it by e-mail; it does if this is not given.
            timeout_days: for so many days only, 14 to 90.

        Returns:
            a `Result` whose value is the recipient's id. "Invalid ID_email or email" is the refusal.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitemailunsubscribe (seen in part; an
        older page has the last parameter one position earlier; this follows the newest)."""
    async def getstatus(self, ID_email: int | str, *, timeout: float | None=None) -> Result[bool]:
        """Whether a recipient is unsubscribed.

        Args:
            ID_email: the recipient, by id or address.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitemailunsubscribegetstatus (seen in
        part: the JSON interface also tells topics and dates)."""

class _FilemanagerFileManager:
    async def upload(self, files: Iterable[Mapping[str, Any]], *, timeout: float | None=None) -> Result[list[UploadRow]]:
        """Store files.

        Args:
            files: mappings with name (at most 50 characters) and data (bytes or str), and optionally folder_name and
                description.

        Returns:
            a `Result` whose value has a row for each file. It is a success even if a file was not stored: check ERROR
            of each.

        Source: https://mailkit.com/resources/api/other/mailkitfilemanagerupload (seen in part)."""
    async def delete(self, ID_file: int, kind: str='file', *, timeout: float | None=None) -> Result[str]:
        """Delete a file, or an empty folder.

        Args:
            ID_file: the ID_FILE; for a folder its ID_FOLDER.
            kind: "file" or "dir".

        Returns:
            a `Result` whose value is "DELETED". Refusals: "Invalid ID_file", "Invalid ID_folder", "Directory is not
            empty".

        Source: https://mailkit.com/resources/api/other/mailkitfilemanagerdelete"""
    async def list(self, ID_folder: int | None=None, *, timeout: float | None=None) -> Result[list[FileRow]]:
        """The files and folders in a folder.

        Args:
            ID_folder: the folder; None for the top.

        Source: https://www.mailkit.com/cz/podpora/api/ostatni/mailkitfilemanagerlist (seen in part: the members of
        files are not known)."""

class _JourneysJourneys:
    async def trigger(self, email: str, event_tag: str, event_data: Mapping[str, Any] | None=None, *, timeout: float | None=None) -> Result[TriggerAnswer]:
        """Put a recipient into a scenario at its ON EVENT node, or let one leave a WAIT node at once.

        Args:
            email: the recipient's address.
            event_tag: the event's name, as in the settings of the node.
            event_data: values for the scenario; can be nested. Left out of the call if None.

        Returns:
            a `Result`. Success is ``message`` "Added into scenario events queue"; refusals are "Missing email"
            and "Missing event_tag" beside those of every method. An empty email or event_tag is sent, for
            Mailkit to refuse.

        Raises:
            EncodeError: email or event_tag is not a str, event_data is not a mapping, or XML-RPC cannot carry a value.
            InDoubtError, ResponseError: the event may have been queued. It is not sent again unless the
                client's `Retry` says so.
            TransportError, FaultError: see there.

        Source: https://www.mailkit.com/resources/api/journeys/mailkitjourneystrigger"""

class _MailinglistMailingList:
    async def create(self, name: str, *, description: str | None=None, timeout: float | None=None) -> Result[CreatedList]:
        """Make a mailing list.

        Args:
            name: its name; "Missing name of mailing list" and "Mailing list exist" are the refusals.
            description: a text of your own.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitmailinglistcreate"""
    async def delete(self, ID_user_list: int, *, keep_list: bool | None=None, timeout: float | None=None) -> Result[DeletedList]:
        """Delete a mailing list with its recipients.

        Args:
            ID_user_list: the list; "Missing ID_user_list" and "Invalid ID_user_list" are the refusals.
            keep_list: True keeps the list and removes its recipients.

        Source: known from Mailkit's PHP client only, which sends keep_list as TRUE or FALSE."""
    async def adduser(self, ID_user_list: int, *, email: str, confirm: bool=False, status: str | None=None, ID_template: int | None=None, email_from: str | None=None, name_from: str | None=None, return_url: str | None=None, ip_src: str | None=None, form_url: str | None=None, timeout: float | None=None, **fields: Unpack[RecipientFields]) -> Result[AddedRecipient]:
        """Put one recipient into a list, or update the one that is there.

        Args:
            ID_user_list: the list.
            email: the address.
            confirm: send an e-mail that asks for consent (double opt-in). The recipient is in the list only after
                that was confirmed, and the answer has neither data nor status.
            status: for example "enabled".
            ID_template: the template of the confirmation e-mail.
            email_from: its sender's address.
            name_from: its sender's name.
            return_url: the page that the recipient sees after confirming.
            ip_src: the address that consent was given from.
            form_url: the form's URL.
            fields: more about the recipient, see `RecipientFields`.

        Returns:
            a `Result`. Refusals: "Missing email", "Bad email syntax", "Missing ID_mailing_list", "Invalid
            ID_mailing_list", "Invalid ID_template", and status 4.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitmailinglistadduser (seen in part; the
        answer and the refusals are known from Mailkit's PHP client)."""
    async def edituser(self, ID_user_list: int, email_id: int | str, *, timeout: float | None=None, **fields: Unpack[RecipientFields]) -> Result[str]:
        """Change what is stored about a recipient; members that are not given stay as they are.

        Args:
            ID_user_list: the list.
            email_id: the recipient, by id or address.
            fields: the changes, see `RecipientFields`; the address itself cannot be changed.

        Returns:
            a `Result` whose value is "OK". Refusals: "Missing" or "Invalid" with ID_email, ID_mailing_list or
            ID_user_list.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitmailinglistedituser (seen in part)."""
    async def import_(self, ID_user_list: int, recipients: Iterable[Mapping[str, Any]], *, timeout: float | None=None) -> Result[ImportAnswer]:
        """Put many recipients into a list, or update them, in one call. Mailkit takes up to 128 MB.

        Args:
            ID_user_list: the list.
            recipients: mappings with email, and optionally status and the members of `RecipientFields`.

        Raises:
            EncodeError: recipients is not a list of mappings, or one has a member that Mailkit does not know.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitmailinglistimport (seen in part; the
        answer is known from other clients)."""
    @property
    def getstatus(self) -> _MailinglistGetStatus: ...
    @property
    def engagement(self) -> _MailinglistEngagement: ...
    async def unsubscribed(self, range_from: date | str | None=None, *, timeout: float | None=None) -> Result[list[UnsubscribedRow]]:
        """All addresses of the account that were unsubscribed since a day.

        Args:
            range_from: the day, or "YYYY-MM-DD".

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitmailinglistunsubscribed (seen in part)."""
    async def list(self, *, timeout: float | None=None) -> Result[list[MailingListRow]]:
        """All mailing lists.

        Source: https://www.mailkit.com/resources/api/mailing-list-management/mailkitmailinglistlist (its rows are
        known from Mailkit's PHP client)."""

class _MailinglistGetStatus:
    async def __call__(self, ID_user_list: int, *, status: str | None=None, change_date: datetime | str | None=None, ID_email: int | None=None, limit: int | None=None, timeout: float | None=None) -> Result[list[RecipientRow]]:
        """A page of a list's recipients with all their data; `rows` gives all of them.

        Args:
            ID_user_list: the list.
            status: only those with this status: enabled, unknown, temporary, permanent, unsubscribe.
            change_date: only those that were changed then or later, "YYYY-MM-DD HH:MM:SS".
            ID_email: the recipient to begin with.
            limit: how many rows; at most 10,000.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitmailinglistgetstatus (seen in part:
        whether the page begins with ID_email or after it is not known)."""
    def rows(self, ID_user_list: int, *, status: str | None=None, change_date: datetime | str | None=None, start: int | None=None, limit: int | None=None, pause: float=0.0, timeout: float | None=None) -> AsyncIterator[RecipientRow]:
        """All of a list's recipients, page by page; each row once.

        Args:
            start: the ID_email to begin with.
            limit: rows in a page.
            pause: seconds to wait between two pages.
            timeout: seconds for each page.

        Raises:
            RefusedError: Mailkit refused a page."""

class _MailinglistEngagement:
    async def __call__(self, ID_user_list: int, *, ID_email: int | None=None, limit: int | None=None, timeout: float | None=None) -> Result[list[EngagementRow]]:
        """A page of the scores of a list's recipients; `rows` gives all of them.

        Mailkit computes them once a day, and can slow down a caller who asks more often.

        Args:
            ID_user_list: the list.
            ID_email: the recipient to begin with.
            limit: how many rows; 25,000 by default.

        Source: https://www.mailkit.com/resources/api/mailing-list-management/mailkitmailinglistengagement (seen in
        part: of a row's members only SCORE is certain)."""
    def rows(self, ID_user_list: int, *, start: int | None=None, limit: int | None=None, pause: float=0.0, timeout: float | None=None) -> AsyncIterator[EngagementRow]:
        """All scores, page by page. Arguments as for `GetStatus.rows`."""

class _ProfileProfile:
    @property
    def emails(self) -> _ProfileEmails: ...
    @property
    def queries(self) -> _ProfileQueries: ...

class _ProfileEmails:
    async def list(self, *, timeout: float | None=None) -> Result[list[SenderRow]]:
        """The addresses that the account can send from.

        Source: https://www.mailkit.com/cz/podpora/api/profil/mailkitprofileemailslist"""

class _ProfileQueries:
    async def list(self, *, timeout: float | None=None) -> Result[list[QueryRow]]:
        """The account's stored queries.

        Returns:
            a `Result` whose value is the rows; the struct around them is `Result.raw`.

        Source: https://www.mailkit.com/cz/podpora/api/profil/mailkitprofilequerieslist (seen in part)."""

class _RawReportRaw:
    @property
    def messages(self) -> _RawReportMessages: ...
    @property
    def responses(self) -> _RawReportResponses: ...
    @property
    def bounces(self) -> _RawReportBounces: ...

class _RawReportMessages:
    async def __call__(self, *, ID_message: int | None=None, ID_send: int | None=None, ID_send_message: int | None=None, limit: int | None=None, timeout: float | None=None) -> Result[list[RawMessage]]:
        """A page of the messages that were sent; `rows` gives all of them.

        Args:
            ID_message: only those of this campaign.
            ID_send: only those of this delivery.
            ID_send_message: the message to begin with.
            limit: how many rows; 25,000 by default and at most.

        Source: https://mailkit.com/resources/api/reporting/mailkitreportrawmessages (seen in part: whether a page
        begins with ID_send_message or after it is not known)."""
    def rows(self, *, ID_message: int | None=None, ID_send: int | None=None, start: int | None=None, limit: int | None=None, pause: float=0.0, timeout: float | None=None) -> AsyncIterator[RawMessage]:
        """All messages, page by page; each once.

        Args:
            ID_message: only those of this campaign.
            ID_send: only those of this delivery.
            start: the ID_send_message to begin with.
            limit: rows in a page.
            pause: seconds to wait between two pages.
            timeout: seconds for each page.

        Raises:
            RefusedError: Mailkit refused a page."""

class _RawReportResponses:
    async def __call__(self, *, ID_message: int | None=None, ID_send: int | None=None, ID_send_message: int | None=None, ID_log: int | None=None, limit: int | None=None, timeout: float | None=None) -> Result[list[RawResponse]]:
        """A page of what people did with messages; `rows` gives all of it.

        Args:
            ID_message: only those to this campaign.
            ID_send: only those to this delivery.
            ID_send_message: only those to this message.
            ID_log: the response to begin with.
            limit: how many rows; 25,000 by default and at most.

        Source: https://www.mailkit.com/cz/podpora/api/statistiky/mailkitreportrawresponses (seen in part: the members
        are known from another client)."""
    def rows(self, *, ID_message: int | None=None, ID_send: int | None=None, ID_send_message: int | None=None, start: int | None=None, limit: int | None=None, pause: float=0.0, timeout: float | None=None) -> AsyncIterator[RawResponse]:
        """All responses, page by page; each once. `start` is an ID_log; the rest as for `Messages.rows`."""

class _RawReportBounces:
    async def __call__(self, *, ID_message: int | None=None, ID_send: int | None=None, ID_undelivered_log: int | None=None, limit: int | None=None, timeout: float | None=None) -> Result[list[RawBounce]]:
        """A page of the messages that did not arrive; `rows` gives all of them.

        Args:
            ID_message: only those of this campaign.
            ID_send: only those of this delivery.
            ID_undelivered_log: the bounce to begin with; rows have it as ID_UNDELIVERED_LOG.
            limit: how many rows; 25,000 by default and at most.

        Source: https://www.mailkit.com/resources/api/reporting/mailkitreportrawbounces (seen in part)."""
    def rows(self, *, ID_message: int | None=None, ID_send: int | None=None, start: int | None=None, limit: int | None=None, pause: float=0.0, timeout: float | None=None) -> AsyncIterator[RawBounce]:
        """All bounces, page by page; each once. `start` is an ID_undelivered_log; the rest as for `Messages.rows`."""

class _ReportReport:
    async def __call__(self, range_from: date | str | None=None, range_to: date | str | None=None, *, timeout: float | None=None) -> Result[list[SummaryRow]]:
        """The figures of all campaigns.

        Args:
            range_from: from this day on, or "YYYY-MM-DD". Without a range, of the last month (known from another
                client).
            range_to: until this day.

        Source: https://www.mailkit.com/resources/api/reporting/mailkitreport (seen in part)."""
    async def campaign(self, ID_message: int, *, range_from: date | str | None=None, range_to: date | str | None=None, timeout: float | None=None) -> Result[list[CampaignReportRow]]:
        """The figures of each delivery of a campaign.

        Args:
            ID_message: the campaign.
            range_from: from this day on, or "YYYY-MM-DD". Without a range, of the last three months (known from
                another client).
            range_to: until this day.

        Source: https://mailkit.com/resources/api/reporting/mailkitreportcampaign (seen in part)."""
    @property
    def message(self) -> _ReportMessage: ...
    @property
    def raw(self) -> _RawReportRaw: ...

class _ReportMessage:
    async def __call__(self, ID_send: int, *, timeout: float | None=None) -> Result[MessageReport]:
        """The figures of one delivery.

        Args:
            ID_send: the delivery.

        Source: https://mailkit.com/cz/podpora/api/statistiky/mailkitreportmessage (seen in part)."""
    async def recipients(self, ID_send: int, *, timeout: float | None=None) -> Result[list[RecipientReportRow]]:
        """The recipients of a delivery, and how often each read and clicked.

        Args:
            ID_send: the delivery.

        Source: https://www.mailkit.com/resources/api/reporting/mailkitreportmessagerecipients"""
    async def feedback(self, ID_send: int, *, period: str | None=None, timeout: float | None=None) -> Result[list[FeedbackRow]]:
        """Reactions to a delivery over time.

        Args:
            ID_send: the delivery.
            period: "DAY" (the default), "WEEK" or "MONTH".

        Source: https://mailkit.com/resources/api/reporting/mailkitreportmessagefeedback (seen in part)."""
    @property
    def links(self) -> _ReportLinks: ...
    async def bounces(self, ID_send: int, *, timeout: float | None=None) -> Result[list[BounceRow]]:
        """The messages of a delivery that did not arrive.

        Args:
            ID_send: the delivery.

        Source: https://www.mailkit.com/cz/podpora/api/statistiky/mailkitreportmessagebounces (seen in part)."""

class _ReportLinks:
    async def __call__(self, ID_send: int, *, timeout: float | None=None) -> Result[list[LinkRow]]:
        """The links of a delivery that were clicked.

        Args:
            ID_send: the delivery.

        Source: https://www.mailkit.com/resources/api/reporting/mailkitreportmessagelinks"""
    async def visitors(self, ID_send: int, ID_url: int, *, timeout: float | None=None) -> Result[list[VisitorRow]]:
        """The recipients who clicked a link.

        Args:
            ID_send: the delivery.
            ID_url: the ID_URL of the link.

        Source: https://www.mailkit.com/resources/api/reporting/mailkitreportmessagelinksvisitors (seen in part: the
        refusals of a wrong ID_url are not known)."""

class AsyncMethods:
    @property
    def campaigns(self) -> _CampaignsCampaigns: ...
    @property
    def mailinglist(self) -> _MailinglistMailingList: ...
    @property
    def email(self) -> _EmailEmail: ...
    @property
    def sendmail(self) -> _DeliverySendmail: ...
    @property
    def sendmail_mass(self) -> _DeliverySendmailMass: ...
    @property
    def sendsms(self) -> _DeliverySendsms: ...
    @property
    def report(self) -> _ReportReport: ...
    @property
    def profile(self) -> _ProfileProfile: ...
    @property
    def filemanager(self) -> _FilemanagerFileManager: ...
    @property
    def journeys(self) -> _JourneysJourneys: ...
