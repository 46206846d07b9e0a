"""One case as its page shows it, and the rows of the list of cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.cases import actions, course, evidence, view
from app.cases.course import CourseStep
from app.cases.lists import ListedCase
from app.cases.view import View
from app.clock import in_office
from app.db import Session
from app.definitions.manifest import Act
from app.definitions.pack import Pack
from app.definitions.releases import open_release
from app.errors import Conflict, NotAllowed, NotFound, Words, words
from app.limits import clocks
from app.monitor.incidents import cause_of
from app.papers.models import Paper
from app.people.access import Actor
from app.web.case import diagram, log, opinions, progress
from app.web.case.reader import CaseReader, reader_of
from app.web.frame import Bureau
from app.web.pieces import due_reasons
from app.web.pieces.due_chip import DueChip, chip
from app.web.texts import entry, named


@dataclass(frozen=True)
class CaseRow:
    """A case in the list."""

    case: ListedCase
    process: str
    status: str
    tone: str
    due: DueChip | None


@dataclass(frozen=True)
class CaseParty:
    """Somebody who takes part, and as what."""

    name: str
    role: str


@dataclass(frozen=True)
class StepHolder:
    """Somebody who had a step of the case, as far as the reader may know."""

    lane: str
    name: str


@dataclass(frozen=True)
class LinkedCase:
    """A linked case."""

    ref: str
    title: str
    process: str
    status: str
    tone: str


@dataclass(frozen=True)
class CasePage:
    """Everything on a case's page."""

    seen: View
    reader: CaseReader
    process: str
    status: str
    tone: str
    sentence: Words
    stopped: Words | None
    """Why the case could not go on by itself, for bureau staff."""
    clocks: tuple[Words, ...]
    """The clocks that stand still, and since when."""
    why: due_reasons.DueReasons | None
    started: date | None
    rungs: tuple[progress.ProgressStep, ...]
    rows: tuple[opinions.OpinionSheet, ...]
    papers: tuple[Paper, ...]
    parties: tuple[CaseParty, ...]
    people: tuple[StepHolder, ...]
    log: tuple[log.LogLine, ...]
    links: tuple[LinkedCase, ...]
    drawings: tuple[diagram.CaseDiagram, ...]
    acts: tuple[Act, ...]


def case_row(db: Session, case: ListedCase, bureau: Bureau) -> CaseRow:
    """A row of the list; no statement once the release is in memory."""
    pack = open_release(db, case.release_id)
    over = case.closed_at is not None
    due = chip(case.due, bureau.today, bureau.calendar) if case.due and not over else None
    status = entry(pack.statuses, case.status)
    return CaseRow(case, named(pack.process(case.process)), status, tone(pack, case.status, over=over), due)


def tone(pack: Pack, status: str, *, over: bool = False) -> str:
    """The class of a status: its word says the same. `over`: the case has ended, whatever its status."""
    declared = pack.statuses.get(status)
    if over or (declared is not None and declared.ends):
        return "over"
    return declared.tone if declared is not None else ""


def case_page(db: Session, ref: str, *, by: Actor, bureau: Bureau) -> CasePage:
    """The case for one who may see it. Raises NotFound."""
    seen = view.view(db, ref, by=by)
    reader, steps = reader_of(seen, by), course.steps(db, seen.case.id)
    waited = next((one for one in steps if one.closed_at is None and reader.sees(one) and one.due), None)
    offered = actions.offered(db, seen.case, seen.pack, by=by, settings=seen.settings, at=bureau.at)
    return CasePage(
        seen=seen,
        reader=reader,
        process=named(seen.pack.process(seen.case.process)),
        status=entry(seen.pack.statuses, seen.case.status),
        tone=tone(seen.pack, seen.case.status, over=seen.case.closed_at is not None),
        sentence=progress.sentence(seen, steps, reader, bureau),
        stopped=_stopped(seen, reader),
        clocks=tuple(_clocks(db, seen, reader)),
        why=due_reasons.due_reasons(seen, bureau.rules, waited, db) if waited else None,
        started=_started(seen, reader),
        rungs=tuple(progress.progress_steps(seen, steps, reader, bureau)),
        rows=tuple(opinions.opinion_sheets(seen, steps, reader, evidence.of_case(db, seen, by=by))),
        papers=seen.papers,
        parties=tuple(_parties(db, seen, reader)),
        people=tuple(_people(seen, steps, reader)),
        log=tuple(log.log_lines(seen, steps, reader)),
        links=tuple(_links(seen)),
        drawings=tuple(diagram.case_diagrams(seen, steps, reader, bureau, _diagram_address(bureau, ref))),
        acts=tuple(offered),
    )


def _stopped(seen: View, reader: CaseReader) -> Words | None:
    """The cause in the reader's language, while nothing more is tried or the system tries again."""
    told = seen.case.incident or seen.case.failure
    return cause_of(told) if told and reader.inside else None


def _clocks(db: Session, seen: View, reader: CaseReader) -> Iterator[Words]:
    """In words, for the bureau all of them, for an agency its own."""
    rows = clocks.stopped(seen.case.facts)
    names = view.party_names(db, seen.case) if rows else {}
    for row in rows:
        party = seen.case.parties.get(row["org"] or "", {})
        day = in_office(datetime.fromisoformat(row["since"])).date()
        if row["org"] is None:
            yield words("The clock of this case has been stopped since {day}.", day=day)
        elif reader.inside or party.get("id") in reader.actor.agencies:
            yield words("The clock of {who} has been stopped since {day}.", who=names.get(row["org"], ""), day=day)


def _diagram_address(bureau: Bureau, ref: str) -> str:
    return bureau.address("cases.diagram", ref=ref, process="PROCESS").replace("PROCESS", "{process}")


def _started(seen: View, reader: CaseReader) -> date | None:
    """The day on which it came tells an agency more than it may know (domain.md 2.9)."""
    at: datetime = seen.case.started_at
    return at.date() if reader.knows_author else None


def _parties(db: Session, seen: View, reader: CaseReader) -> list[CaseParty]:
    names = view.party_names(db, seen.case)
    found = []
    for ref, row in seen.case.parties.items():
        if row["role"] == "author" and not reader.knows_author:
            continue
        if row["kind"] == "person" and row["role"] != "author":
            continue
        found.append(CaseParty(names.get(ref, ref), role_words(row["role"])))
    return found


def _people(seen: View, steps: Sequence[CourseStep], reader: CaseReader) -> list[StepHolder]:
    """Everybody who has done or holds a step that the reader sees, once for each office."""
    lanes = seen.pack.lanes
    found = [StepHolder(entry(lanes, one.lane), reader.name(one)) for one in steps if reader.sees(one) and one.who]
    return list(dict.fromkeys(found))


ROLES = {
    "author": words("author"),
    "agency": words("agency"),
    "team": words("investigation team"),
    "bureau": words("the bureau"),
}


def role_words(role: str) -> Words:
    """As what somebody takes part."""
    return ROLES.get(role, Words(role))


def _links(seen: View) -> list[LinkedCase]:
    pack = seen.pack
    return [
        LinkedCase(
            one.ref,
            one.title,
            named(pack.process(one.process)),
            entry(pack.statuses, one.status),
            tone(pack, one.status),
        )
        for one in seen.linked
    ]


def diagram_of(db: Session, ref: str, process: str, *, by: Actor, bureau: Bureau) -> bytes:
    """The XML of a diagram that this reader gets on the page of the case. Raises NotFound."""
    seen = view.view(db, ref, by=by)
    reader, steps = reader_of(seen, by), course.steps(db, seen.case.id)
    found = [one.xml for one in diagram.shown_processes(seen, steps, reader) if one.id == process]
    if not found:
        raise NotFound(words("There is no such diagram here."))
    return found[0]


def act_of(db: Session, ref: str, act_id: str, *, by: Actor, at: datetime) -> tuple[View, Any]:
    """An act that this person may do to the case now. Raises NotFound, NotAllowed, Conflict."""
    seen = view.view(db, ref, by=by)
    declared = seen.pack.acts.get(act_id)
    if declared is None or seen.case.process not in declared.on:
        raise NotFound(words("There is no such act on this case."))
    if not declared.lanes & by.lanes:
        raise NotAllowed(words("This is not yours to do."), clauses=["permission"])
    if declared not in actions.offered(db, seen.case, seen.pack, by=by, settings=seen.settings, at=at):
        raise Conflict(words("This cannot be done to the case as it stands now."), clauses=declared.basis.split())
    return seen, declared
