"""`encode` prints the request that `call` sends, `decode` the result that `call` returns."""

from __future__ import annotations

import json
import xmlrpc.client

import pytest

from ..servers import MD5, ScriptedServer, added, document
from .conftest import ROOT

FIXTURES = sorted((ROOT / "fixtures" / "journeys.trigger").glob("*.xml"))
MASK = "*" * 32

# encode


def test_the_request_is_the_same_as_that_of_call(cli, point_at):
    parameters = ("mailkit.mailinglist.list", "1", '"Dvořák <&>"', '{"a": [true, -1.5, {}]}')
    with ScriptedServer(added()) as server:
        point_at(server.url)
        cli("call", *parameters)
        result = cli("encode", *parameters, "--show-md5", shows_md5=True)
        assert result.out == server.requests[0].body.decode() + "\n"


def test_the_md5_is_masked(cli, point_at):
    point_at("http://127.0.0.1:1/")
    params, method = xmlrpc.client.loads(cli("encode", "mailkit.x", "1").out)
    assert (method, params) == ("mailkit.x", (12345678, MASK, 1))


def test_show_md5_prints_the_md5(cli, point_at):
    point_at("http://127.0.0.1:1/")
    params, _ = xmlrpc.client.loads(cli("encode", "mailkit.x", "--show-md5", shows_md5=True).out)
    assert params == (12345678, MD5)


def test_without_credentials_an_example_is_printed(cli):
    params, _ = xmlrpc.client.loads(cli("encode", "mailkit.x", "--show-md5").out)
    assert params == (12345678, MASK)


def test_a_bare_request_has_no_credentials(cli, point_at):
    point_at("http://127.0.0.1:1/")
    assert xmlrpc.client.loads(cli("encode", "system.listMethods", "--bare").out) == ((), "system.listMethods")


def test_the_request_is_utf_8_in_every_locale(process):
    result = process("encode", "mailkit.x", '"Dvořák 🎁"', encoding="utf-8", PYTHONIOENCODING="ascii")
    assert "<string>Dvořák 🎁</string>" in result.out


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("mailkit.x", "null"), "params[2]: null "),
        (("mailkit.x", "null", "--bare"), "params[0]: null "),
        (("mailkit.x", "text"), "parameter 1 is not JSON"),
        (("mail kit",), "method: "),
    ],
)
def test_a_value_that_cannot_be_sent_is_refused(arguments, error, cli):
    result = cli("encode", *arguments)
    assert (result.code, result.out) == (2, "")
    assert result.error.startswith(error)


# decode


@pytest.mark.parametrize("path", [path for path in FIXTURES if path.stem != "request"], ids=lambda path: path.stem)
def test_every_answer_in_the_fixtures_has_its_result(path, cli):
    expected = json.loads(path.with_suffix(".json").read_text())["result"]
    result = cli("decode", path, "--method", "mailkit.journeys.trigger", "--json")
    assert {name: result.json[name] for name in expected} == expected
    assert result.json["method"] == "mailkit.journeys.trigger"
    codes = {"added": 0, "unauthorized": 4, "disallowed-ip": 4}
    assert result.code == codes.get(path.stem, 1)
    plain = cli("decode", path)
    if result.code:
        assert plain.error.startswith(f"the call was refused: {expected['error']}")
    else:
        assert plain.out == "DONE Added into scenario events queue\n"


def test_a_request_is_not_an_answer(cli):
    result = cli("decode", ROOT / "fixtures" / "journeys.trigger" / "request.xml")
    assert (result.code, "methodResponse" in result.error) == (5, True)


def test_an_answer_may_come_from_stdin(cli):
    assert cli("decode", "-", stdin=document("Missing email")).error == "the call was refused: Missing email"


def test_success_lists_bare_strings_that_are_successes(cli):
    assert cli("decode", "-", stdin=document("TRUE")).code == 1
    result = cli("decode", "-", "--success", "OK", "--success", "TRUE", stdin=document("TRUE"))
    assert (result.code, result.out) == (0, "DONE TRUE\n")


def test_without_method_the_method_in_json_is_null(cli):
    assert cli("decode", "-", "--json", stdin=document({"a": 1})).json["method"] is None
    assert cli("decode", "-", "--json", stdin=document("Missing x")).json["method"] is None
    assert cli("decode", "-", "--json", stdin=b"").json["method"] is None


def test_a_fault_is_a_refusal(cli):
    fault = xmlrpc.client.dumps(xmlrpc.client.Fault(7, "no such list")).encode()
    result = cli("decode", "-", "--method", "mailkit.x", stdin=fault)
    assert (result.code, result.error) == (1, "mailkit.x: fault 7: no such list")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n",
        b"<!DOCTYPE html>\n<html><body><h1>Down for maintenance</h1></body></html>\n",
        b"<html><body>Down</body></html>",
        b"Unauthorized",
        b"\x00\xff" * 100,
        b"\x1b[31m\x07",
        document("x") + b"x",
        document([1]).replace(b"<int>1<", b"<int>one<"),
        b"<methodResponse>" + b"<array>" * 100_000,
    ],
)
@pytest.mark.parametrize("flags", [(), ("--json", "--verbose")])
def test_an_invalid_answer_is_in_doubt(data, flags, cli):
    result = cli("decode", "-", *flags, stdin=data)
    assert result.code == 5
    assert result.error
    if flags:
        assert (result.json["ok"], result.json["outcome"]) == (False, "UNKNOWN")


@pytest.mark.parametrize("path", FIXTURES[:1], ids=lambda path: path.stem)
def test_a_truncated_file_is_an_error_wherever_it_ends(path, cli, tmp_path):
    whole, part = path.read_bytes().rstrip(), tmp_path / "part.xml"
    for end in range(0, len(whole), 31):
        part.write_bytes(whole[:end])
        assert cli("decode", part).code == 5


def test_the_advice_for_calls_in_doubt_is_not_printed(cli):
    assert "carried out" not in cli("decode", "-", stdin=b"").error


def test_the_error_has_the_position(cli):
    result = cli("decode", "-", "--verbose", stdin=b"<methodResponse>\n<params>\n<parm>")
    assert "<parm> cannot stand in <params> at line 3" in result.error
    assert any(line.startswith("position: (3, ") for line in result.err.splitlines())


def test_a_file_that_cannot_be_read_is_named(cli, tmp_path):
    assert cli("decode", tmp_path / "none.xml").error.startswith(f"cannot read {tmp_path}/none.xml (No such file")
    assert cli("decode", tmp_path).error.startswith(f"cannot read {tmp_path} (Is a directory)")


def test_the_md5_of_the_environment_is_not_shown(cli, point_at):
    point_at("http://127.0.0.1:1/")
    cli("decode", "-", stdin=document({"md5": MD5}))
    cli("decode", "-", "--json", stdin=document({"md5": MD5}))


@pytest.mark.parametrize("client_id", ["", "x", "0", "\u00b2", "9" * 5000])
def test_a_client_id_that_a_call_refuses_is_refused(client_id, cli, monkeypatch):
    monkeypatch.setenv("MAILKIT_CLIENT_ID", client_id)
    result = cli("encode", "mailkit.mailinglist.list")
    assert (result.code, result.out) == (2, "")
    assert result.error.startswith("client_id must be a positive int")
    assert cli("encode", "mailkit.mailinglist.list", "--bare").code == 0
