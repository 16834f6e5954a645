"""A live PHP: one process of `tests/peers/php/oracle.php`, which answers over pipes in PHP's serialize() format.

A PHP string is bytes here, an array is a dict with int and bytes keys, and an object is an `Object`.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PEERS = Path(__file__).parent.parent / "peers" / "php"


@cache
def missing() -> str | None:
    """The reason why no live PHP can run on this machine, or None."""
    php = shutil.which("php")
    if php is None:
        return "php is not installed; install php-cli and php-xmlrpc"
    check = [php, "-r", "exit(extension_loaded('xmlrpc') ? 0 : 1);"]
    if subprocess.run(check, capture_output=True, timeout=30).returncode != 0:
        return "php has no xmlrpc extension; install php-xmlrpc"
    return None


@dataclass(frozen=True)
class Object:
    """A PHP object: its class and its public properties."""

    kind: bytes
    properties: dict[bytes, Any]


class PHPThrew(Exception):
    """PHP threw; `args` are the class and the message."""


class LivePHP:
    """A process that runs PHP functions. It is a context manager."""

    def __init__(self, *command: str) -> None:
        self._process = subprocess.Popen(
            [*(command or ("php",)), str(PEERS / "oracle.php")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # libxmlrpc-epi reports malformed XML there
        )

    def ask(self, function: str, *arguments: Any) -> Any:
        question = serialized([function, *arguments])
        self._process.stdin.write(struct.pack(">I", len(question)) + question)
        self._process.stdin.flush()
        (length,) = struct.unpack(">I", self._read(4))
        reply = list(_Reader(self._read(length)).value().values())
        if reply[0] == b"thrown":
            raise PHPThrew(reply[1].decode(), reply[2].decode())
        return reply[1]

    def _read(self, length: int) -> bytes:
        data = self._process.stdout.read(length)
        if len(data) < length:
            raise EOFError(f"PHP ended, exit code {self._process.wait()}")
        return data

    def __enter__(self) -> LivePHP:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


def serialized(value: Any) -> bytes:
    """`value` in PHP's serialize() format; a str stands for its UTF-8 bytes."""
    if value is None:
        return b"N;"
    if isinstance(value, bool):
        return b"b:%d;" % value
    if isinstance(value, int):
        return b"i:%d;" % value
    if isinstance(value, float):
        text = {"inf": "INF", "-inf": "-INF", "nan": "NAN"}.get(repr(value), repr(value))
        return b"d:%s;" % text.encode()
    if isinstance(value, (str, bytes)):
        data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        return b's:%d:"%s";' % (len(data), data)
    if isinstance(value, Object):
        return b'O:%d:"%s":%s' % (len(value.kind), value.kind, _pairs(value.properties))
    if isinstance(value, (list, tuple)):
        value = dict(enumerate(value))
    return b"a:" + _pairs(value)


def _pairs(pairs: dict[Any, Any]) -> bytes:
    inner = b"".join(serialized(key) + serialized(item) for key, item in pairs.items())
    return b"%d:{%s}" % (len(pairs), inner)


class _Reader:
    """Reads PHP's serialize() format."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def value(self) -> Any:
        kind = self._data[self._at : self._at + 1]
        self._at += 2
        if kind == b"N":
            return None
        if kind == b"s":
            text = self._counted()
            self._at += 1
            return text
        if kind == b"a":
            return self._pairs()
        if kind == b"O":
            name = self._counted()
            self._at += 1
            return Object(name, self._pairs())
        text = self._until(b";")
        return {b"b": lambda: text == b"1", b"i": lambda: int(text), b"d": lambda: float(text)}[kind]()

    def _until(self, mark: bytes) -> bytes:
        end = self._data.index(mark, self._at)
        text, self._at = self._data[self._at : end], end + 1
        return text

    def _counted(self) -> bytes:
        length = int(self._until(b":"))
        text = self._data[self._at + 1 : self._at + 1 + length]
        self._at += length + 2
        return text

    def _pairs(self) -> dict[Any, Any]:
        count = int(self._until(b":"))
        self._at += 1
        pairs = {}
        for _ in range(count):
            key = self.value()
            pairs[key] = self.value()
        self._at += 1
        return pairs
