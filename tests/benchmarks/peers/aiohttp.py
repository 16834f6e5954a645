"""aiohttp-xmlrpc: tasks that share a `ServerProxy`, whose session keeps the connections."""

from __future__ import annotations

import asyncio

from aiohttp_xmlrpc.client import ServerProxy  # type: ignore[import-not-found, unused-ignore]

from .measure import CREDENTIALS, EVENT, URL, tasks


async def main() -> None:
    proxy = ServerProxy(URL, encoding="utf-8")
    try:
        await tasks(lambda: proxy.mailkit.journeys.trigger(*CREDENTIALS, EVENT))
    finally:
        await proxy.close()


if __name__ == "__main__":
    asyncio.run(main())
