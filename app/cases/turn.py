"""The one door through which a running case changes: lock, load, one move, run to the next wait, keep, tell, record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app import engine
from app.cases import answers, deadlines, extending  # noqa: F401 - operations register themselves
from app.cases.models import Case
from app.cases.persist import keep
from app.cases.store import Locked
from app.definitions.pack import Pack
from app.definitions.releases import open_release
from app.engine import Changes, Host, Instance, OperationCall, Subscription, Timer, Visit
from app.journal import Note
from app.limits.rules import Count, Rules, rules_for
from app.people.access import Actor
from app.programme import opinions, publicity  # noqa: F401 - their operations register themselves
from app.programme.operations import OPERATIONS, Call, Moved, Told


@dataclass
class Turn:
    """A case held, with its instance; what the body and the operations say is collected and kept at the end."""

    db: Session
    held: Locked
    pack: Pack
    rules: Rules
    instance: Instance
    by: Actor | None
    at: datetime
    logical: datetime
    """The instant that the engine sees: a timer's due instant when it fires late, else `at`."""
    receipt_key: str | None = None
    notes: list[Note] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    runs: list[Changes] = field(default_factory=list)
    counted: list[Count] = field(default_factory=list)
    returned: list[list[Any]] = field(default_factory=list)
    """What each operation gave the diagram, by its element: the journal keeps it, so that a case can be replayed."""
    number: str | None = None
    title: str | None = None
    followers: tuple[str, ...] = ()
    """Refs of persons who may follow a new case from its start."""
    dues: Mapping[int, str | None] = field(default_factory=dict)
    timers: tuple[Timer, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    stopped: dict[int, str | None] = field(default_factory=dict)
    """Branches whose clock this turn has stopped, and whose organisation's that is; None: the whole case."""
    _to_move: list[tuple[int, Moved]] = field(default_factory=list)
    """Deadlines that an operation wants moved, each with the branch that it stood in."""
    _of_operations: dict[str, list[Note]] = field(default_factory=lambda: defaultdict(list))

    @property
    def case(self) -> Case:
        """The locked row; its columns are as they were when the turn began."""
        return self.held.case

    @property
    def actor_id(self) -> int | None:
        """Who moves the case; None where it moves by itself."""
        return self.by.id if self.by else None

    @property
    def facts(self) -> dict[str, Any]:
        """What the engine knows so far, with what this turn has written."""
        known = dict(self.case.facts)
        for changes in self.runs:
            known |= changes.facts
        return known

    def run(self) -> Changes:
        """Go on to the next wait. A turn runs at least once, when its body is done."""
        operations = {name: self._operate for name in OPERATIONS}
        host = Host(functions=self.rules.functions(), operations=operations, deadline=self._due)
        changes = self.instance.run(self.logical, host)
        self.runs.append(changes)
        for visit in changes.visits:
            self.notes += self._notes_of(visit)
        if asked := [self._to_move.pop(0) for _ in tuple(self._to_move)]:
            for scope, move in asked:
                deadlines.move(self, scope, move)
            self.run()
        return changes

    def _due(self, policy_id: str, start: object, at: datetime, facts: Mapping[str, Any]) -> str:
        """The due date of an activity that is entered; how it was counted goes into the journal."""
        counted = self.rules.count(policy_id, start, at)
        self.counted.append(counted)
        return counted.due.isoformat()

    def _notes_of(self, visit: Visit) -> Iterator[Note]:
        if visit.event == "fired" and visit.due:
            yield Note("timer.fired", visit.element, {"due": visit.due.isoformat()})
        yield from self._of_operations.pop(visit.element, ())
        if visit.status:
            yield Note("status.changed", visit.element, {"status": visit.status})

    def _operate(self, called: OperationCall) -> Mapping[str, Any]:
        """Run a service task's operation in this transaction and collect its effects."""
        effects = OPERATIONS[called.name](self._call(called))
        self.told += effects.notices
        self._of_operations[called.element] += effects.notes
        self.number = effects.number or self.number
        self._to_move += [(called.scope, move) for move in effects.moved]
        self.returned.append([called.element, dict(effects.facts)])
        return effects.facts

    def _call(self, called: OperationCall) -> Call:
        return Call(
            db=self.db,
            bureau_id=self.case.bureau_id,
            bureau_name=self.held.bureau_name,
            case_id=self.case.id,
            case_ref=self.case.ref,
            element=called.element,
            at=called.at,
            by=self.by,
            facts={**self.facts, **called.facts},
            parameters=called.parameters,
            papers=self.pack.papers,
            settings=self.rules.settings,
            functions=self.rules.functions(),
            answers=lambda: answers.latest(self.db, self.case.id),
        )


@contextmanager
def turn(
    db: Session,
    held: Locked,
    *,
    by: Actor | None,
    at: datetime,
    logical: datetime | None = None,
    fresh: Instance | None = None,
) -> Iterator[Turn]:
    """Lend the instance of a locked case for one move, then run it on and keep all that came of it.

    `fresh` is the instance of a case that starts; else it is loaded from the case's state.

    Everything is written in the caller's transaction; a refusal in the body or below leaves nothing behind.
    """
    pack = open_release(db, held.case.release_id)
    instance = fresh or engine.load(held.case.state, pack.diagram)
    rules = rules_for(pack, held.bureau_settings, logical or at)
    moved = Turn(db, held, pack, rules, instance, by, at, logical or at)
    moved.timers, moved.subscriptions = tuple(instance.timers()), tuple(instance.subscriptions())
    moved.dues = {work.id: work.due for work in instance.work()}
    yield moved
    moved.run()
    keep(moved)
