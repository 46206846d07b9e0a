"""Keeping a turn: the new state, the projections, parties, letters, notices and the journal, a statement each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app import engine, journal
from app.cases import pausing, store
from app.engine import Work
from app.errors import Invalid, words
from app.journal import Chain, Head, Note
from app.notify.outbox import Notice, tell
from app.people import directory
from app.people.access import AGENCY_LANES
from app.programme.operations import Told

if TYPE_CHECKING:
    from app.cases.turn import Turn

ROLES = {"supervisor": "author", "applicant": "author", "investigation_team": "team"}
ENDED = "closed"

Parties = Mapping[str, Mapping[str, Any]]


def keep(turn: Turn) -> None:
    """Write everything that the turn has changed."""
    db, case = turn.db, turn.case
    opened = [work for run in turn.runs for work in run.opened]
    closed = {work_id: ending for run in turn.runs for work_id, ending in run.closed}
    over = turn.runs[-1].over
    new = _new_parties(turn, opened)
    parties = {**case.parties, **new}
    works = [(work, _place(work, parties, case.bureau_id)) for work in opened]
    store.open_tasks(db, case.id, works, at=turn.at)
    store.close_tasks(db, case.id, closed, at=turn.at, by=turn.actor_id, receipt_key=turn.receipt_key)
    store.move_dues(db, case.id, _moved_dues(turn))
    store.project_timers(db, case.id, turn.timers, turn.instance.timers())
    store.project_subscriptions(db, case.id, turn.subscriptions, turn.instance.subscriptions())
    store.post_letters(db, case, [message for run in turn.runs for message in run.messages], at=turn.at)
    store.add_parties(db, case.id, new)
    if case.failure or case.incident:
        store.free_timers(db, case.id)
    status = _status(turn, over=over)
    head = _record(turn, opened, closed, over=over)
    store.keep_case(db, case, {**_row(turn, head, over=over), "parties": parties, "status": status})
    tell(db, case.bureau_id, [*_assigned(works), *_told(turn, parties)], at=turn.at, case_id=case.id)


def _row(turn: Turn, head: Head, *, over: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "state": engine.dump(turn.instance),
        "facts": {**turn.facts, **pausing.facts_of(turn)},
        "closed_at": turn.at if over else None,
        "failure": None,
        "incident": None,
        "journal_seq": head.seq,
        "journal_seal": head.seal,
    }
    named = {"number": turn.number, "title": turn.title}
    return {**row, **{name: text for name, text in named.items() if text}}


def _status(turn: Turn, *, over: bool) -> str:
    """The last status that a visit set; a case that ends without one is `closed`."""
    said = [visit.status for run in turn.runs for visit in run.visits if visit.status]
    if said:
        return said[-1]
    return ENDED if over and turn.case.status == "running" else turn.case.status


def _new_parties(turn: Turn, opened: list[Work]) -> dict[str, dict[str, Any]]:
    """People and organisations that a task is put to for the first time in this case."""
    persons = {ref: work.lane for work in opened for ref in work.persons}
    places = {work.org: work.lane for work in opened if work.org and work.org != turn.held.bureau_ref}
    persons |= {ref: "supervisor" for ref in turn.followers}
    unknown = {ref: lane for ref, lane in {**persons, **places}.items() if ref not in turn.case.parties}
    if not unknown:
        return {}
    found = directory.resolve(
        turn.db,
        turn.case.bureau_id,
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


def _place(work: Work, parties: Parties, bureau_id: int) -> store.Place:
    organisation = parties.get(work.org or "")
    persons = tuple(int(parties[ref]["id"]) for ref in work.persons)
    return store.Place(int(organisation["id"]) if organisation else bureau_id, persons)


def _moved_dues(turn: Turn) -> dict[int, str | None]:
    """Due dates of tasks that were open before and now say another date."""
    return {work.id: work.due for work in turn.instance.work() if turn.dues.get(work.id, work.due) != work.due}


def _record(turn: Turn, opened: list[Work], closed: Mapping[int, str], *, over: bool) -> Head:
    notes = [*turn.notes, *_task_notes(turn, opened, closed)]
    if over:
        notes.append(Note("case.closed"))
    if notes:
        notes[0] = replace(notes[0], data={**notes[0].data, **_trace(turn)})
    chain = Chain(turn.case.bureau_id, turn.case.id)
    head = Head(turn.case.journal_seq, turn.case.journal_seal)
    return journal.record(turn.db, chain, head, notes, at=turn.at, by=turn.actor_id)


def _task_notes(turn: Turn, opened: list[Work], closed: Mapping[int, str]) -> Iterator[Note]:
    elements = {visit.work_id: visit.element for run in turn.runs for visit in run.visits if visit.work_id}
    for work_id, ending in closed.items():
        if ending == "cancelled":
            yield Note("task.cancelled", elements.get(work_id), {"work": work_id})
    for work in opened:
        yield Note("task.opened", work.element, {"work": work.id, "lane": work.lane, "due": work.due})


def _trace(turn: Turn) -> dict[str, Any]:
    """The way that the turn went: elements entered, rules that matched, how due dates were counted, what was given."""
    visits = [visit for run in turn.runs for visit in run.visits]
    trace: dict[str, Any] = {"visited": [f"{v.process}/{v.element}" for v in visits if v.event == "entered"]}
    rules = {f"{visit.process}/{visit.element}": list(visit.rules) for visit in visits if visit.rules}
    more = {"rules": rules, "counted": [one.as_data() for one in turn.counted], "returned": turn.returned}
    return {**trace, **{name: found for name, found in more.items() if found}}


def _assigned(works: list[tuple[Work, store.Place]]) -> Iterator[Notice]:
    for work, place in works:
        data = {"element": work.element, "process": work.process, "work": work.id}
        if place.persons:
            yield from (Notice("assigned", person_id=person, data=data) for person in place.persons)
        else:
            yield Notice("assigned", lane=work.lane, organisation_id=place.organisation_id, data=data)


def _told(turn: Turn, parties: Parties) -> Iterator[Notice]:
    """Notices of operations, their recipients resolved: a person, a lane of an organisation, a lane of the bureau."""
    unknown = {told.to for told in turn.told if told.to and told.to not in parties}
    found = directory.resolve(turn.db, turn.case.bureau_id, persons=unknown, organisations=unknown)
    for told in turn.told:
        yield _notice(turn, told, parties, found)


def _notice(turn: Turn, told: Told, parties: Parties, found: directory.Resolved) -> Notice:
    party = parties.get(told.to)
    person = party["id"] if party and party["kind"] == "person" else found.persons.get(told.to)
    if person is not None and told.lane is None:
        return Notice(told.about, person_id=int(person), data=told.data)
    place = party["id"] if party and party["kind"] == "organisation" else found.organisations.get(told.to)
    lane = told.lane or "agency_liaison"
    return Notice(told.about, lane=lane, organisation_id=int(place or turn.case.bureau_id), data=told.data)
