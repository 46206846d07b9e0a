"""How the machinery stands, for those who run it: workers, lag, what waits and what was given up. No case content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app import schema
from app.cases.models import Case, CaseMessage, Timer
from app.clock import Clock
from app.db import Database
from app.errors import Conflict, Words, words
from app.heartbeats import Worker
from app.jobs import beats
from app.jobs.clockwork import present
from app.journal import Entry
from app.notify.models import Channel, Delivery

MOST_DEAD = 100


@dataclass(frozen=True)
class Health:
    """Counts of the whole installation at one instant."""

    at: datetime
    workers: list[Worker]
    due: int
    lag: timedelta
    """How long the timer that is due longest has waited; nothing where none is due."""
    armed: int
    messages: int
    dead_messages: int
    incidents: int
    deliveries: dict[tuple[str, str], int]
    """By kind of channel and state."""
    entries: int
    """Of the journal so far."""

    @property
    def living(self) -> list[Worker]:
        """Whose heart beats."""
        return [worker for worker in self.workers if beats.is_fresh(worker, self.at)]


def measure(db: Session, at: datetime) -> Health:
    """The whole installation's figures; a handful of counts, each by an index."""
    oldest, due = db.execute(select(func.min(Timer.ready), func.count()).where(Timer.ready <= at)).one()
    waits, dead = CaseMessage.delivered_at.is_(None), CaseMessage.dead_at.is_not(None)
    deliveries = (
        select(Channel.kind, Delivery.state, func.count())
        .join(Channel, Channel.id == Delivery.channel_id)
        .group_by(Channel.kind, Delivery.state)
    )
    return Health(
        at=at,
        workers=beats.workers(db),
        due=due,
        lag=at - oldest if oldest else timedelta(0),
        armed=db.scalar(select(func.count()).select_from(Timer)) or 0,
        messages=db.scalar(select(func.count(CaseMessage.id)).where(waits, ~dead)) or 0,
        dead_messages=db.scalar(select(func.count(CaseMessage.id)).where(waits, dead)) or 0,
        incidents=db.scalar(select(func.count(Case.id)).where(Case.incident.is_not(None))) or 0,
        deliveries={(kind, state): number for kind, state, number in db.execute(deliveries)},
        entries=db.scalar(select(func.max(Entry.id))) or 0,
    )


@dataclass(frozen=True)
class Dead:
    """A message that was given up, without what it carries."""

    case_ref: str
    sequence: int
    message: str
    sent_at: datetime
    dead_at: datetime
    tries: int
    cause: Words


def dead_messages(db: Session, bureau_id: int) -> list[Dead]:
    """The bureau's messages that were given up, the oldest first."""
    columns = (
        Case.ref,
        CaseMessage.sequence,
        CaseMessage.message,
        CaseMessage.sent_at,
        CaseMessage.dead_at,
        CaseMessage.tries,
        CaseMessage.cause,
    )
    query = select(*columns).join(Case, Case.id == CaseMessage.case_id)
    query = query.where(
        CaseMessage.bureau_id == bureau_id, CaseMessage.delivered_at.is_(None), CaseMessage.dead_at.is_not(None)
    )
    rows = db.execute(query.order_by(CaseMessage.id).limit(MOST_DEAD))
    return [
        Dead(ref, sequence, message, sent, dead or sent, tries, Words(cause))
        for ref, sequence, message, sent, dead, tries, cause in rows
    ]


def database_of(db: Session) -> str:
    """Which database, and its version."""
    if db.get_bind().dialect.name == "sqlite":
        return f"SQLite {db.scalar(text('SELECT sqlite_version()'))}"
    return f"PostgreSQL {db.scalar(text('SHOW server_version'))}"


def faults(database: Database, clock: Clock) -> list[Words]:
    """Why this installation is not ready to work; nothing where it is."""
    try:
        schema.refuse_unknown(database.engine)
        at = present(database, clock)
        with database.reading() as db:
            workers = beats.workers(db)
    except Conflict as refused:
        return [refused.words]
    except Exception:
        return [words("The database cannot be reached.")]
    living = [worker for worker in workers if beats.is_fresh(worker, at)]
    if not living:
        return [words("No worker has given a sign of life for a minute: nothing happens by itself.")]
    if all(worker.state == beats.HELD for worker in living):
        return [words("The clock has jumped: timers wait until an administrator confirms it.")]
    if all(worker.state == beats.FAILING for worker in living):
        return [words("The workers' last look failed; the log says why.")]
    return []
