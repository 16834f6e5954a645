"""The notation of values in `fixtures/`, which any language can read and print: ``{"int": 5}``."""

from __future__ import annotations

import base64
import xmlrpc.client
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Callable

__all__ = ["from_notation", "text_of"]


def from_notation(typed: Mapping[str, Any]) -> Any:
    """The Python value of the notation that `fixtures/README.md` explains: ``{"int": 5}`` is 5. A peer in another
    language can print what it has read in this form."""
    ((kind, content),) = typed.items()
    return _PYTHON[kind](content)


def text_of(content: str | list[Any]) -> str:
    """A text, or the pieces of one: strings, and pairs of a string and how often it stands there."""
    if isinstance(content, str):
        return content
    return "".join(piece if isinstance(piece, str) else piece[0] * piece[1] for piece in content)


def _nested(content: dict[str, Any]) -> Any:
    value: Any = [] if content["type"] == "array" else {}
    for _ in range(content["levels"] - 1):
        value = [value] if content["type"] == "array" else {"s": value}
    return value


_PYTHON: dict[str, Callable[[Any], Any]] = {
    "int": lambda content: content if isinstance(content, int) else int(text_of(content)),
    "double": float,
    "bigdecimal": Decimal,
    "boolean": bool,
    "string": str,
    "base64": lambda content: base64.b64decode(content, validate=True),
    "datetime": datetime.fromisoformat,
    "datetime_text": xmlrpc.client.DateTime,
    "nil": lambda content: None,
    "array": lambda content: [from_notation(item) for item in content],
    "struct": lambda content: {name: from_notation(item) for name, item in content.items()},
    "nested": _nested,
}
