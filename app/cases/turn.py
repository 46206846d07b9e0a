"""The one door through which a running case changes: lock, load, one move, run to the next wait, keep, tell, record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.orm import Session

from app import engine
from app.cases import drafting
from app.cases.locking import Locked
from app.cases.outcome import outcome_of
from app.cases.persist import persist
from app.cases.progress import Progress, Turn
from app.definitions.releases import open_release
from app.engine import Instance
from app.limits.rules import rules_for
from app.people.access import Actor


@contextmanager
def turn(  # noqa: PLR0913 - what a turn is given
    db: Session,
    held: Locked,
    *,
    by: Actor | None,
    at: datetime,
    logical: datetime | None = None,
    fresh: Instance | None = None,
    receipt_key: str | None = None,
) -> Iterator[Progress]:
    """Lend the instance of a locked case for one move, then run it on and keep all that came of it.

    `fresh` is the instance of a case that starts; else it is loaded from the case's state. `receipt_key` makes the
    request that completes a task harmless when it is repeated.

    Everything is written in the caller's transaction; a refusal in the body or below leaves nothing behind.
    """
    pack = open_release(db, held.case.release_id)
    instance = fresh or engine.load(held.case.state, pack.diagram)
    given = Turn(
        held=held,
        pack=pack,
        rules=rules_for(pack, held.bureau_settings, logical or at),
        by=by,
        at=at,
        logical=logical or at,
        receipt_key=receipt_key,
        timers=tuple(instance.timers()),
        subscriptions=tuple(instance.subscriptions()),
        dues={work.id: work.due for work in instance.work()},
        drafts=frozenset(drafting.refs_of(instance.work())),
    )
    progress = Progress(db, given, instance)
    yield progress
    progress.run()
    persist(db, outcome_of(progress))
