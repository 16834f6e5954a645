"""``methods``, and the named arguments of ``call``."""

from __future__ import annotations

import pytest

from mailkit_xmlrpc.api.campaigns import CampaignSettings
from mailkit_xmlrpc.api.catalogue import CATALOGUE


def test_it_lists_every_method_with_its_arguments(cli):
    result = cli("methods")
    assert result.code == 0
    assert [line.split()[0] for line in result.out.splitlines()[1:]] == list(CATALOGUE)
    (line,) = [line for line in result.out.splitlines() if line.startswith("mailkit.email.move ")]
    assert line.endswith("  (email_id, ID_mailing_list)")
    assert "(ID_user_list, *, email, confirm=False, status=None, " in result.out
    assert "**fields)" in result.out


def test_a_text_selects_by_name_and_by_summary(cli):
    assert [line.split()[0] for line in cli("methods", "WIPE").out.splitlines()[1:]] == ["mailkit.email.wipe"]
    assert "mailkit.campaigns.schedule.timezones" in cli("methods", "time zones").out
    result = cli("methods", "nonsense")
    assert (result.code, result.out) == (2, "")
    assert result.error == "no method has 'nonsense' in its name or summary"


def test_a_full_name_prints_the_documentation(cli):
    out = cli("methods", "mailkit.email.unsubscribe").out
    assert out.startswith("mailkit.email.unsubscribe(email_id, *, ID_send_message=None, send_optout=None")
    assert "14 to 90" in out
    assert "a call in doubt is not sent again. It is partly documented." in out


def test_the_description_has_the_names_of_all_arguments(cli):
    shown = " ".join(cli("methods", "mailkit.campaigns.create").out.split())
    assert f"Arguments: {', '.join(CampaignSettings.__annotations__)}." in shown
    assert "timeout" not in shown


def test_json_has_all_fields(cli):
    rows = cli("methods", "--json").json
    assert [row["method"] for row in rows] == list(CATALOGUE)
    assert rows[0] == {
        "method": "mailkit.campaigns.list",
        "arguments": "(ID_message=None)",
        "summary": "All campaigns, or one",
        "reads": True,
        "certainty": "partly documented",
        "page": "https://mailkit.com/resources/api/campaign-management",
    }
    assert [row["method"] for row in cli("methods", "mailkit.email.move", "--json").json] == ["mailkit.email.move"]


class TestNamedArguments:
    def test_are_those_of_the_library(self, cli, sandbox):
        assert cli("call", "mailkit.mailinglist.create", "name=vip", "description=5").out == 'DONE {"data": 1}\n'
        arguments = ("ID_user_list=1", "email=jane@example.com", 'custom={"3": "x"}', "confirm=false", "city=Brno")
        assert cli("call", "mailkit.mailinglist.adduser", *arguments).code == 0
        assert sandbox.calls[-1].params == (
            *(1, False, {"email": "amFuZUBleGFtcGxlLmNvbQ=="}),
            *({"city": "QnJubw=="}, {"custom3": "eA=="}),
        )

    def test_a_wrong_name_is_refused_for_every_method(self, cli, sandbox):
        for name in CATALOGUE:
            result = cli("call", name, "no_such_argument=1")
            assert result.code == 2 or "*params" in cli("methods", name).out
            assert "no_such_argument" in result.error

    def test_are_json_if_valid_and_text_otherwise(self, cli, sandbox):
        for text, sent in (("17", 17), ('"17"', "17"), ("x y", "x y"), ("{", "{"), ("", "")):
            cli("call", "mailkit.email.getstatus", f"email_id={text}")
            assert sandbox.calls[-1].params == (sent,)

    def test_a_refusal_is_that_of_the_method(self, cli, sandbox):
        result = cli("call", "mailkit.email.move", "email_id=7", "ID_mailing_list=5")
        assert (result.code, result.out) == (1, "")
        assert result.error.startswith("mailkit.email.move was refused: the recipient was not moved")

    @pytest.mark.parametrize(
        ("arguments", "problem"),
        [
            (("mailkit.email.move", "email_id=7"), "missing a required argument: 'ID_mailing_list'"),
            (
                ("mailkit.email.move", "email_id=7", "list=5"),
                "has no argument 'list'; there are email_id, ID_mailing_list",
            ),
            (("mailkit.email.move", "email_id=7", "email_id=8"), "'email_id' is given twice"),
            (("mailkit.email.move", "7", "ID_mailing_list=8"), "either all as JSON or all as NAME=VALUE"),
            (("mailkit.email.mvoe", "email_id=7"), "did you mean mailkit.email.move?"),
            (("mailkit.mailinglist.adduser", "ID_user_list=1", "email=x", "citty=Brno"), "did you mean city?"),
            *(
                (
                    ("mailkit.mailinglist.adduser", "ID_user_list=1", "email=x", f'custom={{"{number}": "y"}}'),
                    "numbered 1 to 25",
                )
                for number in ("x", "\u00b2", "\u0663", "01", "1" * 5000)
            ),
        ],
    )
    def test_errors_are_reported_before_anything_is_sent(self, arguments, problem, cli, sandbox):
        result = cli("call", *arguments)
        assert result.code == 2
        assert problem in result.error
        assert sandbox.calls == []
