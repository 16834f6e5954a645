"""`Transport`: one attempt, one deadline, one family of errors."""

from __future__ import annotations

import base64
import contextlib
import signal
import socket
import ssl
import threading
import time
import xmlrpc.client
from http.client import RemoteDisconnected

import pytest

import mailkit_xmlrpc
from mailkit_xmlrpc import (
    ConfigError,
    HTTPStatusError,
    InDoubtError,
    MailkitError,
    NotSentError,
    Outcome,
)
from mailkit_xmlrpc.transport import Attempt, Deadline, Payload, SafeTransport, Transport

from ..blocking import both, sent
from ..servers import (
    MD5,
    PATIENCE,
    SOON,
    ConnectProxy,
    ScriptedServer,
    added,
    answer,
    certificates,
    chunked,
    client_of,
    document,
    drip,
    drop,
    drop_unread,
    failure,
    http,
    proxy_of,
    reset,
    serving,
    stall,
    then,
)
from ..shown import shown

plain_and_tls = pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])


def trigger(client, **options):
    return client.journeys.trigger("jane@example.com", "order_paid", {"order": "A-17"}, **options)


@both
class TestOneAttempt:
    """Promise 2: a server that takes the call and drops the connection sees it once."""

    def test_after_an_error_for_which_the_standard_library_sends_twice(self):
        with ScriptedServer(ever_after=drop) as ours, ScriptedServer(ever_after=drop) as theirs:
            with client_of(ours) as client:
                error = failure(trigger, client)
            proxy = xmlrpc.client.ServerProxy(theirs.url)
            with pytest.raises(RemoteDisconnected), proxy:
                proxy.mailkit.journeys.trigger(12345678, MD5, {"email": "jane@example.com", "event_tag": "order_paid"})
        assert type(error) is InDoubtError
        assert error.outcome is Outcome.UNKNOWN
        assert error.attempts == 1
        assert "may have been carried out" in str(error)
        assert len(ours.requests) == 1
        assert len(theirs.requests) == 2, "the reason for all this"
        assert ours.log == [
            f"connection 1: read POST /RPC2, {len(ours.requests[0].body)} bytes",
            "connection 1: drops the connection",
        ]

    @plain_and_tls
    @pytest.mark.parametrize("step", [drop, reset], ids=["drop", "reset"])
    @pytest.mark.parametrize("calls_before", [0, 1, 3], ids=["first call", "second call", "fourth call"])
    def test_on_a_new_and_on_a_reused_connection(self, tls, step, calls_before):
        with serving(*[added()] * calls_before, ever_after=step, tls=tls) as (server, client):
            for _ in range(calls_before):
                assert trigger(client).ok
            error = failure(trigger, client)
            assert type(error) is InDoubtError
            assert len(server.requests) == calls_before + 1
            assert server.connections == 1

    @plain_and_tls
    def test_also_with_the_default_retry(self, tls):
        options = {"retry": mailkit_xmlrpc.Retry()}
        with serving(ever_after=drop, tls=tls, **options) as (server, client):
            assert failure(trigger, client).attempts == 1
            assert len(server.requests) == 1

    @pytest.mark.parametrize(
        "step",
        [
            then(b"HTTP/1.1 200 OK\r\n"),
            then(added()[:-10]),
            then(added()[:-10], end=lambda peer: peer.reset()),
            then(b"rubbish\r\n\r\n"),
            http(b"rubbish"),
            http(b"", status="502 Bad Gateway"),
            http(b"", status="500 x"),
            http(b"", status="302 x"),
        ],
    )
    def test_after_any_answer(self, step):
        with serving(ever_after=step) as (server, client):
            failure(trigger, client)
            assert len(server.requests) == 1

    def test_a_connection_that_is_dropped_before_reading_is_in_doubt_too(self):
        with serving(ever_after=drop_unread) as (server, client):
            assert type(failure(trigger, client)) is InDoubtError
            assert server.connections == 1

    def test_a_plain_server_proxy_sends_once_as_well(self):
        with ScriptedServer(ever_after=drop) as server, proxy_of(server.url) as proxy:
            assert type(failure(proxy.send, "mail")) is InDoubtError
            assert len(server.requests) == 1


@both
@plain_and_tls
class TestTheDeadline:
    """One deadline for the whole call, however the server sends its bytes."""

    LIMIT = 0.3

    def assert_in_time(self, step, tls, data=None, *, expected=InDoubtError, limit=LIMIT):
        with serving(step, tls=tls, timeout=limit) as (server, client):
            started = time.monotonic()
            error = failure(client.journeys.trigger, "jane@example.com", "order_paid", data)
            elapsed = time.monotonic() - started
            assert server.connections <= 1
        assert type(error) is expected
        assert limit * 0.8 < elapsed < limit + 1.5
        return error

    def test_against_silence(self, tls):
        error = self.assert_in_time(lambda peer: (peer.read(), peer.wait()), tls)
        assert "timed out" in str(error)

    def test_against_a_status_line_that_drips(self, tls):
        self.assert_in_time(drip(added()), tls)

    def test_against_headers_that_drip(self, tls):
        self.assert_in_time(drip(http(b"", *["X-Header: value"] * 50), at_once=30), tls)

    def test_against_a_body_that_drips(self, tls):
        self.assert_in_time(drip(added(), at_once=150), tls)

    def test_against_chunks_that_drip(self, tls):
        self.assert_in_time(drip(chunked(document("x")), at_once=80), tls)

    def test_against_a_body_without_a_length_that_drips(self, tls):
        self.assert_in_time(drip(http(document("x"), length=False), at_once=40), tls)

    def test_against_the_body_of_an_error_that_drips(self, tls):
        page = http(b"x" * 500, status="502 Bad Gateway")
        error = self.assert_in_time(drip(page, at_once=60), tls, expected=HTTPStatusError)
        assert error.status == 502

    def test_against_a_server_that_does_not_read(self, tls):
        error = self.assert_in_time(stall, tls, {"data": "x" * 8_000_000}, limit=0.8)
        assert error.outcome is Outcome.UNKNOWN, "some of it was sent"

    def test_against_a_server_that_reads_slowly(self, tls):
        def sip(peer):
            while not peer.server.stopping.wait(0.02):
                if not peer.sock.recv(1000):
                    return

        self.assert_in_time(sip, tls, {"data": "x" * 8_000_000}, limit=0.8)

    def test_of_one_call_beats_the_clients(self, tls):
        with serving(ever_after=lambda peer: (peer.read(), peer.wait()), tls=tls, timeout=PATIENCE) as (_, client):
            started = time.monotonic()
            failure(trigger, client, timeout=0.2)
            failure(client.call, "x", timeout=0.2)
            assert 0.35 < time.monotonic() - started < SOON


@both
class TestADeadlineThatHasPassed:
    """The deadline may pass before anything was sent. The call must not be sent then."""

    @staticmethod
    def late(proxy):
        error = failure(sent, proxy, "test", Payload(b"<methodCall/>"), Attempt(Deadline(1e-9)))
        assert type(error) is NotSentError

    def test_opens_no_connection(self):
        with ScriptedServer() as server, proxy_of(server.url) as proxy:
            self.late(proxy)
            assert server.connections == 0

    def test_sends_nothing_on_an_idle_connection_and_keeps_it(self):
        with ScriptedServer(ever_after=answer("TRUE")) as server, proxy_of(server.url) as proxy:
            proxy.test()
            self.late(proxy)
            proxy.test()
            assert len(server.requests) == 2
            assert server.connections == 1


@both
class TestWithoutALimit:
    def test_without_a_timeout_a_call_may_take_any_time(self):
        with serving(added(), timeout=None, connect_timeout=None) as (_, client):
            assert trigger(client).ok


@both
class TestUpload:
    @plain_and_tls
    def test_a_large_request_arrives_whole(self, tls):
        data = {"data": "x" * 5_000_000}
        with serving(added(), tls=tls) as (server, client):
            assert client.journeys.trigger("a", "b", data).ok
            assert server.requests[0].call[1][2]["event_data"] == data

    @plain_and_tls
    def test_a_connection_that_is_lost_within_it_is_in_doubt(self, tls):
        def read_some(peer):
            peer.sock.recv(10_000)
            peer.reset()

        with serving(read_some, tls=tls) as (_, client):
            error = failure(client.journeys.trigger, "a", "b", {"data": "x" * 8_000_000})
        assert type(error) is InDoubtError

    def test_an_answer_that_comes_before_its_end_is_read(self):
        def refuse(peer):
            peer.sock.recv(1000)
            peer.send(http(b"", "Connection: close", status="413 Content Too Large"))
            peer.sock.shutdown(socket.SHUT_WR)
            peer.wait()

        with serving(refuse) as (_, client):
            error = failure(client.journeys.trigger, "a", "b", {"data": "x" * 8_000_000})
        assert type(error) is HTTPStatusError
        assert error.status == 413

    def test_a_small_request_is_sent_in_one_write(self):
        pieces = []

        def take(peer):
            pieces.append(peer.sock.recv(65536))
            peer.send(added())

        with serving(take) as (_, client):
            assert trigger(client).ok
        assert pieces[0].startswith(b"POST ")
        assert pieces[0].endswith(b"</methodCall>")


@both
class TestVerbose:
    def test_prints_sizes_and_status_and_never_contents(self, capsys):
        with ScriptedServer(answer(f"echo {MD5} hunter22")) as server:
            with proxy_of(f"http://joe:hunter22@127.0.0.1:{server.port}/RPC2", verbose=True) as proxy:
                proxy.test(MD5)
            size = len(server.requests[0].body)
        printed = capsys.readouterr()
        assert f"{size} bytes" in printed.out
        assert "200 OK" in printed.out
        for secret in (MD5, "hunter22", base64.b64encode(b"joe:hunter22").decode()):
            assert secret not in printed.out + printed.err

    def test_is_off_by_default(self, capsys):
        with serving(added()) as (_, client):
            trigger(client)
        assert capsys.readouterr() == ("", "")


class TestUnderTheStandardLibrary:
    """Transport and SafeTransport with xmlrpc.client.ServerProxy."""

    @staticmethod
    @contextlib.contextmanager
    def serving(step, *, tls=None, transport=None):
        transport = transport or Transport()
        with ScriptedServer(step, tls=tls) as server, xmlrpc.client.ServerProxy(server.url, transport) as proxy:
            yield server, proxy

    def test_plain(self):
        with self.serving(answer([1, "a"])) as (server, proxy):
            assert proxy.test("x") == [1, "a"]
        assert server.requests[0].call == ("test", ("x",))

    def test_tls(self):
        transport = SafeTransport(context=certificates().trusting(), proxy="")
        with self.serving(answer(5), tls=certificates().good(), transport=transport) as (_, proxy):
            assert proxy.test() == 5

    def test_sends_once(self):
        with ScriptedServer(ever_after=drop) as server:
            with xmlrpc.client.ServerProxy(server.url, transport=Transport()) as proxy:
                assert type(failure(proxy.send, "mail")) is InDoubtError
            assert len(server.requests) == 1

    def test_has_the_deadline_of_its_own_timeout(self):
        with self.serving(stall, transport=Transport(timeout=0.2)) as (_, proxy):
            started = time.monotonic()
            assert type(failure(proxy.test)) is InDoubtError
        assert time.monotonic() - started < SOON

    def test_gives_the_standard_librarys_types_or_built_in_ones(self):
        value = {"d": xmlrpc.client.DateTime("20260102T03:04:05"), "b": xmlrpc.client.Binary(b"\0")}
        with ScriptedServer(ever_after=answer(value)) as server:
            with xmlrpc.client.ServerProxy(server.url, transport=Transport()) as proxy:
                assert proxy.test() == value
                assert type(proxy.test()["b"]) is xmlrpc.client.Binary
            with xmlrpc.client.ServerProxy(server.url, transport=Transport(use_builtin_types=True)) as proxy:
                assert type(proxy.test()["b"]) is bytes

    @pytest.mark.parametrize("path", ["/a b", "/ž", "x"])
    def test_refuses_a_path_that_would_change_the_request(self, path):
        transport = Transport()
        with pytest.raises(ConfigError):
            transport.request("127.0.0.1:1", path, b"")

    @pytest.mark.parametrize(
        "host", ["příklad.example", "h:0x1", "h\r\nX-Evil: 1", "h b", "", "h:99999", "[::1", "h/x"]
    )
    def test_a_host_that_cannot_be_called_is_our_error(self, host):
        transport = Transport()
        error = failure(transport.request, host, "/", b"")
        assert error.outcome is Outcome.NOT_SENT

    def test_shows_no_credentials_either(self):
        token = base64.b64encode(b"joe:hunter22").decode()
        page = http(f"{token} hunter22".encode(), f"X-Echo: {token}", status=f"500 Basic {token}")
        with ScriptedServer(page) as server:
            url = f"http://joe:hunter22@127.0.0.1:{server.port}/"
            with xmlrpc.client.ServerProxy(url, transport=Transport()) as proxy:
                error = failure(proxy.test)
        assert "hunter22" not in shown(error)
        assert token not in shown(error)

    def test_is_an_instance_of_the_class_that_it_replaces(self):
        assert isinstance(Transport(), xmlrpc.client.Transport)
        assert isinstance(SafeTransport(), xmlrpc.client.SafeTransport)

    @pytest.mark.parametrize(
        "hook", ["getparser", "make_connection", "parse_response", "send_content", "send_headers", "single_request"]
    )
    @pytest.mark.parametrize("base", [Transport, SafeTransport])
    def test_a_subclass_that_overrides_an_unused_hook_is_a_config_error(self, base, hook):
        derived = type("Mine", (base,), {hook: lambda self, *arguments: None})
        with pytest.raises(ConfigError, match=rf"Mine\.{hook} has no effect"):
            derived()

    def test_a_mixin_that_overrides_one_is_a_config_error_too(self):
        class Traced:
            def send_request(self, *arguments):
                return super().send_request(*arguments)

        class Mine(Traced, Transport):
            pass

        with pytest.raises(ConfigError, match=r"Mine\.send_request has no effect"):
            Mine()

    def test_a_subclass_can_override_a_used_hook(self):
        class Mine(SafeTransport):
            user_agent = "mine/1.0"
            accept_gzip_encoding = False

            def get_host_info(self, host):
                return super().get_host_info(host)

            def request(self, *arguments, **options):
                return super().request(*arguments, **options)

            def close(self):
                super().close()

        assert isinstance(Mine(), SafeTransport)

    def test_gzip_requests_are_a_config_error(self):
        class Packing(Transport):
            encode_threshold = 1400

        with pytest.raises(ConfigError, match=r"Packing\.encode_threshold has no effect"):
            Packing()
        transport = Transport()
        with pytest.raises(ConfigError, match=r"Transport\.encode_threshold has no effect"):
            transport.encode_threshold = 1400
        transport.encode_threshold = None
        assert transport.encode_threshold is None

    def test_may_be_closed_twice(self):
        transport = Transport()
        transport.close()
        transport.close()


@both
class TestHostNamesThroughAProxy:
    @pytest.mark.parametrize("host", [".example.com", "a..b", "x" * 64 + ".example"])
    def test_that_tls_does_not_take_are_our_error(self, host):
        # The proxy resolves the name, so only TLS can refuse it.
        with ScriptedServer() as server:
            routes = {f"{host}:443": ("127.0.0.1", server.port)}
            with (
                ConnectProxy(routes=routes) as proxy,
                client_of(server, url=f"https://{host}/", proxy=proxy.url) as client,
            ):
                assert type(failure(trigger, client)) is NotSentError


def descendants(cls):
    yield cls
    for child in cls.__subclasses__():
        yield from descendants(child)


def made(cls):
    """An exception of `cls` as the standard library would make it."""
    if issubclass(cls, ssl.SSLCertVerificationError):
        error = cls(1, "certificate verify failed")
        error.verify_code, error.verify_message = 18, "self-signed certificate"
        return error
    if issubclass(cls, OSError):
        return cls(5, "Input/output error")
    return cls("x")


LOWER_OS = [
    cls
    for cls in [*descendants(OSError), socket.timeout, ssl.CertificateError]
    if cls.__module__ in ("builtins", "socket", "ssl", "http.client") and not issubclass(cls, MailkitError)
]
# These are not failures: the socket is tried again until the deadline.
NOT_YET = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class FailingSocket:
    """A socket that raises `error` in the method of that name."""

    def __init__(self, sock, name, error):
        self.sock, self.name, self.error = sock, name, error

    def __getattr__(self, name):
        if name == self.name:
            return self.fail
        return getattr(self.sock, name)

    def fail(self, *args):
        raise self.error


class FailingContext(ssl.SSLContext):
    """Takes the place of TLS, so that a test can make any call of a socket fail."""

    where, error = None, None

    def wrap_socket(self, sock, **options):
        if self.where == "handshake":
            raise self.error
        return FailingSocket(sock, self.where, self.error)


class TestEveryLowerExceptionIsTranslated:
    """All exceptions of socket and ssl are listed, and none of them may reach the caller."""

    def failed(self, where, cls):
        context = FailingContext(ssl.PROTOCOL_TLS_CLIENT)
        context.where, context.error = where, made(cls)
        with ScriptedServer(ever_after=added()) as server:
            url = server.url.replace("http:", "https:")
            with client_of(server, url=url, context=context, timeout=0.5 if cls in NOT_YET else PATIENCE) as client:
                return failure(trigger, client)

    @pytest.mark.parametrize("cls", LOWER_OS, ids=lambda cls: cls.__name__)
    def test_in_the_handshake_nothing_was_sent(self, cls):
        error = self.failed("handshake", cls)
        assert type(error) is NotSentError

    @pytest.mark.parametrize("where", ["send", "recv"])
    @pytest.mark.parametrize("cls", LOWER_OS, ids=lambda cls: cls.__name__)
    def test_from_the_first_byte_on_the_call_is_in_doubt(self, cls, where):
        error = self.failed(where, cls)
        assert type(error) is InDoubtError

    def test_the_lists_are_not_empty(self):
        assert {"OSError", "ConnectionResetError", "BrokenPipeError", "TimeoutError"} <= {c.__name__ for c in LOWER_OS}
        assert {"SSLEOFError", "SSLCertVerificationError", "gaierror"} <= {c.__name__ for c in LOWER_OS}


@both
def test_an_error_in_reading_holds_nothing_of_the_answer_in_its_chain():
    with serving(then(b"HTTP/1.1 2OO secret-of-the-server\r\n\r\n")) as (_, client):
        error = failure(trigger, client)
    assert error.__cause__ is None
    assert error.__context__ is None


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="no signals to threads here")
def test_an_interrupt_leaves_the_client_usable():
    """After Ctrl-C while a call waits for its answer, the state of its connection is unknown, so it is closed."""

    def interrupt(peer):
        peer.read()
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        peer.wait()

    with serving(added(), interrupt, added(), pool_size=1) as (server, client):
        assert trigger(client).ok
        with pytest.raises(KeyboardInterrupt):
            trigger(client)
        assert trigger(client).ok
        assert server.connections == 2
        assert len(server.requests) == 3
