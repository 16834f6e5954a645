"""``campaign``: list, show and create."""

from __future__ import annotations

import base64

import pytest


@pytest.fixture
def jaro(cli, sandbox):
    assert cli("campaign", "create", "Jaro", "--sender", 1, "--subject", "hi").out == "DONE campaign 1 created\n"
    return 1


def test_campaigns_are_a_table(cli, jaro):
    head, row = cli("campaign", "list").out.splitlines()
    assert head.split()[:3] == ["ID_MESSAGE", "NAME", "SUBJECT"]
    assert row.split()[:3] == ["1", "Jaro", "hi"]
    assert cli("campaign", "list", "--json").json["value"][0]["NAME"] == "Jaro"


def test_a_campaign_is_shown_with_a_line_for_each_member(cli, jaro):
    lines = cli("campaign", "show", jaro).out.splitlines()
    assert lines[:4] == ["NAME           Jaro", "ID_MESSAGE     1", "SUBJECT        hi", "SUBJECT_B"]
    assert "STATUS         enabled" in lines
    assert cli("campaign", "show", jaro, "--json").json["value"][0]["SUBJECT"] == "hi"


def test_an_unknown_campaign_is_refused(cli, jaro):
    result = cli("campaign", "show", 7)
    assert (result.code, result.out, result.error) == (1, "", "mailkit.campaigns.list: there is no campaign 7")
    result = cli("campaign", "show", 7, "--json")
    assert (result.code, result.error) == (1, "mailkit.campaigns.list: there is no campaign 7")
    assert (result.json["ok"], result.json["outcome"]) == (False, "REFUSED")


def test_an_id_that_is_not_a_number_is_a_usage_error(cli, sandbox):
    assert cli("campaign", "show", "Jaro").code == 2
    assert sandbox.calls == []


def test_a_campaign_has_its_content_and_settings(cli, sandbox, tmp_path):
    path = tmp_path / "mail.html"
    path.write_text("<p>Žofie</p>", encoding="utf-8")
    result = cli(
        "campaign", "create", "Jaro", "--sender", 1, "--content", path, "google_analytics=true", "analytic_name=5"
    )
    assert result.code == 0
    (struct,) = sandbox.calls[-1].params
    assert struct["google_analytics"] == base64.b64encode(b"true").decode()
    with sandbox.client() as mailkit:
        mailkit.mailinglist.create("vip")
        mailkit.sendmail(1, 1, send_to="jane@example.com")
    sandbox.assert_sent(to="jane@example.com", contains="<p>Žofie</p>")


def test_a_campaign_that_was_created_can_be_sent(cli, jaro):
    cli("list", "create", "vip")
    assert cli("send", "jane@example.com", "--list", 1, "--campaign", jaro).code == 0


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("Jaro",), "Missing option '--sender'"),
        (("Jaro", "--sender", "me"), "'me' is not a valid integer"),
        (("Jaro", "--sender", 1, "subjct=x"), "did you mean subject?"),
        (("Jaro", "--sender", 1, "--subject", "a", "subject=b"), "'subject' is given twice"),
        (("Jaro", "--sender", 1, "name=b"), "'name' is given twice"),
        (("Jaro", "--sender", 1, "x"), "NAME=VALUE"),
        (
            ("Jaro", "--sender", 1, f"google_analytics={'[' * 600}{']' * 600}"),
            "google_analytics is not JSON (it is nested",
        ),
        (("Jaro", "--sender", 1, "--content", "/none/x"), "cannot read /none/x"),
    ],
)
def test_errors_are_reported_before_anything_is_sent(arguments, problem, cli, sandbox):
    result = cli("campaign", "create", *arguments)
    assert result.code == 2
    assert problem in result.error
    assert sandbox.calls == []


def test_a_refusal_is_reported(cli, sandbox):
    sandbox.fail_next("refuse", "Missing name")
    result = cli("campaign", "create", "", "--sender", 1)
    assert (result.code, result.error) == (1, "mailkit.campaigns.create was refused: Missing name")
