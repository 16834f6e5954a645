"""The table of methods."""

from __future__ import annotations

import importlib
import xmlrpc.client

import pytest

from mailkit_xmlrpc.answers import Rows, Struct
from mailkit_xmlrpc.api.catalogue import CATALOGUE
from mailkit_xmlrpc.sandbox import Sandbox
from mailkit_xmlrpc.sandbox.rules import RULES, unknown
from mailkit_xmlrpc.sandbox.rules.base import Refusal, Rule


def test_the_methods_are_those_of_the_client():
    assert set(RULES) - {"system.listMethods"} == set(CATALOGUE)


def test_every_group_of_the_documentation_has_a_module():
    """The module has exactly the methods of that group."""
    for method in CATALOGUE:
        group = method.split(".")[1]
        name = "delivery" if group.startswith("send") else group
        module = importlib.import_module(f"mailkit_xmlrpc.sandbox.rules.{name}")
        assert module.RULES[method] is RULES[method]


def test_every_row_is_a_rule():
    assert {"system.listMethods", "mailkit.journeys.trigger"} <= set(RULES)
    assert all(isinstance(rule, Rule) for rule in RULES.values())
    assert [method for method, rule in RULES.items() if rule.open] == ["system.listMethods"]


def test_list_methods(sandbox):
    with sandbox.client() as mailkit:
        assert mailkit.call("system.listMethods").value == sorted(RULES)
    with xmlrpc.client.ServerProxy(sandbox.url) as proxy:
        assert proxy.system.listMethods() == sorted(RULES)
        # If a call has credentials, they are checked.
        assert proxy.system.listMethods(sandbox.client_id, "wrong") == "Unauthorized"


@pytest.mark.parametrize(
    ("method", "hint"),
    [
        ("mailkit.journeys.triger", "did you mean mailkit.journeys.trigger?"),
        ("system.listmethods", "did you mean system.listMethods?"),
        ("a", "system.listMethods names those that it knows"),
    ],
)
def test_an_unknown_method_gets_a_hint(method, hint):
    assert unknown(method) == f"the sandbox does not know the method {method}; {hint}"


def used(mailkit, sandbox):
    """A result of each kind of method, from an account in which everything has happened."""
    vip = mailkit.mailinglist.create("vip").unwrap()["data"]
    campaign = mailkit.campaigns.create(name="Jaro", subject="s", ID_allow_email=1).unwrap()
    jane, gone = [mailkit.sendmail(vip, campaign, send_to=f"{name}@example.com").unwrap() for name in ("jane", "gone")]
    send, message = jane["data2"], jane["data3"]
    sandbox.open_message(message)
    sandbox.click(message, "https://example.com/a")
    sandbox.bounce(gone["data3"])
    mailkit.campaigns.single.schedule(campaign, "2030-01-01 10:00")
    yield mailkit.journeys.trigger("jane@example.com", "order_paid")
    yield mailkit.mailinglist.list()
    yield mailkit.mailinglist.adduser(vip, email="new@example.com")
    yield mailkit.mailinglist.import_(vip, [{"email": "a@example.com"}])
    yield mailkit.mailinglist.getstatus(vip)
    yield mailkit.mailinglist.engagement(vip)
    yield mailkit.email.getstatus("jane@example.com")
    yield mailkit.email.getstatus.history("jane@example.com")
    yield mailkit.campaigns.list()
    yield mailkit.campaigns.schedule.list()
    yield mailkit.campaigns.schedule.timezones()
    yield mailkit.report()
    yield mailkit.report.campaign(campaign)
    yield mailkit.report.message(send)
    yield mailkit.report.message.recipients(send)
    yield mailkit.report.message.feedback(send)
    links = mailkit.report.message.links(send)
    yield links
    yield mailkit.report.message.links.visitors(send, links.unwrap()[0]["ID_URL"])
    yield mailkit.report.message.bounces(send)
    yield mailkit.report.raw.messages()
    yield mailkit.report.raw.responses()
    yield mailkit.report.raw.bounces()
    yield mailkit.profile.emails.list()
    yield mailkit.filemanager.upload([{"name": "a.txt", "data": "x"}, {"name": ""}])
    yield mailkit.filemanager.list()
    mailkit.email.unsubscribe("jane@example.com")
    yield mailkit.mailinglist.unsubscribed()
    yield mailkit.email.wipe("jane@example.com")
    yield mailkit.sendmail(vip, campaign, send_to="new@example.com")
    extra = mailkit.mailinglist.create("extra")
    yield extra
    yield mailkit.mailinglist.delete(extra.unwrap()["data"])


def test_every_answer_has_the_members_that_its_type_requires(sandbox):
    seen = set()
    with sandbox.client() as mailkit:
        for result in used(mailkit, sandbox):
            answer = CATALOGUE[result.method].answer
            rows, row = (
                (result.unwrap(), answer.row) if isinstance(answer, Rows) else ([result.unwrap()], answer.struct)
            )
            assert rows, result.method
            for each in rows:
                assert row.__required_keys__ <= each.keys(), result.method
            seen.add(result.method)
    typed = {name for name, spec in CATALOGUE.items() if isinstance(spec.answer, (Rows, Struct))}
    assert typed - seen == {"mailkit.profile.queries.list"}  # the sandbox has no stored query


def test_a_new_method_is_one_row(monkeypatch):
    def answer(state, params):
        return Refusal("Missing name") if not params else {"hello": params[0]}

    monkeypatch.setitem(RULES, "mailkit.greet", Rule(answer))
    with Sandbox() as sandbox, sandbox.client() as mailkit:
        assert mailkit.call("mailkit.greet", "Jane").value == {"hello": "Jane"}
        assert mailkit.call("mailkit.greet").error == "Missing name"
        assert [call.outcome.value for call in sandbox.calls] == ["DONE", "REFUSED"]
