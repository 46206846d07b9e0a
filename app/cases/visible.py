"""Which cases a person may see at all: one rule, as a filter for queries and as a test of a locked row."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, false, or_

from app.cases.models import Case, Party
from app.people.access import Actor

SUBJECT = "subject"
"""Role of a person whom the matter is about: nobody handles a matter about himself (domain.md 2.9)."""
OWN_ROLES = frozenset({"author"})
"""Roles that are the person's own, whatever post they hold (D-21)."""
OFFICE_ROLES = frozenset({"team", "bureau"})
"""Roles that a person has from a post in the bureau, and that end with it."""


def visible(actor: Actor) -> ColumnElement[bool]:
    """The filter that every query over cases carries: own bureau, and all of them or those one takes part in.

    What a person has from a post ends with the post: for an agency's staff the agency takes part, not the person.
    Whom the matter is about sees nothing of it, whatever their posts.
    """
    mine = and_(Case.bureau_id == actor.bureau_id, ~_party(Party.person_id == actor.id, Party.role == SUBJECT))
    if actor.sees_all_cases:
        return mine
    by_name = and_(Party.person_id == actor.id, Party.role.in_(_personal_roles(actor)))
    of_agency = Party.organisation_id.in_(actor.agencies) if actor.agencies else false()
    return and_(mine, _party(or_(by_name, of_agency)))


def sees(actor: Actor, case: Case) -> bool:
    """The same rule for a case at hand."""
    return case.bureau_id == actor.bureau_id and bool(roles_in(actor, case))


def roles_in(actor: Actor, case: Case) -> frozenset[str]:
    """As what a person stands to a case: words of the readers' list (bureau, agency, author, team)."""
    if is_subject(actor, case):
        return frozenset()
    roles = {"bureau"} if actor.sees_all_cases else set()
    personal = _personal_roles(actor)
    for party in case.parties.values():
        if party["kind"] == "organisation":
            roles |= {party["role"]} if party["id"] in actor.agencies else set()
        elif party["id"] == actor.id and party["role"] in personal:
            roles.add(party["role"])
    return frozenset(roles)


def is_subject(actor: Actor, case: Case) -> bool:
    """Whether the case is about this person."""
    return actor.ref in subjects_of(case)


def subjects_of(case: Case) -> frozenset[str]:
    """Refs of the persons whom the case is about: they are never offered for its steps."""
    return frozenset(ref for ref, party in case.parties.items() if party["role"] == SUBJECT)


def _personal_roles(actor: Actor) -> frozenset[str]:
    in_bureau = any(post.organisation_id == actor.bureau_id for post in actor.posts)
    return OWN_ROLES | OFFICE_ROLES if in_bureau else OWN_ROLES


def _party(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Party.case_id == Case.id, *which)
