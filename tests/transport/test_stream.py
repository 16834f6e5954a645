"""`Stream`: a socket that http.client can read from, under one deadline."""

from __future__ import annotations

import http.client
import select
import socket
import time

import pytest

from mailkit_xmlrpc.transport import Deadline, Payload
from mailkit_xmlrpc.transport.stream import Stream


@pytest.fixture
def pair():
    """A stream and the socket at its other end."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Stream(ours, Deadline(5)), theirs


class TestReading:
    def test_gives_exactly_as_much_as_was_requested(self, pair):
        stream, other = pair
        other.sendall(b"abc")
        other.sendall(b"defgh")
        assert [stream.read(2), stream.read(4), stream.read(2), stream.read(0)] == [b"ab", b"cdef", b"gh", b""]

    def test_gives_less_at_the_end(self, pair):
        stream, other = pair
        other.sendall(b"abc")
        other.close()
        assert [stream.read(5), stream.read(5)] == [b"abc", b""]

    @pytest.mark.parametrize("count", [-1, -5, None])
    def test_never_reads_without_a_limit(self, pair, count):
        stream, other = pair
        other.sendall(b"abc")
        with pytest.raises(http.client.IncompleteRead):
            stream.read(count)

    def test_gives_the_bytes_that_have_arrived_if_at_most_that_many_are_requested(self, pair):
        stream, other = pair
        other.sendall(b"abcdef")
        assert [stream.read1(2), stream.read1(100)] == [b"ab", b"cdef"]
        other.close()
        assert stream.read1(5) == b""

    def test_gives_lines(self, pair):
        stream, other = pair
        other.sendall(b"one\r\ntwo\nthree")
        other.close()
        assert [stream.readline(), stream.readline(), stream.readline()] == [b"one\r\n", b"two\n", b"three"]
        assert stream.readline() == b""

    def test_cuts_a_line_at_the_limit(self, pair):
        stream, other = pair
        other.sendall(b"abcdef\nrest\n")
        assert [stream.readline(4), stream.readline(10), stream.readline(0)] == [b"abcd", b"ef\n", b""]

    def test_fills_a_buffer(self, pair):
        stream, other = pair
        other.sendall(b"abc")
        other.close()
        target = bytearray(5)
        assert stream.readinto(target) == 3
        assert target == b"abc\0\0"

    def test_knows_whether_everything_was_read(self, pair):
        stream, other = pair
        assert stream.empty
        other.sendall(b"abc")
        stream.read(2)
        assert not stream.empty
        stream.read(1)
        assert stream.empty

    def test_closing_it_as_a_file_leaves_the_connection_open(self, pair):
        stream, other = pair
        with stream.makefile("rb") as file:
            assert file is stream
        other.sendall(b"a")
        assert stream.read(1) == b"a"


class TestTheDeadline:
    def test_limits_a_read(self, pair):
        stream, _ = pair
        stream.deadline = Deadline(0.05)
        with pytest.raises((TimeoutError, socket.timeout)):
            stream.read(1)

    def test_limits_all_reads_together(self, pair, monkeypatch):
        stream, other = pair
        stream.deadline = Deadline(0.05)
        other.sendall(bytes(3))
        assert stream.read(3) == bytes(3)
        other.sendall(bytes(3))
        now = time.monotonic()
        monkeypatch.setattr(time, "monotonic", lambda: now + 0.1)
        with pytest.raises((TimeoutError, socket.timeout)):
            stream.read(3)

    def test_limits_a_send_that_nobody_reads(self, pair):
        stream, _ = pair
        stream.deadline = Deadline(0.05)
        with pytest.raises((TimeoutError, socket.timeout)):
            stream.send(Payload(bytes(50_000_000)))

    def test_may_be_none(self, pair):
        stream, other = pair
        stream.deadline = Deadline(None)
        other.sendall(b"a")
        assert stream.read(1) == b"a"


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

    def test_one_with_unread_data_may_not(self, pair):
        stream, other = pair
        other.sendall(b"ab")
        stream.read(1)
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
                stream = Stream(ours, Deadline(5))
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
            yield Stream(ours, Deadline(5)), theirs

    def test_reading_sending_and_checking_work_too(self, pair):
        stream, other = pair
        assert stream.reusable(30)
        other.sendall(b"abc")
        assert not stream.reusable(30)
        assert stream.read(3) == b"abc"
        stream.send(Payload(b"def"))
        assert other.recv(10) == b"def"

    def test_so_does_the_deadline(self, pair):
        stream, _ = pair
        stream.deadline = Deadline(0.05)
        with pytest.raises(TimeoutError):
            stream.read(1)
        stream.deadline = Deadline(0.05)
        with pytest.raises(TimeoutError):
            stream.send(Payload(bytes(50_000_000)))


def test_data_that_never_stop_do_not_outlast_the_deadline(pair, monkeypatch):
    """Reads never block here, so the deadline must also be checked without waiting."""
    stream, other = pair
    other.sendall(b"a\n" * 1000)
    stream.deadline = Deadline(0.05)
    now = time.monotonic()
    assert stream.readline() == b"a\n"
    monkeypatch.setattr(time, "monotonic", lambda: now + 1)
    other.sendall(b"b" * 1000)
    with pytest.raises(TimeoutError):
        stream.read(3000)
    with pytest.raises(TimeoutError):
        stream.send(Payload(b"x"))
