"""The sandbox's deliveries: the recipient is stored and the message recorded, or the call is refused."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta, timezone

import pytest

from mailkit_xmlrpc import FaultError
from mailkit_xmlrpc.codec import decode_response, encode_request
from mailkit_xmlrpc.sandbox import Message

from ..wire import body_of, post, say

TO = "jane@example.com"


@pytest.fixture
def campaign(mailkit):
    return mailkit.campaigns.create(name="c", subject="s", ID_allow_email=1).unwrap()


@pytest.fixture
def sms(mailkit):
    return mailkit.campaigns.create(name="sms", type_message="sms").unwrap()


def messages(mailkit):
    return list(mailkit.report.raw.messages.rows())


def test_a_message_is_sent_and_its_recipient_stored(mailkit, vip, campaign):
    answer = mailkit.sendmail(vip, campaign, send_to=TO, first_name="Jane", custom={3: "x"}).unwrap()
    assert answer["status"] == 1
    (message,) = messages(mailkit)
    assert (message["ID_send_message"], message["ID_send"]) == (answer["data3"], answer["data2"])
    assert (message["ID_email"], message["email"], message["first_name"]) == (answer["data"], TO, "Jane")
    assert (message["custom_3"], message["domain"], message["tld"]) == ("x", "example.com", "com")


def test_messages_of_a_campaign_on_one_day_are_one_delivery(mailkit, vip, campaign):
    first, second = (mailkit.sendmail(vip, campaign, send_to=to).unwrap() for to in (TO, "eva@example.com"))
    assert first["data2"] == second["data2"]
    assert first["data3"] != second["data3"]
    assert mailkit.sendmail(vip, campaign, send_to=TO).value["status"] == 0


@pytest.mark.parametrize(("known", "status"), [(True, 6), (False, 7)])
def test_nothing_is_sent_to_an_unsubscribed_recipient(known, status, mailkit, sandbox, vip, campaign):
    mailkit.mailinglist.adduser(vip, email=TO)
    mailkit.email.unsubscribe(TO)
    if not known:
        mailkit.email.delete(TO)
    result = mailkit.sendmail(vip, campaign, send_to=TO)
    assert (result.ok, result.error_status) == (False, status)
    assert messages(mailkit) == []
    assert len(mailkit.email.getstatus(TO).unwrap()) == 1, "stored all the same"


@pytest.mark.parametrize(
    ("list_id", "campaign_id", "to", "text"),
    [
        ("", "c", TO, "Missing ID_mailing_list"),
        (99, "c", TO, "Invalid ID_mailing_list"),
        ("vip", "", TO, "Missing ID_message"),
        ("vip", 99, TO, "Invalid ID_message"),
        ("vip", "c", "", "Missing send_to"),
        ("vip", "no sender", TO, "Missing sender address"),
    ],
)
def test_an_invalid_message_is_refused(list_id, campaign_id, to, text, mailkit, vip, campaign):
    known = {"vip": vip, "c": campaign}
    if campaign_id == "no sender":
        known["no sender"] = mailkit.campaigns.create(name="x").unwrap()
    result = mailkit.sendmail(known.get(list_id, list_id), known.get(campaign_id, campaign_id), send_to=to)
    assert result.error == text
    assert messages(mailkit) == []


def test_an_invalid_address_is_status_4(mailkit, vip, campaign):
    result = mailkit.sendmail(vip, campaign, send_to="nobody")
    assert (result.ok, result.error_status) == (False, 4)


def test_links_of_the_body_can_be_clicked(mailkit, sandbox, vip, campaign):
    body = "<a href=\"https://example.com/a?b=1\">a</a> <A HREF='https://example.com/c'>c</A>"
    sent = mailkit.sendmail(vip, campaign, send_to=TO, message_data=body).unwrap()
    sandbox.click(sent["data3"], "https://example.com/c")
    (link,) = mailkit.report.message.links(sent["data2"]).unwrap()
    assert (link["URL"], link["CLICK"]) == ("https://example.com/c", 1)


def test_many_messages_are_sent_in_one_call(mailkit, vip, campaign):
    target = {"mailinglist_id": vip, "campaign_id": campaign}
    people = [{"send_to": f"u{number}@example.com", **target, "customs": {"first_name": "U"}} for number in range(3)]
    assert mailkit.sendmail_mass(people, id_send="today").ok
    assert [message["email"] for message in messages(mailkit)] == [person["send_to"] for person in people]
    assert {message["ID_send"] for message in messages(mailkit)} == {1}
    assert {message["first_name"] for message in messages(mailkit)} == {"U"}
    mailkit.sendmail_mass(people[:1], id_send="tomorrow")
    assert messages(mailkit)[-1]["ID_send"] == 2


def test_if_one_of_many_messages_is_wrong_none_is_sent(mailkit, vip, campaign):
    target = {"mailinglist_id": vip, "campaign_id": campaign}
    result = mailkit.sendmail_mass([{"send_to": TO, **target}, {"send_to": TO, **target, "campaign_id": 99}])
    assert result.error == "Invalid ID_message"
    assert messages(mailkit) == []


def test_an_sms_goes_to_a_number(mailkit, vip, sms):
    answer = mailkit.sendsms(sms, vip, mobile="+420777123456", sms_data="ahoj", first_name="Jana").unwrap()
    (message,) = messages(mailkit)
    assert answer["data3"] == message["ID_send_message"]
    assert (message["email"], message["type_message"], message["first_name"]) == ("+420777123456", "sms", "Jana")
    assert mailkit.sendsms(sms, vip, mobile="").error == "Missing mobile"
    assert (
        mailkit.sendmail(vip, sms, send_to=TO, attachments=[{"name": "a", "data": "x"}]).error
        == "Attachment is not allowed"
    )


# What `Sandbox.messages` shows


def credentials(sandbox, *params):
    return (sandbox.client_id, sandbox.client_md5, *params)


def coded(data):
    return base64.b64encode(data if isinstance(data, bytes) else data.encode()).decode()


def test_a_message_is_recorded_with_its_texts(mailkit, sandbox, vip, campaign):
    started = datetime.now(timezone.utc)
    answer = mailkit.sendmail(
        vip,
        campaign,
        send_to=TO,
        subject="Objednávka",
        message_data="<p>Žluťoučký kůň & spol.</p>\n",
        content={"name": "Žofie", "items": [{"price": 5}], "empty": ""},
        first_name="Jana",
        city="Brno",
        custom={3: "zlato"},
        attachments=[{"name": "účet.pdf", "data": b"%PDF\xff"}, {"url": "https://example.com/terms.pdf"}],
    ).unwrap()
    (message,) = sandbox.messages
    assert message == Message(
        method="mailkit.sendmail",
        to=TO,
        subject="Objednávka",
        body="<p>Žluťoučký kůň & spol.</p>\n",
        content={"name": "Žofie", "items": [{"price": "5"}], "empty": ""},
        attachments=("účet.pdf", "https://example.com/terms.pdf"),
        fields={"first_name": "Jana", "city": "Brno", "custom3": "zlato"},
        undecoded={},
        ID_message=campaign,
        ID_mailing_list=vip,
        ID_send_message=answer["data3"],
        time=message.time,
    )
    assert started - timedelta(seconds=1) <= message.time <= datetime.now(timezone.utc)
    sandbox.open_message(message.ID_send_message)


def test_what_a_call_leaves_out_is_that_of_the_campaign(mailkit, sandbox, vip):
    campaign = mailkit.campaigns.create(subject="Vítejte", content="<p>Ahoj</p>", ID_allow_email=1).unwrap()
    mailkit.sendmail(vip, campaign, send_to=TO)
    mailkit.campaigns.update(campaign, content="<p>changed</p>")
    mailkit.sendmail(vip, campaign, send_to=TO, subject="Jinak")
    bare = mailkit.campaigns.create(ID_allow_email=1).unwrap()
    mailkit.sendmail(vip, bare, send_to=TO)
    texts = [(message.subject, message.body) for message in sandbox.messages]
    assert texts == [("Vítejte", "<p>Ahoj</p>"), ("Jinak", "<p>changed</p>"), ("", "")]
    assert [message.content for message in sandbox.messages] == [{}] * 3


def test_each_of_many_messages_is_recorded(mailkit, sandbox, vip, campaign):
    target = {"mailinglist_id": vip, "campaign_id": campaign}
    file = {"name": "a.txt", "data": "x"}
    jane = {"subject": "1", "message_data": "Žluť", "content": {"a": "Ž"}, "customs": {"first_name": "Jana"}}
    mailkit.sendmail_mass(
        [{"send_to": TO, **target, **jane}, {"send_to": "eva@example.com", **target, "attachment": [file]}]
    )
    first, second = sandbox.messages
    assert (first.method, first.to, first.subject, first.body) == ("mailkit.sendmail_mass", TO, "1", "Žluť")
    assert (first.content, first.fields) == ({"a": "Ž"}, {"first_name": "Jana"})
    assert (second.to, second.subject, second.attachments) == ("eva@example.com", "s", ("a.txt",))
    assert {message.undecoded == {} for message in sandbox.messages} == {True}


def test_a_refused_call_leaves_no_message(mailkit, sandbox, vip, campaign):
    target = {"mailinglist_id": vip, "campaign_id": campaign}
    mailkit.sendmail_mass([{"send_to": TO, **target}, {"send_to": TO, **target, "campaign_id": 99}])
    mailkit.sendmail(vip, campaign, send_to="")
    mailkit.sendmail(vip, campaign, send_to="nobody")
    assert sandbox.messages == []
    sandbox.assert_not_sent()


def test_an_sms_is_a_message_too(mailkit, sandbox, vip, sms):
    mailkit.sendsms(sms, vip, mobile="+420777123456", sms_data="Kód 17", content={"a": "Ž"}, first_name="Jana")
    message = sandbox.assert_sent(to="+420777123456", contains="Kód", content={"a": "Ž"})
    assert (message.method, message.subject, message.fields["first_name"]) == ("mailkit.sendsms", "", "Jana")


def test_a_campaign_that_is_sent_now_is_a_message_to_each_recipient(mailkit, sandbox, vip):
    for name in ("jane", "eva"):
        mailkit.mailinglist.adduser(vip, email=f"{name}@example.com")
    campaign = mailkit.campaigns.create(
        subject="News", content="<p>News</p>", ID_mailing_list=vip, ID_allow_email=1
    ).unwrap()
    mailkit.campaigns.single.schedule(campaign, send_date="now")
    assert [(message.to, message.subject, message.body) for message in sandbox.messages] == [
        ("jane@example.com", "News", "<p>News</p>"),
        ("eva@example.com", "News", "<p>News</p>"),
    ]


UNDECODED = {
    "plain text": "Dear Jane, welcome!",
    "wrong padding": "QUJDR",
    "another charset": coded("Žluťoučký".encode("cp1250")),
    "a picture": coded(b"\x89PNG"),
    "UTF-16": coded("Ahoj".encode("utf-16")),
    "base64 as a type of XML-RPC": b"Ahoj",
    "a number": 17,
    "a struct": {"a": coded("Ahoj")},
    "an alphabet for URLs": coded("\U0010ffff\U0010ffff").replace("/", "_").replace("+", "-") + "_-_-",
}


@pytest.mark.parametrize("value", UNDECODED.values(), ids=UNDECODED)
def test_a_text_that_cannot_be_decoded_is_not_guessed(value, mailkit, sandbox, vip, campaign):
    main = {"send_to": TO, "message_data": value, "content": {"good": coded("Ž"), "list": [value, coded("x")]}}
    mailkit.campaigns.update(campaign, content="<p>not this one</p>")
    assert mailkit.call("mailkit.sendmail", vip, campaign, main).ok
    (message,) = sandbox.messages
    assert message.body == ""
    assert message.undecoded["message_data"] == value
    if isinstance(value, dict):
        assert message.content["list"] == [{"a": "Ahoj"}, "x"]
    else:
        assert message.content == {"good": "Ž", "list": ["", "x"]}
        assert message.undecoded == {"message_data": value, "content.list[0]": value}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_base64_may_have_line_breaks(end, mailkit, sandbox, vip, campaign):
    """As PHP's chunk_split and Python's encodebytes make them."""
    body = "Žluťoučký kůň " * 20
    lines = base64.encodebytes(body.encode()).decode().replace("\n", end)
    mailkit.call("mailkit.sendmail", vip, campaign, {"send_to": TO, "message_data": lines})
    sandbox.assert_sent(contains=body)


@pytest.mark.parametrize("value", ["", None])
def test_an_empty_body_is_that_of_the_campaign(value, mailkit, sandbox, vip):
    campaign = mailkit.campaigns.create(content="<p>Ahoj</p>", ID_allow_email=1).unwrap()
    main = {"send_to": TO, "message_data": value, "subject": value}
    answer = say(
        sandbox, post(encode_request("mailkit.sendmail", credentials(sandbox, vip, campaign, main), allow_none=True))
    )
    assert decode_response(body_of(answer))["data3"] == 1
    sandbox.assert_sent(to=TO, contains="Ahoj", subject="")


def test_data_of_a_file_that_is_not_base64_is_named(mailkit, sandbox, vip, campaign):
    main = {"send_to": TO}
    files = [{"name": "a", "data": coded(b"\xff")}, {"name": "b", "data": "not Base64"}, {}]
    mailkit.call("mailkit.sendmail", vip, campaign, main, {}, {}, {}, *files)
    target = {"mailinglist_id": vip, "campaign_id": campaign}
    mailkit.call("mailkit.sendmail_mass", [{"send_to": TO, **target, "attachment": files}])
    first, second = sandbox.messages
    assert first.attachments == second.attachments == ("a", "b", "")
    assert first.undecoded == {"attachments[1].data": "not Base64"}
    assert second.undecoded == {"attachment[1].data": "not Base64"}


@pytest.mark.parametrize(
    ("method", "params", "name"),
    [
        ("sendmail", [1, 1, {"send_to": TO, "content": "x"}], "content"),
        ("sendmail_mass", [[{"send_to": TO, "content": [1]}]], "content"),
        ("sendmail_mass", [[{"send_to": TO, "attachment": {"name": "a"}}]], "attachment"),
        ("sendmail_mass", [[{"send_to": TO, "attachment": ["a"]}]], "attachment"),
        ("sendsms", [{}, {"mobile": "+420777123456"}, {"content": 5}], "content"),
    ],
)
def test_what_has_another_form_is_a_fault(method, params, name, mailkit, sandbox):
    with pytest.raises(FaultError, match=f"{name} must be a") as caught:
        mailkit.call(f"mailkit.{method}", *params)
    assert caught.value.faultCode == -32602
    assert sandbox.messages == []


def test_a_body_of_20_MB_is_kept(mailkit, sandbox, vip, campaign):
    body = "Ž" * 10_000_000
    mailkit.sendmail(vip, campaign, send_to=TO, message_data=body)
    assert sandbox.messages[0].body == body
