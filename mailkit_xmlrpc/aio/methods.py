"""`AsyncMethods`: Mailkit's methods, each of which returns a coroutine.

At run time these are the methods that `Client` has. Their types are in ``methods.pyi``, which ``python -m tests.stubs``
writes from the groups; a test keeps it current.
"""

from __future__ import annotations

from ..api.methods import Methods

__all__ = ["AsyncMethods"]


class AsyncMethods(Methods):
    """Mailkit's methods by their own names: ``mailkit.email.move`` is ``await client.email.move(...)``."""
