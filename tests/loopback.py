"""Keeps a Python, and every Python that it starts, from calling another machine.

`reader.Reader` has a copy of this file on PYTHONPATH under the name ``sitecustomize.py``, which Python imports when it
starts. An audit hook sees the connections of all modules, also of those that ignore a proxy, and cannot be removed. It
writes what it refuses to the file ``refused`` beside the copy, so that a program that hides the error is noticed too.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

# Which argument of an audit event is a host, and which an address.
HOST = {"socket.getaddrinfo": 0, "socket.gethostbyname": 0, "socket.gethostbyaddr": 0}
ADDRESS = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1, "socket.getnameinfo": 0}


def is_local(host: Any) -> bool:
    """Whether a host is this machine. One that is not text has no name: it is a wildcard, or not of the internet."""
    host = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if not isinstance(host, str) or host in ("", "localhost", "::1"):
        return True
    return host.startswith("127.") and host.replace(".", "").isdigit()


def refuse_all_but_loopback(refused: Path) -> None:
    """Refuse to look up another machine or to send it anything; `refused` gets a line for each attempt."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in HOST:
            host = arguments[HOST[event]]
        elif event in ADDRESS:
            address = arguments[ADDRESS[event]]
            host = address[0] if isinstance(address, tuple) else None  # a path, or the address of a connected socket
        else:
            return
        if not is_local(host):
            with refused.open("a", encoding="utf-8") as file:
                file.write(f"{event} {host}\n")
            raise PermissionError(f"only this machine can be called, not {host}")

    sys.addaudithook(hook)


if __name__ == "sitecustomize":
    refuse_all_but_loopback(Path(__file__).with_name("refused"))
