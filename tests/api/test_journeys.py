"""`Client.journeys`: mailkit.journeys.trigger as Mailkit's page documents it."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections import ChainMap, OrderedDict
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum
from types import MappingProxyType

import pytest

from mailkit_xmlrpc import (
    Client,
    DisallowedIPError,
    EncodeError,
    MissingValueError,
    Outcome,
    UnauthorizedError,
)
from mailkit_xmlrpc.codec import decode_request

from ..servers import CLIENT_ID, MD5, ScriptedServer, added, answer, failure, http, serving
from ..vectors import journeys_trigger

# From https://www.mailkit.com/resources/api/journeys/mailkitjourneystrigger.
PAGE_REQUEST = """<?xml version="1.0" encoding="UTF-8"?>
<methodCall>
<methodName>mailkit.journeys.trigger</methodName>
<params>
<param>
<value><int>123456789</int></value>
</param>
<param>
<value><string>abc123def456abc123def456abc12345</string></value>
</param>
<param>
<value>
<struct>
<member>
<name>email</name>
<value><string>example@example.com</string></value>
</member>
<member>
<name>event_tag</name>
<value><string>my_event</string></value>
</member>
<member>
<name>event_data</name>
<value>
<struct>
<member>
<name>name</name>
<value><string>content1</string></value>
</member>
<member>
<name>other_name</name>
<value><string>content2</string></value>
</member>
</struct>
</value>
</member>
</struct>
</value>
</param>
</params>
</methodCall>"""

PAGE_SUCCESS = b"""<?xml version="1.0" encoding="utf-8"?>
<methodResponse>
<params>
<param>
<value>
<struct>
<member>
<name>message</name>
<value>
<string>Added into scenario events queue</string>
</value>
</member>
<member>
<name>status</name>
<value>
<string>OK</string>
</value>
</member>
<member>
<name>error_status</name>
<value>
<i4>0</i4>
</value>
</member>
</struct>
</value>
</param>
</params>
</methodResponse>"""

PAGE_REFUSAL = b"""<?xml version="1.0" encoding="utf-8"?>
<methodResponse>
<params>
<param>
<value>
<string>Missing event_tag</string>
</value>
</param>
</params>
</methodResponse>"""


def elements(document):
    """A document as nested tuples of tag, text and children, without white space between elements."""

    def walk(element):
        children = tuple(map(walk, element))
        return element.tag, None if children else element.text, children

    return walk(ElementTree.fromstring(document))


def sent(*args, **kwargs):
    """The struct that a trigger with these arguments sends, read by the standard library."""
    with serving(added()) as (server, client):
        assert client.journeys.trigger(*args, **kwargs).ok
        method, params = server.requests[0].call
    assert method == "mailkit.journeys.trigger"
    assert params[:2] == (CLIENT_ID, MD5)
    (event,) = params[2:]
    return event


def result_of(step):
    with serving(step) as (_, client):
        return client.journeys.trigger("jane@example.com", "order_paid")


class TestThePagesExample:
    def test_its_request_is_sent_element_for_element(self):
        data = {"name": "content1", "other_name": "content2"}
        with ScriptedServer(added()) as server, Client(123456789, MD5, url=server.url) as mailkit:
            assert mailkit.journeys.trigger("example@example.com", "my_event", data).ok
        assert elements(server.requests[0].body) == elements(PAGE_REQUEST)

    def test_its_success(self):
        result = result_of(http(PAGE_SUCCESS))
        assert (result.ok, result.outcome) == (True, Outcome.DONE)
        assert (result.message, result.status) == ("Added into scenario events queue", "OK")
        assert (result.error, result.error_status) == (None, 0)
        assert result.value == {"message": result.message, "status": "OK", "error_status": 0}
        assert result.unwrap() is result.value

    @pytest.mark.parametrize("field", ["event_tag", "email"])
    def test_its_refusals(self, field):
        result = result_of(http(PAGE_REFUSAL.replace(b"event_tag", field.encode())))
        assert (result.ok, result.outcome) == (False, Outcome.REFUSED)
        assert (result.message, result.status, result.value) == (None, None, None)
        assert (result.error, result.error_status) == (f"Missing {field}", 1)
        with pytest.raises(MissingValueError) as caught:
            result.unwrap()
        assert caught.value.field == field

    def test_the_fixtures_are_sent_and_read(self):
        call, answers = journeys_trigger()
        client_id, client_md5, event = call.params
        steps = [http(case.document) for case in answers.values()]
        with ScriptedServer(*steps) as server, Client(client_id, client_md5, url=server.url) as mailkit:
            results = {name: mailkit.journeys.trigger(**event) for name in answers}
        for request in server.requests:
            assert request.body == call.document or elements(request.body) == elements(call.document)
        assert {name: result.raw for name, result in results.items()} == {
            name: case.expected.value for name, case in answers.items()
        }
        assert [name for name, result in results.items() if result.ok] == ["added"]


class TestAnswers:
    def test_the_refusals_of_every_method(self):
        for text, cls in (("Unauthorized", UnauthorizedError), ("Disallowed IP 192.0.2.7", DisallowedIPError)):
            result = result_of(answer(text))
            assert result.error == text
            with pytest.raises(cls):
                result.unwrap()

    @pytest.mark.parametrize("code", [3, "3"])
    def test_a_struct_with_another_error_status(self, code):
        result = result_of(answer({"error": "Unknown event", "error_status": code}))
        assert (result.ok, result.error, result.error_status) == (False, "Unknown event", 3)

    @pytest.mark.parametrize(
        "value",
        ["OK", "TRUE", "", "Added into scenario events queue", 0, 1, True, None, [], [{}], {}, {"status": "OK"}],
    )
    def test_anything_else_is_not_a_success(self, value):
        result = result_of(answer(value))
        assert (result.ok, result.outcome, result.error_status) == (False, Outcome.REFUSED, 1)
        assert result.error
        assert result.raw == value

    @pytest.mark.parametrize("number", ["nan", "inf", "0.5"])
    def test_an_error_status_that_is_not_a_whole_number_is_not_a_success(self, number):
        body = PAGE_SUCCESS.replace(b"<i4>0</i4>", f"<double>{number}</double>".encode())
        assert not result_of(http(body)).ok


class TestEventData:
    def test_may_be_left_out(self):
        assert sent("a@example.com", "tag") == {"email": "a@example.com", "event_tag": "tag"}
        assert sent("a@example.com", "tag", None) == {"email": "a@example.com", "event_tag": "tag"}

    def test_may_be_empty(self):
        assert sent("a", "b", {})["event_data"] == {}

    def test_may_be_nested(self):
        data = {
            "order": {"id": 17, "lines": [{"sku": "A", "price": 9.5}, []], "paid": True},
            "when": datetime(2026, 1, 2),
        }
        assert sent("a", "b", data)["event_data"] == data

    @pytest.mark.parametrize("mapping", [dict, OrderedDict, MappingProxyType, ChainMap])
    def test_may_be_any_mapping(self, mapping):
        assert sent("a", "b", mapping({"x": "1", "a": "2"}))["event_data"] == {"x": "1", "a": "2"}

    def test_keeps_its_order(self):
        names = ["z", "a", "m", "0"]
        assert list(sent("a", "b", dict.fromkeys(names, "x"))["event_data"]) == names

    def test_may_be_given_by_name(self):
        assert sent(email="a", event_tag="b", event_data={"c": "d"}) == {
            "email": "a",
            "event_tag": "b",
            "event_data": {"c": "d"},
        }


class TestText:
    @pytest.mark.parametrize(
        "text",
        [
            "Příliš žluťoučký kůň úpěl ďábelské ódy",
            "PŘÍLIŠ ŽLUŤOUČKÝ KŮŇ",
            "🐎 👩‍👩‍👧‍👦 🇨🇿 e\u0301",
            "]]>",
            "<![CDATA[x]]>",
            "&amp; &lt; & < > \" '",
            "&#13; &#x41;",
            "a\tb",
            "a\rb",
            "a\nb",
            "a\r\nb",
            "\r\n\t \r",
            "  leading and trailing  ",
            "",
            " ",
            "<methodCall/>",
            "<?xml version='1.0'?>",
            "\x7f\x85\xa0\u2028\ufeff\ufffd\U0010ffff",
            "x" * 100_000,
        ],
        ids=lambda text: ascii(text[:20])[1:-1],
    )
    def test_arrives_exactly(self, text):
        event = sent(text, text, {text: text, "nested": [{text: [text]}]})
        assert event == {"email": text, "event_tag": text, "event_data": {text: text, "nested": [{text: [text]}]}}

    def test_arrives_exactly_with_our_own_decoder_too(self):
        text = "Žluť ]]> &amp; \t\r\n 🐎"
        with serving(added()) as (server, client):
            client.journeys.trigger(text, text, {text: text})
            _, params = decode_request(server.requests[0].body)
        assert params[2] == {"email": text, "event_tag": text, "event_data": {text: text}}


class Tag(str, Enum):
    PAID = "order_paid"


class TestWhatIsRefusedBeforeSending:
    def refusal(self, *args):
        with serving() as (server, client):
            error = failure(client.journeys.trigger, *args)
            assert server.connections == 0
        assert type(error) is EncodeError
        assert error.outcome is Outcome.NOT_SENT
        assert (error.method, error.attempts) == ("mailkit.journeys.trigger", 0)
        assert str(error).startswith(f"{error.path}: ")
        return error

    @pytest.mark.parametrize(
        "value", [None, 5, True, b"a@example.com", ["a"], {}, object()], ids=lambda v: type(v).__name__
    )
    def test_an_email_or_event_tag_of_another_type(self, value):
        assert self.refusal(value, "tag").path == "params[2].email"
        error = self.refusal("a@example.com", value)
        assert error.path == "params[2].event_tag"
        assert type(value).__name__ in str(error)

    @pytest.mark.parametrize("value", ["x", 5, [], [("a", "b")], {1}, b"x", False, 0], ids=repr)
    def test_event_data_that_is_not_a_mapping(self, value):
        assert self.refusal("a", "b", value).path == "params[2].event_data"

    @pytest.mark.parametrize(
        ("value", "hint"),
        [
            (None, "None"),
            (object(), "object"),
            (Decimal("1.5"), "Decimal"),
            ({1, 2}, "set"),
            (float("nan"), "nan"),
            (float("inf"), "inf"),
            (2**63, "64 bits"),
            (date(2026, 1, 2), "date"),
            (datetime(2026, 1, 2, tzinfo=timezone.utc), "time zone"),
            ("a\0b", "U+0000"),
            ("a\x1bb", "U+001B"),
            ("\ud800", "U+D800"),
            ("\ufffe", "U+FFFE"),
            ({1: "x"}, "names are str"),
        ],
        ids=lambda value: ascii(value)[:20],
    )
    def test_a_value_that_xml_rpc_cannot_carry(self, value, hint):
        error = self.refusal("a", "b", {"order": {"name": value}})
        assert error.path == "params[2].event_data.order.name"
        assert hint in str(error)

    @pytest.mark.parametrize("text", ["\0", "\ud800", "\x1b"], ids=ascii)
    def test_a_character_that_xml_forbids_in_any_position(self, text):
        assert self.refusal(text, "b").path == "params[2].email"
        assert self.refusal("a", text).path == "params[2].event_tag"
        assert self.refusal("a", "b", {text: "x"}).path.startswith("params[2].event_data[")

    def test_a_cycle(self):
        data = {"a": {}}
        data["a"]["b"] = [data]
        assert self.refusal("a", "b", data).path == "params[2].event_data.a.b[0]"

    def test_event_data_that_is_nested_too_deeply(self):
        data = {}
        for _ in range(200):
            data = {"x": data}
        assert "inside one another" in str(self.refusal("a", "b", data))

    def test_a_str_enum_is_a_str(self):
        assert sent("a", Tag.PAID)["event_tag"] == "order_paid"

    def test_an_empty_email_or_event_tag_is_refused_by_mailkit(self):
        assert sent("", "") == {"email": "", "event_tag": ""}


def test_the_namespace_can_be_kept():
    with serving(added(), added()) as (server, client):
        journeys = client.journeys
        assert journeys.trigger("a", "b").ok
        assert journeys.trigger("a", "b", timeout=5).ok
        assert server.connections == 1
