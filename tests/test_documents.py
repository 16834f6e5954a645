"""README.md and docs/: every block runs as it does for a reader, so that no document can lie.

The blocks of a page run in order, in new processes with an empty directory and an environment without MAILKIT_*
variables. If the page says to run `mailkit-xmlrpc sandbox` in a block of its own, that is done, and the lines that it
prints are set. Blocks of Python run in one process; those that define tests are files for pytest. ``console`` blocks
hold commands after "$ " and what they print, ``sh`` blocks hold commands. Blocks of other languages are for reading, or
belong to other tests.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

import mailkit_xmlrpc

from .servers import PATIENCE, unused_port

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
START_SANDBOX = re.compile(r"(\S*/)?mailkit-xmlrpc sandbox\n")

# Blocks that do not run here, by document and first line, and why.
NOT_RUN = {
    ("README.md", "python3 -m venv .venv "): ".ci/run runs it in a fresh environment",
    ("README.md", "python3 -m venv .venv-test "): ".ci/run runs it in a fresh environment; it is this suite",
}

# Runs blocks of Python in order, each with the lines that it has in its document.
RUNNER = """
import json, sys
for code, document, line in json.load(sys.stdin):
    exec(compile("\\n" * (line - 1) + code, document, "exec"), {"__name__": "__main__"})
"""


def blocks(language):
    for document in DOCUMENTS:
        for code, line in blocks_of(document, language):
            yield pytest.param(code, document, line, id=f"{document.name}:{line}")


def blocks_of(document, *languages):
    """The code of the blocks of a document that run, and their first lines."""
    text = document.read_text(encoding="utf-8")
    for match in BLOCK.finditer(text):
        if match[1] in languages and not any(
            document.name == name and match[2].startswith(start) for name, start in NOT_RUN
        ):
            yield match[2], text.count("\n", 0, match.start()) + 2


def bare_environment(tmp_path):
    """What a shell has after login. Nothing outside this machine can be reached: for https there is a dead proxy."""
    kept = ("LANG", "LC_ALL", "SYSTEMROOT")
    variables = {name: os.environ[name] for name in kept if name in os.environ}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {
        **variables,
        "PATH": path,
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "HTTPS_PROXY": f"http://127.0.0.1:{unused_port()}",
    }


@contextmanager
def running_sandbox(environment):
    """Run `mailkit-xmlrpc sandbox`, and set in `environment` what it says."""
    command = [sys.executable, "-m", "mailkit_xmlrpc", "sandbox"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        exports = [line for line in map(next, [process.stderr] * 5) if line.startswith("export ")]
        environment.update(line[len("export ") :].rstrip().split("=", 1) for line in exports)
        yield
        process.send_signal(signal.SIGINT)
        process.stderr.read()


@pytest.fixture
def reader(tmp_path):
    """Run a command in an empty directory, as a reader of this document would."""
    with ExitStack() as stack:

        def reading(document):
            environment = bare_environment(tmp_path)
            if any(START_SANDBOX.fullmatch(code) for code, _ in blocks_of(document, "sh")):
                stack.enter_context(running_sandbox(environment))

            def run(*command, stdin=""):
                return subprocess.run(
                    command,
                    cwd=tmp_path,
                    env=environment,
                    input=stdin,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    encoding="utf-8",
                    timeout=6 * PATIENCE,
                )

            return run

        yield reading


def has_tests(code):
    return re.search(r"^(def test_|@pytest)", code, re.MULTILINE) is not None


def params_of(predicate):
    return [pytest.param(page, id=page.name) for page in DOCUMENTS if predicate(page)]


@pytest.mark.parametrize("document", params_of(lambda page: any(blocks_of(page, "python"))))
def test_the_python_of_a_page_runs_in_order(document, reader):
    found = [(code, document.name, line) for code, line in blocks_of(document, "python") if not has_tests(code)]
    ended = reader(document)(sys.executable, "-c", RUNNER, stdin=json.dumps(found))
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("document", params_of(lambda page: any(has_tests(c) for c, _ in blocks_of(page, "python"))))
def test_the_tests_of_a_page_pass_in_a_project_of_their_own(document, reader, tmp_path):
    run = reader(document)
    for code, line in blocks_of(document, "python"):
        if has_tests(code):
            folder = tmp_path / f"line_{line}"
            folder.mkdir()
            name = "conftest.py" if "def test_" not in code else f"test_line_{line}.py"
            (folder / name).write_text("\n" * (line - 1) + code, encoding="utf-8")
            (folder / "test_other.py").write_text("def test_nothing():\n    pass\n", encoding="utf-8")
    ended = run(sys.executable, "-m", "pytest", "-q", "--import-mode=importlib", "-p", "no:cacheprovider")
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("document", params_of(lambda page: any(blocks_of(page, "console", "sh"))))
def test_the_commands_of_a_page_print_what_it_shows(document, reader):
    run = reader(document)
    for code, _ in blocks_of(document, "console", "sh"):
        if START_SANDBOX.fullmatch(code):
            continue
        for step in re.split(r"^\$ ", code, flags=re.MULTILINE)[1:] if code.startswith("$ ") else [code]:
            command, _, shown = step.partition("\n")
            ended = run("bash", "-c", command)
            pattern = "".join(".*" if part == "..." else re.escape(part) for part in re.split(r"(\.\.\.)", shown))
            assert re.fullmatch(pattern, ended.stdout, re.DOTALL), f"{command} printed:\n{ended.stdout}"


def test_a_block_cannot_reach_mailkit(reader):
    url = "https://api.mailkit.eu/rpc.fcgi"
    code = f"from mailkit_xmlrpc import Client; Client(1, '0' * 32, url={url!r}, retry=None).call('m')"
    ended = reader(ROOT / "docs" / "cli.md")(sys.executable, "-c", code)
    assert ended.returncode == 1
    assert "cannot connect to the proxy 127.0.0.1" in ended.stdout


def test_every_block_that_does_not_run_exists():
    for name, start in NOT_RUN:
        text = next(page for page in DOCUMENTS if page.name == name).read_text(encoding="utf-8")
        assert any(match[2].startswith(start) for match in BLOCK.finditer(text))


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
