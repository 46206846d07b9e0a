"""The database: sessions for reading and writing, and `transaction()`, the only place that commits."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import orjson
from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Dialect,
    Engine,
    ExceptionContext,
    MetaData,
    Table,
    create_engine,
    event,
    insert,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import StaticPool
from sqlalchemy.types import TypeDecorator

from app.clock import OFFICE_ZONE
from app.errors import Unavailable, words
from app.failpoints import failpoint
from app.keyring import KeyRing

__all__ = [
    "Base",
    "Database",
    "Instant",
    "Session",
    "insert_new",
    "insert_rows",
    "keys_of",
    "part_of",
    "table_of",
    "upsert",
]

log = logging.getLogger(__name__)
P = TypeVar("P")
LOCK_WAIT_MS = 5_000
NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """A moment with offset, stored as UTC, given back in the office's zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs an offset.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value).astimezone(OFFICE_ZONE)


class Base(DeclarativeBase):
    """All tables of the project."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {
        # None is SQL's NULL, never JSON's null: a query for "no incident" must find it.
        dict[str, Any]: JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
        list[Any]: JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
        datetime: Instant(),
    }


class Database:
    """One database, the keys of its protected columns, and the parts that higher floors lend to what runs in it.

    Each part is found again by its type (`part_of`); `app.assembly` says which there are.
    """

    def __init__(self, url: str, keys: KeyRing, *parts: object) -> None:
        self.engine = _engine(url)
        self.keys = keys
        info: dict[object, object] = {KeyRing: keys, **{type(part): part for part in parts}}
        self._readers = sessionmaker(self.engine, info=info, autoflush=False)
        writer = self.engine.execution_options(writer=True)
        self._writers = sessionmaker(writer, info=info, autoflush=False, expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A writing session of its own: everything in the body is kept together, or nothing is."""
        with _answering(), self._writers() as session, session.begin():
            yield session
            failpoint("before_commit")
        failpoint("after_commit")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session whose changes are never kept."""
        with _answering(), self._readers() as session:
            yield session

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


@contextmanager
def _answering() -> Iterator[None]:
    """Locked for too long, gone, or no connection left: said as what it is, so that it is tried again."""
    try:
        yield
    except (OperationalError, InterfaceError, TimeoutError) as fault:
        log.warning("the database does not answer", exc_info=fault)
        text = words("The database is busy or out of reach. Nothing has been changed; please try again in a moment.")
        raise Unavailable(text) from fault


def insert_rows(db: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows of the same columns in one statement, whose text is compiled once; nothing where there are none."""
    if rows:
        db.execute(insert(table_of(model)), [dict(row) for row in rows])


def table_of(model: type[Base]) -> Table:
    """The plain table behind a model, for statements that need no objects."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


def keys_of(db: Session) -> KeyRing:
    """The keys that belong to this session's database."""
    return part_of(db, KeyRing)


def part_of(db: Session, kind: type[P]) -> P:
    """The part of that type which this session's database was opened with. Raises LookupError where it has none."""
    part = db.info.get(kind)
    if not isinstance(part, kind):
        raise LookupError(f"this database was opened without {kind.__name__}: app.assembly opens it with all its parts")
    return part


def upsert(  # noqa: PLR0913 - the parts of one statement
    db: Session,
    model: type[Base],
    row: Mapping[str, Any],
    *,
    keys: Sequence[str],
    changes: Mapping[str, Any],
    give: str | None = None,
) -> Any:
    """Add a row; where one with the same `keys` is there, write `changes` to it instead. One statement.

    `give`: the column whose value is given back, as the row has it now.
    """
    statement = _dialect(db).insert(model).values(**row)
    kept = statement.on_conflict_do_update(index_elements=list(keys), set_=dict(changes))
    kept = kept.returning(table_of(model).c[give]) if give else kept
    done = db.execute(kept)
    return done.scalar_one() if give else None


def insert_new(db: Session, model: type[Base], *rows: Mapping[str, Any]) -> int:
    """Add the rows whose keys are not taken, in one statement; gives how many were added."""
    statement = _dialect(db).insert(table_of(model)).values([dict(row) for row in rows])
    added = db.execute(statement.on_conflict_do_nothing(), execution_options={"preserve_rowcount": True})
    return int(added.rowcount)  # type: ignore[attr-defined]


def _dialect(db: Session) -> Any:
    return postgresql if db.get_bind().dialect.name == "postgresql" else sqlite


def _engine(url: str) -> Engine:
    shared: dict[str, Any] = {
        "json_serializer": lambda value: orjson.dumps(value).decode(),
        "json_deserializer": orjson.loads,
        "hide_parameters": True,  # what was bound may be somebody's name or number: no error says it
    }
    if not url.startswith("sqlite"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        timeouts = f"-c lock_timeout={LOCK_WAIT_MS} -c statement_timeout=15000"
        engine = create_engine(url, pool_pre_ping=True, connect_args={"options": timeouts}, **shared)
        event.listen(engine, "handle_error", _say_no_values)
        return engine
    in_memory = url in ("sqlite://", "sqlite:///:memory:")
    if not in_memory:
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    pool = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}} if in_memory else {}
    engine = create_engine(url, **pool, **shared)
    event.listen(engine, "handle_error", _say_no_values)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _say_no_values(context: ExceptionContext) -> None:
    """Cut what the driver quotes of the values out of its error: it goes into logs, and on PostgreSQL names them."""
    fault = context.original_exception
    state = getattr(fault, "sqlstate", None)
    if state is None:
        return
    said = f"SQLSTATE {state}" if state.startswith("22") else str(fault).partition("\n")[0]
    fault.args = (said,)
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (f"({type(fault).__name__}) {said}",)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Durable and strict: write-ahead log, a real sync at each commit, foreign keys on."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={LOCK_WAIT_MS}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once, so that it never has to fail half way for want of it."""
    writer = connection.get_execution_options().get("writer", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")
