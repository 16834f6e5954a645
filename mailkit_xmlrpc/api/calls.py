"""`calls`: Mailkit's methods, each of which returns its `Call` rather than making it.

>>> from mailkit_xmlrpc import calls
>>> calls.journeys.trigger("jane@example.com", "order_paid")
<Call of mailkit.journeys.trigger with 1 parameter>

The types of these functions are in ``calls.pyi``, which ``python -m tests.stubs`` writes from the groups; a test keeps
it current. A call can outlive the statement that makes it, so its lists and mappings are copies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..call import Call
from ..errors import ConfigError
from .methods import Methods
from .paging import Pages

__all__ = ["Calls", "calls"]

# Deeper values are refused when the call is encoded.
_DEPTH = 200


class Calls(Methods):
    """Mailkit's methods, as `Client` has them; each returns a `Call`."""

    def send(self, call: Call[Any], *, timeout: float | None = None) -> Any:
        """The call itself. Raises ConfigError if a timeout is given."""
        if timeout is not None:
            raise ConfigError("a Call has no timeout; give it to Client.send(call, timeout=...)")
        return replace(call, params=_copied(call.params, ()))

    def _rows(self, pages: Pages[Any], *, timeout: float | None) -> Any:
        raise ConfigError("a Call is one page; use Client for rows() over all pages")

    def __repr__(self) -> str:
        return "calls"


def _copied(value: Any, around: tuple[int, ...]) -> Any:
    """A copy in plain types; `around` are the containers that hold `value`. A value that holds itself, or that is
    nested too deeply, is not copied: it is refused when the call is encoded."""
    if isinstance(value, (bytearray, memoryview)):
        return bytes(value)
    if not isinstance(value, (Mapping, list, tuple)) or id(value) in around or len(around) > _DEPTH:
        return value
    around = (*around, id(value))
    if isinstance(value, Mapping):
        return {name: _copied(item, around) for name, item in value.items()}
    items = [_copied(item, around) for item in value]
    return items if isinstance(value, list) else tuple(items)


calls = Calls()
