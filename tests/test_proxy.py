"""`ServerProxy`: the standard library's, argument by argument, for any XML-RPC service."""

from __future__ import annotations

import asyncio
import base64
import copy
import inspect
import pickle
import socketserver
import ssl
import threading
import time
import xmlrpc.client
import xmlrpc.server
from datetime import date, datetime
from decimal import Decimal

import pytest

from mailkit_xmlrpc import (
    AsyncServerProxy,
    ConfigError,
    EncodeError,
    FaultError,
    HTTPStatusError,
    InDoubtError,
    Limits,
    MailkitError,
    MultiCall,
    NotSentError,
    Outcome,
    ResponseError,
    ServerProxy,
    TooLargeError,
)
from mailkit_xmlrpc.transport import Transport

from .blocking import both, each_proxy
from .servers import (
    SOON,
    ConnectProxy,
    ScriptedServer,
    answer,
    certificates,
    document,
    failure,
    hang,
    http,
    proxy_of,
    unused_port,
)
from .shown import shown

MOMENT = xmlrpc.client.DateTime("20260102T03:04:05")
FAULT = xmlrpc.client.dumps(xmlrpc.client.Fault(-32601, "no such method")).encode()


@pytest.fixture
def echo():
    """A server that answers each call with its first param, or with its method."""

    def step(peer):
        request = peer.read()
        if request:
            method, params = request.call
            peer.send(answer(params[0] if params else method))

    with ScriptedServer(ever_after=step) as server:
        yield server


@pytest.fixture(scope="module")
def stdlib_server():
    """The standard library's server, with every kind of method it has."""

    class Handler(xmlrpc.server.SimpleXMLRPCRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args):
            pass

    class Server(socketserver.ThreadingMixIn, xmlrpc.server.SimpleXMLRPCServer):
        daemon_threads = True

    server = Server(("127.0.0.1", 0), Handler, allow_none=True, use_builtin_types=True)
    server.register_introspection_functions()
    server.register_multicall_functions()
    server.register_function(lambda *params: list(params), "echo")
    server.register_function(lambda a, b: a / b, "divide")
    server.register_function(lambda: "x" * 100_000, "large")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield "http://{}:{}/RPC2".format(*server.server_address)
    server.shutdown()
    thread.join()
    server.server_close()


class TestAgainstTheStandardLibrarysServer:
    @both
    def test_values_of_every_type_come_back(self, stdlib_server):
        # No CR in it: that server writes a bare one, which every parser turns into LF.
        values = [1, -(2**31), True, 4.5, "Žluťoučký kůň 🐎 <&>]]>\n\t", b"\0\xff", datetime(2026, 1, 2, 3, 4, 5)]
        values += [[], {}, [[1], {"a": {"b": None}}], None, ""]
        with proxy_of(stdlib_server, allow_none=True, use_builtin_types=True) as proxy:
            assert proxy.echo(*values) == values

    @both
    def test_dotted_names_are_methods(self, stdlib_server):
        with proxy_of(stdlib_server) as proxy:
            assert "system.listMethods" in proxy.system.listMethods()
            assert proxy.system.methodHelp("echo") == ""

    @both
    def test_a_fault_is_raised(self, stdlib_server):
        with proxy_of(stdlib_server) as proxy:
            with pytest.raises(xmlrpc.client.Fault, match="division by zero") as caught:
                proxy.divide(1, 0)
            assert type(caught.value) is FaultError
            assert caught.value.faultCode == 1
            assert failure(proxy.no.such.method).outcome is Outcome.REFUSED

    @both
    def test_gzip_is_understood(self, stdlib_server):
        with proxy_of(stdlib_server) as proxy:
            assert proxy.large() == "x" * 100_000

    @pytest.mark.parametrize("kind", [MultiCall, xmlrpc.client.MultiCall], ids=["ours", "the standard library's"])
    def test_multicall_runs_on_top_of_it(self, stdlib_server, kind):
        with ServerProxy(stdlib_server) as proxy:
            multicall = kind(proxy)
            multicall.echo(1)
            multicall.divide(6, 3)
            multicall.divide(1, 0)
            multicall.system.listMethods()
            results = multicall()
            assert (results[0], results[1]) == ([1], 2.0)
            with pytest.raises(xmlrpc.client.Fault, match="division by zero"):
                results[2]
            assert "echo" in results[3]

    @both
    def test_a_path_that_is_not_served_is_an_http_error(self, stdlib_server):
        with proxy_of(stdlib_server.replace("/RPC2", "/elsewhere")) as proxy:
            with pytest.raises(xmlrpc.client.ProtocolError) as caught:
                proxy.echo()
            assert (type(caught.value), caught.value.errcode) == (HTTPStatusError, 404)

    @both
    def test_threads_may_share_it(self, stdlib_server):
        results = []
        with proxy_of(stdlib_server) as proxy:
            threads = [threading.Thread(target=lambda n=n: results.append((n, proxy.echo(n)))) for n in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert sorted(results) == [(n, [n]) for n in range(8)]


class TestMultiCall:
    @staticmethod
    def results_of(given, calls=2):
        """What two calls come to, if system.multicall answers with `given`."""
        with ScriptedServer(answer(given)) as server, ServerProxy(server.url) as proxy:
            multicall = MultiCall(proxy)
            for number in range(calls):
                multicall.shop.buy(number)
            return multicall()

    def test_gives_the_results_in_the_order_of_the_calls(self):
        results = self.results_of([["a"], [[1, 2]]])
        assert list(results) == ["a", [1, 2]]
        assert (len(results), results[0], results[-1]) == (2, "a", [1, 2])
        with pytest.raises(IndexError):
            results[2]

    def test_sends_what_the_standard_library_sends(self):
        bodies = []
        for kind in (MultiCall, xmlrpc.client.MultiCall):
            with ScriptedServer(answer([[1], [2]])) as server, ServerProxy(server.url) as proxy:
                multicall = kind(proxy)
                multicall.a.b(1, "x")
                multicall.c()
                assert list(multicall()) == [1, 2]
            bodies.append(server.requests[0].body)
        assert bodies[0] == bodies[1]

    def test_a_fault_is_one_of_ours_with_the_method_that_it_is_of(self):
        results = self.results_of([["a"], {"faultCode": 4, "faultString": "no such item"}])
        assert results[0] == "a", "the others can still be read"
        for _ in range(2):
            error = failure(results.__getitem__, 1)
            assert type(error) is FaultError
            assert (error.faultCode, error.faultString, error.method) == (4, "no such item", "shop.buy")
            assert (error.outcome, error.attempts) == (Outcome.REFUSED, 1)
        assert isinstance(error, xmlrpc.client.Fault)

    @pytest.mark.parametrize(
        "item",
        ["a", 5, [], ["a", "b"], {}, {"faultCode": 4}, {"faultString": "x"}, {"faultCode": "x", "faultString": 5}],
    )
    def test_what_is_neither_a_value_nor_a_fault_is_an_error(self, item):
        error = failure(list, self.results_of([["a"], item]))
        assert (type(error), error.outcome, error.method) == (ResponseError, Outcome.UNKNOWN, "shop.buy")

    @pytest.mark.parametrize("given", [[], [["a"]], [["a"], ["b"], ["c"]], "a", {"a": ["b"]}, 5])
    def test_another_number_of_results_is_an_error(self, given):
        error = failure(self.results_of, given)
        assert (type(error), error.outcome, error.method) == (ResponseError, Outcome.UNKNOWN, "system.multicall")

    @pytest.mark.parametrize(
        ("item", "excerpt"),
        [
            ({"FaultCode": 4, "FaultString": "Bad login."}, "FaultCode: 4, FaultString: Bad login."),
            ({"faultString": "Bad login."}, "faultString: Bad login."),
            (["Bad", "login."], "Bad, login."),
            ("Bad login.", "Bad login."),
        ],
    )
    def test_a_malformed_fault_shows_its_text(self, item, excerpt):
        error = failure(list, self.results_of([[1], item]))
        assert (type(error), error.position, error.excerpt) == (ResponseError, None, excerpt)

    def test_a_malformed_fault_does_not_show_the_password_of_the_url(self):
        malformed = {"FaultCode": 4, "FaultString": "f00ba4f00ba4 is locked"}
        with (
            ScriptedServer(answer([malformed])) as server,
            ServerProxy(server.url.replace("//", "//user:f00ba4f00ba4@")) as proxy,
        ):
            multicall = MultiCall(proxy)
            multicall.a()
            assert failure(list, multicall()).excerpt == "FaultCode: 4, FaultString: *** is locked"

    def test_a_fault_does_not_show_the_password_of_the_url(self):
        fault = {"faultCode": 4, "faultString": "joe:hunter22 is locked"}
        with (
            ScriptedServer(answer([fault])) as server,
            ServerProxy(server.url.replace("//", "//joe:hunter22@")) as proxy,
        ):
            multicall = MultiCall(proxy)
            multicall.a()
            assert str(failure(list, multicall())) == "a: fault 4: *** is locked"

    def test_a_fault_of_the_whole_is_one_too(self):
        fault = http(xmlrpc.client.dumps(xmlrpc.client.Fault(1, "x")).encode())
        with ScriptedServer(fault) as server, ServerProxy(server.url) as proxy:
            multicall = MultiCall(proxy)
            multicall.a()
            error = failure(multicall)
        assert (type(error), error.method) == (FaultError, "system.multicall")

    def test_refuses_a_proxy_whose_calls_are_awaited(self):
        with pytest.raises(ConfigError, match="does not work with AsyncServerProxy: await its system"):
            MultiCall(AsyncServerProxy("http://127.0.0.1/"))


class TestSignature:
    @pytest.mark.parametrize("kind", [ServerProxy, AsyncServerProxy])
    def test_begins_with_the_standard_librarys_arguments(self, kind):
        ours = list(inspect.signature(kind).parameters.values())
        theirs = list(inspect.signature(xmlrpc.client.ServerProxy).parameters.values())
        positional = [p.name for p in theirs if p.kind is p.POSITIONAL_OR_KEYWORD]
        assert [p.name for p in ours[: len(positional)]] == positional
        assert [p.default for p in ours[: len(positional)]] == [p.default for p in theirs[: len(positional)]]

    def test_has_the_standard_librarys_keywords(self):
        theirs = inspect.signature(xmlrpc.client.ServerProxy).parameters.values()
        by_name = {p.name for p in theirs if p.kind is p.KEYWORD_ONLY}
        assert by_name <= inspect.signature(ServerProxy).parameters.keys()
        AsyncServerProxy("http://127.0.0.1/", headers=(), context=None)

    def test_takes_them_by_position(self, echo, capsys):
        with ServerProxy(echo.url, None, "iso-8859-1", True, True, True, False) as proxy:
            assert proxy.test(None) is None
        assert b"iso-8859-1" in echo.requests[0].body
        assert "bytes" in capsys.readouterr().out

    def test_of_an_async_proxy_takes_them_by_position_too(self, echo, capsys):
        async def call():
            async with AsyncServerProxy(echo.url, None, "iso-8859-1", True, True, True, False) as proxy:
                return await proxy.test(None)

        assert asyncio.run(call()) is None
        assert b"iso-8859-1" in echo.requests[0].body
        assert "bytes" in capsys.readouterr().out

    def test_of_an_async_proxy_has_no_unknown_option(self):
        with pytest.raises(TypeError, match="tiemout"):
            AsyncServerProxy("http://127.0.0.1/", tiemout=3)
        with pytest.raises(ConfigError, match="transport must be None"):
            AsyncServerProxy("http://127.0.0.1/", Transport())

    def test_the_rest_is_by_name(self):
        with pytest.raises(TypeError):
            ServerProxy("http://127.0.0.1/", None, None, False, False, False, False, [])

    def test_is_an_instance_of_what_it_replaces(self):
        assert isinstance(ServerProxy("http://127.0.0.1/"), xmlrpc.client.ServerProxy)


class TestTheProxyItself:
    @both
    def test_close_and_transport_are_asked_for_by_calling_it(self, echo):
        with proxy_of(echo.url) as proxy:
            assert isinstance(proxy("transport"), Transport)
            assert proxy.test(1) == 1
            proxy("close")()
            proxy("close")()
            assert proxy.test(2) == 2
            assert echo.connections == 2
            with pytest.raises(AttributeError):
                proxy("anything else")

    def test_is_a_context_manager(self, echo):
        with ServerProxy(echo.url) as proxy:
            assert isinstance(proxy, ServerProxy)
            assert proxy.test(1) == 1

    @both
    def test_any_name_is_a_method(self, echo):
        with proxy_of(echo.url) as proxy:
            assert proxy.a.b.c() == "a.b.c"
            assert proxy._private() == "_private"
            assert getattr(proxy, "with/slash:and")() == "with/slash:and"

    @each_proxy
    def test_but_not_names_that_python_asks_objects_for(self, echo, kind):
        proxy = kind(echo.url)
        for name in ("__deepcopy__", "__getstate_extra__", "__len__", "__wrapped__", "__fspath__"):
            assert not hasattr(proxy, name)
        assert echo.connections == 0

    @pytest.mark.parametrize(
        "twin_of",
        [lambda method: pickle.loads(pickle.dumps(method)), copy.deepcopy, copy.copy],
        ids=["pickle", "deepcopy", "copy"],
    )
    def test_a_method_has_twins_and_none_makes_a_call(self, echo, twin_of):
        with ServerProxy(echo.url) as proxy:
            twin = twin_of(proxy.a.b)
            assert echo.connections == 0
            assert twin.c() == "a.b.c"
            assert not hasattr(proxy.a, "__wrapped__")
            twin._Method__send.__self__("close")()

    @pytest.mark.parametrize(
        "twin_of",
        [lambda method: pickle.loads(pickle.dumps(method)), copy.deepcopy, copy.copy],
        ids=["pickle", "deepcopy", "copy"],
    )
    def test_a_multicall_and_its_methods_have_twins_that_add_no_call(self, echo, twin_of):
        with ServerProxy(echo.url) as proxy:
            multi = MultiCall(proxy)
            multi.a.b(1)
            twin = twin_of(multi)
            assert type(twin) is MultiCall
            assert multi._MultiCall__call_list == twin._MultiCall__call_list == [("a.b", (1,))]
            twin_of(multi.a.b)
            assert multi._MultiCall__call_list == [("a.b", (1,))]
            for each in (multi, multi.a):
                assert not hasattr(each, "__wrapped__")
            assert echo.connections == 0

    @both
    def test_copies_share_the_transport(self, echo):
        with proxy_of(echo.url, allow_none=True) as proxy, copy.copy(proxy) as twin:
            assert twin("transport") is proxy("transport")
            assert twin.test(None) is None

    @both
    @pytest.mark.parametrize(
        "twin_of",
        [lambda proxy: pickle.loads(pickle.dumps(proxy)), copy.deepcopy, copy.copy],
        ids=["pickle", "deepcopy", "copy"],
    )
    def test_has_twins_that_call_the_same_server(self, echo, twin_of):
        with proxy_of(echo.url, allow_none=True, encoding="iso-8859-1", timeout=7, pool_size=2) as proxy:
            proxy.test(1)
            with twin_of(proxy) as twin:
                assert twin.test(["é", None]) == proxy.test(["é", None]) == ["é", None]
                assert repr(twin) == repr(proxy)
                assert twin("transport").options == proxy("transport").options
                proxy("close")()
                assert twin.test(2) == 2

    @both
    def test_has_a_twin_with_the_password_of_its_url(self, echo):
        url = echo.url.replace("://", "://joe:hunter22@")
        twin = pickle.loads(pickle.dumps(proxy_of(url, headers=[("X-Api-Key", "token-17")])))
        with twin:
            twin.test()
        headers = echo.requests[-1].headers
        assert (headers["authorization"], headers["x-api-key"]) == ("Basic am9lOmh1bnRlcjIy", "token-17")
        assert "hunter22" not in repr(twin)

    @both
    def test_over_tls_has_one_too(self):
        with (
            ScriptedServer(ever_after=answer("x"), tls=certificates().good()) as server,
            proxy_of(server.url) as proxy,
            pickle.loads(pickle.dumps(proxy)) as twin,
        ):
            assert isinstance(failure(proxy.test), NotSentError), "the authority is not trusted"
            assert isinstance(failure(twin.test), NotSentError)

    @each_proxy
    @pytest.mark.parametrize(
        ("options", "error"),
        [
            (
                {"context": ssl.create_default_context()},
                r"an? \w*SafeTransport with a context of its own cannot",
            ),
            ({"convert": lambda value: value}, "convert cannot be pickled"),
        ],
        ids=["context", "convert"],
    )
    @pytest.mark.parametrize("twin_of", [pickle.dumps, copy.deepcopy], ids=["pickle", "deepcopy"])
    def test_with_what_does_not_pickle_says_so(self, options, error, twin_of, kind):
        with pytest.raises(ConfigError, match=f"^{error}"):
            twin_of(kind("https://h.example/", **options))

    @each_proxy
    def test_shows_place_and_path_and_no_password(self, kind):
        proxy = kind("http://joe:hunter22@h.example:81/rpc?x=1")
        for text in (repr(proxy), str(proxy)):
            assert text == f"<{kind.__name__} for h.example:81/rpc?x=1>"

    @both
    def test_sends_no_unnecessary_word(self, echo):
        with proxy_of(echo.url) as proxy:
            proxy.test()
        assert echo.requests[0].body == (
            b'<?xml version="1.0" encoding="UTF-8"?>'
            b"<methodCall><methodName>test</methodName><params></params></methodCall>"
        )


@both
class TestTypes:
    VALUE = {"moment": MOMENT, "bytes": xmlrpc.client.Binary(b"\0"), "text": "x"}

    @pytest.mark.parametrize(
        ("options", "moment", "packed"),
        [
            ({}, MOMENT, xmlrpc.client.Binary(b"\0")),
            ({"use_datetime": True}, datetime(2026, 1, 2, 3, 4, 5), xmlrpc.client.Binary(b"\0")),
            ({"use_builtin_types": True}, datetime(2026, 1, 2, 3, 4, 5), b"\0"),
            ({"use_builtin_types": True, "use_datetime": True}, datetime(2026, 1, 2, 3, 4, 5), b"\0"),
        ],
        ids=["default", "use_datetime", "use_builtin_types", "both"],
    )
    def test_are_those_of_the_standard_library(self, options, moment, packed):
        with ScriptedServer(ever_after=answer(self.VALUE)) as server:
            with proxy_of(server.url, **options) as ours:
                got = ours.test()
            with xmlrpc.client.ServerProxy(server.url, **options) as theirs:
                assert got == theirs.test()
        assert (type(got["moment"]), type(got["bytes"])) == (type(moment), type(packed))
        assert (got["moment"], got["bytes"]) == (moment, packed)

    def test_text_that_is_no_moment_is_kept(self):
        body = document(MOMENT).replace(b"20260102T03:04:05", b"00000000T00:00:00")
        for options in ({}, {"use_datetime": True}, {"use_builtin_types": True}):
            with ScriptedServer(http(body)) as server, proxy_of(server.url, **options) as proxy:
                got = proxy.test()
            assert type(got) is xmlrpc.client.DateTime
            assert got.value == "00000000T00:00:00"

    def test_none_is_sent_only_with_allow_none(self, echo):
        with proxy_of(echo.url) as proxy:
            error = failure(proxy.test, None)
        assert (type(error), error.path, error.method) == (EncodeError, "params[0]", "test")
        assert echo.connections == 0
        with proxy_of(echo.url, allow_none=True) as proxy:
            assert proxy.test(None) is None

    def test_none_is_always_read(self):
        with ScriptedServer(answer([None])) as server, proxy_of(server.url) as proxy:
            assert proxy.test() == [None]

    def test_a_fault_of_the_standard_librarys_own_class_cannot_be_sent(self, echo):
        with proxy_of(echo.url) as proxy:
            assert type(failure(proxy.test, xmlrpc.client.Fault(1, "x"))) is EncodeError


class TestEncoding:
    TEXT = "Žluťoučký kůň é 🐎 <&> \r\n"

    @both
    @pytest.mark.parametrize(
        "encoding", [None, "utf-8", "UTF-8", "utf8", "iso-8859-1", "ISO-8859-2", "windows-1250", "us-ascii", "koi8-r"]
    )
    def test_of_requests_carries_every_character(self, echo, encoding):
        with proxy_of(echo.url, encoding=encoding) as proxy:
            proxy.test(self.TEXT, {self.TEXT: self.TEXT})
        assert echo.requests[0].call == ("test", (self.TEXT, {self.TEXT: self.TEXT}))

    @both
    def test_is_declared_and_used(self, echo):
        with proxy_of(echo.url, encoding="iso-8859-1") as proxy:
            proxy.test("é🐎")
        body = echo.requests[0].body
        assert b"encoding=" in body
        assert "é".encode("iso-8859-1") in body
        assert b"&#128014;" in body

    @both
    def test_may_be_utf_16(self):
        with ScriptedServer(answer("TRUE")) as server, proxy_of(server.url, encoding="utf-16") as proxy:
            proxy.test(self.TEXT)
        assert server.requests[0].call == ("test", (self.TEXT,))

    @each_proxy
    @pytest.mark.parametrize(
        "encoding",
        [
            "base64",
            "rot13",
            "idna",
            "punycode",
            "unicode_escape",
            "undefined",
            "zip",
            "klingon",
            "a\0b",
            "utf-7",
            5,
            b"utf-8",
        ],
        ids=ascii,
    )
    def test_that_cannot_work_is_a_configerror_at_construction(self, encoding, kind):
        with pytest.raises(ConfigError, match="encoding"):
            kind("http://127.0.0.1/", encoding=encoding)

    @both
    def test_is_the_default_where_it_is_empty(self, echo):
        with proxy_of(echo.url, encoding="") as proxy:
            assert proxy.test("x") == "x"


class TestErrors:
    @both
    @pytest.mark.parametrize(
        ("step", "cls", "lower"),
        [
            (http(FAULT), FaultError, xmlrpc.client.Fault),
            (http(b"", status="500 x"), HTTPStatusError, xmlrpc.client.ProtocolError),
            (http(b"x"), ResponseError, xmlrpc.client.ResponseError),
            (hang, InDoubtError, OSError),
        ],
        ids=["fault", "status", "unreadable", "silence"],
    )
    def test_are_ours_and_the_standard_librarys_at_once(self, step, cls, lower):
        with (
            ScriptedServer(step) as server,
            proxy_of(server.url, timeout=0.2) as proxy,
            pytest.raises(lower) as caught,
        ):
            proxy.some.method(1)
        assert type(caught.value) is cls
        assert (caught.value.method, caught.value.attempts) == ("some.method", 1)

    @each_proxy
    @pytest.mark.parametrize(
        "url", ["", "127.0.0.1", "ftp://h/", "file:///etc/passwd", "http://", "http://h:99999/", "http://ž/", None]
    )
    def test_a_url_that_cannot_be_called_is_a_configerror(self, url, kind):
        with pytest.raises(ConfigError):
            kind(url)

    @both
    def test_what_was_never_tried_counts_no_attempt(self, monkeypatch):
        monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1")
        with proxy_of("https://h.example/") as proxy:
            error = failure(proxy.test)
        assert (type(error), error.attempts) == (ConfigError, 0)
        with proxy_of("http://127.0.0.1/") as proxy:
            assert failure(proxy.test, object()).attempts == 0

    @both
    def test_a_refused_port_counts_one(self):
        with proxy_of(f"http://127.0.0.1:{unused_port()}/") as proxy:
            assert failure(proxy.test).attempts == 1

    @both
    def test_show_no_credentials_of_the_url(self):
        token = base64.b64encode(b"joe:hunter22").decode()
        echo = f"joe:hunter22 hunter22 {token}"
        steps = [
            http(echo.encode(), f"X-Echo: {echo}", f"Location: http://{echo}", status=f"500 {echo}"),
            http(f"<methodResponse>{echo}</methodResponse>".encode()),
            http(xmlrpc.client.dumps(xmlrpc.client.Fault(echo, echo)).encode()),
            http(f"<{token.rstrip('=')}>".encode()),
        ]
        with ScriptedServer(*steps) as server, proxy_of(server.url.replace("//", "//joe:hunter22@")) as proxy:
            for _ in steps:
                text = shown(failure(proxy.test))
                assert "hunter22" not in text
                assert token.rstrip("=") not in text


class TestOptions:
    @both
    def test_timeout_is_for_the_whole_call(self):
        with ScriptedServer(hang) as server, proxy_of(server.url, timeout=0.2) as proxy:
            started = time.monotonic()
            assert type(failure(proxy.test)) is InDoubtError
        assert time.monotonic() - started < SOON

    @both
    def test_limits_bound_the_answer(self):
        limits = Limits(response_bytes=500)
        with ScriptedServer(answer("x" * 1000)) as server, proxy_of(server.url, limits=limits) as proxy:
            assert type(failure(proxy.test)) is TooLargeError

    @both
    def test_headers_are_sent(self, echo):
        with proxy_of(echo.url, headers=[("X-A", "b")]) as proxy:
            proxy.test()
        assert echo.requests[0].headers["x-a"] == "b"

    @both
    def test_context_is_for_tls_and_proxy_for_the_tunnel(self):
        with ScriptedServer(answer(5), tls=certificates().good()) as server, ConnectProxy() as tunnel:
            options = {"context": certificates().trusting(), "proxy": tunnel.url}
            with proxy_of(server.url, **options) as proxy:
                assert proxy.test() == 5
        assert tunnel.tunnels == [f"127.0.0.1:{server.port}"]

    @each_proxy
    @pytest.mark.parametrize(
        "options",
        [
            {"timeout": 0},
            {"connect_timeout": "x"},
            {"limits": 5},
            {"proxy": "ftp://h"},
            {"headers": [5]},
            {"convert": "str"},
        ],
        ids=str,
    )
    def test_that_cannot_work_are_a_configerror(self, options, kind):
        with pytest.raises(ConfigError):
            kind("http://127.0.0.1/", **options)

    @both
    def test_convert_is_asked_for_what_xml_rpc_has_no_type_for(self, echo):
        with proxy_of(echo.url, convert=str) as proxy:
            assert proxy.shop.test({"total": [Decimal("9.90"), date(2026, 1, 2)]}) == {"total": ["9.90", "2026-01-02"]}
            error = failure(proxy.test, None)
            assert (error.path, error.message[:4]) == ("params[0]", "None")
        with proxy_of(echo.url, allow_none=True, encoding="iso-8859-2", convert=lambda value: None) as proxy:
            assert proxy.test([Decimal(1), "ž"]) == [None, "ž"]
        with proxy_of(echo.url) as proxy:
            error = failure(proxy.shop.test, {"total": Decimal("9.90")})
            assert (error.path, error.method) == ("params[0].total", "shop.test")
            assert "pass convert=" in error.message

    def test_convert_serves_a_multicall_too(self):
        for kind in (MultiCall, xmlrpc.client.MultiCall):
            with ScriptedServer(answer([[1]])) as server, ServerProxy(server.url, convert=str) as proxy:
                multicall = kind(proxy)
                multicall.buy(Decimal("9.90"))
                assert list(multicall()) == [1]
            assert server.requests[0].call == ("system.multicall", ([{"methodName": "buy", "params": ["9.90"]}],))

    @both
    def test_one_connection_carries_many_calls(self, echo):
        with proxy_of(echo.url) as proxy:
            for number in range(10):
                assert proxy.test(number) == number
        assert echo.connections == 1


class Recorder(xmlrpc.client.Transport):
    """A transport of the standard library's family."""

    def __init__(self, outcome):
        super().__init__()
        self.outcome = outcome
        self.requests = []
        self.closed = 0

    def request(self, host, handler, request_body, verbose=False):
        self.requests.append((host, handler, request_body, verbose))
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    def close(self):
        self.closed += 1


class TestAForeignTransport:
    def test_is_used_as_the_standard_library_uses_it(self):
        transport = Recorder((5,))
        with ServerProxy("http://h.example/p", transport, verbose=True) as proxy:
            assert proxy.test("x") == 5
            assert proxy("transport") is transport
        ((host, handler, body, verbose),) = transport.requests
        assert (host, handler, verbose) == ("h.example", "/p", True)
        assert xmlrpc.client.loads(body) == (("x",), "test")
        assert transport.closed == 1

    def test_gives_the_value_or_all_of_them(self):
        assert ServerProxy("http://h/", Recorder(("a",))).test() == "a"
        assert ServerProxy("http://h/", Recorder((1, 2))).test() == (1, 2)

    @pytest.mark.parametrize(
        "error", [xmlrpc.client.Fault(4, "x"), OSError(5, "x"), LookupError("x"), xmlrpc.client.Error("x")], ids=repr
    )
    def test_raises_what_it_raises(self, error):
        with pytest.raises(type(error)) as caught:
            ServerProxy("http://h/", Recorder(error)).test()
        assert caught.value is error

    def test_may_be_the_standard_librarys_own(self, echo):
        with ServerProxy(echo.url, transport=xmlrpc.client.Transport()) as proxy:
            assert proxy.test("Žluť") == "Žluť"
            assert type(failure(proxy.test, object())) is EncodeError

    def test_may_override_request_as_with_the_standard_library(self, echo):
        seen = []

        class Logging(Transport):
            def request(self, host, handler, request_body, verbose=False):
                seen.append((isinstance(request_body, bytes), repr(request_body)[-7:], verbose))
                return super().request(host, handler, request_body, verbose)

        with ServerProxy(echo.url, transport=Logging(timeout=5)) as proxy:
            assert proxy.test(1) == 1
        assert seen == [(True, " bytes>", False)]

    def test_may_have_another_request(self, echo):
        transport = Transport(timeout=5)
        transport.request = lambda host, handler, request_body, verbose=False: ("replaced",)
        assert ServerProxy(echo.url, transport=transport).test(1) == "replaced"

    def test_has_what_convert_gives(self, echo):
        for transport in (xmlrpc.client.Transport(), Transport(timeout=5)):
            with ServerProxy(echo.url, transport=transport, convert=str) as proxy:
                assert proxy.test(Decimal("9.90")) == "9.90"

    def test_may_be_ours(self, echo):
        with ServerProxy(echo.url, transport=Transport(timeout=5)) as proxy:
            assert proxy.test(1) == 1


@both
def test_every_error_of_a_call_is_a_mailkit_error(echo):
    with proxy_of(echo.url) as proxy:
        for call in (lambda: proxy.test(object()), lambda: getattr(proxy, "a b")(), lambda: proxy.test("\0")):
            with pytest.raises(MailkitError):
                call()
    assert echo.connections == 0
