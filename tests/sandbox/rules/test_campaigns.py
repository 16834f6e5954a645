"""The sandbox's campaigns: creating, changing, scheduling, cancelling, sending."""

from __future__ import annotations

import pytest


@pytest.fixture
def campaign(mailkit, vip):
    return mailkit.campaigns.create(name="Jaro", subject="Žluť", ID_allow_email=1, ID_mailing_list=vip).unwrap()


def test_a_campaign_is_created_listed_and_changed(mailkit, campaign, vip):
    (row,) = mailkit.campaigns.list().unwrap()
    assert (row["ID_MESSAGE"], row["NAME"], row["SUBJECT"], row["USER_LIST"]) == (campaign, "Jaro", "Žluť", [vip])
    assert (row["TEST_MODE"], row["MSG_TYPE"], row["LAST_SENT"]) == (False, "email", "")
    assert mailkit.campaigns.update(campaign, subject="nový", test_mode=True).ok
    (row,) = mailkit.campaigns.list(campaign).unwrap()
    assert (row["NAME"], row["SUBJECT"], row["TEST_MODE"]) == ("Jaro", "nový", True)


def test_an_unknown_campaign_has_no_row_and_changes_nothing(mailkit, campaign):
    result = mailkit.campaigns.list(99)
    assert (result.ok, result.raw, result.value) == (True, "", [])
    assert mailkit.campaigns.update(99, subject="x").error == "Invalid ID_message"


def test_a_campaign_for_now_is_sent_to_all_recipients_that_may_be_mailed(mailkit, campaign, vip):
    people = ["a@example.com", "b@example.com", "c@example.com", "d@example.com"]
    mailkit.mailinglist.import_(vip, [{"email": person} for person in people[:3]])
    mailkit.mailinglist.adduser(vip, email=people[3], status="disabled")
    mailkit.email.unsubscribe(people[1])
    assert mailkit.campaigns.single.schedule(campaign, "now", subject="jiný").ok
    (send,) = mailkit.report.campaign(campaign).unwrap()
    assert (send["SUBJECT"], send["SEND_COUNT"]) == ("jiný", 2)
    rows = mailkit.report.message.recipients(send["ID_SEND"]).unwrap()
    assert [row["EMAIL"] for row in rows] == ["a@example.com", "c@example.com"]
    assert mailkit.campaigns.list(campaign).unwrap()[0]["LAST_SENT"] != ""
    assert [row["ID_SEND"] for row in mailkit.campaigns.history(campaign).unwrap()] == [send["ID_SEND"]]


def test_a_campaign_for_later_is_pending_until_it_is_cancelled(mailkit, campaign):
    assert mailkit.campaigns.schedule.list(campaign).raw["data"] == ""
    assert mailkit.campaigns.single.schedule(campaign, "2030-01-02 03:04", time_zone="Europe/Prague").ok
    (row,) = mailkit.campaigns.schedule.list(campaign).unwrap()
    assert (row["SUBJECT"], row["DATE_SEND"], row["TIME_ZONE"]) == ("Žluť", "2030-01-02 03:04:00", "+01:00")
    assert row["USE_AB"] is False
    assert mailkit.campaigns.schedule.list(99).value == []
    assert len(mailkit.campaigns.schedule.list().value) == 1
    assert mailkit.campaigns.schedule.cancel(row["ID_SEND_MESSAGE_QUEUE"]).ok
    assert mailkit.campaigns.schedule.list(campaign).value == []


@pytest.mark.parametrize(
    ("when", "zone", "text"),
    [
        ("", None, "Missing send_date"),
        ("tomorrow", None, "Invalid send_date"),
        ("2030-01-02", None, "Invalid send_date"),
        ("now", "Middle/Earth", "Invalid time_zone"),
    ],
)
def test_an_invalid_time_is_refused(when, zone, text, mailkit, campaign):
    assert mailkit.campaigns.single.schedule(campaign, when, time_zone=zone).error == text


def test_an_unknown_campaign_cannot_be_scheduled_or_cancelled(mailkit):
    assert mailkit.campaigns.single.schedule(99, "now").error == "Invalid ID_message"
    assert mailkit.campaigns.schedule.cancel(99).error == "Invalid ID_send_message_queue"
    assert mailkit.campaigns.schedule.cancel(0).error == "Missing ID_send_message_queue"


def test_the_time_zones_are_those_that_can_be_scheduled_in(mailkit, campaign):
    zones = mailkit.campaigns.schedule.timezones().unwrap()
    assert {"TIMEZONE": "Africa/Abidjan", "TZ_CODES": ["GMT"]} in zones
    for zone in zones:
        assert mailkit.campaigns.single.schedule(campaign, "2030-01-02 03:04", time_zone=zone["TIMEZONE"]).ok
