"""The migrations make exactly the tables of the models, on both databases, and the journal keeps what it has."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from app import schema
from app.cases import lifecycle
from app.db import Database
from app.errors import Conflict
from tests.builders import NOW, Office
from tests.databases import ROLE, PostgresServer


def test_models_equal_migrations(database: Database) -> None:
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
    schema.refuse_unknown(database.engine)


def test_an_unknown_schema_is_refused() -> None:
    with pytest.raises(Conflict, match="migrate"):
        schema.refuse_unknown(create_engine("sqlite://"))


@pytest.mark.parametrize("change", ["UPDATE journal_entry SET kind = 'x'", "DELETE FROM journal_entry"])
def test_the_journal_cannot_be_changed(office: Office, change: str) -> None:
    with office.database.transaction() as db:
        lifecycle.start(db, "loop", {"title": "x"}, by=office.actor("sup1"), at=NOW)
    with pytest.raises(DBAPIError, match="append-only|permission denied"), office.database.transaction() as db:
        db.execute(text(change))


def test_the_applications_role_owns_nothing(postgres: PostgresServer) -> None:
    database = postgres.database()
    with database.reading() as db:
        assert db.scalar(text("SELECT current_user")) == ROLE
        owned = text("SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = :role")
        assert db.scalar(owned, {"role": ROLE}) == 0
    with pytest.raises(DBAPIError, match="permission denied|must be owner"), database.transaction() as db:
        db.execute(text("DROP TABLE journal_entry"))
