"""The monitor for scripts of managers: counts, what is overdue, rates, incidents, and trying a stopped case again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from app import monitor
from app.cases import failing
from app.db import Session
from app.errors import Invalid, NotFound, words
from app.monitor.incidents import standing_still
from app.monitor.rates import OfAgency as Counted
from app.people.access import Actor
from app.web.api.once import Done, once
from app.web.api.shapes import Query, Shape
from app.web.delivery import resume
from app.web.frame import Bureau
from app.web.guard import actor, audience, now, reading
from app.web.rendering import bureau_here
from app.web.texts import tell

bp = APIBlueprint("api_monitor", __name__, tag="monitor", url_prefix="/api/v1/monitor")


class Group(Shape):
    """Cases of a process or at an agency, by the colour of the earliest due date of their open steps."""

    key: str
    total: int
    colours: dict[str, int]


class Numbers(Shape):
    """The four numbers of the board, and the same by process and by agency."""

    in_flight: int
    due_this_week: int
    overdue: int
    stopped: int
    processes: list[Group]
    agencies: list[Group]


class LateStep(Shape):
    """An open step past its last day; `days`: working days past it."""

    case: str
    number: str
    title: str
    process: str
    element: str
    lane: str
    organisation: str
    organisation_name: str
    due: date
    days: int
    level: str


class Overdue(Shape):
    """What is overdue, the longest first; `total` counts also what is not listed."""

    items: list[LateStep]
    total: int


class Days(Query):
    """A period, both days within; an end that is left out is open."""

    start: date | None = Field(None, description="First day.")
    end: date | None = Field(None, description="Last day.")


class Rate(Shape):
    """`counted` of `of`; `aside` belongs to neither."""

    counted: int
    of: int
    aside: int


class OfAgency(Shape):
    """The rates of an agency."""

    agency: str
    name: str
    rates: dict[str, Rate]


class Rates(Shape):
    """The rates of each agency."""

    items: list[OfAgency]


class Incident(Shape):
    """A case that stands still until somebody tries it again."""

    case: str
    process: str
    number: str
    title: str
    since: datetime | None
    tries: int
    cause: str
    element: str | None


class Incidents(Shape):
    """The cases that stand still, the oldest first."""

    items: list[Incident]
    total: int


class Tried(Shape):
    """That a case was set going again; whether it goes is seen among the incidents."""

    case: str


@bp.get("/counts")
@bp.output(Numbers)
@audience("managers")
def counts() -> Any:
    """How many cases are in flight, due, overdue, stopped."""
    with reading() as db:
        by, marks = actor(), monitor.marks_of(bureau_here(db).rules)
        found = monitor.counts(db, by, marks)
        groups = {
            along: [Group(key=one.key, total=one.total, colours=one.colours) for one in tallies]
            for along, tallies in (
                ("processes", monitor.groups(db, by, marks, "process")),
                ("agencies", monitor.groups(db, by, marks, "agency")),
            )
        }
        numbers = {"in_flight": found.in_flight, "due_this_week": found.this_week}
        return Numbers(**numbers, overdue=found.late, stopped=found.stopped, **groups)


@bp.get("/overdue")
@bp.output(Overdue)
@audience("managers")
def overdue() -> Any:
    """Open steps past their last day."""
    with reading() as db:
        bureau = bureau_here(db)
        found = monitor.overdue(db, actor(), monitor.marks_of(bureau.rules), bureau.calendar)
    alike = ("number", "title", "process", "element", "lane", "due", "days", "level")
    items = [
        LateStep(
            case=one.case_ref,
            organisation=one.place_ref,
            organisation_name=one.place,
            **{name: getattr(one, name) for name in alike},
        )
        for one in found.rows
    ]
    return Overdue(items=items, total=found.total)


@bp.get("/rates")
@bp.input(Days, location="query", arg_name="asked")
@bp.output(Rates)
@audience("managers")
def rates(asked: Days) -> Any:
    """Rates of the agencies in a period."""
    if asked.start and asked.end and asked.end < asked.start:
        raise Invalid(words("The period ends before it begins."), fields=["end"])
    with reading() as db:
        marks = monitor.marks_of(bureau_here(db).rules)
        found = monitor.rates(db, actor(), marks, monitor.Period(asked.start, asked.end))
    return Rates(items=[_of_agency(one) for one in found])


def _of_agency(one: Counted) -> OfAgency:
    shares = {key: Rate(counted=rate.counted, of=rate.of, aside=rate.aside) for key, rate in one.rates.items()}
    return OfAgency(agency=one.ref, name=one.name, rates=shares)


@bp.get("/incidents")
@bp.output(Incidents)
@audience("managers")
def incidents() -> Any:
    """Cases that stand still."""
    with reading() as db:
        found = monitor.incidents(db, actor())
    alike = ("process", "number", "title", "since", "tries", "element")
    items = [
        Incident(case=one.ref, cause=tell(one.cause), **{name: getattr(one, name) for name in alike})
        for one in found.incidents
    ]
    return Incidents(items=items, total=found.total)


@bp.post("/incidents/<ref>/retry")
@bp.output(Tried)
@audience("managers")
def retry(ref: str) -> Any:
    """Set a stopped case going again."""
    due: dict[int, datetime | None] = {}

    def work(db: Session, by: Actor) -> Done:
        due.update(standing_still(db, by, [ref]))
        if not due:
            raise NotFound(words("There is no such incident here."))
        for case_id in due:
            failing.retry(db, case_id, by=by, at=now())
        return Done(Tried(case=ref))

    answer = once(work)
    resume(due)
    return answer


def _house(db: Session) -> Bureau:
    return bureau_here(db)
