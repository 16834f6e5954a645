"""The sandbox's reports: computed from what happened, and from nothing else."""

from __future__ import annotations

from types import SimpleNamespace

import pytest


@pytest.fixture
def sent(mailkit, sandbox):
    """Three messages of one delivery: one read twice and clicked thrice, one read, one come back."""
    vip = mailkit.mailinglist.create("vip").unwrap()["data"]
    campaign = mailkit.campaigns.create(name="Jaro", subject="s", ID_allow_email=1).unwrap()
    answers = [
        mailkit.sendmail(vip, campaign, send_to=f"{name}@example.com").unwrap() for name in ("jane", "eva", "gone")
    ]
    first, second, third = (answer["data3"] for answer in answers)
    for _ in range(2):
        sandbox.open_message(first)
        sandbox.click(first, "https://example.com/a")
    sandbox.click(first, "https://example.com/b")
    sandbox.open_message(second)
    sandbox.bounce(third)
    return SimpleNamespace(campaign=campaign, send=answers[0]["data2"], first=first, third=third, vip=vip)


def test_the_summary_counts_what_happened(mailkit, sent):
    assert mailkit.report().unwrap() == [
        {
            "ID_MESSAGE": sent.campaign,
            "NAME": "Jaro",
            "SEND_COUNT": 3,
            "DELIVERED_COUNT": 2,
            "READ_COUNT": 3,
            "READ_COUNT_U": 2,
            "CLICK_COUNT": 3,
            "CLICK_COUNT_U": 1,
            "CLICK_RATE": "50.00",
        }
    ]


def test_a_range_leaves_out_what_is_not_in_it(mailkit, sent):
    assert mailkit.report("2000-01-01", "2000-12-31").value == []
    assert mailkit.report("2100-01-01").value == []
    assert len(mailkit.report("2000-01-01").value) == 1
    assert mailkit.report.campaign(sent.campaign, range_to="2000-12-31").value == []
    assert mailkit.report.campaign(99).value == []


def test_a_campaign_has_a_row_for_each_delivery(mailkit, sent):
    (row,) = mailkit.report.campaign(sent.campaign).unwrap()
    assert (row["ID_SEND"], row["SUBJECT"], row["SEND_COUNT"], row["REV"]) == (sent.send, "s", 3, 0.0)


def test_a_delivery_has_its_figures(mailkit, sent):
    row = mailkit.report.message(sent.send).unwrap()
    assert (row["SEND_COUNT"], row["DELIVERED_COUNT"], row["FAILED_COUNT"]) == (3, 2, 1)
    assert (row["READ_COUNT"], row["READ_COUNT_U"]) == (3, 2)


def test_no_failure_at_all_is_an_empty_string_as_in_mailkit_s_sample(mailkit, sent):
    other = mailkit.sendmail(sent.vip, mailkit.campaigns.create(ID_allow_email=1).unwrap(), send_to="x@example.com")
    result = mailkit.report.message(other.unwrap()["data2"])
    assert result.raw["FAILED_COUNT"] == ""
    assert result.value["FAILED_COUNT"] == 0


def test_a_delivery_has_its_recipients(mailkit, sent):
    rows = mailkit.report.message.recipients(sent.send).unwrap()
    assert [(row["EMAIL"], row["STATUS"], row["READ_COUNT"], row["CLICK_COUNT"]) for row in rows] == [
        ("jane@example.com", "sent", 2, 3),
        ("eva@example.com", "sent", 1, 0),
        ("gone@example.com", "failed", 0, 0),
    ]


@pytest.mark.parametrize(("period", "length"), [(None, 16), ("DAY", 16), ("WEEK", 16), ("MONTH", 10)])
def test_reactions_are_told_by_the_hour_or_by_the_day(period, length, mailkit, sent):
    rows = mailkit.report.message.feedback(sent.send, period=period).unwrap()
    assert {len(row["DATE"]) for row in rows} == {length}
    assert sum(row["OPEN"] for row in rows) == 3
    assert sum(row["CLICK"] for row in rows) == 3
    assert mailkit.report.message.feedback(sent.send, period="YEAR").error == "Invalid period"


def test_only_links_that_were_clicked_are_told(mailkit, sent):
    rows = mailkit.report.message.links(sent.send).unwrap()
    assert [(row["URL"], row["CLICK"], row["VISIT"]) for row in rows] == [
        ("https://example.com/a", 2, 1),
        ("https://example.com/b", 1, 1),
    ]
    (visitor,) = mailkit.report.message.links.visitors(sent.send, rows[0]["ID_URL"]).unwrap()
    assert (visitor["EMAIL"], visitor["COUNT"]) == ("jane@example.com", 2)
    assert visitor["DATA"]["DATETIME"] != ""
    assert mailkit.report.message.links.visitors(sent.send, 99).value == []
    assert mailkit.report.message.links.visitors(sent.send, "").error == "Missing ID_url"


def test_what_came_back_is_told_with_the_recipient_s_status(mailkit, sent):
    (row,) = mailkit.report.message.bounces(sent.send).unwrap()
    assert (row["ID_SEND_MESSAGE"], row["STATUS"], row["EMAIL_STATUS"]) == (sent.third, "5.1.1", "permanent")
