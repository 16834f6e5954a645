"""The command line as a whole: help, exit codes, interrupts and completion."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from mailkit_xmlrpc import __version__
from mailkit_xmlrpc.cli.app import app
from mailkit_xmlrpc.cli.group import Group
from mailkit_xmlrpc.cli.output import INTERRUPTED

from ..servers import MD5, PATIENCE, ScriptedServer, hang, unused_port
from .conftest import COMMAND, environment

TRIGGER = ("trigger", "jane@example.com", "order_paid", "--sandbox")


# Help and usage


def test_without_a_command_the_help_is_written_to_stderr(cli):
    result = cli()
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("Usage: mailkit-xmlrpc ")


@pytest.mark.parametrize("group", ["list", "user", "report", "report raw"])
def test_a_group_without_a_command_writes_its_help_to_stderr(group, cli):
    result = cli(*group.split())
    assert (result.code, result.out) == (2, "")
    assert result.err == cli(*group.split(), "--help").out


def commands(command, path=()):
    """All commands below this one, with their paths."""
    for name, each in getattr(command, "commands", {}).items():
        yield (*path, name), each
        yield from commands(each, (*path, name))


def test_every_group_is_one_that_ends_like_the_others():
    assert all(isinstance(command, Group) for _, command in commands(app) if isinstance(command, click.Group))


@pytest.mark.parametrize("path", [(), *(path for path, _ in commands(app))], ids=" ".join)
def test_help_fits_80_columns_and_cuts_no_summary(path, cli, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    lines = cli(*path, "--help").out.splitlines()
    assert max(map(len, lines)) <= 80
    if "Commands:" in lines:
        summaries = lines[lines.index("Commands:") + 1 :]
        assert all(re.fullmatch(r"  \S+  +[^ ].*\.", line) and not line.endswith("...") for line in summaries)


@pytest.mark.parametrize("path", [(), *(path for path, _ in commands(app))], ids=" ".join)
def test_help_that_cannot_be_written_is_an_error(path):
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [*COMMAND, *path, "--help"], env=environment(), stdout=full, stderr=subprocess.PIPE, timeout=PATIENCE
        )
    assert (result.returncode, result.stderr) == (2, b"error: cannot write to stdout (No space left on device)\n")


@pytest.mark.parametrize("flag", ["--help", "-h"])
@pytest.mark.parametrize("command", [(), *((name,) for name in app.commands)])
def test_help_is_written_to_stdout(command, flag, cli):
    result = cli(*command, flag)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(" ".join(["Usage: mailkit-xmlrpc", *command]))


def test_the_version_is_written_to_stdout(cli):
    assert cli("--version").out == f"mailkit-xmlrpc, version {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("triger",), "No such command 'triger'"),
        (("trigger",), "Missing argument 'EMAIL'"),
        (("trigger", "jane@example.com"), "Missing argument 'EVENT_TAG'"),
        (("call",), "Missing argument 'METHOD'"),
        (("trigger", "a", "b", "--sandbx"), "--sandbx"),
        (("doctor", "now"), "Got unexpected extra argument (now)"),
        (("completion",), "Choose from: bash, zsh, fish"),
        (("completion", "tcsh"), "'tcsh' is not one of 'bash', 'zsh', 'fish'"),
        (("sandbox", "--port", "65536"), "65536 is not in the range 0<=x<=65535"),
        (("sandbox", "--every", "0", "drop_after"), "0 is not in the range x>=1"),
        (("--sandbox", "trigger"), "--sandbox"),
    ],
)
def test_a_usage_error_is_one_line_that_names_the_help(arguments, error, cli):
    result = cli(*arguments)
    assert (result.code, result.out) == (2, "")
    assert error in result.error
    assert result.error.endswith(" --help)")


def test_an_option_without_its_value_is_a_usage_error(cli):
    assert cli("trigger", "a", "b", "--timeout").error == "Option '--timeout' requires an argument"


# Exit codes


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (0, "delay 0.01"),
        (0, "drip 0"),
        (1, "refuse 'Invalid event_tag'"),
        (1, "fault 7"),
        (1, "status 404"),
        (1, "status 403"),
        (1, "status 429 retry_after=0"),
        (1, "status 429 processed=yes"),
        (1, "redirect"),
        (1, "wrong_type int"),
        (1, "wrong_type empty_string"),
        (1, "wrong_type empty_struct"),
        (4, "unauthorized"),
        (4, "disallowed_ip"),
        (5, "drop_before"),
        (5, "drop_after"),
        (5, "status 500"),
        (5, "status 503 retry_after=0"),
        (5, "status 502 processed=yes"),
        (5, "html"),
        (5, "cut"),
        (5, "malformed"),
        (5, "xml_bomb"),
        (5, "wrong_length 10"),
        (5, "delay 60"),
    ],
)
@pytest.mark.parametrize("flags", [(), ("--json", "--verbose")])
def test_the_exit_code_is_the_outcome_of_the_call(code, fault, flags, cli):
    timeout = ("--timeout", "0.5") if fault == "delay 60" else ()
    result = cli(*TRIGGER, "--fault", fault, *timeout, *flags)
    assert result.code == code
    if code:
        assert result.error
    if flags:
        outcome = {0: "DONE", 1: "REFUSED", 4: "REFUSED", 5: "UNKNOWN"}[code]
        assert (result.json["ok"], result.json["outcome"]) == (code == 0, outcome)


def test_a_429_that_lasts_longer_than_the_timeout_is_refused(cli):
    result = cli(*TRIGGER, "--fault", "throttle 60")
    assert result.code == 1
    assert "429" in result.error


def test_a_refused_connection_is_not_sent(cli, point_at):
    point_at(f"http://127.0.0.1:{unused_port()}/")
    for flags in [(), ("--json",)]:
        result = cli("call", "system.listMethods", "--timeout", "0.5", *flags)
        assert result.code == 6
        assert "cannot connect to 127.0.0.1" in result.error
    assert result.json["outcome"] == "NOT_SENT"


@pytest.mark.parametrize(
    ("arguments", "timeout"),
    [(("trigger", "jane@example.com", "order_paid"), "60"), (("call", "system.listMethods", "--json"), "60")],
)
def test_ctrl_c_during_a_call_is_reported_as_in_doubt(arguments, timeout, tmp_path):
    file = tmp_path / "credentials"
    file.write_text(f"client_id = 12345678\nclient_md5 = {MD5}\n")
    file.chmod(0o600)
    with ScriptedServer(hang) as server:
        command = [*COMMAND, *arguments, "--url", server.url, "--credentials", str(file), "--timeout", timeout]
        process = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            server.wait_for_request()
            # All users of this machine can read the arguments, for instance in the output of ps.
            seen = Path(f"/proc/{process.pid}/cmdline")
            seen = seen.read_text() if seen.exists() else str(file)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    assert process.returncode == INTERRUPTED
    assert out == b""
    advice = "the call may have been carried out, so check before sending it again"
    assert err.decode() == f"error: interrupted; {advice}\n"
    assert str(file) in seen
    assert MD5 not in seen


def test_ctrl_c_outside_a_call_is_an_interrupt(cli, monkeypatch):
    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["mailkit_xmlrpc.cli.doctor"], "_run_checks", interrupted)
    result = cli("doctor")
    assert (result.code, result.error) == (130, "interrupted")
