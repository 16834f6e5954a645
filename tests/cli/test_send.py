"""``send``: one message of a campaign."""

from __future__ import annotations

import pytest

from ..servers import ScriptedServer, answer


@pytest.fixture(autouse=True)
def _account(sandbox):
    with sandbox.client() as mailkit:
        mailkit.mailinglist.create("vip")
        mailkit.campaigns.create(name="c", ID_allow_email=1)


TARGET = ("jane@example.com", "--list", 1, "--campaign", 1)


def test_a_message_is_sent(cli, sandbox, tmp_path):
    (tmp_path / "ž.txt").write_bytes(b"\xff")
    result = cli(
        "send", *TARGET, "name=Žofie", "--subject", "hi", "--body", "-", "--attach", tmp_path / "ž.txt", stdin=b"<b>"
    )
    assert (result.code, result.out) == (0, "DONE message 1 of delivery 1 sent; recipient 1 added\n")
    main, *branches = sandbox.calls[-1].params[2:]
    assert main == {
        "send_to": "jane@example.com",
        "subject": "hi",
        "message_data": "PGI+",
        "content": {"name": "xb1vZmll"},
    }
    assert branches == [{}, {}, {}, {"name": "ž.txt", "data": "/w=="}]


def test_a_message_that_was_not_sent_is_a_refusal(cli, sandbox):
    with sandbox.client() as mailkit:
        mailkit.mailinglist.adduser(1, email="jane@example.com")
        mailkit.email.unsubscribe("jane@example.com")
    result = cli("send", *TARGET)
    assert (result.code, result.out) == (1, "")
    assert result.error == "mailkit.sendmail was refused: the recipient was updated, but nothing was sent"


def test_json_has_the_answer(cli):
    assert cli("send", *TARGET, "--json").json["value"] == {"data": 1, "data2": 1, "data3": 1, "status": 1}


def test_an_answer_without_ids_is_described(cli, sandbox, point_at):
    with ScriptedServer(answer({"data": "", "data2": "", "data3": "", "status": 0})) as server:
        point_at(server.url)
        assert cli("send", *TARGET).out == "DONE a message sent; the recipient updated\n"


def test_a_message_in_doubt_is_reported(cli, sandbox):
    sandbox.fail_next("drop_after")
    result = cli("send", *TARGET)
    assert result.code == 5
    assert "may have been carried out" in result.error


def test_a_missing_file_sends_nothing(cli, sandbox, tmp_path):
    before = len(sandbox.calls)
    assert cli("send", *TARGET, "--attach", tmp_path / "none").code == 2
    assert cli("send", *TARGET, "--body", tmp_path / "none").code == 2
    assert len(sandbox.calls) == before
