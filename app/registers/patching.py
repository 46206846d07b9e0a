"""Writing registers: a row is patched, field by field, and what was there stays readable in its history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, or_, select
from sqlalchemy.orm import Session

from app.db import insert_rows, keys_of
from app.errors import Finding, Invalid, words
from app.registers.catalogue import register_named
from app.registers.changes import Change
from app.registers.register import LONGEST_KEY, Register, Row
from app.registers.values import Unfit, as_json, kept

Kept = Any
"""A row of some register, as its model has it."""


@dataclass(frozen=True)
class Writing:
    """Whose register is written, by whom (a person's id; None where a case goes on by itself), when, in which case."""

    bureau_id: int
    by: int | None
    at: datetime
    case: int | None = None


def patch(db: Session, register: str, key: str, changes: Mapping[str, Any], writing: Writing) -> Kept:
    """Lay the named fields over a row, or enter it; what is not named stays as it is. Returns the row.

    `key`: the row's key, or what else the register calls its rows by (a supervisor by person). Three statements; one
    where nothing changes. Raises Invalid for a field that the register does not have or cannot keep, naming both.
    """
    asked = register_named(register)
    values = read_values(asked, changes)
    row = db.scalar(_meant(asked, writing.bureau_id, key).with_for_update())
    if row is None:
        return _entered(db, asked, key, values, writing)
    made = list(_laid(db, asked, row, values))
    if made:
        _keep(db, asked, row, made, writing)
    return row


def enter(db: Session, register: str, key: str, values: Mapping[str, Any], writing: Writing) -> Kept:
    """Enter a row whose key nobody can have used, such as a number just drawn; two statements."""
    asked = register_named(register)
    return _entered(db, asked, key, read_values(asked, values), writing)


def _entered(db: Session, register: Register, key: str, values: Mapping[str, Any], writing: Writing) -> Kept:
    if not 0 < len(key) <= LONGEST_KEY:
        raise Invalid(words("A row needs a key of at most {most} characters.", most=LONGEST_KEY))
    row = register.model(bureau_id=writing.bureau_id, key=key, **register.fixed)
    if isinstance(row, Row):
        row.case_id = writing.case
    db.add(row)
    _keep(db, register, row, list(_laid(db, register, row, values)), writing)
    return row


def _keep(db: Session, register: Register, row: Kept, made: Sequence[Mapping[str, Any]], writing: Writing) -> None:
    if isinstance(row, Row):
        row.changed_at = writing.at
    db.flush()
    about = {"bureau_id": writing.bureau_id, "register": register.name, "row_key": row.key}
    about |= {"case_id": writing.case, "by_id": writing.by, "at": writing.at}
    insert_rows(db, Change, [about | dict(one) for one in made])


def find(db: Session, bureau_id: int, register: str, key: str) -> Kept | None:
    """The row that a key, or another name of it, means; one statement."""
    return db.scalar(_meant(register_named(register), bureau_id, key))


def read_values(register: Register, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the table keeps them. Raises Invalid with a finding for each field at fault."""
    found, faults = {}, []
    for name, given in changes.items():
        column = register.columns.get(name)
        if column is None:
            faults.append(unknown_field(register.name, name))
            continue
        try:
            found[name] = kept(column, given)
        except Unfit as fault:
            faults.append(Finding(fault.words, "register.value", element=register.name, field=name))
    if faults:
        text = words(
            'The register "{register}" cannot keep this: {faults}',
            register=register.said,
            faults=[one.words for one in faults],
        )
        raise Invalid(text, faults)
    return found


def unknown_field(register: str, field: str) -> Finding:
    """What is said of a field that a register does not have."""
    text = words('The register "{register}" has no field "{field}".', register=register, field=field)
    return Finding(text, "register.field", element=register, field=field)


def opened(db: Session, register: Register, row: Kept, name: str) -> Any:
    """The value of a column, a personal one in clear; whoever asks has been let in and journaled by the caller."""
    value = getattr(row, name)
    if value is None or not register.columns[name].personal:
        return value
    return keys_of(db).decrypt(value, f"{register.table}.{name}")


def of_bureau(register: Register, bureau_id: int) -> Select[Any]:
    """The rows of a register that belong to a bureau, in no order."""
    fixed = [getattr(register.model, name) == value for name, value in register.fixed.items()]
    return select(register.model).where(register.model.bureau_id == bureau_id, *fixed)


def is_in_force(register: Register, row: Kept) -> bool:
    """Whether a row is meant before others of the same name."""
    force = register.in_force
    return force is not None and getattr(row, force.column) in force.values


def _meant(register: Register, bureau_id: int, key: str) -> Select[Any]:
    """The row of that key first, else the one in force of that name, else the last entered."""
    model = register.model
    order, called, force = [case((model.key == key, 0), else_=1)], model.key == key, register.in_force
    if force is not None:
        called = or_(called, getattr(model, force.by) == key)
        order.append(case((getattr(model, force.column).in_(sorted(force.values)), 0), else_=1))
    query = of_bureau(register, bureau_id).where(called)
    return query.order_by(*order, model.id.desc()).limit(1)


def _laid(db: Session, register: Register, row: Kept, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, new in values.items():
        column, old = register.columns[name], opened(db, register, row, name)
        if new == old:
            continue
        if column.personal:
            setattr(row, name, None if new is None else keys_of(db).encrypt(new, f"{register.table}.{name}"))
            yield {"field": name, "old": None, "new": None, "personal": True}
            continue
        setattr(row, name, new)
        yield {"field": name, "old": as_json(old), "new": as_json(new), "personal": False}
