"""`Store`: the lists, recipients, campaigns, messages and files of the account, in one SQLite database.

The database is in memory, or in the file that also keeps events and calls. Rules use it with SQL, and a report is a
query. Members that no query needs are kept as JSON in a column called data. A rule runs in a `transaction`, which also
holds the lock against other threads.
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

__all__ = ["FORM", "SCHEMA", "Store", "now", "page", "whole"]

# Mailkit's form of a date and time.
FORM = "%Y-%m-%d %H:%M:%S"

# Dates are text in this form, which compares as the dates do.
SCHEMA = """
CREATE TABLE mailinglist (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, description TEXT, status TEXT DEFAULT 'enabled'
);
CREATE TABLE recipient (
    id INTEGER PRIMARY KEY AUTOINCREMENT, list INTEGER, email TEXT COLLATE NOCASE, status TEXT,
    added TEXT, changed TEXT, data TEXT, UNIQUE (list, email)
);
CREATE INDEX recipient_email ON recipient (email);
CREATE TABLE unsubscription (
    id INTEGER PRIMARY KEY, email TEXT COLLATE NOCASE, date TEXT, until TEXT DEFAULT '', message INTEGER
);
CREATE TABLE topic_choice (email TEXT COLLATE NOCASE PRIMARY KEY, topics TEXT);
CREATE TABLE confirmation (id INTEGER PRIMARY KEY, email TEXT, list INTEGER, date TEXT, data TEXT);
CREATE TABLE wipe (id INTEGER PRIMARY KEY, email TEXT COLLATE NOCASE UNIQUE, recipient INTEGER, date TEXT);
CREATE TABLE campaign (id INTEGER PRIMARY KEY AUTOINCREMENT, created TEXT, data TEXT);
CREATE TABLE schedule (
    id INTEGER PRIMARY KEY AUTOINCREMENT, campaign INTEGER, created TEXT, date_send TEXT, time_zone TEXT,
    subject TEXT, data TEXT
);
CREATE TABLE send (id INTEGER PRIMARY KEY AUTOINCREMENT, campaign INTEGER, date TEXT, subject TEXT, name TEXT);
CREATE TABLE message (
    id INTEGER PRIMARY KEY AUTOINCREMENT, send INTEGER, campaign INTEGER, list INTEGER, recipient INTEGER,
    email TEXT COLLATE NOCASE, type TEXT, date TEXT, status TEXT, data TEXT
);
CREATE INDEX message_send ON message (send);
CREATE TABLE url (id INTEGER PRIMARY KEY AUTOINCREMENT, send INTEGER, url TEXT, title TEXT, UNIQUE (send, url));
CREATE TABLE response (
    id INTEGER PRIMARY KEY AUTOINCREMENT, message INTEGER, type TEXT, url INTEGER, date TEXT, data TEXT
);
CREATE INDEX response_message ON response (message);
CREATE TABLE bounce (
    id INTEGER PRIMARY KEY AUTOINCREMENT, message INTEGER, date TEXT, status TEXT, text TEXT, category TEXT
);
CREATE TABLE folder (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, parent INTEGER, date TEXT);
CREATE TABLE file (
    id INTEGER PRIMARY KEY AUTOINCREMENT, folder INTEGER, name TEXT, original TEXT, description TEXT, data BLOB,
    date TEXT
);
"""


class Store:
    """A database with the tables of the account. Threads may share it.

    Attributes:
        lock: held while the database is read or changed. It is reentrant.
    """

    def __init__(self) -> None:
        self.lock: threading.RLock = threading.RLock()
        self._own: sqlite3.Connection | None = None
        self._file: sqlite3.Connection | None = None

    def use(self, file: sqlite3.Connection | None) -> None:
        """Use this database, which has the tables; None for the one in memory."""
        with self.lock:
            self._file = file

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make one transaction of the block. `undo` and any exception roll it back."""
        with self.lock:
            connection = self._connection
            if connection.in_transaction:
                yield
                return
            connection.execute("BEGIN")
            try:
                yield
            except BaseException:
                self.undo()
                raise
            if self._connection.in_transaction:
                connection.execute("COMMIT")

    def undo(self) -> None:
        """Roll back the current transaction."""
        with self.lock:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def run(self, statement: str, *values: Any) -> int:
        """Execute a statement that changes data. Returns the id of the row that it inserted."""
        with self.lock:
            return int(self._connection.execute(statement, tuple(map(_bound, values))).lastrowid or 0)

    def all(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """The rows of a query, as dicts by the names of the columns."""
        with self.lock:
            cursor = self._connection.execute(query, tuple(map(_bound, values)))
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, found)) for found in cursor]

    def one(self, query: str, *values: Any) -> dict[str, Any] | None:
        """The first row of a query, or None."""
        found = self.all(query, *values)
        return found[0] if found else None

    def clear(self) -> None:
        """Delete everything. Ids begin at 1 again."""
        with self.lock:
            tables = self.all("SELECT name FROM sqlite_master WHERE type = 'table'")
            kept = {"event", "call", "sqlite_sequence"}
            for name in [table["name"] for table in tables if table["name"] not in kept]:
                self.run(f"DELETE FROM {name}")  # noqa: S608
            self.run("DELETE FROM sqlite_sequence")

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._file is not None:
            return self._file
        if self._own is None:
            self._own = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            # Closed with the store, or when the program ends: Python 3.13 warns about a connection that stays open.
            weakref.finalize(self, self._own.close)
            self._own.executescript(SCHEMA)
        return self._own


def now() -> str:
    """The current date and time in Mailkit's form."""
    return datetime.now().strftime(FORM)


def whole(value: Any) -> int | None:
    """An int of 64 bits, from an int or from ASCII digits; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        value = int(value)
    return value if type(value) is int and -(2**63) <= value < 2**63 else None


def _bound(value: Any) -> Any:
    """A value that SQLite takes. One of another type becomes a text that no row contains."""
    if value is None or isinstance(value, (str, bytes, float)) or whole(value) is not None:
        return value
    return repr(value)


def page(start: Any, limit: Any, most: int) -> tuple[int, int]:
    """The first id and the number of rows of a page, from parameters that are numbers, digits or empty.

    A page begins with the row that was asked for. Mailkit's documentation does not say whether its pages do.
    """
    rows = whole(limit) or 0
    return max(whole(start) or 0, 0), min(rows, most) if rows > 0 else most
