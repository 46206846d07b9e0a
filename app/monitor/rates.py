"""The rates per agency and period (report 2), each a count over a denominator that the reader is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy import case as either
from sqlalchemy.orm import Session, aliased

from app.cases.models import Answer, Case, Task
from app.monitor.colours import Marks
from app.monitor.scope import Period, as_day, how_many, office_day, seen_by
from app.people.access import Actor
from app.people.models import Organisation
from app.registers.kept.correction_orders import CorrectionOrder

RateId = Literal["sign_on_time", "answer_on_time", "satisfaction", "adoption", "rectified", "responded"]
RATES: tuple[RateId, ...] = ("sign_on_time", "answer_on_time", "responded", "satisfaction", "adoption", "rectified")
HANDLING, RECTIFICATION = "agency_handling", "rectification"
SIGN, APPROVE, REPORT, RATING = "agency_sign", "agency_approve", "report_rectification", "rate_result"
STEPS = (SIGN, "assign_handler", "investigate_and_draft", APPROVE)
"""The steps of an agency's handling; exactly one of them is open in a running branch."""
SATISFIED, RATED = ("满意", "基本满意"), ("满意", "基本满意", "不满意")


@dataclass(frozen=True)
class Rate:
    """`counted` of `of`. `aside`: what belongs to neither, such as opinions that nobody rated."""

    counted: int = 0
    of: int = 0
    aside: int = 0

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None where there is nothing to count."""
        return self.counted / self.of if self.of else None


@dataclass(frozen=True)
class OfAgency:
    """The rates of one agency."""

    ref: str
    name: str
    rates: dict[RateId, Rate] = field(default_factory=dict)

    def rate(self, key: RateId) -> Rate:
        """One of them; nothing counted where nothing happened."""
        return self.rates.get(key, Rate())


def rates(db: Session, by: Actor, marks: Marks, period: Period = Period()) -> list[OfAgency]:  # noqa: B008 - frozen
    """The rates of each agency of the bureau; six statements.

    What has a due date belongs to the period in which that falls, and counts once it is done or past; an answer, a
    rating, an order to the period of its own day. What an agency has returned as not its own counts nowhere.
    """
    places = select(Organisation.ref, Organisation.name).where(
        Organisation.bureau_id == by.bureau_id, Organisation.kind == "agency"
    )
    found = {ref: OfAgency(ref, name) for ref, name in db.execute(places.order_by(Organisation.id))}
    for key, ref, rate in _all(db, by, marks, period):
        if ref in found:
            found[ref].rates[key] = rate
    return list(found.values())


Found = Iterable[tuple[RateId, str, Rate]]


def _all(db: Session, by: Actor, marks: Marks, period: Period) -> Found:
    yield from _signed(db, by, marks, period)
    yield from _answered(db, by, marks, period)
    yield from _adopted(db, by, period)
    yield from _rated(db, by, period)
    yield from _rectified(db, by, period)


def _of_tasks(by: Actor, process: str, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Task)
        .join(Case, Case.id == Task.case_id)
        .join(Organisation, Organisation.id == Task.organisation_id)
        .where(seen_by(by), Task.process == process, Organisation.kind == "agency")
    )


def _outcome(value: str) -> ColumnElement[bool]:
    """That the task was completed with this outcome; answers are kept as JSON."""
    given = select(Answer.id).where(
        Answer.case_id == Task.case_id, Answer.work_id == Task.work_id, Answer.element == Task.element,
        Answer.field == "outcome", Answer.value == f'"{value}"',
    )  # fmt: skip
    return and_(Task.ending == "completed", given.correlate(Task).exists())


def _failed(due: Any, marks: Marks) -> ColumnElement[bool]:
    """Still open past that day, or ended by itself after it."""
    ended = and_(Task.ending == "cancelled", office_day(Task.closed_at) > due)
    return or_(and_(Task.closed_at.is_(None), due < marks.today), ended)


def _by(due: Any) -> ColumnElement[bool]:
    """Done by that day; a task whose clock stands still has none, and is not late."""
    return or_(due.is_(None), office_day(Task.closed_at) <= due)


def _day(due: Any) -> ColumnElement[Any]:
    """The day that decides of the period."""
    return func.coalesce(due, office_day(Task.closed_at))


def _signed(db: Session, by: Actor, marks: Marks, period: Period) -> Found:
    done = and_(Task.ending == "completed", ~_outcome("return_not_ours"))
    on_time = and_(done, _by(Task.due))
    query = _of_tasks(by, HANDLING, Organisation.ref, how_many(on_time), func.count())
    query = query.where(Task.element == SIGN, or_(done, _failed(Task.due, marks)), period.holds(_day(Task.due)))
    for ref, counted, of in db.execute(query.group_by(Organisation.ref)):
        yield "sign_on_time", ref, Rate(counted, of)


def _answered(db: Session, by: Actor, marks: Marks, period: Period) -> Found:
    """One answer owed is one due date of one agency in one case, through whatever steps it went."""
    unsigned = and_(Task.element == SIGN, Task.due.is_not(None))
    due = either((unsigned, as_day(Case.facts["answer_due"].as_string())), else_=Task.due)
    done = and_(Task.element == APPROVE, _outcome("approve"))
    on_time = and_(done, _by(due))
    flags = [func.max(either((one, 1), else_=0)).label(name) for name, one in (("on_time", on_time), ("done", done))]
    owed = _of_tasks(by, HANDLING, Organisation.ref.label("ref"), *flags)
    owed = owed.where(Task.element.in_(STEPS), or_(done, _failed(due, marks)), period.holds(_day(due)))
    each = owed.group_by(Case.id, Organisation.ref, due).subquery()
    query = select(each.c.ref, func.sum(each.c.on_time), func.sum(each.c.done), func.count()).group_by(each.c.ref)
    for ref, timely, answered, of in db.execute(query):
        yield "answer_on_time", ref, Rate(timely, of)
        yield "responded", ref, Rate(answered, of)


def _adopted(db: Session, by: Actor, period: Period) -> Found:
    """The answers given in the period by what they say of the opinion; `aside`: adopted in part."""
    draft = aliased(Task)
    said = (
        select(Answer.value)
        .join(draft, and_(draft.case_id == Answer.case_id, draft.work_id == Answer.work_id))
        .where(
            Answer.case_id == Task.case_id, Answer.field == "adoption", Answer.at <= Task.closed_at,
            draft.organisation_id == Task.organisation_id,
        )
        .order_by(Answer.id.desc())
        .limit(1)
        .correlate(Task)
        .scalar_subquery()
    )  # fmt: skip
    answers = _of_tasks(by, HANDLING, Organisation.ref.label("ref"), said.label("said"))
    answers = answers.where(Task.element == APPROVE, _outcome("approve"), period.holds(office_day(Task.closed_at)))
    each = answers.subquery()
    numbers = [how_many(each.c.said == f'"{value}"') for value in ("adopted", "partially_adopted")]
    query = select(each.c.ref, func.count(), *numbers).where(each.c.said.is_not(None)).group_by(each.c.ref)
    for ref, of, adopted, partly in db.execute(query):
        yield "adoption", ref, Rate(adopted, of, partly)


def _rated(db: Session, by: Actor, period: Period) -> Found:
    """Cases by their last rating, put to the agency that led the handling; `aside`: not rated in time."""
    last = select(func.max(Task.closed_at)).where(Task.case_id == Case.id, Task.element == RATING)
    rating = Case.facts["rating"].as_string()
    led = func.coalesce(Case.facts["lead_agency"].as_string(), Case.facts["agency"].as_string())
    query = (
        select(Organisation.ref, how_many(rating.in_(SATISFIED)), how_many(rating.in_(RATED)))
        .add_columns(how_many(rating == "not_rated"))
        .select_from(Case)
        .join(Organisation, and_(Organisation.bureau_id == Case.bureau_id, Organisation.ref == led))
        .where(seen_by(by), rating.is_not(None))
        .where(period.holds(office_day(last.correlate(Case).scalar_subquery())))
        .group_by(Organisation.ref)
    )
    for ref, satisfied, of, silent in db.execute(query):
        yield "satisfaction", ref, Rate(satisfied, of, silent)


def _rectified(db: Session, by: Actor, period: Period) -> Found:
    """Correction orders by the day on which they were put to the agency."""
    entered = select(CorrectionOrder.id).where(
        CorrectionOrder.case_id == Case.id, CorrectionOrder.status == "rectified"
    )
    done = func.max(either((entered.correlate(Case).exists(), 1), else_=0)).label("done")
    orders = _of_tasks(by, RECTIFICATION, Organisation.ref.label("ref"), done).where(Task.element == REPORT)
    orders = orders.group_by(Case.id, Organisation.ref).having(period.holds(office_day(func.min(Task.opened_at))))
    each = orders.subquery()
    query = select(each.c.ref, func.sum(each.c.done), func.count()).group_by(each.c.ref)
    for ref, counted, of in db.execute(query):
        yield "rectified", ref, Rate(counted, of)
