"""`request`: the request on the wire for a URL and its headers."""

from __future__ import annotations

import base64

import pytest

import mailkit_xmlrpc
from mailkit_xmlrpc import ConfigError, ServerProxy
from mailkit_xmlrpc.transport import Transport
from mailkit_xmlrpc.transport.request import Route, shielded

from ..servers import ScriptedServer, added, answer, serving


def request_of(url=None, path="/RPC2", **options):
    """The request that a ServerProxy with `options` sends."""
    with ScriptedServer(answer("TRUE")) as server:
        url = (url or "http://127.0.0.1:{port}").format(port=server.port) + path
        with ServerProxy(url, **options) as proxy:
            assert proxy.test() == "TRUE"
        (request,) = server.requests
    return request


class TestTheRequest:
    def test_has_the_headers_that_xml_rpc_requires_and_no_others(self):
        with serving(added()) as (server, client):
            client.journeys.trigger("jane@example.com", "order_paid")
            (request,) = server.requests
            assert request.line == "POST /RPC2 HTTP/1.1"
            assert request.headers == {
                "host": f"127.0.0.1:{server.port}",
                "content-type": "text/xml",
                "content-length": str(len(request.body)),
                "accept-encoding": "gzip",
                "user-agent": Transport.user_agent,
            }

    def test_has_a_user_agent(self):
        assert Transport.user_agent.startswith(f"mailkit_xmlrpc/{mailkit_xmlrpc.__version__} Python/3.")

    @pytest.mark.parametrize("path", ["/", "/rpc.fcgi", "/a/b?c=d&e=%20f", "/RPC2?x", "/~j;p=1/%C5%BE"])
    def test_goes_to_the_path_of_the_url(self, path):
        assert request_of(path=path).line == f"POST {path} HTTP/1.1"

    def test_goes_to_rpc2_if_the_url_has_no_path(self):
        assert request_of(path="").line == "POST /RPC2 HTTP/1.1"
        assert request_of(path="?a=b").line == "POST /RPC2?a=b HTTP/1.1"

    def test_leaves_out_a_fragment(self):
        assert request_of(path="/x#y").line == "POST /x HTTP/1.1"

    @pytest.mark.parametrize("userinfo", ["joe:hunter22", "joe:p%40ss%3Aw%2Fr%20d", "joe", "joe:", ":x"])
    def test_carries_the_urls_credentials_as_basic_authorization(self, userinfo):
        plain = userinfo.replace("%40", "@").replace("%3A", ":").replace("%2F", "/").replace("%20", " ")
        header = request_of(f"http://{userinfo}@127.0.0.1:{{port}}").headers["authorization"]
        assert base64.b64decode(header.partition("Basic ")[2]).decode() == plain

    def test_carries_extra_headers(self):
        headers = request_of(headers=[("X-Trace", "17"), ("X-Latin", "d\xe9j\xe0"), ("User-Agent", "mine")]).headers
        assert (headers["x-trace"], headers["x-latin"], headers["user-agent"]) == ("17", "d\xe9j\xe0", "mine")

    @pytest.mark.parametrize(
        "header",
        [
            ("X-A", "b\r\nX-C: d"),
            ("X-A", "b\nX-C: d"),
            ("X-A\r\nX-C", "d"),
            ("X A", "b"),
            ("X-A:", "b"),
            ("", "b"),
            ("X-Č", "b"),
            ("X-A", "č"),
            ("X-A", "\0"),
            ("X-A", "\x7f"),
            ("Content-Length", "5"),
            ("transfer-encoding", "chunked"),
            ("Host", "evil.example"),
            ("Connection", "keep-alive"),
            ("X-A", 5),
            (b"X-A", "b"),
            ("X-A",),
            5,
            "ab",
        ],
        ids=ascii,
    )
    def test_refuses_a_header_that_would_change_the_request(self, header):
        with pytest.raises(ConfigError):
            ServerProxy("http://127.0.0.1/", headers=[header])

    def test_does_not_ask_for_gzip_if_a_subclass_says_so(self):
        class Plain(Transport):
            accept_gzip_encoding = False
            user_agent = "plain/1.0"

        headers = request_of(transport=Plain()).headers
        assert headers["accept-encoding"] == "identity"
        assert headers["user-agent"] == "plain/1.0"

    def test_has_one_header_of_each_name_and_the_last_one_counts(self):
        headers = request_of(headers=[("X-A", "b"), ("x-a", "c"), ("content-type", "application/xml")]).headers
        assert (headers["x-a"], headers["content-type"]) == ("c", "application/xml")

    @pytest.mark.parametrize("header", [("Connection", "close"), ("connection", "Close")], ids=str)
    def test_may_ask_the_server_to_close_and_then_no_connection_is_used_again(self, header):
        # The server was asked to close the connection and may do so at any time, whatever it answers.
        with ScriptedServer(ever_after=answer("TRUE")) as server, ServerProxy(server.url, headers=[header]) as proxy:
            proxy.test()
            proxy.test()
            assert server.requests[0].headers["connection"].lower() == "close"
            assert server.connections == 2

    def test_is_prepared_again_for_another_url(self):
        with ScriptedServer(ever_after=answer("TRUE")) as one, ScriptedServer(ever_after=answer("TRUE")) as two:
            transport = Transport()
            urls = [one.url, two.url, one.url + "/x", one.url.replace("//", "//joe:hunter22@"), one.url]
            for url in urls:
                assert ServerProxy(url, transport).test() == "TRUE"
            transport.close()
        assert [request.line for request in one.requests] == [
            "POST /RPC2 HTTP/1.1",
            "POST /RPC2/x HTTP/1.1",
            "POST /RPC2 HTTP/1.1",
            "POST /RPC2 HTTP/1.1",
        ]
        assert ["authorization" in request.headers for request in one.requests] == [False, False, True, False]
        assert two.requests[0].headers["host"] == f"127.0.0.1:{two.port}"

    def test_a_subclass_may_change_its_headers_with_every_call(self):
        tokens = iter(["first", "second"])

        class Fresh(Transport):
            def get_host_info(self, host):
                host, headers, x509 = super().get_host_info(host)
                return host, [*(headers or []), ("Authorization", f"Bearer {next(tokens)}")], x509

        with ScriptedServer(ever_after=answer("TRUE")) as server, ServerProxy(server.url, Fresh()) as proxy:
            proxy.test()
            proxy.test()
        assert [request.headers["authorization"] for request in server.requests] == ["Bearer first", "Bearer second"]


class TestRepresentations:
    def test_of_a_host_leave_its_credentials_out(self):
        host = shielded("joe:hunter22@h.example:81")
        assert (host, repr(host)) == ("joe:hunter22@h.example:81", "'h.example:81'")
        assert "hunter22" not in repr(shielded(("joe:hunter22@h.example", {})))
        assert shielded(("h", {})) == ("h", {})

    def test_of_a_route_and_its_attributes_leave_them_out(self):
        headers = [("Authorization", "Bearer token-17")]
        with ScriptedServer(answer("TRUE")) as server:
            transport = Transport(headers=headers)
            ServerProxy(server.url.replace("//", "//joe:hunter22@"), transport).test()
            transport.close()
        route = transport._latest_route
        assert isinstance(route, Route)
        for text in (repr(route), repr(vars(route)), repr(vars(transport))):
            assert not any(secret in text for secret in ("hunter22", "token-17", "am9lOmh1bnRlcjIy"))
        assert server.requests[0].headers["authorization"] == "Bearer token-17"


class TestHeadersOfASubclass:
    def test_may_have_numbers_as_with_the_standard_library(self):
        class Counting(Transport):
            def get_host_info(self, host):
                return host, [("X-Count", 1)], {}

        with ScriptedServer(answer("TRUE")) as server, ServerProxy(server.url, Counting()) as proxy:
            assert proxy.test() == "TRUE"
        assert server.requests[0].headers["x-count"] == "1"

    @pytest.mark.parametrize("value", ["b\r\nX-Evil: 1", "\u0159"], ids=ascii)
    def test_are_refused_where_http_does_not_allow_them(self, value):
        class Wrong(Transport):
            def get_host_info(self, host):
                return host, [("X-A", value)], {}

        with ScriptedServer() as server, ServerProxy(server.url, Wrong()) as proxy:
            with pytest.raises(ConfigError, match=r"^test: Wrong.get_host_info: the header 'X-A' has a value"):
                proxy.test()
            assert server.connections == 0
