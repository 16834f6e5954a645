"""`Deadline`: one limit for a whole call."""

from __future__ import annotations

import errno
import time

import pytest

from mailkit_xmlrpc.transport import Deadline


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test sets; reads 1000 at first."""

    class Clock:
        now = 1000.0

    monkeypatch.setattr(time, "monotonic", lambda: Clock.now)
    return Clock


class TestDeadline:
    def test_counts_from_its_construction(self, clock):
        deadline = Deadline(30)
        assert deadline.remaining() == 30
        clock.now += 29.5
        assert deadline.remaining() == 0.5

    @pytest.mark.parametrize("late", [0, 0.001, 1e9])
    def test_has_passed_at_its_limit(self, clock, late):
        deadline = Deadline(30)
        clock.now += 30 + late
        with pytest.raises(TimeoutError) as caught:
            deadline.remaining()
        assert caught.value.errno == errno.ETIMEDOUT

    def test_none_means_no_limit(self, clock):
        deadline = Deadline(None)
        clock.now += 1e12
        assert deadline.remaining() is None
        assert deadline.allows(1e12)

    def test_allows_what_ends_before_it(self, clock):
        deadline = Deadline(30)
        assert deadline.allows(29.9)
        assert not deadline.allows(30)
        clock.now += 30
        assert not deadline.allows(0)

    def test_within_gives_the_earlier_of_two(self, clock):
        deadline = Deadline(30)
        assert deadline.within(10).remaining() == 10
        assert deadline.within(60).remaining() == 30
        assert deadline.within(None).remaining() == 30
        assert Deadline(None).within(10).remaining() == 10
        assert Deadline(None).within(None).remaining() is None
        clock.now += 20
        assert deadline.remaining() == 10, "the original is as it was"

    def test_a_share_is_an_equal_part_of_what_is_left(self, clock):
        deadline = Deadline(30)
        assert deadline.share(3).remaining() == 10
        clock.now += 10
        assert deadline.share(2).remaining() == 10
        assert deadline.share(1).remaining() == 20
        assert Deadline(None).share(3).remaining() is None
        clock.now += 20
        assert not deadline.share(2).allows(0)

    def test_a_very_long_one_fits_the_timeout_of_a_socket(self, clock):
        remaining = Deadline(1e300).remaining()
        assert remaining is not None
        assert remaining * 1000 < 2**31
