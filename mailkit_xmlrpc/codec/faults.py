"""The value of a fault to a `FaultError`: in an answer, and in the results of system.multicall."""

from __future__ import annotations

import xmlrpc.client
from collections.abc import Iterator
from itertools import repeat
from typing import Any

from ..errors import FaultError, ResponseError
from ..errors.redaction import Excerpt

__all__ = ["fault_error"]

# How many characters of a malformed fault are shown.
_FAULT_EXCERPT = 200


def fault_error(value: Any) -> FaultError:
    """The error for the value of a fault.

    Raises:
        ResponseError: it does not have the form of one. The excerpt is the text of the value itself, because in the
            document the tags of a short fault already take more space than an excerpt has.
    """
    problem = "a struct with faultCode and faultString"
    if isinstance(value, dict) and {"faultCode", "faultString"} <= value.keys():
        code, text = value["faultCode"], value["faultString"]
        if isinstance(text, str) and not isinstance(code, (list, dict)):
            return FaultError(code, text)
        problem = "a scalar as faultCode and a string as faultString"
    shown = ""
    for piece in _texts(value):
        shown += piece[: _FAULT_EXCERPT + 1]
        if len(shown) > _FAULT_EXCERPT:
            break
    excerpt = Excerpt(shown[:_FAULT_EXCERPT], cut_end=len(shown) > _FAULT_EXCERPT)
    raise ResponseError(f"a fault needs {problem}", excerpt=excerpt)


def _texts(value: Any) -> Iterator[str]:
    """The texts in a value, in pieces: `name: text, name: text`."""
    if isinstance(value, (dict, list)):
        comma = ""
        for name, item in value.items() if isinstance(value, dict) else zip(repeat(None), value):
            yield comma if name is None else f"{comma}{str(name)[:_FAULT_EXCERPT]}: "
            yield from _texts(item)
            comma = ", "
    else:
        value = value.data if isinstance(value, xmlrpc.client.Binary) else value
        yield str(value[: _FAULT_EXCERPT + 1] if isinstance(value, (str, bytes)) else value)
