"""Files of a case as one reader may have them: as uploaded, as a copy without metadata, or held by the bureau."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select, update
from sqlalchemy.orm import Session

from app.cases import confidential, locking
from app.cases.models import Case
from app.cases.view import OWN, View
from app.cases.visible import roles_in, sees
from app.definitions.pack import Pack
from app.definitions.releases import open_release
from app.errors import Conflict, NotAllowed, NotFound, words
from app.files import CLEANABLE, KINDS, kind_of_media
from app.files.models import Copy, File
from app.journal import Note
from app.people.access import Actor
from app.people.models import Membership

BUREAU, AUTHOR = "bureau", "author"
NEUTRAL = "附件"
"""The name of a confidential author's file: its own may be the author's."""


@dataclass(frozen=True)
class Leaving:
    """A file for one reader, and under which name; `as_uploaded`: its own bytes, metadata and all."""

    file: File
    as_uploaded: bool
    name: str


@dataclass(frozen=True)
class Shown:
    """A file as a page lists it. `size` is None where the copy has not been made yet.

    `held`: this reader does not get it before the bureau releases it. `keeps`: for the bureau, that others do not.
    """

    ref: str
    name: str
    size: int | None
    kind: str
    held: bool = False
    keeps: bool = False


def file(db: Session, ref: str, *, by: Actor) -> Leaving:
    """A file for its uploader until it is sent, then for who may read the answer. Raises NotFound."""
    query = select(File, Case).outerjoin(Case, Case.id == File.case_id).where(File.ref == ref)
    row = db.execute(query).first()
    if row is None:
        raise _not_found()
    found, case = row
    if case is None:
        if found.uploader_id != by.id:
            raise _not_found()
        return Leaving(found, as_uploaded=True, name=found.name)
    colleague = _is_colleague(db, found.uploader_id, by)
    if not sees(by, case) or not _may_read(found, roles_in(by, case), colleague=colleague):
        raise _not_found()
    return _leaving(db, found, case, by, colleague=colleague)


def _leaving(db: Session, found: File, case: Case, by: Actor, *, colleague: bool) -> Leaving:
    roles = roles_in(by, case)
    whole = _has_original(found, roles, by, colleague=colleague)
    hidden = not colleague and _hides_author(open_release(db, case.release_id), case, found, roles, by)
    name = _neutral(found, _number(db, found)) if hidden else found.name
    return Leaving(found, whole, name)


def of_case(db: Session, seen: View, *, by: Actor) -> dict[str, Shown]:
    """Every file that was sent in a case, by ref, as this reader may have it; one statement."""
    query = select(File, Copy, _colleague(by).label("colleague")).outerjoin(Copy, Copy.original == File.sha256)
    rows = db.execute(query.where(File.case_id == seen.case.id).order_by(File.id)).all()
    numbers = _numbers(row.File for row in rows)
    return {row.File.ref: _shown(row, seen, by, numbers) for row in rows}


def _shown(row: Any, seen: View, by: Actor, numbers: Mapping[int, int]) -> Shown:
    sent: File = row.File
    copy: Copy | None = row.Copy
    whole = _has_original(sent, seen.roles, by, colleague=row.colleague)
    hidden = not row.colleague and _hides_author(seen.pack, seen.case, sent, seen.roles, by)
    none = kind_of_media(sent.media_type) not in CLEANABLE or (copy is not None and copy.sha256 is None)
    name = _neutral(sent, numbers[sent.id]) if hidden else sent.name
    size = sent.size if whole or sent.released_at else copy.size if copy and copy.sha256 else None
    held = none and sent.released_at is None
    kind = kind_of_media(sent.media_type)
    return Shown(sent.ref, name, size, kind, held=held and not whole, keeps=held and BUREAU in seen.roles)


def release(db: Session, ref: str, *, by: Actor, at: datetime) -> str:
    """Let readers outside the bureau have a held file as it was uploaded; the case's ref. Journaled.

    Raises NotFound, NotAllowed for who does not work the bureau's cases, Conflict where nothing is held.
    """
    leaving = file(db, ref, by=by)
    locked = locking.lock_case(db, leaving.file.case_id) if leaving.file.case_id else None
    if locked is None or BUREAU not in roles_in(by, locked.case):
        raise NotAllowed(words("Only the bureau's staff can release a file."), clauses=["permission"])
    changed = update(File).where(File.ref == ref, File.released_at.is_(None))
    released = db.execute(changed.values(released_by=by.id, released_at=at))
    if not released.rowcount:  # type: ignore[attr-defined]
        raise Conflict(words("This file has been released already."))
    case = locked.case
    note = Note("file.released", data={"file": ref, "sha256": leaving.file.sha256})
    locking.append(db, case, [note], at=at, by=by.id)
    return case.ref


def _may_read(sent: File, roles: frozenset[str], *, colleague: bool) -> bool:
    readers = set(sent.readers.split())
    return bool(readers & roles) or (OWN in readers and colleague)


def _has_original(sent: File, roles: frozenset[str], by: Actor, *, colleague: bool) -> bool:
    """The bureau, the author of the matter, the uploader and the uploader's agency know what is in their papers."""
    return bool(roles & {BUREAU, AUTHOR}) or sent.uploader_id == by.id or colleague


def _hides_author(pack: Pack, case: Case, sent: File, roles: frozenset[str], by: Actor) -> bool:
    authors = {one["id"] for one in case.parties.values() if one["kind"] == "person" and one["role"] == AUTHOR}
    ours = sent.uploader_id in authors and sent.uploader_id != by.id
    return ours and not confidential.knows_author(pack, case.facts, roles)


def _neutral(sent: File, number: int) -> str:
    return f"{NEUTRAL}{number}.{KINDS[kind_of_media(sent.media_type)].endings[0]}"


def _numbers(sent: Iterable[File]) -> dict[int, int]:
    """The number of each file among those of its uploader in the case, from 1."""
    counted: dict[int, int] = {}
    numbers = {}
    for one in sent:
        numbers[one.id] = counted[one.uploader_id] = counted.get(one.uploader_id, 0) + 1
    return numbers


def _number(db: Session, sent: File) -> int:
    same = and_(File.case_id == sent.case_id, File.uploader_id == sent.uploader_id, File.id <= sent.id)
    return db.scalar(select(func.count()).where(same)) or 0


def _colleague(by: Actor) -> ColumnElement[bool]:
    """Whether the uploader serves in an agency of the reader's."""
    return exists().where(Membership.person_id == File.uploader_id, Membership.organisation_id.in_(by.agencies))


def _is_colleague(db: Session, person_id: int, by: Actor) -> bool:
    query = select(Membership.id).where(Membership.person_id == person_id)
    return db.scalar(query.where(Membership.organisation_id.in_(by.agencies)).limit(1)) is not None


def _not_found() -> NotFound:
    return NotFound(words("There is no such file here."))
