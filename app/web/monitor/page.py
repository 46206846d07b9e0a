"""The monitor's board as its page shows it: four numbers, groups, and the list with its filters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app import engine, monitor
from app.db import Session
from app.definitions.pack import Pack
from app.definitions.releases import open_release
from app.monitor.board import PAGE, BoardCase, BoardCounts, BoardQuery, OpenStep, Tally
from app.monitor.colours import ESCALATE, REMIND, Colour, Marks, amount
from app.people import directory
from app.people.access import Actor
from app.web.case.page import tone
from app.web.frame import Address, Bureau
from app.web.monitor.filters import COLOUR_WORDS, SORTS, query_of
from app.web.pieces.due_chip import DueChip, chip, stopped_chip
from app.web.pieces.due_reasons import limit_of
from app.web.texts import entry, gettext, named, tell

MOST_SHOWN = 4
"""Open steps of one case that its row names; the others are counted."""
EXPORTED = 5_000


@dataclass(frozen=True)
class BoardFigure:
    """One of the numbers in the first row, and the list behind it."""

    name: str
    number: int
    address: str
    tone: str = ""
    hint: str = ""


@dataclass(frozen=True)
class BoardGroup:
    """A line of a table of groups. `bars`: colour, share from 0 to 100, where it begins."""

    key: str
    name: str
    tally: Tally
    address: str
    bars: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True)
class BoardStep:
    """An open step of a listed case."""

    name: str
    where: str
    due: DueChip
    level: str
    source: str
    limit: str
    paused: bool
    """Its clock stands still; `due` says since when."""


@dataclass(frozen=True)
class BoardRow:
    """A case of the list."""

    row: BoardCase
    process: str
    status: str
    tone: str
    steps: tuple[BoardStep, ...]
    more: int


@dataclass(frozen=True)
class FilterChoice:
    """An option of a filter."""

    value: str
    name: str


@dataclass(frozen=True)
class Board:
    """Everything on the board's page."""

    marks: Marks
    figures: tuple[BoardFigure, ...]
    processes: tuple[BoardGroup, ...]
    agencies: tuple[BoardGroup, ...]
    asked: BoardQuery
    lines: tuple[BoardRow, ...]
    total: int
    pages: int
    choices: dict[str, list[FilterChoice]]
    steps: list[tuple[str, list[FilterChoice]]]
    remind: int
    escalate: int

    @property
    def narrowed(self) -> bool:
        """Whether the list shows less than everything."""
        return query_of(self.asked, page="", sort="", order="") != query_of(BoardQuery())


def board(db: Session, by: Actor, bureau: Bureau, asked: BoardQuery) -> Board:
    """The board for a manager; six statements beside those of every page."""
    marks = monitor.marks_of(bureau.rules)
    counts = monitor.counts(db, by, marks)
    found = monitor.listed(db, by, marks, asked)
    agencies = directory.organisations(db, by.bureau_id)
    processes = monitor.groups(db, by, marks, "process")
    return Board(
        marks=marks,
        figures=tuple(_figures(counts, marks, bureau.address)),
        processes=tuple(_groups(processes, "process", bureau)),
        agencies=tuple(_groups(monitor.groups(db, by, marks, "agency"), "agency", bureau)),
        asked=asked,
        lines=tuple(board_row(db, row, bureau) for row in found.rows),
        total=found.total,
        pages=-(-found.total // PAGE),
        choices={
            "process": [FilterChoice(one.key, process_name(bureau.pack, one.key)) for one in processes],
            "agency": [FilterChoice(one.ref, one.name) for one in agencies],
            "colour": [FilterChoice(key, gettext(text.msgid)) for key, text in COLOUR_WORDS.items()],
            "sort": [FilterChoice(key, text) for key, text in zip(SORTS, _sort_words(), strict=True)],
        },
        steps=list(_steps(bureau.pack)),
        remind=amount(bureau.rules, REMIND),
        escalate=amount(bureau.rules, ESCALATE),
    )


def _figures(counts: BoardCounts, marks: Marks, address: Address) -> Iterable[BoardFigure]:
    def listed(endpoint: str = "monitor.board", **changes: str) -> str:
        return address(endpoint, **query_of(BoardQuery(), **changes))

    yield BoardFigure(gettext("in flight"), counts.in_flight, listed(), hint=gettext("all cases not yet over"))
    until = gettext("by Sunday, {day}", day=marks.sunday.isoformat())
    yield BoardFigure(gettext("due this week"), counts.this_week, listed(colour="week"), hint=until)
    late = "late" if counts.late else ""
    yield BoardFigure(gettext("past due"), counts.late, listed(colour="red"), late, gettext("a step is past its date"))
    stopped = "late" if counts.stopped else ""
    hint = gettext("could not go on by itself")
    yield BoardFigure(gettext("stopped"), counts.stopped, listed("monitor.incidents"), stopped, hint)


def _groups(tallies: Iterable[Tally], along: str, bureau: Bureau) -> Iterable[BoardGroup]:
    for one in tallies:
        name = process_name(bureau.pack, one.key) if along == "process" else one.name
        address = bureau.address("monitor.board", **query_of(BoardQuery(), **{along: one.key}))
        yield BoardGroup(one.key, name, one, address, tuple(_bars(one)))


def _bars(tally: Tally) -> Iterable[tuple[str, float, float]]:
    start = 0.0
    for colour, number in tally.colours.items():
        if number:
            share = 100 * number / tally.total
            yield colour, share, start
            start += share


def process_name(pack: Pack, key: str) -> str:
    """The name of a process; its id where the present release has it no more."""
    process = pack.diagram.processes.get(key)
    return named(process) if process else key


def board_row(db: Session, row: BoardCase, bureau: Bureau) -> BoardRow:
    """A case of the list; no statement once its release is in memory."""
    pack = open_release(db, row.release_id)
    steps = tuple(_step(pack, row, one, bureau) for one in row.steps[:MOST_SHOWN])
    status = entry(pack.statuses, row.status)
    name = named(pack.process(row.process))
    return BoardRow(row, name, status, tone(pack, row.status), steps, len(row.steps) - len(steps))


def _step(pack: Pack, row: BoardCase, one: OpenStep, bureau: Bureau) -> BoardStep:
    lane = entry(pack.lanes, one.lane)
    who = one.holder or lane
    where = f"{one.place} {who}" if one.place != bureau.office.name else who
    limit, source = limit_words(pack, one.process, one.element) if one.due else ("", "")
    since = row.stands_still(one.place_ref) if one.due is None else None
    due = stopped_chip(since) if since else due_chip(one.due, bureau)
    return BoardStep(
        step_name(pack, one.process, one.element),
        where,
        due,
        level_words(one.due, bureau),
        source,
        limit,
        since is not None,
    )


def due_chip(due: date | None, bureau: Bureau) -> DueChip:
    """The chip of a due date, warning from the bureau's own P-07 on."""
    return chip(due, bureau.today, bureau.calendar, soon=amount(bureau.rules, REMIND))


def tell_due(due: DueChip) -> str:
    """The text of the chip."""
    return tell(due.text)


def level_words(due: date | None, bureau: Bureau) -> str:
    """The level of lateness in a word; empty before the date has passed."""
    return level_name(monitor.marks_of(bureau.rules).colour(due))


def level_name(colour: Colour) -> str:
    """The measure at this level of lateness."""
    if colour == "level1":
        return gettext("level 1: follow-up order")
    return gettext("level 2: report to the leader") if colour == "level2" else ""


def step_of(pack: Pack, process: str, element: str) -> engine.Step | None:
    """A step of that release; None where a case has moved on to a release that has it no more."""
    drawn = pack.diagram.processes.get(process)
    return drawn.steps.get(element) if drawn else None


def step_name(pack: Pack, process: str, element: str) -> str:
    """The name of a step; its id where the release has it no more."""
    step = step_of(pack, process, element)
    return (named(step).replace("\n", "") if step else "") or element


def limit_words(pack: Pack, process: str, element: str) -> tuple[str, str]:
    """The limit behind a step's due date by id, and whether it is the law's or the bureau's own."""
    step = step_of(pack, process, element)
    found = limit_of(pack, step) if step else None
    if found is None:
        return "", ""
    own = found[0].source != "law"
    return found[0].id, gettext("limit of this bureau, not of the law") if own else gettext("limit of the law")


def _steps(pack: Pack) -> Iterable[tuple[str, list[FilterChoice]]]:
    for process in pack.diagram.processes.values():
        tasks = [one for one in process.steps.values() if one.kind == "userTask"]
        if tasks:
            yield named(process), [FilterChoice(f"{process.id}/{one.element}", named(one)) for one in tasks]


def _sort_words() -> tuple[str, str, str]:
    return gettext("by due date"), gettext("by day of beginning"), gettext("by number")
