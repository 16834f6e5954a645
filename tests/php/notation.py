"""The values of fixtures/php in Python, and back."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from mailkit_xmlrpc import php

FIXTURES = Path(__file__).parents[2] / "fixtures" / "php"


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of a file, of all groups."""
    table = json.loads((FIXTURES / name).read_text(encoding="utf-8"))
    return [case for group in table["groups"] for case in group["cases"]]


def document(stored: str | dict[str, str]) -> bytes:
    """The bytes of a stored document."""
    return stored.encode() if isinstance(stored, str) else base64.b64decode(stored["base64"])


def value(stored: dict[str, Any]) -> Any:
    """A PHP value in the types of `mailkit_xmlrpc.php`."""
    ((kind, content),) = stored.items()
    read = {
        "double": float,
        "bytes": base64.b64decode,
        "list": lambda items: [value(item) for item in items],
        "array": lambda pairs: {key: value(item) for key, item in pairs},
        "base64": lambda text: php.Base64(as_bytes(value(text))),
        "datetime": lambda text: php.xmlrpc_set_type(value(text), "datetime"),
    }
    return read[kind](content) if kind in read else content


def as_bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def noted(decoded: Any) -> dict[str, Any]:
    """A decoded value in the notation of the fixtures."""
    if decoded is None:
        return {"null": None}
    if isinstance(decoded, bool):
        return {"boolean": decoded}
    if isinstance(decoded, int):
        return {"int": decoded}
    if isinstance(decoded, float):
        return {"double": repr(decoded)}
    if isinstance(decoded, bytes):
        try:
            return {"string": decoded.decode()}
        except UnicodeDecodeError:
            return {"bytes": base64.b64encode(decoded).decode()}
    if isinstance(decoded, php.Base64):
        return {"base64": base64.b64encode(decoded.scalar).decode()}
    if isinstance(decoded, php.Datetime):
        return {"datetime": decoded.scalar.decode(), "timestamp": decoded.timestamp}
    pairs = enumerate(decoded) if isinstance(decoded, list) else decoded.items()
    return {"array": [[key, noted(item)] for key, item in pairs]}
