"""`SafeStream`: stdout or stderr, wrapped so that writing to it does not fail.

The exit code reports the outcome of a call. It must not depend on the output: a closed pipe, a full disk or an encoding
without the needed characters do not change it.
"""

from __future__ import annotations

import errno
import io
import os
import threading
from contextlib import suppress
from typing import IO, Any, Callable, TextIO, cast

from rich.console import Console

__all__ = ["SafeStream", "console", "drop"]


class SafeStream(io.TextIOBase):
    """A text stream that writes to `stream` without buffering. It is thread-safe.

    Characters that the encoding lacks are written as ``\\u0159``.

    Args:
        stream: the stream to write to. None discards everything; sys.stdout is None if stdout was closed at the start.
        on_failure: called with the reason when writing fails, except for a closed pipe.

    Attributes:
        can_write: False after a write has failed.
    """

    def __init__(self, stream: TextIO | None, on_failure: Callable[[str], None] = lambda reason: None) -> None:
        super().__init__()
        self.can_write: bool = True
        self._stream = _in_one_piece(stream)
        self._on_failure = on_failure
        self._lock = threading.Lock()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream."""
        return getattr(self._stream, "encoding", None) or "utf-8"

    def isatty(self) -> bool:
        """Whether the stream is a terminal."""
        return self._stream is not None and self._stream.isatty()

    def fileno(self) -> int:
        """The file descriptor of the stream."""
        return super().fileno() if self._stream is None else self._stream.fileno()

    def as_written(self, text: str) -> str:
        """`text` with escapes for the characters that the encoding lacks."""
        return text.encode(self.encoding, "backslashreplace").decode(self.encoding)

    def write(self, text: str) -> int:
        """Write text."""
        self._send(self._stream, self.as_written(text))
        return len(text)

    def write_bytes(self, data: bytes) -> None:
        """Write bytes as they are."""
        self._send(getattr(self._stream, "buffer", None), data)

    def _send(self, stream: IO[Any] | None, data: str | bytes) -> None:
        if stream is None or not self.can_write:
            return
        try:
            with self._lock:
                stream.write(data)
                stream.flush()
        except (OSError, ValueError) as error:
            drop(stream)
            self.can_write = False
            if getattr(error, "errno", None) != errno.EPIPE:
                self._on_failure(getattr(error, "strerror", None) or str(error))


def _in_one_piece(stream: TextIO | None) -> TextIO | None:
    """The stream with a buffer, if Python runs with PYTHONUNBUFFERED, as in many containers.

    Without a buffer, a full disk can take a part of the text, and Python does not report it.
    """
    if stream is None or not isinstance(getattr(stream, "buffer", None), io.RawIOBase):
        return stream
    return open(stream.fileno(), "w", encoding=stream.encoding, errors=stream.errors, closefd=False)


def console(stream: SafeStream) -> Console:
    """A rich console that writes to this stream."""
    colours = _has_colours(stream)
    return Console(
        file=cast("IO[str]", stream),
        force_terminal=colours,
        color_system="standard" if colours else None,
        no_color=not colours,
        # Without a size, rich takes COLUMNS and LINES as they are: 0 discards the text, and "²" raises. soft_wrap does
        # not use the size.
        width=80,
        height=25,
        highlight=False,
        soft_wrap=True,
    )


def _has_colours(stream: SafeStream) -> bool:
    """Whether to use colours: as NO_COLOR says, or else FORCE_COLOR, or else if it is a terminal that has them. An
    empty variable is one that is not set (https://no-color.org, https://force-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def drop(stream: IO[Any]) -> None:
    """Redirect the stream to the null device. Otherwise Python fails to flush it at exit, and exits with 120."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
