"""`Client.report`: the parameters of each method, and the results for its answers."""

from __future__ import annotations

from datetime import date

import pytest

from mailkit_xmlrpc import InvalidValueError, MissingValueError
from mailkit_xmlrpc.sandbox import Sandbox

from .wire import refused, sent, told

# A call, its method, its parameters.
CALLS = [
    (lambda c: c.report(), "mailkit.report", []),
    (lambda c: c.report(date(2026, 1, 2)), "mailkit.report", ["2026-01-02"]),
    (lambda c: c.report("2026-01-02", date(2026, 2, 3)), "mailkit.report", ["2026-01-02", "2026-02-03"]),
    (lambda c: c.report(range_to="2026-02-03"), "mailkit.report", ["", "2026-02-03"]),
    (lambda c: c.report.campaign(3), "mailkit.report.campaign", [3]),
    (lambda c: c.report.campaign(3, range_to="2026-02-03"), "mailkit.report.campaign", [3, "", "2026-02-03"]),
    (lambda c: c.report.message(7), "mailkit.report.message", [7]),
    (lambda c: c.report.message.recipients(7), "mailkit.report.message.recipients", [7]),
    (lambda c: c.report.message.feedback(7), "mailkit.report.message.feedback", [7]),
    (lambda c: c.report.message.feedback(7, period="WEEK"), "mailkit.report.message.feedback", [7, "WEEK"]),
    (lambda c: c.report.message.links(7), "mailkit.report.message.links", [7]),
    (lambda c: c.report.message.links.visitors(7, 9), "mailkit.report.message.links.visitors", [7, 9]),
    (lambda c: c.report.message.bounces(7), "mailkit.report.message.bounces", [7]),
]

# A call, an answer, its value.
ANSWERS = [
    (
        lambda c: c.report(),
        [{"ID_MESSAGE": "3", "NAME": "x", "SEND_COUNT": "10", "CLICK_COUNT_U": "", "CLICK_RATE": "1.50"}],
        [{"ID_MESSAGE": 3, "NAME": "x", "SEND_COUNT": 10, "CLICK_COUNT_U": 0, "CLICK_RATE": "1.50"}],
    ),
    (lambda c: c.report(), "", []),
    (
        lambda c: c.report.campaign(3),
        {"ID_SEND": 7, "REV": "10.00", "UNSUBSCRIBE": "1"},
        [{"ID_SEND": 7, "REV": 10.0, "UNSUBSCRIBE": 1}],
    ),
    (
        lambda c: c.report.message(7),
        {"SEND_COUNT": 5, "FAILED_COUNT": "", "REV": "10.00", "SUBJECT": "17"},
        {"SEND_COUNT": 5, "FAILED_COUNT": 0, "REV": 10.0, "SUBJECT": "17"},
    ),
    (
        lambda c: c.report.message.recipients(7),
        [{"ID_EMAIL": "1", "READ_COUNT": "2", "AB_VERSION": ""}],
        [{"ID_EMAIL": 1, "READ_COUNT": 2, "AB_VERSION": ""}],
    ),
    (
        lambda c: c.report.message.feedback(7),
        [{"DATE": "2026-01-02", "READ": "1"}],
        [{"DATE": "2026-01-02", "READ": 1}],
    ),
    (lambda c: c.report.message.links(7), [{"URL": "u", "ID_URL": "9"}], [{"URL": "u", "ID_URL": 9}]),
    (
        lambda c: c.report.message.links.visitors(7, 9),
        [{"ID_EMAIL": "1", "COUNT": "2", "DATA": {"CITY": "Brno"}}],
        [{"ID_EMAIL": 1, "COUNT": 2, "DATA": {"CITY": "Brno"}}],
    ),
    (
        lambda c: c.report.message.bounces(7),
        [{"ID_USER_LIST": "5", "STATUS": "4.4.2"}],
        [{"ID_USER_LIST": 5, "STATUS": "4.4.2"}],
    ),
]

OF_A_DELIVERY = [
    lambda m, ID_send: m(ID_send),
    lambda m, ID_send: m.recipients(ID_send),
    lambda m, ID_send: m.feedback(ID_send),
    lambda m, ID_send: m.links(ID_send),
    lambda m, ID_send: m.links.visitors(ID_send, 1),
    lambda m, ID_send: m.bounces(ID_send),
]


@pytest.mark.parametrize(("call", "method", "params"), CALLS)
def test_a_call_sends_exactly_this(call, method, params):
    assert sent(call) == (method, params)


@pytest.mark.parametrize(("call", "reply", "value"), ANSWERS)
def test_an_answer_becomes_this_value(call, reply, value):
    result = told(call, reply)
    assert result.ok
    assert result.value == value


@pytest.mark.parametrize("call", OF_A_DELIVERY)
@pytest.mark.parametrize(
    ("ID_send", "text", "kind"),
    [("", "Missing ID_send", MissingValueError), (99, "Invalid ID_send", InvalidValueError)],
)
def test_an_unknown_delivery_is_refused_by_the_sandbox_too(call, ID_send, text, kind):
    error = refused(lambda c: call(c.report.message, ID_send), text)
    assert (type(error), error.field) == (kind, "ID_send")
    with Sandbox() as sandbox, sandbox.client() as mailkit:
        assert call(mailkit.report.message, ID_send).error == text
