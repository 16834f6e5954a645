"""`Client.sendmail`, `Client.sendmail_mass`, `Client.sendsms`: their parameters and results."""

from __future__ import annotations

import io
import pathlib

import pytest

from mailkit_xmlrpc import (
    EncodeError,
    InDoubtError,
    InvalidValueError,
    MissingValueError,
    NotAllowedError,
    NotDeliveredError,
    RefusedError,
    Retry,
)
from mailkit_xmlrpc.api.catalogue import CATALOGUE

from ..servers import added, answer, drop, failure, serving
from .wire import b64, b64s, idle, refused, sent, told

TO = "jane@example.com"
SENT = {"data": 7, "data2": 3, "data3": 9, "status": 0}

# A call, its method, its parameters.
CALLS = [
    (lambda c: c.sendmail(5, 3, send_to=TO), "mailkit.sendmail", [5, 3, {"send_to": TO}]),
    (
        lambda c: c.sendmail(
            5, 3, send_to=TO, subject="Žluť", message_data=b"\xff<b>", content={"a": "x", "b": {"c": [1, "y"]}}
        ),
        "mailkit.sendmail",
        [
            5,
            3,
            {
                "send_to": TO,
                "subject": "Žluť",
                "message_data": b64(b"\xff<b>"),
                "content": {"a": b64("x"), "b": {"c": [b64("1"), b64("y")]}},
            },
        ],
    ),
    (
        lambda c: c.sendmail(5, 3, send_to=TO, first_name="Jane", status="enabled"),
        "mailkit.sendmail",
        [5, 3, {"send_to": TO}, b64s(status="enabled", first_name="Jane")],
    ),
    (
        lambda c: c.sendmail(5, 3, send_to=TO, custom={1: "x"}),
        "mailkit.sendmail",
        [5, 3, {"send_to": TO}, {}, {}, b64s(custom1="x")],
    ),
    (
        lambda c: c.sendmail(
            5, 3, send_to=TO, city="Brno", attachments=[{"name": "ž.txt", "data": b"x"}, {"url": "u"}]
        ),
        "mailkit.sendmail",
        [5, 3, {"send_to": TO}, {}, b64s(city="Brno"), {}, {"name": "ž.txt", "data": b64("x")}, {"url": "u"}],
    ),
    (
        lambda c: c.sendmail_mass(
            [
                {
                    "send_to": TO,
                    "mailinglist_id": 5,
                    "campaign_id": 3,
                    "message_data": "x",
                    "create_email": True,
                    "customs": {"first_name": "Jane"},
                    "content": {"a": "b"},
                    "attachment": [{"name": "a", "data": "y"}],
                }
            ],
            id_send="today",
        ),
        "mailkit.sendmail_mass",
        [
            [
                {
                    "send_to": TO,
                    "mailinglist_id": 5,
                    "campaign_id": 3,
                    "message_data": b64("x"),
                    "create_email": "TRUE",
                    "customs": {"first_name": "Jane"},
                    "content": {"a": "b"},
                    "attachment": [{"name": "a", "data": b64("y")}],
                }
            ],
            {"id_send": "today"},
        ],
    ),
    (lambda c: c.sendmail_mass(iter([])), "mailkit.sendmail_mass", [[]]),
    (
        lambda c: c.sendsms(3, 5, mobile="+420777123456"),
        "mailkit.sendsms",
        [{"ID_message": 3, "ID_user_list": 5}, {"mobile": "+420777123456"}, {}],
    ),
    (
        lambda c: c.sendsms(
            *(3, 5),
            mobile="+420777123456",
            sms_data="ahoj",
            content={"a": {"b": "c"}},
            email=TO,
            use_utf=True,
            allow_split=False,
            source="Shop",
            first_name="Jana",
            custom={2: "y"},
        ),
        "mailkit.sendsms",
        [
            {"ID_message": 3, "ID_user_list": 5, "use_utf": "TRUE", "allow_split": "FALSE", "source": "Shop"},
            {"mobile": "+420777123456", "email": TO, "first_name": "Jana", "custom2": "y"},
            {"sms_data": b64("ahoj"), "content": {"a": {"b": b64("c")}}},
        ],
    ),
]


@pytest.mark.parametrize(("call", "method", "params"), CALLS)
def test_a_call_sends_exactly_this(call, method, params):
    assert sent(call) == (method, params)


def send(client):
    return client.sendmail(5, 3, send_to=TO)


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        (SENT, SENT),
        ({"data": "7", "data2": "3", "data3": "9", "status": "1"}, {**SENT, "status": 1}),
        ({"data": 7, "data2": 0, "data3": -1, "status": 2}, {"data": 7, "data2": None, "data3": None, "status": 2}),
    ],
)
def test_an_answer_becomes_this_value(reply, value):
    result = told(send, reply)
    assert result.ok
    assert result.value == value


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (4, RefusedError, "status 4"),
        (6, NotDeliveredError, "updated, but nothing was sent"),
        ("7", NotDeliveredError, "inserted, but nothing was sent"),
    ],
)
def test_status_4_6_and_7_are_refusals_whatever_else_the_struct_has(status, kind, words):
    error = refused(send, {**SENT, "status": status, "error_status": 0})
    assert type(error) is kind
    assert words in str(error)
    assert error.result.error_status == int(status)
    assert error.result.raw["data"] == 7


@pytest.mark.parametrize(
    ("text", "kind", "field"),
    [
        ("Missing ID_mailing_list", MissingValueError, "ID_mailing_list"),
        ("Invalid ID_mailing_list", InvalidValueError, "ID_mailing_list"),
        ("Missing ID_message", MissingValueError, "ID_message"),
        ("Invalid ID_message", InvalidValueError, "ID_message"),
        ("Missing send_to", MissingValueError, "send_to"),
        ("Missing sender address", MissingValueError, "sender address"),
        ("Attachment is not allowed", NotAllowedError, None),
    ],
)
def test_a_refusal_is_of_this_kind(text, kind, field):
    error = refused(send, text)
    assert (type(error), getattr(error, "field", None)) == (kind, field)


@pytest.mark.parametrize("reply", ["OK", "", 7, [], {"data": 7}])
def test_an_unexpected_answer_to_sendmail_is_a_refusal(reply):
    assert not told(send, reply).ok


@pytest.mark.parametrize("method", ["sendmail_mass", "sendsms"])
def test_if_the_answer_is_not_documented_a_string_other_than_ok_is_a_refusal(method):
    def call(client):
        return client.sendmail_mass([]) if method == "sendmail_mass" else client.sendsms(1, 2, mobile="+420777123456")

    assert told(call, "OK").ok
    assert told(call, {"status": 0}).value == {"status": 0}
    assert refused(call, "Invalid ID_message").field == "ID_message"


@pytest.mark.parametrize(
    "call",
    [send, lambda c: c.sendmail_mass([{"send_to": TO}]), lambda c: c.sendsms(1, 2, mobile="+420777123456")],
    ids=["sendmail", "sendmail_mass", "sendsms"],
)
def test_a_message_in_doubt_is_never_sent_twice(call):
    with serving(drop, added(), retry=Retry(attempts=3, base=0)) as (server, client):
        assert isinstance(failure(call, client), InDoubtError)
    assert len(server.requests) == 1


def test_no_method_that_sends_is_marked_as_reading():
    changing = {name for name, spec in CATALOGUE.items() if not spec.reads}
    assert {"mailkit.sendmail", "mailkit.sendmail_mass", "mailkit.sendsms", "mailkit.journeys.trigger"} <= changing


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (lambda c: c.sendmail(5, 3, send_to=TO, content={"a": {"b": None}}), "content.a.b"),
        (lambda c: c.sendmail(5, 3, send_to=TO, content={"a": ["x", 1.5]}), "params[4].content.a[1]"),
        (lambda c: c.sendmail(5, 3, send_to=TO, message_data=7.5), "message_data"),
        (lambda c: c.sendmail(5, 3, send_to=TO, attachments=[{"nmae": "x"}]), "attachments[0].nmae"),
        (lambda c: c.sendmail_mass([{"send_to": TO}, {"sendto": TO}]), "recipients[1].sendto"),
        (lambda c: c.sendmail_mass([{"attachment": [{"data": 1.5}]}]), "recipients[0].attachment[0].data"),
    ],
)
def test_the_error_for_an_invalid_value_has_its_path(call, path):
    with idle() as client, pytest.raises(EncodeError) as caught:
        call(client)
    assert caught.value.path == path


WRONG_KINDS = [pathlib.PurePosixPath("a.txt"), b"raw secret", "a.txt", None, ("a.txt", b"raw"), io.BytesIO(b"raw"), 5]


@pytest.mark.parametrize("item", WRONG_KINDS, ids=lambda item: type(item).__name__)
@pytest.mark.parametrize(
    ("call", "path"),
    [
        (lambda c, item: c.sendmail(5, 3, send_to=TO, attachments=[{"url": "u"}, item]), "attachments[1]"),
        (lambda c, item: c.sendmail_mass([{"attachment": [item]}]), "recipients[0].attachment[0]"),
        (lambda c, item: c.sendmail_mass([item]), "recipients[0]"),
        (lambda c, item: c.mailinglist.import_(1, [item]), "recipients[0]"),
        (lambda c, item: c.filemanager.upload([item]), "files[0]"),
    ],
    ids=["attachments", "attachment", "sendmail_mass", "import", "upload"],
)
def test_only_a_list_of_mappings_is_accepted_and_the_error_does_not_show_the_value(call, path, item):
    with idle() as client, pytest.raises(EncodeError) as caught:
        call(client, item)
    assert str(caught.value) == f"{path}: must be a mapping, got {type(item).__name__}"


@pytest.mark.parametrize("given", [{"url": "u"}, "a.txt", b"raw", None, io.BytesIO, 5], ids=repr)
@pytest.mark.parametrize(
    ("call", "path"),
    [
        (lambda c, given: c.sendmail(5, 3, send_to=TO, attachments=given), "attachments"),
        (lambda c, given: c.sendmail_mass([{"attachment": given or 5}]), "recipients[0].attachment"),
        (lambda c, given: c.sendmail_mass(given), "recipients"),
        (lambda c, given: c.mailinglist.import_(1, given), "recipients"),
        (lambda c, given: c.filemanager.upload(given), "files"),
    ],
    ids=["attachments", "attachment", "sendmail_mass", "import", "upload"],
)
def test_one_mapping_is_not_a_list_of_them(call, path, given):
    with idle() as client, pytest.raises(EncodeError, match="must be a list of mappings, got") as caught:
        call(client, given)
    assert caught.value.path == path


@pytest.mark.parametrize(
    "attachment", [{}, {"name": "a.txt"}, {"name": "a.txt", "data": None}, {"data": b""}, {"url": ""}], ids=str
)
def test_an_attachment_without_data_is_refused(attachment):
    with idle() as client:
        with pytest.raises(EncodeError, match=r"^attachments\[0\]: an attachment needs data or a url$"):
            client.sendmail(5, 3, send_to=TO, attachments=[attachment])
        with pytest.raises(EncodeError, match=r"^recipients\[0\]\.attachment\[0\]: an attachment needs data or a url$"):
            client.sendmail_mass([{"attachment": [attachment]}])


def test_a_name_that_mailkit_does_not_have_is_a_type_error_with_a_hint():
    with idle() as client:
        with pytest.raises(TypeError, match="did you mean first_name"):
            client.sendmail(5, 3, send_to=TO, firstname="x")
        with pytest.raises(TypeError, match="sendsms"):
            client.sendsms(5, 3, mobile="+420777123456", city="Brno")


def test_a_call_sends_one_request():
    with serving(answer(SENT)) as (server, client):
        assert send(client).ok
    assert len(server.requests) == 1
