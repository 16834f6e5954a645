"""`attempts` and `Retry`: what is attempted again, after which wait, and what becomes known of the call."""

from __future__ import annotations

import copy
import dataclasses
import errno
import logging
import pickle
import re
import time

import pytest

from mailkit_xmlrpc import (
    AsyncClient,
    ConfigError,
    EncodeError,
    FaultError,
    HTTPStatusError,
    InDoubtError,
    MailkitError,
    NotSentError,
    Outcome,
    ResponseError,
    Retry,
    TooLargeError,
)
from mailkit_xmlrpc.answers import Anything
from mailkit_xmlrpc.attempts import Wait, attempts
from mailkit_xmlrpc.call import MethodSpec
from mailkit_xmlrpc.sandbox import Sandbox
from mailkit_xmlrpc.transport import Attempt, Deadline

from .blocking import both
from .servers import (
    CLIENT_ID,
    MD5,
    SOON,
    ScriptedServer,
    added,
    answer,
    client_of,
    drop,
    failure,
    full_backlog,
    http,
    new_client,
    serving,
    unused_port,
)

THROTTLED = http(b"", "Retry-After: 7", status="429 Too Many Requests")
SOONER = http(b"", "Retry-After: 2", status="429 Too Many Requests")
# What a cache in front of Mailkit answers when the server behind it broke off, also after it took the request.
UNAVAILABLE = http(b"", "Retry-After: 5", status="503 Backend fetch failed")

READS = MethodSpec("mailkit.test.list", Anything("TRUE"), reads=True)
CHANGES = MethodSpec("mailkit.test.send", Anything("TRUE"))


@pytest.fixture
def pauses(monkeypatch):
    """What would have been waited; nothing waits."""
    slept = []

    async def pause(client, seconds):
        slept.append(seconds)

    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(AsyncClient, "_pause", pause)
    return slept


def trigger(client, **options):
    return client.journeys.trigger("jane@example.com", "order_paid", **options)


def read(client):
    """Call a method that changes nothing."""
    return client.email.unsubscribe.getstatus("jane@example.com")


class TestItsValues:
    def test_are_three_attempts_half_a_second_and_eight(self):
        assert Retry() == Retry(attempts=3, base=0.5, cap=8.0, resend_unknown=False)
        assert Retry() == Retry(resend_throttled=False, retry_after_cap=3600.0)

    @pytest.mark.parametrize(
        "options",
        [
            {"attempts": 0},
            {"attempts": -1},
            {"attempts": 1.5},
            {"attempts": True},
            {"attempts": None},
            {"attempts": "3"},
            {"base": -0.1},
            {"base": 9},
            {"cap": 0.4},
            {"cap": float("inf")},
            {"cap": float("nan")},
            {"base": float("nan")},
            {"base": "1"},
            {"cap": None},
            {"base": True},
            {"resend_unknown": "no"},
            {"resend_unknown": 1},
            {"resend_unknown": None},
            {"resend_throttled": "no"},
            {"resend_throttled": 1},
            {"retry_after_cap": -1},
            {"retry_after_cap": None},
            {"retry_after_cap": float("inf")},
            {"retry_after_cap": float("nan")},
            {"cap": 1e300, "base": 1e300},
            {"cap": 10**400},
        ],
        ids=str,
    )
    def test_that_cannot_work_are_a_configerror(self, options):
        with pytest.raises(ConfigError, match="Retry"):
            Retry(**options)

    def test_are_frozen_and_travel(self):
        retry = Retry(attempts=5)
        with pytest.raises(dataclasses.FrozenInstanceError):
            retry.attempts = 6
        assert pickle.loads(pickle.dumps(retry)) == copy.copy(retry) == retry
        assert len({retry, Retry(attempts=5)}) == 1

    @both
    @pytest.mark.parametrize("value", [5, True, "3", Retry, {}])
    def test_of_another_type_are_a_configerror_of_the_client(self, value):
        with ScriptedServer() as server, pytest.raises(ConfigError, match="retry"):
            client_of(server, retry=value)


class TestWhatIsTriedAgain:
    @pytest.mark.parametrize(
        ("error", "sends", "reads", "resends"),
        [
            (NotSentError("x"), True, True, True),
            (HTTPStatusError("x", status=429), False, True, True),
            (HTTPStatusError("x", status=503), False, True, True),
            (InDoubtError("x"), False, True, True),
            (ResponseError("x"), False, True, True),
            (TooLargeError("x"), False, True, True),
            (HTTPStatusError("x", status=500), False, True, True),
            (HTTPStatusError("x", status=502), False, True, True),
            (HTTPStatusError("x", status=201), False, True, True),
            (HTTPStatusError("x", status=404), False, False, False),
            (HTTPStatusError("x", status=302), False, False, False),
            (FaultError(4, "x"), False, False, False),
            (ConfigError("x"), False, False, False),
            (EncodeError("x"), False, False, False),
        ],
        ids=lambda value: getattr(value, "args", [""])[0] and f"{type(value).__name__}{getattr(value, 'status', '')}",
    )
    def test_is_decided_by_the_outcome_and_the_method(self, error, sends, reads, resends):
        assert Retry().applies(error, reads=False) is sends
        assert Retry().applies(error, reads=True) is reads
        assert Retry(resend_unknown=True).applies(error, reads=False) is resends

    @pytest.mark.parametrize("status", [429, 503, 500, 404])
    def test_resend_throttled_is_about_429_alone(self, status):
        error = HTTPStatusError("x", status=status)
        assert Retry(resend_throttled=True).applies(error, reads=False) is (status == 429)


def driven(spec, retry, outcomes, timeout=None):
    """What the generator asks for when its attempts end so: the waits, and the error that it ends in."""
    steps, waits, ends = attempts(spec, retry, Deadline(timeout)), [], iter(outcomes)
    step = next(steps)
    while True:
        if isinstance(step, Wait):
            waits.append(step.seconds)
            step = next(steps)
            continue
        assert isinstance(step, Attempt)
        try:
            step = steps.send(next(ends))
        except StopIteration:
            return waits, None
        except MailkitError as error:
            return waits, error


NOT_SENT, DOUBT, BROKEN = NotSentError("not sent"), InDoubtError("in doubt"), ResponseError("rubbish")
CUT_OFF = NotSentError("timed out while connecting", errno=errno.ETIMEDOUT)
UNTRUSTED = NotSentError("the certificate is not trusted")
LIMITED = HTTPStatusError("limited", status=429, retry_after=2.0)
DOWN = HTTPStatusError("down", status=503, retry_after=5.0)
FAULT = FaultError(4, "fault")
ANSWER, REFUSAL = CHANGES.judge({}), CHANGES.judge("Mailing list exist")
TWICE = Retry(resend_unknown=True)
LATER = Retry(resend_throttled=True)

# A method, a Retry, how its attempts end, the number of attempts, the error of the call.
TABLE = [
    (CHANGES, Retry(), [ANSWER], 1, None),
    (CHANGES, LATER, [NOT_SENT, LIMITED, ANSWER], 3, None),
    (CHANGES, Retry(), [NOT_SENT, NOT_SENT, NOT_SENT], 3, NOT_SENT),
    (CHANGES, Retry(attempts=1), [NOT_SENT], 1, NOT_SENT),
    (CHANGES, Retry(attempts=5, resend_throttled=True), [LIMITED] * 5, 5, LIMITED),
    (CHANGES, Retry(), [LIMITED], 1, LIMITED),
    (READS, Retry(), [LIMITED, ANSWER], 2, None),
    (CHANGES, Retry(), [DOWN], 1, DOWN),
    (CHANGES, TWICE, [DOWN, ANSWER], 2, None),
    (READS, Retry(), [DOWN, DOWN, ANSWER], 3, None),
    (CHANGES, Retry(), [DOUBT], 1, DOUBT),
    (CHANGES, Retry(), [NOT_SENT, BROKEN], 2, BROKEN),
    (READS, Retry(), [DOUBT, BROKEN, ANSWER], 3, None),
    (CHANGES, TWICE, [DOUBT, NOT_SENT, LIMITED], 3, DOUBT),
    (CHANGES, TWICE, [DOUBT, BROKEN, NOT_SENT], 3, BROKEN),
    (CHANGES, TWICE, [DOUBT, FAULT], 2, DOUBT),
    (CHANGES, TWICE, [DOUBT, REFUSAL], 2, DOUBT),
    (CHANGES, TWICE, [DOUBT, NOT_SENT, REFUSAL], 3, DOUBT),
    (CHANGES, Retry(), [NOT_SENT, REFUSAL], 2, None),
    (CHANGES, TWICE, [REFUSAL], 1, None),
    (READS, Retry(), [DOUBT, REFUSAL], 2, None),
    (READS, Retry(), [DOUBT, FAULT], 2, FAULT),
    (READS, Retry(), [DOUBT, DOUBT, NOT_SENT], 3, DOUBT),
    (CHANGES, TWICE, [FAULT], 1, FAULT),
    (READS, Retry(), [LIMITED, FAULT], 2, FAULT),
]


class TestTheGenerator:
    @pytest.mark.parametrize(("spec", "retry", "outcomes", "count", "ends"), TABLE)
    def test_ends_as_the_table_says(self, spec, retry, outcomes, count, ends):
        given = [copy.copy(outcome) for outcome in outcomes]
        waits, error = driven(spec, retry, given)
        assert len(waits) == count - 1
        assert (type(error), str(error)) == (type(ends), str(ends))
        if error is not None:
            assert error.attempts == count
            assert any(error is each for each in given), "the error of an attempt, not another one"

    def test_counts_its_attempts_and_gives_each_the_one_deadline(self):
        deadline = Deadline(5.0)
        steps = attempts(CHANGES, Retry(), deadline)
        first, _ = next(steps), steps.send(NOT_SENT)
        second = next(steps)
        assert [first.number, second.number] == [1, 2]
        assert first.deadline is second.deadline is deadline
        assert first is not second

    def test_ends_at_once_where_the_deadline_would_end_a_wait(self):
        waits, error = driven(CHANGES, Retry(), [LIMITED], timeout=1.0)
        assert (waits, error.attempts) == ([], 1)

    @pytest.mark.parametrize(
        ("spec", "retry", "earlier", "last", "is_over", "told"),
        [
            (CHANGES, Retry(), [NOT_SENT], CUT_OFF, True, NOT_SENT),
            (CHANGES, LATER, [LIMITED], CUT_OFF, True, LIMITED),
            (CHANGES, LATER, [LIMITED, NOT_SENT], CUT_OFF, True, LIMITED),
            (CHANGES, TWICE, [DOUBT, NOT_SENT], CUT_OFF, True, DOUBT),
            (READS, Retry(), [LIMITED], CUT_OFF, True, LIMITED),
            (READS, Retry(), [DOUBT], CUT_OFF, True, DOUBT),
            (CHANGES, Retry(), [], CUT_OFF, True, CUT_OFF),
            # An earlier attempt was on the wire, so the call was not "not sent".
            (CHANGES, Retry(2, resend_throttled=True), [LIMITED], NOT_SENT, False, LIMITED),
            (CHANGES, LATER, [LIMITED, NOT_SENT], NOT_SENT, False, LIMITED),
            (READS, Retry(2), [DOUBT], NOT_SENT, False, DOUBT),
            (READS, Retry(), [DOUBT, LIMITED], NOT_SENT, False, LIMITED),
            # Cut off by connect_timeout, or late but for a reason of its own.
            (CHANGES, Retry(attempts=2), [NOT_SENT], CUT_OFF, False, CUT_OFF),
            (CHANGES, Retry(), [NOT_SENT], UNTRUSTED, True, UNTRUSTED),
        ],
    )
    def test_tells_the_failure_before_an_attempt_that_the_deadline_cut_off(
        self, spec, retry, earlier, last, is_over, told
    ):
        deadline = Deadline(60.0)
        steps = attempts(spec, retry, deadline)
        step = next(steps)
        for error in map(copy.copy, earlier):
            assert isinstance(step, Attempt)
            assert isinstance(steps.send(error), Wait)
            step = next(steps)
        if is_over:
            deadline._end = time.monotonic()
        with pytest.raises(type(told), match=str(told)) as raised:
            steps.send(copy.copy(last))
        assert raised.value.attempts == len(earlier) + 1

    def test_says_that_nothing_was_attempted_after_a_wrong_configuration(self):
        _, error = driven(CHANGES, Retry(), [ConfigError("no proxy is known")])
        assert error.attempts == 0

    def test_attempts_a_method_with_odd_answers_so_that_their_scalars_are_kept(self):
        odd = MethodSpec("m", Anything())
        odd.answer.keep_bad_scalars = True
        assert next(attempts(odd, Retry(), Deadline(None))).keep_bad_scalars
        assert not next(attempts(CHANGES, Retry(), Deadline(None))).keep_bad_scalars


@both
class TestTheLog:
    """Every attempt that failed is logged, with why and what follows, if the call was attempted more than once."""

    def lines(self, caplog, client, *, retry=Retry(attempts=2, base=0), failing=False):
        caplog.set_level(logging.INFO, "mailkit_xmlrpc")
        failure(trigger, client) if failing else trigger(client)
        prefix = "mailkit.journeys.trigger "
        assert all(record.getMessage().startswith(prefix) for record in caplog.records)
        return [record.getMessage()[len(prefix) :] for record in caplog.records]

    def test_has_one_line_of_a_call_that_succeeds_at_once(self, caplog):
        with serving(added(), retry=Retry()) as (_, client):
            (line,) = self.lines(caplog, client)
        assert line.startswith("DONE in ")

    def test_has_one_line_of_a_call_with_one_attempt(self, caplog):
        with serving(drop, retry=Retry()) as (_, client):
            (line,) = self.lines(caplog, client, failing=True)
        assert line.startswith("UNKNOWN in ")

    def test_says_why_and_how_long_it_waits(self, caplog, pauses):
        with serving(THROTTLED, SOONER, added(), retry=LATER) as (_, client):
            first, second, last = self.lines(caplog, client)
        assert first == "attempt 1: REFUSED, HTTP 429 Too Many Requests; next attempt in 7.00 s"
        assert second == "attempt 2: REFUSED, HTTP 429 Too Many Requests; next attempt in 2.00 s"
        assert last.startswith("DONE in ")

    def test_has_the_last_attempt_too(self, caplog, pauses):
        with serving(THROTTLED, drop, retry=LATER) as (_, client):
            first, second, last = self.lines(caplog, client, failing=True)
        assert first.endswith("; next attempt in 7.00 s")
        assert second == (
            "attempt 2: UNKNOWN, the server closed the connection before its answer was complete; the call may have "
            "been carried out, so check before sending it again; last attempt"
        )
        assert last.startswith("UNKNOWN in ")

    def test_has_a_refusal_behind_a_doubt(self, caplog, pauses):
        steps = (drop, answer("Mailing list exist"))
        with serving(*steps, retry=Retry(base=0, resend_unknown=True)) as (_, client):
            first, second, last = self.lines(caplog, client, failing=True)
        assert first.startswith("attempt 1: UNKNOWN, the server closed")
        assert second == "attempt 2: REFUSED, Mailing list exist; last attempt"
        assert last.startswith("UNKNOWN in ")

    def test_has_a_text_of_the_server_on_one_line(self, caplog, pauses):
        steps = (drop, answer("no\nINFO forged\x85\u2028Žofie"))
        with serving(*steps, retry=Retry(base=0, resend_unknown=True)) as (_, client):
            _, second, _ = self.lines(caplog, client, failing=True)
        assert second == "attempt 2: REFUSED, no\\nINFO forged\\x85\\u2028Žofie; last attempt"

    def test_has_no_secret(self, caplog, pauses):
        with serving(
            http(b"", status=f"429 {MD5}"), http(b"", status=f"429 {MD5}"), retry=Retry(2, 0, resend_throttled=True)
        ) as (_, client):
            lines = self.lines(caplog, client, failing=True)
        assert len(lines) == 3
        assert MD5 not in str(lines)


class TestThePause:
    def test_is_a_random_part_of_a_bound_that_doubles_up_to_the_cap(self, monkeypatch):
        bounds = []
        monkeypatch.setattr("random.uniform", lambda low, high: bounds.append((low, high)) or high)
        retry = Retry(base=0.5, cap=3)
        assert [retry.wait(attempt, NotSentError("x")) for attempt in (1, 2, 3, 4, 5)] == [0.5, 1, 2, 3, 3]
        assert {low for low, _ in bounds} == {0}

    def test_is_not_the_same_for_everybody(self):
        pauses = {Retry(base=1, cap=1).wait(1, NotSentError("x")) for _ in range(50)}
        assert len(pauses) > 40
        assert all(0 <= pause <= 1 for pause in pauses)

    def test_stays_finite_however_many_attempts_there_were(self):
        assert 0 <= Retry().wait(100_000, NotSentError("x")) <= 8

    def test_is_what_the_server_asked_for_where_it_asked(self):
        for status in (429, 503):
            later = HTTPStatusError("x", status=status, retry_after=40.0)
            assert Retry().wait(1, later) == 40.0, "beyond the cap as well"
            assert Retry().wait(1, HTTPStatusError("x", status=status, retry_after=0.0)) == 0.0


@both
class TestACall:
    def test_that_never_left_is_tried_again(self, pauses):
        with (
            ScriptedServer() as server,
            client_of(server, url=f"http://127.0.0.1:{unused_port()}", retry=Retry()) as client,
        ):
            error = failure(trigger, client)
        assert type(error) is NotSentError
        assert error.attempts == 3
        assert len(pauses) == 2
        assert 0 <= pauses[0] <= 0.5
        assert 0 <= pauses[1] <= 1.0

    def test_that_succeeds_in_the_end_is_a_success(self, pauses):
        with serving(THROTTLED, SOONER, added(), retry=LATER) as (server, client):
            result = trigger(client)
            assert result.ok
            assert result.attempts == 3
            assert len(server.requests) == 3
        assert pauses == [7.0, 2.0], "as the server asked"

    def test_ends_when_its_attempts_are_used_up(self, pauses):
        with serving(ever_after=THROTTLED, retry=Retry(4, resend_throttled=True), timeout=60) as (server, client):
            error = failure(trigger, client)
            assert (error.status, error.attempts, error.retry_after) == (429, 4, 7.0)
            assert error.outcome is Outcome.REFUSED
            assert len(server.requests) == 4
        assert pauses == [7.0] * 3

    @pytest.mark.parametrize("asked", ["11", "86400", "999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])
    def test_does_not_wait_past_its_deadline(self, pauses, asked):
        with serving(ever_after=http(b"", f"Retry-After: {asked}", status="429 x"), retry=LATER) as (_, client):
            started = time.monotonic()
            error = failure(trigger, client)
            assert time.monotonic() - started < SOON, "it ends at once, with what is known"
        assert (error.status, error.attempts) == (429, 1)
        assert pauses == []

    @pytest.mark.parametrize("timeout", [None, 1e12])
    @pytest.mark.parametrize("asked", ["3601", "999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])
    @pytest.mark.parametrize("status", ["429 x", "503 x"])
    def test_does_not_wait_for_years_without_one(self, pauses, asked, timeout, status):
        page = http(b"", f"Retry-After: {asked}", status=status)
        with serving(ever_after=page, retry=Retry(), timeout=timeout) as (server, client):
            error = failure(read, client)
            assert len(server.requests) == 1
        assert re.search(r"its Retry-After of [0-9,]+ s is longer than 3,600 s \(Retry.retry_after_cap\)", str(error))
        assert (error.attempts, pauses) == (1, [])
        assert pickle.loads(pickle.dumps(error)) == error

    def test_waits_as_long_as_the_caller_allows(self, pauses):
        page = http(b"", "Retry-After: 7200", status="429 x")
        with serving(page, added(), retry=Retry(retry_after_cap=7200), timeout=None) as (_, client):
            assert read(client)
        assert pauses == [7200.0]

    def test_that_was_throttled_after_it_was_carried_out_is_not_made_twice(self, pauses):
        """RFC 6585 does not say that a call with the answer 429 had no effect."""
        with Sandbox() as sandbox, new_client(sandbox.client_id, sandbox.client_md5, url=sandbox.url) as client:
            sandbox.fail_next("status", 429, processed=True)
            error = failure(trigger, client)
            assert (error.status, error.attempts) == (429, 1)
            assert len(sandbox.events) == 1

    def test_has_one_deadline_for_all_attempts(self):
        options = {"retry": Retry(attempts=100, base=0.01, cap=0.01), "connect_timeout": 0.1, "timeout": 0.85}
        with full_backlog() as dead, serving(url=f"http://127.0.0.1:{dead}", **options) as (_, client):
            started = time.monotonic()
            error = failure(trigger, client)
            assert 0.8 < time.monotonic() - started < SOON
        assert type(error) is NotSentError
        assert 3 <= error.attempts <= 9

    def test_without_retry_is_tried_once(self, pauses):
        with serving(ever_after=THROTTLED, retry=None) as (server, client):
            assert failure(trigger, client).attempts == 1
            assert len(server.requests) == 1
        assert pauses == []

    @pytest.mark.parametrize(
        "step",
        [
            answer("Missing email"),
            answer({"error_status": 5, "error": "x"}),
            http(b"", status="404 x"),
            http(b"", status="302 x"),
            http(b"", "Retry-After: 0", status="400 x"),
        ],
        ids=["string", "struct", "404", "302", "400"],
    )
    @pytest.mark.parametrize("call", [trigger, read])
    def test_that_was_refused_is_not_tried_again(self, pauses, step, call):
        with serving(ever_after=step, retry=Retry(resend_unknown=True)) as (server, client):
            try:
                assert not call(client).ok
            except HTTPStatusError as error:
                assert error.attempts == 1  # noqa: PT017
            assert len(server.requests) == 1
        assert pauses == []


UNKNOWN = pytest.mark.parametrize(
    "step",
    [
        drop,
        http(b"rubbish"),
        http(b"", status="500 x"),
        http(b"", status="502 x"),
        UNAVAILABLE,
        http(b"", status="503 x"),
        http(b"", status="204 x"),
    ],
    ids=["drop", "rubbish", "500", "502", "503 later", "503", "204"],
)


@both
class TestInDoubt:
    @UNKNOWN
    def test_a_trigger_is_never_sent_again_by_itself(self, pauses, step):
        with serving(ever_after=step, retry=Retry(attempts=9)) as (server, client):
            error = failure(trigger, client)
            assert (error.outcome, error.attempts) == (Outcome.UNKNOWN, 1)
            assert len(server.requests) == 1
        assert pauses == []

    @UNKNOWN
    def test_nor_is_a_method_that_nobody_knows(self, pauses, step):
        with serving(ever_after=step, retry=Retry(attempts=9)) as (server, client):
            assert failure(client.call, "mailkit.something.send").attempts == 1
            assert len(server.requests) == 1

    @UNKNOWN
    def test_a_method_that_reads_is(self, pauses, step):
        with serving(step, step, answer("TRUE"), retry=Retry()) as (server, client):
            assert read(client).attempts == 3
            assert len(server.requests) == 3

    @UNKNOWN
    def test_a_trigger_is_where_the_caller_says_so(self, pauses, step):
        with serving(step, step, added(), retry=Retry(resend_unknown=True)) as (server, client):
            assert trigger(client).attempts == 3
            assert len(server.requests) == 3

    def test_doubt_is_not_removed_by_a_later_attempt_that_never_left(self, pauses):
        def drop_for_good(peer):
            peer.server.stop_listening()
            drop(peer)

        with serving(drop_for_good, retry=Retry(resend_unknown=True)) as (server, client):
            error = failure(trigger, client)
            assert server.connections == 1, "the other attempts were refused"
        assert type(error) is InDoubtError
        assert error.outcome is Outcome.UNKNOWN
        assert error.attempts == 3

    def test_nor_by_one_that_was_told_to_come_back_later(self, pauses):
        with serving(drop, THROTTLED, THROTTLED, retry=Retry(resend_unknown=True)) as (server, client):
            error = failure(trigger, client)
            assert len(server.requests) == 3
        assert (type(error), error.outcome, error.attempts) == (InDoubtError, Outcome.UNKNOWN, 3)

    def test_nor_by_one_that_was_refused_over_http(self, pauses):
        with serving(drop, http(b"", status="404 x"), retry=Retry(resend_unknown=True)) as (server, client):
            error = failure(trigger, client)
            assert len(server.requests) == 2
        assert (error.outcome, error.attempts) == (Outcome.UNKNOWN, 2)

    def test_the_latest_doubt_is_the_one_that_is_told(self, pauses):
        with serving(drop, http(b"", status="502 x"), retry=Retry(attempts=2, resend_unknown=True)) as (_, client):
            error = failure(trigger, client)
        assert (type(error), error.status, error.attempts) == (HTTPStatusError, 502, 2)

    def test_a_later_success_settles_it(self, pauses):
        with serving(drop, added(), retry=Retry(resend_unknown=True)) as (_, client):
            result = trigger(client)
        assert (result.outcome, result.attempts) == (Outcome.DONE, 2)


class TestNothingIsTriedAgain:
    @both
    def test_that_cannot_be_encoded(self, pauses):
        with serving(retry=Retry()) as (server, client):
            error = failure(client.call, "m", object())
            assert (type(error), error.attempts) == (EncodeError, 0)
            assert server.connections == 0
        assert pauses == []

    def test_after_an_interrupt_of_the_pause(self, monkeypatch):
        def interrupt(seconds):
            raise KeyboardInterrupt

        monkeypatch.setattr(time, "sleep", interrupt)
        with serving(THROTTLED, added(), retry=LATER) as (server, client):
            with pytest.raises(KeyboardInterrupt):
                trigger(client)
            assert len(server.requests) == 1
            assert trigger(client).ok, "and the client goes on working"

    @both
    def test_each_attempt_is_the_same_request(self, pauses):
        with serving(THROTTLED, THROTTLED, added(), retry=LATER) as (server, client):
            trigger(client)
            assert len({request.body for request in server.requests}) == 1
            assert server.requests[0].call[1][:2] == (CLIENT_ID, MD5)
