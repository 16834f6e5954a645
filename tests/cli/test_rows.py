"""Rows into files: all of them, or as many as came, with the id to go on with."""

from __future__ import annotations

import json

import pytest

from .conftest import Terminal


@pytest.fixture
def messages(sandbox):
    """Five messages that were sent."""
    with sandbox.client() as mailkit:
        vip = mailkit.mailinglist.create("vip").unwrap()["data"]
        campaign = mailkit.campaigns.create(name="c", ID_allow_email=1).unwrap()
        for number in range(5):
            mailkit.sendmail(vip, campaign, send_to=f"u{number}@example.com")
    return range(1, 6)


RAW = ("report", "raw", "messages")


def ids(text):
    return [json.loads(line)["ID_send_message"] for line in text.splitlines()]


@pytest.mark.parametrize("ending", ["csv", "jsonl", "ndjson", "CSV"])
def test_a_file_has_every_row_once(ending, cli, messages, tmp_path):
    path = tmp_path / f"m.{ending}"
    assert cli(*RAW, "--to", path, "--limit", 2, "--json").json == {"rows": 5, "file": str(path)}
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) == (6 if ending.lower() == "csv" else 5)


def test_one_row_is_one_row(cli, messages, tmp_path):
    assert "DONE 1 row in " in cli(*RAW, "--to", tmp_path / "m.csv", "--start", 5).out


def test_where_it_breaks_off_it_says_how_to_go_on(cli, sandbox, messages, tmp_path):
    path = tmp_path / "m.jsonl"
    sandbox.fail_every(2, "refuse", "Something is wrong")
    ended = cli(*RAW, "--to", path, "--limit", 2)
    assert (ended.code, ids(path.read_text(encoding="utf-8"))) == (3, [1, 2])
    assert "Something is wrong; 2 rows written, go on with --start 2, which is the last of them" in ended.error
    sandbox.heal()
    assert ids(cli(*RAW, "--start", 2).out) == [2, 3, 4, 5]


def test_a_page_that_is_lost_is_asked_for_again(cli, sandbox, messages):
    sandbox.fail_every(2, "drop_after")
    assert ids(cli(*RAW, "--limit", 2).out) == list(messages)


def test_what_is_refused_from_the_beginning_has_its_own_code(cli, sandbox):
    sandbox.fail_every(1, "unauthorized")
    ended = cli(*RAW)
    assert (ended.code, ended.out) == (4, "")
    assert "written" not in ended.error


def test_a_file_that_cannot_be_is_said_before_anything_is_asked_for(cli, sandbox, tmp_path):
    assert "must end in .csv or .jsonl" in cli(*RAW, "--to", tmp_path / "m.txt").error
    assert "cannot write to" in cli(*RAW, "--to", tmp_path / "none" / "m.csv").error
    assert "limit" in cli(*RAW, "--limit", 1).error
    assert sandbox.calls == []


def test_on_a_terminal_it_shows_how_far_it_is(sandbox, messages, tmp_path):
    with Terminal(*RAW, "--to", str(tmp_path / "m.csv"), "--limit", "2", "--pause", "0.2", **sandbox.env) as terminal:
        terminal.expect("rows")
        assert terminal.end() == 0
        assert "DONE 5 rows in" in terminal.screen


def test_ctrl_c_leaves_what_was_written_and_says_how_to_go_on(sandbox, messages, tmp_path):
    path = tmp_path / "m.jsonl"
    with Terminal(*RAW, "--to", str(path), "--limit", "2", "--pause", "60", **sandbox.env) as terminal:
        terminal.expect("rows")
        terminal.expect("interrupted; 2 rows written, go on with --start 2", press="\x03")
        assert terminal.end() == 130
    assert ids(path.read_text(encoding="utf-8")) == [1, 2]
