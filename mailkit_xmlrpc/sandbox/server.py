"""Sockets and threads: one thread accepts, and each connection has one of its own.

How many connections there are is bounded. When one more comes, the one that has been idle for longest has to
go, then the one that has been sending its request for longest, so that whoever opens connections and leaves
them alone keeps nobody out. A stop closes what is idle and lets calls that are under way have their answers.
"""

from __future__ import annotations

import logging
import os
import selectors
import socket
import threading
import time
from contextlib import suppress
from enum import IntEnum
from typing import Callable

from ..errors import ConfigError
from .bounds import Bounds
from .reader import BadRequestError, GoneError, Reader, Request
from .reply import Reply, plain

__all__ = ["Server"]

_logger = logging.getLogger("mailkit_xmlrpc.sandbox")

# Seconds that a sender has to finish, once it has been told that its request is bad.
_DRAIN_SECONDS = 2.0


class _Phase(IntEnum):
    """What a connection does, in the order in which they have to make room for others."""

    IDLE = 0
    READING = 1
    ANSWERING = 2
    ENDED = 3


class _Link:
    """One connection."""

    def __init__(self, sock: socket.socket, ip: str) -> None:
        self.sock = sock
        self.ip = ip
        self.phase = _Phase.IDLE
        self.since = time.monotonic()
        self.thread: threading.Thread | None = None

    def shutdown(self, how: int) -> None:
        with suppress(OSError):  # it may be gone already
            self.sock.shutdown(how)


class Server:
    """Listens from construction to `close`.

    Args:
        host: the address to listen on.
        port: the port, 0 for any free one.
        bounds: see there.
        answer: makes the answer to a request; called in many threads at once.

    Raises:
        ConfigError: the address cannot be listened on.
    """

    def __init__(self, host: str, port: int, bounds: Bounds, answer: Callable[[Request, Reader, str], Reply]) -> None:
        self._bounds = bounds
        self._answer = answer
        self._lock = threading.Lock()
        self._links: set[_Link] = set()
        self._stopping = threading.Event()
        self._listener = _listen(host, port)
        self.port: int = self._listener.getsockname()[1]
        self._wakes, self._waker = socket.socketpair()
        self._acceptor = threading.Thread(target=self._accept, name="mailkit-sandbox", daemon=True)
        self._acceptor.start()

    def close(self) -> None:
        """Stop: no new connections, idle ones closed, calls under way answered. May be called twice."""
        with self._lock:
            if self._stopping.is_set():
                return
            self._stopping.set()
        self._waker.send(b"!")
        self._acceptor.join()
        for sock in (self._listener, self._wakes, self._waker):
            sock.close()
        with self._lock:
            links = list(self._links)
        for link in links:
            if link.phase is _Phase.IDLE:
                # Its thread wakes up; a request that has just come in is still read, and answered.
                link.shutdown(socket.SHUT_RD)
        self._end(links)

    def _end(self, links: list[_Link]) -> None:
        """Wait for the threads; those that take too long lose their connection."""
        limit = time.monotonic() + self._bounds.stop_seconds
        for patience in (limit, limit + 1):
            for link in links:
                if link.thread is not None and link.thread is not threading.current_thread():
                    link.thread.join(max(0.0, patience - time.monotonic()))
            for link in links:
                if link.phase is not _Phase.ENDED:
                    link.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._wakes, selectors.EVENT_READ)
            while True:
                selector.select()
                self._accept_waiting()
                if self._stopping.is_set():
                    return

    def _accept_waiting(self) -> None:
        """Welcome everybody who is at the door: on a stop too, where closing it would reset them."""
        while True:
            try:
                sock, address = self._listener.accept()
            except BlockingIOError:
                return
            except OSError:  # out of descriptors
                self._make_room()
                self._stopping.wait(0.05)
                return
            self._welcome(sock, address[0])

    def _welcome(self, sock: socket.socket, ip: str) -> None:
        with self._lock:
            full = sum(link.phase is not _Phase.ENDED for link in self._links) >= self._bounds.connections
        if full and not self._make_room():
            with suppress(OSError), sock:
                sock.settimeout(0)
                sock.send(plain(503, "too many connections", closes=True).wire())
            return
        link = _Link(sock, ip)
        link.thread = threading.Thread(target=self._serve, args=(link,), name=f"mailkit-sandbox {ip}", daemon=True)
        with self._lock:
            self._links.add(link)
        try:
            link.thread.start()
        except RuntimeError:  # the system has no thread to spare
            link.thread = None
            self._forget(link)
            sock.close()

    def _make_room(self) -> bool:
        """End the connection that can be spared most; False if each of them is being answered."""
        with self._lock:
            spared = [link for link in self._links if link.phase < _Phase.ANSWERING]
            if not spared:
                return False
            victim = min(spared, key=lambda link: (link.phase, link.since))
            victim.phase = _Phase.ENDED
        victim.shutdown(socket.SHUT_RDWR)
        return True

    def _enter(self, link: _Link, phase: _Phase) -> bool:
        """Note what a connection does next; False if it is to end instead."""
        with self._lock:
            if link.phase is _Phase.ENDED or (phase is _Phase.IDLE and self._stopping.is_set()):
                return False
            link.phase, link.since = phase, time.monotonic()
            return True

    def _serve(self, link: _Link) -> None:
        try:
            with link.sock:
                link.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                reader = Reader(link.sock, self._bounds)
                while reader.wait() and self._enter(link, _Phase.READING):
                    if not (self._exchange(link, reader) and self._enter(link, _Phase.IDLE)):
                        break
        except (GoneError, OSError):
            pass  # the other side does not wait for an answer
        finally:
            self._forget(link)

    def _forget(self, link: _Link) -> None:
        with self._lock:
            link.phase = _Phase.ENDED
            self._links.discard(link)

    def _exchange(self, link: _Link, reader: Reader) -> bool:
        """Read one request and answer it; whether another one may follow."""
        verb, unread = "POST", True
        try:
            request = reader.head()
            verb = request.verb
            reply = self._answer(request, reader, link.ip)
            unread = False
        except BadRequestError as bad:
            reply = plain(bad.status, str(bad), *bad.headers, closes=True)
        except GoneError:
            raise
        except Exception:
            _logger.exception("the sandbox failed to answer a request")
            reply = plain(500, "the sandbox itself failed; its log says why", closes=True)
        self._enter(link, _Phase.ANSWERING)
        if reply.send(link.sock, verb, self._stopping):
            return True
        if unread and self._enter(link, _Phase.IDLE):
            link.shutdown(socket.SHUT_WR)
            reader.drain(_DRAIN_SECONDS)
        return False


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=512)
    except (OSError, OverflowError) as error:
        # create_server puts the address into strerror once more.
        number = getattr(error, "errno", None)
        reason = os.strerror(number) if isinstance(number, int) and number > 0 else str(error)
        raise ConfigError(
            f"cannot listen on {host} port {port} ({reason}); choose another port, or 0 for any"
        ) from None
    listener.setblocking(False)
    return listener
