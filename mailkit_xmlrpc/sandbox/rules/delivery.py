"""The rules of ``mailkit.sendmail``, ``mailkit.sendmail_mass`` and ``mailkit.sendsms``.

The answers of sendmail_mass and sendsms are not documented. Here sendmail_mass answers "OK", and sendsms answers with
the struct of sendmail. Nothing is sent to a recipient that is unsubscribed: the status is 6 or 7. Not modelled: whether
an attachment can be fetched from its URL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import FaultError
from ..state import State
from . import recipients
from .base import INVALID_PARAMS, Refusal, Rule, argument, base64_text, from_base64, struct
from .messages import Letter, campaign_of, record, settings
from .recipients import decoded, is_address, is_unsubscribed, list_id, store_recipient

__all__ = ["RULES"]

# The status in the answer of sendmail, in addition to those of adduser.
_UPDATED_NOT_SENT, _INSERTED_NOT_SENT = 6, 7


def _sendmail(state: State, params: tuple[Any, ...]) -> Any:
    main = struct(params, 2, "main")
    branches = [struct(params, index, f"parameter {index + 3}") for index in range(3, len(params))]
    fields: dict[str, str] = {}
    for branch in branches[:3]:
        fields.update(decoded(branch))
    undecoded: dict[str, Any] = {}
    letter = Letter(
        "mailkit.sendmail",
        subject=str(main.get("subject") or ""),
        body=_text(main.get("message_data"), "message_data", undecoded),
        content=_texts(_content(main), "content", undecoded),
        attachments=_files(branches[3:], "attachments", undecoded),
        fields=fields,
        undecoded=undecoded,
    )
    return _send(state, argument(params, 0), argument(params, 1), main.get("send_to"), letter)


def _send(
    state: State, list_param: Any, campaign_param: Any, send_to: Any, letter: Letter, *, delivery: str = ""
) -> Any:
    """Check the parameters, store the recipient and record the message. Returns the answer of sendmail."""
    store = state.store
    found = list_id(store, list_param, "ID_mailing_list")
    if isinstance(found, Refusal):
        return found
    campaign = campaign_of(store, campaign_param)
    if isinstance(campaign, Refusal):
        return campaign
    known = settings(campaign)
    is_sms = known.get("type_message") == "sms"
    if not send_to:
        return Refusal("Missing send_to")
    if not known.get("ID_allow_email") and not is_sms:
        return Refusal("Missing sender address")
    if letter.attachments and is_sms:
        return Refusal("Attachment is not allowed")
    if not is_address(send_to):
        return {"data": 0, "data2": 0, "data3": 0, "status": recipients.FAULT}
    recipient, status = store_recipient(store, found, send_to, letter.fields, str(letter.fields.get("status", "")))
    if is_unsubscribed(store, send_to):
        inserted = status in (recipients.INSERTED, recipients.INSERTED_UNSUBSCRIBED)
        status = _INSERTED_NOT_SENT if inserted else _UPDATED_NOT_SENT
        return {"data": recipient, "data2": 0, "data3": 0, "status": status}
    row = {"id": recipient, "list": found, "email": send_to}
    sent = record(store, campaign, row, letter, delivery=delivery)
    return {"data": recipient, "data2": sent.send, "data3": sent.message, "status": status}


def _sendmail_mass(state: State, params: tuple[Any, ...]) -> Any:
    messages = argument(params, 0)
    if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
        raise FaultError(INVALID_PARAMS, "recipients must be an array of structs")
    options = argument(params, 1)
    delivery = str(options.get("id_send", "")) if isinstance(options, dict) else ""
    for message in messages:
        target = message.get("mailinglist_id", ""), message.get("campaign_id", ""), message.get("send_to")
        answer = _send(state, *target, _mass_letter(message), delivery=delivery)
        if isinstance(answer, Refusal):
            return answer
    return "OK"


def _mass_letter(message: dict[str, Any]) -> Letter:
    """One of many messages. The values in its structs customs and content are not in Base64."""
    files = message.get("attachment") or []
    if not isinstance(files, list) or not all(isinstance(file, dict) for file in files):
        raise FaultError(INVALID_PARAMS, "attachment must be an array of structs")
    undecoded: dict[str, Any] = {}
    return Letter(
        "mailkit.sendmail_mass",
        subject=str(message.get("subject") or ""),
        body=_text(message.get("message_data"), "message_data", undecoded),
        content=_content(message),
        attachments=_files(files, "attachment", undecoded),
        fields=struct([message.get("customs", {})], 0, "customs"),
        undecoded=undecoded,
    )


def _sendsms(state: State, params: tuple[Any, ...]) -> Any:
    campaign, recipient, given = (
        struct(params, index, name) for index, name in enumerate(("campaign", "recipient", "content"))
    )
    target = campaign.get("ID_user_list", ""), campaign.get("ID_message", ""), recipient.get("mobile")
    if not target[2]:
        return Refusal("Missing mobile")
    undecoded: dict[str, Any] = {}
    letter = Letter(
        "mailkit.sendsms",
        body=_text(given.get("sms_data"), "sms_data", undecoded),
        content=_texts(_content(given), "content", undecoded),
        fields=recipient,
        undecoded=undecoded,
    )
    return _send(state, *target, letter)


def _content(given: Mapping[str, Any]) -> dict[str, Any]:
    """The struct with the values for the template. Raises FaultError."""
    return struct([given.get("content") or {}], 0, "content")


def _text(value: Any, path: str, undecoded: dict[str, Any]) -> str:
    """The text of a value in Base64. If it has none, it is put into `undecoded`, and the text is ""."""
    text = "" if value is None else base64_text(value)
    if text is None:
        undecoded[path] = value
    return text or ""


def _texts(value: Any, path: str, undecoded: dict[str, Any]) -> Any:
    """The values of a template, which can be nested, with the text of each."""
    if isinstance(value, dict):
        return {name: _texts(item, f"{path}.{name}", undecoded) for name, item in value.items()}
    if isinstance(value, list):
        return [_texts(item, f"{path}[{index}]", undecoded) for index, item in enumerate(value)]
    return _text(value, path, undecoded)


def _files(files: Sequence[Mapping[str, Any]], path: str, undecoded: dict[str, Any]) -> tuple[str, ...]:
    """The names of attachments. Data that cannot be decoded are put into `undecoded`."""
    for index, file in enumerate(files):
        if from_base64(file.get("data") or "") is None:
            undecoded[f"{path}[{index}].data"] = file["data"]
    return tuple(str(file.get("name") or file.get("url") or "") for file in files)


RULES = {
    "mailkit.sendmail": Rule(_sendmail),
    "mailkit.sendmail_mass": Rule(_sendmail_mass),
    "mailkit.sendsms": Rule(_sendsms),
}
