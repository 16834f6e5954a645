"""Writing rows to files, and the id to continue with after a failure."""

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


def test_one_row_has_the_singular(cli, messages, tmp_path):
    assert "DONE 1 row in " in cli(*RAW, "--to", tmp_path / "m.csv", "--start", 5).out


def test_an_export_that_fails_shows_how_to_continue(cli, sandbox, messages, tmp_path):
    path = tmp_path / "m.jsonl"
    sandbox.fail_every(2, "refuse", "Something is wrong")
    result = cli(*RAW, "--to", path, "--limit", 2)
    assert (result.code, ids(path.read_text(encoding="utf-8"))) == (3, [1, 2])
    assert "Something is wrong; 2 rows written, continue with --start 2, the last row written" in result.error
    sandbox.heal()
    assert ids(cli(*RAW, "--start", 2).out) == [2, 3, 4, 5]


def test_a_lost_page_is_requested_again(cli, sandbox, messages):
    sandbox.fail_every(2, "drop_after")
    assert ids(cli(*RAW, "--limit", 2).out) == list(messages)


def test_a_refusal_of_the_first_page_has_its_own_exit_code(cli, sandbox):
    sandbox.fail_every(1, "unauthorized")
    result = cli(*RAW)
    assert (result.code, result.out) == (4, "")
    assert "written" not in result.error


def test_an_invalid_file_is_reported_before_anything_is_sent(cli, sandbox, tmp_path):
    assert "must end in .csv or .jsonl" in cli(*RAW, "--to", tmp_path / "m.txt").error
    assert "cannot write to" in cli(*RAW, "--to", tmp_path / "none" / "m.csv").error
    assert "limit" in cli(*RAW, "--limit", 1).error
    assert sandbox.calls == []


def test_progress_is_shown_on_a_terminal(sandbox, messages, tmp_path):
    with Terminal(*RAW, "--to", str(tmp_path / "m.csv"), "--limit", "2", "--pause", "0.2", **sandbox.env) as terminal:
        terminal.expect("rows")
        assert terminal.end() == 0
        assert "DONE 5 rows in" in terminal.screen


def test_ctrl_c_keeps_the_written_rows_and_shows_how_to_continue(sandbox, messages, tmp_path):
    path = tmp_path / "m.jsonl"
    with Terminal(*RAW, "--to", str(path), "--limit", "2", "--pause", "60", **sandbox.env) as terminal:
        terminal.expect("rows")
        terminal.expect("interrupted; 2 rows written, continue with --start 2", press="\x03")
        assert terminal.end() == 130
    assert ids(path.read_text(encoding="utf-8")) == [1, 2]
