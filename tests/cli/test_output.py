"""`Screen`, `printable`, `json_value` and `exit_code`: the text of a server is printed on one line, without control
characters."""

from __future__ import annotations

import json
import re
import subprocess
import xmlrpc.client
from datetime import datetime, timezone
from decimal import Decimal

import pytest

from mailkit_xmlrpc import (
    ConfigError,
    DisallowedIPError,
    EncodeError,
    FaultError,
    HTTPStatusError,
    InDoubtError,
    NotSentError,
    RefusedError,
    ResponseError,
    UnauthorizedError,
)
from mailkit_xmlrpc.cli.output import exit_code, json_value, printable

from ..servers import MD5, PATIENCE, ScriptedServer, answer, http
from .conftest import COMMAND, Terminal, controls, environment

# Colours, a bell, a forged line, CSI of C1, DEL; text that is reversed, hidden or tagged.
CARRIED = "\x9b31m\x85\x7f\r\nerror: forged\nDONE\t\u202eabc\u2066x\u2069\u2028y\u061c\u200b\ufeff\U000e0041z"
RAW = b"\x1b[31m\x1b]0;title\x07\x08\x9b31m\x7f\r\nerror: forged"
HEADER = b"\x1b[31m\x07\x9b31m\x7f"


def fault(code, text):
    return http(xmlrpc.client.dumps(xmlrpc.client.Fault(code, text)).encode(), "Content-Type: text/xml")


def value(inside):
    return b"<methodResponse><params><param><value>" + inside + b"</value></param></params></methodResponse>"


ANSWERS = {
    "message": answer({"message": CARRIED, "status": CARRIED, "error_status": 0, CARRIED: [CARRIED]}),
    "value": answer([CARRIED, {CARRIED: CARRIED.encode()}]),
    "refusal": answer(CARRIED),
    "refusal in a struct": answer({"error": CARRIED, "message": CARRIED, "status": CARRIED, "error_status": 7}),
    "odd error_status": answer({"error_status": CARRIED}),
    "disallowed": answer("Disallowed IP \x9b31m\u202e"),
    "missing": answer("Missing \x9b31m\u202e"),
    "fault": fault(7, CARRIED),
    "raw text": http(value(RAW)),
    "raw tag": http(b"<methodResponse><" + RAW + b">"),
    "tag": http("<methodResponse><\u0159\u202e/></methodResponse>".encode()),
    "attribute": http(b"<methodResponse x='" + RAW + b"'/>"),
    "entity": http(b"<!DOCTYPE x [<!ENTITY a '" + RAW + b"'>]>" + value(b"&a;")),
    "encoding": http(b"<?xml version='1.0' encoding='" + HEADER + b"'?>" + value(b"x")),
    "bad int": http(value(b"<int>" + "\u202e\x9b".encode() + b"</int>")),
    "rubbish": http(RAW * 10),
    "page": http(RAW, status="500 Internal Server Error"),
    "reason": http(b"no", status="404 " + HEADER.decode("latin-1")),
    "location": http(b"", "Location: https://x/" + HEADER.decode("latin-1"), status="302 Found"),
    "header": http(b"", "X-Shown: " + HEADER.decode("latin-1"), status="404 Not Found"),
    "coding": http(value(b"x"), "Content-Encoding: " + HEADER.decode("latin-1")),
    "charset": http(value(b"x"), "Content-Type: text/xml; charset=" + HEADER.decode("latin-1")),
    "status line": b"HTTP/1.1 " + HEADER + b"\r\n\r\n",
    "no HTTP": RAW + b"\r\n\r\n",
}


@pytest.mark.parametrize("flags", [(), ("--json",), ("--verbose",), ("--json", "--verbose")], ids=" ".join)
@pytest.mark.parametrize("name", ANSWERS)
def test_no_control_character_of_a_server_reaches_the_screen(name, flags, cli, point_at):
    with ScriptedServer(ever_after=ANSWERS[name]) as server:
        point_at(server.url)
        result = cli("call", "mailkit.x", *flags)
        # `cli` checks for control characters. A forged line would be:
        assert "\nerror: forged" not in f"\n{result.out}\n{result.err}"
        assert "\nDONE\n" not in f"\n{result.out}\n{result.err}"
        if "--json" in flags:
            json.loads(result.out)


@pytest.mark.parametrize("name", ["message", "refusal", "fault"])
def test_control_characters_are_shown_as_escapes(name, cli, point_at):
    with ScriptedServer(ANSWERS[name]) as server:
        point_at(server.url)
        result = cli("call", "mailkit.x")
        assert "\\x9b31m\\x85\\x7f" in result.out + result.err
        assert "\\u202eabc" in result.out + result.err


def test_json_has_the_original_text(cli, point_at):
    with ScriptedServer(ANSWERS["message"]) as server:
        point_at(server.url)
        sent = CARRIED.replace("\r\n", "\n")  # XML normalizes line breaks
        result = cli("call", "mailkit.x", "--json")
        assert result.json["message"] == sent
        assert result.json["value"][sent] == [sent]


def test_json_is_ascii_if_stdout_is_not_utf_8(process, point_at):
    with ScriptedServer(answer({"message": "Dvo\u0159\xe1k \u202e\x7f \U0001f381", "error_status": 0})) as server:
        point_at(server.url)
        result = process("call", "mailkit.x", "--json", encoding="ascii", PYTHONIOENCODING="latin-1")
        assert result.json["message"] == "Dvo\u0159\xe1k \u202e\x7f \U0001f381"


def test_json_is_not_escaped_if_stdout_is_utf_8(cli, point_at):
    with ScriptedServer(answer({"message": "Dvo\u0159\xe1k", "error_status": 0})) as server:
        point_at(server.url)
        assert '"Dvo\u0159\xe1k"' in cli("call", "mailkit.x", "--json").out


# Errors


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("call", "m", "null"), "params[2]: null is not a value of XML-RPC; leave the value out"),
        (("call", "m", "99999999999999999999"), "params[2]: an int beyond 64 bits does not fit; send it as text"),
        (("call", "m", "1e999"), "params[2]: XML-RPC has no inf; leave the value out, or send text"),
        (
            ("call", "mailkit.email.unsubscribe", "email_id=5", "send_optout=no"),
            "send_optout: must be true or false, got text",
        ),
        (
            ("call", "mailkit.email.unsubscribe", "email_id=5", "timeout=5"),
            "mailkit.email.unsubscribe has no argument 'timeout'; did you mean timeout_days?",
        ),
        (("call", "mailkit.mailinglist.import", "ID_user_list=1", "recipients=[1]"), "must be an object, got a number"),
        (("call", "mailkit.mailinglist.import", "ID_user_list=1", "recipients=x"), "must be an array of objects"),
        (("user", "add", "a@b.cz", "--list", "1", "email=x"), "Mailkit has no member 'email' here; there are "),
        (("user", "add", "a@b.cz", "--list", "1", "timeout=3"), "Mailkit has no member 'timeout' here; there are "),
        (("user", "add", "a@b.cz", "--list", "1", "custom=3"), "Mailkit has no member 'custom' here; did you mean "),
    ],
)
def test_an_error_has_the_words_of_the_command_line(arguments, error, cli):
    result = cli(*arguments, "--sandbox")
    assert result.code == 2
    assert error in result.error
    assert not re.search(r"\bstr\b|\bdict\b|\bNone|=True|\w\(\)", result.error)


def test_the_text_of_a_server_keeps_its_words(cli):
    assert cli("trigger", "a@b", "x", "--sandbox", "--fault", "refuse 'got str, must be a bool'").error == (
        "mailkit.journeys.trigger was refused: got str, must be a bool"
    )


# The keys of the JSON output, which scripts rely on


KEYS = ["ok", "outcome", "method", "message", "status", "error", "error_status", "value"]


@pytest.mark.parametrize("fault", ["", "refuse x", "fault", "status 404", "drop_after", "html", "unauthorized"])
def test_json_has_the_same_keys_for_every_outcome(fault, cli):
    faults = ("--fault", fault) if fault else ()
    assert list(cli("trigger", "a@b", "x", "--sandbox", "--json", *faults).json) == KEYS


def test_json_has_the_same_keys_for_a_value_that_cannot_be_sent(cli):
    result = cli("call", "x", "null", "--sandbox", "--json")
    assert list(result.json) == KEYS
    assert (result.json["outcome"], result.json["error"]) == ("NOT_SENT", result.error)


# On a terminal


def test_a_terminal_gets_colours():
    with Terminal("trigger", "a@b", "x", "--sandbox") as terminal:
        assert terminal.end() == 0
        assert "\x1b[1;32mDONE \x1b[0m" in terminal.raw


def test_no_color_is_respected():
    with Terminal("trigger", "a@b", "", "--sandbox", NO_COLOR="1") as terminal:
        assert terminal.end() == 1
        assert "error: " in terminal.screen
        assert "\x1b[3" not in terminal.raw
        assert ";3" not in terminal.raw


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [
        ({}, True),
        ({"NO_COLOR": ""}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": "0"}, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
    ],
)
@pytest.mark.parametrize("command", [("trigger", "a@b", "", "--sandbox"), ("methods", "move"), ("doctor", "--sandbox")])
def test_colours_of_a_terminal_are_as_the_variables_say(variables, coloured, command):
    with Terminal(*command, **variables) as terminal:
        terminal.end()
        assert ("\x1b[" in terminal.raw) is coloured


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": ""}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_a_pipe_has_colours_only_if_they_are_forced(variables, coloured):
    for arguments in (("trigger", "a@b", "", "--sandbox"), ("methods", "move")):
        result = subprocess.run(
            [*COMMAND, *arguments], env=environment(**variables), capture_output=True, timeout=PATIENCE
        )
        assert (b"\x1b[" in result.stdout + result.stderr) is coloured


def test_help_has_no_colours():
    with Terminal("--help", FORCE_COLOR="1") as terminal:
        assert terminal.end() == 0
        assert "\x1b" not in terminal.raw


def test_json_has_no_colours_on_a_terminal():
    with Terminal("trigger", "a@b", "x", "--sandbox", "--json") as terminal:
        assert terminal.end() == 0
        assert "\x1b" not in terminal.raw
        assert json.loads(terminal.raw)["ok"]


def test_a_long_error_stays_one_line_on_a_narrow_terminal():
    with Terminal("call", "x", "--sandbox", COLUMNS="20") as terminal:
        assert terminal.end() == 1
        assert terminal.screen.count("\n") == 1


# Text


def test_printable_does_not_change_printable_text():
    text = "Příliš žluťoučký kůň \t <&> [bold]x[/bold] :smile: 👨\u200d👩\u200d👧 soft\xadhyphen עברית"
    assert printable(text) == text


def test_printable_escapes_every_control_character():
    every = "".join(
        map(chr, [*range(0x20), *range(0x7F, 0xA0), *range(0x200B, 0x2070), 0x61C, 0xFEFF, 0xD800, 0xE0041])
    )
    shown = printable(every)
    assert controls(shown) <= {"\t"}
    assert "\\x1b" in shown
    assert "\\x9b" in shown
    assert "\\u202e" in shown
    assert "\\ud800" in shown
    assert "\\U000e0041" in shown


@pytest.mark.parametrize("markup", ["[bold]x[/bold]", "[/]", "[link=https://x]y[/link]", ":smile:", "[red", "\\[red]"])
def test_markup_is_printed_as_text(markup, cli, point_at):
    with ScriptedServer(answer({"message": markup, "error_status": 0}), answer(markup)) as server:
        point_at(server.url)
        assert cli("call", "mailkit.x").out == f"DONE {markup}\n"
        assert cli("call", "mailkit.x").error == f"mailkit.x was refused: {markup}"


# The md5


@pytest.mark.parametrize("flags", [(), ("--json",), ("--verbose",)], ids=" ".join)
@pytest.mark.parametrize(
    "echo",
    [
        answer({"message": f"for {MD5}", "status": MD5.upper(), "error_status": 0, "md5": MD5, MD5: [MD5]}),
        answer([MD5, f"<{MD5.upper()}>"]),
        answer(f"no account {MD5}"),
        answer({"error": MD5, "error_status": MD5}),
        fault(1, f"{MD5} is wrong"),
        http(b"", status=f"404 {MD5}"),
        http(MD5.encode(), f"X-Md5: {MD5}", status="500 No"),
        http(b"", f"Location: https://x/{MD5}", status="302 Found"),
        http(f"<{MD5}".encode()),
        http(value(f"<int>{MD5}</int>".encode())),
    ],
)
def test_the_md5_is_masked_where_a_server_sends_it_back(echo, flags, cli, point_at):
    with ScriptedServer(ever_after=echo) as server:
        point_at(server.url)
        cli("call", "mailkit.x", *flags)  # `cli` checks the output for the md5


# Values


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ((1, [True, None]), [1, [True, None]]),
        (b"\x00\xff", "AP8="),
        (datetime(2026, 11, 23, 12, 0, tzinfo=timezone.utc), "2026-11-23T12:00:00+00:00"),
        (xmlrpc.client.DateTime("00000000T00:00:00"), "00000000T00:00:00"),
        (Decimal("1.10"), "1.10"),
        (float("inf"), "inf"),
        ({"a": {"b": b""}}, {"a": {"b": ""}}),
    ],
)
def test_values_are_converted_for_json(value, shown):
    assert json_value(value) == shown
    json.dumps(json_value(value), allow_nan=False)


@pytest.mark.parametrize("kind", ["datetime", "zero_date", "base64", "nil", "double", "boolean", "empty_array"])
@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_every_type_of_answer_can_be_printed(kind, flags, cli):
    assert cli("call", "system.listMethods", "--sandbox", "--fault", f"wrong_type {kind}", *flags).code == 0


# Exit codes


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigError("x"), 2),
        (EncodeError("x"), 2),
        (RefusedError("x"), 1),
        (UnauthorizedError("x"), 4),
        (DisallowedIPError("x"), 4),
        (FaultError(1, "x"), 1),
        (HTTPStatusError("x", status=404), 1),
        (HTTPStatusError("x", status=429), 1),
        (HTTPStatusError("x", status=503), 5),
        (HTTPStatusError("x", status=502), 5),
        (ResponseError("x"), 5),
        (InDoubtError("x"), 5),
        (NotSentError("x"), 6),
    ],
)
def test_the_exit_code_of_an_error(error, code):
    assert exit_code(error) == code


@pytest.mark.parametrize("fault", ["drop_after", "status 500", "html", "malformed", "cut"])
def test_a_call_in_doubt_has_the_advice_once(fault, cli):
    result = cli("trigger", "a@b", "x", "--sandbox", "--fault", fault)
    assert result.error.endswith("; the call may have been carried out, so check before sending it again")
    assert result.error.count("carried out") == 1
