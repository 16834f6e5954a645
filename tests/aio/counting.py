"""A server, in a process of its own, that answers each call with the caller's own number, and counts what it did.

``python -m tests.aio.counting [certificate]`` prints its port. At the end of its input it prints, as JSON, how often it
carried out the call with each number. It carries a call out as soon as it has read all of its request.

How it answers depends on the number: at once, late, in pieces, with a large answer, and sometimes on a connection that
it then closes.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
import ssl
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ..servers import document, http

__all__ = ["CountingServer", "counting"]

NUMBER = re.compile(rb"<int>([0-9]+)</int></value></param>")
# The answer to each number that this divides is the last one on its connection.
LAST = 23
REPOSITORY = Path(__file__).parents[2]


class CountingServer:
    """The server, seen from the tests.

    Attributes:
        url: its URL.
    """

    def __init__(self, certificate: Path | None) -> None:
        arguments = [sys.executable, "-m", __name__, *([str(certificate)] if certificate else [])]
        self._process = subprocess.Popen(arguments, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        port = int(self._process.stdout.readline())
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{port}/RPC2"

    def carried_out(self) -> Counter[int]:
        """How often the call with each number was carried out. The server ends."""
        output, _ = self._process.communicate(timeout=10)
        return Counter({int(number): times for number, times in json.loads(output or "{}").items()})


@contextlib.contextmanager
def counting(certificate: Path | None = None) -> Iterator[CountingServer]:
    """A running server."""
    server = CountingServer(certificate)
    with server._process:
        try:
            yield server
        finally:
            server._process.kill()


async def _serve(context: ssl.SSLContext | None) -> None:
    carried_out: Counter[int] = Counter()
    chance = random.Random(0)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(re.search(rb"Content-Length: ([0-9]+)", head)[1])
                body = await reader.readexactly(length)
                number = int(NUMBER.findall(body)[-1])
                carried_out[number] += 1
                for pause, piece in _pieces(number, chance):
                    await asyncio.sleep(pause)
                    writer.write(piece)
                    await writer.drain()
                if number % LAST == 0:
                    break
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    print(json.dumps(carried_out), flush=True)


def _pieces(number: int, chance: random.Random) -> Iterator[tuple[float, bytes]]:
    """The answer in pieces, and the seconds before each."""
    padding = "x" * 200_000 if number % 11 == 0 else ""
    closes = ["Connection: close"] if number % LAST == 0 else []
    answer = http(document({"number": number, "padding": padding}), *closes)
    kind = number % 4
    if kind == 0:
        yield 0, answer
    elif kind == 1:
        yield chance.uniform(0, 0.01), answer
    else:
        cuts = sorted(chance.randrange(len(answer)) for _ in range(kind - 1))
        for start, end in zip([0, *cuts], [*cuts, len(answer)]):
            yield chance.uniform(0, 0.004), answer[start:end]


def _context(certificate: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


if __name__ == "__main__":
    asyncio.run(_serve(_context(sys.argv[1]) if sys.argv[1:] else None))
