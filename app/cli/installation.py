"""The installation that a command works on: its settings, its database, its bureau."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assembly import open_database
from app.config import Settings, read_settings
from app.db import Database
from app.errors import Conflict, NotFound, words
from app.people.models import Organisation
from app.production.role import refuse_mighty_role
from app.schema import refuse_unknown


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[Database]:
    """The installation's database, whose schema is that of this version. Raises Conflict where it is another."""
    settings = settings or read_settings()
    database = open_database(settings.database_url, settings.keyring())
    try:
        if settings.environment == "production":
            refuse_mighty_role(database.engine)
        refuse_unknown(database.engine)
        yield database
    finally:
        database.close()


def bureau_of(db: Session, ref: str | None) -> Organisation:
    """The bureau of that ref; without one, the only bureau there is. Raises NotFound or Conflict."""
    query = select(Organisation).where(Organisation.kind == "bureau").order_by(Organisation.id)
    found = list(db.scalars(query.where(Organisation.ref == ref) if ref else query))
    if not found:
        raise NotFound(words('There is no bureau "{ref}".', ref=ref or ""))
    if len(found) > 1:
        raise Conflict(words("There are several bureaus; name one with --bureau."))
    return found[0]
