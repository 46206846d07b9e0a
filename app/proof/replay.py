"""Replaying a case: what its journal tells, run anew through its diagram, must lead to the rows that are stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import journal
from app.cases import actions, answers, lifecycle
from app.cases.models import Case, CaseMessage, Subscription, Task, Timer
from app.definitions.pack import Pack
from app.definitions.releases import open_release
from app.engine import Instance
from app.errors import NotFound, Refusal, words
from app.journal import Entry
from app.limits import clocks
from app.limits.rules import rules_for
from app.people.models import Organisation, Person
from app.proof.recorded import Recorded, turns_of
from app.proof.verify import Fault

ENDED = "closed"


class Unknown(Exception):
    """The journal does not say what came in: a message from outside, whose content nobody keeps."""


@dataclass(frozen=True)
class Replayed:
    """How many cases were replayed, which could not be and why, and every difference from what is stored."""

    cases: int = 0
    left_out: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


def replay(db: Session) -> Replayed:
    """Every case of the database, replayed from its first entry to its last."""
    left_out, faults, count = list[str](), list[Fault](), 0
    for case_id in db.scalars(select(Case.id).order_by(Case.id)):
        case = db.get_one(Case, case_id)
        try:
            faults += replayed(db, case)
            count += 1
        except Unknown as unknown:
            left_out.append(f"case {case.ref}: {unknown}")
        db.expunge_all()
    return Replayed(count, tuple(left_out), tuple(faults))


def replayed(db: Session, case: Case) -> Iterator[Fault]:
    """One case. Raises Unknown where the journal cannot tell all that came in."""
    course = Course(db, case, open_release(db, case.release_id))
    place = f"case {case.ref}"
    for turn in turns_of(journal.entries_of(db, case.id)):
        try:
            visited = course.go(turn)
        except (Refusal, LookupError) as cause:
            yield Fault("replay.stopped", place, f"entry {turn.entries[0].seq}: {cause}")
            return
        if visited != turn.visited:
            yield Fault("replay.path", place, f"entry {turn.entries[0].seq}: {turn.visited} was {visited} in replay")
            return
    yield from course.differences()


@dataclass
class Course:
    """A case on its way from entry to entry."""

    db: Session
    case: Case
    pack: Pack
    facts: dict[str, Any] = field(default_factory=dict)
    status: str = "running"
    done: set[int] = field(default_factory=set)
    used: set[int] = field(default_factory=set)
    """Messages that this case has taken."""
    instance: Instance | None = None
    now: datetime | None = None

    def __post_init__(self) -> None:
        self.given = answers.of_case(self.db, self.case.id)
        query = select(Organisation.settings).where(Organisation.id == self.case.bureau_id)
        self.settings: Mapping[str, object] = self.db.scalar(query) or {}

    @property
    def running(self) -> Instance:
        """The instance. Raises LookupError before the case has started."""
        if self.instance is None:
            raise LookupError("the journal does not begin with the start of the case")
        return self.instance

    def go(self, turn: Recorded) -> list[str]:
        """Do what came in in one turn, and run; the elements entered."""
        visited: list[str] = []
        self.now = turn.logical
        for entry in turn.entries:
            if turn.waits_before(entry):
                visited += self._run(turn)
            if act := ACTS.get(entry.kind):
                act(self, entry)
        return visited + self._run(turn)

    def _run(self, turn: Recorded) -> list[str]:
        rules = rules_for(self.pack, self.settings, turn.logical)
        changes = self.running.run(turn.logical, turn.host(rules.functions()))
        self.facts |= changes.facts
        said = [visit.status for visit in changes.visits if visit.status]
        self.status = said[-1] if said else ENDED if changes.over and self.status == "running" else self.status
        return [f"{visit.process}/{visit.element}" for visit in changes.visits if visit.event == "entered"]

    def start(self, entry: Entry) -> None:
        """Begin as it began: by hand with its author, or by the message that started it."""
        process, message = entry.data["process"], entry.data.get("message")
        by_hand = "message" not in entry.data
        known = {**entry.data.get("known", {}), "author": self._author()} if by_hand else {}
        facts = known or self._received(entry, message, self.case.parent_id).data
        first = lifecycle.first_facts(self.pack, entry.at, facts)
        self.instance = self.pack.diagram.start(first, process, message=message)
        self.facts = self.instance.facts()

    def complete(self, entry: Entry) -> None:
        """Complete the work with what was answered."""
        work = next((work for work in self.running.work() if work.id == entry.data["work"]), None)
        if work is None:
            raise _cannot(entry)
        form = self.pack.form_of(work.process, work.element)
        kept = {one.field: one.value for one in self.given if one.work_id == work.id and one.element == work.element}
        self.running.complete(work.id, answers.for_engine(work.element, form, kept, self.pack.reads))
        self.done.add(work.id)

    def receive(self, entry: Entry) -> None:
        """Take the message that came at that instant."""
        waits = {waited.key for waited in self.running.subscriptions() if waited.message == entry.data["message"]}
        message = self._received(entry, entry.data["message"], None, keys=waits)
        if not self.running.receive(message.message, message.data, key=message.key):
            raise _cannot(entry)

    def act(self, entry: Entry) -> None:
        """Do a person's act on the running case again; what it sends is worked out from the same answers."""
        declared, at = self.pack.acts[entry.data["act"]], entry.at
        if declared.running is None or self.running.is_over():  # it concerned another case
            return
        given = answers.of_case(self.db, self.case.id, personal=True)
        kept = {one.field: one.value for one in given if (one.element, one.work_id, one.at) == (declared.id, 0, at)}
        data = actions.payload(self.pack, declared, self.facts, kept, rules_for(self.pack, self.settings, at))
        key = actions.key_of(self.pack, declared, self.facts, data, at)
        if not self.running.receive(str(declared.running), data, key=key):
            raise _cannot(entry)

    def move(self, entry: Entry) -> None:
        """Amend the deadline that was changed, in its branch."""
        self.running.amend({entry.data["key"]: entry.data["new"]}, scope=entry.data.get("scope"))

    def stop(self, entry: Entry) -> None:
        """Stop the clock of that branch."""
        self.running.hold(int(entry.data["scope"]), self.now or entry.at)

    def resume(self, entry: Entry) -> None:
        """Let it run on; the deadlines that move with it have entries of their own."""
        self.running.release(int(entry.data["scope"]), self.now or entry.at)

    def name(self, entry: Entry) -> None:
        """Put the task to the person who was named anew."""
        self.running.put_to(entry.data["work"], entry.data["old"], entry.data["new"])

    def _author(self) -> str:
        query = select(Person.ref).where(Person.id == self.case.started_by)
        return str(self.db.scalar(query))

    def _received(
        self, entry: Entry, message: str | None, sender: int | None, *, keys: AbstractSet[str | None] = frozenset()
    ) -> CaseMessage:
        """The first message of that name, delivered at that instant, that this case has not taken yet."""
        query = select(CaseMessage).where(CaseMessage.delivered_at == entry.at, CaseMessage.message == message)
        query = query.where(CaseMessage.receivers > 0)
        query = query.where(CaseMessage.bureau_id == self.case.bureau_id, CaseMessage.id.not_in(self.used))
        if sender is not None:
            query = query.where(CaseMessage.case_id == sender)
        for one in self.db.scalars(query.order_by(CaseMessage.id)):
            if not keys or keys & {None, one.key}:
                self.used.add(one.id)
                return one
        raise Unknown(f"entry {entry.seq}: the message {message} came from outside")

    def differences(self) -> Iterator[Fault]:
        """What the rows say otherwise than the replay."""
        case, now = self.case, self.running
        yield from self._rows("replay.tasks", self._tasks(Task.closed_at.is_(None)), {w.id for w in now.work()})
        yield from self._rows("replay.done", self._tasks(Task.ending == "completed"), self.done)
        timers = select(Timer.timer_id, Timer.element, Timer.due).where(Timer.case_id == case.id)
        said: set[object] = {(timer.id, timer.element, timer.due) for timer in now.timers()}
        yield from self._rows("replay.timers", {tuple(row) for row in self.db.execute(timers)}, said)
        waited = select(Subscription.subscription_id, Subscription.message, Subscription.key)
        rows = {tuple(row) for row in self.db.execute(waited.where(Subscription.case_id == case.id))}
        yield from self._rows("replay.subscriptions", rows, {(w.id, w.message, w.key) for w in now.subscriptions()})
        for name, stored, found in (
            ("status", case.status, self.status),
            ("facts", {name: value for name, value in case.facts.items() if name != clocks.FACT}, self.facts),
            ("end", case.closed_at is not None, now.is_over()),
        ):
            if stored != found:
                yield Fault(f"replay.{name}", f"case {case.ref}", f"{stored} is stored, the replay has {found}")

    def _tasks(self, condition: Any) -> set[int]:
        return set(self.db.scalars(select(Task.work_id).where(Task.case_id == self.case.id, condition)))

    def _rows(self, rule: str, rows: AbstractSet[Any], said: AbstractSet[Any]) -> Iterator[Fault]:
        if rows != said:
            text = f"{sorted(rows - said, key=str)} only stored, {sorted(said - rows, key=str)} only in the replay"
            yield Fault(rule, f"case {self.case.ref}", text)


def _cannot(entry: Entry) -> NotFound:
    text = words("The journal's {kind} at {element} cannot be repeated.", kind=entry.kind, element=entry.element or "-")
    return NotFound(text)


ACTS = {
    "case.started": Course.start,
    "task.completed": Course.complete,
    "message.received": Course.receive,
    "case.acted": Course.act,
    "deadline.changed": Course.move,
    "task.named": Course.name,
    "clock.stopped": Course.stop,
    "clock.resumed": Course.resume,
}
