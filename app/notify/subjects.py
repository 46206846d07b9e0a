"""What sending asks of cases, which stand a floor above: may this person still know of it, and how is it called?

The function that answers for cases is a part of the database (`app.assembly`); without it nothing of a case goes out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.db import part_of
from app.forms.texts import Said
from app.notify.outbox import NoticeRow
from app.people.access import Actor


@dataclass(frozen=True)
class Subject:
    """What a notice is about, as far as anybody outside may read it: number, procedure, step, last day."""

    ref: str
    number: str
    process: Said
    step: Said | None = None
    due: date | None = None
    settled: bool = False
    """Whether the work that the notice asks for has been done meanwhile."""


Answer = Callable[[Session, Actor, NoticeRow], Subject | None]


@dataclass(frozen=True)
class Subjects:
    """The function that answers for cases: None where the recipient may not know of the case (any more)."""

    answer: Answer


def subject_of(db: Session, actor: Actor, notice: NoticeRow) -> Subject | None:
    """What the recipient may be told of the notice's case; None is a no."""
    return part_of(db, Subjects).answer(db, actor, notice)
