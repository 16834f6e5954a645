"""Mailing lists, and the recipients in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Optional, TypedDict

from ..answers import Rows, Struct, Words
from ..call import Call, Certainty, Doc, MethodSpec
from ..result import Result
from .fields import (
    ADDRESS,
    DAY,
    FIELDS,
    PERSONAL,
    SECOND,
    RecipientFields,
    RecipientRow,
    branch,
    branches,
    check_keywords,
    checked_bool,
    date_text,
    flat,
    mappings,
    positional,
    true_or_false,
)
from .methods import Namespace
from .paging import Pages, page_call

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["IMPORTED", "SPECS", "AddedRecipient", "Engagement", "GetStatus", "ImportAnswer", "MailingList"]

_PAGES = "https://mailkit.com/resources/api/mailing-list-management/"
_OLDER_PAGES = "https://www.mailkit.com/resources/api/mailing-list-management/"


class MailingListRow(TypedDict):
    """A mailing list. STATUS is "enabled" or "disabled"."""

    NAME: str
    ID_USER_LIST: int
    STATUS: str
    DESCRIPTION: str


class CreatedList(TypedDict):
    """The id of the new list."""

    data: int


class DeletedList(TypedDict):
    """The word "OK"."""

    data: str


class AddedRecipient(TypedDict):
    """data is the recipient's ID_email; status 0 updated, 1 inserted, 2 inserted but unsubscribed, 3 updated but
    unsubscribed. Both are None while the recipient still has to confirm."""

    data: Optional[int]
    status: Optional[int]


class ImportAnswer(TypedDict):
    """The result of an import. Mailkit has been seen to count 0 after imports that succeeded."""

    invalid_emails: list[str]
    count_all: int
    count_new: int
    count_updated: int
    count_bad: int


class EngagementRow(TypedDict):
    """A recipient's score, which Mailkit computes once a day; further members are not documented."""

    SCORE: float
    ID_EMAIL: int


class UnsubscribedRow(TypedDict):
    """An address or phone number that was unsubscribed; from everything if there are no topics."""

    DATE: str
    EMAIL: str
    ID_UNSUBSCRIBE_GROUP: list[int]


LIST = MethodSpec(
    "mailkit.mailinglist.list",
    Rows(MailingListRow),
    reads=True,
    doc=Doc(f"{_OLDER_PAGES}mailkitmailinglistlist", Certainty.CLIENT),
)
CREATE = MethodSpec(
    "mailkit.mailinglist.create",
    Struct(CreatedList, needs=("data",)),
    doc=Doc(f"{_PAGES}mailkitmailinglistcreate"),
)
DELETE = MethodSpec(
    "mailkit.mailinglist.delete", Struct(DeletedList, needs=("data",)), doc=Doc(certainty=Certainty.CLIENT)
)
ADDUSER = MethodSpec(
    "mailkit.mailinglist.adduser",
    Struct(AddedRecipient, needs=("data",), words=("Sent subscribe email",), statuses=(4,)),
    doc=Doc(f"{_PAGES}mailkitmailinglistadduser", Certainty.PARTIAL),
)
EDITUSER = MethodSpec(
    "mailkit.mailinglist.edituser",
    Words("OK", inside="data"),
    doc=Doc(f"{_PAGES}mailkitmailinglistedituser", Certainty.PARTIAL),
)
IMPORT = MethodSpec(
    "mailkit.mailinglist.import",
    Struct(ImportAnswer),
    doc=Doc(f"{_PAGES}mailkitmailinglistimport", Certainty.PARTIAL),
)
GETSTATUS = MethodSpec(
    "mailkit.mailinglist.getstatus",
    Rows(RecipientRow),
    reads=True,
    doc=Doc(f"{_PAGES}mailkitmailinglistgetstatus", Certainty.PARTIAL),
)
ENGAGEMENT = MethodSpec(
    "mailkit.mailinglist.engagement",
    Rows(EngagementRow),
    reads=True,
    doc=Doc(f"{_OLDER_PAGES}mailkitmailinglistengagement", Certainty.PARTIAL),
)
UNSUBSCRIBED = MethodSpec(
    "mailkit.mailinglist.unsubscribed",
    Rows(UnsubscribedRow, keep_bad_scalars=True),  # the page has <i4>27,29,35</i4>
    reads=True,
    doc=Doc(f"{_PAGES}mailkitmailinglistunsubscribed", Certainty.PARTIAL),
)
SPECS = (LIST, CREATE, DELETE, ADDUSER, EDITUSER, IMPORT, GETSTATUS, ENGAGEMENT, UNSUBSCRIBED)

# The first branch of adduser, in the order of its page.
_ADDED = (
    *("ID_template", "email_from", "name_from", "return_url", "vocative", "prefix", "first_name", "last_name"),
    *("status", "email", "reply_to", "company"),
)
IMPORTED = ("email", "status", *PERSONAL, *ADDRESS, *(f"custom{number}" for number in range(1, 26)), "custom")
"""The members of a recipient that import takes; custom fields by their own names, or together."""


class MailingList(Namespace):
    """The methods ``mailkit.mailinglist.*``, as `Client.mailinglist`."""

    _path = "mailinglist"

    def create(self, name: str, *, description: str | None = None, timeout: float | None = None) -> Result[CreatedList]:
        """Make a mailing list.

        Args:
            name: its name; "Missing name of mailing list" and "Mailing list exist" are the refusals.
            description: a text of your own.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitmailinglistcreate
        """
        return self._owner.send(Call(CREATE, positional(name, description)), timeout=timeout)

    def delete(
        self, ID_user_list: int, *, keep_list: bool | None = None, timeout: float | None = None
    ) -> Result[DeletedList]:
        """Delete a mailing list with its recipients.

        Args:
            ID_user_list: the list; "Missing ID_user_list" and "Invalid ID_user_list" are the refusals.
            keep_list: True keeps the list and removes its recipients.

        Source: known from Mailkit's PHP client only, which sends keep_list as TRUE or FALSE.
        """
        params = positional(ID_user_list, true_or_false(keep_list, "keep_list"))
        return self._owner.send(Call(DELETE, params), timeout=timeout)

    def adduser(
        self,
        ID_user_list: int,
        *,
        email: str,
        confirm: bool = False,
        status: str | None = None,
        ID_template: int | None = None,
        email_from: str | None = None,
        name_from: str | None = None,
        return_url: str | None = None,
        ip_src: str | None = None,
        form_url: str | None = None,
        timeout: float | None = None,
        **fields: Unpack[RecipientFields],
    ) -> Result[AddedRecipient]:
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
        answer and the refusals are known from Mailkit's PHP client).
        """
        check_keywords(fields, FIELDS, "adduser")
        person = {
            **fields,
            "email": email,
            "status": status,
            "ID_template": ID_template,
            "email_from": email_from,
            "name_from": name_from,
            "return_url": return_url,
        }
        consent = branch({"ip_src": ip_src, "form_url": form_url}, ("ip_src", "form_url"))
        confirmed = checked_bool(confirm, "confirm")
        params = positional(ID_user_list, confirmed, *branches(person, _ADDED), consent or None)
        return self._owner.send(Call(ADDUSER, params), timeout=timeout)

    def edituser(
        self,
        ID_user_list: int,
        email_id: int | str,
        *,
        timeout: float | None = None,
        **fields: Unpack[RecipientFields],
    ) -> Result[str]:
        """Change what is stored about a recipient; members that are not given stay as they are.

        Args:
            ID_user_list: the list.
            email_id: the recipient, by id or address.
            fields: the changes, see `RecipientFields`; the address itself cannot be changed.

        Returns:
            a `Result` whose value is "OK". Refusals: "Missing" or "Invalid" with ID_email, ID_mailing_list or
            ID_user_list.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitmailinglistedituser (seen in part).
        """
        check_keywords(fields, FIELDS, "edituser")
        # The third parameter is there for older callers and always empty.
        params = (ID_user_list, email_id, "", *branches(fields))
        return self._owner.send(Call(EDITUSER, params), timeout=timeout)

    def import_(
        self, ID_user_list: int, recipients: Iterable[Mapping[str, Any]], *, timeout: float | None = None
    ) -> Result[ImportAnswer]:
        """Put many recipients into a list, or update them, in one call. Mailkit takes up to 128 MB.

        Args:
            ID_user_list: the list.
            recipients: mappings with email, and optionally status and the members of `RecipientFields`.

        Raises:
            EncodeError: recipients is not a list of mappings, or one has a member that Mailkit does not know.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitmailinglistimport (seen in part; the
        answer is known from other clients).
        """
        checked = mappings(recipients, IMPORTED, "recipients")
        structs = [flat(recipient, IMPORTED[:-1], f"recipients[{index}]") for index, recipient in enumerate(checked)]
        return self._owner.send(Call(IMPORT, (ID_user_list, structs)), timeout=timeout)

    @property
    def getstatus(self) -> GetStatus:
        """The method ``mailkit.mailinglist.getstatus``, and `GetStatus.rows`."""
        return GetStatus(self._owner)

    @property
    def engagement(self) -> Engagement:
        """The method ``mailkit.mailinglist.engagement``, and `Engagement.rows`."""
        return Engagement(self._owner)

    def unsubscribed(
        self, range_from: date | str | None = None, *, timeout: float | None = None
    ) -> Result[list[UnsubscribedRow]]:
        """All addresses of the account that were unsubscribed since a day.

        Args:
            range_from: the day, or "YYYY-MM-DD".

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitmailinglistunsubscribed (seen in part).
        """
        params = positional(date_text(range_from, DAY, "range_from"))
        return self._owner.send(Call(UNSUBSCRIBED, params), timeout=timeout)

    # The last method, because after it `list` means it in this class.
    def list(self, *, timeout: float | None = None) -> Result[list[MailingListRow]]:
        """All mailing lists.

        Source: https://www.mailkit.com/resources/api/mailing-list-management/mailkitmailinglistlist (its rows are
        known from Mailkit's PHP client).
        """
        return self._owner.send(Call(LIST), timeout=timeout)


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
            status: only those with this status: enabled, unknown, temporary, permanent, unsubscribe.
            change_date: only those that were changed then or later, "YYYY-MM-DD HH:MM:SS".
            ID_email: the recipient to begin with.
            limit: how many rows; at most 10,000.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitmailinglistgetstatus (seen in part:
        whether the page begins with ID_email or after it is not known).
        """
        filters = (ID_user_list, status, date_text(change_date, SECOND, "change_date"))
        return self._owner.send(page_call(GETSTATUS, filters, ID_email, limit, str), timeout=timeout)

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
            limit: rows in a page.
            pause: seconds to wait between two pages.
            timeout: seconds for each page.

        Raises:
            RefusedError: Mailkit refused a page.
        """
        filters = (ID_user_list, status, date_text(change_date, SECOND, "change_date"))
        # The page of the documentation has id and limit as strings.
        pages = Pages(GETSTATUS, filters, "ID_EMAIL", start, limit, pause, str)
        return self._owner._rows(pages, timeout=timeout)


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

        Mailkit computes them once a day, and can slow down a caller who asks more often.

        Args:
            ID_user_list: the list.
            ID_email: the recipient to begin with.
            limit: how many rows; 25,000 by default.

        Source: https://www.mailkit.com/resources/api/mailing-list-management/mailkitmailinglistengagement (seen in
        part: of a row's members only SCORE is certain).
        """
        return self._owner.send(page_call(ENGAGEMENT, (ID_user_list,), ID_email, limit), timeout=timeout)

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
        pages = Pages(ENGAGEMENT, (ID_user_list,), "ID_EMAIL", start, limit, pause)
        return self._owner._rows(pages, timeout=timeout)
