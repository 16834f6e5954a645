"""The house itself: who may import whom, what importing does, and that every door has its sign."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import mailkit_xmlrpc

PACKAGE = Path(mailkit_xmlrpc.__file__).parent
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))
every_module = pytest.mark.parametrize("module", MODULES, ids=str)

# Each room and the rooms that it may import from. A room may always import from itself.
WIRE = {"_version", "errors", "codec", "headers", "options", "transport"}
CALLS = {"errors", "conversion", "answers", "result", "call"}
CORE = WIRE | CALLS | {"proxy", "api", "attempts", "base_client", "client", "aio"}
EVERYTHING_PUBLIC = CORE | {"php", "webhooks", "conformance", "sandbox", ""}
FLOORS = {
    "_version": set(),
    "errors": set(),
    "codec": {"errors"},
    "headers": {"errors"},
    "options": {"errors", "codec", "headers"},
    "transport": WIRE - {"transport"},
    "proxy": WIRE - {"_version"},
    "conversion": set(),
    "answers": {"errors", "conversion"},
    "result": {"errors"},
    "call": CALLS - {"call"},
    "api": CALLS,
    "attempts": CALLS | WIRE,
    "base_client": CORE - {"base_client", "client", "aio"},
    "client": CORE - {"client", "aio"},
    "aio": CORE - {"aio", "client"},
    "php": {"errors", "codec", "call"},
    "webhooks": {"errors", "codec"},
    "conformance": {"errors", "codec", "fixtures"},
    "sandbox": {"errors", "codec", "options", "client", "aio"},
    "cli": EVERYTHING_PUBLIC,
    "pytest_plugin": EVERYTHING_PUBLIC,
    "__main__": {"cli"},
    # The front door shows what the rooms hold.
    "": EVERYTHING_PUBLIC - {"", "sandbox"},
}
# Of a room whose modules build on one another, each after those that it may import.
STAIRS = {
    "transport": [
        "deadline",
        "request",
        "framing",
        "head",
        "stream",
        "connect",
        "pool",
        "response",
        "exchange",
        "transport",
    ],
    "aio": ["methods", "stream", "pool", "proxy", "client"],
}


def room(module):
    """ "codec" for codec/decode.py, "errors" for errors.py, "" for the package's own __init__.py."""
    return "" if module.parts == ("__init__.py",) else module.parts[0].removesuffix(".py")


def tree(module):
    return ast.parse((PACKAGE / module).read_text(encoding="utf-8"))


def imports(module):
    """The dotted names of this package's modules that a module imports, anywhere in it: in functions and under
    TYPE_CHECKING too."""
    package = [mailkit_xmlrpc.__name__, *module.with_suffix("").parts[:-1]]
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                # "from . import codec" names a module, "from .codec import Limits" does not: longer is no harm.
                yield f"{name}.{alias.name}"


def imported_rooms(module):
    for name in imports(module):
        first, *rest = name.split(".")
        if first == mailkit_xmlrpc.__name__:
            is_room = bool(rest) and ((PACKAGE / rest[0]).is_dir() or (PACKAGE / f"{rest[0]}.py").exists())
            yield rest[0] if is_room or rest[:1] == ["fixtures"] else ""


class TestFloors:
    @every_module
    def test_imports_go_down_and_never_up(self, module):
        here = room(module)
        assert here in FLOORS, f"{here} has no floor: say above what it may import"
        reached = set(imported_rooms(module)) - {here}
        assert reached <= FLOORS[here], f"{module} reaches {sorted(reached - FLOORS[here])}"

    def test_the_table_itself_has_no_way_up(self):
        """Whatever a room may import may not, by any way, import that room."""
        for start in FLOORS.keys() - {""}:
            seen, waiting = set(), list(FLOORS[start] - {start})
            while waiting:
                current = waiting.pop()
                if current not in seen and current in FLOORS and current:
                    seen.add(current)
                    waiting += FLOORS[current] - {current}
            assert start not in seen, start

    @pytest.mark.parametrize("floor", STAIRS)
    def test_stairs_within_a_room_go_down_too(self, floor):
        stairs = STAIRS[floor]
        modules = [module for module in MODULES if room(module) == floor and module.name != "__init__.py"]
        assert {module.stem for module in modules} == set(stairs)
        for module in modules:
            here = stairs.index(module.stem)
            for name in imports(module):
                parts = name.split(".")
                if parts[:2] == ["mailkit_xmlrpc", floor] and parts[2] in stairs:
                    assert stairs.index(parts[2]) < here, f"{module} imports {parts[2]}"

    @pytest.mark.skipif(sys.version_info < (3, 10), reason="Python 3.9 does not know its own module names")
    def test_the_core_needs_defusedxml_and_nothing_else(self):
        for module in MODULES:
            self.assert_light(module)

    @staticmethod
    def assert_light(module):
        allowed = {"mailkit_xmlrpc", "defusedxml", "__future__"}
        allowed |= {"cli": {"click", "rich"}, "pytest_plugin": {"pytest"}}.get(room(module), set())
        typing_only = {
            name
            for node in ast.walk(tree(module))
            if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
            for inner in ast.walk(node)
            if isinstance(inner, ast.ImportFrom)
            for name in [inner.module]
        }
        for name in imports(module):
            first = name.split(".")[0]
            assert first in allowed or first in sys.stdlib_module_names or first in typing_only, f"{module}: {name}"

    def test_the_wheel_has_every_package(self):
        metadata = (PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8")
        listed = re.findall(r'"(mailkit_xmlrpc[a-z_.]*)",', metadata.partition("\npackages = [")[2].partition("]")[0])
        packages = {".".join(("mailkit_xmlrpc", *module.parts[:-1])) for module in MODULES}
        assert set(listed) == packages | {"mailkit_xmlrpc.fixtures"}

    def test_the_wheel_has_every_stub(self):
        metadata = (PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8")
        listed = set(re.findall(r'^"(mailkit_xmlrpc[a-z_.]*)" = \["\*\.pyi"\]', metadata, re.MULTILINE))
        stubs = {path.relative_to(PACKAGE.parent) for path in PACKAGE.rglob("*.pyi")}
        assert listed == {".".join(stub.parts[:-1]) for stub in stubs}

    def test_nothing_is_called_utils(self):
        for module in MODULES:
            for part in module.with_suffix("").parts:
                assert part.strip("_") not in ("utils", "util", "helpers", "common", "misc"), module


class TestEveryModule:
    @every_module
    def test_can_be_read_in_one_sitting(self, module):
        lines = (PACKAGE / module).read_text(encoding="utf-8").count("\n")
        # A group's rows, specs and methods stand together; most of their lines are docstrings.
        bound = 420 if room(module) == "api" else 320
        assert lines <= bound, f"{module} has {lines} lines"

    def test_asyncio_has_no_second_copy_of_the_client(self):
        """What is written by hand for it; the stub is written by a program."""
        modules = [module for module in MODULES if room(module) == "aio"]
        assert sum((PACKAGE / module).read_text(encoding="utf-8").count("\n") for module in modules) < 500

    @every_module
    def test_says_what_it_is_for(self, module):
        document = tree(module)
        assert ast.get_docstring(document), "no docstring"
        for name, node in self.public(document):
            assert ast.get_docstring(node), f"{name} has no docstring"

    @staticmethod
    def public(document, prefix=""):
        """Public classes, functions and methods; not what Python's own protocols or overloads explain."""
        for node in document.body:
            if not isinstance(node, (ast.ClassDef, ast.FunctionDef)) or node.name.startswith("_"):
                continue
            decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
            is_declaration = isinstance(node.body[-1], ast.Expr) and ast.unparse(node.body[-1]) == "..."
            if "overload" in " ".join(decorators) or f"{node.name}.setter" in decorators or is_declaration:
                continue
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from TestEveryModule.public(node, f"{prefix}{node.name}.")

    @pytest.mark.parametrize("module", [module for module in MODULES if room(module) in CORE], ids=str)
    def test_lists_what_it_offers(self, module):
        """__all__ names what is there; a folder whose modules are imported one by one has none."""
        dotted = ".".join(["mailkit_xmlrpc", *module.with_suffix("").parts])
        loaded = importlib.import_module(dotted.removesuffix(".__init__"))
        offered = getattr(loaded, "__all__", [])
        assert len(set(offered)) == len(offered)
        assert [name for name in offered if not hasattr(loaded, name)] == []
        if str(module) not in ("_version.py", "api/__init__.py"):
            assert offered, "nothing is offered: what is it for?"


class TestTheFrontDoor:
    def test_lists_what_a_type_checker_sees_and_nothing_else(self):
        (block,) = [node for node in tree(Path("__init__.py")).body if isinstance(node, ast.If)]
        names = [alias.name for node in block.body for alias in node.names if alias.name != "*"]
        stars = [f"mailkit_xmlrpc.{node.module}" for node in block.body if node.names[0].name == "*"]
        seen = {*names, *(name for star in stars for name in importlib.import_module(star).__all__)}
        assert set(mailkit_xmlrpc.__all__) == seen | {"__version__"}
        assert len(set(mailkit_xmlrpc.__all__)) == len(mailkit_xmlrpc.__all__)

    def test_every_name_is_there_at_its_first_use(self):
        for name in mailkit_xmlrpc.__all__:
            value = getattr(mailkit_xmlrpc, name)
            assert getattr(mailkit_xmlrpc, name) is value
            assert name in dir(mailkit_xmlrpc)
        names = {}
        exec("from mailkit_xmlrpc import *", names)
        assert set(mailkit_xmlrpc.__all__) <= names.keys()

    def test_another_name_is_an_attribute_error(self):
        with pytest.raises(AttributeError, match="no_such_name"):
            mailkit_xmlrpc.no_such_name  # noqa: B018
        with pytest.raises(ImportError):
            exec("from mailkit_xmlrpc import no_such_name")

    @pytest.mark.parametrize(
        "name",
        [
            "AsyncClient",
            "AsyncServerProxy",
            "Client",
            "Result",
            "ServerProxy",
            "MailkitError",
            "Outcome",
            "Retry",
            "Limits",
            "CallRecord",
            "codec",
            "Call",
            "calls",
        ],
    )
    def test_has_the_names_of_the_design(self, name):
        assert name in mailkit_xmlrpc.__all__

    def test_its_rooms_are_those_of_the_package(self):
        for name in mailkit_xmlrpc.__all__:
            if type(getattr(mailkit_xmlrpc, name)).__name__ == "module":
                assert getattr(mailkit_xmlrpc, name).__name__ == f"mailkit_xmlrpc.{name}"

    def test_the_codec_has_the_names_of_the_design(self):
        from mailkit_xmlrpc import codec

        assert {
            "Limits",
            "ResponseDecoder",
            "decode_request",
            "decode_response",
            "encode_fault",
            "encode_request",
            "encode_response",
        } <= set(codec.__all__)

    def test_is_typed(self):
        assert (PACKAGE / "py.typed").exists()

    def test_every_module_can_be_imported_on_its_own(self):
        names = [name for _, name, _ in pkgutil.walk_packages([str(PACKAGE)], "mailkit_xmlrpc.")]
        core = [name for name in names if name.split(".")[1] in CORE]
        program = f"""
            import importlib, sys
            sys.path[:0] = {sys.path!r}
            for name in {core!r}:
                for loaded in [loaded for loaded in sys.modules if loaded.startswith("mailkit_xmlrpc")]:
                    del sys.modules[loaded]
                importlib.import_module(name)
        """
        run_python(program)


def run_python(program, *options):
    """What `program` prints, in an interpreter of its own."""
    run = [sys.executable, "-W", "error", *options, "-c", textwrap.dedent(program)]
    return subprocess.run(run, stdout=subprocess.PIPE, check=True, timeout=60, encoding="utf-8").stdout


class TestImporting:
    def test_opens_no_socket_starts_no_thread_and_reads_no_other_file(self):
        # -I -S: without site, so that what is seen is the package's doing.
        seen = run_python(
            f"""
            import os, sys
            paths = [path for path in {sys.path!r} if path]
            sys.path[:0] = paths
            roots = tuple(os.path.realpath(path) for path in sys.path)
            events = []

            def watch(event, args):
                if event.startswith(("socket.", "subprocess.", "os.fork", "os.exec", "_thread.start", "os.system")):
                    events.append(event)
                elif event == "open" and isinstance(args[0], str):
                    name = os.path.realpath(args[0])
                    module = name.endswith((".py", ".pyc", ".so", ".pyd")) or ".pyc." in name
                    if not (module and name.startswith(roots)):
                        events.append(f"open {{name}}")
                elif event == "os.listdir" and not os.path.realpath(args[0] or ".").startswith(roots):
                    events.append(f"listdir {{args[0]}}")

            sys.addaudithook(watch)
            import mailkit_xmlrpc
            import threading
            print(events, threading.active_count())
            """,
            "-I",
            "-S",
        )
        assert seen.strip() == "[] 1"

    def test_changes_nothing_of_the_host_program(self):
        seen = run_python(
            f"""
            import asyncio.selector_events, asyncio.sslproto
            import gzip, http.client, logging, os, socket, ssl, sys, warnings, xmlrpc.client
            import xml.parsers.expat, xml.sax, xml.etree.ElementTree
            sys.path[:0] = {sys.path!r}

            def picture():
                state = {{}}
                for module in (xmlrpc.client, http.client, socket, ssl, gzip, xml.sax, xml.parsers.expat,
                               xml.etree.ElementTree, asyncio, asyncio.events, asyncio.selector_events):
                    state.update({{(module.__name__, name): id(value) for name, value in vars(module).items()}})
                for cls in (xmlrpc.client.ServerProxy, xmlrpc.client.Transport, xmlrpc.client.SafeTransport,
                            xmlrpc.client.Unmarshaller, xmlrpc.client.Marshaller, http.client.HTTPResponse,
                            asyncio.BaseEventLoop, asyncio.Task, asyncio.sslproto.SSLProtocol,
                            asyncio.selector_events._SelectorSocketTransport):
                    state.update({{(cls.__name__, name): id(value) for name, value in vars(cls).items()}})
                state["env"] = dict(os.environ)
                state["timeout"] = socket.getdefaulttimeout()
                state["warnings"] = list(warnings.filters)
                state["logging"] = (logging.root.level, list(logging.root.handlers), logging.root.manager.disable)
                state["limits"] = (sys.getrecursionlimit(), sys.getswitchinterval())
                return state

            asyncio.run(asyncio.sleep(0))  # makes asyncio's policy
            before = picture()
            import mailkit_xmlrpc
            after_import = picture()
            try:
                mailkit_xmlrpc.Client(1, "0" * 32, url="http://127.0.0.1:9/", retry=None, timeout=1).call("m")
            except OSError:
                pass
            client = mailkit_xmlrpc.AsyncClient(1, "0" * 32, url="http://127.0.0.1:9/", retry=None, timeout=1)
            try:
                asyncio.run(client.call("m"))
            except OSError:
                pass
            assert mailkit_xmlrpc.codec.decode_response(mailkit_xmlrpc.codec.encode_response(5)) == 5
            after_use = picture()
            for name, after in (("import", after_import), ("use", after_use)):
                print(name, sorted(str(key) for key in after if before.get(key) != after[key] and key in before))
            print(xmlrpc.client.FastParser, xmlrpc.client.ExpatParser.__module__)
            """
        )
        assert seen.splitlines() == ["import []", "use []", "None xmlrpc.client"]

    HEAVY = (
        "asyncio",
        "mailkit_xmlrpc.aio",
        "defusedxml.xmlrpc",
        "http.server",
        "pydoc",
        "socketserver",
        "xmlrpc.server",
        "click",
        "rich",
        "pytest",
    )

    def test_leaves_heavy_modules_for_their_first_use(self):
        seen = run_python(
            f"""
            import sys
            sys.path[:0] = {sys.path!r}
            import mailkit_xmlrpc
            client = mailkit_xmlrpc.Client(1, "0" * 32, url="http://127.0.0.1:9/", retry=None, timeout=1)
            print([name for name in {self.HEAVY!r} if name in sys.modules])
            try:
                client.journeys.trigger("jane@example.com", "order_paid")
            except mailkit_xmlrpc.NotSentError:
                pass
            mailkit_xmlrpc.codec.encode_request("m", [1])
            print([name for name in {self.HEAVY!r} if name in sys.modules])
            """
        )
        assert seen.splitlines() == ["[]", "[]"]

    def test_works_where_asserts_are_switched_off(self):
        program = f"""
            import sys
            sys.path[:0] = {sys.path!r}
            from mailkit_xmlrpc import Client, ConfigError, codec
            try:
                Client(0, "x")
            except ConfigError:
                print(codec.decode_response(codec.encode_response({{"a": [1]}})))
        """
        assert run_python(program, "-OO").strip() == "{'a': [1]}"
