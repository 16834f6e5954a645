"""`webhooks`: Mailkit's bodies become values, and any other body is one error."""

from __future__ import annotations

import contextlib
import json
import pickle
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailkit_xmlrpc import ResponseError, webhooks
from mailkit_xmlrpc.webhooks import Subscribed, Unsubscribed, UnsubscribeMethod

# The members that Mailkit's PHP client knows.
SUBSCRIBE = [
    *("EMAIL", "ID_EMAIL", "DATE", "IP", "IP_ORIG", "ID_ML", "CHANNEL", "UA", "DATE_REQUEST", "UA_REQUEST"),
    *("IP_REQUEST", "IP_ORIG_REQUEST", "URL_CODE", "FIRST_NAME", "LAST_NAME", "FAX", "GENDER", "MOBILE", "NICK_NAME"),
    *("PHONE", "PREFIX", "REPLY_TO", "STATE", "STREET", "VOCATIVE", "ZIP", "CITY", "COMPANY", "COUNTRY"),
]
UNSUBSCRIBE = [
    *("EMAIL", "ID_EMAIL", "DATE", "IP", "IP_ORIG", "ID_ML", "ID_SEND", "ID_MESSAGE", "ID_TOPIC_ACTIVE"),
    *("ID_TOPIC_INACTIVE", "TIMEOUT", "EXPIRE", "METHOD", "UNSUBSCRIBE_ANSWER", "UNSUBSCRIBE_NOTE"),
]


def subscribe(**members):
    empty = dict.fromkeys([*SUBSCRIBE, *(f"CUSTOM{number}" for number in range(1, 26))], "")
    return {**empty, "EMAIL": "jane@example.com", **members}


def unsubscribe(**members):
    return {**dict.fromkeys(UNSUBSCRIBE, ""), "EMAIL": "jane@example.com", **members}


def parsed(members):
    return webhooks.parse(json.dumps(members))


def problem(body):
    with pytest.raises(ResponseError) as caught:
        webhooks.parse(body)
    return caught.value.message


class TestSubscribed:
    def test_has_the_posted_values(self):
        event = parsed(
            subscribe(
                ID_EMAIL="7",
                DATE="2026-01-02 03:04:05",
                DATE_REQUEST="2026-01-02 03:00:00",
                ID_ML="5",
                IP="192.0.2.7",
                CHANNEL="form",
                FIRST_NAME="Žofie",
                CUSTOM1="x",
                CUSTOM25="y",
            )
        )
        assert type(event) is Subscribed
        assert (event.email, event.id_email, event.id_ml, event.ip) == ("jane@example.com", 7, 5, "192.0.2.7")
        assert (event.date, event.date_request) == (datetime(2026, 1, 2, 3, 4, 5), datetime(2026, 1, 2, 3, 0))
        assert (event.channel, event.first_name) == ("form", "Žofie")
        assert event.custom == {1: "x", 25: "y"}
        assert event.raw["FIRST_NAME"] == "Žofie"

    def test_has_every_member_by_its_name(self):
        event = parsed(subscribe(**{name: f"<{name}>" for name in SUBSCRIBE}))
        for name in set(SUBSCRIBE) - {"ID_EMAIL", "ID_ML", "DATE", "DATE_REQUEST"}:
            assert getattr(event, name.lower()) == f"<{name}>"

    @pytest.mark.parametrize("text", ["", "x", "-1", "1.5", "٧", "9" * 30])
    def test_an_invalid_id_is_none_and_stays_in_raw(self, text):
        event = parsed(subscribe(ID_EMAIL=text))
        assert event.id_email is None
        assert event.raw["ID_EMAIL"] == text

    @pytest.mark.parametrize("text", ["", "now", "0000-00-00 00:00:00", "2026-02-30 00:00:00", "2026-01-02T03:04:05Z"])
    def test_an_invalid_date_is_none_and_stays_in_raw(self, text):
        event = parsed(subscribe(DATE=text))
        assert event.date is None
        assert event.raw["DATE"] == text

    def test_unknown_members_stay_in_raw(self):
        event = parsed(subscribe(NEW="x", CUSTOM26="y", CUSTOM01="z"))
        assert (event.raw["NEW"], event.raw["CUSTOM26"], event.custom) == ("x", "y", {})


class TestUnsubscribed:
    def test_has_the_posted_values(self):
        event = parsed(
            unsubscribe(
                ID_SEND="3",
                ID_MESSAGE="4",
                ID_TOPIC_ACTIVE="27,29, 35",
                METHOD="list-unsubscribe_oneclick",
                EXPIRE="2026-03-04",
                TIMEOUT="60",
                UNSUBSCRIBE_NOTE="enough",
            )
        )
        assert type(event) is Unsubscribed
        assert (event.id_send, event.id_message, event.id_ml) == (3, 4, None)
        assert (event.id_topic_active, event.id_topic_inactive) == ((27, 29, 35), ())
        assert event.method is UnsubscribeMethod.LIST_UNSUBSCRIBE_ONECLICK
        assert (event.expire, event.timeout, event.unsubscribe_note) == (datetime(2026, 3, 4), "60", "enough")

    @pytest.mark.parametrize("method", list(UnsubscribeMethod))
    def test_every_method_is_known(self, method):
        assert parsed(unsubscribe(METHOD=str(method))).method is method

    def test_an_undocumented_method_stays_a_str(self):
        assert parsed(unsubscribe(METHOD="carrier pigeon")).method == "carrier pigeon"


class TestTheFormerNameOfUnsubscribeMethod:
    def test_is_an_alias_that_warns_with_the_new_name(self):
        message = r"^webhooks\.Method is deprecated; use webhooks\.UnsubscribeMethod$"
        with pytest.warns(DeprecationWarning, match=message) as seen:
            assert webhooks.Method is UnsubscribeMethod
        assert seen[0].filename == __file__
        with pytest.warns(DeprecationWarning, match="UnsubscribeMethod"):
            from mailkit_xmlrpc.webhooks import Method  # noqa: F401
        assert "Method" not in webhooks.__all__

    def test_is_found_by_events_that_were_pickled_with_it(self):
        with pytest.warns(DeprecationWarning, match="UnsubscribeMethod"):
            method = pickle.loads(b"cmailkit_xmlrpc.webhooks\nMethod\n(Vmanual\ntR.")
        assert method is UnsubscribeMethod.MANUAL

    def test_is_the_only_other_name(self):
        with pytest.raises(AttributeError, match=r"module 'mailkit_xmlrpc\.webhooks' has no attribute 'Methods'"):
            webhooks.Methods  # noqa: B018


def test_numbers_and_null_read_as_the_strings_that_mailkit_sends():
    event = webhooks.parse('{"EMAIL": "a@b.cz", "METHOD": "manual", "ID_EMAIL": 7, "ID_ML": null}')
    assert (event.id_email, event.id_ml) == (7, None)


def test_text_and_bytes_with_or_without_a_byte_order_mark_are_the_same():
    text = json.dumps(unsubscribe(UNSUBSCRIBE_NOTE="Žluť"), ensure_ascii=False)
    assert webhooks.parse(text) == webhooks.parse(text.encode()) == webhooks.parse(text.encode("utf-8-sig"))


def test_events_pickle_compare_and_hash():
    event = parsed(subscribe(CUSTOM1="x"))
    assert pickle.loads(pickle.dumps(event)) == event
    assert hash(event) == hash(parsed(subscribe(CUSTOM1="x")))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "is not JSON"),
        (b"hello", "is not JSON"),
        (b"\xff", "is not UTF-8"),
        (b"[]", "is not a JSON object"),
        (b"7", "is not a JSON object"),
        (b"{}", "has no EMAIL"),
        (b'{"EMAIL": ""}', "has no EMAIL"),
        (b'{"EMAIL": "a"}', "is neither a subscription nor an unsubscription"),
        (b'{"EMAIL": "a", "METHOD": "", "CHANNEL": ""}', "is neither a subscription nor an unsubscription"),
        (b'{"EMAIL": "a", "EMAIL": "b"}', "is not JSON (a name occurs twice)"),
        (b'{"EMAIL": NaN}', "is not JSON (NaN and Infinity are not allowed)"),
        (b'{"EMAIL": ["a"]}', "a member that is not a string"),
        (b'{"EMAIL": 1.5}', "a member that is not a string"),
        (b'{"EMAIL": true}', "a member that is not a string"),
        (b"[" * 100_000, "is nested too deeply"),
        (b"9" * 5000, ""),
        (b" " * (2 << 20), "larger than 1,048,576 bytes"),
    ],
    ids=range(17),
)
def test_a_body_that_is_not_a_webhook_s_is_one_error(body, words):
    assert words in problem(body)


def test_an_error_does_not_repeat_the_body():
    with pytest.raises(ResponseError) as caught:
        webhooks.parse(b'{"secret": "hunter2"')
    assert "hunter2" not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@given(st.binary() | st.text())
def test_any_body_is_read_or_refused(body):
    with contextlib.suppress(ResponseError):
        webhooks.parse(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=2)
)


@given(st.dictionaries(st.sampled_from([*SUBSCRIBE, *UNSUBSCRIBE, "CUSTOM1"]), JSON))
def test_any_members_are_read_or_refused(members):
    try:
        event = parsed(members)
    except ResponseError:
        return
    assert event.email
