"""Email: recipients by id or address, in whatever list they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Optional, TypedDict

from ..answers import Anything, Flag, Id, Ids, Rows, Struct, Words
from ..call import Call, Certainty, Doc, MethodSpec
from ..errors.refused import NO_RECIPIENT, NOT_MOVED
from ..result import Result
from .fields import RecipientRow, branch, checked_bool, id_list, positional
from .methods import Namespace

__all__ = ["SPECS", "DeliveryRow", "Email", "GetStatus", "ResponseRow", "Unsubscribe", "WipeAnswer"]

_PAGES = "https://mailkit.com/resources/api/mailing-list-management/"


class ResponseRow(TypedDict, total=False):
    """What a recipient did with a message; the page's list of members is cut off."""

    URL: str
    COUNTRY: str
    REGION_CODE: str
    CITY: str
    DATE: str


class DeliveryRow(TypedDict):
    """A message that was sent to a recipient. ID_USER_LIST is None if the recipient is in no list any more."""

    MESSAGE_NAME: str
    ID_MESSAGE: int
    SUBJECT: str
    PREVIEW: str
    READ_COUNT: int
    ID_EMAIL: int
    ID_SEND: int
    DATE_SEND: str
    EMAIL_FROM: str
    CLICK_COUNT: int
    ID_SEND_MESSAGE: int
    NAME_FROM: str
    ID_USER_LIST: Optional[int]
    TYPE_MESSAGE: str
    RESPONSE_DATA: list[ResponseRow]


class WipeAnswer(TypedDict):
    """The recipient whose data will be erased; error is the word "OK"."""

    ID_email: int
    email: str
    error: str
    error_status: int


GETSTATUS = MethodSpec(
    "mailkit.email.getstatus",
    Rows(RecipientRow, empty=NO_RECIPIENT),
    reads=True,
    doc=Doc("https://www.mailkit.com/cz/podpora/api/sprava-seznamu-prijemcu/mailkitemailgetstatus", Certainty.PARTIAL),
)
HISTORY = MethodSpec(
    "mailkit.email.getstatus.history",
    Rows(DeliveryRow),
    reads=True,
    doc=Doc(f"{_PAGES}mailkitemailgetstatushistory", Certainty.PARTIAL),
)
UNSUBSCRIBE = MethodSpec(
    "mailkit.email.unsubscribe", Id(), doc=Doc(f"{_PAGES}mailkitemailunsubscribe", Certainty.PARTIAL)
)
UNSUBSCRIBE_GETSTATUS = MethodSpec(
    "mailkit.email.unsubscribe.getstatus",
    Flag(),
    reads=True,
    doc=Doc(f"{_PAGES}mailkitemailunsubscribegetstatus", Certainty.PARTIAL),
)
REVALIDATE = MethodSpec(
    "mailkit.email.revalidate",
    Words("Email has been revalidated", "Sent subscribe email"),
    doc=Doc("https://www.mailkit.com/resources/api/mailing-list-management/mailkitemailrevalidate", Certainty.PARTIAL),
)
MOVE = MethodSpec("mailkit.email.move", Flag(false=NOT_MOVED), doc=Doc(f"{_PAGES}mailkitemailmove"))
DELETE = MethodSpec("mailkit.email.delete", Ids(), doc=Doc(f"{_PAGES}mailkitemaildelete"))
WIPE = MethodSpec("mailkit.email.wipe", Struct(WipeAnswer, needs=("ID_email",)), doc=Doc(f"{_PAGES}mailkitemailwipe"))
TOPICS = MethodSpec(
    "mailkit.email.topics", Anything("OK", "TRUE", ""), doc=Doc(f"{_PAGES}mailkitemailtopics", Certainty.PARTIAL)
)
SPECS = (GETSTATUS, HISTORY, UNSUBSCRIBE, UNSUBSCRIBE_GETSTATUS, REVALIDATE, MOVE, DELETE, WIPE, TOPICS)


class Email(Namespace):
    """The methods ``mailkit.email.*``, as `Client.email`."""

    _path = "email"

    @property
    def getstatus(self) -> GetStatus:
        """The methods ``mailkit.email.getstatus`` and ``mailkit.email.getstatus.history``."""
        return GetStatus(self._owner)

    @property
    def unsubscribe(self) -> Unsubscribe:
        """The methods ``mailkit.email.unsubscribe`` and ``mailkit.email.unsubscribe.getstatus``."""
        return Unsubscribe(self._owner)

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
        copy says that the method was removed at the end of 2020, a newer one that it will be).
        """
        # The fifth parameter is always empty.
        agreed = checked_bool(agreement, "agreement")
        params = positional(ID_email, ID_message, agreed, channel, None, language)
        return self._owner.send(Call(REVALIDATE, params), timeout=timeout)

    def move(self, email_id: int, ID_mailing_list: int, *, timeout: float | None = None) -> Result[bool]:
        """Move a recipient into another mailing list, where it has another id.

        Args:
            email_id: the recipient's id.
            ID_mailing_list: the list to move it to.

        Returns:
            a `Result` whose value is True. Mailkit refuses with the number 0 and gives no reason: `NotFoundError`.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitemailmove (only the JSON interface
        tells the new id).
        """
        return self._owner.send(Call(MOVE, (email_id, ID_mailing_list)), timeout=timeout)

    def delete(self, email_id: int | str, *, timeout: float | None = None) -> Result[list[int]]:
        """Delete a recipient by id, or all records of an address.

        Args:
            email_id: the id or the address; "Invalid ID_email" is the refusal.

        Returns:
            a `Result` whose value is the ids that were deleted.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitemaildelete (the form of several ids
        is only known from JSON).
        """
        return self._owner.send(Call(DELETE, (email_id,)), timeout=timeout)

    def wipe(self, ID_email: int | str, *, timeout: float | None = None) -> Result[WipeAnswer]:
        """Have everything about a recipient erased; Mailkit does so once a day.

        Args:
            ID_email: the recipient, by id or address.

        Returns:
            a `Result`. Refusals: "Missing ID_email", "Invalid ID_email or email" (the page spells it in two ways), and
            "Email has already been inserted" for one that already waits to be erased.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitemailwipe
        """
        return self._owner.send(Call(WIPE, (ID_email,)), timeout=timeout)

    def topics(
        self,
        email: str,
        *,
        ID_topics: Iterable[int] | None = None,
        activate_all: bool | None = None,
        timeout: float | None = None,
    ) -> Result[Any]:
        """Set the topics that a recipient is subscribed to.

        Args:
            email: the recipient's address.
            ID_topics: the topics to stay subscribed to. None, without `activate_all`, unsubscribes from all.
            activate_all: subscribe to all; the topics are ignored then.

        Returns:
            a `Result` whose value is the answer as it came.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitemailtopics (seen in part: the answer
        is not known; "OK", "TRUE", an empty string and everything but a string count as success).
        """
        topics, everything = id_list(ID_topics, "ID_topics"), checked_bool(activate_all, "activate_all")
        struct = {"ID_topics": topics, "email": email, "activate_all": everything}
        return self._owner.send(Call(TOPICS, (branch(struct, struct),)), timeout=timeout)


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
        """All that is stored about a recipient; for an address, in each list.

        Args:
            email_id: the recipient, by id or address.
            ID_send_message: the recipient of this message instead.

        Returns:
            a `Result`. Refusals: "Missing ID email", "Invalid ID_email", and an empty string for a recipient that
            Mailkit does not know: `NotFoundError`.

        Source: https://www.mailkit.com/cz/podpora/api/sprava-seznamu-prijemcu/mailkitemailgetstatus (seen in part; the
        refusals are known from Mailkit's PHP client).
        """
        return self._owner.send(Call(GETSTATUS, positional(email_id, ID_send_message)), timeout=timeout)

    def history(
        self, email: str | None = None, *, ID_email: int | None = None, timeout: float | None = None
    ) -> Result[list[DeliveryRow]]:
        """What was sent to a recipient in the last year, and the responses to it. Give an address or an id.

        Args:
            email: the address, in all lists.
            ID_email: the id of one record; it is used if both are given.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitemailgetstatushistory (seen in part).
        """
        struct = {"email": email, "ID_email": ID_email}
        return self._owner.send(Call(HISTORY, (branch(struct, struct),)), timeout=timeout)


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
        """Unsubscribe an address or phone number, permanently or for some days.

        Args:
            email_id: the recipient: an id, an address, or a phone number such as "+420777123456".
            ID_send_message: the message that made the recipient unsubscribe.
            send_optout: whether Mailkit confirms it by e-mail; it does if this is not given.
            timeout_days: for so many days only, 14 to 90.

        Returns:
            a `Result` whose value is the recipient's id. "Invalid ID_email or email" is the refusal.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitemailunsubscribe (seen in part; an
        older page has the last parameter one position earlier; this follows the newest).
        """
        options = None if timeout_days is None else {"timeout": True, "timeout_days": timeout_days}
        params = positional(email_id, ID_send_message, checked_bool(send_optout, "send_optout"), options)
        return self._owner.send(Call(UNSUBSCRIBE, params), timeout=timeout)

    def getstatus(self, ID_email: int | str, *, timeout: float | None = None) -> Result[bool]:
        """Whether a recipient is unsubscribed.

        Args:
            ID_email: the recipient, by id or address.

        Source: https://mailkit.com/resources/api/mailing-list-management/mailkitemailunsubscribegetstatus (seen in
        part: the JSON interface also tells topics and dates).
        """
        return self._owner.send(Call(UNSUBSCRIBE_GETSTATUS, (ID_email,)), timeout=timeout)
