"""The storage of events and calls."""

from __future__ import annotations

import os
import socket
import sqlite3
import stat
import threading
from datetime import datetime, timezone
from pathlib import Path

import pytest

from mailkit_xmlrpc import ConfigError, Outcome
from mailkit_xmlrpc.sandbox import Event, ReceivedCall, Sandbox
from mailkit_xmlrpc.sandbox.state import FileState, State

NOW = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=timezone.utc)
EVENT = Event("jane@example.com", "order_paid", {"order": "Ž", "raw": b"\x00", "when": datetime(2026, 1, 1)}, NOW)
CALL = ReceivedCall(
    "mailkit.journeys.trigger", ({"email": "x", "n": [1, None]},), {"status": "OK"}, NOW, 0.25, Outcome.DONE
)
SPOILT = ReceivedCall("", (), None, NOW, 0.5, "drop_before")


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


def test_records_can_be_read_after_closing(state):
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


def test_a_file_keeps_all_records(tmp_path):
    path = tmp_path / "state.db"
    state = FileState(path)
    state.open()
    state.add_event(EVENT)
    state.add_call(CALL)
    state.add_call(SPOILT)
    # The records are in the file immediately, not only at the end.
    assert reopened(path).calls == [CALL, SPOILT]
    state.close()
    again = reopened(str(path))
    assert (again.events, again.calls) == ([EVENT], [CALL, SPOILT])
    assert again.calls[0].outcome is Outcome.DONE
    assert again.calls[1].outcome == "drop_before"
    assert [each.name for each in tmp_path.iterdir()] == ["state.db"]


@pytest.fixture
def _usual_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder):
    return {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in folder.iterdir()}


@pytest.mark.skipif(os.name != "posix", reason="this system has no file modes")
@pytest.mark.usefixtures("_usual_umask")
class TestTheModeOfAFile:
    """It has the data of recipients."""

    def test_lets_only_its_owner_read_it_and_the_log_beside_it(self, tmp_path):
        state = FileState(tmp_path / "state.db")
        state.open()
        state.add_event(EVENT)
        assert modes(tmp_path) == dict.fromkeys(("state.db", "state.db-wal", "state.db-shm"), "0o600")
        state.close()
        assert modes(tmp_path) == {"state.db": "0o600"}

    @pytest.mark.parametrize("mode", [0o640, 0o664])
    def test_is_kept_if_the_file_exists(self, mode, tmp_path):
        path = tmp_path / "state.db"
        reopened(path)
        path.chmod(mode)
        state = FileState(path)
        state.open()
        state.add_event(EVENT)
        assert set(modes(tmp_path).values()) == {oct(mode)}
        state.close()
        assert modes(tmp_path) == {"state.db": oct(mode)}

    def test_is_that_of_the_file_that_a_symbolic_link_leads_to(self, tmp_path):
        (tmp_path / "link").symlink_to(tmp_path / "state.db")
        reopened(tmp_path / "link")
        assert modes(tmp_path)["state.db"] == "0o600"


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
    for path, why in (
        (text, "file is not a database"),
        (other, "another program, or another version of this one, made it; choose another file"),
        (newer, "another program, or another version of this one, made it; choose another file"),
        (tmp_path, "it is not a regular file; choose another file"),
        (tmp_path / "nowhere" / "state.db", "No such file or directory"),
        (text / "state.db", "Not a directory"),
    ):
        refused(path, why)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["newer.db", "notes.txt", "other.db"]


def test_a_name_that_no_file_can_have(tmp_path):
    with pytest.raises(ConfigError, match="embedded null"):
        Sandbox(state=tmp_path / "a\0b").start()


@pytest.mark.skipif(os.name != "posix", reason="this system has no such files")
class TestWhatIsNotARegularFile:
    """SQLite would write its journal beside it before it sees that it cannot use it."""

    WHY = "it is not a regular file; choose another file"

    def test_a_pipe(self, tmp_path):
        os.mkfifo(tmp_path / "pipe")
        refused(tmp_path / "pipe", self.WHY)
        assert [each.name for each in tmp_path.iterdir()] == ["pipe"]

    def test_a_socket(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)  # the path of a socket must be short
        with socket.socket(socket.AF_UNIX) as unix:
            unix.bind("socket")
            refused(tmp_path / "socket", self.WHY)
        assert [each.name for each in tmp_path.iterdir()] == ["socket"]

    def test_a_device(self):
        refused(Path(os.devnull), self.WHY)
        assert not Path(f"{os.devnull}-journal").exists()

    def test_through_a_symbolic_link(self, tmp_path):
        (tmp_path / "link").symlink_to(os.devnull)
        refused(tmp_path / "link", self.WHY)
        assert [each.name for each in tmp_path.iterdir()] == ["link"]


def refused(path, why):
    """Check that this file is refused for this reason, and that it is not changed."""
    kept = path.read_bytes() if path.is_file() else None
    with pytest.raises(ConfigError) as caught:
        Sandbox(state=path).start()
    assert str(caught.value) == f"cannot keep the sandbox's state in {path} ({why})"
    assert kept is None or path.read_bytes() == kept


BROKEN = {
    "no JSON": "no json",
    "unknown type": '{"$type": "complex", "$value": "1"}',
    "no value": '{"$type": "bytes"}',
    "no text": '{"$type": "bytes", "$value": 1}',
    "no number": '{"$type": "Decimal", "$value": "x"}',
    "nested too deeply": '{"a":' * 60_000 + "1" + "}" * 60_000,
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_a_file_whose_values_cannot_be_read_is_refused(data, tmp_path):
    path = tmp_path / "broken.db"
    reopened(path)
    with sqlite3.connect(path) as file:
        insert = "INSERT INTO event (email, event_tag, event_data, time) VALUES ('x', 'y', ?, ?)"
        file.execute(insert, (data, NOW.isoformat()))
    file.close()
    refused(path, "a value is nested too deeply" if data is BROKEN["nested too deeply"] else "a value cannot be read")


# A file of version 2. The sandbox must open it as long as it writes version 2.
FILE = """
CREATE TABLE event (id INTEGER PRIMARY KEY, email TEXT, event_tag TEXT, event_data TEXT, time TEXT);
CREATE TABLE call (
    id INTEGER PRIMARY KEY, method TEXT, params TEXT, answer TEXT, time TEXT, elapsed REAL, outcome TEXT
);
CREATE TABLE mailinglist (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, description TEXT, status TEXT DEFAULT 'enabled'
);
CREATE TABLE send (id INTEGER PRIMARY KEY AUTOINCREMENT, campaign INTEGER, date TEXT, subject TEXT, name TEXT);
CREATE TABLE message (
    id INTEGER PRIMARY KEY AUTOINCREMENT, send INTEGER, campaign INTEGER, list INTEGER, recipient INTEGER,
    email TEXT COLLATE NOCASE, type TEXT, date TEXT, status TEXT, data TEXT
);
INSERT INTO event VALUES (1, 'jane@example.com', 'order_paid', '{"order": "Ž", "raw": {"$type": "bytes", "$value":
"AA=="}, "when": {"$type": "datetime", "$value": "2026-01-01T00:00:00"}}', '2026-11-23T12:00:00.123456+00:00');
INSERT INTO call VALUES (1, 'mailkit.journeys.trigger', '[{"email": "x", "n": [1, null]}]', '{"status": "OK"}',
'2026-11-23T12:00:00.123456+00:00', 0.25, 'DONE');
INSERT INTO call VALUES (2, '', '[]', 'null', '2026-11-23T12:00:00.123456+00:00', 0.5, 'drop_before');
INSERT INTO mailinglist (name, description) VALUES ('vip', 'the best');
INSERT INTO send VALUES (1, 3, '2026-11-23 12:00:00', 'Hi', '2026-11-23');
INSERT INTO message VALUES (1, 1, 3, 2, 5, 'jane@example.com', 'email', '2026-11-23 12:00:00', 'sent', '{}');
PRAGMA application_id=0x4D4B5842;
PRAGMA user_version=2;
"""


def test_the_file_keeps_its_form(tmp_path):
    path = tmp_path / "state.db"
    file = sqlite3.connect(path)
    file.executescript(FILE)
    file.close()
    with Sandbox(state=path) as sandbox, sandbox.client() as mailkit:
        assert (sandbox.events, sandbox.calls) == ([EVENT], [CALL, SPOILT])
        assert [row["DESCRIPTION"] for row in mailkit.mailinglist.list().unwrap()] == ["the best"]
        (message,) = sandbox.messages
        assert (message.to, message.subject, message.body, message.ID_message) == ("jane@example.com", "Hi", "", 3)
    fresh = tmp_path / "fresh.db"
    reopened(fresh)
    made, file = sqlite3.connect(fresh), sqlite3.connect(path)
    for table in ("event", "call", "mailinglist", "send", "message"):
        columns = f"SELECT name, type FROM pragma_table_info('{table}')"
        assert made.execute(columns).fetchall() == file.execute(columns).fetchall()
    made.close()
    file.close()


def test_a_sandbox_keeps_records_across_restarts(tmp_path):
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


def test_if_the_port_is_in_use_the_file_is_closed(tmp_path):
    with Sandbox() as first:
        port = int(first.url.rpartition(":")[2].partition("/")[0])
        sandbox = Sandbox(port, state=tmp_path / "state.db")
        with pytest.raises(ConfigError, match="port"):
            sandbox.start()
        assert sandbox._state._file is None


def test_messages_survive_a_restart_and_can_be_read_in_between(tmp_path):
    sandbox = Sandbox(state=tmp_path / "state.db")
    assert sandbox.messages == []
    with sandbox, sandbox.client() as mailkit:
        vip = mailkit.mailinglist.create("vip").unwrap()["data"]
        campaign = mailkit.campaigns.create(ID_allow_email=1).unwrap()
        mailkit.sendmail(vip, campaign, send_to="jane@example.com", message_data="Ž", content={"a": ["Ž"]})
        (sent,) = sandbox.messages
    assert sandbox.messages == [sent]
    with Sandbox(state=tmp_path / "state.db") as restarted:
        assert restarted.messages == [sent]
        restarted.clear()
        assert restarted.messages == []
    assert restarted.messages == []
    sandbox.clear()
    assert sandbox.messages == []


def test_messages_in_memory_can_be_read_after_the_stop():
    with Sandbox() as sandbox, sandbox.client() as mailkit:
        vip = mailkit.mailinglist.create("vip").unwrap()["data"]
        campaign = mailkit.campaigns.create(ID_allow_email=1).unwrap()
        mailkit.sendmail(vip, campaign, send_to="jane@example.com", message_data="Ž")
    sandbox.assert_sent(to="jane@example.com", contains="Ž")
