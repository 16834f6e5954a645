"""Values as lines of ASCII words, so that programs in any language can exchange them without loss.

=====================  =======================================================
``i 5``                an integer
``b 1``                a boolean
``d 0.1``              a double
``s c5be``             a string: its UTF-8 in hex, ``-`` when it is empty
``x 00ff``             binary data, likewise
``t 20260102T03:04``   a date and time: the text between its tags
``n``                  nil
``a 2 ...``            an array, and its items
``m 1 c5be ...``       a struct, and its members: a name in hex, then the value
=====================  =======================================================

This module uses only the standard library, because the Python peers import it alone.
"""

from __future__ import annotations

import xmlrpc.client
from collections.abc import Iterator
from datetime import datetime
from typing import Any


def write(value: Any) -> str:
    """The line of words for `value`; a struct's names are sorted, so that equal values have equal lines."""
    return " ".join(_words(value))


def read(line: str) -> Any:
    """The value of a line of words."""
    words = iter(line.split())
    value = _value(words)
    assert next(words, None) is None, "words are left over"
    return value


def packed(data: bytes) -> str:
    """Bytes as one word."""
    return data.hex() or "-"


def unpacked(word: str) -> bytes:
    """The bytes of a word."""
    return b"" if word == "-" else bytes.fromhex(word)


def _words(value: Any) -> Iterator[str]:
    if value is None:
        yield "n"
    elif isinstance(value, bool):
        yield from ("b", str(int(value)))
    elif isinstance(value, int):
        yield from ("i", str(value))
    elif isinstance(value, float):
        yield from ("d", repr(value))
    elif isinstance(value, str):
        yield from ("s", packed(value.encode("utf-8", "surrogateescape")))
    elif isinstance(value, (bytes, xmlrpc.client.Binary)):
        yield from ("x", packed(bytes(getattr(value, "data", value))))
    elif isinstance(value, xmlrpc.client.DateTime):
        yield from ("t", value.value)
    elif isinstance(value, datetime):
        yield from ("t", value.isoformat().replace("-", "", 2))
    elif isinstance(value, (list, tuple)):
        yield from ("a", str(len(value)))
        for item in value:
            yield from _words(item)
    elif isinstance(value, dict):
        yield from ("m", str(len(value)))
        for name in sorted(value, key=str):
            yield packed(str(name).encode("utf-8", "surrogateescape"))
            yield from _words(value[name])
    else:
        raise TypeError(f"no notation for {type(value).__name__}")


def _value(words: Iterator[str]) -> Any:
    kind = next(words)
    if kind == "n":
        return None
    word = next(words)
    if kind == "a":
        return [_value(words) for _ in range(int(word))]
    if kind == "m":
        return {_text(next(words)): _value(words) for _ in range(int(word))}
    return _SCALARS[kind](word)


def _text(word: str) -> str:
    return unpacked(word).decode("utf-8", "surrogateescape")


def _moment(word: str) -> Any:
    try:
        return datetime.strptime(word, "%Y%m%dT%H:%M:%S")
    except ValueError:
        return xmlrpc.client.DateTime(word)


_SCALARS: dict[str, Any] = {
    "i": int,
    "b": lambda word: bool(int(word)),
    "d": float,
    "s": _text,
    "x": unpacked,
    "t": _moment,
}
