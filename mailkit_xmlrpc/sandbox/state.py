"""Where events and calls are kept: `State` in memory, `FileState` also in one SQLite file.

Both are used alike. `FileState` reads its file when it is opened and from then on writes every record at once,
so that what a call changed is in the file before the caller has its answer.
"""

from __future__ import annotations

import sqlite3
import threading
from datetime import datetime
from pathlib import Path
from typing import Any, Callable

from ..errors import ConfigError, Outcome
from .jsonable import dump, load
from .records import Call, Event
from .store import SCHEMA, Store

__all__ = ["FileState", "State"]

# Ours, and in this form: other files are left alone.
_APPLICATION = 0x4D4B5842  # "MKXB"
_VERSION = 2

_SCHEMA = """
CREATE TABLE event (id INTEGER PRIMARY KEY, email TEXT, event_tag TEXT, event_data TEXT, time TEXT);
CREATE TABLE call (
    id INTEGER PRIMARY KEY, method TEXT, params TEXT, answer TEXT, time TEXT, elapsed REAL, outcome TEXT
);
"""


class State:
    """Events and calls, in the order in which they came; safe to share between threads.

    Attributes:
        store: everything else that the account holds.
    """

    def __init__(self) -> None:
        self.store = Store()
        # One lock for all: a rule that is at work in the store may add an event.
        self._changed = threading.Condition(self.store.lock)
        self._events: list[Event] = []
        self._calls: list[Call] = []

    def open(self) -> None:
        """Get ready. Raises ConfigError if the file cannot be used."""

    def close(self) -> None:
        """Let go of the file; what was kept can still be read."""

    @property
    def events(self) -> list[Event]:
        """A copy of the events."""
        with self._changed:
            return list(self._events)

    @property
    def calls(self) -> list[Call]:
        """A copy of the calls."""
        with self._changed:
            return list(self._calls)

    def add_event(self, event: Event) -> None:
        """Keep an event."""
        with self._changed:
            self._write_event(event)
            self._events.append(event)
            self._changed.notify_all()

    def add_call(self, call: Call) -> None:
        """Keep a call."""
        with self._changed:
            self._write_call(call)
            self._calls.append(call)
            self._changed.notify_all()

    def clear(self) -> None:
        """Forget everything."""
        with self._changed:
            self._write_nothing()
            self.store.clear()
            self._events.clear()
            self._calls.clear()

    def wait_until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Wait until `holds()` after some record was added; whether it did in time."""
        with self._changed:
            return self._changed.wait_for(holds, seconds)

    def _write_event(self, event: Event) -> None: ...

    def _write_call(self, call: Call) -> None: ...

    def _write_nothing(self) -> None: ...


class FileState(State):
    """A `State` that is also kept in the SQLite file `path`, made if there is none."""

    def __init__(self, path: str | Path) -> None:
        super().__init__()
        self._path = Path(path)
        self._file: sqlite3.Connection | None = None

    def open(self) -> None:
        """Open the file and read what it holds. Raises ConfigError."""
        try:
            file = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._unusable(str(error)) from None
        try:
            with self._changed:
                self._prepare(file)
                self._events[:] = _read_events(file)
                self._calls[:] = _read_calls(file)
                self._file = file
                self.store.use(file)
        except (sqlite3.Error, ValueError, KeyError) as error:
            raise self._unusable(str(error)) from None
        finally:
            if self._file is not file:
                file.close()

    def close(self) -> None:
        """Close the file; what was kept can still be read."""
        with self._changed:
            if self._file is not None:
                self.store.use(None)
                self._file.close()
                self._file = None

    def _prepare(self, file: sqlite3.Connection) -> None:
        marks = [file.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
        if marks == [0, 0] and not file.execute("SELECT 1 FROM sqlite_master").fetchone():
            file.executescript(
                f"BEGIN; {_SCHEMA} {SCHEMA}"
                f"PRAGMA application_id={_APPLICATION}; PRAGMA user_version={_VERSION}; COMMIT;"
            )
        elif marks != [_APPLICATION, _VERSION]:
            raise self._unusable("it was made by another program, or another version of this one")
        # One small write a call: without a log of its own, SQLite would wait for the disk each time.
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("PRAGMA synchronous=NORMAL")

    def _unusable(self, why: str) -> ConfigError:
        return ConfigError(f"cannot keep the sandbox's state in {self._path} ({why})")

    def _write_event(self, event: Event) -> None:
        row = (event.email, event.event_tag, dump(event.event_data), event.time.isoformat())
        self._write("INSERT INTO event (email, event_tag, event_data, time) VALUES (?, ?, ?, ?)", row)

    def _write_call(self, call: Call) -> None:
        params, answer = dump(call.params), dump(call.answer)
        row = (call.method, params, answer, call.time.isoformat(), call.elapsed, str(call.outcome))
        self._write("INSERT INTO call (method, params, answer, time, elapsed, outcome) VALUES (?, ?, ?, ?, ?, ?)", row)

    def _write_nothing(self) -> None:
        self._write("DELETE FROM event")
        self._write("DELETE FROM call")

    def _write(self, statement: str, row: tuple[Any, ...] = ()) -> None:
        if self._file is not None:
            self._file.execute(statement, row)


def _read_events(file: sqlite3.Connection) -> list[Event]:
    rows = file.execute("SELECT email, event_tag, event_data, time FROM event ORDER BY id")
    return [Event(email, tag, load(data), datetime.fromisoformat(time)) for email, tag, data, time in rows]


def _read_calls(file: sqlite3.Connection) -> list[Call]:
    rows = file.execute("SELECT method, params, answer, time, elapsed, outcome FROM call ORDER BY id")
    return [
        Call(method, tuple(load(params)), load(answer), datetime.fromisoformat(time), elapsed, _outcome(outcome))
        for method, params, answer, time, elapsed, outcome in rows
    ]


def _outcome(name: str) -> str:
    return Outcome(name) if name in Outcome.__members__ else name
