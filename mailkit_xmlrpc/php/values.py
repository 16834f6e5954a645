"""PHP's values as Python ones, and PHP's rules for arrays.

=============================  ==============================================================================
PHP                            Python
=============================  ==============================================================================
null bool int float            None bool int float
string                         bytes; str is accepted too and stands for its UTF-8 bytes
array                          list or tuple for the keys 0, 1, 2 ...; a Mapping for any other keys
object                         a Mapping of its public properties
result of xmlrpc_set_type      `Base64`, `Datetime`
=============================  ==============================================================================

PHP has one kind of array where XML-RPC has two, so the keys decide, by PHP's rules: a name that looks like an integer
is an integer, and the encoder writes consecutive integers as an array and anything else as a struct.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Union

from ..codec import Limits

__all__ = [
    "Base64",
    "Datetime",
    "PHPValue",
    "Vector",
    "item_path",
    "key_of",
    "php_bytes",
    "php_value",
    "text_key",
    "vector_kind",
]


@dataclass(frozen=True)
class Base64:
    """A string of the type base64: in PHP an object with the property xmlrpc_type "base64".

    Attributes:
        scalar: the bytes, before base64 is applied.
    """

    scalar: bytes
    xmlrpc_type = "base64"


@dataclass(frozen=True)
class Datetime:
    """A string of the type dateTime.iso8601: in PHP an object with the property xmlrpc_type "datetime".

    Attributes:
        scalar: the text; it is written unchanged.
        timestamp: seconds since 1970, where a text without an offset counts as UTC. None for a date or time alone and
            for words such as "now", where PHP has a number without meaning.
    """

    scalar: bytes
    timestamp: int | None = None
    xmlrpc_type = "datetime"


@dataclass(frozen=True)
class Vector:
    """A PHP array as the encoder writes it.

    Attributes:
        kind: "array", "struct", or "mixed", which is written as a struct.
        items: names and values; in an array the names are None.
    """

    kind: str
    items: list[tuple[bytes | None, Any]]

    def has(self, name: bytes) -> bool:
        """Whether a member has this name, compared as C compares strings: up to a NUL."""
        return any(key is not None and key.partition(b"\0")[0] == name for key, _ in self.items)


# A value in which every array is a Vector and every string is bytes.
PHPValue = Union[None, bool, int, float, bytes, Base64, Datetime, Vector]

# zend_handle_numeric_str: only the canonical form of an integer ("05", "+5" and "-0" are names).
_INTEGER_KEY = re.compile(rb"0|-?[1-9][0-9]{0,18}")


def php_bytes(text: str | bytes | bytearray | memoryview) -> bytes:
    """The bytes of a PHP string."""
    if not isinstance(text, str):
        return bytes(text)
    try:
        # The reverse of `text_key`, which keeps bytes that are not UTF-8 as surrogates.
        return str.encode(text, "utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return str.encode(text, "utf-8", "surrogatepass")


def text_key(name: bytes) -> str:
    """A name as str. Bytes that are not UTF-8 are kept as surrogates, as Python does in file names."""
    return name.decode("utf-8", "surrogateescape")


def item_path(path: str, name: bytes | None, index: int) -> str:
    """The path to an item of the container at `path`: by its name, or by its index where it has no name."""
    if name is None:
        return f"{path}[{index}]"
    text = text_key(name)
    return f"{path}.{text}" if text.isidentifier() else f"{path}[{text!a}]"


def key_of(key: Any) -> int | bytes:
    """The key that PHP uses for `key` in an array. Raises TypeError if it is neither an int nor a string nor None."""
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
    """How PHP's encoder classifies an array with these keys: "array", "struct" or "mixed".

    Only neighbouring keys are checked for a gap, and neither the first key nor the one after 0 is: (0, 2), (5,) and
    (1, 2) are arrays, (0, 1, 3) and (1, 0) are structs.
    """
    kind = ""
    last = 0
    for key in keys:
        found = "array" if isinstance(key, int) else "struct"
        if kind not in ("", found):
            return "mixed"
        if isinstance(key, int):
            # Keys are unsigned in C, so 0 follows -1.
            if last != 0 and (key - last) % 2**64 != 1:
                return "struct"
            last = key
        kind = found
    return kind or "array"


def php_value(value: Any, path: str) -> PHPValue:
    """`value` with its arrays and strings converted.

    Args:
        value: any value of the table above.
        path: the path to it, for errors.

    Raises:
        TypeError: PHP has no type for a value.
        ValueError: a value contains itself, or is nested deeper than `Limits.depth`.
    """
    return _php_value(value, path, ())


def _php_value(value: Any, path: str, outer: tuple[int, ...]) -> PHPValue:
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
        unknown = type(value).__name__
        raise TypeError(f"{path}: PHP has no type for {unknown}; use xmlrpc_set_type for a date or base64")
    if id(value) in outer:
        raise ValueError(f"{path}: XML-RPC doesn't support circular references")
    if len(outer) >= Limits.depth:
        raise ValueError(f"{path}: more than {Limits.depth} arrays inside one another")
    return _vector(pairs, path, (*outer, id(value)))


def _vector(pairs: dict[int | bytes, Any], path: str, outer: tuple[int, ...]) -> Vector:
    kind = vector_kind(pairs)
    items: list[tuple[bytes | None, Any]] = []
    for index, (key, item) in enumerate(pairs.items()):
        name = None if kind == "array" else b"%d" % key if isinstance(key, int) else key
        items.append((name, _php_value(item, item_path(path, name, index), outer)))
    return Vector(kind, items)
