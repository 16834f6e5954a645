"""README.md and docs/: a reader can follow every page as it stands, so that no document can lie.

`reader.Reader` says how. Blocks that it cannot follow are in the tables below, with the reason.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager, nullcontext
from importlib.util import find_spec
from pathlib import Path

import pytest

import mailkit_xmlrpc

from .reader import Block, Reader, blocks_of

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCKS = [block for document in DOCUMENTS for block in blocks_of(document)]

# Blocks that the reader does not follow: the page, how the block starts, and why not.
NOT_FOLLOWED = {
    ("README.md", "python3 -m venv .venv "): ".ci/run runs it as it stands; it installs packages from an index",
    ("README.md", "python3 -m venv .venv-test "): ".ci/run runs it as it stands; it is this suite",
    ("quickstart.md", "python3 -m venv .venv\n"): "installs packages from an index, as README.md's first command does",
    ("quickstart.md", "unset MAILKIT_URL\n"): "needs an account at Mailkit, and a person who types its MD5 code",
    ("errors.md", "mailkit.mailinglist.list attempt 1"): "lines of a log; tests/test_attempts.py has their form",
    ("from-serverproxy.md", "-from xmlrpc.client"): "a difference, and not a program",
    ("from-serverproxy.md", "-from aiohttp_xmlrpc"): "a difference, and not a program",
    ("cli.md", "client_id = 12345678\n"): "a file with credentials; tests/cli/test_credentials.py reads one",
    ("cli.md", "$ mailkit-xmlrpc report raw messages --to messages.csv --pause"): "needs 25,000 messages",
    (
        "cli.md",
        "$ mailkit-xmlrpc report raw messages --to messages.csv\nerror",
    ): "needs 25,000 messages, and breaks",
    ("cli.md", "$ mailkit-xmlrpc sandbox --port 8080"): "does not end; tests/cli/test_serve.py compares what it prints",
}
SYNOPSIS = re.compile(r"mailkit-xmlrpc [a-z ]+( \[?[A-Z]\S*.*| bash\|zsh\|fish)?\n")
LANGUAGES = {
    "php": "tests/php/test_from_php.py runs them, if there is a PHP",
    "yaml": "tests/cli/test_compose.py runs the commands in it",
}
# What must be installed to follow the files of a page and the commands that use them.
REQUIRES = {"django.md": ("django", "pytest_django"), "async.md": ("fastapi", "httpx", "aiohttp")}


def why_not(block):
    """Why the reader cannot follow a block; None for one that the reader follows."""
    for (name, start), reason in NOT_FOLLOWED.items():
        if block.document.name == name and block.code.startswith(start):
            return reason
    if (block.document.name, block.language) == ("cli.md", "text") and SYNOPSIS.fullmatch(block.code):
        return "a synopsis; tests/cli/test_reference.py compares it with the command"
    return LANGUAGES.get(block.language)


FOLLOWED = [block for block in BLOCKS if why_not(block) is None]


def is_shell(block):
    return block.language in ("sh", "console") or block.file is not None


def is_python(block):
    return block.language == "python" and not is_shell(block)


def pages(chosen):
    """The blocks that are `chosen`, of each page that has some."""
    return list(_pages(chosen))


def _pages(chosen):
    for document in DOCUMENTS:
        found = [block for block in FOLLOWED if block.document == document and chosen(block)]
        missing = missing_for(document) if any(block.file for block in found) else ""
        if found:
            skip = pytest.mark.skipif(bool(missing), reason=missing)
            yield pytest.param(found, id=document.name, marks=skip)


def missing_for(document):
    """Why the files of a page cannot be used; "" if they can."""
    missing = [name for name in REQUIRES.get(document.name, ()) if find_spec(name) is None]
    return f"not installed: {', '.join(missing)}" if missing else ""


def blocks(language):
    """The blocks in a language, for other tests."""
    for block in FOLLOWED:
        if block.language == language:
            yield pytest.param(block.code, block.document, block.line, id=str(block))


needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")


@contextmanager
def following(found, tmp_path):
    """A reader who has read so far."""
    reader = Reader(tmp_path)
    page = [block for block in FOLLOWED if block.document == found[0].document]
    with reader.with_sandbox() if any(block.starts_sandbox for block in page) else nullcontext():
        yield reader


@pytest.mark.parametrize("found", pages(lambda block: is_python(block) and not block.has_tests))
def test_the_python_of_a_page_runs_in_one_bare_interpreter(found, tmp_path):
    with following(found, tmp_path) as reader:
        reader.runs_python(found)


@pytest.mark.parametrize("found", pages(lambda block: is_python(block) and block.has_tests))
def test_the_tests_of_a_page_pass_in_a_bare_pytest(found, tmp_path):
    with following(found, tmp_path) as reader:
        reader.runs_tests(found)


@needs_bash
@pytest.mark.parametrize("found", pages(is_shell))
def test_the_commands_of_a_page_print_what_it_shows(found, tmp_path):
    with following(found, tmp_path) as reader:
        reader.runs_commands(found)


STARTS_SANDBOX = {block.document for block in FOLLOWED if block.starts_sandbox}


def test_the_python_of_all_pages_runs_with_one_sandbox_and_a_second_time(tmp_path):
    reader = Reader(tmp_path)
    with reader.with_sandbox():
        for document in sorted(STARTS_SANDBOX) * 2:
            found = [block for block in FOLLOWED if block.document == document and is_python(block)]
            if found:
                reader.runs_python(found)


@pytest.mark.parametrize("document", sorted(STARTS_SANDBOX - {ROOT / "README.md"}), ids=lambda path: path.name)
def test_a_page_starts_the_sandbox_before_its_python(document):
    """README.md says it after its first example."""
    kinds = [
        each.starts_sandbox
        for each in FOLLOWED
        if each.document == document and (each.starts_sandbox or is_python(each))
    ]
    assert kinds.index(True) == 0


@pytest.fixture
def reader(tmp_path):
    return Reader(tmp_path)


def block(code, language="python"):
    return Block(ROOT / "README.md", language, 1, code)


OTHER_MACHINE = r"calls another machine: \['socket\.\w+ (api\.mailkit\.eu|192\.0\.2\.7)'"
CALLS = [
    '__import__("mailkit_xmlrpc").Client(1, "0" * 32, retry=None).call("mailkit.mailinglist.list")',
    '__import__("mailkit_xmlrpc").ServerProxy("https://api.mailkit.eu/rpc.fcgi", proxy="").system.listMethods()',
    '__import__("xmlrpc.client").client.ServerProxy("https://api.mailkit.eu/rpc.fcgi").system.listMethods()',
    '__import__("xmlrpc.client").client.ServerProxy("http://192.0.2.7/").system.listMethods()',
    'asyncio.run(asyncio.open_connection("api.mailkit.eu", 443))',
    'socket.socket().connect(("192.0.2.7", 443))',
    'socket.socket().connect_ex(("192.0.2.7", 443))',
    'socket.socket(type=socket.SOCK_DGRAM).sendto(b"", ("192.0.2.7", 53))',
    'subprocess.run([sys.executable, "-c", "import socket; socket.create_connection((\'api.mailkit.eu\', 443))"])',
]
HIDDEN = """\
import asyncio, socket, subprocess, sys
try:
    {call}
except OSError:
    pass
"""


class TestTheReader:
    """Would notice a page that lies, and can never reach Mailkit."""

    def test_has_no_account(self, reader):
        with pytest.raises(AssertionError, match="MAILKIT_CLIENT_ID is not set"):
            reader.runs_python([block("from mailkit_xmlrpc import Client\nClient.from_env()\n")])

    @pytest.mark.parametrize("call", CALLS)
    def test_of_python_cannot_call_another_machine_even_if_the_block_hides_it(self, reader, call):
        with pytest.raises(AssertionError, match=OTHER_MACHINE):
            reader.runs_python([block(HIDDEN.format(call=call))])

    def test_of_tests_cannot_call_another_machine(self, reader):
        with pytest.raises(AssertionError, match=OTHER_MACHINE):
            reader.runs_tests([block(f"def test_it():\n    {CALLS[0]}\n")])

    @needs_bash
    def test_of_commands_cannot_call_another_machine(self, reader):
        command = (
            f"MAILKIT_CLIENT_ID=1 MAILKIT_CLIENT_MD5={'0' * 32} mailkit-xmlrpc trigger a@example.com tag || true\n"
        )
        with pytest.raises(AssertionError, match=OTHER_MACHINE):
            reader.runs_commands([block(command, "sh")])

    @needs_bash
    @pytest.mark.parametrize("program", ["curl", "php", "wget"])
    def test_has_no_other_program_that_could(self, reader, program):
        if shutil.which(program, path=Path(sys.executable).parent):
            pytest.skip(f"{program} is in the same folder as this Python")
        with pytest.raises(AssertionError, match="ended with 127"):
            reader.runs_commands([block(f"{program} --version\n", "sh")])

    def test_notices_a_wrong_comment_about_what_is_printed(self, reader):
        reader.runs_python([block("print(1 + 1)  # 2\n")])
        with pytest.raises(AssertionError, match="says that this is printed: 3"):
            reader.runs_python([block("print(1 + 1)  # 3\n")])

    @needs_bash
    def test_keeps_variables_and_exit_codes_from_one_command_to_the_next(self, reader):
        shell = block("export COLOUR=red\n", "sh"), block("$ echo $COLOUR\nred\n$ false\n$ echo $?\n1\n", "console")
        reader.runs_commands(list(shell))
        with pytest.raises(AssertionError, match="printed:\nred"):
            reader.runs_commands([shell[0], block("$ echo $COLOUR\nblue\n", "console")])

    def test_is_told_everything_else_with_a_reason(self):
        unknown = [f"{each}: {each.language}" for each in FOLLOWED if not (is_shell(each) or is_python(each))]
        assert unknown == [], "run it, or say in NOT_FOLLOWED why not"

    def test_has_no_reason_too_many(self):
        for name, start in NOT_FOLLOWED:
            found = [each for each in BLOCKS if each.document.name == name and each.code.startswith(start)]
            assert len(found) == 1, (name, start)


HIDES_THE_MD5 = """
from django.conf import settings
from django.http import HttpRequest

settings.configure()
{block}
request = HttpRequest()
request.META = {{"MAILKIT_CLIENT_MD5": "the md5", "PATH": "/"}}
for kind in (SafeExceptionReporterFilter, HideMd5):
    print(kind().get_safe_request_meta(request))
"""


@pytest.mark.skipif(find_spec("django") is None, reason="not installed: django")
def test_django_would_show_the_md5_without_what_the_page_adds():
    (code,) = [each.code for each in BLOCKS if each.code.startswith("# shop/reports.py")]
    command = [sys.executable, "-I", "-c", HIDES_THE_MD5.format(block=code)]
    ended = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60)
    shown, hidden = map(ast.literal_eval, ended.stdout.splitlines())
    assert (shown["MAILKIT_CLIENT_MD5"], hidden["PATH"]) == ("the md5", "/")
    assert "the md5" not in str(hidden)


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
