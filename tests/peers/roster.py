"""The peers, and how to run them.

A peer that cannot run on this machine is skipped; the reason says what to install. Two paths come from the environment:
NODE_PATH is the folder of node modules that has ``xmlrpc``, and AIOHTTP_XMLRPC_PYTHON is the Python of a virtual
environment that has ``aiohttp-xmlrpc``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

__all__ = ["ROSTER", "Entry", "Missing", "require"]

HERE = Path(__file__).parent
JAR = Path("/usr/share/java/axmlrpc.jar")


class Missing(Exception):
    """The peer cannot run on this machine; the text says what to install."""


@dataclass(frozen=True)
class Entry:
    """A peer.

    Attributes:
        name: its name in test ids.
        title: its name on the page.
        prepare: given a folder to build in, returns the command that runs the peer, or raises Missing.
        serves: whether it has a server.
    """

    name: str
    title: str
    prepare: Callable[[Path], list[str]]
    serves: bool = True


def require(*command: str, install: str) -> None:
    """Run a command that fails if something is missing. Raises Missing."""
    program = shutil.which(command[0])
    if program is None:
        raise Missing(f"{command[0]} is not here; install {install}")
    try:
        ended = subprocess.run(
            [program, *command[1:]], stdin=subprocess.DEVNULL, capture_output=True, timeout=60, encoding="utf-8"
        )
    except subprocess.TimeoutExpired:
        raise Missing(f"{command[0]} did not end within a minute; is {install} whole?") from None
    if ended.returncode != 0:
        complaints = [line.strip() for line in ended.stderr.splitlines() if "rror" in line]
        raise Missing(f"install {install} ({(complaints or ['it does not run'])[0][:200]})")


def _php(folder: Path) -> list[str]:
    require("php", "-r", "exit(extension_loaded('xmlrpc') ? 0 : 1);", install="the Debian packages php-cli php-xmlrpc")
    return ["php", str(HERE / "php_codec" / "peer.php")]


def _perl(folder: Path) -> list[str]:
    require("perl", "-MRPC::XML::Server", "-e", "1", install="the Debian package librpc-xml-perl")
    return ["perl", str(HERE / "perl" / "peer.pl")]


def _frontier(folder: Path) -> list[str]:
    require("perl", "-MFrontier::Daemon", "-e", "1", install="the Debian package libfrontier-rpc-perl")
    return ["perl", str(HERE / "frontier" / "peer.pl")]


def _ruby(folder: Path) -> list[str]:
    install = "the Debian packages ruby ruby-xmlrpc ruby-webrick"
    require("ruby", "-e", "require 'xmlrpc/server'; require 'webrick'", install=install)
    return ["ruby", str(HERE / "ruby" / "peer.rb")]


def _c(folder: Path) -> list[str]:
    install = "the Debian packages libxmlrpc-core-c3-dev libcurl4-openssl-dev gcc"
    require("xmlrpc-c-config", "--version", install=install)
    flags = subprocess.run(
        ["xmlrpc-c-config", "client", "abyss-server", "--cflags", "--libs"],
        capture_output=True,
        encoding="utf-8",
        timeout=30,
        check=True,
    ).stdout.split()
    built = folder / "peer"
    require("gcc", "-o", str(built), str(HERE / "c" / "peer.c"), *flags, install=install)
    return [str(built)]


def _java(folder: Path) -> list[str]:
    install = "the Debian packages libaxmlrpc-java default-jdk-headless"
    if not JAR.exists():
        raise Missing(f"install {install}")
    require("javac", "-cp", str(JAR), "-d", str(folder), str(HERE / "java" / "Peer.java"), install=install)
    # A zone with daylight saving time, in which some hours do not exist. The library treats dates as local time.
    zone = "-Duser.timezone=Europe/Prague"
    return ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", zone, "-cp", f"{JAR}{os.pathsep}{folder}", "Peer"]


def _node(folder: Path) -> list[str]:
    require("node", "-e", "require('xmlrpc')", install="xmlrpc from npm, and let NODE_PATH name its node_modules")
    return ["node", "--no-deprecation", str(HERE / "node" / "peer.js")]


def _python(folder: Path) -> list[str]:
    return [sys.executable, str(HERE / "python" / "peer.py")]


def _aiohttp(folder: Path) -> list[str]:
    python = os.environ.get("AIOHTTP_XMLRPC_PYTHON", sys.executable)
    install = "aiohttp-xmlrpc from PyPI in a virtual environment, and let AIOHTTP_XMLRPC_PYTHON name its Python"
    require(python, "-c", "import aiohttp_xmlrpc.handler", install=install)
    return [python, str(HERE / "aiohttp" / "peer.py")]


ROSTER = {
    entry.name: entry
    for entry in (
        Entry("php", "PHP, the extension xmlrpc", _php),
        Entry("perl", "Perl, RPC::XML", _perl),
        Entry("frontier", "Perl, Frontier::RPC2", _frontier),
        Entry("ruby", "Ruby, the gem xmlrpc", _ruby),
        Entry("c", "C, xmlrpc-c", _c),
        Entry("java", "Java, aXMLRPC (a client, no server)", _java, serves=False),
        Entry("node", "Node, the package xmlrpc", _node),
        Entry("python", "Python, xmlrpc.client and xmlrpc.server", _python),
        Entry("aiohttp", "Python, aiohttp-xmlrpc", _aiohttp),
    )
}
