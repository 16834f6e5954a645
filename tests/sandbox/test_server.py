"""Sockets and threads: many connections, few, none, and the end of all of them."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import time
import xmlrpc.client

import pytest

from mailkit_xmlrpc import ConfigError, InDoubtError, NotSentError
from mailkit_xmlrpc.sandbox import Bounds, Sandbox
from mailkit_xmlrpc.sandbox.server import Server

from .wire import answers_on, connection, post, statuses, trigger_body


@pytest.fixture(autouse=True)
def _threads_of_others(monkeypatch):
    """The run's own sandbox, which the plugin's fixture starts, may be alive already."""
    monkeypatch.setattr(sys.modules[__name__], "OTHERS", set(threading.enumerate()))


OTHERS = set()


def threads():
    running = set(threading.enumerate()) - OTHERS
    return [thread for thread in running if thread.name.startswith("mailkit-sandbox")]


def test_one_connection_serves_many_calls_fast(sandbox):
    request = post(trigger_body(sandbox), closing=False)
    with connection(sandbox) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        began = time.monotonic()
        for _ in range(100):
            sock.sendall(request)
            assert sock.recv(65536).endswith(b"</methodResponse>")
        # Nagle's algorithm would cost 40 ms a call.
        assert time.monotonic() - began < 2
    assert len(sandbox.events) == 100


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


def test_a_stop_closes_idle_connections_at_once():
    with Sandbox() as sandbox, connection(sandbox) as idle, connection(sandbox) as never_used:
        idle.sendall(post(trigger_body(sandbox), closing=False))
        assert statuses(idle.recv(65536)) == [200]
        began = time.monotonic()
        sandbox.stop()
        assert time.monotonic() - began < 0.5
        assert idle.recv(1) == never_used.recv(1) == b""
        assert threads() == []


def test_a_stop_lets_a_call_have_its_answer():
    with Sandbox() as sandbox, connection(sandbox) as sock:
        sandbox.fail_next("delay", 60)
        sock.sendall(post(trigger_body(sandbox), closing=False))
        while not sandbox.calls:
            time.sleep(0.01)
        sandbox.stop()
        answer = answers_on(sock)
        assert b"Added into scenario" in answer
        assert b"Connection: close\r\n" in answer


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


def test_a_stop_does_not_wait_for_ever():
    with Sandbox(bounds=Bounds(stop_seconds=0.2)) as sandbox, connection(sandbox) as sock:
        sock.sendall(b"POST /rpc")
        time.sleep(0.1)
        began = time.monotonic()
        sandbox.stop()
        assert time.monotonic() - began < 1
        assert answers_on(sock) == b""
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


def test_a_stopped_sandbox_leaves_a_client_that_can_go_on():
    with Sandbox() as sandbox, sandbox.client(retry=None) as mailkit:
        assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok
        sandbox.stop()
        sandbox.start()
        # The client sees that its idle connection was closed, and opens another.
        assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok


def test_a_port_in_use_is_a_clear_error():
    with Sandbox() as first:
        port = int(first.url.rpartition(":")[2].partition("/")[0])
        with pytest.raises(ConfigError, match=f"cannot listen on 127.0.0.1 port {port} .* 0 for any"):
            Sandbox(port).start()


def test_an_address_that_is_not_ours_is_a_clear_error():
    with pytest.raises(ConfigError, match=r"cannot listen on 192\.0\.2\.1"):
        Sandbox(host="192.0.2.1").start()


def test_it_listens_on_this_machine_alone(sandbox):
    assert sandbox.url.startswith("http://127.0.0.1:")
    assert sandbox._server._listener.getsockname()[0] == "127.0.0.1"


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
def test_ipv6():
    try:
        sandbox = Sandbox(host="::1", allowed_ips=["::1"]).start()
    except ConfigError:
        pytest.skip("no IPv6 loopback here")
    with sandbox, sandbox.client() as mailkit:
        assert sandbox.url.startswith("http://[::1]:")
        assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok


def test_connections_that_are_never_used_keep_nobody_out(next_call_is_served):
    with Sandbox(bounds=Bounds(connections=8)) as sandbox, contextlib.ExitStack() as stack:
        for _ in range(30):
            stack.enter_context(connection(sandbox))
        next_call_is_served(sandbox)
        assert len(threads()) <= 10


def test_requests_that_never_end_keep_nobody_out(next_call_is_served):
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


def test_when_every_connection_is_being_answered_one_more_is_told_so():
    with Sandbox(bounds=Bounds(connections=1)) as sandbox, connection(sandbox) as busy:
        sandbox.fail_next("delay", 60)
        busy.sendall(post(trigger_body(sandbox)))
        while not sandbox.calls:
            time.sleep(0.01)
        time.sleep(0.05)
        with connection(sandbox) as late:
            assert statuses(answers_on(late)) == [503]


@pytest.mark.parametrize("bug", [LookupError("the bug"), OSError("the bug")], ids=["any", "OSError"])
def test_a_bug_of_the_sandbox_is_logged_and_answered(bug, caplog):
    def broken(request, reader, ip):
        raise bug

    server = Server("127.0.0.1", 0, Bounds(), broken)
    try:
        with socket.create_connection(("127.0.0.1", server.port)) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert statuses(answers_on(sock)) == [500]
    finally:
        server.close()
        server.close()
    assert f"{type(bug).__name__}: the bug" in caplog.text


def test_a_caller_that_does_not_wait_is_no_bug(sandbox, caplog):
    sandbox.fail_next("drip", 0.01)
    with sandbox.client(timeout=0.1, retry=None) as mailkit, pytest.raises(InDoubtError):
        mailkit.journeys.trigger("jane@example.com", "order_paid")
    time.sleep(0.1)
    assert caplog.text == ""


def test_the_standard_library_keeps_its_connection(sandbox):
    with xmlrpc.client.ServerProxy(sandbox.url) as proxy:
        proxy.system.listMethods()
        sock = proxy("transport")._connection[1].sock
        proxy.system.listMethods()
        assert proxy("transport")._connection[1].sock is sock
