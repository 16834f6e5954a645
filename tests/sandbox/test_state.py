"""Where events and calls are kept."""

from __future__ import annotations

import sqlite3
import threading
from datetime import datetime, timezone

import pytest

from mailkit_xmlrpc import ConfigError, Outcome
from mailkit_xmlrpc.sandbox import Call, Event, Sandbox
from mailkit_xmlrpc.sandbox.state import FileState, State

NOW = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=timezone.utc)
EVENT = Event("jane@example.com", "order_paid", {"order": "Ž", "raw": b"\x00", "when": datetime(2026, 1, 1)}, NOW)
CALL = Call("mailkit.journeys.trigger", ({"email": "x", "n": [1, None]},), {"status": "OK"}, NOW, 0.25, Outcome.DONE)
SPOILT = Call("", (), None, NOW, 0.5, "drop_before")


@pytest.fixture(params=["memory", "file"])
def state(request, tmp_path):
    state = State() if request.param == "memory" else FileState(tmp_path / "state.db")
    state.open()
    yield state
    state.close()


def test_both_kinds_are_used_alike(state):
    state.add_event(EVENT)
    state.add_call(CALL)
    state.add_call(SPOILT)
    assert (state.events, state.calls) == ([EVENT], [CALL, SPOILT])
    state.events.clear()
    assert state.events == [EVENT]
    state.clear()
    assert (state.events, state.calls) == ([], [])


def test_what_was_kept_can_be_read_after_closing(state):
    state.add_event(EVENT)
    state.close()
    state.close()
    assert state.events == [EVENT]


def test_many_threads(state):
    def work():
        for _ in range(50):
            state.add_event(EVENT)
            state.add_call(CALL)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(state.events) == len(state.calls) == 400


def reopened(path):
    state = FileState(path)
    state.open()
    state.close()
    return state


def test_a_file_gives_back_what_it_was_given(tmp_path):
    path = tmp_path / "state.db"
    state = FileState(path)
    state.open()
    state.add_event(EVENT)
    state.add_call(CALL)
    state.add_call(SPOILT)
    # At once, not only at the end.
    assert reopened(path).calls == [CALL, SPOILT]
    state.close()
    again = reopened(str(path))
    assert (again.events, again.calls) == ([EVENT], [CALL, SPOILT])
    assert again.calls[0].outcome is Outcome.DONE
    assert again.calls[1].outcome == "drop_before"
    assert [each.name for each in tmp_path.iterdir()] == ["state.db"]


def test_clear_clears_the_file_too(tmp_path):
    state = FileState(tmp_path / "state.db")
    state.open()
    state.add_event(EVENT)
    state.clear()
    state.close()
    assert reopened(tmp_path / "state.db").events == []


def test_files_that_cannot_be_used(tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("dear diary, " * 100)
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as file:
        file.execute("CREATE TABLE mine (x)")
    file.close()
    newer = tmp_path / "newer.db"
    reopened(newer)
    with sqlite3.connect(newer) as file:
        file.execute("PRAGMA user_version=99")
    file.close()
    broken = tmp_path / "broken.db"
    reopened(broken)
    with sqlite3.connect(broken) as file:
        file.execute("INSERT INTO event (email, event_tag, event_data, time) VALUES ('x', 'y', 'no json', 'z')")
    file.close()
    for path in (text, other, newer, broken, tmp_path, tmp_path / "nowhere" / "state.db"):
        kept = path.read_bytes() if path.is_file() else None
        with pytest.raises(ConfigError, match="cannot keep the sandbox's state in"):
            Sandbox(state=path).start()
        assert kept is None or path.read_bytes() == kept


def test_a_sandbox_remembers_over_restarts(tmp_path):
    path = tmp_path / "state.db"
    with Sandbox(state=path) as sandbox, sandbox.client() as mailkit:
        mailkit.journeys.trigger("jane@example.com", "order_paid", {"order": "A-17"})
        mailkit.journeys.trigger("", "order_paid")
    events, calls = sandbox.events, sandbox.calls
    assert (len(events), len(calls)) == (1, 2)
    with Sandbox(state=path) as sandbox:
        assert (sandbox.events, sandbox.calls) == (events, calls)
        sandbox.assert_triggered(email="jane@example.com", event_data={"order": "A-17"})
        sandbox.stop()
        sandbox.start()
        assert sandbox.events == events
        with sandbox.client() as mailkit:
            mailkit.journeys.trigger("john@example.com", "order_paid")
    assert len(reopened(path).events) == 2
    assert b"abc123def456abc123def456abc12345" not in path.read_bytes()


def test_a_port_in_use_lets_go_of_the_file(tmp_path):
    with Sandbox() as first:
        port = int(first.url.rpartition(":")[2].partition("/")[0])
        sandbox = Sandbox(port, state=tmp_path / "state.db")
        with pytest.raises(ConfigError, match="port"):
            sandbox.start()
        assert sandbox._state._file is None
