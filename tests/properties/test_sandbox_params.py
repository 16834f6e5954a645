"""The sandbox answers any parameters, or returns a fault. No rule fails, and the next call is served."""

from __future__ import annotations

import contextlib
from email.message import Message

from hypothesis import given
from hypothesis import strategies as st

from mailkit_xmlrpc import FaultError
from mailkit_xmlrpc.codec import decode_response, encode_request
from mailkit_xmlrpc.sandbox.http import Request
from mailkit_xmlrpc.sandbox.injection import Plan
from mailkit_xmlrpc.sandbox.rules import RULES
from mailkit_xmlrpc.sandbox.service import Account, Service
from mailkit_xmlrpc.sandbox.state import State

ACCOUNT = Account(12345678, "abc123def456abc123def456abc12345", None)

# Values that might confuse a rule: ids that exist and ids that do not, digits of other scripts, numbers and dates out
# of range, words with a meaning, and wrong types.
ODD = st.sampled_from(
    [
        *(
            "",
            "1",
            "2",
            "²",
            "٧",
            "-1",
            "1.5",
            "9" * 40,
            "now",
            "2030-01-01 00:00",
            "TRUE",
            "dir",
            "DAY",
            "x@example.com",
        ),
        *(0, 1, 2, -1, 2**63 - 1, -(2**63), True, False, 1.5, b"\0\xff", "\x7f\x85", "'; DROP TABLE recipient; --"),
    ]
)
MEMBERS = st.sampled_from(
    [
        *("email", "ID_email", "timeout", "timeout_days", "ID_topics", "activate_all", "send_to", "mailinglist_id"),
        *("campaign_id", "customs", "content", "message_data", "attachment", "ID_message", "ID_user_list", "mobile"),
        *("sms_data", "name", "data", "folder_name", "status", "ID_template", "first_name", "custom1", "id_send"),
    ]
)
PARAMS = st.recursive(
    ODD, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=5), max_leaves=8
)


def account():
    """A service whose account has one of everything."""
    service = Service(ACCOUNT, State(), Plan(), None)
    for method, params in (
        ("mailinglist.create", ["vip"]),
        ("mailinglist.create", ["other"]),
        ("mailinglist.import", [1, [{"email": "x@example.com"}]]),
        ("campaigns.create", [{"name": "Yw==", "ID_allow_email": "MQ==", "ID_mailing_list": "MQ=="}]),
        ("sendmail", [1, 1, {"send_to": "x@example.com"}]),
        ("campaigns.single.schedule", [1, "", "2030-01-01 00:00"]),
        ("filemanager.upload", [[{"name": "a", "data": "eA==", "folder_name": "f"}]]),
    ):
        call(service, f"mailkit.{method}", params)
    return service


def call(service, method, params):
    body = encode_request(method, [ACCOUNT.client_id, ACCOUNT.client_md5, *params])
    reply = service.call(Request("127.0.0.1", Message(), iter([body])))
    assert reply.status == 200
    return decode_response(reply.body)


@given(st.sampled_from(sorted(set(RULES) - {"system.listMethods"})), st.lists(PARAMS, max_size=6))
def test_any_parameters_get_an_answer_or_a_fault(method, params):
    service = account()
    with contextlib.suppress(FaultError):
        call(service, method, params)
    assert [row["NAME"] for row in call(service, "mailkit.profile.emails.list", [])] == ["Sandbox"]
