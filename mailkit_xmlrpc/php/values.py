"""PHP's values as Python ones, and PHP's rules for arrays.

=============================  ==============================================================================
PHP                            Python
=============================  ==============================================================================
null bool int float            None bool int float
string                         bytes; str is taken too and stands for its UTF-8 bytes
array                          list or tuple for the keys 0, 1, 2 ...; any other, a Mapping
object                         a Mapping of its public properties
what xmlrpc_set_type makes     `Base64`, `Datetime`
=============================  ==============================================================================

PHP has one kind of array where XML-RPC has two, so its keys decide. The rules are PHP's: a name that looks like
an integer is one; the encoder calls integers in a row an array, anything else a struct, and does not look closely.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Union

from ..codec import Limits

__all__ = ["Base64", "Datetime", "Node", "Vector", "key_of", "node", "php_bytes", "shown", "text_key", "vector_kind"]


@dataclass(frozen=True)
class Base64:
    """A string of the type base64: PHP's object with the property xmlrpc_type "base64".

    Attributes:
        scalar: the bytes themselves.
    """

    scalar: bytes
    xmlrpc_type = "base64"


@dataclass(frozen=True)
class Datetime:
    """A string of the type dateTime.iso8601: PHP's object with the property xmlrpc_type "datetime".

    Attributes:
        scalar: the text as it came; it goes out unchanged.
        timestamp: seconds since 1970, text without an offset counted as UTC; None for half a moment (a date
            alone, "now"), where PHP puts a number without meaning.
    """

    scalar: bytes
    timestamp: int | None = None
    xmlrpc_type = "datetime"


@dataclass(frozen=True)
class Vector:
    """An array as the encoder sees it.

    Attributes:
        kind: "array", "struct", or "mixed", which is written as a struct.
        items: names and values; in an array the names are None.
    """

    kind: str
    items: list[tuple[bytes | None, Any]]

    def has(self, name: bytes) -> bool:
        """Whether a member has that name, as C compares names: up to a NUL."""
        return any(key is not None and key.partition(b"\0")[0] == name for key, _ in self.items)


# A value with every array in it turned into a Vector and every text into bytes.
Node = Union[None, bool, int, float, bytes, Base64, Datetime, Vector]

# zend_handle_numeric_str: the canonical form of an integer, and no other ("05", "+5" and "-0" are names).
_INTEGER_KEY = re.compile(rb"0|-?[1-9][0-9]{0,18}")


def php_bytes(text: str | bytes | bytearray | memoryview) -> bytes:
    """The bytes of a PHP string."""
    if not isinstance(text, str):
        return bytes(text)
    try:
        # What `text_key` made of bytes that are no UTF-8 goes back to them.
        return str.encode(text, "utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return str.encode(text, "utf-8", "surrogatepass")


def text_key(name: bytes) -> str:
    """A name as Python has it: str, with the bytes that are no UTF-8 as Python keeps them in file names."""
    return name.decode("utf-8", "surrogateescape")


def shown(path: str, name: bytes | None, index: int) -> str:
    """The path to an item of what stands at `path`."""
    if name is None:
        return f"{path}[{index}]"
    text = text_key(name)
    return f"{path}.{text}" if text.isidentifier() else f"{path}[{text!a}]"


def key_of(key: Any) -> int | bytes:
    """What PHP makes of an array's key."""
    if key is None:
        return b""
    if isinstance(key, int):
        key = str(int(key))
    if not isinstance(key, (str, bytes)):
        raise TypeError(f"PHP's arrays have int and string keys, not {type(key).__name__}")
    name = php_bytes(key)
    if _INTEGER_KEY.fullmatch(name) and -(2**63) <= int(name) < 2**63:
        return int(name)
    return name


def vector_kind(keys: Iterable[int | bytes]) -> str:
    """What the encoder takes an array with these keys for: "array", "struct" or "mixed".

    A gap is looked for between neighbours only, and not after key 0, nor at the start: (0, 2), (5,) and (1, 2)
    are arrays, (0, 1, 3) and (1, 0) structs.
    """
    kind = ""
    last = 0
    for key in keys:
        found = "array" if isinstance(key, int) else "struct"
        if kind not in ("", found):
            return "mixed"
        if isinstance(key, int):
            # Unsigned in C, so -1 is followed by 0.
            if last != 0 and (key - last) % 2**64 != 1:
                return "struct"
            last = key
        kind = found
    return kind or "array"


def node(value: Any, path: str) -> Node:
    """`value` as the encoder sees it.

    Raises:
        TypeError: PHP has no such type.
        ValueError: a value that contains itself, or is nested deeper than `Limits.depth`.
    """
    return _node(value, path, ())


def _node(value: Any, path: str, around: tuple[int, ...]) -> Node:
    if value is None or isinstance(value, (Base64, Datetime)):
        return value
    for kind in (bool, int, float):
        if isinstance(value, kind):
            return kind(value)
    if isinstance(value, (str, bytes, bytearray, memoryview)):
        return php_bytes(value)
    if isinstance(value, (list, tuple)):
        pairs: dict[int | bytes, Any] = dict(enumerate(value))
    elif isinstance(value, Mapping):
        pairs = {key_of(key): item for key, item in value.items()}
    else:
        raise TypeError(f"{path}: PHP has no {type(value).__name__}; for a date or base64 there is xmlrpc_set_type")
    if id(value) in around:
        raise ValueError(f"{path}: XML-RPC doesn't support circular references")
    if len(around) >= Limits.depth:
        raise ValueError(f"{path}: more than {Limits.depth} arrays inside one another")
    return _vector(pairs, path, (*around, id(value)))


def _vector(pairs: dict[int | bytes, Any], path: str, around: tuple[int, ...]) -> Vector:
    kind = vector_kind(pairs)
    items: list[tuple[bytes | None, Any]] = []
    for index, (key, item) in enumerate(pairs.items()):
        name = None if kind == "array" else b"%d" % key if isinstance(key, int) else key
        items.append((name, _node(item, shown(path, name, index), around)))
    return Vector(kind, items)
