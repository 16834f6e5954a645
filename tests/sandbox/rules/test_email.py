"""The sandbox's recipients by id and address: unsubscribing, revalidating, moving, deleting, wiping."""

from __future__ import annotations

import pytest


@pytest.fixture
def other(mailkit, vip):
    return mailkit.mailinglist.create("other").unwrap()["data"]


@pytest.fixture
def jane(mailkit, vip):
    """The id of a recipient."""
    return mailkit.mailinglist.adduser(vip, email="jane@example.com", first_name="Jane").unwrap()["data"]


def statuses(mailkit):
    return [row["STATUS"] for row in mailkit.email.getstatus("jane@example.com").unwrap()]


def test_an_address_is_found_in_each_list(mailkit, jane, vip, other):
    mailkit.mailinglist.adduser(other, email="JANE@example.com")
    rows = mailkit.email.getstatus("jane@example.com").unwrap()
    assert [row["ID_MAILING_LIST"] for row in rows] == [vip, other]
    assert mailkit.email.getstatus(jane).unwrap() == rows[:1]


def test_the_recipient_of_a_message_is_found_by_it(mailkit, vip, jane):
    campaign = mailkit.campaigns.create(name="c", ID_allow_email=1).unwrap()
    message = mailkit.sendmail(vip, campaign, send_to="jane@example.com").unwrap()["data3"]
    assert mailkit.email.getstatus(ID_send_message=message).unwrap()[0]["ID_EMAIL"] == jane
    assert mailkit.email.getstatus(ID_send_message=99).error == "Invalid ID_email"


def test_unsubscribing_applies_to_the_address_in_all_lists(mailkit, jane, other):
    mailkit.mailinglist.adduser(other, email="jane@example.com")
    assert mailkit.email.unsubscribe.getstatus(jane).value is False
    assert mailkit.email.unsubscribe(jane).value == jane
    assert statuses(mailkit) == ["unsubscribe", "unsubscribe"]
    assert mailkit.email.unsubscribe.getstatus("jane@example.com").value is True


def test_an_unsubscription_for_some_days_ends(mailkit, sandbox, jane):
    mailkit.email.unsubscribe(jane, timeout_days=14)
    assert mailkit.email.unsubscribe.getstatus(jane).value is True
    sandbox._state.store.run("UPDATE unsubscription SET until = '2000-01-01 00:00:00'")
    assert mailkit.email.unsubscribe.getstatus(jane).value is False


def test_an_unsubscription_has_the_message_that_caused_it(mailkit, vip, jane):
    campaign = mailkit.campaigns.create(name="c", ID_allow_email=1).unwrap()
    sent = mailkit.sendmail(vip, campaign, send_to="jane@example.com").unwrap()
    mailkit.email.unsubscribe(jane, ID_send_message=sent["data3"])
    (row,) = mailkit.report.campaign(campaign).unwrap()
    assert row["UNSUBSCRIBE"] == 1


def test_a_recipient_who_consents_again_is_revalidated(mailkit, jane):
    mailkit.email.unsubscribe(jane)
    assert mailkit.email.revalidate(jane, agreement=False).value == "Sent subscribe email"
    assert statuses(mailkit) == ["unsubscribe"]
    assert mailkit.email.revalidate(jane, agreement=True).value == "Email has been revalidated"
    assert statuses(mailkit) == ["enabled"]
    assert mailkit.email.revalidate("jane@example.com", agreement=True).error == "jane@example.com is not unsubscribed"


def test_a_recipient_that_is_moved_has_another_id(mailkit, jane, other):
    assert mailkit.email.move(jane, other).value is True
    (row,) = mailkit.email.getstatus("jane@example.com").unwrap()
    assert (row["ID_MAILING_LIST"], row["FIRST_NAME"]) == (other, "Jane")
    assert row["ID_EMAIL"] != jane


@pytest.mark.parametrize("target", [99, "", "other"])
def test_a_recipient_that_cannot_be_moved_stays(target, mailkit, jane, other):
    mailkit.mailinglist.adduser(other, email="jane@example.com")
    result = mailkit.email.move(jane, other if target == "other" else target)
    assert (result.ok, result.raw) == (False, 0)
    assert len(mailkit.email.getstatus("jane@example.com").unwrap()) == 2


def test_an_address_is_deleted_in_all_lists_and_an_id_in_one(mailkit, jane, other):
    second = mailkit.mailinglist.adduser(other, email="jane@example.com").unwrap()["data"]
    third = mailkit.mailinglist.adduser(other, email="eva@example.com").unwrap()["data"]
    assert mailkit.email.delete("jane@example.com").value == [jane, second]
    assert mailkit.email.delete(third).raw == third
    assert mailkit.email.delete(third).error == "Invalid ID_email"


def test_a_recipient_is_queued_to_be_wiped_once(mailkit, jane):
    assert mailkit.email.wipe("jane@example.com").value == {
        "ID_email": jane,
        "email": "jane@example.com",
        "error": "OK",
        "error_status": 0,
    }
    assert mailkit.email.wipe(jane).error == "Email has already been inserted"


def test_topics_are_kept(mailkit, sandbox, jane):
    def topics():
        return [row["topics"] for row in sandbox._state.store.all("SELECT topics FROM topic_choice")]

    assert mailkit.email.topics("jane@example.com", ID_topics=[3, 4]).ok
    assert topics() == ["3,4"]
    assert mailkit.email.topics("jane@example.com", activate_all=True, ID_topics=[3]).ok
    assert topics() == ["all"]
    assert mailkit.email.topics("jane@example.com").ok
    assert topics() == [""]
    assert mailkit.email.topics("nobody@example.com").error == "Invalid ID_email or email"


def test_the_history_has_the_messages_and_the_responses(mailkit, sandbox, vip, jane):
    campaign = mailkit.campaigns.create(name="c", ID_allow_email=1, subject="s").unwrap()
    sent = mailkit.sendmail(vip, campaign, send_to="jane@example.com").unwrap()
    sandbox.open_message(sent["data3"])
    sandbox.click(sent["data3"], "https://example.com/")
    for rows in (mailkit.email.getstatus.history("jane@example.com"), mailkit.email.getstatus.history(ID_email=jane)):
        (row,) = rows.unwrap()
        assert (row["ID_SEND_MESSAGE"], row["READ_COUNT"], row["CLICK_COUNT"]) == (sent["data3"], 1, 1)
        assert [each["URL"] for each in row["RESPONSE_DATA"]] == ["", "https://example.com/"]
    assert mailkit.email.getstatus.history().error == "Missing email"
    assert mailkit.email.getstatus.history("nobody@example.com").value == []
