"""`Client`: credentials in front, one Result out, and safe in every hand it may come into."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import functools
import logging
import os
import pickle
import subprocess
import sys
import textwrap
import threading
import time
import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from mailkit_xmlrpc import (
    AsyncClient,
    CallRecord,
    Client,
    ConfigError,
    EncodeError,
    FaultError,
    HTTPStatusError,
    InDoubtError,
    Limits,
    MailkitError,
    Outcome,
    ResponseError,
    Retry,
    calls,
)

from . import servers
from .api.wire import b64
from .blocking import both, each_client
from .outcomes import exactly
from .servers import (
    CLIENT_ID,
    MD5,
    SOON,
    ScriptedServer,
    added,
    answer,
    certificates,
    client_of,
    document,
    drop,
    failure,
    hang,
    http,
    new_client,
    serving,
    unused_port,
)
from .shown import shown
from .vectors import answers


def trigger(client, **options):
    return client.journeys.trigger("jane@example.com", "order_paid", **options)


def remember(record):
    """An on_call that pickles."""


class TestArguments:
    @pytest.mark.parametrize(
        "options",
        [
            {"timeout": 0},
            {"timeout": "30"},
            {"connect_timeout": -1},
            {"connect_timeout": True},
            {"pool_size": 0},
            {"retry": 5},
            {"proxy": 5},
            {"proxy": "socks5://h"},
            {"context": "tls"},
            {"limits": None},
            {"limits": 5},
            {"headers": None},
            {"headers": 5},
            {"headers": {"X-A": "b"}},
            {"headers": [("X-A", "b\r\nX-C: d")]},
            {"headers": [("Content-Length", "5")]},
            {"on_call": "print"},
            {"convert": "str"},
            {"convert": 5},
        ],
        ids=str,
    )
    @each_client
    def test_that_cannot_work_are_a_configerror_at_construction(self, options, kind):
        with pytest.raises(ConfigError):
            kind(1, MD5, **options)

    @both
    @pytest.mark.parametrize("timeout", [0, -1, "1", float("nan")])
    def test_of_a_call_too(self, timeout):
        with serving() as (server, client):
            assert type(failure(trigger, client, timeout=timeout)) is ConfigError
            assert type(failure(client.call, "x", timeout=timeout)) is ConfigError
            assert server.connections == 0

    @each_client
    def test_after_the_credentials_are_by_name(self, kind):
        with pytest.raises(TypeError):
            kind(1, MD5, "https://api.mailkit.eu/rpc.fcgi")


def from_env(*args, **options):
    """A client of the kind that `new_client` makes."""
    return servers.client_type.from_env(*args, **options)


class TestFromEnv:
    @pytest.fixture(autouse=True)
    def _empty(self, monkeypatch):
        for name in ("CLIENT_ID", "CLIENT_MD5", "URL", "TIMEOUT"):
            monkeypatch.delenv(f"MAILKIT_{name}", raising=False)

    @pytest.fixture
    def env(self, monkeypatch):
        def fill(**values):
            for name, value in values.items():
                monkeypatch.setenv(f"MAILKIT_{name}", value)

        return fill

    @both
    def test_reads_the_four_variables(self, env):
        with ScriptedServer(hang) as server:
            env(CLIENT_ID="77", CLIENT_MD5=MD5, URL=server.url, TIMEOUT="0.2")
            with from_env() as client:
                started = time.monotonic()
                assert type(failure(trigger, client)) is InDoubtError
                assert time.monotonic() - started < SOON
        assert server.requests[0].call[1][:2] == (77, MD5)

    @each_client
    def test_has_the_usual_defaults(self, env, kind):
        env(CLIENT_ID="77", CLIENT_MD5=MD5)
        assert kind.from_env().url == "https://api.mailkit.eu/rpc.fcgi"

    @both
    def test_an_argument_beats_the_environment(self, env):
        env(CLIENT_ID="77", CLIENT_MD5="0" * 32, URL="https://h.example/", TIMEOUT="99")
        options = {"timeout": 0.2, "retry": None, "pool_size": 2}
        with ScriptedServer(hang) as server, from_env(CLIENT_ID, MD5, url=server.url, **options) as client:
            assert type(failure(trigger, client)) is InDoubtError
        assert server.requests[0].call[1][:2] == (CLIENT_ID, MD5)

    @each_client
    @pytest.mark.parametrize("missing", ["CLIENT_ID", "CLIENT_MD5"])
    @pytest.mark.parametrize("how", ["unset", "empty"])
    def test_a_missing_variable_is_named(self, env, missing, how, kind):
        env(**{name: value for name, value in {"CLIENT_ID": "7", "CLIENT_MD5": MD5}.items() if name != missing})
        if how == "empty":
            env(**{missing: ""})
        with pytest.raises(ConfigError, match=f"MAILKIT_{missing}"):
            kind.from_env()

    @pytest.mark.parametrize("text", ["soon", "0", "-1", "nan", "inf", "1e999", "5s", " "])
    @each_client
    def test_a_timeout_that_does_not_read_is_a_configerror(self, env, text, kind):
        env(CLIENT_ID="77", CLIENT_MD5=MD5, TIMEOUT=text)
        with pytest.raises(ConfigError, match=r"(?i)timeout"):
            kind.from_env()

    @each_client
    def test_credentials_that_do_not_read_are_a_configerror(self, env, kind):
        env(CLIENT_ID="77", CLIENT_MD5=MD5[:-1])
        with pytest.raises(ConfigError, match="client_md5") as caught:
            kind.from_env()
        assert MD5[:8] not in shown(caught.value)

    @each_client
    def test_works_in_a_subclass(self, env, kind):
        class Mine(kind):
            pass

        env(CLIENT_ID="77", CLIENT_MD5=MD5)
        assert type(Mine.from_env()) is Mine


@both
class TestCall:
    def test_has_the_credentials_in_front(self):
        with serving(added(), answer([])) as (server, client):
            trigger(client)
            client.call("mailkit.mailinglist.list", "x", 5)
            first, second = (request.call for request in server.requests)
        assert first == (
            "mailkit.journeys.trigger",
            (CLIENT_ID, MD5, {"email": "jane@example.com", "event_tag": "order_paid"}),
        )
        assert second == ("mailkit.mailinglist.list", (CLIENT_ID, MD5, "x", 5))

    def test_reaches_any_method(self):
        with serving(answer([{"a": 1}])) as (server, client):
            result = client.call("mailkit.mailinglist.list")
            assert server.requests[0].call == ("mailkit.mailinglist.list", (CLIENT_ID, MD5))
        assert result.ok
        assert (result.method, result.value, result.raw) == ("mailkit.mailinglist.list", [{"a": 1}], [{"a": 1}])

    def test_takes_a_bare_string_for_a_refusal_unless_it_is_a_listed_success(self):
        with serving(ever_after=answer("OK")) as (_, client):
            assert client.call("m").error == "OK"
            assert client.call("m", success=["TRUE", "OK"]).ok
            assert client.call("m", success=(text for text in ["OK"])).ok

    @pytest.mark.parametrize("method", ["", "a b", "ž", "<a>", "a\n", None, 5, b"m"], ids=ascii)
    def test_a_method_name_that_cannot_be_is_refused_before_sending(self, method):
        with serving() as (server, client):
            assert type(failure(client.call, method)) is EncodeError
            assert server.connections == 0

    def test_tells_how_long_it_took_and_how_often_it_tried(self):
        def later(peer):
            peer.read()
            peer.server.stopping.wait(0.1)
            peer.send(answer(5))

        with serving(later) as (_, client):
            result = client.call("m")
        assert 0.1 <= result.elapsed < SOON
        assert result.attempts == 1

    def test_takes_more_different_methods_than_anybody_has(self):
        methods = [f"method.number{number}" for number in range(150)]
        with serving(ever_after=answer(1)) as (server, client):
            for method in [*methods, *methods]:
                assert client.call(method, method).method == method
            assert [request.call for request in server.requests[150:]] == [
                (method, (CLIENT_ID, MD5, method)) for method in methods
            ]

    def test_names_the_path_of_a_value_that_cannot_be_sent(self):
        with serving() as (server, client):
            error = failure(client.call, "m", {"a": [1, object()]})
            assert server.connections == 0
        assert error.path == "params[2].a[1]"
        assert (error.method, error.attempts, error.outcome) == ("m", 0, Outcome.NOT_SENT)

    def test_an_error_carries_method_and_attempts(self):
        for step, cls in (
            (drop, InDoubtError),
            (http(b"<"), ResponseError),
            (http(b"", status="404 x"), HTTPStatusError),
        ):
            with serving(step) as (_, client):
                error = failure(client.call, "some.method")
            assert type(error) is cls
            assert (error.method, error.attempts) == ("some.method", 1)
            assert str(error).startswith("some.method: ")


@both
class TestSend:
    def test_makes_the_call_that_a_method_would(self):
        with serving(added(), added()) as (server, client):
            call = calls.journeys.trigger("jane@example.com", "order_paid", {"order": "A-17"})
            sent = client.send(call)
            made = client.journeys.trigger("jane@example.com", "order_paid", {"order": "A-17"})
        assert sent == made
        assert server.requests[0].body == server.requests[1].body

    def test_a_call_can_be_sent_again_by_another_client(self):
        call = calls.email.move(7, 5)
        with serving(answer(0)) as (_, client), serving(answer(1)) as (_, other):
            assert not client.send(call).ok
            assert other.send(pickle.loads(pickle.dumps(call))).ok

    def test_has_a_timeout_of_its_own(self):
        with serving(hang) as (_, client):
            started = time.monotonic()
            failure(client.send, calls.email.move(7, 5), timeout=0.1)
            assert time.monotonic() - started < SOON

    @pytest.mark.parametrize(
        "other",
        ["mailkit.email.move", None, ("mailkit.email.move", (7, 5)), lambda: None],
        ids=lambda each: str(type(each)),
    )
    def test_takes_nothing_but_a_call(self, other):
        with serving() as (server, client):
            error = failure(client.send, other)
            assert (type(error), server.connections) == (ConfigError, 0)
        assert "calls.<group>.<method>" in str(error)


def plain(value):
    """A convert as a shop would write it, which pickles."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(timezone(timedelta(hours=1))).replace(tzinfo=None)
    raise TypeError(f"no rule for {type(value).__name__}")


TOTAL = Decimal("9.90")
NOON = datetime(2026, 1, 2, 12, tzinfo=timezone.utc)
ORDER = {"total": TOTAL, "items": [{"price": TOTAL, "at": NOON}], "name": "Žofie"}
PLAIN_ORDER = {"total": "9.90", "items": [{"price": "9.90", "at": datetime(2026, 1, 2, 13)}], "name": "Žofie"}
TRIGGERED = calls.journeys.trigger("jane@example.com", "order_paid", ORDER)

# A call through each door, and the parameters after the credentials.
DOORS = {
    "typed method": (
        lambda c: c.journeys.trigger("jane@example.com", "order_paid", ORDER),
        [{"email": "jane@example.com", "event_tag": "order_paid", "event_data": PLAIN_ORDER}],
    ),
    "call": (lambda c: c.call("mailkit.any", 5, ORDER), [5, PLAIN_ORDER]),
    "send": (
        lambda c: c.send(TRIGGERED),
        [{"email": "jane@example.com", "event_tag": "order_paid", "event_data": PLAIN_ORDER}],
    ),
    "send of a stored call": (
        lambda c: c.send(pickle.loads(pickle.dumps(calls.mailinglist.create("vip", description=TOTAL)))),
        ["vip", "9.90"],
    ),
    "Base64": (
        lambda c: c.sendmail(5, 3, send_to="a@b.cz", content={"total": TOTAL, "items": [TOTAL, "x"]}),
        [5, 3, {"send_to": "a@b.cz", "content": {"total": b64("9.90"), "items": [b64("9.90"), b64("x")]}}],
    ),
    "Base64 of a stored call": (
        lambda c: c.send(pickle.loads(pickle.dumps(calls.mailinglist.edituser(5, 7, custom={1: TOTAL})))),
        [5, 7, "", {}, {}, {"custom1": b64("9.90")}],
    ),
    "custom field": (
        lambda c: c.mailinglist.import_(5, [{"email": "a@b.cz", "custom": {1: TOTAL}}]),
        [5, [{"email": "a@b.cz", "custom1": "9.90"}]],
    ),
}
through_every_door = pytest.mark.parametrize(("call", "params"), DOORS.values(), ids=DOORS)


@both
class TestConvert:
    @through_every_door
    def test_is_asked_for_what_xml_rpc_has_no_type_for_through_every_door(self, call, params):
        with serving(answer("OK"), convert=plain) as (server, client):
            call(client)
        assert list(server.requests[0].call[1]) == [CLIENT_ID, MD5, *params]

    @through_every_door
    def test_without_it_the_value_is_refused_with_its_path_and_the_way_out(self, call, params):
        with serving() as (server, client):
            error = failure(call, client)
            assert server.connections == 0
        assert type(error) is EncodeError
        assert error.path.startswith("params[")
        assert "pass convert= to turn it into" in error.message
        assert (error.attempts, error.outcome) == (0, Outcome.NOT_SENT)

    def test_the_path_of_a_refusal_leads_to_the_value(self):
        with serving() as (_, client):
            error = failure(client.send, TRIGGERED)
            assert str(error).startswith("params[2].event_data.total: XML-RPC has no type for decimal.Decimal; pass")
            error = failure(client.sendmail, 5, 3, send_to="a@b.cz", content={"a": [TOTAL]})
            assert str(error).startswith("params[4].content.a[0]: must be a str or bytes, got Decimal; pass convert=")

    def test_what_it_raises_gets_the_path(self):
        with serving(convert=plain) as (server, client):
            error = failure(client.journeys.trigger, "jane@example.com", "order_paid", {"tags": {"a"}})
            assert str(error) == "params[2].event_data.tags: convert raised TypeError: no rule for set"
            assert type(error.__cause__) is TypeError
            error = failure(client.sendmail, 5, 3, send_to="a@b.cz", content={"tags": {"a"}})
            assert str(error) == "params[4].content.tags: convert raised TypeError: no rule for set"
            assert server.connections == 0

    def test_another_error_of_it_passes_through_and_shows_no_md5(self):
        with serving(convert=lambda value: value.total) as (server, client):
            with pytest.raises(AttributeError) as caught:
                client.send(TRIGGERED)
            assert MD5 not in shown(caught.value)
            assert server.connections == 0

    def test_gives_text_where_mailkit_wants_base64(self):
        with serving(convert=lambda value: 1.5) as (_, client):
            error = failure(client.sendmail, 5, 3, send_to="a@b.cz", content={"total": TOTAL})
        assert str(error) == "params[4].content.total: must be a str or bytes, got float"

    def test_does_not_see_the_credentials(self):
        seen = []
        with serving(answer("OK"), convert=lambda value: seen.append(value) or "x") as (_, client):
            client.call("mailkit.any", TOTAL, 5, "text", b"bytes", 1.5)
        assert seen == [TOTAL]

    def test_is_asked_once_a_call_and_not_once_an_attempt(self):
        seen = []
        with serving(
            http(b"", status="429 x"),
            added(),
            retry=Retry(base=0, resend_throttled=True),
            convert=lambda value: seen.append(value) or "x",
        ) as (server, client):
            assert client.journeys.trigger("jane@example.com", "order_paid", {"total": TOTAL}).ok
            assert (len(server.requests), seen) == (2, [TOTAL])

    def test_a_call_keeps_the_value_that_was_given(self):
        assert TRIGGERED.params[0]["event_data"] == ORDER
        with serving(answer("OK"), convert=plain) as (_, client):
            client.send(TRIGGERED)
        assert TRIGGERED.params[0]["event_data"] == ORDER

    def test_a_call_without_such_a_value_is_sent_to_the_byte_as_without_it(self):
        with serving(added(), added()) as (server, client), client_of(server, convert=plain) as other:
            assert trigger(client).ok
            assert trigger(other).ok
        assert server.requests[0].body == server.requests[1].body


class TestHeaders:
    SECRETS = [("X-Api-Key", "key-17-hunter22"), ("Authorization", "Bearer token-hunter22")]

    @both
    def test_are_sent_with_every_call(self):
        headers = [("X-Tenant", "shop"), *self.SECRETS]
        with serving(added(), added(), headers=headers) as (server, client), copy.copy(client) as twin:
            trigger(client)
            trigger(twin)
        for request in server.requests:
            assert request.headers["x-tenant"] == "shop"
            assert request.headers["x-api-key"] == "key-17-hunter22"

    @both
    @pytest.mark.parametrize("secret", ["key-17-hunter22", "token-hunter22", "Bearer token-hunter22"])
    def test_are_masked_where_they_hold_a_secret(self, secret):
        for step in (answer(f"Invalid {secret}"), http(b"", status=f"500 {secret}"), http(secret.encode())):
            with serving(step, headers=self.SECRETS) as (_, client):
                try:
                    seen = repr(trigger(client))
                except MailkitError as error:
                    seen = shown(error)
            assert "***" in seen
            assert "hunter22" not in seen

    @each_client
    def test_are_not_in_the_representation(self, kind):
        client = kind(1, MD5, headers=self.SECRETS)
        assert "hunter22" not in f"{client!r} {client.options!r}"


@both
class TestErrorsOfTheStandardLibraryStillCatch:
    @pytest.mark.parametrize(
        ("step", "lower"),
        [
            (http(xmlrpc.client.dumps(xmlrpc.client.Fault(4, "x")).encode()), xmlrpc.client.Fault),
            (http(b"", status="500 x"), xmlrpc.client.ProtocolError),
            (http(b"<methodResponse/>"), xmlrpc.client.ResponseError),
            (drop, OSError),
        ],
        ids=["Fault", "ProtocolError", "ResponseError", "OSError"],
    )
    def test_what_a_server_does(self, step, lower):
        with serving(step) as (_, client), pytest.raises(lower):
            client.call("m")

    @pytest.mark.parametrize("lower", [OSError, ConnectionError])
    def test_a_refused_port(self, lower):
        with serving(url=f"http://127.0.0.1:{unused_port()}") as (_, client), pytest.raises(lower):
            client.call("m")

    def test_a_bad_value_and_a_bad_configuration(self):
        with serving() as (_, client), pytest.raises(ValueError, match="None"):
            client.call("m", None)
        with pytest.raises(ValueError, match="client_md5"):
            new_client(1, "x")


class TestEveryVectorAsAnAnswer:
    @pytest.mark.parametrize("case", answers())
    def test_through_a_whole_client(self, case):
        charset = case.options.get("charset")
        headers = ["Content-Type: text/xml" + (f"; charset={charset}" if charset else "")]
        with serving(http(case.document, *headers), added()) as (server, client):
            try:
                result = client.call("m")
            except FaultError as fault:
                assert case.expected.fault is not None
                assert exactly(fault.faultCode) == exactly(case.expected.fault.faultCode)  # noqa: PT017
                assert fault.faultString == case.expected.fault.faultString  # noqa: PT017
            except ResponseError as error:
                assert type(error) is case.expected.refusal  # noqa: PT017
                assert error.outcome is Outcome.UNKNOWN  # noqa: PT017
            else:
                assert case.expected.refusal is None
                assert case.expected.fault is None
                assert exactly(result.raw) == exactly(case.expected.value)
            assert trigger(client).ok, "the next call is not disturbed"
            assert len(server.requests) == 2


@both
class TestThreads:
    @staticmethod
    def echo(peer):
        request = peer.read()
        if request:
            peer.send(answer(request.call[1][2]))

    @pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
    @pytest.mark.parametrize("pool_size", [2, 8, 16])
    def test_16_threads_share_a_client_and_get_their_own_answers(self, pool_size, tls):
        """Promise 3."""

        def work(thread):
            # On a loop, calls change places only where they wait.
            for number in range(200 if isinstance(client, Client) and not tls else 25):
                mine = [thread, number, "x" * number]
                assert client.call("test.echo", mine).value == mine
            return True

        with serving(ever_after=self.echo, pool_size=pool_size, tls=tls, timeout=60) as (server, client):
            with ThreadPoolExecutor(16) as executor:
                assert all(executor.map(work, range(16)))
            assert server.connections <= pool_size

    def test_some_of_them_may_fail(self):
        def moody(peer):
            request = peer.read()
            if request is None:
                return
            value = request.call[1][2]
            if value % 7 == 0:
                peer.close()
            elif value % 5 == 0:
                peer.send(http(b"rubbish"))
            else:
                peer.send(answer(value))

        def work(start):
            for value in range(start, start + 50):
                try:
                    assert client.call("test.echo", value).value == value
                except MailkitError:
                    assert value % 7 == 0 or value % 5 == 0
                else:
                    assert value % 7
                    assert value % 5
            return True

        with serving(ever_after=moody, pool_size=3, timeout=60) as (_, client), ThreadPoolExecutor(8) as executor:
            assert all(executor.map(work, range(8)))

    def test_closing_in_between_breaks_no_call(self):
        done = threading.Event()

        def close_again_and_again():
            while not done.is_set():
                client.close()

        with serving(ever_after=self.echo, timeout=60) as (_, client):
            closer = threading.Thread(target=close_again_and_again)
            closer.start()
            try:
                with ThreadPoolExecutor(4) as executor:
                    calls = [executor.submit(client.call, "test.echo", number) for number in range(200)]
                    assert [call.result().value for call in calls] == list(range(200))
            finally:
                done.set()
                closer.join()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
class TestFork:
    def test_children_and_parent_use_one_client(self):
        """In a process without other threads, as servers fork before they start any."""
        with ScriptedServer(ever_after=added()) as server:
            program = f"""
                import os, sys
                sys.path[:0] = {sys.path!r}
                from mailkit_xmlrpc import Client
                client = Client({CLIENT_ID}, {MD5!r}, url={server.url!r}, retry=None, timeout=10)
                assert client.journeys.trigger("parent", "before").ok
                children = []
                for number in range(3):
                    child = os.fork()
                    if child == 0:
                        ok = all(client.journeys.trigger("child", str(number)).ok for _ in range(5))
                        os._exit(0 if ok else 3)
                    children.append(child)
                assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
                assert client.journeys.trigger("parent", "after").ok
            """
            subprocess.run([sys.executable, "-W", "error", "-c", textwrap.dedent(program)], check=True, timeout=30)
            parents = {r.connection for r in server.requests if r.call[1][2]["email"] == "parent"}
            children = {r.connection for r in server.requests if r.call[1][2]["email"] == "child"}
        assert len(server.requests) == 2 + 15
        assert parents == {1}, "the parent's connection went on"
        assert len(children) == 3
        assert not parents & children


class MyClient(Client):
    """At module level, so that it pickles."""


class MyAsyncClient(AsyncClient):
    """The same."""


class Early:
    def __init__(self, shop):
        self.shop = shop
        super().__init__(17, MD5)


class EarlyClient(Early, Client):
    """A client that sets an attribute before it is made."""


class AsyncEarlyClient(Early, AsyncClient):
    """The same."""


class Shop:
    def __init__(self, shop):
        super().__init__(17, MD5)
        self.shop = shop


class ShopClient(Shop, Client):
    """A client that sets an attribute after it is made."""


class AsyncShopClient(Shop, AsyncClient):
    """The same."""


class TestPickle:
    @both
    def test_a_client_travels_with_its_configuration(self):
        with serving(added(), added()) as (server, _):
            original = new_client(
                CLIENT_ID,
                MD5,
                url=server.url,
                timeout=5,
                connect_timeout=3,
                pool_size=2,
                retry=Retry(attempts=5),
                proxy="",
                limits=Limits(depth=7),
                on_call=remember,
                convert=plain,
            )
            assert trigger(original).ok
            twin = pickle.loads(pickle.dumps(original))
            with original, twin:
                assert twin.send(TRIGGERED).ok
                assert (twin.client_id, twin.url) == (original.client_id, original.url)
                assert server.connections == 2, "no socket travels"
            assert pickle.dumps(twin) == pickle.dumps(original)

    @each_client
    @pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
    def test_in_every_protocol(self, protocol, kind):
        twin = pickle.loads(pickle.dumps(kind("5", MD5), protocol))
        assert (type(twin), twin.client_id) == (kind, 5)

    @both
    def test_copies_are_clients_of_their_own(self):
        with serving(ever_after=added()) as (server, client):
            for twin in (copy.copy(client), copy.deepcopy(client)):
                with twin:
                    assert trigger(twin).ok
            assert server.connections == 2

    @pytest.mark.parametrize("mine", [MyClient, MyAsyncClient])
    def test_a_subclass_stays_one(self, mine):
        assert type(pickle.loads(pickle.dumps(mine(1, MD5)))) is mine

    @pytest.mark.parametrize("mine", [ShopClient, AsyncShopClient])
    def test_a_subclass_keeps_its_attributes_and_its_own_arguments(self, mine):
        original = mine("books")
        twin = pickle.loads(pickle.dumps(original))
        assert (type(twin), twin.shop, twin.client_id) == (mine, "books", 17)
        assert pickle.loads(pickle.dumps(twin)).shop == "books"

    @pytest.mark.parametrize("twin_of", [copy.copy, copy.deepcopy, lambda client: pickle.loads(pickle.dumps(client))])
    @pytest.mark.parametrize("mine", [EarlyClient, AsyncEarlyClient])
    def test_a_subclass_keeps_what_it_sets_before_the_client_is_made(self, mine, twin_of):
        twin = twin_of(twin_of(mine("books")))
        assert (twin.shop, twin.client_id) == ("books", 17)
        twin.__init__("shoes")
        assert (twin_of(twin).shop, vars(twin_of(twin)).keys()) == ("shoes", vars(twin).keys())

    @each_client
    def test_a_context_of_ones_own_is_a_clear_error(self, kind):
        client = kind(1, MD5, context=certificates().trusting())
        with pytest.raises(ConfigError, match="context"):
            pickle.dumps(client)

    @pytest.mark.parametrize(
        "on_call",
        [lambda record: None, threading.Lock().acquire, functools.partial(remember, threading.Lock())],
        ids=["lambda", "bound to a lock", "partial of a lock"],
    )
    @each_client
    def test_an_on_call_that_does_not_pickle_is_a_clear_error(self, on_call, kind):
        client = kind(1, MD5, on_call=on_call)
        with pytest.raises(ConfigError, match="on_call"):
            pickle.dumps(client)

    @each_client
    def test_a_convert_that_does_not_pickle_is_one_too(self, kind):
        with pytest.raises(ConfigError, match=r"^convert cannot be pickled"):
            pickle.dumps(kind(1, MD5, convert=lambda value: str(value)))

    def test_to_another_process(self):
        with ScriptedServer(added()) as server, client_of(server) as client:
            program = "import pickle, sys; c = pickle.load(sys.stdin.buffer); print(c.journeys.trigger('a', 'b').ok)"
            run = [sys.executable, "-W", "error", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {program}"]
            ended = subprocess.run(run, input=pickle.dumps(client), stdout=subprocess.PIPE, check=True, timeout=30)
        assert ended.stdout.strip() == b"True"


# Programs that make a call.
MAIN = f"""
    import sys
    sys.path[:0] = {{path!r}}
    from mailkit_xmlrpc import Client, NotSentError

    with Client({CLIENT_ID}, {MD5!r}, url={{url!r}}, retry=None, proxy="") as client:
        try:
            client.journeys.trigger("a", "b")
        except NotSentError:
            pass
"""
ASYNC_MAIN = f"""
    import asyncio, sys
    sys.path[:0] = {{path!r}}
    from mailkit_xmlrpc import AsyncClient, NotSentError

    async def main():
        async with AsyncClient({CLIENT_ID}, {MD5!r}, url={{url!r}}, retry=None, proxy="") as client:
            try:
                await client.journeys.trigger("a", "b")
            except NotSentError:
                pass

    asyncio.run(main())
"""


class TestLogging:
    @pytest.mark.parametrize(
        ("step", "outcome", "attempts"),
        [
            (added(), "DONE", 1),
            (answer("Missing email"), "REFUSED", 1),
            (http(b"", status="404 x"), "REFUSED", 1),
            (drop, "UNKNOWN", 1),
            (http(b"<"), "UNKNOWN", 1),
        ],
    )
    @both
    def test_one_info_line_a_call(self, caplog, step, outcome, attempts):
        caplog.set_level(logging.INFO, "mailkit_xmlrpc")
        with serving(step) as (_, client), contextlib.suppress(MailkitError):
            trigger(client)
        (line,) = caplog.records
        assert line.levelname == "INFO"
        assert line.name == "mailkit_xmlrpc"
        words = line.getMessage().split()
        assert words[:2] == ["mailkit.journeys.trigger", outcome]
        assert line.getMessage().endswith(f"ms, attempt {attempts}")

    @both
    def test_a_call_that_was_never_sent_has_sent_nothing(self, caplog):
        caplog.set_level(logging.DEBUG, "mailkit_xmlrpc")
        retry = Retry(attempts=2, base=0)
        with new_client(1, MD5, url="https://nothing.invalid/", retry=retry) as client:
            assert failure(trigger, client).outcome is Outcome.NOT_SENT
        assert [record.getMessage().rpartition(" NOT_SENT, ")[2][:16] for record in caplog.records[:2]] == [
            "cannot resolve '"
        ] * 2
        assert "attempt 2" in caplog.records[2].getMessage()
        assert caplog.records[3].getMessage() == "mailkit.journeys.trigger sent 0 bytes, received 0 bytes"

    @both
    def test_debug_adds_sizes(self, caplog):
        caplog.set_level(logging.DEBUG, "mailkit_xmlrpc")
        body = document({"error_status": 0})
        with serving(http(body)) as (server, client):
            trigger(client)
            sent = len(server.requests[0].body)
        text = caplog.text
        assert f"sent {sent} bytes" in text
        assert f"received {len(body)} bytes" in text

    @both
    def test_a_call_that_cannot_be_encoded_is_logged_too(self, caplog):
        caplog.set_level(logging.INFO, "mailkit_xmlrpc")
        with serving() as (_, client):
            failure(client.call, "m", object())
        (line,) = caplog.records
        assert line.getMessage().startswith("m NOT_SENT in ")

    @pytest.mark.parametrize("main", [MAIN, ASYNC_MAIN], ids=["threads", "asyncio"])
    def test_says_nothing_unless_asked(self, main):
        assert logging.getLogger("mailkit_xmlrpc").level == logging.NOTSET
        program = main.format(path=sys.path, url=f"http://127.0.0.1:{unused_port()}")
        run = [sys.executable, "-W", "error", "-c", textwrap.dedent(program)]
        ended = subprocess.run(run, capture_output=True, check=True, timeout=30)
        assert (ended.stdout, ended.stderr) == (b"", b"")


class TestOnCall:
    @both
    def test_is_told_every_call_that_ended(self):
        records = []
        body = document({"error_status": 0})
        steps = [http(body), answer("Missing email"), drop, http(b"page", status="502 x")]
        with serving(*steps, on_call=records.append) as (server, client):
            for _ in steps:
                with contextlib.suppress(MailkitError):
                    trigger(client)
            sizes = [len(request.body) for request in server.requests]
        assert [record.outcome for record in records] == [
            Outcome.DONE,
            Outcome.REFUSED,
            Outcome.UNKNOWN,
            Outcome.UNKNOWN,
        ]
        assert {record.method for record in records} == {"mailkit.journeys.trigger"}
        assert [record.sent for record in records] == sizes
        assert [record.received for record in records] == [len(body), len(document("Missing email")), 0, 4]
        assert all(0 < record.elapsed < 5 for record in records)
        assert [record.attempts for record in records] == [1] * 4

    @both
    def test_counts_attempts_and_the_bytes_of_the_last_one(self):
        records = []
        steps = [http(b"x" * 500), drop]
        with serving(*steps, on_call=records.append, retry=Retry(2, base=0, resend_unknown=True)) as (_, client):
            failure(trigger, client)
        assert [(record.attempts, record.received) for record in records] == [(2, 0)]

    @both
    def test_is_told_of_what_never_left(self):
        records = []
        with serving(url=f"http://127.0.0.1:{unused_port()}", on_call=records.append) as (_, client):
            failure(trigger, client)
            failure(client.call, "m", object())
        assert [(record.outcome, record.attempts) for record in records] == [
            (Outcome.NOT_SENT, 1),
            (Outcome.NOT_SENT, 0),
        ]
        assert [record.received for record in records] == [0, 0]

    def test_gets_a_frozen_record_that_travels(self):
        record = CallRecord("m", Outcome.DONE, 0.1, 1, 10, 20)
        with pytest.raises(dataclasses.FrozenInstanceError):
            record.method = "x"
        assert pickle.loads(pickle.dumps(record)) == record

    def test_is_called_in_the_thread_of_the_call(self):
        threads = []
        with serving(added(), on_call=lambda record: threads.append(threading.get_ident())) as (_, client):
            there = threading.Thread(target=trigger, args=[client])
            there.start()
            there.join()
        assert threads == [there.ident]

    def test_may_call_again(self):
        with serving(ever_after=added(), pool_size=1, on_call=lambda record: again(record)) as (server, client):

            def again(record):
                if record.method != "m":
                    client.call("m")

            assert trigger(client).ok
            assert len(server.requests) == 2

    @both
    def test_what_it_raises_reaches_the_caller_and_the_client_goes_on(self):
        def fail(record):
            raise LookupError("no metrics")

        with serving(ever_after=added(), on_call=fail, pool_size=1) as (server, client):
            for _ in range(3):
                with pytest.raises(LookupError, match="no metrics"):
                    trigger(client)
            assert len(server.requests) == 3


class TestLife:
    @both
    def test_is_a_context_manager_that_closes(self):
        with ScriptedServer(ever_after=added()) as server:
            client = client_of(server)
            with client as entered:
                assert entered is client
                assert trigger(client).ok
            client.close()
            with client:
                assert trigger(client).ok, "and may be used again"
            client.close()

    @pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
    @pytest.mark.parametrize("main", [MAIN, ASYNC_MAIN], ids=["threads", "asyncio"])
    def test_leaves_no_socket_behind(self, main, tls, tmp_path, monkeypatch):
        certificates().authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        with ScriptedServer(ever_after=added(), tls=certificates().good() if tls else None) as server:
            program = main.format(path=sys.path, url=server.url)
            run = [sys.executable, "-X", "dev", "-W", "error", "-c", textwrap.dedent(program)]
            ended = subprocess.run(run, capture_output=True, check=True, timeout=30)
            assert len(server.requests) == 1
        assert ended.stderr == b""

    @each_client
    def test_shows_the_account_and_the_place_and_no_secret(self, kind):
        client = kind(CLIENT_ID, MD5, url="https://joe:hunter22@api.example.com:8443/rpc?x=1")
        assert repr(client) == f"<{kind.__name__} 12345678 at https://api.example.com:8443/rpc?x=1>"

    @pytest.mark.parametrize("url", ["https://h.example/a@b", "https://h.example/?mail=a@b"])
    @each_client
    def test_shows_the_place_also_when_the_path_has_an_at_sign(self, url, kind):
        assert "h.example" in repr(kind(1, MD5, url=url))

    @both
    def test_opens_nothing_before_the_first_call(self):
        with serving() as (server, client):
            assert client.journeys is not None
            assert server.connections == 0


@both
def test_nothing_that_is_called_not_sent_was_seen_by_a_server():
    with serving(ever_after=added()) as (server, client):
        for call in (
            lambda: client.call("m", None),
            lambda: client.call("m", object()),
            lambda: client.call("m m"),
            lambda: client.call("m", timeout=-1),
            lambda: client.journeys.trigger(None, "x"),
            lambda: client.journeys.trigger("x", "y", {"\0": 1}),
        ):
            assert failure(call).outcome is Outcome.NOT_SENT
        assert server.connections == 0
