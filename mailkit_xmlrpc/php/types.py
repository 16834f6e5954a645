"""`xmlrpc_get_type`, `xmlrpc_set_type` and `xmlrpc_is_fault`: the XML-RPC type of a PHP value."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

from .scalars import datetime_of
from .values import Base64, Datetime, PHPValue, Vector, php_bytes, php_value

__all__ = ["xmlrpc_get_type", "xmlrpc_is_fault", "xmlrpc_set_type"]

# The type names that PHP accepts. Only base64 and datetime have an effect.
_SETTABLE = frozenset({"empty", "base64", "boolean", "datetime", "double", "int", "string", "vector"})

_SCALARS: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (int, "int"),
    (float, "double"),
    (bytes, "string"),
    (Base64, "base64"),
    (Datetime, "datetime"),
    (type(None), "base64"),  # PHP returns this for null, although it writes null as a string
)


def xmlrpc_get_type(value: Any) -> str:
    """PHP's xmlrpc_get_type. It returns "mixed" for an array that is neither array nor struct, and never "none".

    Raises:
        TypeError, ValueError: as for `xmlrpc_encode`.
    """
    found: PHPValue = php_value(value, "value")
    if isinstance(found, Vector):
        return found.kind
    return next(name for kind, name in _SCALARS if isinstance(found, kind))


def xmlrpc_set_type(value: Any, type: str) -> Any:  # noqa: A002 - PHP's name
    """PHP's xmlrpc_set_type, except that the typed value is returned.

    Args:
        value: the value; only a string can be given a type.
        type: "base64" or "datetime". Other types leave the value as it is, and so does a text that is not a date.

    Returns:
        A `Base64`, a `Datetime`, or `value` itself where PHP would have returned false.

    Warns:
        UserWarning: PHP does not know the type, and warns too.
    """
    if type not in _SETTABLE:
        warnings.warn(f"invalid type '{type}' passed to xmlrpc_set_type()", UserWarning, stacklevel=2)
    elif isinstance(value, (str, bytes, bytearray, memoryview)):
        text = php_bytes(value)
        if type == "base64":
            return Base64(text)
        typed = datetime_of(text) if type == "datetime" else text
        if isinstance(typed, Datetime):
            return typed
    return value


def xmlrpc_is_fault(value: Any) -> bool:
    """PHP's xmlrpc_is_fault: whether an array has the keys faultCode and faultString, with any values.

    Raises:
        TypeError: `value` is not an array.
    """
    if isinstance(value, (list, tuple)):
        return False
    if not isinstance(value, Mapping):
        raise TypeError(f"xmlrpc_is_fault() takes an array, not {value.__class__.__name__}")
    names = {php_bytes(key) for key in value if isinstance(key, (str, bytes))}
    return {b"faultCode", b"faultString"} <= names
