"""Looking people and organisations up, always within one bureau, and adding them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, literal, select, union_all
from sqlalchemy.orm import Session

from app.errors import NotFound, words
from app.people.models import Account, Membership, Organisation, Person, new_ref


@dataclass(frozen=True)
class Named:
    """Somebody or something that can be chosen in a form."""

    ref: str
    name: str


def found_bureau(db: Session, ref: str, name: str, *, name_en: str = "", settings: Mapping[str, object] = {}) -> int:
    """Create a bureau, the scope of everything else; returns its id."""
    bureau = Organisation(ref=ref, kind="bureau", name=name, name_en=name_en, settings=dict(settings), duties="")
    db.add(bureau)
    db.flush()
    bureau.bureau_id = bureau.id
    db.flush()
    return bureau.id


def bureau_named(db: Session, ref: str) -> Organisation:
    """The bureau of that ref. Raises NotFound."""
    bureau = db.scalar(select(Organisation).where(Organisation.kind == "bureau", Organisation.ref == ref))
    if bureau is None:
        raise NotFound(words('There is no bureau "{ref}".', ref=ref))
    return bureau


def add_organisation(
    db: Session, bureau_id: int, ref: str, name: str, *, kind: str = "agency", name_en: str = ""
) -> int:
    """Add an agency or unit to a bureau; returns its id."""
    place = Organisation(ref=ref, bureau_id=bureau_id, kind=kind, name=name, name_en=name_en, settings={}, duties="")
    db.add(place)
    db.flush()
    return place.id


def add_person(
    db: Session,
    bureau_id: int,
    name: str,
    *,
    ref: str | None = None,
    name_en: str = "",
    born: date | None = None,
    posts: Iterable[tuple[int, str]] = (),
) -> int:
    """Add a person with their lanes as pairs of organisation id and lane; returns the person's id."""
    person = Person(bureau_id=bureau_id, ref=ref or new_ref(), name=name, name_en=name_en, born=born)
    db.add(person)
    db.flush()
    db.add_all(Membership(person_id=person.id, organisation_id=place, lane=lane) for place, lane in posts)
    db.flush()
    return person.id


def organisations(db: Session, bureau_id: int, *, kind: str = "agency") -> list[Named]:
    """The bureau's agencies (or units), by name."""
    query = select(Organisation.ref, Organisation.name).where(
        Organisation.bureau_id == bureau_id, Organisation.kind == kind
    )
    return [Named(*row) for row in db.execute(query.order_by(Organisation.id))]


def unlocked() -> ColumnElement[bool]:
    """The filter of who can be offered for something: everybody but those whose account is locked (D-36)."""
    return ~exists().where(Account.person_id == Person.id, Account.active.is_(False))


def serving(db: Session, organisation_id: int, people: Collection[int]) -> frozenset[int]:
    """Those of these persons who hold a post in the organisation now and are not locked (D-36). One statement."""
    query = select(Person.id).join(Membership, Membership.person_id == Person.id)
    return frozenset(
        db.scalars(query.where(Person.id.in_(people), Membership.organisation_id == organisation_id, unlocked()))
    )


def called(db: Session, bureau_id: int, names: Collection[str]) -> dict[str, int]:
    """Everybody of the bureau who has one of these names, ids by ref. One statement."""
    query = select(Person.ref, Person.id).where(Person.bureau_id == bureau_id, Person.name.in_(names))
    return {ref: person_id for ref, person_id in db.execute(query)}


def members(
    db: Session, bureau_id: int, lane: str, *, organisation: str | None = None, organisation_id: int | None = None
) -> list[Named]:
    """Persons who serve a lane and are not locked, in one organisation or anywhere in the bureau, by name."""
    query = (
        select(Person.ref, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Person.bureau_id == bureau_id, Membership.lane == lane, unlocked())
    )
    if organisation is not None:
        query = query.where(Organisation.ref == organisation)
    if organisation_id is not None:
        query = query.where(Organisation.id == organisation_id)
    return [Named(*row) for row in db.execute(query.distinct().order_by(Person.name))]


def names_of(db: Session, bureau_id: int, refs: Collection[str]) -> dict[str, str]:
    """Names for refs of persons and organisations; an unknown ref is left out. One statement."""
    if not refs:
        return {}
    persons = select(Person.ref, Person.name).where(Person.bureau_id == bureau_id, Person.ref.in_(refs))
    places = select(Organisation.ref, Organisation.name).where(
        Organisation.bureau_id == bureau_id, Organisation.ref.in_(refs)
    )
    return {ref: name for ref, name in db.execute(persons.union_all(places))}


@dataclass(frozen=True)
class Resolved:
    """Ids behind refs; a ref that nobody has is left out."""

    persons: Mapping[str, int]
    organisations: Mapping[str, int]


def resolve(db: Session, bureau_id: int, *, persons: Collection[str], organisations: Collection[str]) -> Resolved:
    """Ids of persons and organisations of a bureau by ref. At most one statement."""
    found: dict[str, dict[str, int]] = {"person": {}, "organisation": {}}
    queries = [
        select(table.ref, table.id, literal(kind).label("kind")).where(
            table.bureau_id == bureau_id, table.ref.in_(refs)
        )
        for kind, table, refs in (("person", Person, persons), ("organisation", Organisation, organisations))
        if refs
    ]
    if queries:
        for ref, row_id, kind in db.execute(union_all(*queries)):
            found[kind][ref] = row_id
    return Resolved(found["person"], found["organisation"])
