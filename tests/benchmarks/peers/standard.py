"""xmlrpc.client of the standard library: a `ServerProxy` for each thread, because threads cannot share one."""

from __future__ import annotations

from typing import Any, Callable
from xmlrpc.client import ServerProxy

from .measure import CREDENTIALS, EVENT, URL, side_by_side


def connect() -> Callable[[], Any]:
    proxy: Any = ServerProxy(URL)
    return lambda: proxy.mailkit.journeys.trigger(*CREDENTIALS, EVENT)


if __name__ == "__main__":
    side_by_side(connect)
