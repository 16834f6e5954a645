"""`Client.campaigns`: the parameters of each method, and the results for its answers."""

from __future__ import annotations

from datetime import datetime

import pytest

from mailkit_xmlrpc.api.catalogue import CATALOGUE
from mailkit_xmlrpc.call import Certainty

from .wire import b64s, idle, refused, sent, told

# A call, its method, its parameters.
CALLS = [
    (lambda c: c.campaigns.list(), "mailkit.campaigns.list", []),
    (lambda c: c.campaigns.list(3), "mailkit.campaigns.list", [3]),
    (
        lambda c: c.campaigns.create(name="Jaro", subject="Žluť", ID_allow_email=1, google_analytics=True),
        "mailkit.campaigns.create",
        [b64s(name="Jaro", subject="Žluť", ID_allow_email="1", google_analytics="true")],
    ),
    (
        lambda c: c.campaigns.update(3, subject="x", ID_delivery_feed=""),
        "mailkit.campaigns.update",
        ["3", "true", b64s(subject="x", ID_delivery_feed="")],
    ),
    (
        lambda c: c.campaigns.update(3, test_mode=False, generate_txt=False),
        "mailkit.campaigns.update",
        ["3", "true", b64s(generate_txt="false", test_mode="FALSE")],
    ),
    (lambda c: c.campaigns.update(3, update=False), "mailkit.campaigns.update", ["3", "false", {}]),
    (lambda c: c.campaigns.single.schedule(3, "now"), "mailkit.campaigns.single.schedule", [3, "", "now", "", ""]),
    (
        lambda c: c.campaigns.single.schedule(
            3, datetime(2026, 1, 2, 3, 4, 5), subject="s", time_zone="Europe/Prague", ID_template=8, ID_query=4
        ),
        "mailkit.campaigns.single.schedule",
        [3, "s", "2026-01-02 03:04", "Europe/Prague", "", "8", {"ID_query": "4"}],
    ),
    (
        lambda c: c.campaigns.single.schedule(3, "now", ID_delivery_feed=6),
        "mailkit.campaigns.single.schedule",
        [3, "", "now", "", "", "", {"ID_delivery_feed": "6"}],
    ),
    (lambda c: c.campaigns.schedule.list(), "mailkit.campaigns.schedule.list", []),
    (lambda c: c.campaigns.schedule.list(3), "mailkit.campaigns.schedule.list", [3]),
    (lambda c: c.campaigns.schedule.timezones(), "mailkit.campaigns.schedule.timezones", []),
    (lambda c: c.campaigns.schedule.cancel(8), "mailkit.campaigns.schedule.cancel", [8]),
    (lambda c: c.campaigns.history(), "mailkit.campaigns.history", []),
    (lambda c: c.campaigns.history(3, "x"), "mailkit.campaigns.history", [3, "x"]),
]

# A call, an answer, its value.
ANSWERS = [
    (
        lambda c: c.campaigns.list(),
        [{"ID_MESSAGE": "3", "USE_AB": "FALSE", "TEST_MODE": True, "REPEAT_COUNT": "", "USER_LIST": 5}],
        [{"ID_MESSAGE": 3, "USE_AB": False, "TEST_MODE": True, "REPEAT_COUNT": 0, "USER_LIST": [5]}],
    ),
    (lambda c: c.campaigns.list(), {"USER_LIST": [5, "6"]}, [{"USER_LIST": [5, 6]}]),
    (lambda c: c.campaigns.list(99), "", []),
    (lambda c: c.campaigns.list(99), {}, []),
    (lambda c: c.campaigns.create(name="x"), 3, 3),
    (lambda c: c.campaigns.create(name="x"), "3", 3),
    (lambda c: c.campaigns.update(3), "OK", "OK"),
    (lambda c: c.campaigns.update(3), {"x": 1}, {"x": 1}),
    (lambda c: c.campaigns.single.schedule(3, "now"), 1, 1),
    (lambda c: c.campaigns.schedule.list(3), {"ID_message": 3, "error": 0, "data": ""}, []),
    (
        lambda c: c.campaigns.schedule.list(3),
        {"ID_message": 3, "error": 0, "data": [{"USE_AB": "TRUE", "ID_SEND_MESSAGE_QUEUE": "8"}]},
        [{"USE_AB": True, "ID_SEND_MESSAGE_QUEUE": 8}],
    ),
    (
        lambda c: c.campaigns.schedule.timezones(),
        [{"TIMEZONE": "Africa/Abidjan", "TZ_CODES": "GMT"}],
        [{"TIMEZONE": "Africa/Abidjan", "TZ_CODES": ["GMT"]}],
    ),
    (lambda c: c.campaigns.schedule.cancel(8), "OK", "OK"),
    (lambda c: c.campaigns.history(), [1], [1]),
]


@pytest.mark.parametrize(("call", "method", "params"), CALLS)
def test_a_call_sends_exactly_this(call, method, params):
    assert sent(call) == (method, params)


@pytest.mark.parametrize(("call", "reply", "value"), ANSWERS)
def test_an_answer_becomes_this_value(call, reply, value):
    result = told(call, reply)
    assert result.ok
    assert result.value == value


@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.campaigns.create(name="x"),
        lambda c: c.campaigns.update(3),
        lambda c: c.campaigns.single.schedule(3, "now"),
        lambda c: c.campaigns.schedule.list(3),
        lambda c: c.campaigns.schedule.cancel(3),
        lambda c: c.campaigns.history(),
    ],
    ids=["create", "update", "schedule", "schedule.list", "cancel", "history"],
)
def test_any_other_string_is_a_refusal_with_its_text(call):
    assert str(refused(call, "Something is wrong")).endswith("Something is wrong")


@pytest.mark.parametrize(
    "reply", [{"error": 3, "data": ""}, {"error": "Invalid ID_message", "data": ""}, {"error_status": 3, "error": 0}]
)
def test_the_schedule_s_error_is_a_decisive_code(reply):
    assert not told(lambda c: c.campaigns.schedule.list(3), reply).ok


def test_a_setting_that_campaigns_do_not_have_is_a_type_error_with_a_hint():
    with idle() as client, pytest.raises(TypeError, match=r"create\(\).*did you mean subject\?"):
        client.campaigns.create(subjekt="x")


@pytest.mark.parametrize("method", ["mailkit.campaigns.schedule.cancel", "mailkit.campaigns.history"])
def test_methods_known_by_name_only_say_so(method):
    assert CATALOGUE[method].doc.certainty is Certainty.NAMED
