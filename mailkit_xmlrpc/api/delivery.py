"""Delivery: one message, many messages, one SMS.

None of these methods is sent again when in doubt, unless the client's `Retry` says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Optional, TypedDict

from ..answers import Anything, Struct
from ..call import Call, Certainty, Doc, MethodSpec
from ..conversion import IdOrNone
from ..errors import EncodeError
from ..result import Result
from .fields import (
    ADDRESS,
    FIELDS,
    PERSONAL,
    PersonFields,
    RecipientFields,
    base64_text,
    base64_values,
    branch,
    check_keywords,
    custom_fields,
    flat,
    mapping,
    mappings,
    positional,
    true_or_false,
)
from .methods import Namespace

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["SPECS", "Attachment", "Sendmail", "SendmailAnswer", "SendmailMass", "Sendsms"]


class Attachment(TypedDict, total=False):
    """A file that goes with a message: its content, or the URL that Mailkit fetches it from."""

    url: str
    name: str
    data: bytes | str


class SendmailAnswer(TypedDict):
    """data is the recipient's ID_email, data2 the ID_send, data3 the ID_send_message; None if there is none.
    status: 0 updated, 1 inserted, 2 inserted but unsubscribed, 3 updated but unsubscribed."""

    data: IdOrNone
    data2: IdOrNone
    data3: IdOrNone
    status: Optional[int]


# Statuses that mean that no message was sent.
_NOT_SENT = (4, 6, 7)

SENDMAIL = MethodSpec(
    "mailkit.sendmail",
    Struct(SendmailAnswer, needs=("data", "status"), statuses=_NOT_SENT),
    doc=Doc("https://mailkit.com/resources/api/campaign-delivery/mailkitsendmail", Certainty.PARTIAL),
)
SENDMAIL_MASS = MethodSpec(
    "mailkit.sendmail_mass",
    Anything("OK"),
    doc=Doc("https://mailkit.com/resources/api/campaign-delivery/mailkitsendmail-mass", Certainty.PARTIAL),
)
SENDSMS = MethodSpec(
    "mailkit.sendsms",
    Anything("OK", statuses=_NOT_SENT),
    doc=Doc("https://mailkit.com/resources/api/campaign-delivery/mailkitsendsms", Certainty.PARTIAL),
)
SPECS = (SENDMAIL, SENDMAIL_MASS, SENDSMS)

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
        refusals are known from Mailkit's PHP client).
        """
        check_keywords(fields, FIELDS, "sendmail")
        main = {
            "send_to": send_to,
            "subject": subject,
            "message_data": None if message_data is None else base64_text(message_data, "message_data"),
            "content": None if content is None else base64_values(mapping(content, "content"), "content"),
        }
        structs = [
            branch(main, main),
            base64_values(branch({**fields, "status": status}, _RECIPIENT)),
            base64_values(branch(fields, ADDRESS)),
            base64_values(custom_fields(fields.get("custom"))),
            *_attachments(attachments, "attachments"),
        ]
        # An empty struct is sent only in front of one that is not empty.
        while len(structs) > 1 and not structs[-1]:
            structs.pop()
        return self._owner.send(Call(SENDMAIL, (mailinglist_id, campaign_id, *structs)), timeout=timeout)


class SendmailMass(Namespace):
    """The method ``mailkit.sendmail_mass``, as `Client.sendmail_mass`."""

    _path = "sendmail_mass"

    def __call__(
        self, recipients: Iterable[Mapping[str, Any]], *, id_send: str | None = None, timeout: float | None = None
    ) -> Result[Any]:
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
        message_data and the data of attachments are).
        """
        known = mappings(recipients, _MASS, "recipients")
        structs = [_message(recipient, f"recipients[{index}]") for index, recipient in enumerate(known)]
        options = None if id_send is None else {"id_send": id_send}
        return self._owner.send(Call(SENDMAIL_MASS, positional(structs, options)), timeout=timeout)


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
            content: variables of the template; can be nested.
            email: the recipient's address.
            use_utf: send characters beyond the SMS alphabet.
            allow_split: send a long text as several.
            source: the sender's name.
            fields: more about the recipient, see `PersonFields`.

        Returns:
            a `Result` whose value is the answer as it came.

        Source: https://mailkit.com/resources/api/campaign-delivery/mailkitsendsms (seen in part: the answer is not
        known. The recipient's data are sent as they are, as in the samples, though the text asks for Base64).
        """
        check_keywords(fields, _SMS_FIELDS, "sendsms")
        campaign = {
            "ID_message": ID_message,
            "ID_user_list": ID_user_list,
            "use_utf": true_or_false(use_utf, "use_utf"),
            "allow_split": true_or_false(allow_split, "allow_split"),
            "source": source,
        }
        recipient = {**fields, "mobile": mobile, "email": email}
        body = {"sms_data": sms_data, "content": None if content is None else mapping(content, "content")}
        params = (
            branch(campaign, campaign),
            flat(recipient, _SMS_RECIPIENT),
            base64_values(branch(body, body)),
        )
        return self._owner.send(Call(SENDSMS, params), timeout=timeout)


def _attachments(given: object, path: str) -> list[dict[str, Any]]:
    """Files as Mailkit wants them: the content in Base64, name and URL as they are.

    Raises:
        EncodeError: not a list of mappings, or one with neither data nor URL.
    """
    structs = []
    for index, attachment in enumerate(mappings(given, _ATTACHMENT, path)):
        place = f"{path}[{index}]"
        struct = branch(attachment, _ATTACHMENT)
        if not struct.get("data") and not struct.get("url"):
            raise EncodeError("an attachment needs data or a url", path=place)
        if "data" in struct:
            struct["data"] = base64_text(struct["data"], f"{place}.data")
        structs.append(struct)
    return structs


def _message(recipient: Mapping[str, Any], path: str) -> dict[str, Any]:
    """One recipient of sendmail_mass, and the message to it."""
    struct = branch(recipient, _MASS)
    if "message_data" in struct:
        struct["message_data"] = base64_text(struct["message_data"], f"{path}.message_data")
    if "create_email" in struct:
        struct["create_email"] = true_or_false(struct["create_email"], f"{path}.create_email")
    for name in ("customs", "content"):
        if name in struct:
            mapping(struct[name], f"{path}.{name}")
    if "attachment" in struct:
        struct["attachment"] = _attachments(struct["attachment"], f"{path}.attachment")
    return struct
