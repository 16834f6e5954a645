"""Imports the package and does its main job where only the wheel and defusedxml are installed.

pytest does not collect it; the check script runs it in a separate environment, isolated from this folder.
"""

import asyncio
import importlib.util
import sys
from pathlib import Path
from typing import Any

import mailkit_xmlrpc
from mailkit_xmlrpc import AsyncClient, Client, Result, __version__
from mailkit_xmlrpc.sandbox import Sandbox


async def trigger(sandbox: Sandbox) -> Result[Any]:
    async with AsyncClient(sandbox.client_id, sandbox.client_md5, url=sandbox.url) as mailkit:
        return await mailkit.journeys.trigger("jane@example.com", "order_paid", {"order": "A-18"})


def main() -> None:
    for extra in ("click", "rich", "pytest", "hypothesis"):
        assert importlib.util.find_spec(extra) is None, f"{extra} is installed: this environment proves nothing"
    with Sandbox() as sandbox, Client(sandbox.client_id, sandbox.client_md5, url=sandbox.url) as mailkit:
        result = mailkit.journeys.trigger("jane@example.com", "order_paid", {"order": "A-17"})
        assert result.ok, result
        assert [event.event_data for event in sandbox.events] == [{"order": "A-17"}]
        assert asyncio.run(trigger(sandbox)).ok
        sandbox.assert_triggered(times=2)
    types = ("py.typed", "aio/methods.pyi", "api/calls.pyi")
    assert [name for name in types if not (Path(mailkit_xmlrpc.__file__).parent / name).exists()] == []
    print(f"mailkit_xmlrpc {__version__} on Python {sys.version.split()[0]}: {result.message}")


main()
