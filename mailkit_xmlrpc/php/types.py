"""`xmlrpc_get_type`, `xmlrpc_set_type` and `xmlrpc_is_fault`: asking and setting a value's XML-RPC type."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

from .moments import datetime_of
from .values import Base64, Datetime, Node, Vector, node, php_bytes

__all__ = ["xmlrpc_get_type", "xmlrpc_is_fault", "xmlrpc_set_type"]

# The names that PHP knows as types of a value. Only two of them can be set.
_SETTABLE = frozenset({"empty", "base64", "boolean", "datetime", "double", "int", "string", "vector"})

_SCALARS: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (int, "int"),
    (float, "double"),
    (bytes, "string"),
    (Base64, "base64"),
    (Datetime, "datetime"),
    (type(None), "base64"),  # so PHP says, and writes a string
)


def xmlrpc_get_type(value: Any) -> str:
    """PHP's xmlrpc_get_type: "none" never, "mixed" for an array that is neither array nor struct.

    Raises:
        TypeError, ValueError: as for `xmlrpc_encode`.
    """
    found: Node = node(value, "value")
    if isinstance(found, Vector):
        return found.kind
    return next(name for kind, name in _SCALARS if isinstance(found, kind))


def xmlrpc_set_type(value: Any, type: str) -> Any:  # noqa: A002 - PHP's name
    """PHP's xmlrpc_set_type, but the typed value is returned.

    Args:
        value: only strings can be given a type.
        type: "base64" or "datetime"; other types leave the value as it is, and so does a date that is none.

    Returns:
        A `Base64`, a `Datetime`, or `value` itself where PHP would have returned false.

    Warns:
        UserWarning: there is no such type, as PHP warns.
    """
    if type not in _SETTABLE:
        warnings.warn(f"invalid type '{type}' passed to xmlrpc_set_type()", UserWarning, stacklevel=2)
    elif isinstance(value, (str, bytes, bytearray, memoryview)):
        text = php_bytes(value)
        if type == "base64":
            return Base64(text)
        moment = datetime_of(text) if type == "datetime" else text
        if isinstance(moment, Datetime):
            return moment
    return value


def xmlrpc_is_fault(value: Any) -> bool:
    """PHP's xmlrpc_is_fault: whether an array has the keys faultCode and faultString, whatever they hold.

    Raises:
        TypeError: `value` is no array.
    """
    if isinstance(value, (list, tuple)):
        return False
    if not isinstance(value, Mapping):
        raise TypeError(f"xmlrpc_is_fault() takes an array, not {value.__class__.__name__}")
    names = {php_bytes(key) for key in value if isinstance(key, (str, bytes))}
    return {b"faultCode", b"faultString"} <= names
