"""`connect`: addresses, TLS and proxies. After any failure here, the call was not carried out."""

from __future__ import annotations

import errno
import re
import socket
import ssl
import time
import warnings

import pytest

from mailkit_xmlrpc import ConfigError, NotSentError, Outcome, ResponseError
from mailkit_xmlrpc.options import Origin, Proxy
from mailkit_xmlrpc.transport.connect import default_context

from ..blocking import both, each_client
from ..servers import (
    CLIENT_ID,
    MD5,
    SOON,
    ConnectProxy,
    ScriptedServer,
    added,
    certificates,
    client_of,
    drip,
    failure,
    full_backlog,
    hang,
    new_client,
    stall,
    unused_port,
)
from ..shown import shown


@pytest.fixture(autouse=True)
def _no_proxy_of_this_machine(monkeypatch):
    for name in ("https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def trigger(client):
    return client.journeys.trigger("jane@example.com", "order_paid")


def failure_of(url, **options):
    """The NotSentError of a call to `url`, and how long it took."""
    with new_client(CLIENT_ID, MD5, url=url, **{"retry": None, "proxy": "", "allow_http": True, **options}) as client:
        started = time.monotonic()
        with pytest.raises(NotSentError) as caught:
            trigger(client)
        elapsed = time.monotonic() - started
    assert caught.value.outcome is Outcome.NOT_SENT
    assert caught.value.method == "mailkit.journeys.trigger"
    assert caught.value.attempts == 1
    assert isinstance(caught.value, ConnectionError)
    assert MD5 not in shown(caught.value)
    return caught.value, elapsed


@both
class TestAddresses:
    def test_an_unknown_host(self):
        error, _ = failure_of("https://nowhere.invalid/rpc")
        assert "nowhere.invalid" in str(error)
        assert "name resolution" in str(error)

    @pytest.mark.parametrize("host", ["a" * 64 + ".example", "a..example"])
    def test_an_invalid_hostname(self, host):
        failure_of(f"https://{host}/rpc")

    def test_a_refused_port(self):
        port = unused_port()
        error, _ = failure_of(f"http://127.0.0.1:{port}/")
        assert error.errno == errno.ECONNREFUSED
        assert f"127.0.0.1:{port}" in str(error)
        assert "is the server running?" in str(error)

    @pytest.mark.parametrize("host", ["127.0.0.1", "proxy.invalid"])
    def test_a_proxy_that_cannot_be_reached_is_named(self, host):
        error, _ = failure_of("https://mailkit.invalid/rpc", proxy=f"http://{host}:{unused_port()}")
        assert f"the proxy {host}" in str(error).replace("'", "")
        assert str(error).endswith("; check proxy= or HTTPS_PROXY")
        assert "mailkit.invalid" not in str(error)

    @pytest.mark.parametrize("host", ["a..b", ".x", "x" * 70, "é..x"])
    def test_a_proxy_whose_name_is_none_is_named(self, host):
        error, _ = failure_of("https://mailkit.invalid/rpc", proxy=f"http://{host}:3128")
        assert "is not a hostname; check proxy= or HTTPS_PROXY" in str(error)

    def test_a_proxy_that_does_not_answer_is_named(self):
        with full_backlog() as port:
            proxy = f"http://127.0.0.1:{port}"
            error, _ = failure_of("https://mailkit.invalid/rpc", proxy=proxy, connect_timeout=0.1)
        expected = f"timed out while connecting to the proxy 127.0.0.1:{port}; check proxy= or HTTPS_PROXY"
        assert str(error).endswith(expected)

    def test_a_dead_route_ends_at_connect_timeout(self):
        # A listener whose queue is full drops connections, as a dead route does.
        with full_backlog() as port:
            error, elapsed = failure_of(f"http://127.0.0.1:{port}/", connect_timeout=0.2, timeout=5)
        assert 0.15 < elapsed < SOON
        assert error.errno == errno.ETIMEDOUT
        assert "timed out while connecting" in str(error)

    def test_a_dead_route_ends_at_the_deadline_if_that_is_earlier(self):
        with full_backlog() as port:
            error, elapsed = failure_of(f"http://127.0.0.1:{port}/", connect_timeout=5, timeout=0.2)
        assert elapsed < SOON
        assert error.errno == errno.ETIMEDOUT

    @staticmethod
    def resolve_to(monkeypatch, *ports):
        addresses = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)) for port in ports]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: addresses)

    def test_the_next_address_is_tried_when_one_fails(self, monkeypatch):
        with ScriptedServer(added()) as server, full_backlog() as dead:
            self.resolve_to(monkeypatch, unused_port(), dead, server.port)
            with client_of(server, connect_timeout=0.2) as client:
                assert trigger(client).ok

    def test_a_dead_first_address_leaves_time_for_the_next(self, monkeypatch):
        """Also where the timeout of the call is shorter than connect_timeout."""
        with ScriptedServer(added()) as server, full_backlog() as dead:
            self.resolve_to(monkeypatch, dead, server.port)
            with client_of(server, connect_timeout=10, timeout=2, retry=None) as client:
                assert trigger(client).ok

    def test_the_error_is_that_of_the_last_address(self, monkeypatch):
        with full_backlog() as dead:
            self.resolve_to(monkeypatch, dead, unused_port())
            error, _ = failure_of("http://host.example/", connect_timeout=0.1)
        assert error.errno == errno.ECONNREFUSED

    def test_one_deadline_covers_all_addresses(self, monkeypatch):
        with full_backlog() as dead:
            self.resolve_to(monkeypatch, *[dead] * 100)
            _, elapsed = failure_of("http://host.example/", connect_timeout=0.1, timeout=0.35)
        assert 0.3 < elapsed < SOON

    def test_a_host_without_any_address(self, monkeypatch):
        self.resolve_to(monkeypatch)
        failure_of("http://host.example/")

    def test_ipv6(self):
        try:
            listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
        except OSError:
            pytest.skip("no IPv6 loopback here")
        port = listener.getsockname()[1]
        with listener, new_client(CLIENT_ID, MD5, url=f"http://[::1]:{port}/", timeout=0.2) as client:
            assert failure(trigger, client).outcome is Outcome.UNKNOWN, "it was sent; nobody answers"
            sock, _ = listener.accept()
            with sock:
                assert f"Host: [::1]:{port}\r\n".encode() in sock.recv(1000)


@both
class TestTLS:
    def test_a_right_certificate(self):
        with (
            ScriptedServer(ever_after=added(), tls=certificates().good()) as server,
            client_of(server, context=certificates().trusting()) as client,
        ):
            assert trigger(client).ok
            assert trigger(client).ok
            with client_of(server, url=server.url_as("localhost"), context=certificates().trusting()) as client:
                assert trigger(client).ok
            assert server.connections == 2, "a TLS connection is kept as well"

    def test_the_systems_authorities_decide_by_default(self, monkeypatch, tmp_path):
        with ScriptedServer(ever_after=added(), tls=certificates().good()) as server:
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
            failure_of(server.url)
            certificates().authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
            with client_of(server) as client:
                assert trigger(client).ok

    @pytest.mark.parametrize(
        ("bad", "reason"),
        [
            ("wrong_host", "mismatch"),
            ("expired", "expired"),
            ("self_signed", "self.signed"),
            ("unknown_authority", "issuer"),
        ],
    )
    def test_a_bad_certificate(self, bad, reason):
        with ScriptedServer(ever_after=added(), tls=getattr(certificates(), bad)()) as server:
            error, _ = failure_of(server.url, context=certificates().trusting())
            assert server.requests == []
        assert f"the certificate of 127.0.0.1:{server.port} is not trusted" in str(error)
        assert re.search(reason, str(error))
        assert isinstance(error.__cause__, ssl.SSLCertVerificationError)

    def test_a_certificate_for_localhost_is_not_valid_for_its_address(self):
        with ScriptedServer(ever_after=added(), tls=certificates().good("localhost")) as server:
            failure_of(server.url, context=certificates().trusting())

    def test_tls_1_1_is_refused(self):
        old = certificates().good()
        anything = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        anything.check_hostname, anything.verify_mode = False, ssl.CERT_NONE
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            for context in (old, anything):
                context.set_ciphers("ALL:@SECLEVEL=0")
                context.minimum_version = ssl.TLSVersion.TLSv1_1
            old.maximum_version = ssl.TLSVersion.TLSv1_1
        with ScriptedServer(ever_after=added(), tls=old) as server:
            try:
                with socket.create_connection(("127.0.0.1", server.port)) as sock, anything.wrap_socket(sock) as tls:
                    assert tls.version() == "TLSv1.1"
            except ssl.SSLError as error:
                pytest.skip(f"this OpenSSL does not offer TLS 1.1 ({error.reason})")
            default = default_context()
            certificates().authority.configure_trust(default)
            error, _ = failure_of(server.url, context=default)
            assert server.requests == []
        assert "TLS with" in str(error)

    def test_your_own_context_decides(self):
        careless = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        careless.check_hostname, careless.verify_mode = False, ssl.CERT_NONE
        with (
            ScriptedServer(added(), tls=certificates().self_signed()) as server,
            client_of(server, context=careless) as client,
        ):
            assert trigger(client).ok

    def test_the_server_is_told_the_host_name(self):
        names = []
        tls = certificates().good()
        tls.sni_callback = lambda sock, name, context: names.append(name)
        with (
            ScriptedServer(added(), tls=tls) as server,
            client_of(server, url=server.url_as("localhost"), context=certificates().trusting()) as client,
        ):
            assert trigger(client).ok
        assert names == ["localhost"]

    @pytest.mark.parametrize(
        "says",
        [b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", b"SSH-2.0-OpenSSH_9.6\r\n", b"\0" * 100, b"", None],
        ids=["http", "ssh", "zeros", "closes", "resets"],
    )
    def test_a_server_without_tls(self, says):
        def answer_the_client_hello(peer):
            peer.sock.recv(65536)
            if says is None:
                peer.reset()
            else:
                peer.send(says)
                peer.close()

        with ScriptedServer(answer_the_client_hello) as server:
            error, _ = failure_of(server.url.replace("http:", "https:"))
        assert f"TLS with 127.0.0.1:{server.port} failed" in str(error)

    def test_a_server_without_a_handshake_ends_at_connect_timeout(self):
        with ScriptedServer(ever_after=stall) as server:
            error, elapsed = failure_of(server.url.replace("http:", "https:"), connect_timeout=0.2, timeout=5)
        assert elapsed < SOON
        assert error.errno == errno.ETIMEDOUT

    def test_a_server_that_drips_its_handshake_ends_at_connect_timeout(self):
        def drip_handshake(peer):
            peer.sock.recv(1)
            record = b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc\x03\x03" + bytes(1000)
            for byte in record:
                if peer.server.stopping.wait(0.01):
                    return
                peer.send(bytes([byte]))

        with ScriptedServer(ever_after=drip_handshake) as server:
            error, elapsed = failure_of(server.url.replace("http:", "https:"), connect_timeout=0.3, timeout=5)
        assert elapsed < SOON
        assert error.errno == errno.ETIMEDOUT

    def test_plain_http_to_a_tls_port_does_not_look_like_success(self):
        with (
            ScriptedServer(ever_after=added(), tls=certificates().good()) as server,
            client_of(server, url=server.url.replace("https:", "http:"), timeout=2) as client,
        ):
            assert failure(trigger, client).outcome is Outcome.UNKNOWN


class TestProxyURL:
    @pytest.mark.parametrize(
        ("url", "host", "port", "authorization"),
        [
            ("http://proxy.example:3128", "proxy.example", 3128, None),
            ("proxy.example:3128", "proxy.example", 3128, None),
            ("http://proxy.example", "proxy.example", 80, None),
            ("http://proxy.example/", "proxy.example", 80, None),
            ("http://[::1]:3128", "::1", 3128, None),
            ("http://joe:hunter22@proxy.example:3128", "proxy.example", 3128, "Basic am9lOmh1bnRlcjIy"),
            ("joe:hunter22@proxy.example:3128", "proxy.example", 3128, "Basic am9lOmh1bnRlcjIy"),
            ("http://joe@proxy.example", "proxy.example", 80, "Basic am9lOg=="),
            ("http://j%40e:p%3Ass%20w@proxy.example", "proxy.example", 80, "Basic akBlOnA6c3Mgdw=="),
        ],
    )
    def test_is_read(self, url, host, port, authorization):
        proxy = Proxy.from_url(url)
        assert (proxy.host, proxy.port, proxy.authorization) == (host, port, authorization)

    @pytest.mark.parametrize(
        "url",
        [
            "https://proxy.example",
            "socks5://proxy.example",
            "http://",
            "http://:3128",
            "http://proxy.example:0",
            "http://proxy.example:99999",
            "http://proxy.example:abc",
            "http://[::1",
            "http://joe:hunter22@ex\u2100mple",
            5,
            b"http://proxy.example",
        ],
    )
    @each_client
    def test_that_cannot_work_is_a_configerror_at_construction(self, url, kind):
        with pytest.raises(ConfigError) as caught:
            kind(CLIENT_ID, MD5, proxy=url)
        assert "hunter22" not in shown(caught.value)

    def test_keeps_credentials_out_of_its_representation(self):
        shown = repr(Proxy.from_url("http://joe:hunter22@proxy.example:3128"))
        assert shown == "Proxy(host='proxy.example', port=3128)"


@both
class TestProxy:
    """A tunnel through a real proxy, to a server whose name only the proxy can resolve."""

    HOST = "api.mailkit.test"

    @pytest.fixture
    def server(self):
        with ScriptedServer(ever_after=added(), tls=certificates().good(self.HOST)) as server:
            yield server

    def client(self, server, **options):
        return client_of(server, url=server.url_as(self.HOST), context=certificates().trusting(), **options)

    def routes(self, server):
        return {f"{self.HOST}:{server.port}": ("127.0.0.1", server.port)}

    def test_a_tunnel_with_tls_to_the_server_itself(self, server):
        with ConnectProxy(routes=self.routes(server)) as proxy, self.client(server, proxy=proxy.url) as client:
            assert trigger(client).ok
            assert trigger(client).ok
        assert proxy.tunnels == [f"{self.HOST}:{server.port}"], "one tunnel for both calls"
        assert server.requests[0].headers["host"] == f"{self.HOST}:{server.port}"
        assert MD5 not in "".join(proxy.asked)

    def test_the_certificate_must_be_the_servers(self, server):
        with ScriptedServer(ever_after=added(), tls=certificates().good("elsewhere.example")) as impostor:
            routes = {f"{self.HOST}:{server.port}": ("127.0.0.1", impostor.port)}
            with (
                ConnectProxy(routes=routes) as proxy,
                self.client(server, proxy=proxy.url) as client,
                pytest.raises(NotSentError, match="not trusted"),
            ):
                trigger(client)

    @pytest.mark.parametrize("user", ["joe:hunter22", "joe:p%40ss%3Aw%2Frd"])
    def test_basic_credentials(self, server, user):
        plain = user.replace("%40", "@").replace("%3A", ":").replace("%2F", "/")
        with (
            ConnectProxy(auth=plain, routes=self.routes(server)) as proxy,
            self.client(server, proxy=proxy.url_as(user)) as client,
        ):
            assert trigger(client).ok
        assert server.requests[0].headers.get("proxy-authorization") is None, "they are for the proxy alone"

    @pytest.mark.parametrize("user", [None, "joe:wrongpass"])
    def test_credentials_that_are_missing_or_wrong(self, server, user):
        with ConnectProxy(auth="joe:hunter22") as proxy:
            error, _ = failure_of(server.url, proxy=proxy.url_as(user) if user else proxy.url)
        assert "407" in str(error)
        assert f"the proxy {proxy.address}" in str(error)
        assert "wrongpass" not in shown(error)
        assert server.connections == 0

    def test_the_proxys_credentials_are_not_shown_even_if_it_repeats_them(self):
        echo = b"HTTP/1.1 407 am9lOmh1bnRlcjIy joe:hunter22\r\nX: hunter22\r\nContent-Length: 8\r\n\r\nhunter22"
        with ConnectProxy(rubbish=echo) as proxy:
            error, _ = failure_of("https://api.mailkit.test/", proxy=proxy.url_as("joe:hunter22"))
        assert "407" in str(error)
        for secret in ("hunter22", "am9lOmh1bnRlcjIy"):
            assert secret not in shown(error)

    @pytest.mark.parametrize(
        "rubbish",
        [
            b"",
            b"SSH-2.0-OpenSSH_9.6\r\n",
            b"HTTP/1.1 200",
            b"HTTP/1.1 200 OK\r\nHalf a head",
            b"HTTP/1.1 200 OK\r\n\r\nand more than was asked for",
            b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 2\r\n\r\nno",
            b"HTTP/1.1 302 Found\r\nLocation: https://evil.example/\r\n\r\n",
            b"HTTP/1.1 abc\r\n\r\n",
            b"HTTP/9.9 200 OK\r\n\r\n",
            b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n",
            b"HTTP/1.1 200 OK\r\nA: " + b"b" * 70_000 + b"\r\n\r\n",
            b"\0" * 100,
            b"\r\n" * 100,
        ],
        ids=lambda rubbish: ascii(rubbish[:32])[2:-1],
    )
    def test_a_proxy_that_says_something_else(self, rubbish):
        with ConnectProxy(rubbish=rubbish) as proxy:
            error, _ = failure_of("https://api.mailkit.test/", proxy=proxy.url, timeout=2)
        # http.client takes a head that was cut off for a complete one, and then the TLS handshake fails.
        assert f"the proxy {proxy.address}" in str(error) or "TLS with" in str(error)

    @pytest.mark.parametrize("step", [hang, drip(b"HTTP/1.1 200 OK\r\nA: " + b"x" * 1000)], ids=["hangs", "drips"])
    def test_a_proxy_that_takes_too_long_ends_at_connect_timeout(self, step):
        with ScriptedServer(ever_after=step) as proxy:
            options = {"connect_timeout": 0.2, "timeout": 5}
            error, elapsed = failure_of("https://api.mailkit.test/", proxy=f"127.0.0.1:{proxy.port}", **options)
        assert elapsed < SOON
        assert error.errno == errno.ETIMEDOUT

    def test_a_proxy_that_is_not_there(self):
        port = unused_port()
        error, _ = failure_of("https://api.mailkit.test/", proxy=f"http://127.0.0.1:{port}")
        assert f"127.0.0.1:{port}" in str(error)

    def test_an_interim_answer_of_the_proxy_is_skipped(self, server):
        def tunnel(peer):
            peer.read()
            peer.send(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

        with ScriptedServer(tunnel) as proxy:
            error, _ = failure_of(server.url, proxy=f"127.0.0.1:{proxy.port}")
        assert "403" in str(error)

    def test_plain_http_goes_through_a_tunnel_too(self):
        with ScriptedServer(added()) as server, ConnectProxy() as proxy:
            # A proxy can be on another machine, and the md5 would be readable on the way to it.
            with pytest.raises(ConfigError, match="plain http"):
                client_of(server, proxy=proxy.url)
            with client_of(server, proxy=proxy.url, allow_http=True) as client:
                assert trigger(client).ok
        assert proxy.tunnels == [f"127.0.0.1:{server.port}"]


@both
class TestProxyFromTheEnvironment:
    @pytest.fixture
    def server(self):
        with ScriptedServer(ever_after=added(), tls=certificates().good("localhost", "127.0.0.1")) as server:
            yield server

    @pytest.fixture
    def proxy(self):
        with ConnectProxy(auth="joe:hunter22") as proxy:
            yield proxy

    def call(self, server, **options):
        url = server.url_as("localhost")
        with client_of(server, url=url, context=certificates().trusting(), proxy=options.pop("proxy", None)) as client:
            assert trigger(client).ok

    @pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy"])
    def test_https_proxy_is_used(self, server, proxy, monkeypatch, name):
        monkeypatch.setenv(name, proxy.url_as("joe:hunter22"))
        self.call(server)
        assert proxy.tunnels == [f"localhost:{server.port}"]

    def test_it_may_be_set_after_the_client_was_made(self, server, proxy, monkeypatch):
        url = server.url_as("localhost")
        with client_of(server, url=url, context=certificates().trusting(), proxy=None) as client:
            monkeypatch.setenv("HTTPS_PROXY", proxy.url_as("joe:hunter22"))
            assert trigger(client).ok
        assert len(proxy.tunnels) == 1

    @pytest.mark.parametrize("value", ["localhost", "example.com,localhost", "*", "localhost:{port}"])
    def test_no_proxy_excludes_hosts(self, server, proxy, monkeypatch, value):
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", value.format(port=server.port))
        self.call(server)
        assert proxy.asked == []

    def test_no_proxy_leaves_the_others(self, server, proxy, monkeypatch):
        monkeypatch.setenv("HTTPS_PROXY", proxy.url_as("joe:hunter22"))
        monkeypatch.setenv("NO_PROXY", "example.com,127.0.0.1")
        self.call(server)
        assert len(proxy.tunnels) == 1

    def test_an_empty_proxy_argument_means_no_proxy(self, server, proxy, monkeypatch):
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        self.call(server, proxy="")
        assert proxy.asked == []

    def test_the_argument_beats_the_environment(self, server, proxy, monkeypatch):
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{unused_port()}")
        self.call(server, proxy=proxy.url_as("joe:hunter22"))
        assert len(proxy.tunnels) == 1

    def test_it_is_not_for_plain_http(self, proxy, monkeypatch):
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        with ScriptedServer(added()) as server, client_of(server, proxy=None) as client:
            assert trigger(client).ok
        assert proxy.asked == []

    def test_one_that_cannot_work_is_a_configerror_that_shows_no_credentials(self, server, monkeypatch):
        for url in ("socks5://joe:hunter22@h", "http://joe:hunter22@[::1", "http://joe:hunter22@ex\u2100mple"):
            monkeypatch.setenv("HTTPS_PROXY", url)
            with client_of(server, proxy=None) as client, pytest.raises(ConfigError) as caught:
                trigger(client)
            assert "hunter22" not in shown(caught.value)
            assert caught.value.attempts == 0


def test_no_failure_is_taken_for_an_unreadable_answer():
    assert not issubclass(NotSentError, ResponseError)


@pytest.mark.parametrize(
    ("origin", "netloc", "address"),
    [
        (Origin("h", 443, True), "h", "h:443"),
        (Origin("h", 80, False), "h", "h:80"),
        (Origin("h", 80, True), "h:80", "h:80"),
        (Origin("h", 8443, True), "h:8443", "h:8443"),
        (Origin("::1", 443, True), "[::1]", "[::1]:443"),
        (Origin("::1", 8080, False), "[::1]:8080", "[::1]:8080"),
    ],
)
def test_an_origin_is_written_as_http_requires(origin, netloc, address):
    assert (origin.netloc, origin.address) == (netloc, address)


def test_the_default_context_verifies_certificate_and_name():
    context = default_context()
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname
