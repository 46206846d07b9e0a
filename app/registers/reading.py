"""Who reads which rows, columns and histories of a register: nobody but those whom its declaration names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, false, literal, or_, select, true, union_all
from sqlalchemy.orm import Session

from app import journal
from app.errors import Invalid, NotAllowed, NotFound, words
from app.people.access import AGENCY_LANES, Actor
from app.registers.catalogue import REGISTERS
from app.registers.changes import Change
from app.registers.columns import Column
from app.registers.patching import Kept, of_bureau, opened
from app.registers.register import Register

HISTORY_LANE = "auditor"
"""Reads what was changed in every register, and no rows (domain.md 2.9)."""
SHORTEST_REASON, LONGEST_REASON = 4, 500
MASK = "••••••"


@dataclass(frozen=True)
class Need:
    """Why somebody reads a personal column, and when."""

    reason: str
    at: datetime


def reads_every(register: Register, actor: Actor) -> bool:
    """Whether all rows of the bureau are open to this person, by a lane of the bureau itself."""
    return bool(_bureau_lanes(actor) & register.readers.lanes)


def reads_log(actor: Actor) -> bool:
    """Whether the history of every row is open to this person, though its rows may not be."""
    return HISTORY_LANE in _bureau_lanes(actor)


def visible(register: Register, actor: Actor) -> Select[Kept]:
    """The rows that this person may read, in no order: every query for readers begins with it."""
    return of_bureau(register, actor.bureau_id).where(_open_to(register, actor))


def columns_open(register: Register, actor: Actor) -> Mapping[str, Column]:
    """The columns that this person may see; internal ones only with all rows. Personal ones are among them, masked.

    None for whoever reads the log alone.
    """
    every = reads_every(register, actor)
    if reads_log(actor) and not every:
        return {}
    return {name: column for name, column in register.columns.items() if every or not column.internal}


def shown(column: Column, row: Kept) -> object:
    """The value of a column as lists and pages show it: of a personal one, whether there is any."""
    value = getattr(row, column.name)
    return MASK if column.personal and value is not None else value


def opens_identity(register: Register, actor: Actor) -> bool:
    """Whether this person may open personal columns, with a reason."""
    return reads_every(register, actor) and bool(_bureau_lanes(actor) & register.readers.identity)


def open_identity(
    db: Session, register: Register, row: Kept, names: list[str], *, by: Actor, need: Need
) -> list[object]:
    """The personal values in clear, entered in the bureau's journal as read, with the reason; two statements.

    `row` comes from `visible`. Raises NotAllowed, NotFound for a column that is not personal, Invalid without a reason.
    """
    if row.bureau_id != by.bureau_id or not opens_identity(register, by):
        raise NotAllowed(words("Personal data of this register are not open to you."), clauses=["permission"])
    if not names or any(name not in register.columns or not register.columns[name].personal for name in names):
        raise NotFound(words("There are no such personal data here."))
    reason = need.reason.strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        text = words(
            "Say why you need this, in {least} to {most} characters.", least=SHORTEST_REASON, most=LONGEST_REASON
        )
        raise Invalid(text, fields=["reason"])
    data = {"register": register.name, "row": row.key, "fields": names, "reason": reason}
    journal.record_outside(db, by.bureau_id, [journal.Note("identity.read", data=data)], at=need.at, by=by.id)
    return [opened(db, register, row, name) for name in names]


def followed(register: Register, actor: Actor) -> Select[Kept]:
    """The rows whose history this person may read; of their values only what `columns_open` names is theirs to see."""
    return of_bureau(register, actor.bureau_id) if reads_log(actor) else visible(register, actor)


def visible_history(register: Register, actor: Actor) -> Select[Change]:
    """The changes that this person may read: of the rows that are open to them, without internal columns."""
    query = select(Change).where(Change.bureau_id == actor.bureau_id, Change.register == register.name)
    if reads_log(actor):
        return query
    keys = visible(register, actor).with_only_columns(register.model.key)
    return query.where(Change.row_key.in_(keys), Change.field.in_(list(columns_open(register, actor))))


def readable(db: Session, actor: Actor) -> list[Register]:
    """The registers in which this person may read anything, in the order of the catalogue; at most one statement."""
    logged = reads_log(actor)
    whole = {name for name, register in REGISTERS.items() if logged or reads_every(register, actor)}
    asked = [
        register
        for name, register in REGISTERS.items()
        if name not in whole and (register.readers.own or register.readers.agency)
    ]
    queries = [
        select(literal(one.name)).where(visible(one, actor).with_only_columns(literal(1)).exists()) for one in asked
    ]
    found = whole | (set(db.scalars(union_all(*queries))) if queries else set())
    return [register for name, register in REGISTERS.items() if name in found]


def _bureau_lanes(actor: Actor) -> frozenset[str]:
    """Lanes that the person serves in the bureau itself; the same lane of an agency opens nothing of the bureau's."""
    return frozenset(post.lane for post in actor.posts if post.organisation_id == actor.bureau_id)


def _open_to(register: Register, actor: Actor) -> ColumnElement[bool]:
    if reads_every(register, actor):
        return true()
    agencies = sorted({post.organisation_ref for post in actor.posts if post.lane in AGENCY_LANES})
    own = [getattr(register.model, name) == actor.ref for name in register.readers.own]
    about = [getattr(register.model, name).in_(agencies) for name in register.readers.agency if agencies]
    return or_(false(), *own, *about)
