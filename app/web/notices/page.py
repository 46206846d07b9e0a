"""Notices as their page shows them: by day, each a sentence, with what the reader may see and nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from app.cases.notices import ListedNotice, last_day
from app.errors import Words, words
from app.notify.wording import KINDS, sentence
from app.web.frame import Bureau
from app.web.pieces.due_chip import DueChip, chip

URGENT = frozenset({"overdue", "supervised", "urged"})


@dataclass(frozen=True)
class NoticeLine:
    """One notice: its kind, its sentence, when, and the due date of the work while it is open."""

    id: int
    kind: Words
    text: Words
    title: str
    time: str
    iso: str
    read: bool
    urgent: bool
    leads: bool
    due: DueChip | None


@dataclass(frozen=True)
class NoticeDay:
    """The notices of one day."""

    day: date
    lines: tuple[NoticeLine, ...]


def notices_by_day(found: list[ListedNotice], bureau: Bureau | None, *, exact: bool = True) -> list[NoticeDay]:
    """The notices in the order in which they came, the newest first, grouped by the office's day.

    Without `exact` no line has its time: for an agency it would be the instant at which somebody sent the matter in.
    """
    grouped = groupby(found, key=lambda one: one.at.date())
    return [NoticeDay(day, tuple(_line(one, bureau, exact=exact) for one in told)) for day, told in grouped]


def _line(one: ListedNotice, bureau: Bureau | None, *, exact: bool) -> NoticeLine:
    due = last_day(one)
    gone = words("This matter is no longer open to you.")
    return NoticeLine(
        id=one.id,
        kind=KINDS[one.about],
        text=gone if one.hidden else sentence(one.about, one.matter, one.data),
        title=one.case_title,
        time=f"{one.at:%H:%M}" if exact else "",
        iso=one.at.isoformat() if exact else one.at.date().isoformat(),
        read=one.read,
        urgent=one.about in URGENT,
        leads=one.matter is not None,
        due=chip(due, bureau.today, bureau.calendar) if due and bureau else None,
    )
