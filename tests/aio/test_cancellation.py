"""A cancelled call: what `on_call` is told, and what is left for the next call."""

from __future__ import annotations

import asyncio
import contextvars
import sys

import pytest

from mailkit_xmlrpc import InDoubtError, NotSentError, Outcome

from ..servers import SOON, ScriptedServer, answer, hang
from . import moments
from .moments import client_of, until

every_unsent = pytest.mark.parametrize("moment", moments.NOT_SENT, ids=lambda each: each.__name__)
every_doubt = pytest.mark.parametrize("moment", moments.IN_DOUBT, ids=lambda each: each.__name__)


async def cancel(task):
    task.cancel()


async def cancel_twice(task):
    task.cancel()
    task.cancel()


async def cancel_again_later(task):
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()


every_way = pytest.mark.parametrize("way", [cancel, cancel_twice, cancel_again_later], ids=lambda each: each.__name__)


every_moment = pytest.mark.parametrize(
    ("moment", "outcome"),
    [
        *((each, Outcome.NOT_SENT) for each in moments.NOT_SENT),
        *((each, Outcome.UNKNOWN) for each in moments.IN_DOUBT),
        (moments.pause_after_a_lost_answer, Outcome.UNKNOWN),
        (moments.pause_after_429, Outcome.REFUSED),
    ],
    ids=lambda each: getattr(each, "__name__", str(each)),
)


async def is_cancelled(task):
    """CancelledError reaches whoever awaits the task, soon."""
    done, _ = await asyncio.wait({task}, timeout=SOON)
    assert done
    assert task.cancelled()


def outcomes(moment):
    return [record.outcome for record in moment.records]


async def is_usable(moment, outcome):
    """`on_call` was told once; the slot and the connection are not in the way of the next call."""
    assert outcomes(moment) == [outcome]
    assert await moment.next_value() == "second"
    assert outcomes(moment) == [outcome, Outcome.DONE]
    await moment.client.close()


@every_moment
class TestACancelledCall:
    @every_way
    def test_tells_on_call_what_may_have_happened_and_leaves_the_client_usable(self, moment, outcome, way):
        async def main():
            task = await here.begin()
            await way(task)
            await is_cancelled(task)
            await is_usable(here, outcome)

        with moment() as here:
            asyncio.run(main())

    def test_by_wait_for(self, moment, outcome):
        async def main():
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(await here.begin(), 0.01)
            await is_usable(here, outcome)

        with moment() as here:
            asyncio.run(main())

    @pytest.mark.skipif(sys.version_info < (3, 11), reason="asyncio.timeout is new in Python 3.11")
    def test_by_timeout(self, moment, outcome):
        async def main():
            task = await here.begin()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.01):
                    await task
            await is_usable(here, outcome)

        with moment() as here:
            asyncio.run(main())

    def test_is_cancelled_whatever_on_call_raises(self, moment, outcome):
        def fail(record):
            here.records.append(record)
            raise LookupError("from on_call")

        async def main():
            here.client._on_call = fail
            task = await here.begin()
            task.cancel()
            await is_cancelled(task)
            here.client._on_call = here.records.append
            await is_usable(here, outcome)

        with moment() as here:
            asyncio.run(main())


class TestTheConnection:
    @pytest.mark.parametrize(
        "moment",
        [moments.in_the_handshake, moments.asking_the_proxy, *moments.IN_DOUBT],
        ids=lambda each: each.__name__,
    )
    def test_is_closed_at_once(self, moment):
        async def main():
            task = await here.begin()
            task.cancel()
            await is_cancelled(task)
            await until(here.closed.is_set)

        with moment() as here:
            asyncio.run(main())


class TestATaskThatHasNotStarted:
    def test_makes_no_call_and_tells_nobody(self):
        async def main():
            task = asyncio.ensure_future(client.call("test.echo"))
            task.cancel()
            await is_cancelled(task)
            assert (await client.call("test.echo", success=["first"])).value == "first"

        records = []
        with ScriptedServer(answer("first")) as server:
            client = client_of(server, on_call=records.append)
            asyncio.run(main())
            assert len(server.requests) == 1
        assert len(records) == 1


class TestAnAnswerThatHasArrived:
    def test_before_the_cancellation_is_dropped_with_its_connection(self, monkeypatch):
        """The loop has read the answer; the task has not gone on yet."""

        async def main():
            task = asyncio.ensure_future(client.call("test.echo", success=["first"]))
            stream_type = client._server._ServerProxy__transport._stream_type
            received = stream_type.buffer_updated

            def buffer_updated(self, nbytes):
                received(self, nbytes)
                task.cancel()

            monkeypatch.setattr(stream_type, "buffer_updated", buffer_updated)
            await is_cancelled(task)
            monkeypatch.setattr(stream_type, "buffer_updated", received)
            assert (await client.call("test.echo", success=["second"])).value == "second"

        records = []
        with ScriptedServer(answer("first"), answer("second")) as server:
            client = client_of(server, on_call=records.append)
            asyncio.run(main())
            assert server.connections == 2
        assert [record.outcome for record in records] == [Outcome.UNKNOWN, Outcome.DONE]

    def test_before_on_call_cancels_is_what_on_call_is_told(self):
        """asyncio cancels the task at its end; the call is done."""

        async def main():
            task = asyncio.ensure_future(client.call("test.echo", success=["first"]))
            client._on_call = lambda record: (records.append(record), task.cancel())
            await is_cancelled(task)

        records = []
        with ScriptedServer(answer("first")) as server:
            client = client_of(server, on_call=print)
            asyncio.run(main())
        assert [record.outcome for record in records] == [Outcome.DONE]


class TestCancellationAndDeadline:
    """In one step of the loop: the cancellation is not lost, whichever comes first."""

    @pytest.mark.parametrize("first", ["cancellation", "deadline"])
    @pytest.mark.parametrize("moment", [moments.waiting_for_a_slot, moments.resolving, moments.before_the_answer])
    def test_end_in_cancellederror(self, moment, first):
        async def main():
            task = await here.begin(timeout=0.3)
            in_one_step(asyncio.get_running_loop(), task)
            await is_cancelled(task)
            assert len(here.records) == 1
            assert await here.next_value() == "second"
            await here.client.close()

        def in_one_step(loop, task):
            """`task` is cancelled in the step in which the timer of its deadline fires."""
            timers = [each for each in loop._scheduled if not each.cancelled() and each.when() - loop.time() < 1]
            (timer,) = timers
            fire = timer._callback

            def both(*args):
                steps = [task.cancel, lambda: fire(*args)]
                for step in steps if first == "cancellation" else reversed(steps):
                    step()

            timer._callback = both

        with moment() as here:
            asyncio.run(main())


class TestGather:
    def test_that_is_cancelled_cancels_its_calls(self):
        async def main():
            calls = asyncio.gather(*(client.call("test.echo") for _ in range(4)))
            await until(lambda: len(server.requests) == 2)
            calls.cancel()
            with pytest.raises(asyncio.CancelledError):
                await calls
            assert (await client.call("test.echo", success=["first"])).value == "first"

        records = []
        with ScriptedServer(hang, hang, answer("first")) as server:
            client = client_of(server, pool_size=2, on_call=records.append)
            asyncio.run(main())
        told = [record.outcome for record in records]
        assert sorted(told[:-1]) == sorted([Outcome.UNKNOWN] * 2 + [Outcome.NOT_SENT] * 2)
        assert told[-1] is Outcome.DONE

    def test_goes_on_if_one_call_fails(self):
        """gather leaves the others to themselves, as it does with all that it awaits."""

        async def main():
            with pytest.raises(InDoubtError):
                await asyncio.gather(client.call("test.echo"), client.call("test.echo"))
            await until(lambda: len(records) == 2)

        records = []
        with ScriptedServer(lambda peer: (peer.read(), peer.close()), hang_shortly) as server:
            client = client_of(server, on_call=records.append)
            asyncio.run(main())
        assert [record.outcome for record in records] == [Outcome.UNKNOWN, Outcome.DONE]

    @pytest.mark.skipif(sys.version_info < (3, 11), reason="TaskGroup is new in Python 3.11")
    def test_a_task_group_cancels_the_others_if_one_call_fails(self):
        async def main():
            with pytest.raises(BaseExceptionGroup) as caught:  # noqa: F821 (Python 3.11)
                await together(server, refusing, server)
            assert [type(error) for error in caught.value.exceptions] == [NotSentError]

        async def together(*urls):
            async with asyncio.TaskGroup() as group:
                for each in urls:
                    group.create_task(client_of(each, on_call=records.append).call("test.echo"))

        records = []
        refusing = "http://127.0.0.1:9/RPC2"
        with ScriptedServer(hang, hang) as server:
            asyncio.run(main())
        assert len(records) == 3


def hang_shortly(peer):
    peer.read()
    peer.server.stopping.wait(0.1)
    peer.send(answer(True))


class TestTheContext:
    def test_of_the_task_is_that_of_on_call_and_convert(self):
        where = contextvars.ContextVar("where")
        seen = []

        async def main():
            async def one(name):
                where.set(name)
                await client.call("test.echo", object())

            await asyncio.gather(one("a"), one("b"))
            task = asyncio.ensure_future(one("c"))
            await until(lambda: len(server.requests) == 3)
            task.cancel()
            await is_cancelled(task)

        def convert(value):
            seen.append(("convert", where.get()))
            return "converted"

        with ScriptedServer(answer(True), answer(True), hang) as server:
            client = client_of(server, convert=convert, on_call=lambda record: seen.append(("on_call", where.get())))
            asyncio.run(main())
        assert sorted(seen) == [(hook, name) for hook in ("convert", "on_call") for name in "abc"]
