"""Who may do what: the person who acts, and one table of audiences. What is not named here is denied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import Session, aliased

from app.db import Base
from app.errors import NotAllowed, NotFound, words
from app.people.models import Account, Membership, Organisation, Person

Held = TypeVar("Held", bound=Base)

CASE_LANES = frozenset({"bureau_clerk", "bureau_head", "bureau_leader", "bureau_meeting", "archivist", "manager"})
"""Lanes of the bureau that see every case of the bureau (domain.md 2.9)."""
AGENCY_LANES = frozenset({"agency_liaison", "agency_handler", "agency_leader"})
HEADS = frozenset({"agency_liaison", "agency_leader", "bureau_head", "bureau_leader"})
"""Lanes that may take a held task of their organisation back and name somebody anew (D-36)."""


@dataclass(frozen=True)
class Post:
    """One membership: a lane in an organisation."""

    organisation_id: int
    organisation_ref: str
    organisation_name: str
    lane: str


@dataclass(frozen=True)
class Actor:
    """A person with the rights that they have now, as read from the database of this request or transaction."""

    id: int
    ref: str
    name: str
    bureau_id: int
    posts: tuple[Post, ...] = ()

    @property
    def lanes(self) -> frozenset[str]:
        """Every lane that the person serves, in whatever organisation."""
        return frozenset(post.lane for post in self.posts)

    @property
    def sees_all_cases(self) -> bool:
        """Whether all cases of the bureau are open to this person."""
        return any(post.organisation_id == self.bureau_id and post.lane in CASE_LANES for post in self.posts)

    @property
    def learns_instants(self) -> bool:
        """Whether this person may learn when to the minute a matter came in: of agencies' staff, none."""
        return self.sees_all_cases or not self.agencies

    @property
    def agencies(self) -> frozenset[int]:
        """The agencies for which the person acts."""
        return frozenset(post.organisation_id for post in self.posts if post.lane in AGENCY_LANES)

    def serves(self, lane: str, organisation_id: int | None) -> bool:
        """Whether a task of that lane in that organisation is offered to this person."""
        return any(
            post.lane == lane and (organisation_id is None or post.organisation_id == organisation_id)
            for post in self.posts
        )


AUDIENCES: Mapping[str, Callable[[Actor | None], bool]] = {
    "anyone": lambda actor: True,
    "signed_in": lambda actor: actor is not None,
    "workers": lambda actor: actor is not None and bool(actor.lanes - {"auditor", "sys_admin", "process_owner"}),
    "bureau": lambda actor: actor is not None and actor.sees_all_cases,
    "owners": lambda actor: actor is not None and "process_owner" in actor.lanes,
    "managers": lambda actor: actor is not None and bool(actor.lanes & {"manager", "bureau_head", "bureau_leader"}),
    "administrators": lambda actor: actor is not None and "sys_admin" in actor.lanes,
    "auditors": lambda actor: actor is not None and "auditor" in actor.lanes,
}
"""Each route names one of these; a route that names none stops the start."""


def admit(audience: str, actor: Actor | None) -> None:
    """Refuse whoever does not belong to that audience."""
    if not AUDIENCES[audience](actor):
        raise NotAllowed(words("This page is not open to you."), clauses=["permission"])


def actor_of(db: Session, person_id: int) -> Actor:
    """The person with today's rights; one statement. Raises NotFound."""
    return _actor(db, _posts().where(Person.id == person_id))


def actor_by_ref(db: Session, bureau_id: int, ref: str) -> Actor:
    """The same by the person's ref within a bureau."""
    return _actor(db, _posts().where(Person.bureau_id == bureau_id, Person.ref == ref))


def account_and_actor(db: Session, **key: str) -> tuple[Account, Actor] | None:
    """The account found by `username` or `uniquifier`, with its person's rights; one statement."""
    ((column, value),) = key.items()
    rows = db.execute(_by_account(column), {"value": value}).all()
    return (rows[0].Account, _assemble(rows)) if rows else None


def actor_beside(db: Session, model: type[Held], *which: ColumnElement[bool]) -> tuple[Held, Account, Actor] | None:
    """A row that hangs on a person (`person_id`), their account and their rights; one statement."""
    query = _posts().add_columns(Account, model).join(Account, Account.person_id == Person.id)
    rows = db.execute(query.join(model, model.person_id == Person.id).where(*which)).all()  # type: ignore[attr-defined]
    return (getattr(rows[0], model.__name__), rows[0].Account, _assemble(rows)) if rows else None


@cache  # built once: every request reads its rights by it
def _by_account(column: str) -> Select[tuple[object, ...]]:
    query = _posts().add_columns(Account).join(Account, Account.person_id == Person.id)
    return query.where(getattr(Account, column) == bindparam("value"))


@cache
def _posts() -> Select[tuple[object, ...]]:
    place = aliased(Organisation)
    return (
        select(Person.id, Person.ref, Person.name, Person.bureau_id, Membership.lane)
        .add_columns(place.id.label("place_id"), place.ref.label("place_ref"), place.name.label("place_name"))
        .select_from(Person)
        .outerjoin(Membership, Membership.person_id == Person.id)
        .outerjoin(place, place.id == Membership.organisation_id)
        .order_by(Membership.id)
    )


def _actor(db: Session, query: Select[tuple[object, ...]]) -> Actor:
    rows = db.execute(query).all()
    if not rows:
        raise NotFound(words("There is no such person here."))
    return _assemble(rows)


def _assemble(rows: object) -> Actor:
    first = rows[0]  # type: ignore[index]
    posts = tuple(
        Post(row.place_id, row.place_ref, row.place_name, row.lane)
        for row in rows  # type: ignore[attr-defined]
        if row.lane
    )
    return Actor(first.id, first.ref, first.name, first.bureau_id, posts)
