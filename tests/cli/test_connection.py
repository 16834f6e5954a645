"""The options that all commands that call Mailkit share: --sandbox, --fault, --url, --timeout and --verbose."""

from __future__ import annotations

import logging

import pytest

from mailkit_xmlrpc.sandbox import Sandbox

from ..servers import MD5, ScriptedServer, added, hang

TRIGGER = ("trigger", "jane@example.com", "order_paid")


# --sandbox


def test_the_sandbox_option_overrides_the_environment(cli, point_at):
    with ScriptedServer() as real:
        point_at(real.url)
        assert cli(*TRIGGER, "--sandbox").code == 0
        assert real.connections == 0


@pytest.mark.parametrize("option", [("--url", "http://127.0.0.1:1/"), ("--url", ""), ("--credentials", "file")])
def test_the_sandbox_cannot_be_combined_with_url_or_credentials(option, cli):
    result = cli(*TRIGGER, "--sandbox", *option)
    assert (result.code, result.error[:41]) == (2, "--sandbox has its own URL and credentials")


# --fault


def test_a_fault_needs_the_sandbox(cli, sandbox):
    result = cli(*TRIGGER, "--fault", "drop_after")
    assert (result.code, result.error[:23]) == (2, "--fault needs --sandbox")
    assert sandbox.calls == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("drop_aftr", "there is no fault 'drop_aftr'; did you mean drop_after?"),
        ("", "there is no fault ''"),
        ("status", "status needs status: a whole number from 100 to 599"),
        ("status 99", "status: status must be a whole number from 100 to 599"),
        ("status 503 retry=1", "status: there is no option 'retry'; did you mean retry_after?"),
        ("refuse 'Missing email", "the quotes of a fault are not balanced"),
        ("\x1b[31m\u202e", "there is no fault"),
    ],
)
def test_an_invalid_fault_is_refused_with_a_hint(fault, error, cli):
    result = cli(*TRIGGER, "--sandbox", "--fault", fault)
    assert result.code == 2
    assert result.error.startswith(error)


def test_quotes_keep_the_words_of_a_fault_together(cli):
    result = cli(*TRIGGER, "--sandbox", "--fault", 'refuse "Invalid event_tag"')
    assert result.error == "mailkit.journeys.trigger was refused: Invalid event_tag"


def test_each_fault_applies_to_one_attempt(cli):
    fault = ("--fault", "status 429 retry_after=0")
    reads = ("call", "mailkit.mailinglist.list", "--sandbox")
    result = cli(*reads, *fault, *fault, "--verbose")
    assert result.code == 0
    assert "outcome DONE, attempts 3" in result.err
    assert cli(*reads, *fault, *fault, *fault).code == 1


# --url


def test_an_option_overrides_the_environment(cli, sandbox, monkeypatch):
    monkeypatch.setenv("MAILKIT_URL", "http://127.0.0.1:1/")
    assert cli(*TRIGGER, "--url", sandbox.url).code == 0


@pytest.mark.parametrize("command", [TRIGGER, ("call", "system.listMethods"), ("doctor",)])
def test_an_empty_url_is_not_the_default(command, cli, sandbox):
    result = cli(*command, "--url", "")
    assert (result.code, result.error[:14]) == (2, "--url is empty")
    assert sandbox.calls == []


@pytest.mark.parametrize("url", ["https://user:secret@example.com/", "https://secret@example.com"])
def test_a_url_with_a_password_is_refused(url, cli, sandbox):
    result = cli(*TRIGGER, "--url", url, "--verbose")
    assert (result.code, result.error[:28]) == (2, "--url must not contain a pas")
    assert "secret" not in result.err


@pytest.mark.parametrize(
    "url", ["example.com", "ftp://example.com/", "https://", "https://a b/", "https://example.com/ř"]
)
def test_a_url_that_cannot_be_called_is_refused(url, cli, sandbox):
    result = cli(*TRIGGER, "--url", url)
    assert (result.code, result.error[:20]) == (2, "the URL must be like")


def test_plain_http_is_for_this_machine_only(cli, sandbox):
    result = cli(*TRIGGER, "--url", "http://example.com/")
    assert (result.code, result.error[:31]) == (2, "over plain http the md5 is not ")


def test_the_password_of_a_url_in_the_environment_is_not_shown(cli, point_at, sandbox):
    point_at(sandbox.url.replace("127.0.0.1", "user:secret@127.0.0.1"))
    for command in [TRIGGER, ("doctor",)]:
        for flags in [(), ("--verbose",), ("--json",)]:
            result = cli(*command, *flags)
            assert result.code == 0
            assert "secret" not in result.out + result.err


# --allow-http


def test_plain_http_to_another_machine_needs_the_option(cli, point_at):
    point_at("http://mailkit.invalid/rpc.fcgi")
    assert cli(*TRIGGER).error == (
        "over plain http the md5 is not encrypted; use an https URL, or allow http with --allow-http"
    )
    result = cli(*TRIGGER, "--allow-http")
    assert (result.code, result.error[:56]) == (6, "mailkit.journeys.trigger: cannot resolve 'mailkit.invali")


# --timeout


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "-inf"])
@pytest.mark.parametrize("target", [("--sandbox",), ()])
def test_a_timeout_out_of_range_is_refused(seconds, target, cli, sandbox):
    result = cli(*TRIGGER, *target, "--timeout", seconds)
    assert (result.code, result.error[:49]) == (2, "timeout must be a number of seconds above 0, got ")
    assert sandbox.calls == []


@pytest.mark.parametrize("seconds", ["", "five", "1,5", "5s"])
def test_a_timeout_that_is_not_a_number_is_refused(seconds, cli):
    result = cli(*TRIGGER, "--sandbox", "--timeout", seconds)
    assert result.code == 2
    assert f"{seconds!r} is not a valid number of seconds" in result.error


@pytest.mark.parametrize("seconds", ["1e20", "1e308"])
def test_a_very_long_timeout_is_accepted(seconds, cli):
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


def test_verbose_writes_the_log_to_stderr(cli):
    quiet, verbose = cli(*TRIGGER, "--sandbox"), cli(*TRIGGER, "--sandbox", "--verbose")
    assert verbose.out == quiet.out
    assert quiet.err == ""
    log = verbose.err.splitlines()
    assert log[0].startswith("INFO mailkit.journeys.trigger DONE in ")
    assert log[1].startswith("DEBUG mailkit.journeys.trigger sent ")
    assert log[2] == "outcome DONE, attempts 1"


def test_verbose_shows_the_details_of_an_error(cli):
    result = cli(*TRIGGER, "--sandbox", "--fault", "status 500", "--verbose")
    lines = result.err.splitlines()
    assert "HTTPStatusError: The HTTP server answered with another status than 200." in lines
    assert "status: 500" in lines
    assert "excerpt: HTTP 500" in lines


def test_verbose_restores_the_logger(cli):
    before = logging.getLogger("mailkit_xmlrpc").handlers[:], logging.getLogger("mailkit_xmlrpc").level
    cli(*TRIGGER, "--sandbox", "--verbose")
    cli(*TRIGGER, "--sandbox", "--verbose", "--fault", "drop_after")
    assert (logging.getLogger("mailkit_xmlrpc").handlers, logging.getLogger("mailkit_xmlrpc").level) == before


# The request


def test_the_server_receives_the_call(cli, point_at):
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
