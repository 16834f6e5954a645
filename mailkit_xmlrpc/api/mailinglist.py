"""Mailing lists and the recipients in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from ..result import Result
from .mailinglist_answers import (
    ADDUSER,
    CREATE,
    DELETE,
    EDITUSER,
    IMPORT,
    LIST,
    SPECS,
    UNSUBSCRIBED,
    AddedRecipient,
    CreatedList,
    DeletedList,
    ImportAnswer,
    MailingListRow,
    UnsubscribedRow,
)
from .mailinglist_pages import Engagement, GetStatus
from .namespace import Namespace
from .params import DAY, branch, custom_fields, known_fields, known_members, moment, positional, truth
from .recipient import ADDRESS, FIELDS, PERSONAL, RecipientFields, branches

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["IMPORTED", "SPECS", "MailingList"]

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
            description: a text of one's own.
            timeout: seconds for this call.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitmailinglistcreate
        """
        return self._invoke(CREATE, positional(name, description), timeout)

    def delete(
        self, ID_user_list: int, *, keep_list: bool | None = None, timeout: float | None = None
    ) -> Result[DeletedList]:
        """Delete a mailing list with its recipients, or with `keep_list` only the recipients.

        Args:
            ID_user_list: the list; "Missing ID_user_list" and "Invalid ID_user_list" are the refusals.
            keep_list: True keeps the list and removes its recipients.
            timeout: seconds for this call.

        Source: known from Mailkit's PHP client only, which sends keep_list as TRUE or FALSE.
        """
        return self._invoke(DELETE, positional(ID_user_list, truth(keep_list)), timeout)

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
            confirm: send an e-mail that asks for consent (double opt-in). The recipient is then in the list only once
                that was confirmed, and the answer has neither data nor status.
            status: such as "enabled".
            ID_template: the template of the confirmation e-mail.
            email_from: its sender's address.
            name_from: its sender's name.
            return_url: where the recipient goes after confirming.
            ip_src: from which address the consent was given.
            form_url: the form's URL.
            timeout: seconds for this call.
            fields: what is known of the recipient, see `RecipientFields`.

        Returns:
            a `Result`. Refusals: "Missing email", "Bad email syntax", "Missing ID_mailing_list", "Invalid
            ID_mailing_list", "Invalid ID_template", and status 4.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitmailinglistadduser (seen in part; the
        answer and the refusals are known from Mailkit's PHP client).
        """
        known_fields(fields, FIELDS, "adduser")
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
        params = positional(ID_user_list, confirm, *branches(person, _ADDED), consent or None)
        return self._invoke(ADDUSER, params, timeout)

    def edituser(
        self,
        ID_user_list: int,
        email_id: int | str,
        *,
        timeout: float | None = None,
        **fields: Unpack[RecipientFields],
    ) -> Result[str]:
        """Change what is stored of a recipient; members that are not given stay as they are.

        Args:
            ID_user_list: the list.
            email_id: the recipient, by id or address.
            timeout: seconds for this call.
            fields: what to change, see `RecipientFields`; the address itself cannot be changed.

        Returns:
            a `Result` whose value is "OK". Refusals: "Missing" or "Invalid" with ID_email, ID_mailing_list or
            ID_user_list.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitmailinglistedituser (seen in part).
        """
        known_fields(fields, FIELDS, "edituser")
        # The third parameter is there for older callers and always empty.
        return self._invoke(EDITUSER, [ID_user_list, email_id, "", *branches(fields)], timeout)

    def import_(
        self, ID_user_list: int, recipients: Iterable[Mapping[str, Any]], *, timeout: float | None = None
    ) -> Result[ImportAnswer]:
        """Put many recipients into a list, or update them, in one call. Mailkit takes up to 128 MB.

        Args:
            ID_user_list: the list.
            recipients: mappings with email, and whatever of status and `RecipientFields` is known.
            timeout: seconds for this call.

        Raises:
            EncodeError: a recipient has a member that Mailkit does not know.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitmailinglistimport (seen in part; the
        answer is known from other clients).
        """
        rows = [_imported(recipient, f"recipients[{index}]") for index, recipient in enumerate(recipients)]
        return self._invoke(IMPORT, (ID_user_list, rows), timeout)

    @property
    def getstatus(self) -> GetStatus:
        """The method ``mailkit.mailinglist.getstatus``, and `GetStatus.rows`."""
        return GetStatus(self._invoke)

    @property
    def engagement(self) -> Engagement:
        """The method ``mailkit.mailinglist.engagement``, and `Engagement.rows`."""
        return Engagement(self._invoke)

    def unsubscribed(
        self, range_from: date | str | None = None, *, timeout: float | None = None
    ) -> Result[list[UnsubscribedRow]]:
        """All addresses of the account that were unsubscribed since a day.

        Args:
            range_from: the day, or "YYYY-MM-DD".
            timeout: seconds for this call.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitmailinglistunsubscribed (seen in part).
        """
        return self._invoke(UNSUBSCRIBED, positional(moment(range_from, DAY, "range_from")), timeout)

    # Last, because in this class `list` means it from here on.
    def list(self, *, timeout: float | None = None) -> Result[list[MailingListRow]]:
        """All mailing lists.

        Args:
            timeout: seconds for this call.

        Source: https://www.mailkit.com/resources/api/mailing-list-management/mailkitmailinglistlist (its rows are
        known from Mailkit's PHP client).
        """
        return self._invoke(LIST, (), timeout)


def _imported(recipient: Mapping[str, Any], path: str) -> dict[str, Any]:
    """A recipient as import wants it: flat, and not in Base64."""
    known_members(recipient, IMPORTED, path)
    return {**branch(recipient, IMPORTED[:-1]), **custom_fields(recipient.get("custom"))}
