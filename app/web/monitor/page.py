"""The monitor's board as its page shows it: four numbers, groups, and the list with its filters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app import engine, monitor
from app.db import Session
from app.definitions.pack import Pack
from app.definitions.releases import open_release
from app.monitor.board import PAGE, Asked, Counts, Open, Row, Tally
from app.monitor.colours import ESCALATE, REMIND, Colour, Marks, amount
from app.people import directory
from app.people.access import Actor
from app.web.case.page import tone
from app.web.frame import House
from app.web.monitor.filters import COLOUR_WORDS, SORTS, address
from app.web.pieces.due_chip import Chip, chip, stopped
from app.web.pieces.due_reasons import limit_of
from app.web.texts import entry, gettext, named, tell

MOST_SHOWN = 4
"""Open steps of one case that its row names; the others are counted."""
EXPORTED = 5_000


@dataclass(frozen=True)
class Figure:
    """One of the numbers in the first row, and the list behind it."""

    name: str
    number: int
    address: str
    tone: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Group:
    """A line of a table of groups. `bars`: colour, share from 0 to 100, where it begins."""

    key: str
    name: str
    tally: Tally
    address: str
    bars: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True)
class Step:
    """An open step of a listed case."""

    name: str
    where: str
    due: Chip
    level: str
    source: str
    limit: str
    paused: bool
    """Its clock stands still; `due` says since when."""


@dataclass(frozen=True)
class Line:
    """A case of the list."""

    row: Row
    process: str
    status: str
    tone: str
    steps: tuple[Step, ...]
    more: int


@dataclass(frozen=True)
class Choice:
    """An option of a filter."""

    value: str
    name: str


@dataclass(frozen=True)
class Board:
    """Everything on the board's page."""

    marks: Marks
    figures: tuple[Figure, ...]
    processes: tuple[Group, ...]
    agencies: tuple[Group, ...]
    asked: Asked
    lines: tuple[Line, ...]
    total: int
    pages: int
    choices: dict[str, list[Choice]]
    steps: list[tuple[str, list[Choice]]]
    remind: int
    escalate: int

    @property
    def narrowed(self) -> bool:
        """Whether the list shows less than everything."""
        return address(self.asked, page="", sort="", order="") != address(Asked())


def board(db: Session, by: Actor, house: House, asked: Asked) -> Board:
    """The board for a manager; six statements beside those of every page."""
    marks = monitor.marks_of(house.rules)
    counts = monitor.counts(db, by, marks)
    found = monitor.listed(db, by, marks, asked)
    agencies = directory.organisations(db, by.bureau_id)
    processes = monitor.groups(db, by, marks, "process")
    return Board(
        marks=marks,
        figures=tuple(_figures(counts, marks)),
        processes=tuple(_groups(processes, "process", house.pack)),
        agencies=tuple(_groups(monitor.groups(db, by, marks, "agency"), "agency", house.pack)),
        asked=asked,
        lines=tuple(line(db, row, house) for row in found.rows),
        total=found.total,
        pages=-(-found.total // PAGE),
        choices={
            "process": [Choice(one.key, process_name(house.pack, one.key)) for one in processes],
            "agency": [Choice(one.ref, one.name) for one in agencies],
            "colour": [Choice(key, gettext(text.msgid)) for key, text in COLOUR_WORDS.items()],
            "sort": [Choice(key, text) for key, text in zip(SORTS, _sort_words(), strict=True)],
        },
        steps=list(_steps(house.pack)),
        remind=amount(house.rules, REMIND),
        escalate=amount(house.rules, ESCALATE),
    )


def _figures(counts: Counts, marks: Marks) -> Iterable[Figure]:
    everything = Asked()
    yield Figure(gettext("in flight"), counts.in_flight, address(everything), hint=gettext("all cases not yet over"))
    until = gettext("by Sunday, {day}", day=marks.sunday.isoformat())
    yield Figure(gettext("due this week"), counts.this_week, address(everything, colour="week"), hint=until)
    late = "late" if counts.late else ""
    yield Figure(
        gettext("past due"), counts.late, address(everything, colour="red"), late, gettext("a step is past its date")
    )
    stopped = "late" if counts.stopped else ""
    hint = gettext("could not go on by itself")
    yield Figure(gettext("stopped"), counts.stopped, address(everything, "monitor.incidents"), stopped, hint)


def _groups(tallies: Iterable[Tally], along: str, pack: Pack) -> Iterable[Group]:
    for one in tallies:
        name = process_name(pack, one.key) if along == "process" else one.name
        yield Group(one.key, name, one, address(Asked(), **{along: one.key}), tuple(_bars(one)))


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


def line(db: Session, row: Row, house: House) -> Line:
    """A case of the list; no statement once its release is in memory."""
    pack = open_release(db, row.release_id)
    steps = tuple(_step(pack, row, one, house) for one in row.steps[:MOST_SHOWN])
    status = entry(pack.statuses, row.status)
    name = named(pack.process(row.process))
    return Line(row, name, status, tone(pack, row.status), steps, len(row.steps) - len(steps))


def _step(pack: Pack, row: Row, one: Open, house: House) -> Step:
    lane = entry(pack.lanes, one.lane)
    who = one.holder or lane
    where = f"{one.place} {who}" if one.place != house.office.name else who
    limit, source = limit_words(pack, one.process, one.element) if one.due else ("", "")
    since = row.stands_still(one.place_ref) if one.due is None else None
    due = stopped(since) if since else due_chip(one.due, house)
    return Step(
        step_name(pack, one.process, one.element),
        where,
        due,
        level_words(one.due, house),
        source,
        limit,
        since is not None,
    )


def due_chip(due: date | None, house: House) -> Chip:
    """The chip of a due date, warning from the bureau's own P-07 on."""
    return chip(due, house.today, house.calendar, soon=amount(house.rules, REMIND))


def tell_due(due: Chip) -> str:
    """What the chip says."""
    return tell(due.text)


def level_words(due: date | None, house: House) -> str:
    """The level of lateness in a word; empty before the date has passed."""
    return level_name(monitor.marks_of(house.rules).colour(due))


def level_name(colour: Colour) -> str:
    """What is done at this level of lateness."""
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


def _steps(pack: Pack) -> Iterable[tuple[str, list[Choice]]]:
    for process in pack.diagram.processes.values():
        tasks = [one for one in process.steps.values() if one.kind == "userTask"]
        if tasks:
            yield named(process), [Choice(f"{process.id}/{one.element}", named(one)) for one in tasks]


def _sort_words() -> tuple[str, str, str]:
    return gettext("by due date"), gettext("by day of beginning"), gettext("by number")
