"""HTTP for the sandbox: the standard library's `http.server` with a table of routes, and with bounds.

Each connection has a thread. The table has a function for each path and verb; it takes a `Request` and returns a
`Reply`. `http.server` by itself waits without a limit for a slow client, and accepts any number of connections. Here
`_Incoming` bounds the size of a request's head and the time of a whole request, and `Server` bounds the connections.
"""

from __future__ import annotations

import io
import logging
import math
import re
import socket
import socketserver
import sys
import threading
import time
import weakref
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable

from .address import REFUSAL, Address
from .faults import Reply, plain

__all__ = ["Bounds", "Request", "Server"]

_logger = logging.getLogger("mailkit_xmlrpc.sandbox")

_PIECE = 64 << 10
_HEAD_BYTES = 64 << 10
_LINGER_SECONDS = 2.0  # that a client has to close a connection after its last answer
_FULL_SECONDS = 0.005  # between two tries to accept a connection for which there is no room
# What a connection does, in the order in which connections are closed to make room for others.
_IDLE, _READING, _ANSWERING = range(3)


@dataclass(frozen=True)
class Bounds:
    """Bounds on requests and connections. An idle connection may stay open until another one needs its place.

    Attributes:
        body_bytes: size of a body; a larger one is answered with 413. The default is Mailkit's own limit.
        request_seconds: time from the first byte of a request to its last; a slower one is answered with 408.
        connections: number of open connections; one more closes the connection that has been idle longest.
        stop_seconds: how long a stop waits for the calls that have come in.
    """

    body_bytes: int = 128 << 20
    request_seconds: float = 30.0
    connections: int = 256
    stop_seconds: float = 5.0


@dataclass(frozen=True)
class Request:
    """A request of the client at `ip`. `body` gives pieces of at most 64 KiB; it can be iterated once."""

    ip: str
    headers: Message
    body: Iterator[bytes]


Routes = Mapping[str, Mapping[str, Callable[[Request], Reply]]]


class _RequestError(Exception):
    """A request that gets an HTTP error, after which its connection is closed. Takes the arguments of `plain`."""


class _Incoming(io.RawIOBase):
    """What a client sends, bounded in time and size.

    A socket timeout alone starts anew with every byte. Here each read gets the time that is left.
    """

    def __init__(self, sock: socket.socket) -> None:
        super().__init__()
        self._sock = sock

    def allow(self, seconds: float, size: float) -> None:
        """Bound what comes from now on. Without a bound on the time, no request has begun and the stream may end."""
        self._deadline = time.monotonic() + seconds
        self.room = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self.room <= 0:
            raise _RequestError(431, f"the headers are larger than {_HEAD_BYTES:,} bytes")
        left = self._deadline - time.monotonic()
        try:
            if left <= 0:
                raise socket.timeout
            self._sock.settimeout(left if left < math.inf else None)
            count = self._sock.recv_into(buffer)
        except socket.timeout:  # before Python 3.10 not a TimeoutError
            raise _RequestError(408, "the request took too long") from None
        except OSError:
            raise ConnectionAbortedError from None
        if not count and left < math.inf:
            raise ConnectionAbortedError
        self.room -= count
        return count


class _Handler(BaseHTTPRequestHandler):
    """One connection: its requests are read and answered one after the other."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server
    rfile: io.BufferedReader

    def setup(self) -> None:
        super().setup()
        self.rfile.close()
        self._incoming = _Incoming(self.connection)
        self.rfile = io.BufferedReader(self._incoming)

    def handle_one_request(self) -> None:
        """Read a request and answer it. `close_connection` is False afterwards if another one may follow."""
        self._incoming.allow(math.inf, math.inf)
        self.close_connection, self.command = True, ""
        if not self.rfile.peek(1):
            return
        self.server.enter(self.connection, _READING)
        self._incoming.allow(self.server.bounds.request_seconds, _HEAD_BYTES)
        try:
            reply = self._reply()
        except _RequestError as error:
            reply = plain(*error.args, closes=True)
        reply = replace(reply, closes=reply.closes or self.close_connection)
        self.close_connection = not reply.send(self.connection, self.command, self.server.stopping)
        self.server.enter(self.connection, _IDLE)
        if self.close_connection:
            self._linger()

    def _reply(self) -> Reply:
        """Read a request and let its route answer it. Raises _RequestError, or OSError if the connection has ended."""
        if not self.rfile.peek(1)[:1].isalpha():  # the first byte of TLS is 22
            raise _RequestError(400, "the request is not HTTP; the sandbox does not speak HTTPS, use an http:// URL")
        self.raw_requestline = self.rfile.readline()
        self.parse_request()
        self._incoming.room = math.inf
        path = self.server.address.route(self.path.partition("?")[0])
        if path is None:  # it is not logged: it can be the token with a mistake in it
            _logger.warning("refused a request from %s: %s", self.client_address[0], REFUSAL)
            raise _RequestError(403, REFUSAL)
        verbs = self.server.routes.get(path)
        if verbs is None:
            raise _RequestError(404, f"this path is not served; use {' or '.join(self.server.routes)}")
        if self.command not in verbs:
            raise _RequestError(405, f"{path} takes {' or '.join(verbs)} only", ("Allow", ", ".join(verbs)))
        body = self._body(self._length())
        try:
            reply = verbs[self.command](Request(self.client_address[0], self.headers, body))
            for _ in body:  # a route need not read the body
                pass
        except (_RequestError, ConnectionAbortedError):
            raise
        except Exception:
            # A bug of the sandbox must show in the log, and must not leave a client waiting for its answer.
            _logger.exception("the sandbox failed to answer a request")
            raise _RequestError(500, "the sandbox failed to answer; the reason is in its log") from None
        return reply

    def _length(self) -> int:
        """The size of the body. Raises _RequestError if the body cannot be read."""
        most = self.server.bounds.body_bytes
        lengths = self.headers.get_all("Content-Length", [] if self.command == "POST" else ["0"])
        if "Transfer-Encoding" in self.headers or not lengths:
            raise _RequestError(411, "send the body with a Content-Length; chunked requests are not read")
        digits = lengths[0].strip()
        if len(lengths) > 1 or not re.fullmatch(r"[0-9]+", digits):
            raise _RequestError(400, "Content-Length must be one number")
        if len(digits) > 19 or int(digits) > most:
            raise _RequestError(413, f"the body is larger than {most:,} bytes")
        if self.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise _RequestError(415, "packed requests are not read", ("Accept-Encoding", "identity"))
        return int(digits)

    def _body(self, left: int) -> Iterator[bytes]:
        while left:
            piece = self.rfile.read1(min(left, _PIECE))
            left -= len(piece)
            yield piece
        self.server.enter(self.connection, _ANSWERING)

    def _linger(self) -> None:
        # To close a socket with unread data resets the connection, and the client loses its answer.
        self.connection.shutdown(socket.SHUT_WR)
        self._incoming.allow(_LINGER_SECONDS, math.inf)
        with suppress(_RequestError):  # the time is over
            while True:
                self.rfile.read1(_PIECE)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        raise _RequestError(code, (message or "")[:200])  # parse_request reports here what does not parse


class Server(ThreadingHTTPServer):
    """Listens on `server_port` from construction to `stop`. Raises ConfigError if it cannot. Threads share `routes`."""

    request_queue_size = 512
    allow_reuse_port = False  # some versions of http.server let two servers share a port
    timeout: float = 0.5  # seconds between two looks at whether to stop; `stop` can wake the acceptor on most systems

    def __init__(self, address: Address, port: int, bounds: Bounds, routes: Routes) -> None:
        self.address: Address = address
        self.bounds: Bounds = bounds
        self.routes: Routes = routes
        self.stopping: threading.Event = threading.Event()
        self._lock = threading.Lock()
        self._connections: dict[socket.socket, tuple[int, float]] = {}  # the phase of each, and since when
        self._workers: weakref.WeakSet[threading.Thread] = weakref.WeakSet()  # those that have not ended
        self.address_family: int = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        try:
            super().__init__((address.host, port), _Handler)
        except (OSError, TypeError) as error:
            raise address.unusable(port, error) from None
        self._acceptor = threading.Thread(target=self._accept, name="mailkit-sandbox", daemon=True)
        self._acceptor.start()

    def stop(self) -> None:
        """Close idle connections, answer the calls that have come in, and end. May be called twice."""
        if self._acceptor.is_alive():  # a forked child has copies of the sockets, and none of the threads
            self.stopping.set()
            with suppress(OSError):  # wakes the acceptor
                socket.create_connection(self.socket.getsockname()[:2], self.timeout).close()
            self._acceptor.join()
            with suppress(OSError):  # frees the port, even if a forked child has a copy of the socket
                self.socket.shutdown(socket.SHUT_RDWR)
            # After SHUT_RD, what has come in before can still be read.
            self._end(_IDLE, socket.SHUT_RD, self.bounds.stop_seconds)
            self._end(_ANSWERING, socket.SHUT_RDWR, 1.0)
        self.server_close()

    def _accept(self) -> None:
        while not self.stopping.is_set():
            self.handle_request()
        self.socket.settimeout(0)
        with suppress(OSError, RuntimeError):  # there are no more; or no thread can be started
            limit = time.monotonic() + 1.0  # clients that connect again after each answer do not keep this going
            while time.monotonic() < limit:  # what is still in the queue of the system may be a call that was sent
                self.process_request(*self.get_request())

    def _end(self, last: int, how: int, seconds: float) -> None:
        """Shut down the connections up to the phase `last`, and wait for all threads."""
        with self._lock:
            ending = [connection for connection, (phase, _) in self._connections.items() if phase <= last]
        for connection in ending:
            with suppress(OSError):  # its thread has closed it since
                connection.shutdown(how)
        limit = time.monotonic() + seconds
        for worker in self._workers - {threading.current_thread()}:
            worker.join(max(0.0, limit - time.monotonic()))

    def enter(self, connection: socket.socket, phase: int) -> None:
        """Note what a connection does from now on. Raises ConnectionAbortedError if it has to end instead."""
        with self._lock:
            if connection not in self._connections or (phase == _IDLE and self.stopping.is_set()):
                raise ConnectionAbortedError
            self._connections[connection] = (phase, time.monotonic())

    def server_bind(self) -> None:
        """Bind the socket. HTTPServer.server_bind also asks for the name of the host, which can take many seconds."""
        if self.address_family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        socketserver.TCPServer.server_bind(self)
        self.server_port: int = self.server_address[1]

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection. Raises OSError if there is no room for it; it stays in the queue of the system."""
        try:
            if len(self._connections) >= self.bounds.connections and not self._make_room():
                raise OSError("every connection is being answered")
            return super().get_request()
        except OSError:  # also if the process is out of file descriptors, or if the server stops
            if not self.stopping.wait(_FULL_SECONDS):
                self._make_room()
            raise

    def process_request(self, request: Any, client_address: Any) -> None:
        """Start the thread of a connection."""
        with self._lock:
            self._connections[request] = (_IDLE, time.monotonic())
        arguments, name = (request, client_address), f"mailkit-sandbox {client_address[0]}"
        worker = threading.Thread(target=self.process_request_thread, args=arguments, name=name, daemon=True)
        worker.start()
        self._workers.add(worker)

    def close_request(self, request: Any) -> None:
        """Close a connection."""
        with self._lock:
            self._connections.pop(request, None)
        super().close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log a bug. An OSError is not one: the client has gone, or does not read its answer."""
        if not isinstance(sys.exc_info()[1], OSError):
            _logger.exception("the sandbox failed to serve %s", client_address)

    def _make_room(self) -> bool:
        """Close the connection that has been idle longest, or else sending longest. False if all are being answered."""
        with self._lock:
            spared = {found: state for found, state in self._connections.items() if state[0] < _ANSWERING}
            if not spared:
                return False
            connection = min(spared, key=spared.__getitem__)
            del self._connections[connection]
        with suppress(OSError):  # its thread has closed it since
            connection.shutdown(socket.SHUT_RDWR)
        return True
