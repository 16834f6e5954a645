"""Recipients, by id or address, whatever list they are in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..result import Result
from .email_answers import (
    DELETE,
    GETSTATUS,
    HISTORY,
    MOVE,
    REVALIDATE,
    SPECS,
    TOPICS,
    UNSUBSCRIBE,
    UNSUBSCRIBE_GETSTATUS,
    WIPE,
    DeliveryRow,
    WipeAnswer,
)
from .namespace import Namespace
from .params import branch, positional
from .recipient import RecipientRow

__all__ = ["SPECS", "Email", "GetStatus", "Unsubscribe"]


class Email(Namespace):
    """The methods ``mailkit.email.*``, as `Client.email`."""

    _path = "email"

    @property
    def getstatus(self) -> GetStatus:
        """The methods ``mailkit.email.getstatus`` and ``mailkit.email.getstatus.history``."""
        return GetStatus(self._invoke)

    @property
    def unsubscribe(self) -> Unsubscribe:
        """The methods ``mailkit.email.unsubscribe`` and ``mailkit.email.unsubscribe.getstatus``."""
        return Unsubscribe(self._invoke)

    def revalidate(
        self,
        ID_email: int | str,
        *,
        agreement: bool,
        ID_message: int | None = None,
        channel: str | None = None,
        language: str | None = None,
        timeout: float | None = None,
    ) -> Result[str]:
        """Take an unsubscribed recipient back. Mailkit means to abolish this; `MailingList.adduser` takes its place.

        Args:
            ID_email: the recipient, by id or address.
            agreement: whether consent was given already; else a confirmation e-mail asks for it.
            ID_message: the campaign whose template that e-mail has.
            channel: how consent was obtained.
            language: such as "CZ".
            timeout: seconds for this call.

        Returns:
            a `Result` whose value is "Email has been revalidated" or "Sent subscribe email". The refusal of one who
            is not unsubscribed is a `NotUnsubscribedError`.

        Source: https://www.mailkit.com/resources/api/mailing-list-management/mailkitemailrevalidate (seen in part; one
        copy says that the method went at the end of 2020, a newer one that it will).
        """
        # There is nothing in the fifth parameter.
        params = positional(ID_email, ID_message, agreement, channel, None, language)
        return self._invoke(REVALIDATE, params, timeout)

    def move(self, email_id: int, ID_mailing_list: int, *, timeout: float | None = None) -> Result[bool]:
        """Move a recipient into another mailing list, where it has another id.

        Args:
            email_id: the recipient's id.
            ID_mailing_list: where to.
            timeout: seconds for this call.

        Returns:
            a `Result` whose value is True. Mailkit refuses with the number 0 and gives no reason: `NotFoundError`.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitemailmove (the new id is told in JSON
        alone).
        """
        return self._invoke(MOVE, (email_id, ID_mailing_list), timeout)

    def delete(self, email_id: int | str, *, timeout: float | None = None) -> Result[list[int]]:
        """Delete a recipient by id, or all records of an address.

        Args:
            email_id: the id or the address; "Invalid ID_email" is the refusal.
            timeout: seconds for this call.

        Returns:
            a `Result` whose value is the ids that were deleted.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitemaildelete (how several ids are told
        is known of JSON alone).
        """
        return self._invoke(DELETE, (email_id,), timeout)

    def wipe(self, ID_email: int | str, *, timeout: float | None = None) -> Result[WipeAnswer]:
        """Have everything about a recipient erased; Mailkit does so once a day.

        Args:
            ID_email: the recipient, by id or address.
            timeout: seconds for this call.

        Returns:
            a `Result`. Refusals: "Missing ID_email", "Invalid ID_email or email" (the page spells it in two ways), and
            "Email has already been inserted" for one that waits to be erased.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitemailwipe
        """
        return self._invoke(WIPE, (ID_email,), timeout)

    def topics(
        self,
        email: str,
        *,
        ID_topics: Iterable[int] | None = None,
        activate_all: bool | None = None,
        timeout: float | None = None,
    ) -> Result[Any]:
        """Set which topics a recipient is subscribed to.

        Args:
            email: the recipient's address.
            ID_topics: the topics to stay subscribed to. None, without `activate_all`, unsubscribes from all.
            activate_all: subscribe to all; the topics are ignored then.
            timeout: seconds for this call.

        Returns:
            a `Result` whose value is the answer as it came.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitemailtopics (seen in part: the answer
        is not known; "OK", "TRUE", an empty string and whatever is no string count as success).
        """
        topics = None if ID_topics is None else list(ID_topics)
        struct = {"ID_topics": topics, "email": email, "activate_all": activate_all}
        return self._invoke(TOPICS, (branch(struct, struct),), timeout)


class GetStatus(Namespace):
    """The methods ``mailkit.email.getstatus`` and ``mailkit.email.getstatus.history``."""

    _path = "email.getstatus"

    def __call__(
        self,
        email_id: int | str | None = None,
        *,
        ID_send_message: int | None = None,
        timeout: float | None = None,
    ) -> Result[list[RecipientRow]]:
        """All that is stored of a recipient; for an address, in each list.

        Args:
            email_id: the recipient, by id or address.
            ID_send_message: the recipient of this message instead.
            timeout: seconds for this call.

        Returns:
            a `Result`. Refusals: "Missing ID email", "Invalid ID_email", and an empty string for a recipient that
            Mailkit does not know: `NotFoundError`.

        Source: https://www.mailkit.com/cz/podpora/api/sprava-seznamu-prijemcu/mailkitemailgetstatus (seen in part; the
        refusals are known from Mailkit's PHP client).
        """
        return self._invoke(GETSTATUS, positional(email_id, ID_send_message), timeout)

    def history(
        self, email: str | None = None, *, ID_email: int | None = None, timeout: float | None = None
    ) -> Result[list[DeliveryRow]]:
        """What was sent to a recipient in the last year, and what became of it. Give an address or an id.

        Args:
            email: the address, in all lists.
            ID_email: the id of one record; it wins where both are given.
            timeout: seconds for this call.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitemailgetstatushistory (seen in part).
        """
        struct = {"email": email, "ID_email": ID_email}
        return self._invoke(HISTORY, (branch(struct, struct),), timeout)


class Unsubscribe(Namespace):
    """The methods ``mailkit.email.unsubscribe`` and ``mailkit.email.unsubscribe.getstatus``."""

    _path = "email.unsubscribe"

    def __call__(
        self,
        email_id: int | str,
        *,
        ID_send_message: int | None = None,
        send_optout: bool | None = None,
        timeout_days: int | None = None,
        timeout: float | None = None,
    ) -> Result[int]:
        """Unsubscribe an address or phone number, for good or for some days.

        Args:
            email_id: the recipient: an id, an address, or a phone number such as "+420777123456".
            ID_send_message: the message that made the recipient leave.
            send_optout: whether Mailkit confirms it by e-mail; it does if this is not given.
            timeout_days: for so many days only, 14 to 90.
            timeout: seconds for this call.

        Returns:
            a `Result` whose value is the recipient's id. "Invalid ID_email or email" is the refusal.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitemailunsubscribe (seen in part; an
        older page has the last parameter one place earlier, the newest counts here).
        """
        options = None if timeout_days is None else {"timeout": True, "timeout_days": timeout_days}
        return self._invoke(UNSUBSCRIBE, positional(email_id, ID_send_message, send_optout, options), timeout)

    def getstatus(self, ID_email: int | str, *, timeout: float | None = None) -> Result[bool]:
        """Whether a recipient is unsubscribed.

        Args:
            ID_email: the recipient, by id or address.
            timeout: seconds for this call.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitemailunsubscribegetstatus (seen in
        part: topics and dates are told in JSON).
        """
        return self._invoke(UNSUBSCRIBE_GETSTATUS, (ID_email,), timeout)
