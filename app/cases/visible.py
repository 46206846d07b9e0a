"""Which cases a person may see at all: one rule, as a filter for queries and as a test of a locked row."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, or_, true

from app.cases.models import Case, Party
from app.people.access import Actor


def visible(actor: Actor) -> ColumnElement[bool]:
    """The filter that every query over cases carries: own bureau, and all of them or those one takes part in."""
    mine = Case.bureau_id == actor.bureau_id
    if actor.sees_all_cases:
        return and_(mine, true())
    takes_part = exists().where(
        Party.case_id == Case.id,
        or_(Party.person_id == actor.id, Party.organisation_id.in_(actor.agencies)),
    )
    return and_(mine, takes_part)


def sees(actor: Actor, case: Case) -> bool:
    """The same rule for a case at hand."""
    if case.bureau_id != actor.bureau_id:
        return False
    return actor.sees_all_cases or bool(roles_in(actor, case))


def roles_in(actor: Actor, case: Case) -> frozenset[str]:
    """As what a person stands to a case: words of the readers' list (bureau, agency, author, team)."""
    roles = {"bureau"} if actor.sees_all_cases else set()
    for party in case.parties.values():
        ids = {actor.id} if party["kind"] == "person" else actor.agencies
        if party["id"] in ids:
            roles.add(party["role"])
    return frozenset(roles)
