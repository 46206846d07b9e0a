"""The four numbers, the groups and the list: colours by working days, filters, and nobody else's cases."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import pytest

from app import monitor
from app.cases.models import Case
from app.db import Database
from app.definitions import releases
from app.errors import NotAllowed
from app.monitor.board import BoardQuery
from app.monitor.incidents import standing_still
from app.monitor.scope import Period
from app.people.access import Actor
from tests.databases import counted
from tests.monitor.house import FILES, NOW, House, day, house

LATE2, LATE1, SOON, FREE = day("02-24"), day("03-03"), day("03-09"), day("03-10")


@pytest.fixture
def full(database: Database) -> Iterator[House]:
    """Seven cases of the bureau, one of them over, one a draft; nine late ones of another bureau."""
    made = house(database)
    other = house(database, "other")
    with database.transaction() as db:
        made.put(db, {"due": LATE2}, number="2026-B-0001", title="超期的意见")
        made.put(db, {"due": LATE1, "agency": "urban"}, {"due": FREE}, number="2026-B-0002")
        made.put(db, {"due": SOON, "agency": None, "element": "register_review", "process": "opinion_review"},
                 process="opinion_review", started_at=NOW)  # fmt: skip
        made.put(db, {"due": FREE}, incident={"at": NOW.isoformat(), "cause": "x", "tries": 3})
        made.put(db)
        made.put(db, {"due": LATE2}, status="draft")
        made.put(db, {"due": LATE2, "closed_at": NOW, "ending": "completed"}, closed_at=NOW, status="closed")
        for _ in range(9):
            other.put(db, {"due": LATE2}, incident={"at": NOW.isoformat(), "cause": "y", "tries": 3})
    yield made


def test_the_marks_lie_where_working_days_put_them(full: House) -> None:
    """Saturday 28 February is a make-up day, so that the sixth working day after the 25th is today."""
    marks = monitor.marks_of(full.rules())
    assert (marks.level2, marks.amber, marks.sunday) == (day("02-25"), day("03-09"), day("03-08"))
    colours = {text: marks.colour(day(text)) for text in ("02-25", "02-26", "03-03", "03-04", "03-09", "03-10")}
    assert list(colours.values()) == ["level2", "level1", "level1", "amber", "amber", "green"]


def test_the_marks_agree_with_the_calendar_on_every_day(full: House) -> None:
    """Level 2 from the sixth working day after the due date; amber from three working days before it on."""
    rules = full.rules()
    marks, calendar = monitor.marks_of(rules), rules.calendar
    for offset in range(-40, 40):
        due = day("03-04").fromordinal(day("03-04").toordinal() + offset)
        late, left = calendar.working_days_between(due, marks.today), calendar.working_days_between(marks.today, due)
        expected = ("level2" if late > 5 else "level1") if due < marks.today else "amber" if left <= 3 else "green"
        assert marks.colour(due) == expected, due


def test_the_four_numbers(full: House) -> None:
    with full.database.reading() as db:
        found = monitor.counts(db, full.actor(), monitor.marks_of(full.rules()))
    assert (found.in_flight, found.this_week, found.late, found.stopped) == (5, 0, 2, 1)


FILTERS = [
    (BoardQuery(), 5),
    (BoardQuery(colour="red"), 2),
    (BoardQuery(colour="level2"), 1),
    (BoardQuery(colour="level1"), 1),
    (BoardQuery(colour="amber"), 1),
    (BoardQuery(colour="green"), 1),
    (BoardQuery(colour="none"), 1),
    (BoardQuery(colour="stopped"), 1),
    (BoardQuery(process="opinion_review"), 1),
    (BoardQuery(agency="urban"), 1),
    (BoardQuery(agency="market"), 3),
    (BoardQuery(step=("agency_handling", "agency_sign")), 3),
    (BoardQuery(agency="market", colour="green"), 2),
    (BoardQuery(search="超期"), 1),
    (BoardQuery(search="B-0002"), 1),
    (BoardQuery(search="%"), 0),
    (BoardQuery(search="_"), 0),
    (BoardQuery(started=Period(NOW.date(), NOW.date())), 1),
    (BoardQuery(started=Period(None, day("03-03"))), 4),
    (BoardQuery(agency="nobody"), 0),
    (BoardQuery(page=9), 0),
]


def test_each_filter_narrows_the_list(full: House) -> None:
    marks, by = monitor.marks_of(full.rules()), full.actor()
    with full.database.reading() as db:
        for asked, expected in FILTERS:
            found = monitor.listed(db, by, marks, asked)
            assert (len(found.rows), found.total) == (expected, expected), asked


def test_the_list_stands_in_the_order_that_was_asked_for(full: House) -> None:
    def dues(**asked: object) -> list[object]:
        with full.database.reading() as db:
            rows = monitor.listed(db, full.actor(), monitor.marks_of(full.rules()), BoardQuery(**asked)).rows  # type: ignore[arg-type]
        return [row.due for row in rows]

    assert dues() == [LATE2, LATE1, SOON, FREE, None]
    assert dues(falling=True) == [FREE, SOON, LATE1, LATE2, None]
    assert dues(sort="started", falling=True)[0] == SOON
    assert dues(sort="number")[:2] == [LATE2, LATE1]


def test_the_step_of_the_date_stands_first_and_a_stopped_clock_is_said(full: House) -> None:
    stood = {"scope": 2, "org": "urban", "since": "2026-03-01T18:00:00+00:00"}
    with full.database.transaction() as db:
        full.put(db, {"agency": "urban"}, {"due": LATE1}, number="P", facts={"clock_stopped": [stood]})
    with full.database.reading() as db:
        (row,) = monitor.listed(db, full.actor(), monitor.marks_of(full.rules()), BoardQuery(search="P")).rows
    assert [step.place_ref for step in row.steps] == ["market", "urban"]
    assert (row.stands_still("urban"), row.stands_still("market")) == (day("03-02"), None)


def test_groups_by_process_and_agency(full: House) -> None:
    marks = monitor.marks_of(full.rules())
    with full.database.reading() as db:
        by_process = {one.key: one for one in monitor.groups(db, full.actor(), marks, "process")}
        by_agency = {one.key: one for one in monitor.groups(db, full.actor(), marks, "agency")}
    assert {key: (one.total, one.late) for key, one in by_process.items()} == {
        "opinion_beibei": (4, 2), "opinion_review": (1, 0)
    }  # fmt: skip
    assert by_process["opinion_beibei"].colours == {"level2": 1, "level1": 1, "amber": 0, "green": 1, "none": 1}
    assert {key: (one.total, one.late) for key, one in by_agency.items()} == {"market": (3, 1), "urban": (1, 1)}


def test_where_cases_stand(full: House) -> None:
    marks, processes = monitor.marks_of(full.rules()), releases.parsed(FILES).diagram.processes
    with full.database.reading() as db:
        stands = monitor.positions(db, full.actor(), marks, processes)
    found = {(one.process, one.element): (one.count, one.late) for one in stands}
    assert found == {
        ("agency_handling", "agency_sign"): (3, 2),
        ("opinion_review", "register_review"): (1, 0),
        ("opinion_beibei", "agency_stage"): (3, 2),
        ("agency_answer", "agency_handling"): (3, 2),
    }


OTHERS = ("clerk", "sup1", "market_liaison", "market_leader", "owner", "admin", "auditor")


def test_nobody_but_managers_is_told_anything(full: House) -> None:
    for who in OTHERS:
        refuses_all(full, full.actor(who))


def refuses_all(full: House, by: Actor) -> None:
    marks = monitor.marks_of(full.rules())
    with full.database.reading() as db:
        for ask in (
            lambda: monitor.counts(db, by, marks),
            lambda: monitor.listed(db, by, marks, BoardQuery()),
            lambda: monitor.groups(db, by, marks, "agency"),
            lambda: monitor.positions(db, by, marks, {}),
            lambda: monitor.overdue(db, by, marks, full.rules().calendar),
            lambda: monitor.rates(db, by, marks),
            lambda: monitor.times(db, by, full.rules().calendar, Period()),
            lambda: monitor.incidents(db, by),
            lambda: standing_still(db, by, ["x"]),
        ):
            with pytest.raises(NotAllowed):
                ask()


def test_without_the_filter_the_other_bureau_would_count(full: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: what keeps the nine cases out is the filter, and nothing else."""
    for module in map(import_module, ("app.monitor.board", "app.monitor.incidents")):
        for name in ("seen_by", "in_flight"):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, lambda by: Case.closed_at.is_(None))
    marks = monitor.marks_of(full.rules())
    with full.database.reading() as db:
        assert monitor.counts(db, full.actor(), marks).in_flight == 15
        assert monitor.incidents(db, full.actor()).total == 10


@pytest.mark.parametrize("length", [1, 30, 300])
def test_the_statements_do_not_grow(database: Database, length: int) -> None:
    made = house(database)
    with database.transaction() as db:
        for number in range(length):
            made.put(db, {"due": LATE1}, {"due": FREE, "agency": "urban"}, number=f"{number}", started_at=NOW)
    by, rules = made.actor(), made.rules()
    marks = monitor.marks_of(rules)
    costs = {}
    with database.reading() as db:
        for name, ask in {
            "counts": lambda: monitor.counts(db, by, marks),
            "listed": lambda: monitor.listed(db, by, marks, BoardQuery()),
            "groups": lambda: monitor.groups(db, by, marks, "process"),
            "overdue": lambda: monitor.overdue(db, by, marks, rules.calendar),
            "rates": lambda: monitor.rates(db, by, marks),
            "times": lambda: monitor.times(db, by, rules.calendar, Period()),
            "incidents": lambda: monitor.incidents(db, by),
            "standing": lambda: monitor.positions(db, by, marks, releases.parsed(FILES).diagram.processes),
        }.items():
            with counted(database) as seen:
                ask()
            costs[name] = len(seen)
    assert costs == {
        "counts": 1, "listed": 2, "groups": 1, "overdue": 1, "rates": 6, "times": 1, "incidents": 1, "standing": 3,
    }  # fmt: skip
