"""mailkit_xmlrpc: one `Client`, shared by the threads."""

from __future__ import annotations

from typing import Any, Callable

from mailkit_xmlrpc import Client

from .measure import CREDENTIALS, EVENT, URL, side_by_side


def main() -> None:
    with Client(*CREDENTIALS, url=URL) as client:

        def connect() -> Callable[[], Any]:
            return lambda: client.journeys.trigger(**EVENT).raw

        side_by_side(connect)


if __name__ == "__main__":
    main()
