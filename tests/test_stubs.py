"""calls.pyi and aio/methods.pyi are what the groups of methods say."""

from __future__ import annotations

import ast

import pytest

from mailkit_xmlrpc.api.catalogue import CATALOGUE

from .stubs import STUBS, Stub, stub

CALLS, COROUTINES = STUBS


def functions(wanted: Stub) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    nodes = ast.walk(ast.parse(stub(wanted)))
    return [n for n in nodes if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)) and not n.decorator_list]


@pytest.mark.parametrize("wanted", STUBS, ids=lambda wanted: wanted.of)
def test_the_stub_is_up_to_date(wanted):
    assert wanted.path.read_text(encoding="utf-8") == stub(wanted), "run: python -m tests.stubs"


def test_calls_have_a_call_for_every_method():
    returned = [ast.unparse(node.returns) for node in functions(CALLS)]
    assert len(returned) == len(CATALOGUE)
    assert all(each.startswith("Call[") for each in returned)
    assert "timeout" not in stub(CALLS).replace("timeout_days", "")


def test_an_async_client_has_a_coroutine_for_every_method_and_iterators_over_pages():
    found = functions(COROUTINES)
    results = [node for node in found if isinstance(node, ast.AsyncFunctionDef)]
    assert len(results) == len(CATALOGUE)
    assert all(ast.unparse(node.returns).startswith("Result[") for node in results)
    rows = [node for node in found if node not in results]
    assert rows
    assert all(ast.unparse(node.returns).startswith("AsyncIterator[") for node in rows)


def test_an_editor_shows_the_documentation_of_an_async_clients_methods():
    assert [node.name for node in functions(COROUTINES) if not ast.get_docstring(node)] == []
