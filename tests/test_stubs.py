"""calls.pyi is what the groups of methods say."""

from __future__ import annotations

import ast

from mailkit_xmlrpc.api.catalogue import CATALOGUE

from .stubs import PATH, stub


def test_the_stub_is_up_to_date():
    assert PATH.read_text(encoding="utf-8") == stub(), "run: python -m tests.stubs"


def test_it_has_a_call_for_every_method():
    functions = [node for node in ast.walk(ast.parse(stub())) if isinstance(node, ast.FunctionDef)]
    returned = [ast.unparse(node.returns) for node in functions if not node.decorator_list]
    assert len(returned) == len(CATALOGUE)
    assert all(each.startswith("Call[") for each in returned)
    assert "timeout" not in stub().replace("timeout_days", "")
