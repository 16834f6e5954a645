"""Fixtures that run the command line: in this process, in a new process, or on a terminal.

In every test, `cli` and `process` also check that the output has no control characters and no md5, and that an error is
one line.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
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
# Categories of characters that control a terminal, or reverse or hide text. Joiners (emoji need them) and soft hyphens
# are in them too, but are harmless.
_CONTROLS = ("Cc", "Cf", "Cs", "Zl", "Zp")
_HARMLESS = "\n\u200c\u200d\u00ad"
# Variables that change the behaviour of the commands.
_VARIABLES = re.compile(
    r"MAILKIT_.*|.*_proxy|NO_COLOR|FORCE_COLOR|TTY_.*|COLUMNS|LINES|LC_.*|PYTHON.*|SSL_.*", re.IGNORECASE
)


@dataclass(frozen=True)
class CommandResult:
    """The exit code and the output of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def error(self):
        """The text of the only error, without "error: "."""
        (line,) = [line for line in self.err.splitlines() if line.startswith("error: ")]
        return line[len("error: ") :]


def controls(text):
    """The characters of `text` that must not be written to a terminal."""
    return {char for char in text if unicodedata.category(char) in _CONTROLS and char not in _HARMLESS}


def check_invariants(result, arguments, shows_md5):
    """Check what must be true for every command."""
    assert not controls(result.out), result.out
    assert not controls(result.err), result.err
    assert shows_md5 or MD5 not in (result.out + result.err).lower()
    assert "--verbose" in arguments or "Traceback" not in result.err
    errors = [line for line in result.err.splitlines() if line.startswith("error: ")]
    if result.err.startswith("Usage: "):
        return
    if result.code and "doctor" not in arguments and "sandbox" not in arguments:
        assert len(errors) == 1, result.err
    if "--verbose" not in arguments and result.code != 130:
        assert [line for line in result.err.splitlines() if line != "no rows"] == errors


@pytest.fixture(autouse=True)
def _no_configuration(monkeypatch):
    for name in [name for name in os.environ if _VARIABLES.fullmatch(name)]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True, scope="session")
def _ctrl_c_is_not_ignored():
    """A shell starts background processes with SIGINT ignored, and their child processes inherit that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _time_limit():
    """Fail if the command does not end, for instance a sandbox that starts although it should not."""

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
    """Run the command line in this process: ``cli("call", "system.listMethods", stdin=b"")``."""

    def command(*arguments, stdin=b"", shows_md5=False):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with _time_limit():
            code = run([str(argument) for argument in arguments])
        result = CommandResult(code, *capsys.readouterr())
        check_invariants(result, arguments, shows_md5)
        return result

    return command


def environment(**variables):
    """The environment of this process, with PYTHONPATH and `variables`; None removes a variable."""
    given = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **variables}
    return {name: value for name, value in given.items() if value is not None}


@pytest.fixture
def process():
    """Run the command line in a new process, for tests of streams, signals or encodings."""

    def command(*arguments, stdin=b"", shows_md5=False, encoding="utf-8", **variables):
        completed = subprocess.run(
            [*COMMAND, *map(str, arguments)],
            input=stdin,
            capture_output=True,
            env=environment(**variables),
            timeout=PATIENCE,
        )
        result = CommandResult(
            completed.returncode, completed.stdout.decode(encoding), completed.stderr.decode(encoding)
        )
        check_invariants(result, arguments, shows_md5)
        return result

    return command


@pytest.fixture
def sandbox(monkeypatch):
    """A running sandbox. The environment variables point to it."""
    with Sandbox() as sandbox:
        for name, value in sandbox.env.items():
            monkeypatch.setenv(name, value)
        yield sandbox


@pytest.fixture
def point_at(monkeypatch):
    """Point the environment variables to a URL."""

    def point(url):
        monkeypatch.setenv("MAILKIT_URL", url)
        monkeypatch.setenv("MAILKIT_CLIENT_ID", "12345678")
        monkeypatch.setenv("MAILKIT_CLIENT_MD5", MD5)

    return point


class Terminal:
    """A command on a pseudo-terminal.

    Args:
        arguments: the arguments of the command.
        width: the number of columns of the terminal; 0 for a terminal that does not know.
        variables: environment variables.

    Attributes:
        raw: the output, with escape sequences.
    """

    def __init__(self, *arguments, width=0, **variables):
        self.raw = ""
        # The slave end stays open here, because reading from the master fails without an open slave.
        self._master, self._slave = pty.openpty()
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50 if width else 0, width, 0, 0))
        # A session leader that opens a terminal gets it as its controlling terminal, which Ctrl-C and /dev/tty need.
        opened = ["/bin/sh", "-c", 'exec "$@" <"$0" >"$0" 2>&1', os.ttyname(self._slave)]
        self._process = subprocess.Popen(
            [*opened, *COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            env=environment(**{"TERM": "xterm-256color", **variables}),
            start_new_session=True,
        )

    @property
    def screen(self):
        """The output without colours."""
        return re.sub("\x1b\\[[0-9;]*m", "", self.raw)

    def expect(self, text, press=""):
        """Wait for `text` in the output. If `press` is given, type it first, and again if `text` does not appear.

        Python loses a Ctrl-C that arrives just before it waits for input.
        """
        limit = time.monotonic() + PATIENCE
        time.sleep(0.2 if press else 0)
        self.type(press)
        while text not in self.screen:
            if not self._read(3 if press else PATIENCE):
                self.type(press)
            assert time.monotonic() < limit, f"{text!r} was not shown:\n{self.screen}"

    def type(self, text):
        """Type this text."""
        os.write(self._master, text.encode())

    def end(self):
        """Wait for the end of the command. Returns the exit code."""
        limit = time.monotonic() + PATIENCE
        while self._process.poll() is None:
            self._read(0.02)
            assert time.monotonic() < limit, f"the command does not end:\n{self.screen}"
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
