"""What counts as in time, on both databases: the office's midnight, clocks that stand still, periods, percentiles."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from app import monitor
from app.cases.models import Answer
from app.clock import OFFICE_ZONE
from app.db import Database, Session
from app.monitor.rates import Rate, RateId
from app.monitor.scope import Period
from tests.monitor.house import House, day, house


def at(moment: str) -> datetime:
    """An instant of the office in 2026."""
    return datetime.fromisoformat(f"2026-{moment}").replace(tzinfo=OFFICE_ZONE)


def done(made: House, db: Session, element: str, closed: str, outcome: str, **said: Any) -> None:
    """A case in which the agency has completed that step."""
    moment = at(closed)
    case_id = made.put(db, {"element": element, "closed_at": moment, "ending": "completed", **said})
    db.add(Answer(
        case_id=case_id, process="agency_handling", element=element, work_id=0, form="f", field="outcome",
        value=f'"{outcome}"', personal=False, at=moment,
    ))  # fmt: skip


def rate(made: House, key: RateId, period: Period = Period(), agency: str = "market") -> tuple[int, int]:  # noqa: B008
    """Counted and of."""
    marks = monitor.marks_of(made.rules())
    with made.database.reading() as db:
        found: Rate = next(one for one in monitor.rates(db, made.actor(), marks, period) if one.ref == agency).rate(key)
    return found.counted, found.of


@pytest.mark.parametrize(
    ("closed", "counted"), [("02-10T00:00", 1), ("02-10T23:59:59", 1), ("02-11T00:00", 0), ("02-11T07:59", 0)]
)
def test_in_time_means_before_the_offices_midnight(database: Database, closed: str, counted: int) -> None:
    made = house(database)
    with database.transaction() as db:
        done(made, db, "agency_sign", closed, "accept", due=day("02-10"))
        done(made, db, "agency_approve", closed, "approve", due=day("02-10"))
    assert rate(made, "sign_on_time") == rate(made, "answer_on_time") == (counted, 1)
    assert rate(made, "responded") == (1, 1)


def test_what_ended_without_an_answer_counts_once_it_is_late(database: Database) -> None:
    made = house(database)
    step = {"element": "investigate_and_draft", "ending": "cancelled", "due": day("02-10")}
    with database.transaction() as db:
        made.put(db, {**step, "closed_at": at("02-10T20:00")})
        made.put(db, {**step, "closed_at": at("02-11T00:30")})
        made.put(db, {"element": "assign_handler", "due": day("03-03")})
        made.put(db, {"element": "assign_handler", "due": day("03-04")})
        made.put(db, {"element": "agency_sign", "due": day("02-04")}, facts={"answer_due": "2026-03-05"})
        made.put(db, {"element": "agency_sign", "due": day("02-04")}, facts={"answer_due": "2026-03-03"})
        made.put(db, {"element": "agency_sign"}, facts={"answer_due": "2026-03-03"})
    assert rate(made, "answer_on_time") == rate(made, "responded") == (0, 3)
    assert rate(made, "sign_on_time") == (0, 2)


def test_an_answer_while_the_clock_stands_still_is_in_time(database: Database) -> None:
    made = house(database)
    with database.transaction() as db:
        done(made, db, "agency_approve", "02-11T10:00", "approve")
        done(made, db, "agency_approve", "02-11T10:00", "return")
    assert rate(made, "answer_on_time") == (1, 1)
    assert rate(made, "answer_on_time", Period(day("02-11"), day("02-11"))) == (1, 1)
    assert rate(made, "answer_on_time", Period(day("02-12"))) == (0, 0)


def test_a_date_belongs_to_the_period_in_which_it_falls(database: Database) -> None:
    made, other = house(database), house(database, "other")
    with database.transaction() as db:
        for one in (made, other):
            done(one, db, "agency_sign", "02-09T10:00", "accept", due=day("02-28"))
            done(one, db, "agency_sign", "02-09T10:00", "accept", due=day("03-01"))
    assert rate(made, "sign_on_time", Period(day("02-01"), day("02-28"))) == (1, 1)
    assert rate(made, "sign_on_time", Period(day("03-01"), None)) == (1, 1)
    assert rate(made, "sign_on_time") == (2, 2)
    assert rate(made, "sign_on_time", agency="urban") == (0, 0)


def test_times_are_working_days_with_mean_median_and_ninetieth(database: Database) -> None:
    """From Monday 2 March: 0, 1, 1, 4 and 5 working days; the last goes over a weekend."""
    made, other = house(database), house(database, "other")
    with database.transaction() as db:
        for days in (0, 1, 1, 4, 7):
            closed = at("03-02T09:00") + timedelta(days=days)
            step = {"opened_at": at("03-02T08:00"), "closed_at": closed, "ending": "completed"}
            made.put(db, step)
            other.put(db, {**step, "element": "agency_approve"})
        made.put(db, {"closed_at": at("03-20T09:00"), "ending": "cancelled"})
    with database.reading() as db:
        (found,) = monitor.times(db, made.actor(), made.rules().calendar, Period())
        assert monitor.times(db, made.actor(), made.rules().calendar, Period(), agency="urban") == []
        (early,) = monitor.times(db, made.actor(), made.rules().calendar, Period(None, day("03-02")))
    assert (found.count, found.mean, found.median, found.ninetieth) == (5, 2.2, 1, 5)
    assert (early.count, early.mean) == (1, 0)
