"""One HTTP answer, and everything that can be wrong with one on purpose.

An answer leaves in one write: head and body in two cost 40 ms each (Nagle's algorithm waits for the other
side's delayed acknowledgement).
"""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, replace
from http import HTTPStatus

__all__ = ["Reply", "plain"]

# Seconds that the other side may take to read an answer.
_SEND_SECONDS = 30.0
# RFC 9110, section 6.4.1: these have no body, whatever their headers say.
_BODILESS = frozenset({204, 304})


@dataclass(frozen=True)
class Reply:
    """An answer; the attributes from `delay` on are for faults.

    Attributes:
        status: the status code.
        reason: its text; None for the usual one.
        headers: pairs, beside those that every answer has.
        body: the body.
        closes: close the connection afterwards.
        delay: seconds before the first byte.
        pause: seconds after each byte.
        sent: how many bytes of the body are sent; None for all.
        length: the Content-Length; None for the true one.
        dropped: send nothing at all.
    """

    status: int = 200
    reason: str | None = None
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/xml; charset=utf-8"),)
    body: bytes = b""
    closes: bool = False
    delay: float = 0.0
    pause: float = 0.0
    sent: int | None = None
    length: int | None = None
    dropped: bool = False

    def wire(self, verb: str = "POST") -> bytes:
        """The answer as it is sent."""
        bodiless = self.status in _BODILESS or self.status < 200
        lines = [f"HTTP/1.1 {self.status} {_reason(self.status) if self.reason is None else self.reason}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if not bodiless:
            lines.append(f"Content-Length: {len(self.body) if self.length is None else self.length}")
        if self.closes:
            lines.append("Connection: close")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        return head if bodiless or verb == "HEAD" else head + self.body[: self.sent]

    def send(self, sock: socket.socket, verb: str, stopping: threading.Event) -> bool:
        """Send it; whether the connection stays open. A server that stops waits for no delay."""
        if self.delay:
            stopping.wait(self.delay)
        if self.dropped:
            return False
        reply = replace(self, closes=self.closes or stopping.is_set())
        data = reply.wire(verb)
        sock.settimeout(_SEND_SECONDS)
        while self.pause and data and not stopping.is_set():
            sock.sendall(data[:1])
            data = data[1:]
            stopping.wait(self.pause)
        sock.sendall(data)
        return not reply.closes


def plain(status: int, text: str, *headers: tuple[str, str], closes: bool = False) -> Reply:
    """An answer that is one line for human eyes."""
    body = f"{text}\n".encode()
    return Reply(status, None, (("Content-Type", "text/plain; charset=utf-8"), *headers), body, closes=closes)


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
