"""The bureau's limits: what applies now, who changed it, when and why; law and local policy told apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import journal
from app.definitions.manifest import Policy
from app.definitions.pack import Pack
from app.engine import Step
from app.errors import Conflict, Finding, Invalid, NotAllowed, NotFound, Words, words
from app.feel import expression_text
from app.journal import Note
from app.limits.deadlines import LAW, clauses_of
from app.limits.models import LimitChange
from app.people.access import Actor
from app.people.models import Organisation, Person

MOST = {"working_day": 365, "calendar_day": 730, "month": 60}
"""Beyond which a limit is a mistake, by its unit."""
LEAST_WHY, MOST_WHY = 4, 500
PER_CASE = "P-08"
"""Follow-up begins when the due day is over: no days are counted (2.7)."""


@dataclass(frozen=True)
class LimitChanged:
    """One change of a limit: from what, to what, who, when and why."""

    policy: str
    before: int
    amount: int
    why: str
    at: datetime
    who: str


@dataclass(frozen=True)
class Limit:
    """A limit as the owner sees it. `running`: open tasks that have a date from it, and keep that date."""

    policy: Policy
    clauses: tuple[str, ...]
    """The clauses of the bureau's own regulation behind it."""
    amount: int
    least: int
    most: int
    editable: bool
    running: int
    last: LimitChanged | None


def limits(
    db: Session, bureau_id: int, pack: Pack, settings: Mapping[str, Any], *, running: Mapping[str, int]
) -> list[Limit]:
    """Every limit of the release in force, the law's own first; one statement.

    `running`: how many open tasks have a date from each limit (`cases.running`).
    """
    own = settings.get("policies", {})
    last = {one.policy: one for one in reversed(history(db, bureau_id))}
    found = sorted(pack.policies.values(), key=lambda policy: (policy.source != LAW, policy.id))
    return [
        Limit(
            policy=policy,
            clauses=clauses_of(pack, policy),
            amount=own.get(policy.id, policy.amount),
            least=_least(policy),
            most=MOST[policy.unit],
            editable=policy.id != PER_CASE,
            running=running.get(policy.id, 0),
            last=last.get(policy.id),
        )
        for policy in found
    ]


def history(db: Session, bureau_id: int, *, policy: str | None = None, most: int = 500) -> list[LimitChanged]:
    """Changes, the latest first; one statement."""
    columns = (LimitChange.policy, LimitChange.before, LimitChange.amount, LimitChange.why, LimitChange.at, Person.name)
    query = select(*columns).join(Person, Person.id == LimitChange.by_id).where(LimitChange.bureau_id == bureau_id)
    if policy is not None:
        query = query.where(LimitChange.policy == policy)
    return [LimitChanged(*row) for row in db.execute(query.order_by(LimitChange.id.desc()).limit(most))]


def change(  # noqa: PLR0913 - one change's parts
    db: Session, pack: Pack, policy_id: str, amount: str, why: str, *, before: str, by: Actor, at: datetime
) -> LimitChanged:
    """Set a limit from now on; what runs keeps its value.

    `before`: the value on the page, so that nobody undoes a change that they have not seen. Raises NotAllowed for
    anybody but a process owner, NotFound, Conflict, and Invalid with the clause for what the law or sense forbids.
    """
    if "process_owner" not in by.lanes:
        raise NotAllowed(words("Only a process owner changes limits."), clauses=["permission"])
    policy = pack.policies.get(policy_id)
    if policy is None:
        raise NotFound(words("There is no such limit."))
    wanted = _wanted(policy, amount, why)
    here = Organisation.id == by.bureau_id
    settings = dict(db.scalar(select(Organisation.settings).where(here).with_for_update()) or {})
    now = settings.get("policies", {}).get(policy.id, policy.amount)
    if str(now) != before.strip():
        raise Conflict(words("Somebody has just set this limit to {amount}. Look at the page again.", amount=now))
    if wanted == now:
        raise Invalid(words("The limit is {amount} already.", amount=now), fields=["amount"])
    row = {"policy": policy.id, "before": now, "amount": wanted, "why": why.strip()}
    db.add(LimitChange(bureau_id=by.bureau_id, by_id=by.id, at=at, **row))
    changed = {**settings, "policies": {**settings.get("policies", {}), policy.id: wanted}}
    db.execute(update(Organisation).where(here).values(settings=changed))
    journal.record_outside(db, by.bureau_id, [Note("limit.changed", data=row)], at=at, by=by.id)
    return LimitChanged(**row, at=at, who=by.name)


def _wanted(policy: Policy, amount: str, why: str) -> int:
    """The amount as a number. Raises Invalid with everything that is wrong."""
    if policy.id == PER_CASE:
        raise Invalid(words("Follow-up begins when the due day is over; there is nothing to set."))
    found = list(_amount_faults(policy, amount))
    if not LEAST_WHY <= len(why.strip()) <= MOST_WHY:
        said = words("Give a reason of {least} to {most} characters.", least=LEAST_WHY, most=MOST_WHY)
        found.append(Finding(said, field="why"))
    if found:
        raise Invalid(words("The limit stays as it is."), found)
    return int(_digits(amount))


def _amount_faults(policy: Policy, amount: str) -> Iterator[Finding]:
    digits = _digits(amount)
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        said = words('"{value}" is no whole number of days.', value=amount.strip()[:20])
        if policy.unit == "month":
            said = words('"{value}" is no whole number of months.', value=amount.strip()[:20])
        yield Finding(said, field="amount")
    elif int(digits) < _least(policy):
        clause = policy.basis.split()[0] if policy.source == LAW and policy.basis else None
        yield Finding(_too_short(policy), field="amount", clause=clause)
    elif int(digits) > MOST[policy.unit]:
        yield Finding(words("More than {most} cannot be meant.", most=MOST[policy.unit]), field="amount")


def _too_short(policy: Policy) -> Words:
    if policy.source == LAW:
        return words("The law asks for at least {least} ({clause}).", least=_least(policy), clause=policy.basis)
    return words("A limit has at least {least}.", least=_least(policy))


def _digits(amount: str) -> str:
    return unicodedata.normalize("NFKC", amount).strip()


def _least(policy: Policy) -> int:
    return policy.minimum if policy.minimum is not None else 0 if policy.id == PER_CASE else 1


def limit_of(pack: Pack, process: str, element: str) -> Policy | None:
    """The limit behind a step's due date: its own, or that of the step which has set the date it shares."""
    found = source_of(pack, pack.step(process, element))
    return found[0] if found else None


def source_of(pack: Pack, step: Step) -> tuple[Policy, Step] | None:
    """That limit with the step that counts it."""
    fact = expression_text(step.attributes["due"]) if "due" in step.attributes else None
    candidates: Iterable[Step] = [step]
    if fact is not None:
        processes = pack.diagram.processes.values()
        candidates = [one for p in processes for one in p.steps.values() if one.attributes.get("dueKey") == fact]
    for one in candidates:
        policy = pack.policies.get(one.attributes.get("deadline", ""))
        if policy is not None:
            return policy, one
    return None
