"""The types of `calls` and of `AsyncMethods`, made from the groups of methods: ``python -m tests.stubs`` writes them.

The functions of the groups say what a `Client` returns, a `Result`. On `calls` the same functions return a `Call`, and
on an `AsyncClient` a coroutine. Nothing in Python's types can say so without naming each; so this program does.
"""

from __future__ import annotations

import ast
import builtins
import inspect
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent
from types import ModuleType
from typing import Callable, NamedTuple

from mailkit_xmlrpc.aio import methods as async_methods
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

__all__ = ["STUBS", "stub"]

GROUPS = (campaigns, delivery, email, filemanager, journeys, mailinglist, profile, raw_report, report)


class Stub(NamedTuple):
    """One file of types.

    Attributes:
        path: where it is.
        of: what it has the types of.
        root: the class whose attributes are the groups.
        function: what stands for a function of a group; "" if it is left out.
        imports: the names that all such functions use, by module.
        end: what follows the classes.
    """

    path: Path
    of: str
    root: str
    function: Callable[[ast.FunctionDef], str]
    imports: dict[str, list[str]]
    end: str = ""


def _call(node: ast.FunctionDef) -> str:
    """A function of `calls`. A call has no timeout."""
    returns = _returns(node)
    if not returns.startswith("Result["):
        return ""  # rows() is not one call
    arguments = node.args
    keep = [index for index, argument in enumerate(arguments.kwonlyargs) if argument.arg != "timeout"]
    arguments.kwonlyargs, arguments.kw_defaults = (
        [arguments.kwonlyargs[index] for index in keep],
        [arguments.kw_defaults[index] for index in keep],
    )
    return f"def {node.name}({ast.unparse(arguments)}) -> {returns.replace('Result[', 'Call[', 1)}: ..."


def _coroutine(node: ast.FunctionDef) -> str:
    """A function of an `AsyncClient`, with its docstring: an editor shows it."""
    returns, arguments = _returns(node), ast.unparse(node.args)
    if returns.startswith("Iterator["):
        return f"def {node.name}({arguments}) -> Async{returns}:{_body(node)}"
    return f"async def {node.name}({arguments}) -> {returns}:{_body(node)}"


def _body(node: ast.FunctionDef) -> str:
    doc = ast.get_docstring(node)
    return " ..." if doc is None else "\n" + indent(f'"""{doc}"""', " " * 8)


STUBS = (
    Stub(
        Path(methods.__file__).with_name("calls.pyi"),
        "calls",
        "Calls",
        _call,
        {"..call": ["Call"]},
        "\n\ncalls: Calls",
    ),
    Stub(
        Path(async_methods.__file__).with_suffix(".pyi"),
        "AsyncMethods",
        "AsyncMethods",
        _coroutine,
        {"collections.abc": ["AsyncIterator"], "..result": ["Result"]},
    ),
)


def stub(wanted: Stub) -> str:
    """The whole file."""
    classes = [Group(module, node, wanted) for module in GROUPS for node in _classes(module)]
    root = _class(methods, "Methods")
    used = {name: origin for group in classes for name, origin in group.used}
    body = "\n\n".join([*(group.text for group in classes), _root(root, wanted.root)])
    head = f'"""Types of `{wanted.of}`; written by ``python -m tests.stubs``."""'
    return f"{head}\n\n{_imports(used, wanted.imports)}\n{body}{wanted.end}\n"


class Group:
    """One class of a group, as text, and the names that its annotations use."""

    def __init__(self, module: ModuleType, node: ast.ClassDef, wanted: Stub) -> None:
        self.module = module
        self.used: set[tuple[str, str]] = set()
        self._package = "mailkit_xmlrpc." + wanted.path.parent.name
        self._wanted = wanted
        functions = [self._function(each) for each in node.body if isinstance(each, ast.FunctionDef)]
        lines = [line for line in functions if line]
        self.text = "\n".join([f"class {_stub_name(module, node.name)}:", *lines])

    def _function(self, node: ast.FunctionDef) -> str:
        if node.name.startswith("_") and node.name != "__call__":
            return ""
        assert node.returns is not None
        if any(ast.unparse(decorator) == "property" for decorator in node.decorator_list):
            return f"    @property\n    def {node.name}(self) -> {self._property(node.returns)}: ..."
        function = self._wanted.function(node)
        if not function:
            return ""
        self._note(node.args)
        self._note(node.returns)
        return f"    {function}"

    def _property(self, returns: ast.expr) -> str:
        name = ast.unparse(returns)
        return _stub_name(inspect.getmodule(vars(self.module)[name]) or self.module, name)

    def _note(self, node: ast.AST) -> None:
        for each in ast.walk(node):
            if isinstance(each, ast.Name) and not hasattr(builtins, each.id) and each.id not in ("Result", "Iterator"):
                self.used.add((each.id, self._origin(each.id)))

    def _origin(self, name: str) -> str:
        if name == "Unpack":
            return "typing_extensions"
        value = vars(self.module)[name]
        origin: str = "typing" if name == "Any" else value.__module__
        if origin.startswith(self._package):
            return origin[len(self._package) :]
        return origin.replace("mailkit_xmlrpc.", "..") if origin.startswith("mailkit_xmlrpc.") else origin


def _returns(node: ast.FunctionDef) -> str:
    assert node.returns is not None
    return ast.unparse(node.returns)


def _classes(module: ModuleType) -> Iterator[ast.ClassDef]:
    """The public namespaces that a module defines."""
    for node in ast.parse(inspect.getsource(module)).body:
        public = isinstance(node, ast.ClassDef) and not node.name.startswith("_")
        if public and issubclass(vars(module)[node.name], methods.Namespace):
            yield node


def _class(module: ModuleType, name: str) -> ast.ClassDef:
    tree = ast.parse(inspect.getsource(module))
    return next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)


def _root(node: ast.ClassDef, name: str) -> str:
    """The class whose attributes are the groups, from the properties of `Methods`."""
    lines = [f"class {name}:"]
    for each in node.body:
        if isinstance(each, ast.FunctionDef) and each.returns is not None and each.decorator_list:
            name = _returns(each)
            module = next(module for module in GROUPS if name in vars(module))
            lines.append(f"    @property\n    def {each.name}(self) -> {_stub_name(module, name)}: ...")
    return "\n".join(lines)


def _stub_name(module: ModuleType, name: str) -> str:
    """Two groups can have classes of one name."""
    return f"_{module.__name__.rpartition('.')[2].title().replace('_', '')}{name}"


def _imports(used: dict[str, str], always: dict[str, list[str]]) -> str:
    origins = {origin: list(names) for origin, names in always.items()}
    for name, origin in used.items():
        origins.setdefault(origin, []).append(name)
    ordered = sorted(origins, key=lambda origin: (origin.startswith("."), not origin.startswith(".."), origin))
    return "".join(f"from {origin} import {', '.join(sorted(origins[origin]))}\n" for origin in ordered)


if __name__ == "__main__":
    for each in STUBS:
        each.path.write_text(stub(each), encoding="utf-8")
