"""A box of the inbox as its list shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from app.cases import lists
from app.cases.lists import Box, Listed
from app.db import Session
from app.definitions.releases import open_release
from app.errors import words
from app.people.access import Actor
from app.web.frame import House
from app.web.pieces.due_chip import Chip, chip
from app.web.texts import gettext, named

BOXES = ("todo", "done", "drafts")
DEEPEST = 1_000


# A step that has a date in the diagram and none now: its clock stands still, or the date is not set.
DATED = {"due", "deadline"}


@dataclass(frozen=True)
class Asked:
    """Which box, what is looked for in it, and which page of it."""

    box: str
    search: str = ""
    page: int = 1


@dataclass(frozen=True)
class Item:
    """One task of the list."""

    task: Listed
    step: str
    due: Chip
    holder: str


@dataclass(frozen=True)
class Queue:
    """The list with what was asked for."""

    asked: Asked
    items: tuple[Item, ...]
    more: bool


def queue(db: Session, actor: Actor, house: House, asked: Asked) -> Queue:
    """One page of a box; one statement (a release not yet in memory is read once)."""
    page = min(max(asked.page, 1), DEEPEST)
    found = lists.tasks(db, actor, cast(Box, asked.box), search=asked.search, page=page)
    items = tuple(_item(db, one, house, actor) for one in found)
    return Queue(Asked(asked.box, asked.search, page), items, len(found) == lists.PAGE)


def _item(db: Session, one: Listed, house: House, actor: Actor) -> Item:
    due = chip(one.due, house.today, house.calendar)
    if one.due is None and open_release(db, one.release_id).step(one.process, one.element).attributes.keys() & DATED:
        due = Chip(words("no clock running"), "none")
    return Item(one, step_of(db, one), due, _holder(one, actor))


def step_of(db: Session, one: Listed) -> str:
    """The name of a listed task's step."""
    return named(open_release(db, one.release_id).step(one.process, one.element))


def _holder(one: Listed, actor: Actor) -> str:
    if one.closed_at is not None or one.holder_id == actor.id:
        return ""
    return one.holder or gettext("not taken yet")


def next_ref(db: Session, actor: Actor) -> str | None:
    """The task that stands first in this person's list now; one statement."""
    found = lists.tasks(db, actor, "todo", size=1)
    return found[0].ref if found else None
