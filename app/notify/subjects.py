"""What sending asks of cases, which stand a floor above: may this person still know of it, and how is it called?

Cases answer through the function that they register here; without an answer nothing of a case leaves the house.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.forms.texts import Said
from app.notify.outbox import NoticeRow
from app.people.access import Actor


@dataclass(frozen=True)
class Matter:
    """What a notice is about, as far as anybody outside the house may read it: number, procedure, step, last day."""

    ref: str
    number: str
    process: Said
    step: Said | None = None
    due: date | None = None
    settled: bool = False
    """Whether the work that the notice asks for has been done meanwhile."""


Answer = Callable[[Session, Actor, NoticeRow], Matter | None]
_answers: list[Answer] = []


def answers(function: Answer) -> Answer:
    """Register the function that answers for cases: None where the recipient may not know of the case (any more)."""
    _answers[:] = [function]
    return function


def matter_of(db: Session, actor: Actor, notice: NoticeRow) -> Matter | None:
    """What the recipient may be told of the notice's case; None is a no. Raises LookupError where nobody answers."""
    if not _answers:
        raise LookupError("nobody answers for cases: import app.cases before sending")
    return _answers[0](db, actor, notice)
