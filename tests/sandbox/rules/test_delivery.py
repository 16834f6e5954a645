"""The sandbox's deliveries: the recipient is stored and the message recorded, or the call is refused."""

from __future__ import annotations

import pytest

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
