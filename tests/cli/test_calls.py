"""`trigger` and `call`: the calls that are sent, and the arguments that are refused before sending."""

from __future__ import annotations

import json

import pytest

from mailkit_xmlrpc.errors import Outcome

TRIGGER = ("trigger", "jane@example.com", "order_paid")


@pytest.fixture
def sent(cli, sandbox):
    """Run `trigger` with further arguments. Returns the event_data that the sandbox received."""

    def trigger(*arguments, stdin=b""):
        result = cli(*TRIGGER, *arguments, stdin=stdin)
        assert (result.code, result.out) == (0, "DONE Added into scenario events queue\n")
        return sandbox.assert_triggered(email="jane@example.com", event_tag="order_paid").event_data

    return trigger


@pytest.fixture
def usage_error(cli, sandbox):
    """Run a command that must not send anything. Returns its error."""

    def command(*arguments, stdin=b""):
        result = cli(*arguments, stdin=stdin)
        assert result.code == 2
        assert sandbox.calls == []
        return result.error

    return command


# trigger: pairs


def test_without_data_there_is_no_event_data(sent):
    assert sent() is None


@pytest.mark.parametrize(
    ("pairs", "data"),
    [
        (["order=A-17"], {"order": "A-17"}),
        (["url=https://shop.example.com/?a=1&b=2"], {"url": "https://shop.example.com/?a=1&b=2"}),
        (["note="], {"note": ""}),
        (["a==", "b= x "], {"a": "=", "b": " x "}),
        (["total=12.50", "count=3", "paid=true", "nothing=null"], None),
        (["příjmení=Dvořák", "🎁=<&>\r\n"], {"příjmení": "Dvořák", "🎁": "<&>\r\n"}),
    ],
)
def test_pairs_are_text(pairs, data, sent):
    assert sent(*pairs) == (dict(pair.split("=", 1) for pair in pairs) if data is None else data)


def test_a_pair_may_begin_with_a_dash_after_a_double_dash(sent):
    assert sent("--", "-x=1", "--json=2") == {"-x": "1", "--json": "2"}


@pytest.mark.parametrize("pair", ["order", "=A-17", "="])
def test_an_argument_that_is_not_a_pair_is_refused(pair, usage_error):
    assert usage_error(*TRIGGER, pair).startswith(f"event_data must be given as NAME=VALUE, got {pair!r}")


def test_a_name_that_is_given_twice_is_refused(usage_error):
    assert usage_error(*TRIGGER, "a=1", "b=2", "a=3").startswith("'a' is given twice")


@pytest.mark.parametrize(
    ("pair", "path"),
    [
        ("name=\x1b[31m", "params[2].event_data.name: U+001B"),
        ("na\x01me=x", "params[2].event_data['na\\x01me']: U+0001"),
        ("name=\udcff", "params[2].event_data.name: U+DCFF"),
        ("name=\ufffe", "params[2].event_data.name: U+FFFE"),
    ],
)
def test_a_character_that_xml_cannot_carry_is_refused_with_its_path(pair, path, usage_error):
    assert usage_error(*TRIGGER, pair).startswith(path)


# trigger: JSON


def test_json_comes_from_a_file(sent, tmp_path):
    data = {"order": {"id": 17, "items": ["ring", {"text": "Dvořák"}], "total": 12.5, "paid": True}, "a b": ""}
    path = tmp_path / "data.json"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    assert sent("--data-json", path) == data


def test_json_comes_from_stdin(sent):
    assert sent("--data-json", "-", stdin='{"name": "Dvořák"}'.encode()) == {"name": "Dvořák"}


def test_json_may_begin_with_a_byte_order_mark(sent):
    assert sent("--data-json", "-", stdin=b"\xef\xbb\xbf{}") == {}


def test_json_is_utf_8_in_every_locale(process, sandbox):
    stdin = '{"name": "Dvořák"}'.encode()
    result = process(*TRIGGER, "--data-json", "-", stdin=stdin, PYTHONIOENCODING="latin-1", encoding="latin-1")
    assert result.code == 0
    sandbox.assert_triggered(event_data={"name": "Dvořák"})


def test_pairs_and_json_are_merged(sent):
    assert sent("shop=main", "--data-json", "-", stdin=b'{"order": 17}') == {"order": 17, "shop": "main"}


@pytest.mark.parametrize(
    ("stdin", "error"),
    [
        (b"", "--data-json is not JSON (Expecting value: line 1 column 1 (char 0))"),
        (b"{", "--data-json is not JSON ("),
        (b"{'a': 1}", "--data-json is not JSON ("),
        (b"[1]", "--data-json must be a JSON object"),
        (b'"text"', "--data-json must be a JSON object"),
        (b"null", "--data-json must be a JSON object"),
        (b'{"a": 1, "a": 2}', "--data-json is not JSON ('a' is given twice)"),
        (b'{"x": [{"a": 1, "b": 2, "a": 1}]}', "--data-json is not JSON ('a' is given twice)"),
        (b'{"a": NaN}', "--data-json is not JSON (NaN is not a number: line 1 column 7 (char 6))"),
        (b'{"a": -Infinity}', "--data-json is not JSON (-Infinity is not a number: line 1 column 7 (char 6))"),
        (b'{"a": 1e999}', "params[2].event_data.a: XML-RPC has no inf"),
        (b'{"a": 9223372036854775808}', "params[2].event_data.a: an int beyond 64 bits"),
        (b'{"a": "\\u0000"}', "params[2].event_data.a: "),
        (b'{"a": null}', "params[2].event_data.a: null "),
        (b'{"a": "\xff"}', "--data-json is not UTF-8 text (invalid start byte at byte 7)"),
        (b'{"a":' * 100_000, "--data-json is not JSON (it is nested too deeply, more than 128 levels: line 1 column "),
        (b'{"a":' * 128 + b"1" + b"}" * 128, "params[2].event_data.a.a"),
        (b'{"order": 1}', "'order' is given twice"),
    ],
)
def test_invalid_or_ambiguous_json_is_refused(stdin, error, usage_error):
    pairs = ["order=2"] if stdin == b'{"order": 1}' else []
    assert usage_error(*TRIGGER, *pairs, "--data-json", "-", stdin=stdin).startswith(error)


def test_a_file_that_cannot_be_read_is_named(usage_error, tmp_path):
    assert f"cannot read {tmp_path} (Is a directory)" in usage_error(*TRIGGER, "--data-json", tmp_path)
    assert "none.json (No such file or directory)" in usage_error(*TRIGGER, "--data-json", tmp_path / "none.json")
    assert "cannot read . (Is a directory)" in usage_error(*TRIGGER, "--data-json", "")


def test_a_closed_stdin_is_named(cli, monkeypatch):
    monkeypatch.setattr("mailkit_xmlrpc.cli.inputs.sys", type("sys", (), {"stdin": None}))
    assert cli(*TRIGGER, "--data-json", "-", "--sandbox").error.startswith(
        "cannot read from -, because stdin is closed"
    )


# trigger: refusals


@pytest.mark.parametrize(("email", "tag", "missing"), [("", "x", "email"), ("a@b", "", "event_tag"), ("", "", "email")])
def test_missing_values_are_sent_and_refused_by_mailkit(email, tag, missing, cli, sandbox):
    result = cli("trigger", email, tag)
    assert (result.code, result.out) == (1, "")
    assert result.error == f"mailkit.journeys.trigger was refused: Missing {missing}"
    assert [call.outcome for call in sandbox.calls] == [Outcome.REFUSED]


# call


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        ([], ()),
        (['"text"', "1", "-1.5", "true", "[]", "{}"], ("text", 1, -1.5, True, [], {})),
        (["2147483648", "-9223372036854775808"], (2**31, -(2**63))),
        (['"ř 🎁"', '{"a": {"b": [1, "2"]}}'], ("ř 🎁", {"a": {"b": [1, "2"]}})),
        ([" 1 "], (1,)),
    ],
)
def test_parameters_are_json(texts, values, cli, sandbox):
    cli("call", "mailkit.unknown", "--", *texts)
    (call,) = sandbox.calls
    assert (call.method, call.params) == ("mailkit.unknown", values)


@pytest.mark.parametrize("text", ["text", "'text'", "{a: 1}", "", "True", "01", "1 2"])
def test_bad_json_gets_a_hint_about_quotes(text, usage_error):
    error = usage_error("call", "mailkit.unknown", "1", text)
    assert error.startswith("parameter 2 is not JSON (")
    assert "text needs double quotes inside the shell's quotes: '\"text\"'" in error


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("NaN", "parameter 1 is not JSON (NaN is not a number: line 1 column 1 (char 0))"),
        ("[" * 100_000, "parameter 1 is not JSON (it is nested too deeply, more than 128 levels: line 1 column "),
        ("9223372036854775808", "params[2]: an int beyond 64 bits"),
        ("1" * 5000, "parameter 1 is not JSON ("),
        ("null", "params[2]: null "),
        ('[1, {"a": null}]', "params[2][1].a: null "),
        ('"\\u001b"', "params[2]: "),
    ],
)
def test_a_value_that_cannot_be_sent_is_refused_with_its_path(text, error, usage_error):
    assert usage_error("call", "mailkit.unknown", text).startswith(error)


@pytest.mark.parametrize("method", ["", "mail kit", "mailkit.ř", "\x1b[31m", "a\nb"])
def test_an_invalid_method_name_is_refused(method, usage_error):
    assert usage_error("call", method).startswith("method: a method name is one word of printable ASCII")


def test_an_answer_without_a_message_is_json(cli, sandbox):
    rows = [{"NAME": "Sandbox", "ID_ALLOW_EMAIL": 1, "STATUS": "active", "EMAIL": "sandbox@example.com", "SPF": True}]
    assert cli("call", "mailkit.profile.emails.list").out == f"DONE {json.dumps(rows)}\n"
    assert cli("call", "mailkit.profile.emails.list", "--json").json["value"] == rows


def test_an_unknown_method_is_refused(cli, sandbox):
    result = cli("call", "mailkit.journeys.triger")
    assert result.code == 1
    assert result.error == (
        "mailkit.journeys.triger: fault -32601: the sandbox does not know the method mailkit.journeys.triger; "
        "did you mean mailkit.journeys.trigger?"
    )


# A bug in the package


@pytest.mark.parametrize("flags", [(), ("--verbose",)])
def test_an_unexpected_exception_is_in_doubt(flags, cli, sandbox, monkeypatch):
    def broken(*arguments, **options):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("mailkit_xmlrpc.call.MethodSpec.judge", broken)
    result = cli(*TRIGGER, *flags)
    assert len(sandbox.events) == 1
    assert result.code == 5
    assert result.error == (
        "unexpected ZeroDivisionError (division by zero), please report it; "
        "the call may have been carried out, so check before sending it again"
    )
    assert ("in broken" in result.err) == bool(flags)


def test_a_word_that_is_a_success_for_the_caller(cli, sandbox):
    sandbox.fail_next("refuse", "QUEUED")
    assert cli("call", "mailkit.mailinglist.list", "--success", "QUEUED").out == "DONE QUEUED\n"
    sandbox.fail_next("refuse", "QUEUED")
    assert cli("call", "mailkit.email.move", "email_id=7", "ID_mailing_list=5", "--success", "QUEUED").code == 0
    sandbox.fail_next("refuse", "QUEUED")
    assert cli("call", "mailkit.mailinglist.list").code == 1


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("[" * 100_000, "the value of name is not JSON (it is nested too deeply, more than 128 levels: line 1 column "),
        ('{"a": 1, "a": 2}', "the value of name is not JSON ('a' is given twice)"),
        ("NaN", "the value of name is not JSON"),
    ],
    ids=["deep", "twice", "NaN"],
)
def test_a_named_value_that_is_ambiguous_json_is_refused(value, problem, cli, sandbox):
    result = cli("call", "mailkit.mailinglist.create", f"name={value}")
    assert (result.code, result.error.startswith(problem)) == (2, True)
    assert sandbox.calls == []
