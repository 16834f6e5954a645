"""No secret in anything that a failed call shows, at any door and for every way in which a call can fail.

The servers here know every secret, because it was sent to them, and put all of them into their answers. What is
searched is what pytest -l, rich and Sentry show of an error (the local variables of its frames and of its chain), its
attributes, the attributes of the objects that the call went through, the log and what `verbose` prints.
"""

from __future__ import annotations

import asyncio
import base64
import copy
import errno
import gc
import gzip
import logging
import pickle
import re
import signal
import threading
import traceback
import urllib.parse
import xmlrpc.client
from contextlib import ExitStack

import pytest

from mailkit_xmlrpc import (
    AsyncClient,
    AsyncServerProxy,
    Client,
    ConfigError,
    EncodeError,
    Limits,
    MailkitError,
    MultiCall,
    Retry,
    ServerProxy,
    php,
)
from mailkit_xmlrpc.answers import Anything
from mailkit_xmlrpc.call import Call, MethodSpec
from mailkit_xmlrpc.transport import SafeTransport, Transport

from .blocking import each_client
from .servers import (
    CLIENT_ID,
    MD5,
    ConnectProxy,
    ScriptedServer,
    answer,
    certificates,
    document,
    drop,
    failure,
    full_backlog,
    hang,
    http,
    reset,
    then,
    unused_port,
)
from .shown import chain, shown

PASSWORD = "p@ss:correct&hörse"
USERINFO = f"joe:{urllib.parse.quote(PASSWORD, safe='')}"
BASIC = base64.b64encode(f"joe:{PASSWORD}".encode()).decode()
PROXY_PASSWORD = "battery-staple"
PROXY_BASIC = base64.b64encode(f"ann:{PROXY_PASSWORD}".encode()).decode()
HEADERS = [
    ("X-Api-Key", "api-key-hunter17"),
    ("X-Foo", "Bearer bearer-hunter18"),
    ("Cookie", "sid=cookie-hunter19; theme=dark"),
    ("X-Sessionid", "session-hunter20"),
]
FRESH = "fresh-hunter21"
SECRETS = {
    "md5": MD5,
    "password": PASSWORD,
    "password in a URL": urllib.parse.quote(PASSWORD, safe=""),
    "Basic token": BASIC.rstrip("="),
    "proxy's password": PROXY_PASSWORD,
    "proxy's token": PROXY_BASIC.rstrip("="),
    "header's key": "api-key-hunter17",
    "bearer token": "bearer-hunter18",
    "cookie": "cookie-hunter19",
    "session": "session-hunter20",
    "token of get_host_info": FRESH,
}
# What a server can send back.
ECHO = " ".join([*SECRETS.values(), MD5.upper(), f"Basic {BASIC}", USERINFO])
UTF8_LINE = ECHO.encode().decode("latin-1")


def tokens(echo):
    """The secrets that can stand in a name."""
    return re.sub(r"[^A-Za-z0-9 ._-]", "", ascii(echo)).replace(" ", "_")


TOKENS = tokens(ECHO)


def leaks(text, unknown=()):
    """The secrets that `text` shows, and the text in front of each. The servers here know more of them than some calls
    send; those that a call does not know are `unknown`."""
    found = []
    for name, secret in SECRETS.items():
        if name not in unknown and (at := text.lower().find(secret.lower())) >= 0:
            found.append((name, text[max(0, at - 300) : at + 20]))
    return found


def rendered(error, *, foreign=()):
    """The traceback of an error and of its chain with all local variables but those of the tests, and of the files
    `foreign`, whose frames hold what they were given."""
    trace = traceback.TracebackException(type(error), error, error.__traceback__, capture_locals=True)
    waiting = [trace]
    while waiting:
        link = waiting.pop()
        for frame in link.stack:
            if any(part in frame.filename for part in ("/tests/", "/_pytest/", *foreign)):
                frame.locals = None
        waiting += [each for each in (link.__cause__, link.__context__) if each is not None]
    return "".join(trace.format())


def everything(error, *objects, foreign=()):
    """All that can be seen of an error, and of the objects that the call went through."""
    parts = [rendered(error, foreign=foreign)]
    parts += [shown(link) for link in chain(error) if isinstance(link, MailkitError)]
    if isinstance(error, MailkitError):
        for twin in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
            parts.append(shown(twin))
    for each in objects:
        parts += [repr(each), str(each), repr(vars(each))]
    return "\n".join(parts)


def inner(xml):
    text = f"<?xml version='1.0'?><methodResponse><params><param><value>{xml}</value></param></params></methodResponse>"
    return http(text.encode())


def fault(code, text="x"):
    member = "<member><name>{}</name><value>{}</value></member>".format
    struct = f"<struct>{member('faultCode', code)}{member('faultString', f'<string>{text}</string>')}</struct>"
    return http(f"<methodResponse><fault><value>{struct}</value></fault></methodResponse>".encode())


def steps(echo):
    """All that a server can do, with `echo` in each place that can hold it."""
    xml, line, name = echo.replace("&", "&amp;"), echo.encode().decode("latin-1"), tokens(echo)
    md5 = echo.partition(" ")[0]
    malformed = "<methodResponse><fault><value>{}</value></fault></methodResponse>"
    folded = f"{md5[:20]}\r\n\t{md5[20:]}\n{BASIC[:9]}\n{BASIC[9:]}"
    return {
        "fault": fault("<int>4</int>", xml),
        "fault with a str as code": fault(f"<string>{xml}</string>"),
        "fault with bytes as code": fault(f"<base64>{base64.b64encode(echo.encode()).decode()}</base64>"),
        "fault with a date as code": fault("<dateTime.iso8601>20260101T00:00:00</dateTime.iso8601>", xml),
        "fault of one secret": fault(f"<string>{md5}</string>", md5.upper()),
        "malformed fault": http(
            malformed.format(f"<struct><member><name>{xml}</name><value>{xml}</value></member></struct>").encode()
        ),
        "malformed fault of bytes": http(
            malformed.format(f"<base64>{base64.b64encode(echo.encode()).decode()}</base64>").encode()
        ),
        "malformed fault cut": http(
            malformed.format(
                "<array><data><value>" + "x" * 180 + f"</value><value>{xml}</value></data></array>"
            ).encode()
        ),
        "fault in a 500": http(document(xmlrpc.client.Fault(4, echo)), status="500 x"),
        "bare string": inner(xml),
        "bare string of a known refusal": inner(f"Missing {name}"),
        "struct": answer({"error_status": 4, "error": echo, "message": echo, "status": echo, "more": [{echo: [echo]}]}),
        "struct with bytes": answer({"error_status": 4, "error": "x", "more": [echo.encode(), {"a": echo.encode()}]}),
        "struct with an odd status": answer({"error_status": echo}),
        "struct with a list as status": answer({"error_status": [echo]}),
        "half an answer": http(echo.encode(), "Content-Length: 99999", length=False),
        "half a head": f"HTTP/1.1 200 OK\r\nX-Echo: {line}\r\n".encode("latin-1"),
        "no HTTP": f"{tokens(echo)}\r\n\r\n".encode(),
        "damaged XML": inner(f"<string>{xml}</broken>"),
        "damaged XML around": inner(f"{xml}</broken>{xml}"),
        "bad scalar": inner(f"<int>{xml}</int>"),
        "unknown element": inner(f"<{name}/>"),
        "unknown entity": inner(f"&{name};"),
        "HTML page": http(f"<!DOCTYPE html><html>{xml}</html>".encode(), "Content-Type: text/html"),
        "plain text": http(echo.encode()),
        "not UTF-8": http(echo.encode() + b"\xff"),
        "no params": http(b"<methodResponse/>"),
        "empty": http(b""),
        "damaged gzip": http(b"\x1f\x8b" + echo.encode(), "Content-Encoding: gzip"),
        "half of gzip": http(gzip.compress(document(echo))[:-9], "Content-Encoding: gzip"),
        "unknown coding": http(echo.encode(), f"Content-Encoding: {name[:90]}"),
        "too large": http(b"<methodResponse>" + echo.encode() * 99),
        "drop": drop,
        "drop after the request": lambda peer: (peer.read(), drop(peer)),
        "reset": reset,
        "hang": hang,
        "429": http(echo.encode(), f"X-Echo: {line}", "Retry-After: 9", status=f"429 {line}"),
        "folded": http(folded.encode(), status="500 x"),
        "redirect": http(b"", f"Location: https://{USERINFO}@h.example/{name}", status="302 x"),
        "header's name": http(b"", f"X-{name}: 1", status="500 x"),
        **{
            str(status): http(echo.encode(), f"X-Echo: {line}", f"Location: /{name}", status=f"{status} {line}")
            for status in (301, 400, 401, 403, 404, 405, 407, 500, 502, 503)
        },
    }


# A proxy does not know which of the params is a password, and a server may send back a param.
STEPS = {True: steps(ECHO), False: steps(re.sub(MD5, "0" * 32, ECHO, flags=re.IGNORECASE))}


# The doors: each makes one call of a method with the md5 in front, and gives what it went through.


class Fresh(Transport):
    """A token of its own with every call, as the standard library's subclasses add one."""

    def get_host_info(self, host):
        host, headers, x509 = super().get_host_info(host)
        return host, [*(headers or []), ("X-Fresh", f"Bearer {FRESH}"), ("X-Count", "1")], x509


class Overriding(Transport):
    def request(self, host, handler, request_body, verbose=False):
        return super().request(host, handler, request_body, verbose)


class OverridingAndFailing(Transport):
    def request(self, host, handler, request_body, verbose=False):
        super().request(host, handler, request_body, verbose)
        raise OSError(errno.EIO, "x")


OPTIONS = {"headers": HEADERS, "timeout": 0.5, "proxy": "", "limits": Limits(response_bytes=3000)}


def by_client(url, call=lambda client: client.call("m", "x", {"a": 1}).unwrap()):
    client = Client(CLIENT_ID, MD5, url=url, retry=Retry(2, 0, 0), **OPTIONS)
    return [client, client._server, client._server("transport")], lambda: call(client)


def by_proxy(url, transport=None, kind=ServerProxy):
    options = OPTIONS if kind is ServerProxy else {}
    proxy = kind(url, transport, verbose=True, **options)
    ours = [proxy] if isinstance(proxy, ServerProxy) else []
    return [*ours, proxy("transport")], lambda: proxy.mailkit.m(CLIENT_ID, MD5, {"a": 1})


def by_multicall(url):
    def call():
        multicall = MultiCall(proxy)
        multicall.mailkit.m(CLIENT_ID, MD5)
        return list(multicall())

    proxy = ServerProxy(url, verbose=True, **OPTIONS)
    return [proxy, proxy("transport")], call


def awaited(method):
    """`method`, whose calls are awaited, on a loop of its own."""

    def call(*args):
        async def main():
            return await method(*args)

        return asyncio.run(main())

    return call


def by_async_client(url, call=lambda client: client.call("m", "x", {"a": 1})):
    async def main():
        async with client:
            return (await call(client)).unwrap()

    client = AsyncClient(CLIENT_ID, MD5, url=url, retry=Retry(2, 0, 0), **OPTIONS)
    return [client, client._server, client._server("transport")], awaited(main)


def by_async_proxy(url):
    async def main():
        async with proxy:
            return await proxy.mailkit.m(CLIENT_ID, MD5, {"a": 1})

    proxy = AsyncServerProxy(url, verbose=True, **OPTIONS)
    return [proxy, proxy("transport")], awaited(main)


ASYNC_CLIENTS = {
    "AsyncClient.call": by_async_client,
    "AsyncClient's typed method": lambda url: by_async_client(url, lambda client: client.journeys.trigger("a", "b")),
}
# They close their connections themselves.
ASYNC_DOORS = {**ASYNC_CLIENTS, "AsyncServerProxy": by_async_proxy}
DOORS = {
    "Client.call": by_client,
    "typed method": lambda url: by_client(url, lambda client: client.journeys.trigger("a", "b").unwrap()),
    "rows": lambda url: by_client(url, lambda client: client.mailinglist.list().unwrap()),
    "php.call": lambda url: by_client(url, lambda client: php.call(client, "m", [CLIENT_ID, MD5, {"a": 1}]).unwrap()),
    "ServerProxy": by_proxy,
    "MultiCall": by_multicall,
    "fresh tokens": lambda url: by_proxy(url, Fresh(**OPTIONS)),
    "overridden request": lambda url: by_proxy(url, Overriding(**OPTIONS)),
    "overridden request that fails": lambda url: by_proxy(url, OverridingAndFailing(**OPTIONS)),
    "the standard library's proxy": lambda url: by_proxy(url, Fresh(**OPTIONS), xmlrpc.client.ServerProxy),
    **ASYNC_DOORS,
}
CLIENTS = ("Client.call", "typed method", "rows", "php.call", *ASYNC_CLIENTS)
THEIRS = {"the standard library's proxy": ("xmlrpc/client.py",)}


@pytest.fixture(autouse=True)
def _log_everything(caplog):
    caplog.set_level(logging.DEBUG)


PROXYS = ("proxy's password", "proxy's token")
FRESHS = ("token of get_host_info",)


def assert_hidden(error, *objects, caplog, capsys, foreign=(), unknown=()):
    printed = capsys.readouterr()
    logged = "\n".join(f"{record.getMessage()} {record.args!r}" for record in caplog.records)
    for text in (everything(error, *objects, foreign=foreign), logged, printed.out + printed.err):
        assert leaks(text, unknown) == []


# A value of a ServerProxy is the caller's; only a Client knows that these are refusals.
REFUSALS = {name for name in STEPS[True] if name.startswith(("bare string", "struct"))}


@pytest.mark.parametrize(
    ("door", "step"),
    [
        (door, step)
        for door in DOORS
        for step in STEPS[True]
        if door in (*CLIENTS, "MultiCall", "overridden request that fails") or step not in REFUSALS
    ],
)
def test_of_what_a_server_does(door, step, caplog, capsys):
    does = STEPS[door in CLIENTS][step]
    with ScriptedServer(ever_after=does if callable(does) else then(does)) as server:
        objects, call = DOORS[door](server.url.replace("//", f"//{USERINFO}@"))
        with ExitStack() as stack:
            if door not in ASYNC_DOORS:
                stack.callback(objects[-1].close)
            with pytest.raises((MailkitError, OSError)) as caught:
                call()
            assert server.requests or step in ("drop", "reset", "hang")
            unknown = PROXYS if isinstance(objects[-1], Fresh) else (*PROXYS, *FRESHS)
            options = {"foreign": THEIRS.get(door, ()), "unknown": unknown}
            assert_hidden(caught.value, *objects, caplog=caplog, capsys=capsys, **options)


def clients(**options):
    """A client of each kind, and its `call`."""
    with Client(CLIENT_ID, MD5, **options) as client:
        yield client, client.call
    client = AsyncClient(CLIENT_ID, MD5, **options)
    yield client, awaited(client.call)


class TestBeforeAnythingIsSent:
    def both(self, caplog, capsys, url, **options):
        """The call fails for every client and every proxy."""
        options = {**OPTIONS, "connect_timeout": 0.1, "timeout": 1, **options}
        allowed = {"allow_http": True, "retry": Retry(2, 0, 0)}
        with Client(CLIENT_ID, MD5, url=url, **allowed, **options) as client:
            for call in (client.journeys.trigger, client.call):
                error = failure(call, "a", "b")
                objects = (client, client.options)
                assert_hidden(error, *objects, caplog=caplog, capsys=capsys, unknown=FRESHS)
        client = AsyncClient(CLIENT_ID, MD5, url=url, **allowed, **options)
        for call in (client.journeys.trigger, client.call):
            error = failure(awaited(call), "a", "b")
            assert_hidden(error, client, client.options, caplog=caplog, capsys=capsys, unknown=FRESHS)
        proxy = AsyncServerProxy(url, verbose=True, **options)
        error = failure(awaited(proxy.mailkit.m), CLIENT_ID, MD5)
        assert_hidden(error, proxy, proxy("transport"), caplog=caplog, capsys=capsys, unknown=(*FRESHS, "md5"))
        with ServerProxy(url, verbose=True, **options) as proxy:
            error = failure(proxy.mailkit.m, CLIENT_ID, MD5)
            assert_hidden(error, proxy, proxy("transport"), caplog=caplog, capsys=capsys, unknown=(*FRESHS, "md5"))
        return error

    def test_a_name_that_is_not_resolved(self, caplog, capsys):
        self.both(caplog, capsys, f"http://{USERINFO}@nothing.invalid/")

    def test_a_name_that_cannot_be_one(self, caplog, capsys):
        self.both(caplog, capsys, f"http://{USERINFO}@a..b/")

    def test_a_refused_connection(self, caplog, capsys):
        self.both(caplog, capsys, f"http://{USERINFO}@127.0.0.1:{unused_port()}/")

    def test_a_connection_that_is_not_answered(self, caplog, capsys):
        with full_backlog() as port:
            self.both(caplog, capsys, f"http://{USERINFO}@127.0.0.1:{port}/")

    def test_tls_with_a_server_that_has_none(self, caplog, capsys):
        with ScriptedServer(ever_after=then(http(ECHO.encode()))) as server:
            self.both(caplog, capsys, server.url.replace("http://", f"https://{USERINFO}@"))

    def test_a_certificate_that_is_not_trusted(self, caplog, capsys):
        with ScriptedServer(tls=certificates().expired()) as server:
            url = server.url.replace("//", f"//{USERINFO}@")
            self.both(caplog, capsys, url, context=certificates().trusting())

    @pytest.mark.parametrize(
        "said",
        [
            http(b"", f"Proxy-Authenticate: Basic realm={TOKENS}", status=f"407 {UTF8_LINE}"),
            http(ECHO.encode(), status=f"502 {UTF8_LINE}"),
            f"HTTP/1.1 200 OK\r\n\r\n{ECHO}".encode(),
            f"{ECHO}\r\n\r\n".encode(),
            f"HTTP/1.1 {ECHO}\r\n\r\n".encode(),
            b"",
        ],
        ids=["407", "502", "too much", "no HTTP", "no status", "nothing"],
    )
    @pytest.mark.parametrize("place", ["argument", "environment"])
    def test_a_proxy_that_refuses(self, said, place, caplog, capsys, monkeypatch):
        monkeypatch.setenv("NO_PROXY", "")
        with ConnectProxy(rubbish=said) as proxy:
            url = proxy.url_as(f"ann:{PROXY_PASSWORD}")
            if place == "environment":
                monkeypatch.setenv("HTTPS_PROXY", url)
            given = None if place == "environment" else url
            error = self.both(caplog, capsys, f"https://{USERINFO}@h.example/", proxy=given)
            assert "proxy" in str(error)
            assert "proxy-authorization" in proxy.asked[0]

    @pytest.mark.parametrize("place", ["argument", "environment"])
    def test_a_proxy_that_answers_for_the_server(self, place, caplog, capsys, monkeypatch):
        """Over plain http, or with a context that trusts it, a proxy can send back what it was sent."""
        monkeypatch.setenv("NO_PROXY", "")
        with (
            ScriptedServer(ever_after=then(http(ECHO.encode(), status="500 x")), tls=certificates().good()) as server,
            ConnectProxy() as proxy,
        ):
            url = proxy.url_as(f"ann:{PROXY_PASSWORD}")
            if place == "environment":
                monkeypatch.setenv("HTTPS_PROXY", url)
            given = None if place == "environment" else url
            call_url = server.url.replace("//", f"//{USERINFO}@")
            self.both(caplog, capsys, call_url, proxy=given, context=certificates().trusting())
            assert len(proxy.tunnels) >= 1

    def test_a_proxy_that_cannot_be_reached(self, caplog, capsys):
        for host in (f"127.0.0.1:{unused_port()}", "nothing.invalid"):
            url = f"http://ann:{PROXY_PASSWORD}@{host}"
            self.both(caplog, capsys, f"https://{USERINFO}@h.example/", proxy=url)

    def test_an_environment_that_cannot_be_read(self, caplog, capsys, monkeypatch):
        monkeypatch.setenv("NO_PROXY", "")
        monkeypatch.setenv("HTTPS_PROXY", f"socks5://ann:{PROXY_PASSWORD}@h.example")
        self.both(caplog, capsys, f"https://{USERINFO}@h.example/", proxy=None)

    @pytest.mark.parametrize(
        "value",
        [
            None,
            object(),
            "\0",
            2**65,
            {MD5: None},
            {f"x {PASSWORD}'": {MD5.upper(): object()}},
            {"api-key-hunter17": [None]},
            [{"a": {f"Basic {BASIC}": "\0"}}],
        ],
        ids=ascii,
    )
    def test_a_value_that_cannot_be_encoded(self, value, caplog, capsys):
        for client, call in clients(url=f"http://{USERINFO}@127.0.0.1:9/", headers=HEADERS):
            assert_hidden(failure(call, "m", value), client, caplog=caplog, capsys=capsys)
        with ServerProxy(f"http://{USERINFO}@127.0.0.1:9/", headers=HEADERS) as proxy:
            if not (isinstance(value, dict) and MD5 in str(value).lower()):
                assert_hidden(failure(proxy.m, CLIENT_ID, MD5, value), proxy, caplog=caplog, capsys=capsys)
                other = AsyncServerProxy(f"http://{USERINFO}@127.0.0.1:9/", headers=HEADERS)
                error = failure(awaited(other.m), CLIENT_ID, MD5, value)
                assert_hidden(error, other, caplog=caplog, capsys=capsys)
            multicall = MultiCall(proxy)
            multicall.m(CLIENT_ID, MD5, object())
            assert_hidden(failure(multicall), proxy, caplog=caplog, capsys=capsys)

    @pytest.mark.parametrize("name", [MD5, MD5.upper(), f"mailkit.{MD5}", f"mailkit.{MD5}.x"])
    def test_a_secret_as_the_name_of_a_method(self, name, caplog, capsys):
        records = []
        with Client(CLIENT_ID, MD5, headers=HEADERS, url="http://127.0.0.1:9", on_call=records.append) as client:
            for error in (failure(client.call, name), failure(php.call, client, name, [CLIENT_ID, MD5])):
                assert isinstance(error, EncodeError)
                assert "method" in str(error)
                # The name is a variable of the function that the caller called.
                assert_hidden(error, client, caplog=caplog, capsys=capsys, foreign=("php/call.py",))
            assert leaks(repr(records)) == []
            assert leaks(repr(Call(MethodSpec(name, Anything())))) == []
        client = AsyncClient(CLIENT_ID, MD5, headers=HEADERS, url="http://127.0.0.1:9", on_call=records.append)
        assert_hidden(failure(awaited(client.call), name), client, caplog=caplog, capsys=capsys)
        assert leaks(repr(records)) == []

    def test_an_array_from_php(self, caplog, capsys):
        with Client(CLIENT_ID, MD5, url="http://127.0.0.1:9") as client:
            for array in ([CLIENT_ID, MD5, b"\xff"], [CLIENT_ID + 1, MD5], [CLIENT_ID, MD5, [{"a": b"\xff"}]]):
                for params in (array, tuple(array), dict(enumerate(array))):
                    error = failure(php.call, client, "m", params)
                    assert_hidden(error, client, caplog=caplog, capsys=capsys)

    def test_credentials_as_parameters_of_call(self, caplog, capsys):
        for client, call in clients(url="http://127.0.0.1:9"):
            assert_hidden(failure(call, "m", CLIENT_ID, MD5, None), client, caplog=caplog, capsys=capsys)

    def test_an_error_of_convert(self, caplog, capsys):
        def refused(value):
            raise ValueError(f"no text for {ECHO}")

        for convert, kind in ((refused, EncodeError), (lambda value: value.total, AttributeError)):
            options = {"convert": convert, "url": f"http://{USERINFO}@127.0.0.1:9/", "headers": HEADERS}
            for client, call in clients(**options):
                with pytest.raises(kind) as caught:
                    call("m", {"a": object()})
                unknown = (*PROXYS, *FRESHS)
                assert_hidden(caught.value, client, caplog=caplog, capsys=capsys, unknown=unknown)
        with ServerProxy(f"http://{USERINFO}@127.0.0.1:9/", convert=lambda value: value.total) as proxy:
            with pytest.raises(AttributeError) as caught:
                proxy.m(CLIENT_ID, MD5, object())
            assert_hidden(caught.value, proxy, caplog=caplog, capsys=capsys)

    def test_a_header_of_a_subclass_that_http_does_not_allow(self, caplog, capsys):
        for bad in ("\u0159", "\r\nX-Evil: 1"):

            class Wrong(Transport):
                def get_host_info(self, host, bad=bad):
                    return "127.0.0.1:9", [("X-Token", FRESH), ("X-Bad", f"{FRESH}{bad}")], {}

            with ServerProxy(f"http://{USERINFO}@127.0.0.1:9/", Wrong(**OPTIONS)) as proxy:
                error = failure(proxy.m, CLIENT_ID, MD5)
            assert isinstance(error, ConfigError)
            assert_hidden(error, proxy, proxy("transport"), caplog=caplog, capsys=capsys)

    def test_a_host_of_a_subclass_with_credentials_in_it(self, caplog, capsys):
        class Wrong(Transport):
            def get_host_info(self, host):
                return f"{USERINFO}@127.0.0.1:9", [("X-Token", FRESH)], {}

        with ServerProxy(f"http://{USERINFO}@127.0.0.1:9/", Wrong(**OPTIONS)) as proxy:
            error = failure(proxy.m, CLIENT_ID, MD5)
            assert_hidden(error, proxy, proxy("transport"), caplog=caplog, capsys=capsys)


GOOD = {
    "client_id": CLIENT_ID,
    "client_md5": MD5,
    "url": f"https://{USERINFO}@h.example/",
    "proxy": f"http://ann:{PROXY_PASSWORD}@h.example",
    "headers": HEADERS,
}
# Only a Client needs https.
HTTP = {"url": f"http://{USERINFO}@h.example/"}
WRONG = [
    {"client_md5": MD5 + "0"},
    {"client_md5": MD5.encode()},
    {"client_md5": [MD5]},
    {"client_id": 0},
    {"client_id": MD5},
    {"client_id": MD5.encode(), "client_md5": CLIENT_ID},
    {"url": "ftp://x"},
    {"url": f"ftp://{USERINFO}@h.example/"},
    {"url": f"https:/{USERINFO}@h.example/"},
    {"url": f"https://{USERINFO}@h.example:x/"},
    {"url": f"https://{USERINFO}@h.example:99999/"},
    {"url": f"https://{USERINFO}@h.example/ x"},
    {"url": f"https://joe:{PASSWORD}@h.example/"},
    HTTP,
    {"url": f"https://{USERINFO}@h.example/".encode()},
    {"timeout": -1},
    {"pool_size": 0},
    {"limits": 5},
    {"context": 5},
    {"retry": 5},
    {"allow_http": 5},
    {"on_call": 5},
    {"convert": 5},
    {"proxy": f"socks5://ann:{PROXY_PASSWORD}@h.example"},
    {"proxy": f"http://ann:{PROXY_PASSWORD}@h.example:x"},
    {"proxy": f"ann:{PROXY_PASSWORD}@"},
    {"proxy": f"ann:{PROXY_PASSWORD}@".encode()},
    {"headers": {"X-Api-Key": "api-key-hunter17"}},
    {"headers": "X-Api-Key: api-key-hunter17"},
    {"headers": ["X-Api-Key: api-key-hunter17"]},
    {"headers": [("X-Api-Key: api-key-hunter17", "")]},
    {"headers": [("X-Api-Key", "api-key-hunter17\n")]},
    {"headers": [("X-Api-Key", b"api-key-hunter17")]},
    {"headers": [("X-Api-Key", "api-key-hunter17"), ("Host", "x")]},
    {"headers": [("X-Api-Key", "api-key-hunter17"), 5]},
]


_NAMES = {"timeout", "pool_size", "limits", "context", "proxy", "headers"}
LOWER = {Transport: _NAMES, SafeTransport: _NAMES, ServerProxy: {*_NAMES, "url", "convert"}}
LOWER[AsyncServerProxy] = LOWER[ServerProxy]


class TestConfiguration:
    @pytest.mark.parametrize("arguments", WRONG, ids=lambda value: ascii(value)[:60])
    @pytest.mark.parametrize("make", [Client, Client.from_env, AsyncClient, AsyncClient.from_env])
    def test_of_a_client(self, make, arguments, caplog, capsys):
        error = failure(make, **{**GOOD, **arguments})
        assert isinstance(error, ConfigError)
        assert_hidden(error, caplog=caplog, capsys=capsys)

    @pytest.mark.parametrize("arguments", WRONG, ids=lambda value: ascii(value)[:60])
    def test_of_the_lower_floors(self, arguments, caplog, capsys):
        for make, names in LOWER.items():
            if arguments.keys() <= names and arguments != HTTP:
                given = {name: value for name, value in {**GOOD, **arguments}.items() if name in names}
                first = (given.pop("url"),) if "url" in names else ()
                assert_hidden(failure(make, *first, **given), caplog=caplog, capsys=capsys)

    @pytest.mark.parametrize(
        "variables",
        [
            {"CLIENT_MD5": MD5 + "0"},
            {"CLIENT_ID": MD5, "CLIENT_MD5": str(CLIENT_ID)},
            {"TIMEOUT": MD5},
            {"TIMEOUT": "soon"},
            {"URL": f"ftp://{USERINFO}@h.example/"},
            {"URL": f"http://{USERINFO}@h.example/"},
            {"CLIENT_ID": ""},
            {"CLIENT_ID": "x"},
        ],
        ids=ascii,
    )
    @each_client
    def test_of_the_environment(self, variables, kind, caplog, capsys, monkeypatch):
        good = {"CLIENT_ID": str(CLIENT_ID), "CLIENT_MD5": MD5, "URL": GOOD["url"], "TIMEOUT": "5"}
        for name, value in {**good, **variables}.items():
            monkeypatch.setenv(f"MAILKIT_{name}", value)
        assert_hidden(failure(kind.from_env, headers=HEADERS), caplog=caplog, capsys=capsys)


class TestObjects:
    @each_client
    def test_show_no_secret(self, kind):
        client = kind(**GOOD)
        transport = client._server("transport")
        objects = [
            client,
            client.options,
            client._server,
            transport,
            copy.copy(client),
            pickle.loads(pickle.dumps(client)),
        ]
        for each in objects:
            assert leaks(f"{each!r} {each} {vars(each)!r}") == []
        assert leaks(repr(client.__reduce__())) == []
        assert leaks(repr(client.options.keywords)) == []

    def test_of_a_call_that_was_made(self, caplog, capsys):
        with ScriptedServer(ever_after=answer("TRUE")) as server:
            url = server.url.replace("//", f"//{USERINFO}@")
            for proxy in (ServerProxy(url, Fresh(**OPTIONS), verbose=True), ServerProxy(url, verbose=True, **OPTIONS)):
                assert proxy.mailkit.m(CLIENT_ID, MD5) == "TRUE"
                transport = proxy("transport")
                assert leaks(f"{vars(proxy)!r} {vars(transport)!r} {vars(transport._latest_route)!r}") == []
                transport.close()
            with Client(CLIENT_ID, MD5, url=url, **OPTIONS) as client:
                assert client.call("m", success=["TRUE"]).ok
                assert leaks(repr(vars(client))) == []
            client = AsyncClient(CLIENT_ID, MD5, url=url, **OPTIONS)
            assert awaited(lambda: client.call("m"))().error == "TRUE"
            transport = client._server("transport")
            assert leaks(f"{vars(client)!r} {vars(transport)!r} {vars(transport._latest_route)!r}") == []
        assert server.requests[0].headers["x-fresh"] == f"Bearer {FRESH}"
        printed = capsys.readouterr()
        assert leaks(printed.out + printed.err + caplog.text) == []

    @each_client
    def test_an_error_of_pickling_shows_none(self, kind, caplog, capsys):
        for arguments in ({"on_call": lambda record: None}, {"context": certificates().trusting()}):
            error = failure(pickle.dumps, kind(**GOOD, **arguments))
            assert_hidden(error, caplog=caplog, capsys=capsys)

    @each_client
    def test_an_error_of_unpickling_shows_none(self, kind, caplog, capsys):
        client = kind(**GOOD)
        client.url = type(client.url)(f"http://{USERINFO}@h.example/")  # what a newer version might refuse
        error = failure(pickle.loads, pickle.dumps(client))
        assert_hidden(error, caplog=caplog, capsys=capsys)


class TestWhatACallerRaises:
    def test_in_on_call(self, caplog, capsys):
        def fail(record):
            raise LookupError(repr(record))

        with ScriptedServer(ever_after=then(STEPS[True]["struct"])) as server:
            url = server.url.replace("//", f"//{USERINFO}@")
            for client, call in clients(url=url, on_call=fail, **OPTIONS):
                with pytest.raises(LookupError) as caught:
                    call("m", 5)
                unknown = (*PROXYS, *FRESHS)
                assert_hidden(caught.value, client, caplog=caplog, capsys=capsys, unknown=unknown)

    @pytest.mark.parametrize("when", ["before the head", "in the body"])
    def test_in_a_signal_handler(self, when, caplog, capsys):
        class StopError(Exception):
            pass

        def stop(number, frame):
            raise StopError

        def interrupt(peer):
            peer.read()
            if when == "in the body":
                peer.send(http(b"<methodResponse>", "Content-Length: 999", length=False))
            signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR1)
            peer.server.stopping.wait(2)

        gc.disable()  # an exception in a function that is called by the collector is not raised
        before = signal.signal(signal.SIGUSR1, stop)
        try:
            with ScriptedServer(ever_after=interrupt) as server:
                url = server.url.replace("//", f"//{USERINFO}@")
                # On asyncio, the exception can end in any callback of the loop; there calls are cancelled instead.
                for door in DOORS.keys() - ASYNC_DOORS.keys():
                    objects, call = DOORS[door](url)
                    with pytest.raises(StopError) as caught:
                        call()
                    foreign = THEIRS.get(door, ())
                    assert_hidden(caught.value, *objects, caplog=caplog, capsys=capsys, foreign=foreign)
                    objects[-1].close()
                server.stopping.set()
        finally:
            signal.signal(signal.SIGUSR1, before)
            gc.enable()

    @pytest.mark.parametrize("door", ASYNC_DOORS)
    @pytest.mark.parametrize("when", ["before the head", "in the body"])
    def test_in_a_cancellation(self, door, when, caplog, capsys):
        """A CancelledError passes through the whole call, and its traceback holds the variables of all of it."""

        def say(peer):
            peer.read()
            if when == "in the body":
                peer.send(http(b"<methodResponse>", "Content-Length: 999", length=False))
            loops[0].call_soon_threadsafe(tasks[0].cancel)
            peer.wait()

        async def cancelled():
            loops.append(asyncio.get_running_loop())
            tasks.append(asyncio.current_task())
            with pytest.raises(asyncio.CancelledError) as caught:
                await calls[0]()
            return caught.value

        loops, tasks, calls = [], [], []
        with ScriptedServer(ever_after=say) as server, pytest.MonkeyPatch.context() as patch:
            patch.setitem(globals(), "awaited", calls.append)
            objects, _ = DOORS[door](server.url.replace("//", f"//{USERINFO}@"))
            error = asyncio.run(cancelled())
        assert len(list(traceback.walk_tb(error.__traceback__))) > 8, "it has the frames of the call"
        assert_hidden(error, *objects, caplog=caplog, capsys=capsys)


def test_these_tests_would_notice():
    secrets = [MD5.upper(), "x"]
    with pytest.raises(ZeroDivisionError) as caught:
        len(secrets) / 0
    trace = traceback.TracebackException(type(caught.value), caught.value, caught.tb, capture_locals=True)
    assert leaks("".join(trace.format()))[0][0] == "md5"
    assert leaks(f"x{PASSWORD}x") == [("password", f"x{PASSWORD}x")]
