"""mailkit_xmlrpc: tasks that share an `AsyncClient`."""

from __future__ import annotations

import asyncio
from typing import Any

from mailkit_xmlrpc import AsyncClient

from .measure import CONNECTIONS, CREDENTIALS, EVENT, URL, tasks


async def main() -> None:
    async with AsyncClient(*CREDENTIALS, url=URL, pool_size=CONNECTIONS) as client:

        async def call() -> Any:
            return (await client.journeys.trigger(**EVENT)).raw

        await tasks(call)


if __name__ == "__main__":
    asyncio.run(main())
