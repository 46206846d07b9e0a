"""Posts given and taken: lanes and organisations that there are, and duties that one person may not unite."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.errors import Conflict, Finding, Invalid, NotFound, Words, words
from app.people.access import AGENCY_LANES
from app.people.models import Membership, Organisation

BUREAU_LANES = frozenset(
    "supervisor applicant public bureau_clerk bureau_head bureau_leader bureau_meeting investigation_team archivist"
    " process_owner manager auditor sys_admin".split()
)
LANES = BUREAU_LANES | AGENCY_LANES | {"recommending_unit"}
"""Every lane that a person can serve (domain.md 2.1)."""
DUTIES = (
    frozenset({"sys_admin"}),
    frozenset({"auditor"}),
    frozenset({"process_owner"}),
    frozenset({"manager", "bureau_leader", "agency_leader"}),
)
"""Duties kept apart: system, audit, rules, command. A person holds posts of one of them at most."""

Post = tuple[int, str]


def read_post(db: Session, bureau_id: int, text: str) -> Post:
    """The organisation id and lane of `lane` (in the bureau) or `lane@organisation`.

    Raises Invalid for a lane or an organisation that there is not, naming those that there are.
    """
    lane, _, ref = text.partition("@")
    query = select(Organisation.ref, Organisation.id).where(Organisation.bureau_id == bureau_id)
    places = {known: place for known, place in db.execute(query)}
    if lane not in LANES:
        raise _unknown(words('There is no lane "{lane}"; there are: {known}', lane=lane, known=" ".join(sorted(LANES))))
    if ref and ref not in places:
        raise _unknown(
            words('There is no organisation "{ref}"; there are: {known}', ref=ref, known=" ".join(sorted(places)))
        )
    place = places[ref] if ref else bureau_id
    if (lane in AGENCY_LANES) == (place == bureau_id):
        raise _unknown(words('"{lane}" is not a lane of this organisation.', lane=lane))
    return place, lane


def refuse_united(lanes: Iterable[str]) -> None:
    """Refuse posts of two duties that are kept apart in one hand. Raises Invalid."""
    held = set(lanes)
    united = [duty & held for duty in DUTIES if duty & held]
    if len(united) > 1:
        named = " ".join(sorted(lane for duty in united for lane in duty))
        raise _unknown(words("One person may not hold these duties together: {lanes}", lanes=named))


def lanes_of(db: Session, person_id: int) -> set[str]:
    """The lanes that a person serves."""
    return set(db.scalars(select(Membership.lane).where(Membership.person_id == person_id)))


def give(db: Session, person_id: int, posts: Collection[Post]) -> None:
    """Give a person posts. Raises Invalid where duties would be united, Conflict where a post is held already."""
    query = select(Membership.organisation_id, Membership.lane).where(Membership.person_id == person_id)
    held = {(place, lane) for place, lane in db.execute(query)}
    if held & set(posts):
        raise Conflict(words("The person holds this post already."))
    refuse_united(lane for _, lane in (*held, *posts))
    for place, lane in posts:
        db.execute(insert(Membership).values(person_id=person_id, organisation_id=place, lane=lane))


def take(db: Session, person_id: int, post: Post) -> None:
    """Take a post away; its tasks are given back by `app.cases.absence.leave`. Raises NotFound."""
    place, lane = post
    mine = Membership.person_id == person_id, Membership.organisation_id == place, Membership.lane == lane
    if db.execute(delete(Membership).where(*mine)).rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound(words("The person does not hold this post."))


def _unknown(text: Words) -> Invalid:
    return Invalid(text, [Finding(text, rule="post", field="lane")])
