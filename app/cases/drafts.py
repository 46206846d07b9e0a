"""Drafts: what a person has typed in a task and not sent, sealed, with a revision so that no window wipes another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.cases import holding
from app.cases.models import Draft
from app.db import insert_new, keys_of, upsert
from app.errors import Conflict, Words, words
from app.people.access import Actor

PLACE = "draft.answers"


@dataclass(frozen=True)
class KeptDraft:
    """What is kept of a form. `revision` counts the savings; 0 while nothing has been kept."""

    answers: dict[str, Any] = field(default_factory=dict)
    revision: int = 0
    saved_at: datetime | None = None


NOTHING = KeptDraft()


class DraftChanged(Conflict):
    """The draft was written on an older one than is kept; `kept` is the one that stays."""

    def __init__(self, text: Words, kept: KeptDraft) -> None:
        super().__init__(text)
        self.kept = kept


def save(
    db: Session, task_ref: str, answers: Mapping[str, object], *, by: Actor, at: datetime, revision: int | None = None
) -> KeptDraft:
    """Keep what has been typed, unchecked; one draft a person and task.

    `revision` is that of the draft on which the answers were written; without it whatever is kept is written over.
    Raises NotFound, NotAllowed, Conflict (the task is done or held) or DraftChanged; then what was kept stays.
    """
    task = holding.offered_task(db, task_ref, by)
    typed = {"answers": _seal(db, answers), "saved_at": at}
    keys = {"task_id": task.id, "person_id": by.id}
    if revision is None:
        changes = typed | {"revision": Draft.revision + 1}
        now = upsert(db, Draft, keys | typed | {"revision": 1}, keys=list(keys), changes=changes, give="revision")
        return KeptDraft(dict(answers), now, at)
    if _written(db, keys, typed, revision):
        return KeptDraft(dict(answers), revision + 1, at)
    kept = of_task(db, task.id, by.id)
    if kept.answers == dict(answers):  # the same once more, whose answer was lost on its way
        return kept
    raise DraftChanged(words("Another window has kept something else in this form meanwhile."), kept)


def of_task(db: Session, task_id: int, person_id: int) -> KeptDraft:
    """What this person has typed in this task so far; one statement."""
    query = select(Draft.answers, Draft.revision, Draft.saved_at)
    row = db.execute(query.where(Draft.task_id == task_id, Draft.person_id == person_id)).first()
    return KeptDraft(_open(db, row.answers), row.revision, row.saved_at) if row else NOTHING


def texts_of(db: Session, person_id: int) -> Iterator[str]:
    """Every text in what this person has typed and not sent."""
    for sealed in db.scalars(select(Draft.answers).where(Draft.person_id == person_id)):
        waiting: list[Any] = [_open(db, sealed)]
        while waiting:
            one = waiting.pop()
            if isinstance(one, str):
                yield one
            waiting += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()


def _written(db: Session, keys: Mapping[str, int], typed: Mapping[str, object], revision: int) -> bool:
    """Whether the row was written; false where another window was faster, on either database."""
    if revision == 0:
        return insert_new(db, Draft, {**keys, **typed, "revision": 1}) == 1
    mine = (Draft.task_id == keys["task_id"], Draft.person_id == keys["person_id"], Draft.revision == revision)
    done = db.execute(update(Draft).where(*mine).values(**typed, revision=revision + 1))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _seal(db: Session, answers: Mapping[str, object]) -> str:
    return keys_of(db).encrypt(orjson.dumps(dict(answers)).decode(), PLACE)


def _open(db: Session, sealed: str) -> dict[str, Any]:
    return dict(orjson.loads(keys_of(db).decrypt(sealed, PLACE)))
