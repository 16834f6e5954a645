"""Credentials are read from a file, the environment or a prompt, never from an argument."""

from __future__ import annotations

import click
import pytest

from mailkit_xmlrpc.cli.app import app

from ..servers import MD5, ScriptedServer, added, answer
from .conftest import Terminal
from .test_safe_stream import shell

LINES = f"client_id = 12345678\nclient_md5 = {MD5}\n"


@pytest.fixture
def file(tmp_path, sandbox, monkeypatch):
    """Write a credentials file for a running sandbox. The environment has no credentials."""
    monkeypatch.delenv("MAILKIT_CLIENT_ID")
    monkeypatch.delenv("MAILKIT_CLIENT_MD5")

    def write(content=LINES, mode=0o600):
        path = tmp_path / "my credentials"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(mode)
        return path

    return write


def test_no_option_takes_a_secret():
    options = {(name, option.name) for name in app.commands for option in app.commands[name].params}
    secret = {pair for pair in options if any(word in pair[1] for word in ("md5", "password", "secret", "client_id"))}
    assert secret == {("encode", "show_md5")}  # this option is a flag
    show = next(option for option in app.commands["encode"].params if option.name == "show_md5")
    assert isinstance(show, click.Option)
    assert show.is_flag


# The environment


def test_credentials_are_read_from_the_environment(cli, sandbox):
    assert cli("call", "system.listMethods").code == 0


@pytest.mark.parametrize("missing", ["MAILKIT_CLIENT_ID", "MAILKIT_CLIENT_MD5"])
def test_without_credentials_the_error_names_the_variables_and_the_option(missing, cli, sandbox, monkeypatch):
    monkeypatch.delenv(missing)
    result = cli("call", "system.listMethods")
    assert result.code == 2
    assert result.error == (
        "no credentials: set MAILKIT_CLIENT_ID and MAILKIT_CLIENT_MD5, or name a file with --credentials"
    )


@pytest.mark.parametrize("md5", [MD5[:31], MD5 + "0", MD5[:31] + "g", MD5 + "\n", f" {MD5}", "\x1b[31m"])
@pytest.mark.parametrize("flags", [(), ("--verbose",), ("--json",)])
def test_a_malformed_md5_is_refused_and_not_repeated(md5, flags, cli, sandbox, monkeypatch):
    monkeypatch.setenv("MAILKIT_CLIENT_MD5", md5)
    result = cli("call", "system.listMethods", *flags)
    assert result.code == 2
    assert result.error == "client_md5 must be 32 hex digits (menu Profile / Integration)"
    assert MD5[:20] not in result.out + result.err


@pytest.mark.parametrize("client_id", ["0", "-1", "12x", "9" * 25])
def test_a_malformed_id_is_refused(client_id, cli, sandbox, monkeypatch):
    monkeypatch.setenv("MAILKIT_CLIENT_ID", client_id)
    result = cli("call", "system.listMethods")
    assert (result.code, result.error[:32]) == (2, "client_id must be a positive int")


@pytest.mark.parametrize(
    "arguments",
    [
        (MD5,),
        ("doctor", MD5),
        ("trigger", "jane@example.com", "order_paid", MD5, "--sandbox"),
        ("trigger", "jane@example.com", "order_paid", f"--client-md5={MD5}", "--sandbox"),
        ("trigger", "jane@example.com", "order_paid", "--timeout", MD5),
        ("call", "system.listMethods", MD5, "--sandbox"),
        ("call", "system.listMethods", "--credentials", MD5),
        ("completion", MD5),
        ("sandbox", "--port", MD5),
    ],
)
def test_an_md5_typed_in_the_wrong_place_is_not_repeated(arguments, cli):
    assert cli(*arguments).code == 2  # `cli` checks the output for the md5


# A file


@pytest.mark.parametrize(
    "content",
    [
        LINES,
        LINES.replace("\n", "\r\n"),
        LINES.rstrip("\n"),
        LINES.replace(" = ", "="),
        LINES.replace(" = ", ": "),
        f"client_md5='{MD5}'\nclient_id=\"12345678\"\n",
        f"# Mailkit, account of the shop\n\n[mailkit]\n{LINES}url = elsewhere\n",
        f"\ufeff{LINES}",
        f"\t client_id  =  12345678 \n\tclient_md5\t=\t{MD5}\t\n",
    ],
    ids=["plain", "crlf", "no-last-newline", "tight", "colons", "quotes", "extra-lines", "bom", "white-space"],
)
def test_a_file_is_read(content, file, cli):
    assert cli("call", "system.listMethods", "--credentials", file(content)).code == 0


@pytest.mark.parametrize(
    "content",
    [
        "",
        "client_id = 12345678\n",
        f"client_md5 = {MD5}\n",
        LINES + "client_id = 87654321\n",
        f"client_id = 12345678\nclient_id = 12345678\nclient_md5 = {MD5}\n",
        f"client_id = 12345678\nclient_md5 = {MD5} and more\n",
        f"client_id = 12345678\nclient_md5 = \n{MD5}\n",
        f"12345678\n{MD5}\n",
    ],
)
def test_a_file_needs_one_line_of_each(content, file, cli):
    result = cli("call", "system.listMethods", "--credentials", file(content), "--verbose")
    assert result.code == 2
    assert "must have one line client_id = 12345678 and one line client_md5 = (32 hex digits)" in result.error


def test_a_malformed_md5_in_a_file_is_not_repeated(file, cli):
    result = cli("call", "system.listMethods", "--credentials", file(LINES.replace(MD5, MD5[:31])), "--verbose")
    assert (result.code, result.error) == (2, "client_md5 must be 32 hex digits (menu Profile / Integration)")
    assert MD5[:31] not in result.err


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o660, 0o644, 0o610, 0o777])
def test_a_file_that_others_have_access_to_is_refused_with_the_command_to_run(mode, file, cli):
    path = file(mode=mode)
    result = cli("call", "system.listMethods", "--credentials", path)
    assert result.code == 2
    explanation, command = result.error.split("; run: ")
    assert explanation == f"others have access to {path}"
    assert shell(command) == (0, "", "")
    assert cli("call", "system.listMethods", "--credentials", path).code == 0


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_a_file_that_only_its_owner_has_access_to_is_accepted(mode, file, cli):
    assert cli("call", "system.listMethods", "--credentials", file(mode=mode)).code == 0


def test_the_mode_of_a_symbolic_link_is_that_of_its_target(file, cli, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(file())
    assert cli("call", "system.listMethods", "--credentials", link).code == 0
    file(mode=0o644)
    assert cli("call", "system.listMethods", "--credentials", link).code == 2


def test_a_missing_file_or_a_directory_is_refused(cli, tmp_path):
    for path, reason in [(tmp_path, "Is a directory"), (tmp_path / "none", "No such file or directory")]:
        result = cli("call", "system.listMethods", "--credentials", path)
        assert (result.code, result.error) == (2, f"cannot read {path} ({reason})")


def test_a_file_that_is_not_utf_8_is_refused(file, cli):
    result = cli("call", "system.listMethods", "--credentials", file(b"\xff\xfe" + LINES.encode("utf-16-le")))
    assert result.code == 2
    assert result.error.endswith(" is not UTF-8 text")


def test_a_file_overrides_the_environment(file, cli, monkeypatch):
    monkeypatch.setenv("MAILKIT_CLIENT_ID", "1")
    monkeypatch.setenv("MAILKIT_CLIENT_MD5", "0" * 32)
    assert cli("call", "system.listMethods", "--credentials", file()).code == 0
    assert cli("call", "system.listMethods").code == 4


def test_the_file_can_be_a_process_substitution(file):
    manager = f"printf 'client_id=12345678\\nclient_md5={MD5}\\n'"
    code, out, err = shell(f"$CLI --credentials <({manager})", "call", "system.listMethods")
    assert (code, err) == (0, "")
    assert out.startswith("DONE")


# A prompt


def test_the_prompt_does_not_show_the_md5(sandbox, monkeypatch):
    monkeypatch.delenv("MAILKIT_CLIENT_ID")
    monkeypatch.delenv("MAILKIT_CLIENT_MD5")
    with Terminal("call", "system.listMethods") as terminal:
        terminal.expect("client_id: ")
        terminal.type("12345678\n")
        terminal.expect("client_md5: ")
        terminal.type(f"{MD5}\n")
        terminal.expect("system.listMethods")
        assert terminal.end() == 0
        assert MD5 not in terminal.screen
        assert "12345678" in terminal.screen


def test_the_prompt_asks_only_for_missing_values(sandbox, monkeypatch):
    monkeypatch.delenv("MAILKIT_CLIENT_MD5")
    with Terminal("call", "system.listMethods") as terminal:
        terminal.expect("client_md5: ")
        terminal.type("not an md5\n")
        terminal.expect("error: ")
        assert terminal.end() == 2
        assert "client_id:" not in terminal.screen
        assert "not an md5" not in terminal.screen


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_a_prompt_can_be_interrupted(key, sandbox, monkeypatch):
    monkeypatch.delenv("MAILKIT_CLIENT_ID")
    with Terminal("call", "system.listMethods") as terminal:
        terminal.expect("client_id: ")
        terminal.expect("\r\nerror: interrupted\r\n", press=key)
        assert terminal.end() == 130
        assert "Traceback" not in terminal.screen


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_an_md5_from_a_file_is_masked_where_a_server_sends_it_back(flags, file, cli, monkeypatch):
    with ScriptedServer(answer([MD5, f"<{MD5.upper()}>"])) as server:
        monkeypatch.setenv("MAILKIT_URL", server.url)
        result = cli("call", "mailkit.x", "--credentials", file(), *flags)
        assert "<***>" in result.out


def test_the_call_has_the_credentials_of_the_file(file, cli, monkeypatch):
    with ScriptedServer(added()) as server:
        monkeypatch.setenv("MAILKIT_URL", server.url)
        assert cli("trigger", "jane@example.com", "order_paid", "--credentials", file()).code == 0
        assert server.requests[0].call[1][:2] == (12345678, MD5)
