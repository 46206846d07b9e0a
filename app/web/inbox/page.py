"""A box of the inbox as its list shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from app.cases import lists
from app.cases.lists import Box, ListedTask
from app.db import Session
from app.definitions.releases import open_release
from app.errors import words
from app.people.access import Actor
from app.web.frame import Bureau
from app.web.pieces.due_chip import DueChip, chip
from app.web.texts import gettext, named

BOXES = ("todo", "done", "drafts")
DEEPEST = 1_000


# A step that has a date in the diagram and none now: its clock stands still, or the date is not set.
DATED = {"due", "deadline"}


@dataclass(frozen=True)
class InboxQuery:
    """Which box, what is looked for in it, and which page of it."""

    box: str
    search: str = ""
    page: int = 1


@dataclass(frozen=True)
class InboxRow:
    """One task of the list."""

    task: ListedTask
    step: str
    due: DueChip
    holder: str


@dataclass(frozen=True)
class InboxList:
    """The list with what was asked for."""

    asked: InboxQuery
    items: tuple[InboxRow, ...]
    more: bool


def inbox_list(db: Session, actor: Actor, bureau: Bureau, asked: InboxQuery) -> InboxList:
    """One page of a box; one statement (a release not yet in memory is read once)."""
    page = min(max(asked.page, 1), DEEPEST)
    found = lists.tasks(db, actor, cast(Box, asked.box), search=asked.search, page=page)
    items = tuple(_row(db, one, bureau, actor) for one in found)
    return InboxList(InboxQuery(asked.box, asked.search, page), items, len(found) == lists.PAGE)


def _row(db: Session, one: ListedTask, bureau: Bureau, actor: Actor) -> InboxRow:
    due = chip(one.due, bureau.today, bureau.calendar)
    if one.due is None and open_release(db, one.release_id).step(one.process, one.element).attributes.keys() & DATED:
        due = DueChip(words("no clock running"), "none")
    return InboxRow(one, step_of(db, one), due, _holder(one, actor))


def step_of(db: Session, one: ListedTask) -> str:
    """The name of a listed task's step."""
    return named(open_release(db, one.release_id).step(one.process, one.element))


def _holder(one: ListedTask, actor: Actor) -> str:
    if one.closed_at is not None or one.holder_id == actor.id:
        return ""
    return one.holder or gettext("not taken yet")


def next_task_ref(db: Session, actor: Actor) -> str | None:
    """The task that stands first in this person's list now; one statement."""
    found = lists.tasks(db, actor, "todo", size=1)
    return found[0].ref if found else None
