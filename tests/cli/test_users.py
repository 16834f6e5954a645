"""``user``: show, add and unsubscribe a recipient."""

from __future__ import annotations

import pytest

from ..servers import ScriptedServer, answer


@pytest.fixture(autouse=True)
def _jane(sandbox):
    with sandbox.client() as mailkit:
        mailkit.mailinglist.adduser(mailkit.mailinglist.create("vip").unwrap()["data"], email="jane@example.com")


@pytest.mark.parametrize("recipient", ["jane@example.com", "1"])
def test_a_recipient_is_a_table_of_lists(recipient, cli):
    head, row = cli("user", "status", recipient).out.splitlines()
    assert head.split()[:4] == ["ID_EMAIL", "EMAIL", "ID_MAILING_LIST", "STATUS"]
    assert row.split()[:4] == ["1", "jane@example.com", "1", "enabled"]


def test_an_unknown_recipient_is_refused(cli):
    result = cli("user", "status", "nobody@example.com")
    assert (result.code, result.error) == (1, "mailkit.email.getstatus was refused: no such recipient")


def test_a_recipient_is_added_with_fields(cli, sandbox):
    arguments = ("eva@example.com", "first_name=Eva", "custom2=x", "custom11=")
    assert cli("user", "add", *arguments, "--list", 1).out == "DONE recipient 2 added\n"
    with sandbox.client() as mailkit:
        row = mailkit.email.getstatus(2).unwrap()[0]
    assert (row["FIRST_NAME"], row["CUSTOM_2"]) == ("Eva", "x")
    assert cli("user", "add", "dan@example.com", "--list", 1, "--confirm").out == "DONE Sent subscribe email\n"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (0, "updated"),
        (1, "added"),
        (2, "added, but unsubscribed"),
        (3, "updated, but unsubscribed"),
        (5, "has status 5"),
    ],
)
def test_what_became_of_a_recipient_is_said(status, words, cli, point_at):
    with ScriptedServer(answer({"data": 7, "status": status})) as server:
        point_at(server.url)
        assert cli("user", "add", "a@b.cz", "--list", 1).out == f"DONE recipient 7 {words}\n"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("frst_name=x",), "did you mean first_name?"),
        (("first_name",), "a member must be given as NAME=VALUE"),
        (("city=a", "city=b"), "'city' is given twice"),
        (("custom26=x",), "custom fields are numbered 1 to 25"),
        (("custom01=x",), "Mailkit has no member 'custom01' here; did you mean custom1?"),
        (("custom\u00b2=x",), "Mailkit has no member 'custom\u00b2' here"),
        (("custom\u0663=x",), "Mailkit has no member 'custom\u0663' here"),
        ((f"custom{'1' * 5000}=x",), "Mailkit has no member 'custom111"),
    ],
)
def test_errors_are_reported_before_anything_is_sent(arguments, problem, cli, sandbox):
    before = len(sandbox.calls)
    result = cli("user", "add", "eva@example.com", *arguments, "--list", 1)
    assert result.code == 2
    assert problem in result.error
    assert len(sandbox.calls) == before


def test_a_recipient_is_unsubscribed(cli, sandbox):
    assert (
        cli("user", "unsubscribe", "jane@example.com", "--days", 20, "--quietly").out
        == "DONE recipient 1 unsubscribed\n"
    )
    assert sandbox.calls[-1].params == ("jane@example.com", "", False, {"timeout": True, "timeout_days": 20})
    assert cli("user", "unsubscribe", "1", "--days", 5).code == 2


@pytest.mark.parametrize("command", ["status", "unsubscribe"])
def test_only_the_digits_of_an_id_are_a_number(command, cli, sandbox):
    for text in ("17", "0042", "\u0661", "9" * 5000):
        cli("user", command, text)
    assert [call.params[0] for call in sandbox.calls[-4:]] == [17, "0042", "\u0661", "9" * 5000]
