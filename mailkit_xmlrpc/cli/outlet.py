"""`Outlet`: stdout or stderr, as something to print to that never fails.

The exit code says what became of a call, and must not be lost with the output: a reader who has gone, a full disk
or an encoding without the right letters change nothing about it.
"""

from __future__ import annotations

import errno
import io
import os
import threading
from contextlib import suppress
from typing import IO, Any, Callable, TextIO

__all__ = ["Outlet"]


class Outlet(io.TextIOBase):
    """Writes at once to `stream`, from any thread; what its encoding lacks, as ``\\u0159``.

    Args:
        stream: where to; None, as Python has it for a stream that was closed from the beginning, for nowhere.
        on_failure: told why nothing more can be written, unless it is that nobody reads it any more.

    Attributes:
        heard: False once nothing more can be written.
    """

    def __init__(self, stream: TextIO | None, on_failure: Callable[[str], None] = lambda reason: None) -> None:
        super().__init__()
        self.heard = True
        self._stream = stream
        self._on_failure = on_failure
        self._lock = threading.Lock()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The stream's encoding."""
        return getattr(self._stream, "encoding", None) or "utf-8"

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._stream is not None and self._stream.isatty()

    def fileno(self) -> int:
        """The stream's descriptor."""
        return super().fileno() if self._stream is None else self._stream.fileno()

    def write(self, text: str) -> int:
        """Write some text."""
        self._send(self._stream, text.encode(self.encoding, "backslashreplace").decode(self.encoding))
        return len(text)

    def write_bytes(self, data: bytes) -> None:
        """Write bytes, whatever the encoding."""
        self._send(getattr(self._stream, "buffer", None), data)

    def _send(self, stream: IO[Any] | None, data: str | bytes) -> None:
        if stream is None or not self.heard:
            return
        try:
            with self._lock:
                stream.write(data)
                stream.flush()
        except (OSError, ValueError) as error:
            _drop(stream)
            self.heard = False
            if getattr(error, "errno", None) != errno.EPIPE:
                self._on_failure(getattr(error, "strerror", None) or str(error))


def _drop(stream: IO[Any]) -> None:
    """Let what is still in the buffer go nowhere, or Python complains about it at its end, and exits with 120."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
