"""`Stream`: a socket under one deadline."""

from __future__ import annotations

import select
import signal
import socket
import time

import pytest

from mailkit_xmlrpc import InDoubtError
from mailkit_xmlrpc.transport import Deadline, Payload, finished
from mailkit_xmlrpc.transport.stream import Stream

from ..servers import SOON, failure, hang, serving


@pytest.fixture
def pair():
    """A stream and the socket at its other end."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Stream(Deadline(5), ours), theirs


class TestReading:
    def test_gives_the_bytes_that_have_arrived(self, pair):
        stream, other = pair
        other.sendall(b"abc")
        assert finished(stream.receive()) == b"abc"
        other.sendall(b"def")
        assert finished(stream.receive()) == b"def"

    def test_gives_none_at_the_end(self, pair):
        stream, other = pair
        other.sendall(b"abc")
        other.close()
        assert [finished(stream.receive()), finished(stream.receive())] == [b"abc", b""]

    def test_gives_a_head_and_what_came_after_it(self, pair):
        stream, other = pair
        other.sendall(b"HTTP/1.1 404 Not Found\r\nX: y\r\n\r\nbody")
        head, rest = finished(stream.receive_head())
        assert (head.status, head.value("x"), rest) == (404, "y", b"body")

    def test_gives_no_head_that_was_cut_off(self, pair):
        stream, other = pair
        other.sendall(b"HTTP/1.1 404 Not Found\r\nX: y\r\n")
        other.close()
        with pytest.raises(ConnectionResetError, match="closed"):
            finished(stream.receive_head())


class TestTheDeadline:
    def test_limits_a_read(self, pair):
        stream, _ = pair
        stream.deadline = Deadline(0.05)
        with pytest.raises((TimeoutError, socket.timeout)):
            finished(stream.receive())

    def test_limits_all_reads_together(self, pair, monkeypatch):
        stream, other = pair
        stream.deadline = Deadline(0.05)
        other.sendall(bytes(3))
        assert finished(stream.receive()) == bytes(3)
        other.sendall(bytes(3))
        now = time.monotonic()
        monkeypatch.setattr(time, "monotonic", lambda: now + 0.1)
        with pytest.raises((TimeoutError, socket.timeout)):
            finished(stream.receive())

    def test_limits_a_send_that_nobody_reads(self, pair):
        stream, _ = pair
        stream.deadline = Deadline(0.05)
        with pytest.raises((TimeoutError, socket.timeout)):
            finished(stream.send(Payload(bytes(50_000_000))))

    @pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no interval timer here")
    @pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
    def test_is_not_prolonged_by_signals(self, tls):
        """Such as those of a profiler: Python repeats the system call that each of them interrupts."""
        signals = []

        def count(number, frame):
            signals.append(number)
            if len(signals) == 1500:
                signal.setitimer(signal.ITIMER_REAL, 0)

        before = signal.signal(signal.SIGALRM, count)
        try:
            with serving(hang, retry=None, timeout=0.5, tls=tls) as (_, client):
                signal.setitimer(signal.ITIMER_REAL, 0.004, 0.004)
                started = time.monotonic()
                assert type(failure(client.call, "m")) is InDoubtError
                assert time.monotonic() - started < SOON
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        assert 10 < len(signals) < 1500

    def test_may_be_none(self, pair):
        stream, other = pair
        stream.deadline = Deadline(None)
        other.sendall(b"a")
        assert finished(stream.receive()) == b"a"


class TestReuse:
    def test_a_recent_connection_without_data_may_be_used_again(self, pair):
        stream, _ = pair
        assert stream.reusable(30)

    def test_one_that_was_closed_may_not(self, pair):
        stream, other = pair
        other.close()
        assert not stream.reusable(30)

    def test_one_with_new_data_may_not(self, pair):
        stream, other = pair
        other.sendall(b"HTTP/1.1 408 Request Timeout\r\n\r\n")
        assert not stream.reusable(30)

    def test_one_that_was_idle_too_long_may_not(self, pair, monkeypatch):
        stream, _ = pair
        now = time.monotonic()
        monkeypatch.setattr(time, "monotonic", lambda: now + 29.9)
        assert stream.reusable(30)
        monkeypatch.setattr(time, "monotonic", lambda: now + 31)
        assert not stream.reusable(30)
        stream.mark_idle()
        assert stream.reusable(30), "the age counts from the last call"

    def test_checking_works_for_descriptors_that_select_cannot_watch(self):
        resource = pytest.importorskip("resource")
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard != resource.RLIM_INFINITY and hard < 1200:
            pytest.skip("not enough descriptors allowed here")
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 1200), hard))
        held = []
        try:
            while not held or held[-1].fileno() < 1030:
                held.append(socket.socket())
            ours, theirs = socket.socketpair()
            with ours, theirs:
                stream = Stream(Deadline(5), ours)
                assert stream.reusable(30)
                theirs.sendall(b"x")
                assert not stream.reusable(30)
        finally:
            for sock in held:
                sock.close()
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    def test_discarding_closes_it_at_once(self, pair):
        stream, other = pair
        stream.discard()
        other.settimeout(5)
        assert other.recv(1) == b""


class TestWhereThereIsNoPoll:
    """Windows has only select."""

    @pytest.fixture
    def pair(self, monkeypatch):
        monkeypatch.delattr(select, "poll", raising=False)
        ours, theirs = socket.socketpair()
        with ours, theirs:
            yield Stream(Deadline(5), ours), theirs

    def test_reading_sending_and_checking_work_too(self, pair):
        stream, other = pair
        assert stream.reusable(30)
        other.sendall(b"abc")
        assert not stream.reusable(30)
        assert finished(stream.receive()) == b"abc"
        finished(stream.send(Payload(b"def")))
        assert other.recv(10) == b"def"

    def test_so_does_the_deadline(self, pair):
        stream, _ = pair
        stream.deadline = Deadline(0.05)
        with pytest.raises((TimeoutError, socket.timeout)):
            finished(stream.receive())
        stream.deadline = Deadline(0.05)
        with pytest.raises((TimeoutError, socket.timeout)):
            finished(stream.send(Payload(bytes(50_000_000))))


def test_data_that_never_stop_do_not_outlast_the_deadline(pair, monkeypatch):
    """Reads never block here, so the deadline must also be checked without waiting."""
    stream, other = pair
    other.sendall(b"a" * 1000)
    stream.deadline = Deadline(0.05)
    now = time.monotonic()
    assert finished(stream.receive()) == b"a" * 1000
    monkeypatch.setattr(time, "monotonic", lambda: now + 1)
    other.sendall(b"b" * 1000)
    with pytest.raises((TimeoutError, socket.timeout)):
        finished(stream.receive())
    with pytest.raises((TimeoutError, socket.timeout)):
        finished(stream.send(Payload(b"x")))
