"""``report``: statistics as tables, raw data as rows."""

from __future__ import annotations

import json

import pytest


@pytest.fixture(autouse=True)
def _sent(sandbox):
    with sandbox.client() as mailkit:
        vip = mailkit.mailinglist.create("vip").unwrap()["data"]
        campaign = mailkit.campaigns.create(name="Jaro", subject="s", ID_allow_email=1).unwrap()
        mailkit.sendmail(vip, campaign, send_to="jane@example.com")
        mailkit.sendmail(vip, campaign, send_to="eva@example.com")
    sandbox.click(1, "https://example.com/")
    sandbox.bounce(2)


def test_the_summary_is_a_table(cli):
    head, row = cli("report", "summary").out.splitlines()
    assert head.split()[:3] == ["ID_MESSAGE", "NAME", "SEND_COUNT"]
    assert row.split() == ["1", "Jaro", "2", "1", "0", "1", "100.00"]
    result = cli("report", "summary", "--since", "2100-01-01")
    assert ([line.split() for line in result.out.splitlines()], result.err) == ([head.split()], "no rows\n")
    assert cli("report", "summary", "--until", "2000-01-01", "--json").json["value"] == []


def test_a_campaign_has_a_line_for_each_delivery(cli):
    head, row = cli("report", "campaign", 1).out.splitlines()
    assert head.split()[:3] == ["ID_SEND", "SUBJECT", "DATE"]
    assert row.split()[:2] == ["1", "s"]
    result = cli("report", "campaign", 1, "--since", "2100-01-01")
    assert ([line.split() for line in result.out.splitlines()], result.err) == ([head.split()], "no rows\n")


@pytest.mark.parametrize("command", ["summary", "campaign 1"])
@pytest.mark.parametrize("option", ["--since", "--until"])
@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "2026-02-30", "01.01.2026", "2026-01-01 10:00:00", ""])
def test_a_date_that_is_none_is_a_usage_error(command, option, text, cli, sandbox):
    before = len(sandbox.calls)
    result = cli("report", *command.split(), option, text)
    assert result.code == 2
    assert f"{text!r} is not a date like YYYY-MM-DD" in result.error
    assert len(sandbox.calls) == before


def test_a_date_is_sent_in_the_form_of_mailkit(cli, sandbox):
    assert cli("report", "summary", "--since", "2026-1-5").code == 0
    assert sandbox.calls[-1].params == ("2026-01-05",)


@pytest.mark.parametrize(
    ("name", "key", "count"),
    [("messages", "ID_send_message", 2), ("responses", "ID_log", 1), ("bounces", "ID_UNDELIVERED_LOG", 1)],
)
def test_raw_rows_can_be_filtered_by_campaign_or_delivery(name, key, count, cli):
    for option in ("--campaign", "--send"):
        rows = [json.loads(line) for line in cli("report", "raw", name, option, 1).out.splitlines()]
        assert [row[key] for row in rows] == list(range(1, count + 1))
        assert cli("report", "raw", name, option, 9).out == ""
