"""HTTP over real sockets: requests, refusals, connections, routes, addresses, and stopping."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import sys
import threading
import time
import warnings
import xmlrpc.client

import pytest

from mailkit_xmlrpc import ConfigError, InDoubtError, NotSentError
from mailkit_xmlrpc.sandbox import Bounds, Sandbox
from mailkit_xmlrpc.sandbox.address import Address
from mailkit_xmlrpc.sandbox.faults import plain
from mailkit_xmlrpc.sandbox.http import Server

from ..servers import SOON
from .wire import answers_on, body_of, connection, post, say, statuses, trigger_body


@pytest.fixture(autouse=True)
def _threads_of_others(monkeypatch):
    """The run's own sandbox, which the plugin's fixture starts, may be alive already."""
    monkeypatch.setattr(sys.modules[__name__], "OTHERS", set(threading.enumerate()))


OTHERS = set()


def threads():
    running = set(threading.enumerate()) - OTHERS
    return [thread for thread in running if thread.name.startswith("mailkit-sandbox")]


def call(sandbox, *headers, body=None, **options):
    return say(sandbox, post(trigger_body(sandbox) if body is None else body, *headers, **options))


# Requests

HOST = b"Host: x\r\n"

REFUSED = {
    "rubbish": (b"\x00\x01\x02\xff\xfe", 400),
    "tls": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    "words": (b"hello to you all\r\n\r\n", 400),
    "no version": (b"POST /rpc.fcgi\r\n\r\n", 400),
    "http 2": (b"PRI * HTTP/2.0\r\n\r\n", 505),
    # http.server reads a complete line before it checks it, so a long line is a head that is too large.
    "endless line": (b"GET /" + b"a" * 300_000, 431),
    "long header": (b"GET / HTTP/1.1\r\nHost: " + b"x" * 300_000 + b"\r\n\r\n", 431),
    "large headers": (b"GET / HTTP/1.1\r\n" + HOST + (b"A: " + b"x" * 4000 + b"\r\n") * 80, 431),
    "many headers": (b"GET / HTTP/1.1\r\n" + HOST + b"A: x\r\n" * 101 + b"\r\n", 431),
    "no length": (post(b"", length=False), 411),
    "chunked": (post(b"0\r\n\r\n", "Transfer-Encoding: chunked", length=False), 411),
    "both lengths": (post(b"", "Transfer-Encoding: chunked", "Content-Length: 5", length=False), 411),
    "negative length": (post(b"", "Content-Length: -1", length=False), 400),
    "signed length": (post(b"", "Content-Length: +1", length=False), 400),
    "no number": (post(b"", "Content-Length: 1e3", length=False), 400),
    "other digits": (post(b"", "Content-Length: \xb2", length=False), 400),
    "list of lengths": (post(b"", "Content-Length: 0, 0", length=False), 400),
    "two lengths": (post(b"", "Content-Length: 0", "Content-Length: 0", length=False), 400),
    "over 128 MiB": (post(b"", f"Content-Length: {(128 << 20) + 1}", length=False), 413),
    "astronomic length": (post(b"", f"Content-Length: {'9' * 5000}", length=False), 413),
    "gzip": (post(b"", "Content-Encoding: gzip"), 415),
}
STATUS = dict(REFUSED.values())


@pytest.mark.parametrize(("data", "status"), REFUSED.values(), ids=REFUSED)
def test_a_request_that_is_refused_gets_one_line_and_its_connection_is_closed(sandbox, data, status):
    answer = say(sandbox, data)
    assert statuses(answer) == [status]
    assert b"Connection: close\r\n" in answer
    assert b"Content-Type: text/plain; charset=utf-8\r\n" in answer
    assert body_of(answer).count(b"\n") == 1
    assert sandbox.calls == []


@pytest.mark.parametrize("data", STATUS, ids=REFUSED)
def test_byte_by_byte_it_is_refused_with_the_same_status(sandbox, data):
    with connection(sandbox) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            size = 1 if len(data) < 400 else 1000
            for at in range(0, len(data), size):
                sock.sendall(data[at : at + size])
        assert statuses(answers_on(sock)) == [STATUS[data]]


TEXTS = {
    b"chunked": post(b"0\r\n\r\n", "Transfer-Encoding: chunked", length=False),
    b"Content-Length": post(b"", length=False),
    b"https": b"\x16\x03\x01",
    b"packed": post(b"", "Content-Encoding: gzip"),
    b"134,217,728 bytes": post(b"", f"Content-Length: {1 << 40}", length=False),
    b"Bad request syntax": b"hello to you all HTTP/1.1\r\n\r\n",
}


@pytest.mark.parametrize(("words", "data"), TEXTS.items(), ids=map(str, TEXTS))
def test_a_refusal_says_what_is_wrong(sandbox, words, data):
    assert words.lower() in body_of(say(sandbox, data)).lower()


ACCEPTED = {
    "plain": (),
    "charset": ("Content-Type: text/xml; charset=utf-8",),
    "identity": ("Content-Encoding: identity",),
    "odd but legal": ("X-Empty:", "X-Tab:\tx\t", "X-Latin: \xe9"),
}


@pytest.mark.parametrize("form", ["Content-Length:%d", "content-length:  %d \t"])
def test_a_length_may_have_space_around_it(sandbox, form):
    body = trigger_body(sandbox)
    assert statuses(say(sandbox, post(body, form % len(body), length=False))) == [200]


@pytest.mark.parametrize("headers", ACCEPTED.values(), ids=ACCEPTED)
def test_a_call_is_read(sandbox, headers):
    assert statuses(call(sandbox, *headers)) == [200]
    assert [event.event_tag for event in sandbox.events] == ["order_paid"]


def test_a_client_that_waits_for_100_gets_it(sandbox):
    body = trigger_body(sandbox)
    with connection(sandbox) as sock:
        sock.sendall(post(b"", "Expect: 100-continue", f"Content-Length: {len(body)}", length=False))
        assert sock.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(body)
        assert statuses(answers_on(sock)) == [200]
    assert len(sandbox.events) == 1


def test_pipelined_calls_are_answered_in_order(sandbox):
    one = post(trigger_body(sandbox), closing=False)
    two = post(trigger_body(sandbox, {"email": "", "event_tag": "x"}))
    answers = say(sandbox, one + two)
    assert statuses(answers) == [200, 200]
    assert answers.index(b"Added into") < answers.index(b"Missing email")


@pytest.mark.parametrize("rubbish", [b"\x00" * 5000, b"GARBAGE\r\n\r\n", b"0\r\n\r\n"], ids=["zeros", "words", "chunk"])
def test_bytes_after_a_call_do_not_affect_it(sandbox, rubbish):
    answers = say(sandbox, post(trigger_body(sandbox), closing=False) + rubbish)
    assert statuses(answers) == [200, 400]
    assert len(sandbox.events) == 1


def test_a_smuggled_request_is_never_seen(sandbox):
    inner = post(trigger_body(sandbox, {"email": "evil@example.com", "event_tag": "x"}))
    for headers in (
        ("Transfer-Encoding: chunked", f"Content-Length: {len(inner)}"),
        (f"Content-Length: {len(inner)}", "Content-Length: 0"),
        ("Transfer-Encoding: xchunked", f"Content-Length: {len(inner)}"),
        ("Transfer-Encoding : chunked", f"Content-Length: {len(inner)}"),
    ):
        assert statuses(say(sandbox, post(b"0\r\n\r\n" + inner, *headers, length=False))) in ([400], [411])
    assert sandbox.calls == []


def test_http_1_0_is_answered_and_closed(sandbox):
    body = trigger_body(sandbox)
    answer = say(sandbox, b"POST /rpc.fcgi HTTP/1.0\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    assert statuses(answer) == [200]
    assert b"Connection: close" in answer


def test_a_length_that_is_too_short_affects_only_that_call(sandbox):
    body = trigger_body(sandbox)
    length = f"Content-Length: {len(body) - len('/methodCall>')}"
    answers = say(sandbox, post(body, length, length=False, closing=False))
    assert statuses(answers) == [200, 400]
    assert b"parse error" in answers
    assert sandbox.events == []


def test_a_client_that_closes_in_the_middle_gets_no_answer(sandbox):
    body = trigger_body(sandbox)
    for data in (b"POST", post(b"", f"Content-Length: {len(body)}", length=False), post(body)[:-1]):
        assert say(sandbox, data, ended=True) == b""
    assert sandbox.calls == []


def test_a_client_that_sends_no_more_gets_its_answer(sandbox):
    assert statuses(say(sandbox, post(trigger_body(sandbox), closing=False), ended=True)) == [200]


DRIPS = {"head": b"POST /rpc", "body": post(b"", "Content-Length: 100", length=False)}


@pytest.mark.parametrize("start", DRIPS.values(), ids=DRIPS)
def test_a_client_that_drips_is_cut_off(start, next_call_is_served):
    with Sandbox(bounds=Bounds(request_seconds=0.3)) as sandbox, connection(sandbox) as sock:
        sock.settimeout(0.05)
        sock.sendall(start)
        began, answer = time.monotonic(), b""
        while not answer and time.monotonic() - began < 5:
            sock.sendall(b" ")
            with contextlib.suppress(socket.timeout):
                answer = sock.recv(1000)
        assert statuses(answer) == [408]
        assert 0.2 < time.monotonic() - began < SOON
        next_call_is_served(sandbox)


def test_a_client_that_never_pauses_is_cut_off(next_call_is_served):
    """Its bytes are always available, so no single read takes any time."""
    with Sandbox(bounds=Bounds(request_seconds=0.3)) as sandbox, connection(sandbox) as sock:
        began = time.monotonic()
        sock.sendall(post(b"", f"Content-Length: {100 << 20}", length=False))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            while time.monotonic() - began < 1:
                sock.sendall(b"x")
        assert statuses(answers_on(sock)) == [408]
        next_call_is_served(sandbox)


def test_a_header_that_never_ends_is_cut_off_in_time(next_call_is_served):
    with Sandbox(bounds=Bounds(request_seconds=0.3)) as sandbox, connection(sandbox) as sock:
        began = time.monotonic()
        sock.sendall(b"POST /rpc.fcgi HTTP/1.1\r\nHost: ")
        assert statuses(answers_on(sock)) == [408]
        assert 0.2 < time.monotonic() - began < 5
        next_call_is_served(sandbox)


def test_a_refusal_reaches_a_client_that_sends_all_before_it_reads():
    with Sandbox(bounds=Bounds(body_bytes=1000)) as sandbox, connection(sandbox) as sock:
        sock.sendall(post(b"x" * (20 << 20)))
        answer = answers_on(sock)
        assert statuses(answer) == [413]
        assert b"1,000 bytes" in body_of(answer)


# Connections


def test_one_connection_serves_many_calls_fast(sandbox):
    request = post(trigger_body(sandbox), closing=False)
    with connection(sandbox) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        began = time.monotonic()
        for _ in range(100):
            sock.sendall(request)
            assert sock.recv(65536).endswith(b"</methodResponse>")
        # Nagle's algorithm would add 40 ms to each call whose answer has more than one packet.
        assert time.monotonic() - began < 2
        (served,) = sandbox._server._connections
        assert served.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    assert len(sandbox.events) == 100


def test_the_standard_library_keeps_its_connection(sandbox):
    with xmlrpc.client.ServerProxy(sandbox.url) as proxy:
        proxy.system.listMethods()
        sock = proxy("transport")._connection[1].sock
        proxy.system.listMethods()
        assert proxy("transport")._connection[1].sock is sock


def test_calls_from_many_threads_all_get_their_own_answer(sandbox):
    wrong = []

    def work(number):
        with sandbox.client() as mailkit:
            for count in range(25):
                tag = f"{number}-{count}"
                if mailkit.journeys.trigger("jane@example.com", tag if count % 2 else "").ok is not bool(count % 2):
                    wrong.append(tag)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert wrong == []
    assert len(sandbox.calls) == 16 * 25
    assert len({event.event_tag for event in sandbox.events}) == 16 * 12


def test_200_clients_at_once_are_served(sandbox):
    request = post(trigger_body(sandbox))
    with contextlib.ExitStack() as stack:
        socks = [stack.enter_context(connection(sandbox)) for _ in range(200)]
        for sock in socks:
            sock.sendall(request)
        assert [statuses(answers_on(sock)) for sock in socks] == [[200]] * 200
    assert len(sandbox.events) == 200


def test_a_connection_that_was_closed_is_forgotten(sandbox):
    for _ in range(20):
        call(sandbox)
        say(sandbox, b"\0")
    limit = time.monotonic() + 5
    while sandbox._server._connections and time.monotonic() < limit:
        time.sleep(0.01)
    assert not sandbox._server._connections


def test_an_idle_connection_stays_open(sandbox):
    """A client with a connection pool can use its connection again after any time."""
    request = post(trigger_body(sandbox), closing=False)
    with Sandbox(bounds=Bounds(request_seconds=0.1)) as patient, connection(patient) as sock:
        for _ in range(2):
            time.sleep(0.3)
            sock.sendall(request)
            assert statuses(sock.recv(65536)) == [200]


def test_unused_connections_do_not_block_others(next_call_is_served):
    with Sandbox(bounds=Bounds(connections=8)) as sandbox, contextlib.ExitStack() as stack:
        for _ in range(30):
            stack.enter_context(connection(sandbox))
        next_call_is_served(sandbox)
        began = time.monotonic()
        while len(threads()) > 10:
            assert time.monotonic() - began < SOON, "the threads of the connections that made room have ended"
            time.sleep(0.01)


def test_requests_that_never_end_do_not_block_others(next_call_is_served):
    with Sandbox(bounds=Bounds(connections=4)) as sandbox, contextlib.ExitStack() as stack:
        for _ in range(10):
            stack.enter_context(connection(sandbox)).sendall(b"POST /rpc.fcgi HTTP/1.1\r\n")
        next_call_is_served(sandbox)


def test_the_longest_idle_connection_makes_room_first():
    with Sandbox(bounds=Bounds(connections=3)) as sandbox, contextlib.ExitStack() as stack:
        busy, older, newer = (stack.enter_context(connection(sandbox)) for _ in range(3))
        busy.sendall(b"POST /rpc")
        time.sleep(0.1)
        with connection(sandbox):
            assert older.recv(1) == b""
        for survivor in (busy, newer):
            survivor.settimeout(0.05)
            with pytest.raises(socket.timeout):
                survivor.recv(1)


def test_when_every_connection_is_being_answered_one_more_waits_for_its_turn():
    with Sandbox(bounds=Bounds(connections=1)) as sandbox, connection(sandbox) as busy:
        sandbox.fail_next("delay", 0.5)
        busy.sendall(post(trigger_body(sandbox), closing=False))
        while not sandbox.calls:
            time.sleep(0.01)
        with connection(sandbox) as late:
            late.sendall(post(trigger_body(sandbox)))
            assert statuses(busy.recv(65536)) == [200]
            assert statuses(answers_on(late)) == [200]


@pytest.mark.skipif(not hasattr(socket, "SO_LINGER"), reason="this system cannot reset a connection")
def test_clients_that_reset_their_connection_do_no_harm(sandbox, caplog, capfd):
    reset = (1).to_bytes(4, sys.byteorder) + bytes(4)  # struct linger: on, 0 seconds
    for data in (b"", b"POST", post(b"", "Content-Length: 9", length=False), post(trigger_body(sandbox)), b"\0"):
        for _ in range(20):
            with connection(sandbox) as sock:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
                sock.sendall(data)
    sandbox.fail_every(1, "gzip_bomb", 64 << 20)
    with connection(sandbox) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
        sock.sendall(post(trigger_body(sandbox)))
        sock.recv(10)
    time.sleep(0.1)
    assert (caplog.text, *capfd.readouterr()) == ("", "", "")


def test_a_client_that_does_not_wait_is_not_logged_as_a_bug(sandbox, caplog):
    sandbox.fail_next("drip", 0.01)
    with sandbox.client(timeout=0.1, retry=None) as mailkit, pytest.raises(InDoubtError):
        mailkit.journeys.trigger("jane@example.com", "order_paid")
    time.sleep(0.1)
    assert caplog.text == ""


# Routes


def served(routes):
    """A server with only these routes."""
    return contextlib.closing(Closing(Address("127.0.0.1", None), 0, Bounds(), routes))


class Closing(Server):
    close = Server.stop

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/"


def test_a_route_is_one_row_of_a_table():
    def hello(request):
        return plain(200, f"hello {request.ip} {request.headers['X-Name']} {b''.join(request.body).decode()}")

    with served({"/": {"GET": lambda request: plain(200, "front")}, "/hello": {"PUT": hello, "GET": hello}}) as server:
        asked = b"PUT /hello?x=1 HTTP/1.1\r\nX-Name: Jane\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"
        assert body_of(say(server, asked)) == b"hello 127.0.0.1 Jane abc\n"
        assert body_of(say(server, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")) == b"front\n"
        refused = say(server, b"DELETE /hello HTTP/1.1\r\n\r\n")
        assert statuses(refused) == [405]
        assert b"Allow: PUT, GET\r\n" in refused
        missing = say(server, b"GET /bye HTTP/1.1\r\n\r\n")
        assert (statuses(missing), body_of(missing)) == ([404], b"this path is not served; use / or /hello\n")


def test_a_body_comes_in_pieces_of_64_KiB_and_may_be_left_unread():
    sizes = []

    def read(request):
        sizes.extend(map(len, request.body))
        return plain(200, "read")

    with served({"/": {"POST": read, "GET": lambda request: plain(200, "front")}}) as server:
        get = b"GET / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"
        assert statuses(say(server, get * 3 + post(b"x" * (1 << 20), path="/"))) == [200] * 4
    assert sum(sizes) == 1 << 20
    assert max(sizes) <= 65536


@pytest.mark.parametrize("bug", [LookupError("the bug"), OSError("the bug")], ids=["any", "OSError"])
def test_a_bug_of_the_sandbox_is_logged_and_answered(bug, caplog, capfd):
    def broken(request):
        raise bug

    with served({"/": {"GET": broken}}) as server:
        assert statuses(say(server, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")) == [500]
        server.stop()
    assert f"{type(bug).__name__}: the bug" in caplog.text
    assert "".join(capfd.readouterr()) == ""


# Addresses


def test_a_port_in_use_is_a_clear_error():
    with Sandbox() as first:
        port = int(first.url.rpartition(":")[2].partition("/")[0])
        with pytest.raises(ConfigError, match=f"cannot listen on 127.0.0.1 port {port} .*in use.* 0 for any"):
            Sandbox(port).start()


@pytest.mark.parametrize(
    "host", ["192.0.2.1", "no such host", "\u017e" * 100, "a\0b"], ids=["not ours", "unknown", "too long", "NUL"]
)
def test_an_address_that_is_not_ours_is_a_clear_error(host):
    with pytest.raises(ConfigError, match=f"cannot listen on {host} port 0"):
        Sandbox(host=host).start()


def test_it_listens_only_on_this_machine(sandbox):
    assert sandbox.url.startswith("http://127.0.0.1:")
    assert sandbox._server.server_address[0] == "127.0.0.1"


def test_it_does_not_ask_a_name_server(monkeypatch):
    """HTTPServer asks for the name of its host, which takes many seconds if no name server answers."""

    def hang(*args):
        raise AssertionError("a name server was asked")

    monkeypatch.setattr(socket, "getfqdn", hang)
    monkeypatch.setattr(socket, "gethostbyaddr", hang)
    with Sandbox(host="127.0.0.1") as sandbox:
        assert statuses(call(sandbox)) == [200]


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
@pytest.mark.parametrize("host", ["::1", "::"])
def test_ipv6(host):
    try:
        sandbox = Sandbox(host=host, allowed_ips=["::1"]).start()
    except ConfigError:
        pytest.skip("no IPv6 loopback here")
    with sandbox, sandbox.client() as mailkit:
        assert sandbox.url.startswith("http://[::1]:")
        assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok
        # The allow list would see an IPv4 client as ::ffff:127.0.0.1.
        with pytest.raises(ConnectionRefusedError), connection(sandbox):
            pass


# The end


def test_a_call_that_was_not_yet_accepted_is_answered_at_a_stop():
    for _ in range(20):
        with Sandbox() as sandbox, contextlib.ExitStack() as stack:
            socks = [stack.enter_context(connection(sandbox)) for _ in range(10)]
            for sock in socks:
                sock.sendall(post(trigger_body(sandbox), closing=False))
            sandbox.stop()
            assert [statuses(answers_on(sock)) for sock in socks] == [[200]] * 10


def test_a_stop_closes_idle_connections_at_once():
    with Sandbox() as sandbox, connection(sandbox) as idle, connection(sandbox) as never_used:
        idle.sendall(post(trigger_body(sandbox), closing=False))
        assert statuses(idle.recv(65536)) == [200]
        began = time.monotonic()
        sandbox.stop()
        assert time.monotonic() - began < SOON
        assert idle.recv(1) == never_used.recv(1) == b""
        assert threads() == []


def test_a_stop_first_answers_a_call():
    with Sandbox() as sandbox, connection(sandbox) as sock:
        sandbox.fail_next("delay", 60)
        sock.sendall(post(trigger_body(sandbox), closing=False))
        while not sandbox.calls:
            time.sleep(0.01)
        began = time.monotonic()
        sandbox.stop()
        assert time.monotonic() - began < SOON
        answer = answers_on(sock)
        assert b"Added into scenario" in answer
        assert b"Connection: close\r\n" in answer


def test_a_stop_waits_for_a_slow_call_and_no_longer():
    with Sandbox(on_call=lambda call: time.sleep(0.5)) as sandbox, connection(sandbox) as sock:
        sock.sendall(post(trigger_body(sandbox), closing=False))
        while not sandbox.calls:
            time.sleep(0.01)
        began = time.monotonic()
        sandbox.stop()
        assert 0.3 < time.monotonic() - began < SOON
        assert b"Added into scenario" in answers_on(sock)


def test_a_stop_waits_for_a_request_that_is_coming_in():
    with Sandbox() as sandbox, connection(sandbox) as sock:
        request = post(trigger_body(sandbox), closing=False)
        sock.sendall(request[:50])
        time.sleep(0.1)
        stopper = threading.Thread(target=sandbox.stop)
        stopper.start()
        time.sleep(0.1)
        sock.sendall(request[50:])
        assert b"Added into scenario" in answers_on(sock)
        stopper.join()
    assert len(sandbox.events) == 1


@pytest.mark.parametrize("said", [b"POST /rpc", b"\0"], ids=["a request that never ends", "a refused one"])
def test_a_stop_does_not_wait_longer_than_its_bound(said):
    with Sandbox(bounds=Bounds(stop_seconds=0.2)) as sandbox, connection(sandbox) as sock:
        sock.sendall(said)
        time.sleep(0.1)
        began = time.monotonic()
        sandbox.stop()
        assert time.monotonic() - began < SOON
        assert statuses(answers_on(sock)) in ([], [400])
        assert threads() == []


def test_a_client_that_does_not_read_its_answer_does_not_hold_up_a_stop():
    with Sandbox(bounds=Bounds(stop_seconds=0.2)) as sandbox, connection(sandbox) as sock:
        sandbox.fail_next("refuse", "x" * (64 << 20))
        sock.sendall(post(trigger_body(sandbox)))
        while not sandbox.calls:
            time.sleep(0.01)
        began = time.monotonic()
        sandbox.stop()
        assert time.monotonic() - began < SOON
        assert threads() == []


def test_start_and_stop_may_be_repeated():
    sandbox = Sandbox()
    sandbox.stop()
    assert sandbox.start() is sandbox.start()
    url = sandbox.url
    sandbox.stop()
    sandbox.stop()
    assert threads() == []
    with sandbox.client(retry=None) as mailkit:
        with pytest.raises(NotSentError):
            mailkit.journeys.trigger("jane@example.com", "order_paid")
        sandbox.start()
        assert sandbox.url == url
        assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok
    sandbox.stop()
    assert len(sandbox.events) == 1


def test_a_client_can_continue_after_a_restart():
    with Sandbox() as sandbox, sandbox.client(retry=None) as mailkit:
        assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok
        sandbox.stop()
        sandbox.start()
        # The client sees that its idle connection was closed, and opens another.
        assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok


def test_a_stop_under_load_neither_hangs_nor_loses_an_answer():
    """The sandbox has kept every call that it has answered."""
    for _ in range(10):
        done = []

        def work(sandbox, done=done):
            with sandbox.client(retry=None, timeout=10) as mailkit, contextlib.suppress(OSError):
                while True:
                    done.append(mailkit.journeys.trigger("jane@example.com", "order_paid").unwrap())

        with Sandbox() as sandbox:
            workers = [threading.Thread(target=work, args=(sandbox,)) for _ in range(8)]
            for worker in workers:
                worker.start()
            time.sleep(0.05)
            began = time.monotonic()
            sandbox.stop()
            assert time.monotonic() - began < SOON
            assert threads() == []
        for worker in workers:
            worker.join()
        assert len(done) <= len(sandbox.events) <= len(done) + len(workers)


def test_a_call_may_stop_the_sandbox(caplog):
    bounds = Bounds(stop_seconds=0.2)
    with Sandbox(on_call=lambda call: sandbox.stop(), bounds=bounds) as sandbox:
        began = time.monotonic()
        call(sandbox)
        assert time.monotonic() - began < SOON
    assert (len(sandbox.calls), caplog.text) == (1, "")


def test_no_socket_is_left_open():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with Sandbox() as sandbox:
            call(sandbox)
            say(sandbox, b"\0")
        del sandbox
        gc.collect()
    assert [str(each.message) for each in caught] == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork.*:DeprecationWarning")
class TestForkedChildren:
    @contextlib.contextmanager
    def child(self, program):
        """A child process that runs `program` and is stopped afterwards."""
        pid = os.fork()
        if not pid:
            try:
                program()
            finally:
                os._exit(1)
        try:
            yield pid
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)

    def test_a_child_that_lives_on_does_not_hold_the_port(self):
        with Sandbox() as sandbox, connection(sandbox) as sock, self.child(lambda: time.sleep(60)):
            sandbox.stop()
            assert sock.recv(1) == b""
            sandbox.start()
            assert statuses(call(sandbox)) == [200]

    def test_a_child_that_stops_it_ends_and_does_not_stop_that_of_its_parent(self):
        with Sandbox() as sandbox, connection(sandbox) as sock:

            def program():
                sandbox.stop()
                os._exit(0)

            with self.child(program) as pid:
                for _ in range(500):
                    ended, status = os.waitpid(pid, os.WNOHANG)
                    if ended:
                        break
                    time.sleep(0.01)
                assert (ended, status) == (pid, 0)
            sock.sendall(post(trigger_body(sandbox)))
            assert statuses(answers_on(sock)) == [200]
            assert statuses(call(sandbox)) == [200]
