"""The table of methods."""

from __future__ import annotations

import importlib
import xmlrpc.client

import pytest

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


def test_a_new_method_is_one_row(monkeypatch):
    def answer(state, params):
        return Refusal("Missing name") if not params else {"hello": params[0]}

    monkeypatch.setitem(RULES, "mailkit.greet", Rule(answer))
    with Sandbox() as sandbox, sandbox.client() as mailkit:
        assert mailkit.call("mailkit.greet", "Jane").value == {"hello": "Jane"}
        assert mailkit.call("mailkit.greet").error == "Missing name"
        assert [call.outcome.value for call in sandbox.calls] == ["DONE", "REFUSED"]
