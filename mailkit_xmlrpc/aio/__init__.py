"""The same client for asyncio: `AsyncClient` and `AsyncServerProxy`.

What a call is, when it is attempted again, how a request is built and an answer is read, stands once, in the rooms
below. The coroutines of `Transport` and of `BaseClient` run here on a loop: `stream` waits for the network, `pool` for
a slot. This file only says what the others offer.
"""

from .client import AsyncClient
from .proxy import AsyncServerProxy

__all__ = ["AsyncClient", "AsyncServerProxy"]
