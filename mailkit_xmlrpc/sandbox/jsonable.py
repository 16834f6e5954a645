"""The values XML-RPC can carry, as JSON text and back: what JSON has no type for is an object with "$type"."""

from __future__ import annotations

import base64
import json
import xmlrpc.client
from datetime import datetime
from decimal import Decimal
from typing import Any, Callable

__all__ = ["dump", "load"]


def _bytes(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _raw_moment(text: str) -> xmlrpc.client.DateTime:
    moment = xmlrpc.client.DateTime()
    moment.value = text
    return moment


# Type, its name, to text, from text.
_TYPES: tuple[tuple[type, str, Callable[[Any], str], Callable[[str], Any]], ...] = (
    (bytes, "bytes", _bytes, base64.b64decode),
    (datetime, "datetime", datetime.isoformat, datetime.fromisoformat),
    (xmlrpc.client.DateTime, "DateTime", str, _raw_moment),
    (Decimal, "Decimal", str, Decimal),
)


def dump(value: Any) -> str:
    """`value` as JSON."""
    return json.dumps(_plain(value), ensure_ascii=False)


def load(text: str) -> Any:
    """The value that `dump` was given, tuples as lists."""
    return json.loads(text, object_hook=_restored)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        struct = {name: _plain(item) for name, item in value.items()}
        # A struct that has such a member itself is told apart by being wrapped once more.
        return {"$type": "struct", "$value": list(struct.items())} if "$type" in struct else struct
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    for kind, name, to_text, _ in _TYPES:
        if isinstance(value, kind):
            return {"$type": name, "$value": to_text(value)}
    return value


def _restored(found: dict[str, Any]) -> Any:
    name = found.get("$type")
    if name is None:
        return found
    if name == "struct":
        return dict(found["$value"])
    return next(from_text for _, known, _, from_text in _TYPES if known == name)(found["$value"])
