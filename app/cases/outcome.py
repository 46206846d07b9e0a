"""What a turn brings about, as one value: nothing of it is written here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from app import engine
from app.cases import drafting
from app.cases.models import Case
from app.cases.progress import Progress
from app.cases.visible import SUBJECT
from app.engine import Message, Subscription, Timer, Work
from app.errors import Invalid, words
from app.journal import Note
from app.limits import clocks
from app.notify.outbox import Notice
from app.operations.calling import Announcement
from app.people import directory
from app.people.access import AGENCY_LANES

ROLES = {"supervisor": "author", "applicant": "author", "investigation_team": "team"}
ENDED = "closed"

Parties = Mapping[str, Mapping[str, Any]]
T = TypeVar("T")


@dataclass(frozen=True)
class Addressee:
    """Whom a task is put to: an organisation, and the persons that the diagram names."""

    organisation_id: int
    persons: tuple[int, ...]
    named: bool = False
    """Whether the diagram names persons, even where none of them can take it now."""


@dataclass(frozen=True)
class Difference(Generic[T]):
    """What is no longer waited for, and what is from now on."""

    gone: tuple[T, ...]
    new: tuple[T, ...]


@dataclass(frozen=True)
class Outcome:
    """Everything that one turn changes, of which case, when and by whom; `persist` writes it, a statement each."""

    case: Case
    at: datetime
    by: int | None
    receipt_key: str | None
    opened: tuple[tuple[Work, Addressee], ...]
    closed: Mapping[int, str]
    """How each work that is open no longer has ended."""
    dues: Mapping[int, date | None]
    """Dates of works that were open before and have another one now."""
    drafts_ended: frozenset[str]
    """Papers on their way out that no task is about any more: void, unless they are out."""
    timers: Difference[Timer]
    subscriptions: Difference[Subscription]
    messages: tuple[Message, ...]
    parties: Parties
    """People and organisations that take part from now on, by ref."""
    notes: tuple[Note, ...]
    notices: tuple[Notice, ...]
    frees_timers: bool
    """Whether the case could not go on before: its timers are ready again when they are due."""
    columns: Mapping[str, Any]
    """Columns of the case, but for version and journal."""


def outcome_of(progress: Progress) -> Outcome:
    """What has come of a turn that has been run. Raises Invalid where a task names somebody whom nobody knows.

    Reads who the named persons and organisations are, at most two statements, who of those named for an office is
    there, one for each such task, and writes nothing.
    """
    turn, runs = progress.turn, progress.runs
    opened = [work for run in runs for work in run.opened]
    closed = {work_id: ending for run in runs for work_id, ending in run.closed}
    new = _new_parties(progress, opened)
    new |= _new_subjects(progress, {**turn.case.parties, **new})
    parties = {**turn.case.parties, **new}
    works = tuple((work, _addressee(progress, work, parties)) for work in opened)
    return Outcome(
        case=turn.case,
        at=turn.at,
        by=turn.actor_id,
        receipt_key=turn.receipt_key,
        opened=works,
        closed=closed,
        dues=_moved_dues(progress),
        drafts_ended=turn.drafts - drafting.refs_of(progress.instance.work()),
        timers=_difference(turn.timers, tuple(progress.instance.timers())),
        subscriptions=_difference(turn.subscriptions, tuple(progress.instance.subscriptions())),
        messages=tuple(message for run in runs for message in run.messages),
        parties=new,
        notes=tuple(_notes(progress, opened, closed)),
        notices=(*_assigned(works), *_announced(progress, parties)),
        frees_timers=bool(turn.case.failure or turn.case.incident),
        columns={**_columns(progress), "parties": parties},
    )


def _columns(progress: Progress) -> dict[str, Any]:
    over = progress.runs[-1].over
    row: dict[str, Any] = {
        "state": engine.dump(progress.instance),
        "facts": {**progress.facts, **clocks.facts_of(progress.instance, progress.case.facts, progress.stopped)},
        "closed_at": progress.turn.at if over else None,
        "failure": None,
        "incident": None,
        "status": _status(progress, over=over),
    }
    named = {"number": progress.number, "title": progress.title}
    return {**row, **{name: text for name, text in named.items() if text}}


def _status(progress: Progress, *, over: bool) -> str:
    """The last status that a visit set; a case that ends without one is `closed`."""
    said = [visit.status for run in progress.runs for visit in run.visits if visit.status]
    if said:
        return said[-1]
    return ENDED if over and progress.case.status == "running" else progress.case.status


def _difference(before: tuple[T, ...], now: tuple[T, ...]) -> Difference[T]:
    return Difference(tuple(one for one in before if one not in now), tuple(one for one in now if one not in before))


def _new_parties(progress: Progress, opened: list[Work]) -> dict[str, dict[str, Any]]:
    """People and organisations that a task is put to for the first time in this case."""
    case = progress.case
    persons = {ref: work.lane for work in opened for ref in work.persons}
    places = {work.org: work.lane for work in opened if work.org and work.org != progress.turn.held.bureau_ref}
    persons |= {ref: "supervisor" for ref in progress.followers}
    unknown = {ref: lane for ref, lane in {**persons, **places}.items() if ref not in case.parties}
    if not unknown:
        return {}
    found = directory.resolve(
        progress.db,
        case.bureau_id,
        persons=[ref for ref in persons if ref in unknown],
        organisations=[ref for ref in places if ref in unknown],
    )
    missing = [ref for ref in unknown if ref not in found.persons and ref not in found.organisations]
    if missing:
        raise Invalid(words("Nobody and no organisation of this bureau is called {refs}.", refs=", ".join(missing)))
    return {ref: _party(ref, lane, found) for ref, lane in unknown.items()}


def _party(ref: str, lane: str | None, found: directory.Resolved) -> dict[str, Any]:
    role = ROLES.get(lane or "", "agency" if lane in AGENCY_LANES else "bureau")
    if ref in found.organisations:
        return {"id": found.organisations[ref], "kind": "organisation", "role": role}
    return {"id": found.persons[ref], "kind": "person", "role": role}


def _new_subjects(progress: Progress, parties: Parties) -> dict[str, dict[str, Any]]:
    """Whom the matter is about, as far as not known before; an author keeps what is theirs (D-21)."""
    found = {ref: {"id": key, "kind": "person", "role": SUBJECT} for ref, key in progress.subjects.items()}
    kept = ("author", SUBJECT)
    return {ref: party for ref, party in found.items() if parties.get(ref, {}).get("role") not in kept}


def _addressee(progress: Progress, work: Work, parties: Parties) -> Addressee:
    """Whom a task is put to; who is named for an office and is gone, locked (D-36) or concerned (2.9), is not."""
    organisation = parties.get(work.org or "")
    place = int(organisation["id"]) if organisation else progress.case.bureau_id
    persons = {int(parties[ref]["id"]): parties[ref]["role"] for ref in work.persons}
    if persons and work.lane not in ROLES:
        able = directory.serving(progress.db, place, persons)
        persons = {key: role for key, role in persons.items() if key in able and role != SUBJECT}
    return Addressee(place, tuple(persons), named=bool(work.persons))


def _moved_dues(progress: Progress) -> dict[int, date | None]:
    before = progress.turn.dues
    other = {work.id: work.due for work in progress.instance.work() if before.get(work.id, work.due) != work.due}
    return {work_id: date.fromisoformat(due) if due else None for work_id, due in other.items()}


def _notes(progress: Progress, opened: list[Work], closed: Mapping[int, str]) -> list[Note]:
    """The entries of the turn; the first one carries its trace."""
    notes = [*progress.notes, *_task_notes(progress, opened, closed)]
    if progress.runs[-1].over:
        notes.append(Note("case.closed"))
    if notes:
        notes[0] = replace(notes[0], data={**notes[0].data, **_trace(progress)})
    return notes


def _task_notes(progress: Progress, opened: list[Work], closed: Mapping[int, str]) -> Iterator[Note]:
    elements = {visit.work_id: visit.element for run in progress.runs for visit in run.visits if visit.work_id}
    for work_id, ending in closed.items():
        if ending == "cancelled":
            yield Note("task.cancelled", elements.get(work_id), {"work": work_id})
    for work in opened:
        yield Note("task.opened", work.element, {"work": work.id, "lane": work.lane, "due": work.due})


def _trace(progress: Progress) -> dict[str, Any]:
    """The way that the turn went: elements entered, rules that matched, how due dates were counted, what was given."""
    visits = [visit for run in progress.runs for visit in run.visits]
    trace: dict[str, Any] = {"visited": [f"{v.process}/{v.element}" for v in visits if v.event == "entered"]}
    rules = {f"{visit.process}/{visit.element}": list(visit.rules) for visit in visits if visit.rules}
    counted = [one.as_data() for one in progress.counted]
    more = {"rules": rules, "counted": counted, "returned": progress.returned}
    return {**trace, **{name: found for name, found in more.items() if found}}


def _assigned(works: tuple[tuple[Work, Addressee], ...]) -> Iterator[Notice]:
    for work, to in works:
        data = {"element": work.element, "process": work.process, "work": work.id}
        if to.persons:
            yield from (Notice("assigned", person_id=person, data=data) for person in to.persons)
        elif to.named:
            yield unmanned(work.lane, to.organisation_id, data)
        else:
            yield Notice("assigned", lane=work.lane, organisation_id=to.organisation_id, data=data)


def unmanned(lane: str | None, organisation_id: int, data: Mapping[str, Any]) -> Notice:
    """The notice that somebody has to be named anew, to the head of the lane."""
    head = "agency_liaison" if lane in AGENCY_LANES else "bureau_head"
    return Notice("unmanned", lane=head, organisation_id=organisation_id, data=data)


def _announced(progress: Progress, parties: Parties) -> Iterator[Notice]:
    """Notices of operations, their recipients resolved: a person, a lane of an organisation, a lane of the bureau."""
    bureau_id = progress.case.bureau_id
    unknown = {told.to for told in progress.told if told.to and told.to not in parties}
    found = directory.resolve(progress.db, bureau_id, persons=unknown, organisations=unknown)
    for told in progress.told:
        yield _notice(told, parties, found, bureau_id)


def _notice(told: Announcement, parties: Parties, found: directory.Resolved, bureau_id: int) -> Notice:
    party = parties.get(told.to)
    person = party["id"] if party and party["kind"] == "person" else found.persons.get(told.to)
    if person is not None and told.lane is None:
        return Notice(told.about, person_id=int(person), data=told.data)
    place = party["id"] if party and party["kind"] == "organisation" else found.organisations.get(told.to)
    return Notice(
        told.about, lane=told.lane or "agency_liaison", organisation_id=int(place or bureau_id), data=told.data
    )
