"""The schema as a whole: every room's tables in one place, brought up to date by numbered migrations."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from app import heartbeats, journal
from app.cases import models as cases
from app.db import Base
from app.definitions import models as definitions
from app.errors import Conflict, words
from app.files import models as files
from app.limits import models as limits
from app.notify import models as notify
from app.notify import outbox
from app.papers import models as papers
from app.people import models as people
from app.people import receipts, tokens
from app.registers import catalogue, changes

ROOMS = (
    journal,
    limits,
    catalogue,
    changes,
    heartbeats,
    cases,
    definitions,
    papers,
    files,
    notify,
    outbox,
    people,
    receipts,
    tokens,
)
"""Imported so that `metadata` knows their tables."""
metadata = Base.metadata
SCRIPTS = Path(__file__).resolve().parent.parent / "migrations"


def migrate(engine: Engine, *, app_role: str | None = None) -> None:
    """Bring the schema up to date; on PostgreSQL `app_role` is then granted what the application needs and no more.

    The role owns nothing, and of the journal and of frozen files it may only add rows.
    """
    with engine.connect() as connection:
        command.upgrade(_config(connection), "head")
        if app_role:
            _grant(connection, app_role)
        connection.commit()


def refuse_unknown(engine: Engine) -> None:
    """Refuse to work on a schema that this version does not know."""
    present = revision_of(engine)
    with engine.connect() as connection:
        wanted = ScriptDirectory.from_config(_config(connection)).get_current_head()
    if present != wanted:
        text_ = words(
            "The database is at {present}, this version needs {wanted}: run `duban migrate`.",
            present=present or "nothing",
            wanted=wanted,
        )
        raise Conflict(text_)


def revision_of(engine: Engine) -> str | None:
    """The number of the last migration that this database has had."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config


QUEUE = "wakeups"
"""Where the tables of procrastinate stand on PostgreSQL: they are the library's own, so no model of ours names them."""
APPEND_ONLY = ("journal_entry", "blob", "release", "paper", "answer", "day_row", "limit_change", "register_change")


def _grant(connection: Connection, role: str) -> None:
    name = connection.dialect.identifier_preparer.quote(role)
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {name}"))
    for table in metadata.tables:
        quoted = connection.dialect.identifier_preparer.quote(table)
        rights = "SELECT, INSERT" if table in APPEND_ONLY else "SELECT, INSERT, UPDATE, DELETE"
        connection.execute(text(f"REVOKE ALL ON {quoted} FROM {name}"))
        connection.execute(text(f"GRANT {rights} ON {quoted} TO {name}"))
    connection.execute(text(f"GRANT SELECT ON alembic_version TO {name}"))
    connection.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {name}"))
    for right in (f"USAGE ON SCHEMA {QUEUE}", f"SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {QUEUE}"):
        connection.execute(text(f"GRANT {right} TO {name}"))
    connection.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {QUEUE} TO {name}"))
