"""`State` keeps events and calls in memory, `FileState` also in an SQLite file.

`FileState` reads the file when it is opened, and writes each record at once: the changes of a call are in the file
before the client has its answer.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Callable

from ..errors import ConfigError, Outcome
from .records import Event, Message, ReceivedCall, dump, load
from .store import FORM, SCHEMA, Store

__all__ = ["FileState", "State"]

# They mark the files of this version of the sandbox. Other files are refused and not changed.
_APPLICATION = 0x4D4B5842  # "MKXB"
_VERSION = 2

_SCHEMA = """
CREATE TABLE event (id INTEGER PRIMARY KEY, email TEXT, event_tag TEXT, event_data TEXT, time TEXT);
CREATE TABLE call (
    id INTEGER PRIMARY KEY, method TEXT, params TEXT, answer TEXT, time TEXT, elapsed REAL, outcome TEXT
);
"""


class State:
    """Events and calls in the order in which they came in. Threads may share it.

    Attributes:
        store: the rest of the account.
    """

    def __init__(self) -> None:
        self.store: Store = Store()
        # The lock of the store: a rule adds an event within a transaction.
        self._changed = threading.Condition(self.store.lock)
        self._events: list[Event] = []
        self._calls: list[ReceivedCall] = []

    def open(self) -> None:
        """Open the file. Raises ConfigError if it cannot be used."""

    def close(self) -> None:
        """Close the file. Events, calls and messages can still be read."""

    @property
    def events(self) -> list[Event]:
        """A copy of the events."""
        with self._changed:
            return list(self._events)

    @property
    def calls(self) -> list[ReceivedCall]:
        """A copy of the calls."""
        with self._changed:
            return list(self._calls)

    @property
    def messages(self) -> list[Message]:
        """The messages that were sent, the earliest first."""
        query = "SELECT message.*, send.subject FROM message JOIN send ON send.id = message.send ORDER BY message.id"
        return [_message(row) for row in self.store.all(query)]

    def add_event(self, event: Event) -> None:
        """Keep an event."""
        with self._changed:
            self._write_event(event)
            self._events.append(event)
            self._changed.notify_all()

    def add_call(self, call: ReceivedCall) -> None:
        """Keep a call."""
        with self._changed:
            self._write_call(call)
            self._calls.append(call)
            self._changed.notify_all()

    def clear(self) -> None:
        """Delete everything."""
        with self._changed:
            self._write_nothing()
            self.store.clear()
            self._events.clear()
            self._calls.clear()

    def wait_until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Wait until `holds()`, which is asked after each new record. Returns whether it did in time."""
        with self._changed:
            return self._changed.wait_for(holds, seconds)

    def _write_event(self, event: Event) -> None: ...

    def _write_call(self, call: ReceivedCall) -> None: ...

    def _write_nothing(self) -> None: ...


class FileState(State):
    """A `State` that is also kept in the SQLite file `path`.

    A file that does not exist is created, and only its owner may read it. One that exists keeps its mode.
    """

    def __init__(self, path: str | Path) -> None:
        super().__init__()
        self._path = Path(path)
        self._file: sqlite3.Connection | None = None
        self._messages: list[Message] = []  # those of the file that was closed

    def open(self) -> None:
        """Open the file and read its events and calls. Raises ConfigError."""
        try:
            # An absolute path, because ":memory:" is no file for SQLite.
            path = os.path.realpath(self._path)
            _create(path)
            file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        except (OSError, sqlite3.Error, ValueError) as error:
            raise self._unusable(error) from None
        try:
            with self._changed:
                self._prepare(file)
                self._events[:] = _read_events(file)
                self._calls[:] = _read_calls(file)
                self._file = file
                self.store.use(file)
        except (sqlite3.Error, ValueError, TypeError) as error:
            raise self._unusable(error) from None
        finally:
            if self._file is not file:
                file.close()

    def close(self) -> None:
        """Close the file. Events, calls and messages can still be read."""
        with self._changed:
            if self._file is not None:
                try:
                    self._messages = self.messages
                finally:
                    self.store.use(None)
                    self._file.close()
                    self._file = None

    @property
    def messages(self) -> list[Message]:
        """The messages that were sent, the earliest first."""
        with self._changed:
            return list(self._messages) if self._file is None else super().messages

    def _prepare(self, file: sqlite3.Connection) -> None:
        marks = [file.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
        if marks == [0, 0] and not file.execute("SELECT 1 FROM sqlite_master").fetchone():
            file.executescript(
                f"BEGIN; {_SCHEMA} {SCHEMA}"
                f"PRAGMA application_id={_APPLICATION}; PRAGMA user_version={_VERSION}; COMMIT;"
            )
        elif marks != [_APPLICATION, _VERSION]:
            raise ValueError("another program, or another version of this one, made it; choose another file")
        # Each call is one small write. Without a write-ahead log SQLite would wait for the disk each time.
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("PRAGMA synchronous=NORMAL")

    def _unusable(self, error: Exception) -> ConfigError:
        why = error.strerror if isinstance(error, OSError) else error
        return ConfigError(f"cannot keep the sandbox's state in {self._path} ({why})")

    def _write_event(self, event: Event) -> None:
        row = (event.email, event.event_tag, dump(event.event_data), event.time.isoformat())
        self._write("INSERT INTO event (email, event_tag, event_data, time) VALUES (?, ?, ?, ?)", row)

    def _write_call(self, call: ReceivedCall) -> None:
        params, answer = dump(call.params), dump(call.answer)
        row = (call.method, params, answer, call.time.isoformat(), call.elapsed, str(call.outcome))
        self._write("INSERT INTO call (method, params, answer, time, elapsed, outcome) VALUES (?, ?, ?, ?, ?, ?)", row)

    def _write_nothing(self) -> None:
        self._messages = []
        self._write("DELETE FROM event")
        self._write("DELETE FROM call")

    def _write(self, statement: str, row: tuple[Any, ...] = ()) -> None:
        if self._file is not None:
            self._file.execute(statement, row)


def _create(path: str) -> None:
    """Create an empty file with mode 600, which SQLite also gives to its log beside the file.

    A file that exists is not opened: to close it would release the locks of another connection of this process. SQLite
    would write its journal beside something else, such as a device.

    Raises:
        OSError: the file cannot be created.
        ValueError: there is something that is not a regular file.
    """
    if Path(path).exists() and not Path(path).is_file():
        raise ValueError("it is not a regular file; choose another file")
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _message(row: dict[str, Any]) -> Message:
    """The message in a row. Files that were made before messages were kept do not have its texts."""
    kept = load(row["data"])
    return Message(
        method=kept.get("method", ""),
        to=row["email"],
        subject=kept.get("subject", row["subject"]),
        body=kept.get("body", ""),
        content=kept.get("content", {}),
        attachments=tuple(kept.get("attachments", ())),
        fields=kept.get("fields", {}),
        undecoded=kept.get("undecoded", {}),
        ID_message=row["campaign"],
        ID_mailing_list=row["list"],
        ID_send_message=row["id"],
        time=datetime.strptime(row["date"], FORM).astimezone(timezone.utc),
    )


def _read_events(file: sqlite3.Connection) -> list[Event]:
    rows = file.execute("SELECT email, event_tag, event_data, time FROM event ORDER BY id")
    return [Event(email, tag, load(data), datetime.fromisoformat(time)) for email, tag, data, time in rows]


def _read_calls(file: sqlite3.Connection) -> list[ReceivedCall]:
    rows = file.execute("SELECT method, params, answer, time, elapsed, outcome FROM call ORDER BY id")
    return [
        ReceivedCall(
            method, tuple(load(params)), load(answer), datetime.fromisoformat(time), elapsed, _outcome(outcome)
        )
        for method, params, answer, time, elapsed, outcome in rows
    ]


def _outcome(name: str) -> str:
    return Outcome(name) if name in Outcome.__members__ else name
