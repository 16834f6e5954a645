"""Assertions about events and messages: what they accept, and what they say when they fail."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timezone
from unittest.mock import ANY

import pytest

from mailkit_xmlrpc import ConfigError, Outcome
from mailkit_xmlrpc.sandbox import Event, ReceivedCall, Sandbox

from ..servers import PATIENCE, SOON

NOW = datetime.now(timezone.utc)


def event(email="jane@example.com", event_tag="order_paid", event_data=None):
    return Event(email, event_tag, event_data, NOW)


@pytest.fixture
def sandbox():
    """One that need not run."""
    return Sandbox()


def fails(assertion, **wanted):
    with pytest.raises(AssertionError) as caught:
        assertion(**wanted)
    return str(caught.value).splitlines()


MATCHES = {
    "anything": {},
    "email": {"email": "jane@example.com"},
    "tag": {"event_tag": "order_paid"},
    "data": {"event_data": {"order": "A-17", "items": [{"sku": 1}, {"sku": 2}]}},
    "tuples": {"event_data": {"order": "A-17", "items": ({"sku": 1}, {"sku": 2})}},
    "matchers": {"event_data": {"order": ANY, "items": ANY}, "email": ANY},
    "all": {"email": "jane@example.com", "event_tag": "order_paid", "event_data": ANY},
}


@pytest.mark.parametrize("wanted", MATCHES.values(), ids=MATCHES)
def test_what_matches(sandbox, wanted):
    recorded = event(event_data={"order": "A-17", "items": [{"sku": 1}, {"sku": 2}]})
    sandbox._state.add_event(recorded)
    assert sandbox.assert_triggered(**wanted) is recorded
    assert fails(sandbox.assert_not_triggered, **wanted)


def test_none_is_a_value_and_not_anything(sandbox):
    sandbox._state.add_event(event(event_data={}))
    sandbox.assert_not_triggered(event_data=None)
    sandbox._state.add_event(event())
    assert sandbox.assert_triggered(event_data=None).event_data is None


def test_the_latest_of_several_is_returned(sandbox):
    for number in range(3):
        sandbox._state.add_event(event(event_data=number))
    assert sandbox.assert_triggered().event_data == 2


def test_the_nearest_event_is_shown_with_its_differences(sandbox):
    sandbox._state.add_event(event("john@example.com", "signed_up"))
    sandbox._state.add_event(event(event_data={"order": "A-17", "items": [1, 2, 3], "note": "x", "same": 1}))
    sandbox._state.add_event(event("mary@example.com", "signed_up"))
    wanted = {"order": "A-18", "items": [1, 5], "price": 2, "same": 1}
    assert fails(sandbox.assert_triggered, email="jane@example.com", event_tag="order_payed", event_data=wanted) == [
        "no event was triggered with",
        "    email='jane@example.com'",
        "    event_tag='order_payed'",
        "    event_data={'items': [1, 5], 'order': 'A-18', 'price': 2, 'same': 1}",
        "the nearest of 3 recorded events:",
        "    event_tag: wanted 'order_payed', but it is 'order_paid'",
        "    event_data.order: wanted 'A-18', but it is 'A-17'",
        "    event_data.items[1]: wanted 5, but it is 2",
        "    event_data.items[2]: not wanted, but it is 3",
        "    event_data.price: wanted 2, but it is missing",
        "    event_data.note: not wanted, but it is 'x'",
    ]


def test_of_equal_differences_the_more_alike_is_nearer(sandbox):
    for email in ("xxxx@other.net", "jane@example.org", "yyyy@other.net"):
        sandbox._state.add_event(event(email))
    assert fails(sandbox.assert_triggered, email="jane@example.com")[-1] == (
        "    email: wanted 'jane@example.com', but it is 'jane@example.org'"
    )


def test_without_events_the_refusal_is_shown(sandbox):
    assert fails(sandbox.assert_triggered) == [
        "no event was triggered with",
        "    (anything)",
        "there was no event at all",
    ]
    answers = [({"status": "OK"}, Outcome.DONE), ("Missing email", Outcome.REFUSED)]
    for answer, outcome in answers:
        sandbox._state.add_call(ReceivedCall("mailkit.journeys.trigger", (), answer, NOW, 0.0, outcome))
    assert fails(sandbox.assert_triggered, email="a@example.com")[-1] == (
        "1 of 2 calls failed; the last was mailkit.journeys.trigger: REFUSED and answered 'Missing email'"
    )
    sandbox._state.add_call(ReceivedCall("mailkit.journeys.trigger", (), None, NOW, 0.0, "drop_before"))
    assert fails(sandbox.assert_triggered, email="a@example.com")[-1] == (
        "2 of 3 calls failed; the last was mailkit.journeys.trigger: drop_before"
    )


def test_how_many(sandbox):
    for number in range(3):
        sandbox._state.add_event(event(event_data={"n": number}))
    sandbox.assert_triggered(event_tag="order_paid", times=3)
    assert fails(sandbox.assert_triggered, event_tag="order_paid", times=1) == [
        "wanted 1 event, but 3 were triggered with",
        "    event_tag='order_paid'",
        "they were:",
        "    jane@example.com order_paid {'n': 0}",
        "    jane@example.com order_paid {'n': 1}",
        "    jane@example.com order_paid {'n': 2}",
    ]
    assert fails(sandbox.assert_triggered, event_data={"n": 1}, times=2)[0] == (
        "wanted 2 events, but 1 was triggered with"
    )
    with pytest.raises(ConfigError, match="assert_not_triggered"):
        sandbox.assert_triggered(times=0)


def test_what_should_not_be_there_is_shown(sandbox):
    sandbox.assert_not_triggered()
    sandbox._state.add_event(event())
    sandbox.assert_not_triggered(email="john@example.com")
    assert fails(sandbox.assert_not_triggered, event_tag="order_paid") == [
        "1 event was triggered that should not have been",
        "    event_tag='order_paid'",
        "it was:",
        "    jane@example.com order_paid None",
    ]


def test_messages_stay_readable_whatever_was_recorded(sandbox):
    for _ in range(1000):
        sandbox._state.add_event(event("x" * 10_000, event_data={f"k{n}": "v" * 1000 for n in range(100)}))
    lines = fails(sandbox.assert_triggered, email="y" * 10_000, event_data={f"k{n}": n for n in range(100)})
    assert len(lines) < 25
    assert max(map(len, lines)) < 1000
    assert lines[-1] == "    ... and 89 more"
    lines = fails(sandbox.assert_not_triggered, event_tag="order_paid")
    assert lines[-1] == "    ... and 995 more"


def test_within_waits_for_another_thread(sandbox):
    timer = threading.Timer(0.1, lambda: sandbox._state.add_event(event()))
    timer.start()
    assert sandbox.assert_triggered(email="jane@example.com", within=5).event_tag == "order_paid"
    timer.join()
    began = time.monotonic()
    fails(sandbox.assert_triggered, email="jane@example.com", times=2, within=0.1)
    assert 0.09 < time.monotonic() - began < SOON


# Messages


@pytest.fixture
def running():
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def send(running):
    """A function that sends a message and returns the answer."""
    with running.client() as mailkit:
        vip = mailkit.mailinglist.create("vip").unwrap()["data"]
        campaign = mailkit.campaigns.create(name="c", subject="Hello", ID_allow_email=1, content="<p>Hi</p>").unwrap()

        def send(to="jane@example.com", **options):
            return mailkit.sendmail(vip, campaign, send_to=to, **options)

        yield send


def test_what_matches_a_message(running, send):
    send(subject="Order A-17", message_data="<h1>Objednávka</h1> A-17", content={"name": "Žofie"})
    (sent,) = running.messages
    for wanted in (
        {},
        {"to": "jane@example.com"},
        {"subject": "Order A-17"},
        {"subject": ANY, "contains": "Objednávka</h1> A"},
        {"contains": ""},
        {"content": {"name": "Žofie"}, "ID_message": sent.ID_message, "times": 1},
    ):
        assert running.assert_sent(**wanted) == sent
    for wanted in (
        {"to": "john@example.com"},
        {"subject": "Order"},
        {"contains": "objednávka"},
        {"content": {}},
        {"content": None},
        {"ID_message": 99},
        {"to": "jane@example.com", "contains": "A-18"},
    ):
        running.assert_not_sent(**wanted)
        assert fails(running.assert_sent, **wanted)
    assert fails(running.assert_not_sent, contains="A-17")


def test_the_latest_message_is_returned(running, send):
    for number in range(3):
        send(subject=str(number))
    assert running.assert_sent(to="jane@example.com", times=3).subject == "2"


def test_a_failure_lists_what_was_sent(running, send):
    send("john@example.com", subject="Welcome")
    send("jane@example.com", message_data="<p>Your order A-17</p>")
    assert fails(running.assert_sent, to="jane@example.com", subject="Hello", contains="A-18") == [
        "no message was sent with",
        "    to='jane@example.com'",
        "    subject='Hello'",
        "    body=<text that contains 'A-18'>",
        "the nearest of 2 recorded messages:",
        "    body: wanted <text that contains 'A-18'>, but it is '<p>Your order A-17</p>'",
        "they were:",
        "    'john@example.com' 'Welcome' '<p>Hi</p>'",
        "    'jane@example.com' 'Hello' '<p>Your order A-17</p>'",
    ]
    assert fails(running.assert_sent, subject="Hello", times=2) == [
        "wanted 2 messages, but 1 was sent with",
        "    subject='Hello'",
        "it was:",
        "    'jane@example.com' 'Hello' '<p>Your order A-17</p>'",
    ]
    assert fails(running.assert_not_sent, to="john@example.com") == [
        "1 message was sent that should not have been",
        "    to='john@example.com'",
        "it was:",
        "    'john@example.com' 'Welcome' '<p>Hi</p>'",
    ]


def test_without_a_message_the_reason_is_shown(running, send):
    assert fails(running.assert_sent)[2:] == ["there was no message at all"]
    send("")
    assert fails(running.assert_sent)[2:] == [
        "there was no message at all",
        "1 of 3 calls failed; the last was mailkit.sendmail: REFUSED and answered 'Missing send_to'",
    ]
    with running.client() as mailkit:
        mailkit.mailinglist.adduser(1, email="jane@example.com")
        mailkit.email.unsubscribe("jane@example.com")
    send()
    assert fails(running.assert_sent)[3] == (
        "2 of 6 calls failed; the last was mailkit.sendmail: DONE and answered "
        "{'data': 1, 'data2': 0, 'data3': 0, 'status': 6}"
    )


def test_a_body_that_is_not_base64_is_named(running):
    with running.client() as mailkit:
        vip = mailkit.mailinglist.create("vip").unwrap()["data"]
        campaign = mailkit.campaigns.create(ID_allow_email=1, content="<p>Hi</p>").unwrap()
        main = {"send_to": "jane@example.com", "message_data": "Dear Jane!", "content": {"name": "Žofie"}}
        mailkit.call("mailkit.sendmail", vip, campaign, main)
    running.assert_sent(to="jane@example.com")
    assert fails(running.assert_sent, contains="Dear Jane!")[2:6] == [
        "the only one:",
        "    body: wanted <text that contains 'Dear Jane!'>, but it is ''",
        "    message_data is not Base64 of a text in UTF-8: 'Dear Jane!'",
        "    content.name is not Base64 of a text in UTF-8: 'Žofie'",
    ]


def test_a_failure_about_large_messages_stays_readable(running, send):
    for number in range(20):
        send(f"{'x' * 1000}{number}@example.com", subject="s" * 5000, message_data="b" * 100_000)
    lines = fails(running.assert_sent, to="jane@example.com", subject="y" * 1000, contains="z" * 100_000)
    assert len(lines) < 20
    assert max(map(len, lines)) < 1000
    assert lines[-1] == "    ... and 15 more"


def test_a_text_must_be_a_str(running):
    with pytest.raises(ConfigError, match="contains must be a str, got bytes"):
        running.assert_sent(contains=b"x")
    with pytest.raises(ConfigError, match="assert_not_sent for no message"):
        running.assert_sent(times=0)


def test_a_message_of_another_thread_is_waited_for(running, send):
    timer = threading.Timer(0.1, send)
    timer.start()
    assert running.assert_sent(to="jane@example.com", within=PATIENCE).subject == "Hello"
    timer.join()
