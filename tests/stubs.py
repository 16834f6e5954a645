"""``mailkit_xmlrpc/api/calls.pyi``, made from the groups of methods: ``python -m tests.stubs`` writes it.

The functions of the groups say what a `Client` returns, a `Result`. On `calls` the same functions return a `Call`, and
nothing in Python's types can say so without naming each; so this program does.
"""

from __future__ import annotations

import ast
import builtins
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from mailkit_xmlrpc.api import (
    campaigns,
    delivery,
    email,
    filemanager,
    journeys,
    mailinglist,
    methods,
    profile,
    raw_report,
    report,
)

__all__ = ["PATH", "stub"]

PATH = Path(methods.__file__).with_name("calls.pyi")
GROUPS = (campaigns, delivery, email, filemanager, journeys, mailinglist, profile, raw_report, report)

HEAD = '''\
"""Types of `calls`; written by ``python -m tests.stubs``."""

'''


def stub() -> str:
    """The whole file."""
    classes = [Group(module, node) for module in GROUPS for node in _classes(module)]
    root = _class(methods, "Methods")
    used = {name: origin for group in classes for name, origin in group.used}
    body = "\n\n".join([*(group.text for group in classes), _root(root)])
    return f"{HEAD}{_imports(used)}\n{body}\n\ncalls: Calls\n"


class Group:
    """One class of a group, as text, and the names that its annotations use."""

    def __init__(self, module: ModuleType, node: ast.ClassDef) -> None:
        self.module = module
        self.used: set[tuple[str, str]] = set()
        functions = [self._function(each) for each in node.body if isinstance(each, ast.FunctionDef)]
        lines = [line for line in functions if line]
        self.text = "\n".join([f"class {_stub_name(module, node.name)}:", *lines])

    def _function(self, node: ast.FunctionDef) -> str:
        if node.name.startswith("_") and node.name != "__call__":
            return ""
        assert node.returns is not None
        if any(ast.unparse(decorator) == "property" for decorator in node.decorator_list):
            return f"    @property\n    def {node.name}(self) -> {self._property(node.returns)}: ..."
        if not ast.unparse(node.returns).startswith("Result["):
            return ""  # rows() is not one call
        arguments = node.args
        keep = [index for index, argument in enumerate(arguments.kwonlyargs) if argument.arg != "timeout"]
        arguments.kwonlyargs, arguments.kw_defaults = (
            [arguments.kwonlyargs[index] for index in keep],
            [arguments.kw_defaults[index] for index in keep],
        )
        self._note(arguments)
        self._note(node.returns)
        returns = ast.unparse(node.returns).replace("Result[", "Call[", 1)
        return f"    def {node.name}({ast.unparse(arguments)}) -> {returns}: ..."

    def _property(self, returns: ast.expr) -> str:
        name = ast.unparse(returns)
        return _stub_name(inspect.getmodule(vars(self.module)[name]) or self.module, name)

    def _note(self, node: ast.AST) -> None:
        for each in ast.walk(node):
            if isinstance(each, ast.Name) and not hasattr(builtins, each.id) and each.id != "Result":
                self.used.add((each.id, self._origin(each.id)))

    def _origin(self, name: str) -> str:
        if name == "Unpack":
            return "typing_extensions"
        value = vars(self.module)[name]
        origin = "typing" if name == "Any" else value.__module__
        return origin.replace("mailkit_xmlrpc.api.", ".") if origin.startswith("mailkit") else origin


def _classes(module: ModuleType) -> Iterator[ast.ClassDef]:
    """The public namespaces that a module defines."""
    for node in ast.parse(inspect.getsource(module)).body:
        public = isinstance(node, ast.ClassDef) and not node.name.startswith("_")
        if public and issubclass(vars(module)[node.name], methods.Namespace):
            yield node


def _class(module: ModuleType, name: str) -> ast.ClassDef:
    tree = ast.parse(inspect.getsource(module))
    return next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)


def _root(node: ast.ClassDef) -> str:
    """`Calls`, from the properties of `Methods`."""
    lines = ["class Calls:"]
    for each in node.body:
        if isinstance(each, ast.FunctionDef) and each.returns is not None and each.decorator_list:
            name = ast.unparse(each.returns)
            module = next(module for module in GROUPS if name in vars(module))
            lines.append(f"    @property\n    def {each.name}(self) -> {_stub_name(module, name)}: ...")
    return "\n".join(lines)


def _stub_name(module: ModuleType, name: str) -> str:
    """Two groups can have classes of one name."""
    return f"_{module.__name__.rpartition('.')[2].title().replace('_', '')}{name}"


def _imports(used: dict[str, str]) -> str:
    origins: dict[str, list[str]] = {"..call": ["Call"]}
    for name, origin in used.items():
        origins.setdefault(origin, []).append(name)
    ordered = sorted(origins, key=lambda origin: (origin.startswith("."), not origin.startswith(".."), origin))
    return "".join(f"from {origin} import {', '.join(sorted(origins[origin]))}\n" for origin in ordered)


if __name__ == "__main__":
    PATH.write_text(stub(), encoding="utf-8")
