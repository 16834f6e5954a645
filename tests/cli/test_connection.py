"""--sandbox, --fault, --url, --timeout and --verbose, which all commands that call Mailkit share."""

from __future__ import annotations

import logging

import pytest

from mailkit_xmlrpc.sandbox import Sandbox

from ..servers import MD5, ScriptedServer, added, hang

TRIGGER = ("trigger", "jane@example.com", "order_paid")


# --sandbox


def test_the_sandbox_beats_an_environment_that_points_at_the_real_one(cli, point_at):
    with ScriptedServer() as real:
        point_at(real.url)
        assert cli(*TRIGGER, "--sandbox").code == 0
        assert real.connections == 0


@pytest.mark.parametrize("option", [("--url", "http://127.0.0.1:1/"), ("--url", ""), ("--credentials", "file")])
def test_the_sandbox_has_url_and_credentials_of_its_own(option, cli):
    ended = cli(*TRIGGER, "--sandbox", *option)
    assert (ended.code, ended.error[:45]) == (2, "--sandbox has a URL and credentials of its ow")


# --fault


def test_a_fault_needs_the_sandbox(cli, sandbox):
    ended = cli(*TRIGGER, "--fault", "drop_after")
    assert (ended.code, ended.error[:23]) == (2, "--fault needs --sandbox")
    assert sandbox.calls == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("drop_aftr", "there is no fault 'drop_aftr'; did you mean drop_after?"),
        ("", "there is no fault ''"),
        ("status", "status needs status: a whole number from 100 to 599"),
        ("status 99", "status: status must be a whole number from 100 to 599"),
        ("status 503 retry=1", "status: there is no option 'retry'; did you mean retry_after?"),
        ("refuse 'Missing email", "a fault's quotes do not match"),
        ("\x1b[31m\u202e", "there is no fault"),
    ],
)
def test_a_fault_that_there_is_not_is_refused_with_a_hint(fault, error, cli):
    ended = cli(*TRIGGER, "--sandbox", "--fault", fault)
    assert ended.code == 2
    assert ended.error.startswith(error)


def test_quotes_keep_the_words_of_a_fault_together(cli):
    ended = cli(*TRIGGER, "--sandbox", "--fault", 'refuse "Invalid event_tag"')
    assert ended.error == "mailkit.journeys.trigger was refused: Invalid event_tag"


def test_faults_hit_one_attempt_each(cli):
    fault = ("--fault", "status 429 retry_after=0")
    ended = cli(*TRIGGER, "--sandbox", *fault, *fault, "--verbose")
    assert ended.code == 0
    assert "outcome DONE, attempts 3" in ended.err
    assert cli(*TRIGGER, "--sandbox", *fault, *fault, *fault).code == 1


# --url


def test_an_option_beats_the_environment(cli, sandbox, monkeypatch):
    monkeypatch.setenv("MAILKIT_URL", "http://127.0.0.1:1/")
    assert cli(*TRIGGER, "--url", sandbox.url).code == 0


@pytest.mark.parametrize("command", [TRIGGER, ("call", "system.listMethods"), ("doctor",)])
def test_an_empty_url_is_not_taken_for_mailkits_own(command, cli, sandbox):
    ended = cli(*command, "--url", "")
    assert (ended.code, ended.error[:14]) == (2, "--url is empty")
    assert sandbox.calls == []


@pytest.mark.parametrize("url", ["https://user:secret@example.com/", "https://secret@example.com"])
def test_a_password_does_not_belong_into_an_argument(url, cli, sandbox):
    ended = cli(*TRIGGER, "--url", url, "--verbose")
    assert (ended.code, ended.error[:28]) == (2, "--url must hold no password,")
    assert "secret" not in ended.err


@pytest.mark.parametrize(
    "url", ["example.com", "ftp://example.com/", "https://", "https://a b/", "https://example.com/ř"]
)
def test_a_url_that_cannot_be_called_is_refused(url, cli, sandbox):
    ended = cli(*TRIGGER, "--url", url)
    assert (ended.code, ended.error[:20]) == (2, "the URL must be like")


def test_plain_http_is_for_this_machine_alone(cli, sandbox):
    ended = cli(*TRIGGER, "--url", "http://example.com/")
    assert (ended.code, ended.error[:31]) == (2, "plain http shows the md5 to eve")


def test_the_password_of_a_url_in_the_environment_is_not_shown(cli, point_at, sandbox):
    point_at(sandbox.url.replace("127.0.0.1", "user:secret@127.0.0.1"))
    for command in [TRIGGER, ("doctor",)]:
        for flags in [(), ("--verbose",), ("--json",)]:
            ended = cli(*command, *flags)
            assert ended.code == 0
            assert "secret" not in ended.out + ended.err


# --timeout


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "-inf"])
@pytest.mark.parametrize("target", [("--sandbox",), ()])
def test_a_timeout_that_is_none_is_refused(seconds, target, cli, sandbox):
    ended = cli(*TRIGGER, *target, "--timeout", seconds)
    assert (ended.code, ended.error[:46]) == (2, "timeout must be a number of seconds above 0, o")
    assert sandbox.calls == []


@pytest.mark.parametrize("seconds", ["", "five", "1,5", "5s"])
def test_a_timeout_that_is_no_number_is_refused(seconds, cli):
    ended = cli(*TRIGGER, "--sandbox", "--timeout", seconds)
    assert ended.code == 2
    assert f"{seconds!r} is not a valid float" in ended.error


@pytest.mark.parametrize("seconds", ["1e20", "1e308"])
def test_a_very_long_timeout_is_fine(seconds, cli):
    assert cli(*TRIGGER, "--sandbox", "--timeout", seconds).code == 0


@pytest.mark.parametrize("target", [("--sandbox", "--fault", "delay 60"), ()])
def test_the_timeout_may_come_from_the_environment(target, cli, point_at, monkeypatch):
    monkeypatch.setenv("MAILKIT_TIMEOUT", "0.5")
    with ScriptedServer(hang) as server:
        point_at(server.url)
        assert cli(*TRIGGER, *target).code == 5
    monkeypatch.setenv("MAILKIT_TIMEOUT", "soon")
    assert cli(*TRIGGER, *target).error == "MAILKIT_TIMEOUT must be a number of seconds, got 'soon'"


# --verbose


def test_verbose_shows_the_log_on_stderr_and_leaves_stdout_alone(cli):
    quiet, verbose = cli(*TRIGGER, "--sandbox"), cli(*TRIGGER, "--sandbox", "--verbose")
    assert verbose.out == quiet.out
    assert quiet.err == ""
    log = verbose.err.splitlines()
    assert log[0].startswith("INFO mailkit.journeys.trigger DONE in ")
    assert log[1].startswith("DEBUG mailkit.journeys.trigger sent ")
    assert log[2] == "outcome DONE, attempts 1"


def test_verbose_tells_what_is_known_about_an_error(cli):
    ended = cli(*TRIGGER, "--sandbox", "--fault", "status 500", "--verbose")
    lines = ended.err.splitlines()
    assert "HTTPStatusError: The HTTP server answered with another status than 200." in lines
    assert "status: 500" in lines
    assert "excerpt: HTTP 500" in lines


def test_verbose_leaves_no_trace_behind(cli):
    before = logging.getLogger("mailkit_xmlrpc").handlers[:], logging.getLogger("mailkit_xmlrpc").level
    cli(*TRIGGER, "--sandbox", "--verbose")
    cli(*TRIGGER, "--sandbox", "--verbose", "--fault", "drop_after")
    assert (logging.getLogger("mailkit_xmlrpc").handlers, logging.getLogger("mailkit_xmlrpc").level) == before


# What arrives


def test_the_call_that_arrives_is_the_one_that_was_asked_for(cli, point_at):
    with ScriptedServer(added()) as server:
        point_at(server.url)
        assert cli(*TRIGGER, "order=A-17").code == 0
    event = {"email": "jane@example.com", "event_tag": "order_paid", "event_data": {"order": "A-17"}}
    assert [request.call for request in server.requests] == [("mailkit.journeys.trigger", (12345678, MD5, event))]


def test_a_call_whose_connection_broke_is_sent_once(cli, point_at):
    with Sandbox() as sandbox:
        point_at(sandbox.url)
        sandbox.fail_every(1, "drop_after")
        assert cli(*TRIGGER).code == 5
        assert len(sandbox.calls) == 1
