"""Delivery: one message, many messages, one SMS.

None of these methods is ever sent again when in doubt, unless the client's `Retry` says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypedDict

from ..refusals import FAULT, NOT_SENT
from ..result import Certainty, Result, Spec
from .namespace import Namespace
from .params import branch, custom_fields, encoded, known_fields, known_members, positional, truth
from .recipient import ADDRESS, FIELDS, PERSONAL, PersonFields, RecipientFields
from .shapes import ident, row

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["Attachment", "Sendmail", "SendmailAnswer", "SendmailMass", "Sendsms"]


class Attachment(TypedDict, total=False):
    """A file that goes with a message: its content, or the URL that Mailkit fetches it from."""

    url: str
    name: str
    data: bytes | str


class SendmailAnswer(TypedDict):
    """data is the recipient's ID_email, data2 the ID_send, data3 the ID_send_message; None where there is none.
    status: 0 updated, 1 inserted, 2 inserted but unsubscribed, 3 updated but unsubscribed."""

    data: int | None
    data2: int | None
    data3: int | None
    status: int


def _present(value: Any) -> Any:
    """An id; Mailkit has numbers below 1 for none."""
    number = ident(value)
    return None if isinstance(number, int) and number <= 0 else number


_SENDMAIL = Spec(
    "mailkit.sendmail",
    kinds=(dict,),
    needs=("data", "status"),
    statuses={**FAULT, **NOT_SENT},
    shape=row({"data": _present, "data2": _present, "data3": _present, "status": ident}),
    page="https://mailkit.com/resources/api/campaign-delivery/mailkitsendmail",
    certainty=Certainty.PARTIAL,
)
_SENDMAIL_MASS = Spec(
    "mailkit.sendmail_mass",
    successes=("OK",),
    page="https://mailkit.com/resources/api/campaign-delivery/mailkitsendmail-mass",
    certainty=Certainty.PARTIAL,
)
_SENDSMS = Spec(
    "mailkit.sendsms",
    successes=("OK",),
    statuses=_SENDMAIL.statuses,
    page="https://mailkit.com/resources/api/campaign-delivery/mailkitsendsms",
    certainty=Certainty.PARTIAL,
)
SPECS = (_SENDMAIL, _SENDMAIL_MASS, _SENDSMS)

_RECIPIENT = ("status", *PERSONAL)
_MASS = (
    *("send_to", "mailinglist_id", "campaign_id", "subject", "message_data", "template_file", "create_email"),
    *("customs", "content", "attachment"),
)
_ATTACHMENT = ("url", "name", "data")
_SMS_RECIPIENT = ("mobile", "email", *PERSONAL, "gender")
_SMS_FIELDS = (*PERSONAL, "gender", "custom")


class Sendmail(Namespace):
    """The method ``mailkit.sendmail``, as `Client.sendmail`."""

    _path = "sendmail"

    def __call__(
        self,
        mailinglist_id: int,
        campaign_id: int,
        *,
        send_to: str,
        subject: str | None = None,
        message_data: bytes | str | None = None,
        content: Mapping[str, Any] | None = None,
        status: str | None = None,
        attachments: Iterable[Attachment] = (),
        timeout: float | None = None,
        **fields: Unpack[RecipientFields],
    ) -> Result[SendmailAnswer]:
        """Send one message through a campaign; the recipient is added or updated on the way.

        Args:
            mailinglist_id: the list that the recipient is in, or will be.
            campaign_id: the campaign (its ID_message).
            send_to: the recipient's address.
            subject: instead of the campaign's.
            message_data: the body, instead of the campaign's.
            content: variables of the template; may be nested.
            status: the recipient's, such as "enabled".
            attachments: files to go with it.
            timeout: seconds for this call.
            fields: what is known of the recipient, see `RecipientFields`.

        Returns:
            a `Result`. Not sent is refused: status 6 or 7 is a `NotDeliveredError`, also where the recipient was
            stored; status 4 is a refusal too. Texts: "Missing" or "Invalid" with ID_mailing_list or ID_message,
            "Missing send_to", "Missing sender address", "Attachment is not allowed".

        Source: https://mailkit.com/resources/api/campaign-delivery/mailkitsendmail (seen in part; the answer and the
        refusals are known from Mailkit's PHP client).
        """
        known_fields(fields, FIELDS, "sendmail")
        main = {
            "send_to": send_to,
            "subject": subject,
            "message_data": None if message_data is None else encoded(message_data, "message_data"),
            "content": None if content is None else encoded(content, "content"),
        }
        structs = [
            branch(main, main),
            encoded(branch({**fields, "status": status}, _RECIPIENT)),
            encoded(branch(fields, ADDRESS)),
            encoded(custom_fields(fields.get("custom"))),
            *(_attachment(each, f"attachments[{index}]") for index, each in enumerate(attachments)),
        ]
        # An empty one is sent only before one that is not.
        while len(structs) > 1 and not structs[-1]:
            structs.pop()
        return self._invoke(_SENDMAIL, (mailinglist_id, campaign_id, *structs), timeout)


class SendmailMass(Namespace):
    """The method ``mailkit.sendmail_mass``, as `Client.sendmail_mass`."""

    _path = "sendmail_mass"

    def __call__(
        self, recipients: Iterable[Mapping[str, Any]], *, id_send: str | None = None, timeout: float | None = None
    ) -> Result[Any]:
        """Send messages through campaigns to many recipients in one call.

        Args:
            recipients: mappings with send_to, mailinglist_id and campaign_id, and if need be subject, message_data,
                template_file, create_email (a bool), customs (a mapping such as ``{"first_name": "Jana"}``), content
                (a mapping), and attachment (a list of `Attachment`).
            id_send: a word that groups the messages into one delivery, such as "today".
            timeout: seconds for this call.

        Returns:
            a `Result` whose value is the answer as it came.

        Source: https://mailkit.com/resources/api/campaign-delivery/mailkitsendmail-mass (seen in part: the answer and
        the place of id_send are not certain. An older page wants all values in Base64; as in the newer one, only
        message_data and the data of attachments are).
        """
        structs = [_mass(recipient, f"recipients[{index}]") for index, recipient in enumerate(recipients)]
        options = None if id_send is None else {"id_send": id_send}
        return self._invoke(_SENDMAIL_MASS, positional(structs, options), timeout)


class Sendsms(Namespace):
    """The method ``mailkit.sendsms``, as `Client.sendsms`."""

    _path = "sendsms"

    def __call__(
        self,
        ID_message: int,
        ID_user_list: int,
        *,
        mobile: str,
        sms_data: str | None = None,
        content: Mapping[str, Any] | None = None,
        email: str | None = None,
        use_utf: bool | None = None,
        allow_split: bool | None = None,
        source: str | None = None,
        timeout: float | None = None,
        **fields: Unpack[PersonFields],
    ) -> Result[Any]:
        """Send one SMS through a campaign.

        Args:
            ID_message: the SMS campaign.
            ID_user_list: the list that the recipient is in, or will be.
            mobile: the number, in the form "+420777123456".
            sms_data: the text, instead of the campaign's.
            content: variables of the template; may be nested.
            email: the recipient's address.
            use_utf: send characters beyond the SMS alphabet.
            allow_split: send a long text as several.
            source: the sender's name.
            timeout: seconds for this call.
            fields: what is known of the recipient, see `PersonFields`.

        Returns:
            a `Result` whose value is the answer as it came.

        Source: https://mailkit.com/resources/api/campaign-delivery/mailkitsendsms (seen in part: the answer is not
        known. The recipient's data are sent as they are, as in the samples, though the text asks for Base64).
        """
        known_fields(fields, _SMS_FIELDS, "sendsms")
        campaign = {
            "ID_message": ID_message,
            "ID_user_list": ID_user_list,
            "use_utf": truth(use_utf),
            "allow_split": truth(allow_split),
            "source": source,
        }
        recipient = {**fields, "mobile": mobile, "email": email}
        body = {"sms_data": sms_data, "content": content}
        params = (
            branch(campaign, campaign),
            {**branch(recipient, _SMS_RECIPIENT), **custom_fields(fields.get("custom"))},
            encoded(branch(body, body)),
        )
        return self._invoke(_SENDSMS, params, timeout)


def _attachment(attachment: Mapping[str, Any], path: str) -> dict[str, Any]:
    """A file as Mailkit wants it: its content in Base64, name and URL not."""
    known_members(attachment, _ATTACHMENT, path)
    struct = branch(attachment, _ATTACHMENT)
    if "data" in struct:
        struct["data"] = encoded(struct["data"], f"{path}.data")
    return struct


def _mass(recipient: Mapping[str, Any], path: str) -> dict[str, Any]:
    known_members(recipient, _MASS, path)
    struct = branch(recipient, _MASS)
    if "message_data" in struct:
        struct["message_data"] = encoded(struct["message_data"], f"{path}.message_data")
    if "create_email" in struct:
        struct["create_email"] = truth(struct["create_email"])
    if "attachment" in struct:
        files = enumerate(struct["attachment"])
        struct["attachment"] = [_attachment(each, f"{path}.attachment[{index}]") for index, each in files]
    return struct
