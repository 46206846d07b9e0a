"""Asking for a later date (办理延期): whose deadline it is, and whether it may still be extended (domain.md 2.4.8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from app import engine, feel
from app.cases.models import Case
from app.cases.visible import visible
from app.definitions.functions import FUNCTIONS
from app.definitions.manifest import Extension
from app.definitions.releases import open_release
from app.errors import Conflict, NotFound, Refusal, words
from app.limits import deadlines, extension
from app.limits.deadlines import Deadline
from app.limits.extension import LIMIT
from app.operations.calling import Call, Effects
from app.people.access import AGENCY_LANES, Actor

APPROVED = "approve"


@dataclass(frozen=True)
class Handled:
    """An agency's running deadline, the case that it runs in, and how that case's pack lets it be extended."""

    case: Case
    deadline: Deadline
    extension: Extension

    @property
    def identity(self) -> str:
        """What is extended once only: this agency's deadline as it was counted in this branch."""
        counted = self.deadline.counted_from.isoformat() if self.deadline.counted_from else ""
        return f"{self.case.ref}/{self.deadline.scope}/{self.deadline.org}/{counted}"


def check_extension(call: Call) -> Effects:
    """Take in the deadline that is to be extended, of the applicant's agency; refuse what cannot be extended.

    Parameters: `of_case` (ref) or `opinion_no`, or neither where the agency has one only; `new_due`. Raises NotFound
    (no such deadline runs), Conflict (over, asked for before) or Refusal (later than allowed), each with P-06.
    """
    by = call.by
    handled = _chosen(list(_handled(call, by))) if by is not None else None
    if handled is None:
        text = words("No deadline of your agency runs in this case.")
        raise NotFound(text, clauses=[LIMIT], fields=["opinion_no"])
    extension.refuse_late(handled.deadline, on=call.at.date())
    _refuse_again(call, handled)
    extension.refuse_too_long(handled.deadline, date.fromisoformat(str(call.parameter("new_due"))), call.functions)
    facts, deadline = handled.case.facts, handled.deadline
    known = {name: facts.get(name) for name in ("opinion_no", "title")}
    own = {
        "agency": deadline.org,
        "old_due": deadline.due.isoformat(),
        "extension_of": handled.identity,
        "decided_by_agency": _holds(call, handled.extension.by_agency, facts),
    }
    return Effects({**known, **own}, number=handled.case.number or None)


def _handled(call: Call, by: Actor) -> Iterator[Handled]:
    """The running deadlines of the applicant's agencies, in the cases that are meant and that the applicant sees."""
    agencies = {post.organisation_ref for post in by.posts if post.lane in AGENCY_LANES}
    for case in call.db.scalars(_meant(call, by)):
        pack = open_release(call.db, case.release_id)
        if (allowed := pack.manifest.extension) is None:
            continue
        instance = engine.load(case.state, pack.diagram)
        for deadline in deadlines.running(instance, pack, lambda day: call.functions["is provisional"](day) is True):
            if deadline.key == allowed.key and deadline.org in agencies:
                yield Handled(case, deadline, allowed)


def _meant(call: Call, by: Actor) -> Any:
    ref, number = call.parameters.get("of_case"), call.parameters.get("opinion_no")
    query = select(Case).where(visible(by), Case.closed_at.is_(None), Case.incident.is_(None), Case.id != call.case_id)
    if ref or number:
        query = query.where(Case.ref == ref if ref else or_(Case.number == str(number).strip(), Case.ref == number))
    return query.order_by(Case.id)


def _chosen(found: list[Handled]) -> Handled | None:
    if len(found) > 1:
        text = words("Several deadlines of your agency run; name the opinion by its number.")
        raise Refusal(text, clauses=[LIMIT], fields=["opinion_no"])
    return found[0] if found else None


def _refuse_again(call: Call, handled: Handled) -> None:
    before = select(Case.facts, Case.closed_at).where(
        Case.bureau_id == call.bureau_id, Case.process == "deadline_extension", Case.number == handled.case.number
    )
    for facts, closed_at in call.db.execute(before.where(Case.id != call.case_id)):
        approved = facts.get("decide_extension_outcome") == APPROVED
        if facts.get("extension_of") == handled.identity and (approved or closed_at is None):
            text = words("A deadline is extended once; this one has been, or is being decided on.")
            raise Conflict(text, clauses=[LIMIT])


def _holds(call: Call, written: str, facts: Mapping[str, object]) -> bool:
    condition = feel.compile(feel.expression_text(written), [*facts, *FUNCTIONS])
    return condition(facts, functions=call.functions) is True
