"""Servers for the tests: real sockets that follow a script.

A `ScriptedServer` plays a list of steps, one for each request, and keeps every request that it has read. A step is
bytes (read the request, answer with them) or a function that takes the `Peer`::

    with ScriptedServer(drop, answer("TRUE")) as server:
        ...                                     # call server.url
    assert len(server.requests) == 1

`ConnectProxy` is a proxy that opens tunnels; `Certificates` makes certificates, good and bad.
"""

from __future__ import annotations

import base64
import contextlib
import datetime
import functools
import gzip
import select
import socket
import ssl
import struct
import threading
import xmlrpc.client
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Callable, Union

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mailkit_xmlrpc import Client, MailkitError, ServerProxy

__all__ = [
    "CLIENT_ID",
    "MD5",
    "Certificates",
    "ConnectProxy",
    "Peer",
    "Request",
    "ScriptedServer",
    "added",
    "answer",
    "certificates",
    "chunked",
    "client_of",
    "document",
    "drip",
    "drop",
    "drop_unread",
    "failure",
    "full_backlog",
    "gzipped",
    "hang",
    "http",
    "new_client",
    "own_address",
    "proxy_of",
    "reset",
    "serving",
    "stall",
    "then",
    "unused_port",
]

# A test that waits longer than this for a server has failed.
PATIENCE = 10.0

# What ends at its own timeout takes less; what waits for PATIENCE, or for ever, takes more.
SOON = 4.0


CLIENT_ID = 12345678
MD5 = "abc123def456abc123def456abc12345"


# The fixture `waiting` changes them.
client_type: Any = Client
proxy_type: Any = ServerProxy


def new_client(*args: Any, **options: Any) -> Client:
    """A client; see `blocking.both`."""
    return client_type(*args, **options)  # type: ignore[no-any-return]


def proxy_of(*args: Any, **options: Any) -> ServerProxy:
    """A proxy; see `blocking.both`."""
    return proxy_type(*args, **options)  # type: ignore[no-any-return]


def client_of(server: ScriptedServer, **options: Any) -> Client:
    """A client of `server` that attempts a call once, unless `options` say otherwise."""
    return new_client(CLIENT_ID, MD5, **{"url": server.url, "timeout": PATIENCE, "retry": None, "proxy": "", **options})


@contextlib.contextmanager
def serving(
    *steps: Step, ever_after: Step | None = None, tls: bool = False, **options: Any
) -> Iterator[tuple[ScriptedServer, Client]]:
    """A server that plays `steps`, and a client of it."""
    context = certificates().good() if tls else None
    if tls:
        options = {"context": certificates().trusting(), **options}
    with ScriptedServer(*steps, ever_after=ever_after, tls=context) as server, client_of(server, **options) as client:
        yield server, client


def failure(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """The error of a call."""
    with pytest.raises(MailkitError) as caught:
        call(*args, **kwargs)
    return caught.value


# Documents and answers


def document(value: Any) -> bytes:
    """An XML-RPC answer, written by the standard library and not by the code under test."""
    return xmlrpc.client.dumps((value,), methodresponse=True, allow_none=True).encode()


def http(body: bytes = b"", *headers: str, status: str = "200 OK", version: str = "1.1", length: bool = True) -> bytes:
    """An HTTP answer."""
    lines = [f"HTTP/{version} {status}", *headers]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def answer(value: Any, *headers: str) -> bytes:
    """An ordinary answer with `value`."""
    return http(document(value), "Content-Type: text/xml", *headers)


def added() -> bytes:
    """Mailkit's answer if an event was queued."""
    return answer({"message": "Added into scenario events queue", "status": "OK", "error_status": 0})


def gzipped(value: Any, coding: str = "gzip") -> bytes:
    """An answer with `value`, in gzip."""
    return http(gzip.compress(document(value)), "Content-Type: text/xml", f"Content-Encoding: {coding}")


def chunked(body: bytes, *headers: str, size: int = 7, end: bytes = b"0\r\n\r\n") -> bytes:
    """An HTTP answer in chunks of `size` bytes."""
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in (body[at : at + size] for at in range(0, len(body), size)))
    return http(b"", *headers, "Transfer-Encoding: chunked", length=False) + chunks + end


# Connections


@dataclass(frozen=True)
class Request:
    """A request as a server read it."""

    connection: int
    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def call(self) -> tuple[str, tuple[Any, ...]]:
        """Method and params, read by the standard library."""
        params, method = xmlrpc.client.loads(self.body, use_builtin_types=True)
        return str(method), params


@dataclass
class Peer:
    """One connection, seen from the server."""

    server: ScriptedServer
    sock: socket.socket
    number: int
    open: bool = True
    _buffer: bytearray = field(default_factory=bytearray)

    def readable(self) -> bool:
        """Wait until the client sends data or closes the connection. False if the server stops first."""
        while not self.server.stopping.is_set():
            pending = isinstance(self.sock, ssl.SSLSocket) and self.sock.pending()
            if self._buffer or pending or select.select([self.sock], [], [], 0.02)[0]:
                return True
        return False

    def hung_up(self) -> bool:
        """Whether the client has closed the connection. With TLS this reads data, because TLS cannot look ahead."""
        if isinstance(self.sock, ssl.SSLSocket):
            return not self._buffer and not self._receive()
        return not self._buffer and not self.sock.recv(1, socket.MSG_PEEK)

    def read(self) -> Request | None:
        """The next complete request; None if the client closes first."""
        while b"\r\n\r\n" not in self._buffer:
            if not self._receive():
                return None
        head, _, _ = bytes(self._buffer).partition(b"\r\n\r\n")
        line, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        end = len(head) + 4 + int(headers.get("content-length", "0"))
        while len(self._buffer) < end:
            if not self._receive():
                return None
        request = Request(self.number, line, headers, bytes(self._buffer[len(head) + 4 : end]))
        del self._buffer[:end]
        self.server.note(self.number, f"read {line.split(' HTTP')[0]}, {len(request.body)} bytes")
        self.server.requests.append(request)
        self.server.arrived.release()
        return request

    def _receive(self) -> bool:
        piece = self.sock.recv(65536)
        self._buffer += piece
        return bool(piece)

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def close(self) -> None:
        """Close the connection in the regular way."""
        self.open = False
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()

    def reset(self) -> None:
        """Close the connection with a RST."""
        self.open = False
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def wait(self) -> None:
        """Do nothing until the client hangs up or the server stops."""
        while self.readable():
            if not self.sock.recv(65536):
                return


Step = Union[bytes, Callable[[Peer], None]]


def drop(peer: Peer) -> None:
    """Read the request, then close the connection without an answer."""
    if peer.read():
        peer.server.note(peer.number, "drops the connection")
    peer.close()


def drop_unread(peer: Peer) -> None:
    """Close the connection with the request unread."""
    peer.close()


def reset(peer: Peer) -> None:
    """Read the request, then reset the connection."""
    peer.read()
    peer.reset()


def hang(peer: Peer) -> None:
    """Read the request, then send nothing."""
    peer.read()
    peer.wait()


def stall(peer: Peer) -> None:
    """Read nothing, send nothing."""
    peer.server.stopping.wait(PATIENCE)


def then(data: bytes, end: Callable[[Peer], None] = Peer.close) -> Callable[[Peer], None]:
    """Read the request, answer with `data`, and then `end`: `Peer.close`, `Peer.reset` or `Peer.wait`."""

    def step(peer: Peer) -> None:
        if peer.read():
            peer.send(data)
            end(peer)

    return step


def drip(data: bytes, at_once: int = 0) -> Callable[[Peer], None]:
    """Read the request, send `at_once` bytes of `data`, and the rest one byte each 20 ms."""

    def step(peer: Peer) -> None:
        peer.read()
        peer.send(data[:at_once])
        for at in range(at_once, len(data)):
            if peer.server.stopping.wait(0.02):
                return
            peer.send(data[at : at + 1])

    return step


class ScriptedServer:
    """Plays `steps`, one for each request on any connection.

    Args:
        steps: what to do. After the last one, `ever_after` is played, or every connection is closed.
        tls: a context to serve TLS with.
        receive_buffer: bytes that the system receives from a client before the script reads them.

    Attributes:
        requests: the requests that were read completely.
        connections: the number of accepted connections.
        log: the events, as one line each.
    """

    def __init__(
        self,
        *steps: Step,
        ever_after: Step | None = None,
        tls: ssl.SSLContext | None = None,
        receive_buffer: int | None = None,
    ) -> None:
        self.requests: list[Request] = []
        self.arrived = threading.Semaphore(0)
        self.connections = 0
        self.log: list[str] = []
        self.stopping = threading.Event()
        self._steps = list(steps)
        self._ever_after = ever_after
        self._tls = tls
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._listener = socket.socket()
        if receive_buffer:
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(64)
        self.port: int = self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        """Its URL, with an IP address."""
        return self.url_as("127.0.0.1")

    def url_as(self, host: str) -> str:
        """Its URL with another hostname."""
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}/RPC2"

    def note(self, connection: int, what: str) -> None:
        """Add to the log."""
        self.log.append(f"connection {connection}: {what}")

    def wait_for_request(self) -> None:
        """Wait until one more request is read."""
        assert self.arrived.acquire(timeout=PATIENCE), "no request came"

    def stop_listening(self) -> None:
        """Refuse further connections; open connections continue."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def __enter__(self) -> ScriptedServer:
        self._start(self._accept)
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stopping.set()
        self.stop_listening()
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive(), "a connection of the server did not end"

    def _start(self, work: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._start(self._serve, sock, self.connections)

    def _serve(self, sock: socket.socket, number: int) -> None:
        with contextlib.ExitStack() as cleanup:
            cleanup.callback(sock.close)
            with contextlib.suppress(OSError):
                sock.settimeout(PATIENCE)
                if self._tls:
                    sock = self._tls.wrap_socket(sock, server_side=True)
                    cleanup.callback(sock.close)
                self._play(Peer(self, sock, number))

    def _play(self, peer: Peer) -> None:
        while peer.open and peer.readable():
            if peer.hung_up():
                return
            with self._lock:
                step = self._steps.pop(0) if self._steps else self._ever_after
            if step is None:
                peer.close()
            elif isinstance(step, bytes):
                if peer.read() is None:
                    return
                peer.send(step)
            else:
                step(peer)


# TLS


class Certificates:
    """Valid and invalid certificates of one authority; the attributes of the second half are contexts for servers."""

    def __init__(self) -> None:
        self.authority = trustme.CA()

    def trusting(self) -> ssl.SSLContext:
        """A client's context that trusts the authority and is otherwise like the default one."""
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return context

    def good(self, *names: str) -> ssl.SSLContext:
        """A valid certificate for `names`, by default 127.0.0.1."""
        return self._context(self.authority.issue_cert(*(names or ("127.0.0.1", "localhost"))))

    def wrong_host(self) -> ssl.SSLContext:
        return self.good("elsewhere.example")

    def expired(self) -> ssl.SSLContext:
        past = datetime.datetime(2001, 1, 1, tzinfo=datetime.timezone.utc)
        return self._context(self.authority.issue_cert("127.0.0.1", not_after=past))

    def unknown_authority(self) -> ssl.SSLContext:
        return self._context(trustme.CA().issue_cert("127.0.0.1"))

    def self_signed(self) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
        now = datetime.datetime.now(datetime.timezone.utc)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .sign(key, hashes.SHA256())
        )
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        chain = trustme.Blob(pem + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with chain.tempfile() as path:
            context.load_cert_chain(path)
        return context

    @staticmethod
    def _context(leaf: trustme.LeafCert) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        leaf.configure_cert(context)
        return context


@functools.cache
def certificates() -> Certificates:
    """One authority for all tests."""
    return Certificates()


# A proxy


class ConnectProxy:
    """An HTTP proxy that opens tunnels.

    Args:
        auth: the "user:password" that it requires.
        routes: the addresses of "host:port"; without an entry, the proxy connects to "host:port" itself.
        rubbish: bytes that it sends instead of an answer.

    Attributes:
        asked: the heads of the requests that it received, as text.
        tunnels: the "host:port" of each tunnel that it opened.
    """

    def __init__(
        self,
        *,
        auth: str | None = None,
        routes: dict[str, tuple[str, int]] | None = None,
        rubbish: bytes | None = None,
    ) -> None:
        self.asked: list[str] = []
        self.tunnels: list[str] = []
        self._auth = "Basic " + base64.b64encode(auth.encode()).decode() if auth else None
        self._routes = routes or {}
        self._rubbish = rubbish
        self._server = ScriptedServer(ever_after=self._tunnel)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.port}"

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    def url_as(self, user: str) -> str:
        """Its URL with "user:password"."""
        return f"http://{user}@{self.address}"

    def __enter__(self) -> ConnectProxy:
        self._server.__enter__()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._server.__exit__()

    def _tunnel(self, peer: Peer) -> None:
        request = peer.read()
        if request is None:
            return
        self.asked.append("\n".join([request.line, *(f"{n}: {v}" for n, v in request.headers.items())]))
        if self._rubbish is not None:
            peer.send(self._rubbish)
            peer.close()
            return
        verb, target, _ = request.line.split(" ")
        if self._auth and request.headers.get("proxy-authorization") != self._auth:
            peer.send(http(b"", "Proxy-Authenticate: Basic", status="407 Proxy Authentication Required"))
            peer.close()
            return
        assert verb == "CONNECT"
        host, _, port = target.rpartition(":")
        with socket.create_connection(self._routes.get(target, (host, int(port)))) as upstream:
            self.tunnels.append(target)
            peer.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self._pump(peer, upstream)
        peer.close()

    def _pump(self, peer: Peer, upstream: socket.socket) -> None:
        other = {peer.sock: upstream, upstream: peer.sock}
        while not peer.server.stopping.is_set():
            for sock in select.select(list(other), [], [], 0.02)[0]:
                data = sock.recv(65536)
                if not data:
                    return
                other[sock].sendall(data)


@contextlib.contextmanager
def full_backlog() -> Iterator[int]:
    """The port of a listener whose queue is full: connecting to it never ends, as on a dead route."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(3):
            client = stack.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


def unused_port() -> int:
    """A port of this machine on which nothing listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def own_address() -> str:
    """An address of this machine that is not a loopback address. Skips the test if there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect(("192.0.2.254", 9))  # chooses the address, and sends nothing
        except OSError:
            pytest.skip("this machine has only loopback addresses")
        address = str(sock.getsockname()[0])
    if address.startswith("127."):
        pytest.skip("this machine has only loopback addresses")
    return address
