"""`Client.mailinglist`: the parameters of each method, and the results for its answers."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from mailkit_xmlrpc import EncodeError, ExistsError, InvalidValueError, MissingValueError, Outcome, RefusedError
from mailkit_xmlrpc.sandbox import Sandbox

from ..servers import failure, http, serving
from .wire import b64s, idle, refused, sent, told

LIST = "mailkit.mailinglist.list"
ADDED = {"data": 7, "status": 1}

# A call, its method, its parameters.
CALLS = [
    (lambda c: c.mailinglist.list(), LIST, []),
    (lambda c: c.mailinglist.create("vip"), "mailkit.mailinglist.create", ["vip"]),
    (lambda c: c.mailinglist.create("vip", description="d"), "mailkit.mailinglist.create", ["vip", "d"]),
    (lambda c: c.mailinglist.delete(5), "mailkit.mailinglist.delete", [5]),
    (lambda c: c.mailinglist.delete(5, keep_list=True), "mailkit.mailinglist.delete", [5, "TRUE"]),
    (lambda c: c.mailinglist.delete(5, keep_list=False), "mailkit.mailinglist.delete", [5, "FALSE"]),
    (
        lambda c: c.mailinglist.adduser(5, email="jana@example.cz", first_name="Žofie", custom={1: "x"}, confirm=False),
        "mailkit.mailinglist.adduser",
        [5, False, b64s(first_name="Žofie", email="jana@example.cz"), {}, b64s(custom1="x")],
    ),
    (
        lambda c: c.mailinglist.adduser(
            *[5],
            email="a@b.cz",
            confirm=True,
            status="enabled",
            ID_template=9,
            email_from="x@y.cz",
            name_from="X",
            return_url="https://y.cz",
            city="Brno",
            ip_src="192.0.2.7",
            form_url="https://y.cz/form",
        ),
        "mailkit.mailinglist.adduser",
        [
            5,
            True,
            b64s(
                ID_template="9",
                email_from="x@y.cz",
                name_from="X",
                return_url="https://y.cz",
                status="enabled",
                email="a@b.cz",
            ),
            b64s(city="Brno"),
            {},
            {"ip_src": "192.0.2.7", "form_url": "https://y.cz/form"},
        ],
    ),
    (
        lambda c: c.mailinglist.edituser(5, "a@b.cz", company="ACME", fax="", gender="F", custom={25: "z", 2: "y"}),
        "mailkit.mailinglist.edituser",
        [5, "a@b.cz", "", b64s(company="ACME"), b64s(fax="", gender="F"), b64s(custom25="z", custom2="y")],
    ),
    (lambda c: c.mailinglist.edituser(5, 7), "mailkit.mailinglist.edituser", [5, 7, "", {}, {}, {}]),
    (
        lambda c: c.mailinglist.import_(
            5,
            iter([{"email": "a@b.cz", "first_name": "Žofie", "custom": {3: "x"}}, {"email": "c@d.cz", "custom4": "y"}]),
        ),
        "mailkit.mailinglist.import",
        [5, [{"email": "a@b.cz", "first_name": "Žofie", "custom3": "x"}, {"email": "c@d.cz", "custom4": "y"}]],
    ),
    (lambda c: c.mailinglist.getstatus(5), "mailkit.mailinglist.getstatus", [5]),
    (lambda c: c.mailinglist.getstatus(5, limit=10), "mailkit.mailinglist.getstatus", [5, "", "", "", "10"]),
    (
        lambda c: c.mailinglist.getstatus(
            5, status="enabled", change_date=datetime(2026, 1, 2, 3, 4, 5), ID_email=7, limit=2
        ),
        "mailkit.mailinglist.getstatus",
        [5, "enabled", "2026-01-02 03:04:05", "7", "2"],
    ),
    (lambda c: c.mailinglist.engagement(5), "mailkit.mailinglist.engagement", [5]),
    (lambda c: c.mailinglist.engagement(5, limit=3), "mailkit.mailinglist.engagement", [5, "", 3]),
    (lambda c: c.mailinglist.engagement(5, ID_email=7), "mailkit.mailinglist.engagement", [5, 7]),
    (lambda c: c.mailinglist.unsubscribed(), "mailkit.mailinglist.unsubscribed", []),
    (lambda c: c.mailinglist.unsubscribed(date(2026, 1, 2)), "mailkit.mailinglist.unsubscribed", ["2026-01-02"]),
    (lambda c: c.mailinglist.unsubscribed("2026-01-02"), "mailkit.mailinglist.unsubscribed", ["2026-01-02"]),
]

# A call, an answer, its value.
ANSWERS = [
    (
        lambda c: c.mailinglist.list(),
        [{"NAME": "vip", "ID_USER_LIST": "5", "STATUS": "enabled", "DESCRIPTION": None}],
        [{"NAME": "vip", "ID_USER_LIST": 5, "STATUS": "enabled", "DESCRIPTION": ""}],
    ),
    (lambda c: c.mailinglist.list(), [], []),
    (lambda c: c.mailinglist.list(), "", []),
    (lambda c: c.mailinglist.list(), {"NAME": "vip", "ID_USER_LIST": 5}, [{"NAME": "vip", "ID_USER_LIST": 5}]),
    (lambda c: c.mailinglist.create("vip"), {"data": "5"}, {"data": 5}),
    (lambda c: c.mailinglist.delete(5), {"data": "OK"}, {"data": "OK"}),
    (lambda c: c.mailinglist.adduser(5, email="a@b.cz"), {"data": "7", "status": "3"}, {"data": 7, "status": 3}),
    (lambda c: c.mailinglist.adduser(5, email="a@b.cz"), "Sent subscribe email", {"data": None, "status": None}),
    (lambda c: c.mailinglist.edituser(5, 7), "OK", "OK"),
    (lambda c: c.mailinglist.edituser(5, 7), {"data": "OK"}, "OK"),
    (
        lambda c: c.mailinglist.import_(5, []),
        {"invalid_emails": "bad", "count_all": "3", "count_new": "", "count_updated": 2, "count_bad": "1"},
        {"invalid_emails": ["bad"], "count_all": 3, "count_new": 0, "count_updated": 2, "count_bad": 1},
    ),
    (
        lambda c: c.mailinglist.getstatus(5),
        [{"ID_EMAIL": "7", "EMAIL": "a@b.cz", "CUSTOM_1": "7"}],
        [{"ID_EMAIL": 7, "EMAIL": "a@b.cz", "CUSTOM_1": "7"}],
    ),
    (lambda c: c.mailinglist.engagement(5), [{"SCORE": "12.5", "ID_EMAIL": "7"}], [{"SCORE": 12.5, "ID_EMAIL": 7}]),
    (
        lambda c: c.mailinglist.unsubscribed(),
        [{"EMAIL": "a", "ID_UNSUBSCRIBE_GROUP": group} for group in (0, "", "27,29,35", 27, "0")],
        [{"EMAIL": "a", "ID_UNSUBSCRIBE_GROUP": group} for group in ([], [], [27, 29, 35], [27], [])],
    ),
]

# A call, a refusal's text, its class, its field.
REFUSALS = [
    (lambda c: c.mailinglist.create(""), "Missing name of mailing list", MissingValueError, "name"),
    (lambda c: c.mailinglist.create("vip"), "Mailing list exist", ExistsError, None),
    (lambda c: c.mailinglist.delete(""), "Missing ID_user_list", MissingValueError, "ID_user_list"),
    (lambda c: c.mailinglist.delete(9), "Invalid ID_user_list", InvalidValueError, "ID_user_list"),
    (lambda c: c.mailinglist.adduser(5, email=""), "Missing email", MissingValueError, "email"),
    (lambda c: c.mailinglist.adduser(5, email="x"), "Bad email syntax", InvalidValueError, "email"),
    (
        lambda c: c.mailinglist.adduser("", email="a@b.cz"),
        "Missing ID_mailing_list",
        MissingValueError,
        "ID_mailing_list",
    ),
    (
        lambda c: c.mailinglist.adduser(9, email="a@b.cz"),
        "Invalid ID_mailing_list",
        InvalidValueError,
        "ID_mailing_list",
    ),
    (
        lambda c: c.mailinglist.adduser(5, email="a@b.cz", ID_template="x"),
        "Invalid ID_template",
        InvalidValueError,
        "ID_template",
    ),
    (lambda c: c.mailinglist.edituser(5, ""), "Missing ID_email", MissingValueError, "ID_email"),
    (lambda c: c.mailinglist.edituser(5, 99), "Invalid ID_email", InvalidValueError, "ID_email"),
    (lambda c: c.mailinglist.edituser(9, 99), "Invalid ID_mailing_list", InvalidValueError, "ID_mailing_list"),
    (lambda c: c.mailinglist.import_(9, []), "Invalid ID_user_list", InvalidValueError, "ID_user_list"),
    (lambda c: c.mailinglist.getstatus(9), "Invalid ID_user_list", InvalidValueError, "ID_user_list"),
    (lambda c: c.mailinglist.engagement(9), "Invalid ID_user_list", InvalidValueError, "ID_user_list"),
]


@pytest.mark.parametrize(("call", "method", "params"), CALLS)
def test_a_call_sends_exactly_this(call, method, params):
    assert sent(call) == (method, params)


@pytest.mark.parametrize(("call", "reply", "value"), ANSWERS)
def test_an_answer_becomes_this_value(call, reply, value):
    result = told(call, reply)
    assert result.ok
    assert result.value == value


@pytest.mark.parametrize(("call", "text", "kind", "field"), REFUSALS)
def test_a_refusal_is_of_this_class_and_the_sandbox_has_it_too(call, text, kind, field):
    error = refused(call, text)
    assert (type(error), getattr(error, "field", None)) == (kind, field)
    with Sandbox() as sandbox, sandbox.client() as mailkit:
        for name in ("vip", "b", "c", "d", "e"):
            mailkit.mailinglist.create(name)
        assert call(mailkit).error == text
        assert sandbox.calls[-1].outcome == Outcome.REFUSED


def test_a_recipient_that_could_not_be_stored_is_a_refusal():
    error = refused(lambda c: c.mailinglist.adduser(5, email="a@b.cz"), {"data": 0, "status": 4})
    assert type(error) is RefusedError
    assert error.result.error_status == 4
    assert "status 4" in str(error)


def test_the_answer_for_a_recipient_that_has_not_confirmed_is_the_message():
    result = told(lambda c: c.mailinglist.adduser(5, email="a@b.cz", confirm=True), "Sent subscribe email")
    assert (result.ok, result.message) == (True, "Sent subscribe email")


@pytest.mark.parametrize("reply", ["OK", "TRUE", "", "Sent", ["x"], 7, {"status": 1}])
def test_an_unexpected_answer_to_adduser_is_a_refusal(reply):
    assert not told(lambda c: c.mailinglist.adduser(5, email="a@b.cz"), reply).ok


def test_the_scalar_of_the_page_is_read():
    """The page of unsubscribed shows several ids in one i4."""
    body = (
        b"<methodResponse><params><param><value><array><data><value><struct><member><name>ID_UNSUBSCRIBE_GROUP</name>"
    )
    body += b"<value><i4>27,29,35</i4></value></member></struct></value></data></array></value></param></params>"
    body += b"</methodResponse>"
    with serving(http(body)) as (_, client):
        assert client.mailinglist.unsubscribed().value == [{"ID_UNSUBSCRIBE_GROUP": [27, 29, 35]}]
    with serving(http(body)) as (_, client):
        assert failure(client.mailinglist.list).outcome is Outcome.UNKNOWN


class TestWrongArguments:
    @pytest.mark.parametrize("method", ["adduser", "edituser"])
    def test_a_name_that_mailkit_does_not_have_is_a_type_error_with_a_hint(self, method):
        with idle() as client:
            call = getattr(client.mailinglist, method)
            arguments = {"email": "a@b.cz"} if method == "adduser" else {"email_id": 7}
            with pytest.raises(TypeError, match=rf"{method}\(\).*'frst_name'; did you mean first_name\?"):
                call(5, frst_name="x", **arguments)

    def test_so_is_a_list_without_an_email(self):
        with idle() as client, pytest.raises(TypeError, match="email"):
            client.mailinglist.adduser(5)

    @pytest.mark.parametrize(
        ("call", "path"),
        [
            (lambda m: m.adduser(5, email="a@b.cz", custom={26: "x"}), "custom"),
            (lambda m: m.adduser(5, email="a@b.cz", custom={True: "x"}), "custom"),
            (lambda m: m.adduser(5, email="a@b.cz", custom={"custom1": "x"}), "custom"),
            (lambda m: m.adduser(5, email="a@b.cz", first_name=1.5), "params[4].first_name"),
            (lambda m: m.adduser(5, email="\ud800@b.cz"), "email"),
            (lambda m: m.import_(5, [{"email": "a@b.cz"}, {"emial": "c@d.cz"}]), "recipients[1].emial"),
            (lambda m: m.getstatus(5, change_date=datetime(2026, 1, 1, tzinfo=timezone.utc)), "change_date"),
            (lambda m: m.getstatus(5, change_date=5), "change_date"),
            (lambda m: m.unsubscribed(5), "range_from"),
        ],
    )
    def test_the_error_for_an_invalid_value_has_its_path(self, call, path):
        with idle() as client, pytest.raises(EncodeError) as caught:
            call(client.mailinglist)
        assert caught.value.path == path
        assert caught.value.outcome is Outcome.NOT_SENT
