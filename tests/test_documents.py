"""README.md and docs/: every block runs against the sandbox, so that no document can lie.

``python`` blocks are executed, with credentials and URL of a sandbox in the environment; functions in them that
are named test_* are called with the sandbox as the fixtures `mailkit_sandbox` and `mailkit_env`. ``console`` blocks
hold commands after "$ " and what they print. ``sh`` blocks hold commands whose `mailkit-xmlrpc` part is run. Blocks of
other languages are for reading, or belong to other tests.
"""

from __future__ import annotations

import inspect
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import mailkit_xmlrpc
from mailkit_xmlrpc.sandbox import Sandbox

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language):
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        for match in BLOCK.finditer(text):
            if match[1] == language:
                line = text.count("\n", 0, match.start()) + 2
                yield pytest.param(match[2], document, line, id=f"{document.name}:{line}")


@pytest.fixture
def sandbox(monkeypatch):
    with Sandbox() as sandbox:
        monkeypatch.setenv("MAILKIT_URL", sandbox.url)
        monkeypatch.setenv("MAILKIT_CLIENT_ID", str(sandbox.client_id))
        monkeypatch.setenv("MAILKIT_CLIENT_MD5", sandbox.client_md5)
        yield sandbox


@pytest.mark.parametrize(("code", "document", "line"), list(blocks("python")))
def test_a_python_block_runs(code, document, line, sandbox, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    namespace = {"__name__": "block", "mailkit_sandbox": sandbox}
    # Line numbers of the document, for a traceback that can be followed.
    exec(compile("\n" * (line - 1) + code, str(document), "exec"), namespace)
    for name, test in list(namespace.items()):
        if name.startswith("test_") and inspect.isfunction(test):
            fixtures = {"mailkit_sandbox": sandbox, "mailkit_env": sandbox}
            fixtures.update(monkeypatch=monkeypatch, tmp_path=tmp_path)
            sandbox.clear()
            test(**{parameter: fixtures[parameter] for parameter in inspect.signature(test).parameters})


def run_command(command, cwd):
    words = shlex.split(command)
    assert words[0] == "mailkit-xmlrpc"
    return subprocess.run(
        [sys.executable, "-m", "mailkit_xmlrpc", *words[1:]],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        timeout=30,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize(("code", "document", "line"), list(blocks("sh")))
def test_the_command_of_a_shell_block_runs(code, document, line, sandbox, tmp_path):
    for command in re.findall(r"\bmailkit-xmlrpc .*", code):
        ended = run_command(command, tmp_path)
        assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize(("code", "document", "line"), list(blocks("console")))
def test_a_console_block_prints_what_it_shows(code, document, line, sandbox, tmp_path):
    for step in re.split(r"^\$ ", code, flags=re.MULTILINE)[1:]:
        command, _, shown = step.partition("\n")
        ended = run_command(command, tmp_path)
        pattern = "".join(".*" if part == "..." else re.escape(part) for part in re.split(r"(\.\.\.)", shown))
        printed = ended.stdout + ended.stderr
        assert re.fullmatch(pattern, printed, re.DOTALL), f"{command} printed:\n{printed}"


def test_every_document_is_reached_from_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for document in DOCUMENTS[1:]:
        assert f"(docs/{document.name})" in readme


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document):
    for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target


def test_the_changelog_names_the_version_of_the_code():
    versions = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert versions[0] == mailkit_xmlrpc.__version__
