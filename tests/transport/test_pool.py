"""`Pool`: connections that are idle between calls, and when they are not used again."""

from __future__ import annotations

import contextlib
import gc
import os
import random
import signal
import sys
import threading
import time
import warnings

import pytest

from mailkit_xmlrpc import ConfigError, InDoubtError, NotSentError, ResponseError, ServerProxy
from mailkit_xmlrpc.transport import Deadline, Transport, finished
from mailkit_xmlrpc.transport import pool as pool_module
from mailkit_xmlrpc.transport import transport as transport_module
from mailkit_xmlrpc.transport.pool import Connections

from ..blocking import both
from ..servers import (
    PATIENCE,
    SOON,
    Peer,
    ScriptedServer,
    added,
    answer,
    chunked,
    client_of,
    document,
    drop,
    drop_unread,
    failure,
    gzipped,
    hang,
    http,
    reset,
    serving,
    then,
)

tls_and_plain = pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])


def call(client, *params):
    return client.call("test.echo", *params, success=["first", "second"])


def wait_for(event):
    """Read the request, wait for `event`, and answer "first"."""

    def step(peer):
        peer.read()
        assert event.wait(PATIENCE)
        peer.send(answer("first"))

    return step


@both
@tls_and_plain
class TestReuse:
    def test_a_connection_carries_one_call_after_another(self, tls):
        with serving(ever_after=added(), tls=tls) as (server, client):
            for _ in range(20):
                assert call(client)
            assert server.connections == 1
            assert len(server.requests) == 20

    @pytest.mark.parametrize(
        "first",
        [
            gzipped("first"),
            chunked(document("first")),
            chunked(document("first"), end=b"0\r\nTrailer: x\r\n\r\n"),
            http(document("first"), "Connection: keep-alive", version="1.0"),
            b"HTTP/1.1 100 Continue\r\n\r\n" + answer("first"),
            answer("Missing email"),
            http(b"<methodResponse>" + b" " * 500 + b"</methodResponse>"),
        ],
        ids=["gzip", "chunked", "trailer", "HTTP/1.0 keep-alive", "after 100", "refusal", "unreadable"],
    )
    def test_it_is_kept_after_an_answer_that_was_read_to_its_end(self, tls, first):
        with serving(first, answer("second"), tls=tls) as (server, client):
            with contextlib.suppress(ResponseError):
                call(client)
            assert call(client).value == "second"
            assert server.connections == 1

    @pytest.mark.parametrize(
        "first",
        [
            answer("first", "Connection: close"),
            http(document("first"), version="1.0"),
            then(http(document("first"), length=False)),
        ],
        ids=["Connection: close", "HTTP/1.0", "no length"],
    )
    def test_it_is_closed_when_the_server_says_so(self, tls, first):
        with serving(first, answer("second"), tls=tls) as (server, client):
            assert call(client).value == "first"
            assert call(client).value == "second"
            assert server.connections == 2

    def test_a_server_that_closed_an_idle_connection_causes_no_doubt(self, tls):
        closed = threading.Event()

        def close(peer):
            Peer.close(peer)
            closed.set()

        with serving(then(answer("first"), close), answer("second"), tls=tls) as (server, client):
            assert call(client).value == "first"
            assert closed.wait(PATIENCE)
            result = call(client)
            assert (result.value, result.attempts) == ("second", 1)
            assert server.connections == 2
            assert len(server.requests) == 2

    def test_one_older_than_30_seconds_is_replaced(self, tls, monkeypatch):
        with serving(ever_after=answer("first"), tls=tls) as (server, client):
            call(client)
            now = time.monotonic()
            monkeypatch.setattr(time, "monotonic", lambda: now + 29)
            call(client)
            assert server.connections == 1
            monkeypatch.setattr(time, "monotonic", lambda: now + 29 + 31)
            call(client)
            assert server.connections == 2

    @pytest.mark.parametrize(
        "extra",
        [answer("second"), b"\r\n", b"x"],
        ids=["a whole answer", "an empty line", "one byte"],
    )
    def test_bytes_after_an_answer_never_become_the_next_answer(self, tls, extra):
        right = answer("first")
        with serving(right + extra, right + extra, right, tls=tls) as (server, client):
            for _ in range(3):
                assert call(client).value == "first"
            assert server.connections == 3

    def test_nor_do_bytes_that_arrive_while_it_is_idle(self, tls):
        said = threading.Event()

        def answer_and_more(peer):
            peer.read()
            peer.send(answer("first"))
            assert go_on.wait(PATIENCE)
            peer.send(answer("wrong"))
            said.set()

        go_on = threading.Event()
        with serving(answer_and_more, answer("second"), tls=tls) as (server, client):
            assert call(client).value == "first"
            go_on.set()
            assert said.wait(PATIENCE)
            assert call(client).value == "second"
            assert server.connections == 2

    def test_a_body_longer_than_its_content_length_never_becomes_the_next_answer(self, tls):
        body = document("first")
        long = http(body + answer("second"), f"Content-Length: {len(body)}", length=False)
        with serving(long, answer("second"), tls=tls) as (server, client):
            assert call(client).value == "first"
            assert call(client).value == "second"
            assert server.connections == 2

    @pytest.mark.parametrize("step", [drop, reset], ids=["drop", "reset"])
    def test_a_call_on_a_reused_connection_that_breaks_is_in_doubt_and_was_sent_once(self, tls, step):
        with serving(answer("first"), step, answer("second"), tls=tls) as (server, client):
            call(client)
            with pytest.raises(InDoubtError):
                call(client, "only once")
            assert [request.call[1][2:] for request in server.requests] == [(), ("only once",)]
            assert call(client).value == "second"


@both
class TestPlaces:
    def test_a_call_waits_for_a_slot_until_its_deadline(self):
        go_on = threading.Event()
        with serving(wait_for(go_on), ever_after=answer("first"), pool_size=1) as (server, client):
            slow = threading.Thread(target=call, args=[client])
            slow.start()
            server.wait_for_request()
            started = time.monotonic()
            error = failure(client.call, "test.echo", timeout=0.1)
            assert time.monotonic() - started < SOON
            assert type(error) is NotSentError
            assert "pool_size" in str(error)
            go_on.set()
            slow.join()
            assert call(client).ok, "the place is free again"
            assert len(server.requests) == 2

    def test_the_wait_counts_against_the_deadline(self):
        def later(peer):
            peer.read()
            peer.server.stopping.wait(0.3)
            peer.send(answer("first"))

        with serving(later, hang, pool_size=1) as (server, client):
            first = threading.Thread(target=call, args=[client])
            first.start()
            server.wait_for_request()
            started = time.monotonic()
            assert type(failure(client.call, "test.echo", timeout=0.5)) is InDoubtError
            assert 0.4 < time.monotonic() - started < SOON
            first.join()

    def test_no_more_connections_than_slots_are_in_use_at_once(self):
        busy, most, lock = [0], [0], threading.Lock()

        def count(peer):
            peer.read()
            with lock:
                busy[0] += 1
                most[0] = max(most[0], busy[0])
            peer.server.stopping.wait(0.005)
            with lock:
                busy[0] -= 1
            peer.send(answer("first"))

        with serving(ever_after=count, pool_size=3) as (server, client):
            threads = [threading.Thread(target=lambda: [call(client) for _ in range(5)]) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert len(server.requests) == 40
        assert most[0] <= 3
        assert server.connections <= 3

    def test_a_thread_that_calls_all_the_time_leaves_slots_to_the_others(self):
        """They get them in the order in which they began to wait."""
        counts = [0] * 6
        with serving(ever_after=answer("first"), pool_size=1, timeout=PATIENCE) as (_, client):
            ended = time.monotonic() + 1

            def work(number):
                while time.monotonic() < ended:
                    assert call(client).ok
                    counts[number] += 1

            threads = [threading.Thread(target=work, args=[number]) for number in range(len(counts))]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert min(counts) > max(counts) / 2 > 5, counts

    @pytest.mark.parametrize("size", [0, -1, 1.5, True, None, "8"])
    def test_their_number_is_an_int_of_at_least_1(self, size):
        with ScriptedServer() as server, pytest.raises(ConfigError, match="pool_size"):
            client_of(server, pool_size=size)

    def test_a_failure_frees_its_slot(self):
        failures = [
            drop,
            reset,
            drop_unread,
            http(status="500 x"),
            http(b"<"),
            http(status="302 x"),
            b"rubbish\r\n\r\n",
        ]
        with serving(*failures, answer("first"), pool_size=1, timeout=5) as (_, client):
            for _ in failures:
                failure(call, client)
            assert call(client).ok


class TestTheTurnsOfThreads:
    def test_a_slot_that_comes_just_after_the_timeout_does_not_prolong_the_wait(self):
        connections, waits = Connections(1), []

        def wait():
            started = time.monotonic()
            with contextlib.suppress(NotSentError):
                connections.free.append(finished(connections.take(Deadline(0.05))))
                connections.wake()
            waits.append(time.monotonic() - started)

        for _ in range(30):
            held = [finished(connections.take(Deadline(1)))]
            threads = [threading.Thread(target=wait) for _ in range(4)]
            for thread in threads:
                thread.start()
            time.sleep(0.05)
            connections.free.append(held.pop())
            connections.wake()
            for thread in threads:
                thread.join(PATIENCE)
            assert len(waits) % 4 == 0, "all have ended"
        assert max(waits) < SOON

    @pytest.mark.parametrize("timeout", [PATIENCE, None])
    def test_turns_that_are_lost_are_passed_over(self, timeout):
        connections = self.with_lost_turns()
        assert finished(connections.take(Deadline(timeout)))
        assert not connections._waiting

    def test_also_if_the_timeouts_of_all_calls_are_short(self):
        connections = self.with_lost_turns()
        with contextlib.suppress(NotSentError):
            connections.free.append(finished(connections.take(Deadline(0.01))))
        assert finished(connections.take(Deadline(0.01)))

    @staticmethod
    def with_lost_turns():
        """As after exceptions from signal handlers, at the bytecodes behind which nothing can remove a turn."""
        connections = Connections(1)
        for _ in range(3):
            gone = threading.Lock()
            gone.acquire()
            connections._waiting.append(gone)
        return connections

    def test_connections_to_other_servers_do_not_pile_up(self):
        with contextlib.ExitStack() as stack:
            servers = [stack.enter_context(ScriptedServer(ever_after=answer("first"))) for _ in range(6)]
            transport = Transport(pool_size=2)
            for server in servers:
                assert ServerProxy(server.url, transport).test() == "first"
            for server in servers:
                assert ServerProxy(server.url, transport).test() == "first"
            transport.close()
        # If all six were kept, the second round would not open a connection.
        assert sum(server.connections for server in servers) > 6


@both
class TestClose:
    def test_closes_idle_connections_and_may_be_called_twice(self):
        ended = threading.Event()

        def watch(peer):
            peer.read()
            peer.send(answer("first"))
            peer.wait()
            ended.set()

        with serving(watch) as (_, client):
            call(client)
            client.close()
            assert ended.wait(PATIENCE)
            client.close()

    def test_leaves_the_client_usable(self):
        with serving(ever_after=answer("first")) as (server, client):
            call(client)
            client.close()
            assert call(client).ok
            assert server.connections == 2

    def test_closes_a_connection_in_use_when_it_comes_back(self):
        go_on = threading.Event()

        with serving(wait_for(go_on), ever_after=answer("second")) as (server, client):
            results = []
            thread = threading.Thread(target=lambda: results.append(call(client)))
            thread.start()
            server.wait_for_request()
            client.close()
            go_on.set()
            thread.join()
            assert results[0].value == "first", "closing does not break a call that is under way"
            assert call(client).value == "second"
            assert server.connections == 2


class Interrupted(BaseException):
    """What a signal handler raises, such as the time limit of a task."""


LEASE = (pool_module.__file__, transport_module.__file__)


def interrupting(number):
    """A trace function that raises at the bytecode of that number in the pool and the transport; and whether it did."""
    left = [number]

    def trace(frame, event, arg):
        if frame.f_code.co_filename not in LEASE:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            left[0] -= 1
            if left[0] == 0:
                raise Interrupted
        return trace

    return trace, lambda: left[0] <= 0


def interrupted(client, number, **options):
    """Whether a call was interrupted at the bytecode of that number; False if it ended before that.

    It has a thread of its own. Python keeps for each thread which exceptions are being handled, and that is wrong
    after an exception at a bytecode at which a signal cannot raise one.
    """
    trace, raised = interrupting(number)
    ended = []

    def work():
        sys.settrace(trace)
        try:
            client.call("test.echo", success=["first"], **options)
        except Interrupted:
            ended.append("interrupted")
        except NotSentError:
            ended.append("busy")
        finally:
            sys.settrace(None)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert raised() == ("interrupted" in ended), "the exception was swallowed"
    return "interrupted" in ended


class TestSignals:
    """The handler of a signal can raise an exception between any two bytecodes. On asyncio, the loop runs it."""

    @pytest.fixture(autouse=True)
    def _collect(self):
        """A socket that was interrupted before anything could hold it is closed when it is collected. A coroutine that
        was interrupted before its first step makes Python warn."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
            yield
            gc.collect()

    @pytest.mark.parametrize("reused", [False, True], ids=["new connection", "idle connection"])
    def test_a_call_that_is_interrupted_at_any_bytecode_costs_no_slot(self, reused):
        with serving(ever_after=answer("first"), pool_size=1) as (_, client):
            # Python 3.12 does not report the bytecodes of a function that it calls for the first time.
            assert not interrupted(client, 1_000_000)
            if not reused:
                client.close()
            number = 1
            while interrupted(client, number):
                assert client.call("test.echo", timeout=PATIENCE, success=["first"]).value == "first"
                if not reused:
                    client.close()
                number += 1
            assert number > 200
            assert free_slots(client) == 1

    def test_nor_one_that_is_interrupted_while_it_waits_for_a_slot(self):
        go_on = threading.Event()
        with serving(wait_for(go_on), ever_after=answer("first"), pool_size=1) as (server, client):
            slow = threading.Thread(target=call, args=[client])
            slow.start()
            server.wait_for_request()
            number = 1
            while interrupted(client, number, timeout=0.01):
                number += 1
            assert number > 50
            go_on.set()
            slow.join()
            assert call(client).ok
            assert free_slots(client) == 1

    @pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no interval timer here")
    @pytest.mark.skipif(
        sys.version_info < (3, 10),
        reason="Python 3.9 can call a handler between a try block and its finally block; a slot that is lost there "
        "comes back only once the traceback is dropped",
    )
    def test_real_ones_whose_tracebacks_are_kept(self):
        """A traceback, which a REPL and a task queue keep, holds the local variables of a call."""

        armed, kept = [], []

        def interrupt(number, frame):
            if armed:
                armed.clear()
                raise Interrupted

        gc.disable()  # an exception in a function that is called by the collector is not raised
        before = signal.signal(signal.SIGALRM, interrupt)
        try:
            with serving(ever_after=answer("first"), pool_size=1, timeout=PATIENCE) as (_, client):
                seconds = random.Random(1)
                for _ in range(500):
                    try:
                        armed.append(True)
                        signal.setitimer(signal.ITIMER_REAL, seconds.uniform(0.00001, 0.001))
                        call(client)
                        call(client)
                        armed.clear()
                    except Interrupted as error:
                        kept.append(error)
                assert call(client).ok
                assert free_slots(client) == 1
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
            gc.enable()
        assert len(kept) > 50

    def test_a_call_that_already_waits_gets_the_slot_that_another_thread_loses(self):
        with serving(ever_after=answer("first"), pool_size=1, timeout=PATIENCE) as (_, client):
            lost = finished(connections_of(client).take(Deadline(1)))
            results = []
            waiting = threading.Thread(target=lambda: results.append(call(client)))
            waiting.start()
            time.sleep(0.1)
            del lost
            waiting.join()
            assert results[0].ok

    def test_threads_that_look_for_a_lost_slot_at_once_do_not_replace_it_twice(self):
        connections = Connections(1)
        for _ in range(20):
            finished(connections.take(Deadline(1)))  # and is lost at once
            threads = [threading.Thread(target=connections.replace_lost) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert len(connections.free) == 1


def connections_of(client):
    return client._server("transport")._pool.connections()


def free_slots(client):
    """The slots of a client on which no call is under way, the lost ones replaced."""
    connections = connections_of(client)
    connections.replace_lost()
    return len(connections.free)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@tls_and_plain
class TestFork:
    @staticmethod
    def in_child(work):
        """The exit status of a child that does `work`: 0 if `work` returns a true value."""
        child = os.fork()
        if child == 0:
            status = 1
            signal.alarm(int(3 * PATIENCE))  # ends a child that hangs
            try:
                status = 0 if work() else 2
            finally:
                os._exit(status)
        return os.waitpid(child, 0)[1]

    def test_a_child_opens_its_own_connection_and_the_parents_stays_open(self, tls):
        with serving(ever_after=answer("first"), tls=tls) as (server, client):
            call(client)
            assert self.in_child(lambda: call(client).ok and call(client).ok) == 0
            assert call(client).ok
            assert server.connections == 2
            assert [request.connection for request in server.requests] == [1, 2, 2, 1]

    def test_a_child_that_closes_the_client_does_not_disturb_the_parent(self, tls):
        with serving(ever_after=answer("first"), tls=tls) as (server, client):
            call(client)
            assert self.in_child(lambda: client.close() is None) == 0
            assert call(client).ok
            assert server.connections == 1

    def test_a_child_forked_while_another_thread_calls_has_all_its_slots(self, tls):
        go_on = threading.Event()

        with serving(wait_for(go_on), ever_after=answer("second"), tls=tls, pool_size=1) as (server, client):
            thread = threading.Thread(target=call, args=[client])
            thread.start()
            server.wait_for_request()
            assert self.in_child(lambda: client.call("x", timeout=5, success=["second"]).ok) == 0
            go_on.set()
            thread.join()
            assert call(client).value == "second"

    def test_threads_of_a_child_that_start_at_once_share_a_pool_of_its_own(self, tls):
        """The connections of the parent are never used, and no thread finds the pool half made."""

        def work():
            ready = threading.Barrier(8)
            make = pool_module.deque
            pool_module.deque = lambda: time.sleep(0.02) or make()  # widens the time in which the pool is made
            ended = []

            def once():
                ready.wait()
                ended.append(client.call("x", timeout=PATIENCE, success=["first"]).ok)

            threads = [threading.Thread(target=once) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            return ended == [True] * 8 and free_slots(client) == 3

        def parent():
            call(client)
            return all(self.in_child(work) == 0 for _ in range(5)) and call(client).ok

        with serving(ever_after=answer("first"), tls=tls, pool_size=3) as (server, client):
            # The parent is a process without the threads of the server: if one of these begins or ends at the time of a
            # fork, it can hold a lock of OpenSSL's, which stays locked in the child.
            assert self.in_child(parent) == 0
            connections = [request.connection for request in server.requests]
            assert (connections.count(1), connections[0], connections[-1]) == (2, 1, 1)
