"""`Client.email`: the parameters of each method, and the results for its answers."""

from __future__ import annotations

import pytest

from mailkit_xmlrpc import (
    ExistsError,
    InvalidValueError,
    MissingValueError,
    NotFoundError,
    NotUnsubscribedError,
)
from mailkit_xmlrpc.sandbox import Sandbox

from .wire import refused, sent, told

JANE = "jane@example.com"

# A call, its method, its parameters.
CALLS = [
    (lambda c: c.email.getstatus(7), "mailkit.email.getstatus", [7]),
    (lambda c: c.email.getstatus(JANE), "mailkit.email.getstatus", [JANE]),
    (lambda c: c.email.getstatus(ID_send_message=9), "mailkit.email.getstatus", ["", 9]),
    (lambda c: c.email.getstatus.history(JANE), "mailkit.email.getstatus.history", [{"email": JANE}]),
    (lambda c: c.email.getstatus.history(ID_email=7), "mailkit.email.getstatus.history", [{"ID_email": 7}]),
    (lambda c: c.email.unsubscribe(JANE), "mailkit.email.unsubscribe", [JANE]),
    (lambda c: c.email.unsubscribe(7, send_optout=False), "mailkit.email.unsubscribe", [7, "", False]),
    (lambda c: c.email.unsubscribe(7, ID_send_message=9), "mailkit.email.unsubscribe", [7, 9]),
    (
        lambda c: c.email.unsubscribe("+420777123456", timeout_days=60),
        "mailkit.email.unsubscribe",
        ["+420777123456", "", "", {"timeout": True, "timeout_days": 60}],
    ),
    (lambda c: c.email.unsubscribe.getstatus(JANE), "mailkit.email.unsubscribe.getstatus", [JANE]),
    (lambda c: c.email.revalidate(JANE, agreement=True), "mailkit.email.revalidate", [JANE, "", True]),
    (
        lambda c: c.email.revalidate(7, agreement=False, ID_message=3, channel="shop", language="CZ"),
        "mailkit.email.revalidate",
        [7, 3, False, "shop", "", "CZ"],
    ),
    (lambda c: c.email.move(7, 5), "mailkit.email.move", [7, 5]),
    (lambda c: c.email.delete(JANE), "mailkit.email.delete", [JANE]),
    (lambda c: c.email.wipe(7), "mailkit.email.wipe", [7]),
    (lambda c: c.email.topics(JANE), "mailkit.email.topics", [{"email": JANE}]),
    (
        lambda c: c.email.topics(JANE, ID_topics=(1, 2), activate_all=False),
        "mailkit.email.topics",
        [{"ID_topics": [1, 2], "email": JANE, "activate_all": False}],
    ),
]

# A call, an answer, its value.
ANSWERS = [
    (
        lambda c: c.email.getstatus(7),
        [{"ID_EMAIL": "7", "ID_MAILING_LIST": "5"}],
        [{"ID_EMAIL": 7, "ID_MAILING_LIST": 5}],
    ),
    (lambda c: c.email.getstatus(7), {"ID_EMAIL": 7}, [{"ID_EMAIL": 7}]),
    (
        lambda c: c.email.getstatus.history(JANE),
        [{"ID_SEND": "3", "READ_COUNT": "", "CLICK_COUNT": "2", "RESPONSE_DATA": ""}],
        [{"ID_SEND": 3, "READ_COUNT": 0, "CLICK_COUNT": 2, "RESPONSE_DATA": []}],
    ),
    (
        lambda c: c.email.getstatus.history(JANE),
        [{"RESPONSE_DATA": {"URL": "https://x.cz"}}],
        [{"RESPONSE_DATA": [{"URL": "https://x.cz"}]}],
    ),
    (lambda c: c.email.getstatus.history(JANE), "", []),
    (lambda c: c.email.unsubscribe(JANE), 7, 7),
    (lambda c: c.email.unsubscribe(JANE), "7", 7),
    (lambda c: c.email.unsubscribe.getstatus(JANE), "TRUE", True),
    (lambda c: c.email.unsubscribe.getstatus(JANE), "FALSE", False),
    (lambda c: c.email.unsubscribe.getstatus(JANE), True, True),
    (lambda c: c.email.revalidate(JANE, agreement=True), "Email has been revalidated", "Email has been revalidated"),
    (lambda c: c.email.revalidate(JANE, agreement=False), "Sent subscribe email", "Sent subscribe email"),
    (lambda c: c.email.move(7, 5), 1, True),
    (lambda c: c.email.move(7, 5), "1", True),
    (lambda c: c.email.delete(7), 7, [7]),
    (lambda c: c.email.delete(JANE), "7,8,9", [7, 8, 9]),
    (lambda c: c.email.delete(JANE), [7, "8"], [7, 8]),
    (
        lambda c: c.email.wipe(7),
        {"ID_email": "7", "email": JANE, "error": "OK", "error_status": "0"},
        {"ID_email": 7, "email": JANE, "error": "OK", "error_status": 0},
    ),
    (lambda c: c.email.topics(JANE), "OK", "OK"),
    (lambda c: c.email.topics(JANE), {"x": 1}, {"x": 1}),
]

# A call, a refusal, its text, its class, its field.
REFUSALS = [
    (lambda c: c.email.getstatus(), "Missing ID email", "Missing ID email", MissingValueError, "ID_email"),
    (lambda c: c.email.getstatus(99), "Invalid ID_email", "Invalid ID_email", InvalidValueError, "ID_email"),
    (lambda c: c.email.getstatus("nobody@example.com"), "", "no such recipient", NotFoundError, None),
    (
        lambda c: c.email.unsubscribe("nobody@example.com"),
        "Invalid ID_email or email",
        "Invalid ID_email or email",
        InvalidValueError,
        "ID_email",
    ),
    (
        lambda c: c.email.revalidate(JANE, agreement=True),
        f"{JANE} is not unsubscribed",
        f"{JANE} is not unsubscribed",
        NotUnsubscribedError,
        None,
    ),
    (lambda c: c.email.move(99, 1), 0, "the recipient was not moved", NotFoundError, None),
    (lambda c: c.email.delete(99), "Invalid ID_email", "Invalid ID_email", InvalidValueError, "ID_email"),
    (lambda c: c.email.wipe(""), "Missing ID_email", "Missing ID_email", MissingValueError, "ID_email"),
    (
        lambda c: c.email.wipe(99),
        "Invalid ID_email or email",
        "Invalid ID_email or email",
        InvalidValueError,
        "ID_email",
    ),
    (lambda c: c.email.topics(""), "Missing email", "Missing email", MissingValueError, "email"),
]


@pytest.mark.parametrize(("call", "method", "params"), CALLS)
def test_a_call_sends_exactly_this(call, method, params):
    assert sent(call) == (method, params)


@pytest.mark.parametrize(("call", "reply", "value"), ANSWERS)
def test_an_answer_becomes_this_value(call, reply, value):
    result = told(call, reply)
    assert result.ok
    assert result.value == value
    assert type(result.value) is type(value)


@pytest.mark.parametrize(("call", "reply", "text", "kind", "field"), REFUSALS)
def test_a_refusal_is_of_this_class_and_the_sandbox_has_it_too(call, reply, text, kind, field):
    error = refused(call, reply)
    assert (type(error), getattr(error, "field", None)) == (kind, field)
    with Sandbox() as sandbox, sandbox.client() as mailkit:
        mailkit.mailinglist.adduser(mailkit.mailinglist.create("vip").unwrap()["data"], email=JANE)
        result = call(mailkit)
        assert (result.error, result.raw) == (text, reply)


def test_wiping_twice_is_a_refusal():
    error = refused(lambda c: c.email.wipe(7), "Email has already been inserted")
    assert type(error) is ExistsError


def test_the_page_s_two_spellings_of_one_refusal_are_one_class():
    for text in ("Invalid_ID_email or email", "Invalid ID_email or email"):
        error = refused(lambda c: c.email.wipe(7), text)
        assert (type(error), error.field) == (InvalidValueError, "ID_email")


@pytest.mark.parametrize("reply", ["OK", "MAYBE", "", [], {}])
def test_an_unsubscription_status_that_is_not_a_boolean_is_a_refusal(reply):
    assert not told(lambda c: c.email.unsubscribe.getstatus(JANE), reply).ok
