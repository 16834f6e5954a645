"""Talks to one peer: a program in another language that carries out the requests on its standard input, one per line.

A peer has two processes, each started at most once per session: a ``pipe`` that reads and writes documents and makes
calls, and a ``server`` that prints its URL and then answers ``echo``. An answer may take `PATIENCE` seconds. `close`
stops both processes in any state.

================================  =============================================================
asked                             answered
================================  =============================================================
``decode DOCUMENT``               ``value ...``
``encode VALUE``                  ``document DOCUMENT``, a call or an answer
``call URL METHOD PARAMS``        ``value ...``, or ``fault CODE TEXT``
anything that the peer refuses    ``refused TEXT``
================================  =============================================================

Documents and texts are in hex, URLs and method names as they are, values in the words of `notation`.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import tempfile
import time
from typing import Any

from . import notation
from .roster import Entry

__all__ = ["Broken", "Fault", "Peer", "Refused"]

PATIENCE = 15.0


class Refused(Exception):
    """The peer's library refused the request."""


class Fault(Refused):
    """The server answered with a fault, as the peer's client reports it."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"fault {code}: {text}")
        self.code = code
        self.text = text


class Broken(Exception):
    """The peer ended, hung or printed nonsense: a mistake in the peer's script or a crash of its library."""


class Peer:
    """One peer, started at its first use."""

    def __init__(self, entry: Entry, command: list[str]) -> None:
        self.name = entry.name
        self._command = command
        self._pipe: _Process | None = None
        self._server: _Process | None = None
        self._url = ""
        self._broken: Broken | None = None

    def decode(self, document: bytes) -> Any:
        """The value that the peer's codec reads from a document."""
        return notation.read(self._ask("value", "decode", notation.packed(document)))

    def encode(self, value: Any) -> bytes:
        """The document that the peer's codec writes for a value."""
        return notation.unpacked(self._ask("document", "encode", notation.write(value)))

    def call(self, url: str, method: str, *params: Any) -> Any:
        """What the peer's client returns for a call."""
        return notation.read(self._ask("value", "call", url, method, notation.write(list(params))))

    @property
    def url(self) -> str:
        """The URL of the peer's server."""
        if self._server is None:
            self._server = self._started("server")
            self._url = self._server.line(PATIENCE)
        if not self._url:
            raise Broken("its server did not start")
        return self._url

    def close(self) -> None:
        """End the peer's processes."""
        for process in (self._pipe, self._server):
            if process is not None:
                process.end()
        self._pipe = self._server = None

    def _ask(self, wanted: str, *words: str) -> str:
        if self._broken is not None:
            raise Broken(f"it broke before: {self._broken}")
        if self._pipe is None:
            self._pipe = self._started("pipe")
        try:
            self._pipe.say(" ".join(words))
            kind, _, rest = self._pipe.line(PATIENCE).partition(" ")
        except Broken as broken:
            # The peer is not asked again, because each further request might run into a timeout.
            self._broken = broken
            raise
        if kind == "refused":
            raise Refused(_text(rest))
        if kind == "fault":
            code, text = rest.split()
            raise Fault(code, _text(text))
        if kind != wanted:
            raise Broken(f"{self.name} answered {kind!r} to {words[0]!r}")
        return rest

    def _started(self, role: str) -> _Process:
        return _Process([*self._command, role])


def _text(word: str) -> str:
    return notation.unpacked(word).decode("utf-8", "replace")


class _Process:
    """A process that prints lines. Its standard error is shown if it fails."""

    def __init__(self, command: list[str]) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  (closed by `end`)
        self._buffer = bytearray()
        self._popen = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8", "NO_PROXY": "*", "no_proxy": "*"},
            bufsize=0,
            # A separate process group, so that its child processes end with it.
            start_new_session=True,
        )

    def say(self, line: str) -> None:
        assert self._popen.stdin is not None
        data = memoryview(line.encode("ascii") + b"\n")
        try:
            while data:
                data = data[self._popen.stdin.write(data) or 0 :]
        except OSError:
            raise Broken(self._complaint("has ended")) from None

    def line(self, patience: float) -> str:
        assert self._popen.stdout is not None
        deadline = time.monotonic() + patience
        while b"\n" not in self._buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._popen.stdout], [], [], left)[0]:
                raise Broken(self._complaint(f"said nothing for {patience} s"))
            piece = os.read(self._popen.stdout.fileno(), 1 << 20)
            if not piece:
                raise Broken(self._complaint("has ended"))
            self._buffer += piece
        line, _, rest = bytes(self._buffer).partition(b"\n")
        self._buffer = bytearray(rest)
        return line.decode("ascii")

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()
        for stream in (self._popen.stdin, self._popen.stdout, self._errors):
            if stream is not None:
                stream.close()

    def _complaint(self, what: str) -> str:
        self._errors.seek(0)
        return f"{self._popen.args[0]!r} {what}: {self._errors.read()[-2000:].decode('utf-8', 'replace')}"  # type: ignore[index]
