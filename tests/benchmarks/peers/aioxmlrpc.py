"""aioxmlrpc: tasks that share a `ServerProxy`, whose httpx session keeps the connections."""

from __future__ import annotations

import asyncio

from aioxmlrpc.client import ServerProxy  # type: ignore[import-not-found, unused-ignore]

from .measure import CREDENTIALS, EVENT, URL, tasks


async def main() -> None:
    proxy = ServerProxy(URL, encoding="utf-8")
    await tasks(lambda: proxy.mailkit.journeys.trigger(*CREDENTIALS, EVENT))


if __name__ == "__main__":
    asyncio.run(main())
