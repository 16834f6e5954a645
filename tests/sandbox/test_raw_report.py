"""The sandbox's raw reports: a row for each thing that happened, page by page."""

from __future__ import annotations

import pytest

from mailkit_xmlrpc.api.raw_report import RawBounce, RawMessage, RawResponse


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
def test_all_rows_come_once_whatever_the_page(limit, mailkit, sandbox, messages):
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
