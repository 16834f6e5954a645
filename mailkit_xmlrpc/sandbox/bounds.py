"""How much the sandbox puts up with."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Bounds"]


@dataclass(frozen=True)
class Bounds:
    """Bounds on requests and connections. Mailkit's own limit is the 128 MB of a body.

    Attributes:
        line_bytes: the request line; longer is 414.
        header_bytes: all headers together; more is 431.
        headers: how many headers; more are 431.
        body_bytes: the body, chunked or not; larger is 413.
        request_seconds: from a request's first byte to its last; slower is 408.
        idle_seconds: how long a connection may stay open between two requests.
        connections: how many may be open at once; one more ends the one that has been idle for longest.
        stop_seconds: how long a stop waits for calls that are under way.
    """

    line_bytes: int = 8 << 10
    header_bytes: int = 32 << 10
    headers: int = 100
    body_bytes: int = 128 << 20
    request_seconds: float = 30.0
    idle_seconds: float = 60.0
    connections: int = 256
    stop_seconds: float = 5.0
