"""How these tests run the command line: in this process, in one of its own, or on a terminal.

Whatever a test is about, `cli` and `process` look after the promises that every command makes: no control character
and no md5 in any output, and errors that are one line each.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pytest

from mailkit_xmlrpc.cli.app import run
from mailkit_xmlrpc.sandbox import Sandbox

from ..servers import MD5, PATIENCE

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-X", "dev", "-m", "mailkit_xmlrpc")
# What steers a terminal, and what reverses or hides text; joiners (emoji need them) and soft hyphens do neither.
_CONTROLS = ("Cc", "Cf", "Cs", "Zl", "Zp")
_HARMLESS = "\n\u200c\u200d\u00ad"
# Variables that would change what the commands do.
_VARIABLES = re.compile(r"MAILKIT_.*|.*_proxy|NO_COLOR|FORCE_COLOR|TTY_.*|COLUMNS|LC_.*|PYTHON.*|SSL_.*", re.IGNORECASE)


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def error(self):
        """The one error, without "error: "."""
        (line,) = [line for line in self.err.splitlines() if line.startswith("error: ")]
        return line[len("error: ") :]


def controls(text):
    """The characters of `text` that no terminal should get."""
    return {char for char in text if unicodedata.category(char) in _CONTROLS and char not in _HARMLESS}


def check_promises(ended, arguments, shows_md5):
    """What holds for every command."""
    assert not controls(ended.out), ended.out
    assert not controls(ended.err), ended.err
    assert shows_md5 or MD5 not in (ended.out + ended.err).lower()
    assert "--verbose" in arguments or "Traceback" not in ended.err
    errors = [line for line in ended.err.splitlines() if line.startswith("error: ")]
    if ended.code and "doctor" not in arguments and "sandbox" not in arguments and arguments:
        assert len(errors) == 1, ended.err
    if "--verbose" not in arguments and ended.code != 130 and arguments:
        assert ended.err.splitlines() == errors


@pytest.fixture(autouse=True)
def _no_configuration(monkeypatch):
    for name in [name for name in os.environ if _VARIABLES.fullmatch(name)]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True, scope="session")
def _ctrl_c_is_not_ignored():
    """A shell lets what it starts in the background ignore Ctrl-C, and what that starts would inherit it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _ends():
    """Fail where the command does not end: a sandbox that starts though it should not, for instance."""

    def fail(*arguments):
        raise AssertionError("the command does not end")

    before = signal.signal(signal.SIGALRM, fail)
    signal.setitimer(signal.ITIMER_REAL, 2 * PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture
def cli(capsys, monkeypatch):
    """Runs the command line in this process: ``cli("call", "system.listMethods", stdin=b"")``."""

    def command(*arguments, stdin=b"", shows_md5=False):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with _ends():
            code = run([str(argument) for argument in arguments])
        ended = Ended(code, *capsys.readouterr())
        check_promises(ended, arguments, shows_md5)
        return ended

    return command


def environment(**variables):
    """This process's, where the package is found, with `variables`; None takes one out."""
    given = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **variables}
    return {name: value for name, value in given.items() if value is not None}


@pytest.fixture
def process():
    """Runs the command line in a process of its own, where streams, signals or encodings matter."""

    def command(*arguments, stdin=b"", shows_md5=False, encoding="utf-8", **variables):
        ended = subprocess.run(
            [*COMMAND, *map(str, arguments)],
            input=stdin,
            capture_output=True,
            env=environment(**variables),
            timeout=PATIENCE,
        )
        ended = Ended(ended.returncode, ended.stdout.decode(encoding), ended.stderr.decode(encoding))
        check_promises(ended, arguments, shows_md5)
        return ended

    return command


@pytest.fixture
def sandbox(monkeypatch):
    """A running sandbox that the environment points at."""
    with Sandbox() as sandbox:
        for name, value in sandbox.env.items():
            monkeypatch.setenv(name, value)
        yield sandbox


@pytest.fixture
def point_at(monkeypatch):
    """Lets the environment point at a URL."""

    def point(url):
        monkeypatch.setenv("MAILKIT_URL", url)
        monkeypatch.setenv("MAILKIT_CLIENT_ID", "12345678")
        monkeypatch.setenv("MAILKIT_CLIENT_MD5", MD5)

    return point


class Terminal:
    """A command on a terminal of its own.

    Attributes:
        raw: all that it has sent there.
    """

    def __init__(self, *arguments, **variables):
        self.raw = ""
        # Its other end is kept open here too, so that there is something to read from at any time.
        self._master, self._slave = pty.openpty()
        # The leader of a session that opens a terminal gets it as its own: Ctrl-C and /dev/tty then work.
        opened = ["/bin/sh", "-c", 'exec "$@" <"$0" >"$0" 2>&1', os.ttyname(self._slave)]
        self._process = subprocess.Popen(
            [*opened, *COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            env=environment(TERM="xterm-256color", **variables),
            start_new_session=True,
        )

    @property
    def screen(self):
        """What it has shown, without colours."""
        return re.sub("\x1b\\[[0-9;]*m", "", self.raw)

    def expect(self, text, press=""):
        """Wait until `text` was shown; `press` a key for it, after a moment, and again after a while: Python loses
        a Ctrl-C that comes just before it waits for input."""
        limit = time.monotonic() + PATIENCE
        time.sleep(0.2 if press else 0)
        self.type(press)
        while text not in self.screen:
            if not self._read(3 if press else PATIENCE):
                self.type(press)
            assert time.monotonic() < limit, f"{text!r} did not come:\n{self.screen}"

    def type(self, text):
        """Press these keys."""
        os.write(self._master, text.encode())

    def end(self):
        """Wait for the end; the exit code."""
        limit = time.monotonic() + PATIENCE
        while self._process.poll() is None:
            self._read(0.02)
            assert time.monotonic() < limit, f"it does not end:\n{self.screen}"
        while self._read(0):
            pass
        return self._process.returncode

    def _read(self, seconds):
        if not select.select([self._master], [], [], max(0, seconds))[0]:
            return False
        self.raw += os.read(self._master, 65536).decode("utf-8", "replace")
        return True

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(PATIENCE)
        os.close(self._slave)
        os.close(self._master)
