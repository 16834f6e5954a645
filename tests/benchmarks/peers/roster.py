"""The clients that are measured, and how to run them.

A client that cannot run on this machine is left out; the reason says what to install. As with the peers of the tests,
NODE_PATH is the folder of node modules that has ``xmlrpc``, and AIOHTTP_XMLRPC_PYTHON is the Python of a virtual
environment that has ``aiohttp-xmlrpc`` and ``aioxmlrpc``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from tests.peers.roster import ROSTER as PEERS
from tests.peers.roster import Missing, require

__all__ = ["ROSTER", "Contender", "Missing", "measure"]

HERE = Path(__file__).parent
ROOT = HERE.parents[2]

# Seconds after which a run has failed.
PATIENCE = 300.0


@dataclass(frozen=True)
class Contender:
    """A client.

    Attributes:
        name: its name in test ids.
        title: its name in the table.
        eight: how it makes several calls at once.
        prepare: given a folder to build in, returns the command that runs the client, or raises Missing.
        processes: another entry's client, with a process for each connection. It is not measured with one connection,
            because the other entry is.
    """

    name: str
    title: str
    eight: str
    prepare: Callable[[Path], list[str]]
    processes: bool = False


def measure(contender: Contender, command: list[str], url: str, calls: int, connections: int) -> str:
    """Run a client's script: a line of JSON with the ``seconds``, the ``cpu`` seconds and the number of ``calls``."""
    arguments = [url, str(calls), str(connections), *(["processes"] if contender.processes else [])]
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "NO_PROXY": "*", "no_proxy": "*"}
    ended = subprocess.run(
        [*command, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        cwd=ROOT,
        env=environment,
    )
    if ended.returncode != 0:
        raise RuntimeError(f"{contender.name} failed: {ended.stderr[-2000:]}")
    return ended.stdout


def _python(module: str, python: str = sys.executable) -> list[str]:
    return [python, "-m", f"{__package__}.{module}"]


def _aioxmlrpc(folder: Path) -> list[str]:
    python = os.environ.get("AIOHTTP_XMLRPC_PYTHON", sys.executable)
    install = "aioxmlrpc from PyPI in a virtual environment, and let AIOHTTP_XMLRPC_PYTHON name its Python"
    require(python, "-c", "import aioxmlrpc.client", install=install)
    return _python("aioxmlrpc", python)


def _php(folder: Path) -> list[str]:
    program = "exit(extension_loaded('xmlrpc') && extension_loaded('curl') ? 0 : 1);"
    require("php", "-r", program, install="the Debian packages php-cli php-xmlrpc php-curl")
    return ["php", str(HERE / "client.php")]


def _perl(peer: str, library: str) -> Callable[[Path], list[str]]:
    return lambda folder: [*PEERS[peer].prepare(folder)[:-1], str(HERE / "client.pl"), library]


def _c(folder: Path) -> list[str]:
    install = "the Debian packages libxmlrpc-core-c3-dev libcurl4-openssl-dev gcc"
    require("xmlrpc-c-config", "--version", install=install)
    asked = ["xmlrpc-c-config", "client", "--cflags", "--libs"]
    flags = subprocess.run(asked, capture_output=True, encoding="utf-8", timeout=30, check=True).stdout.split()
    built = folder / "client"
    require("gcc", "-O2", "-pthread", "-o", str(built), str(HERE / "client.c"), *flags, install=install)
    return [str(built)]


ROSTER = {
    contender.name: contender
    for contender in (
        Contender("ours", "mailkit_xmlrpc", "8 threads, one `Client`", lambda folder: _python("ours")),
        Contender("ours-processes", "mailkit_xmlrpc", "8 processes", lambda folder: _python("ours"), processes=True),
        Contender("ours-async", "mailkit_xmlrpc", "8 tasks, one `AsyncClient`", lambda folder: _python("ours_async")),
        Contender("standard", "Python, xmlrpc.client", "8 threads", lambda folder: _python("standard")),
        Contender(
            "aiohttp",
            "Python, aiohttp-xmlrpc",
            "8 tasks",
            lambda folder: _python("aiohttp", PEERS["aiohttp"].prepare(folder)[0]),
        ),
        Contender("aioxmlrpc", "Python, aioxmlrpc", "8 tasks", _aioxmlrpc),
        Contender("php", "PHP, the extensions curl and xmlrpc", "curl_multi", _php),
        Contender("php-processes", "PHP, the extensions curl and xmlrpc", "8 processes", _php, processes=True),
        Contender(
            "node",
            "Node, the package xmlrpc",
            "8 promises",
            lambda folder: [*PEERS["node"].prepare(folder)[:-1], str(HERE / "client.js")],
        ),
        Contender("perl", "Perl, RPC::XML", "8 processes", _perl("perl", "RPC::XML")),
        Contender("frontier", "Perl, Frontier::Client", "8 processes", _perl("frontier", "Frontier")),
        Contender("c", "C, xmlrpc-c", "8 threads", _c),
    )
}
