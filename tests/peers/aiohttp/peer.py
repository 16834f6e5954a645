"""aiohttp-xmlrpc as a peer: ``peer.py pipe`` or ``peer.py server``; see tests/peers/peer.py."""

import asyncio
import logging
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))
import notation
from aiohttp import web
from aiohttp_xmlrpc.client import ServerProxy
from aiohttp_xmlrpc.common import Binary, schema, xml2py
from aiohttp_xmlrpc.exceptions import XMLRPCError
from aiohttp_xmlrpc.handler import XMLRPCView
from lxml import etree


def wrapped(value):
    """The value with the library's own type for binary data."""
    if isinstance(value, bytes):
        return Binary(value)
    if isinstance(value, list):
        return [wrapped(item) for item in value]
    if isinstance(value, dict):
        return {name: wrapped(item) for name, item in value.items()}
    return value


async def decode(document):
    root = etree.fromstring(notation.unpacked(document))
    schema.assertValid(root)
    return "value " + notation.write(xml2py(root.xpath("//params/param/value")[0]))


async def encode(*words):
    response = XMLRPCView._format_success(wrapped(notation.read(" ".join(words))))
    return "document " + notation.packed(XMLRPCView._build_xml(response))


async def call(url, method, *words):
    server = ServerProxy(url, encoding="utf-8")
    try:
        return "value " + notation.write(await getattr(server, method)(*wrapped(notation.read(" ".join(words)))))
    finally:
        await server.close()


async def pipe():
    operations = {"decode": decode, "encode": encode, "call": call}
    for line in sys.stdin:
        operation, *words = line.split()
        try:
            answer = await asyncio.wait_for(operations[operation](*words), 10)
        except XMLRPCError as fault:
            answer = f"fault {fault.code} " + notation.packed(str(fault).encode("utf-8", "replace"))
        except Exception as error:  # noqa: BLE001  (any exception of the library is a refusal)
            answer = "refused " + notation.packed(f"{type(error).__name__}: {error}".encode("utf-8", "replace"))
        print(answer, flush=True)


class Echo(XMLRPCView):
    def rpc_echo(self, value):
        return value


async def server():
    # The handler logs each fault with its traceback.
    logging.disable(logging.CRITICAL)
    app = web.Application(client_max_size=1 << 24)
    app.router.add_route("*", "/RPC2", Echo)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/RPC2", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run({"pipe": pipe, "server": server}[sys.argv[1]]())
