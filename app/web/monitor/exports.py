"""The monitor's lists as files: the same rows as on the page, bounded, with a last line where something is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app import monitor
from app.db import Session
from app.monitor.board import BoardQuery
from app.monitor.scope import Period
from app.people.access import Actor
from app.web.frame import Bureau
from app.web.monitor import reports
from app.web.monitor.page import EXPORTED, BoardRow, board_row, tell_due
from app.web.pieces.csv_text import Cell, CsvFile, csv_file
from app.web.texts import gettext, listed, tell


def cases_csv(db: Session, by: Actor, bureau: Bureau, asked: BoardQuery) -> CsvFile:
    """The list of cases with the filters of its page, in the order of the page."""
    found = monitor.listed(db, by, monitor.marks_of(bureau.rules), asked, size=EXPORTED)
    head = [
        gettext("Number"), gettext("Title"), gettext("Procedure"), gettext("State"), gettext("Where it stands"),
        gettext("Due"), gettext("Time left"), gettext("Level"), gettext("Limit"), gettext("Where it comes from"),
        gettext("Begun"), gettext("Stopped"),
    ]  # fmt: skip
    rows = (_case(board_row(db, row, bureau)) for row in found.rows)
    return csv_file("cases.csv", head, bounded(rows, len(found.rows), found.total))


def _case(one: BoardRow) -> list[Cell]:
    first = one.steps[0] if one.steps else None
    places = listed([gettext("{name} ({where})", name=step.name, where=step.where) for step in one.steps])
    due = [first.due.day.isoformat() if first.due.day else "", tell_due(first.due)] if first else ["", ""]
    limit = [first.level, first.limit, first.source] if first else ["", "", ""]
    stopped = gettext("Yes") if one.row.incident else ""
    begun = one.row.started_at.date().isoformat()
    return [one.row.number, one.row.title, one.process, one.status, places, *due, *limit, begun, stopped]


def bounded(rows: Iterable[list[Cell]], shown: int, total: int) -> Iterator[list[Cell]]:
    """The rows, and a line that says so where there are more."""
    yield from rows
    if total > shown:
        yield [gettext("The first {shown} of {total} are listed here.", shown=shown, total=total)]


def overdue_csv(db: Session, by: Actor, bureau: Bureau) -> CsvFile:
    """The overdue steps, one a line."""
    found = reports.overdue_report(db, by, bureau, most=EXPORTED)
    head = [
        gettext("Responsible"), gettext("Number"), gettext("Title"), gettext("Procedure"), gettext("Step"),
        gettext("Person or office"), gettext("Due"), gettext("Working days overdue"), gettext("Level"),
        gettext("Limit"), gettext("Where it comes from"),
    ]  # fmt: skip
    rows = (_late(row) for place in found.places for row in place.rows)
    return csv_file("overdue.csv", head, bounded(rows, found.shown, found.total))


def _late(row: reports.OverdueRow) -> list[Cell]:
    one = row.late
    case = [one.place, one.number, one.title, row.process, row.step, row.who]
    return [*case, one.due.isoformat(), one.days, row.level, row.limit, row.source]


def rates_csv(db: Session, by: Actor, bureau: Bureau, period: Period) -> CsvFile:
    """Each rate of each agency on a line of its own, with both numbers."""
    table = reports.rate_table(db, by, bureau, period)
    head = [
        gettext("Agency"), gettext("Rate"), gettext("Percent"), gettext("Counted"), gettext("Of"), gettext("Apart"),
        gettext("Formula"),
    ]  # fmt: skip
    rows = (
        [name or gettext("all agencies"), tell(head), cell.text, cell.counted, cell.of]
        + [tell(cell.aside) if cell.aside else "", tell(formula)]
        for name, cells in table.lines
        for (head, formula), cell in zip(table.heads, cells, strict=True)
    )
    return csv_file("rates.csv", head, rows)


def times_csv(db: Session, by: Actor, bureau: Bureau, period: Period, agency: str) -> CsvFile:
    """Each step with how long it took, in working days."""
    found = reports.times(db, by, bureau, period, agency)
    head = [
        gettext("Procedure"), gettext("Step"), gettext("Completed"), gettext("Mean"), gettext("Median"),
        gettext("90 of 100 within"), gettext("Limit"), gettext("Where it comes from"),
    ]  # fmt: skip
    return csv_file("times.csv", head, (_time(row) for row in found.rows))


def _time(row: reports.TimeRow) -> list[Cell]:
    one = row.time
    numbers: list[Cell] = [one.count, round(one.mean, 1), one.median, one.ninetieth]
    return [row.process, row.step, *numbers, row.limit, row.source]
