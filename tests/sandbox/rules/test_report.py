"""The sandbox's reports are computed from the messages and their responses."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from mailkit_xmlrpc.api.raw_report import RawBounce, RawMessage, RawResponse


@pytest.fixture
def sent(mailkit, sandbox):
    """Three messages of one delivery: one opened twice and clicked three times, one opened, one bounced."""
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


def test_the_summary_counts_messages_and_responses(mailkit, sent):
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


def test_a_range_excludes_other_days(mailkit, sent):
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


def test_without_failures_the_value_is_an_empty_string_as_in_mailkit_s_sample(mailkit, sent):
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
def test_reactions_are_grouped_by_hour_or_by_day(period, length, mailkit, sent):
    rows = mailkit.report.message.feedback(sent.send, period=period).unwrap()
    assert {len(row["DATE"]) for row in rows} == {length}
    assert sum(row["OPEN"] for row in rows) == 3
    assert sum(row["CLICK"] for row in rows) == 3
    assert mailkit.report.message.feedback(sent.send, period="YEAR").error == "Invalid period"


def test_only_links_that_were_clicked_are_listed(mailkit, sent):
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


def test_bounces_have_the_recipient_s_status(mailkit, sent):
    (row,) = mailkit.report.message.bounces(sent.send).unwrap()
    assert (row["ID_SEND_MESSAGE"], row["STATUS"], row["EMAIL_STATUS"]) == (sent.third, "5.1.1", "permanent")


# Raw reports: a row for each message, response or bounce, page by page


@pytest.fixture
def messages(mailkit):
    """The ids of five messages of two campaigns."""
    vip = mailkit.mailinglist.create("vip").unwrap()["data"]
    campaigns = [mailkit.campaigns.create(name=name, ID_allow_email=1).unwrap() for name in "ab"]
    return [
        mailkit.sendmail(vip, campaigns[number % 2], send_to=f"u{number}@example.com").unwrap()["data3"]
        for number in range(5)
    ]


def test_every_documented_member_is_there(mailkit, sandbox, messages):
    sandbox.open_message(messages[0])
    sandbox.bounce(messages[1])
    raw = mailkit.report.raw
    for rows, shape in ((raw.messages(), RawMessage), (raw.responses(), RawResponse), (raw.bounces(), RawBounce)):
        assert set(rows.unwrap()[0]) == set(shape.__annotations__)


@pytest.mark.parametrize("limit", [2, 3, 5, 9, None])
def test_all_rows_come_once_for_any_page_size(limit, mailkit, sandbox, messages):
    logs = [sandbox.open_message(message) for message in messages]
    bounces = [sandbox.bounce(message, "4.4.2", "later") for message in messages]
    raw = mailkit.report.raw
    assert [row["ID_send_message"] for row in raw.messages.rows(limit=limit)] == messages
    assert [row["ID_log"] for row in raw.responses.rows(limit=limit)] == logs
    assert [row["ID_UNDELIVERED_LOG"] for row in raw.bounces.rows(limit=limit)] == bounces


def test_rows_can_be_of_one_campaign_delivery_or_message(mailkit, sandbox, messages):
    for message in messages:
        sandbox.open_message(message)
    raw = mailkit.report.raw
    assert [row["ID_send_message"] for row in raw.messages(ID_message=2).unwrap()] == messages[1::2]
    assert [row["ID_send_message"] for row in raw.messages.rows(ID_send=1, limit=2)] == messages[::2]
    assert [row["ID_send_message"] for row in raw.responses(ID_send_message=messages[3]).unwrap()] == [messages[3]]
    assert raw.messages(ID_message=99).value == []


def test_rows_can_begin_with_an_id(mailkit, messages):
    rows = mailkit.report.raw.messages(ID_send_message=messages[2], limit=2).unwrap()
    assert [row["ID_send_message"] for row in rows] == messages[2:4]
    assert [row["ID_send_message"] for row in mailkit.report.raw.messages.rows(start=messages[3], limit=2)] == messages[
        3:
    ]


def test_a_click_names_its_link(mailkit, sandbox, messages):
    sandbox.open_message(messages[0])
    sandbox.click(messages[0], "https://example.com/")
    opened, clicked = mailkit.report.raw.responses().unwrap()
    assert (opened["type"], opened["ID_url"], opened["link_url"]) == ("open", None, "")
    assert (clicked["type"], clicked["link_url"]) == ("click", "https://example.com/")
    assert clicked["ID_url"] == 1
