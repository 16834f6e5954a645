"""The rules of ``mailkit.sendmail``, ``mailkit.sendmail_mass`` and ``mailkit.sendsms``.

The answers of sendmail_mass and sendsms are not documented. Here sendmail_mass answers "OK", and sendsms answers with
the struct of sendmail. Nothing is sent to a recipient that is unsubscribed: the status is 6 or 7. Not modelled: whether
an attachment can be fetched from its URL.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import FaultError
from ..state import State
from . import recipients
from .base import INVALID_PARAMS, Refusal, Rule, argument, struct
from .messages import campaign_of, record, settings
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
    body = decoded({"message_data": main.get("message_data", "")})["message_data"]
    order = {"subject": str(main.get("subject", "")), "body": body, "attachments": branches[3:]}
    return _send(state, argument(params, 0), argument(params, 1), main.get("send_to"), fields, order)


def _send(
    state: State,
    list_param: Any,
    campaign_param: Any,
    send_to: Any,
    fields: Mapping[str, Any],
    order: Mapping[str, Any],
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
    if order.get("attachments") and is_sms:
        return Refusal("Attachment is not allowed")
    if not is_address(send_to):
        return {"data": 0, "data2": 0, "data3": 0, "status": recipients.FAULT}
    recipient, status = store_recipient(store, found, send_to, fields, str(fields.get("status", "")))
    if is_unsubscribed(store, send_to):
        inserted = status in (recipients.INSERTED, recipients.INSERTED_UNSUBSCRIBED)
        status = _INSERTED_NOT_SENT if inserted else _UPDATED_NOT_SENT
        return {"data": recipient, "data2": 0, "data3": 0, "status": status}
    row = {"id": recipient, "list": found, "email": send_to}
    words = {name: order[name] for name in ("subject", "body", "delivery") if name in order}
    sent = record(store, campaign, row, **words)
    return {"data": recipient, "data2": sent.send, "data3": sent.message, "status": status}


def _sendmail_mass(state: State, params: tuple[Any, ...]) -> Any:
    messages = argument(params, 0)
    if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
        raise FaultError(INVALID_PARAMS, "recipients must be an array of structs")
    options = argument(params, 1)
    delivery = str(options.get("id_send", "")) if isinstance(options, dict) else ""
    for message in messages:
        order = {
            "subject": str(message.get("subject", "")),
            "body": decoded({"body": message.get("message_data", "")})["body"],
            "delivery": delivery,
            "attachments": message.get("attachment"),
        }
        target = message.get("mailinglist_id", ""), message.get("campaign_id", ""), message.get("send_to")
        answer = _send(state, *target, struct([message.get("customs", {})], 0, "customs"), order)
        if isinstance(answer, Refusal):
            return answer
    return "OK"


def _sendsms(state: State, params: tuple[Any, ...]) -> Any:
    campaign, recipient, content = (
        struct(params, index, name) for index, name in enumerate(("campaign", "recipient", "content"))
    )
    order = {"body": decoded({"sms_data": content.get("sms_data", "")})["sms_data"]}
    target = campaign.get("ID_user_list", ""), campaign.get("ID_message", ""), recipient.get("mobile")
    if not target[2]:
        return Refusal("Missing mobile")
    return _send(state, *target, recipient, order)


RULES = {
    "mailkit.sendmail": Rule(_sendmail),
    "mailkit.sendmail_mass": Rule(_sendmail_mass),
    "mailkit.sendsms": Rule(_sendsms),
}
