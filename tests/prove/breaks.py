"""Negative controls: walls are taken away, in the processes under proof only; the checks must see it.

Two walls stand before a case that two people change at once, and one behind: the row's lock, the comparison of its
version, and the unique numbers of journal, tasks and letters. The first two `HOLD` alone; without any, cases break.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, Select, create_engine, text, update
from sqlalchemy.orm import Session

from app.cases import holding, inbox, locking, persist
from app.cases.models import Case
from app.db import Database, table_of
from app.errors import Conflict
from app.failpoints import failpoint

UNIQUE = ("journal_entry", "task", "letter")


def unlocked() -> None:
    """Nobody waits for a case that somebody else is changing."""
    Select.with_for_update = lambda query, **_how: query  # type: ignore[assignment, method-assign]


def uncompared() -> None:
    """Whoever comes last writes over what the other has written."""
    unlocked()

    def keep_case(db: Session, case: Case, changes: Mapping[str, Any]) -> None:
        table = table_of(Case)
        db.execute(update(table).where(table.c.id == case.id).values(version=table.c.version + 1, **changes))

    locking.keep_case = keep_case


def late_letters() -> None:
    """Letters are written after the commit, in a transaction of their own."""
    post, whole = persist._post_messages, Database.transaction

    def keep_for_later(db: Session, *letters: Any, **at: Any) -> None:
        db.info["late"] = (letters, at)

    @contextmanager
    def transaction(database: Database) -> Iterator[Session]:
        with whole(database) as db:
            yield db
        if found := db.info.pop("late", None):
            failpoint("after_send")
            with whole(database) as db:
                post(db, *found[0], **found[1])

    persist._post_messages = keep_for_later
    Database.transaction = transaction  # type: ignore[method-assign]


def forgotten_keys() -> None:
    """The same request once more is taken for another one."""

    def repeated(db: Session, held: Any, *_of_whom: Any) -> Any:
        raise Conflict(holding.closed_words(db, held.task))

    inbox._repeated = repeated


BREAKS: Mapping[str, Callable[[], None]] = {
    "": lambda: None,
    "unlocked": unlocked,
    "uncompared": uncompared,
    "unguarded": uncompared,
    "late_letters": late_letters,
    "forgotten_keys": forgotten_keys,
}


def break_(which: str) -> None:
    """Take that wall away in this process; nothing for the empty name."""
    BREAKS[which]()


def drop_unique(owner: Engine) -> None:
    """Take away the last wall, in a PostgreSQL database and by its owner: numbers may come twice."""
    names = text(
        "SELECT c.relname, x.conname FROM pg_constraint x JOIN pg_class c ON c.oid = x.conrelid"
        " WHERE x.contype = 'u' AND c.relname = ANY(:tables) AND array_length(x.conkey, 1) = 2"
    )
    with owner.begin() as connection:
        for table, name in connection.execute(names, {"tables": list(UNIQUE)}).all():
            connection.execute(text(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"'))


def owner_of(database: Database) -> Engine:
    """A connection to the same database as the owner of its tables."""
    return create_engine(database.engine.url.set(username="postgres"))
