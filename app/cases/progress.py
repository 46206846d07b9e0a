"""What a turn is given, and a case on its way through it: its instance, and what has come of it so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.cases import answers
from app.cases.locking import Locked
from app.cases.models import Case
from app.db import part_of
from app.definitions.pack import Pack
from app.engine import Changes, Host, Instance, OperationCall, Subscription, Timer, Visit
from app.journal import Note
from app.limits import deadlines
from app.limits.deadlines import Change, Deadline
from app.limits.rules import Count, Rules
from app.operations.calling import Announcement, Call, DateChange, Effects, Operations
from app.people.access import Actor


@dataclass(frozen=True)
class Turn:
    """What a turn is given: the case with its bureau, pack and rules, who moves it and when; and what it waits for."""

    held: Locked
    pack: Pack
    rules: Rules
    by: Actor | None
    """Who moves the case; None where it moves by itself."""
    at: datetime
    logical: datetime
    """The instant that the engine sees: a timer's due instant when it fires late, else `at`."""
    receipt_key: str | None
    timers: tuple[Timer, ...]
    subscriptions: tuple[Subscription, ...]
    dues: Mapping[int, str | None]
    drafts: frozenset[str] = frozenset()
    """The papers on their way out that tasks were about."""

    @property
    def case(self) -> Case:
        """The locked row; its columns are as they were when the turn began."""
        return self.held.case

    @property
    def actor_id(self) -> int | None:
        """The person who moves the case."""
        return self.by.id if self.by else None


@dataclass
class Progress:
    """A case within its turn: the body moves the instance, what comes of it is collected here and kept at the end."""

    db: Session
    turn: Turn
    instance: Instance
    runs: list[Changes] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    told: list[Announcement] = field(default_factory=list)
    counted: list[Count] = field(default_factory=list)
    returned: list[list[Any]] = field(default_factory=list)
    """What each operation gave the diagram, by its element: the journal keeps it, so that a case can be replayed."""
    number: str | None = None
    title: str | None = None
    followers: tuple[str, ...] = ()
    """Refs of persons who may follow a new case from its start."""
    subjects: dict[str, int] = field(default_factory=dict)
    """Persons whom an answer of this turn says the matter is about, ids by ref."""
    stopped: dict[int, str | None] = field(default_factory=dict)
    """Branches whose clock this turn has stopped, and whose organisation's that is; None: the whole case."""
    _to_move: list[tuple[int, DateChange]] = field(default_factory=list)
    """Deadlines that an operation wants moved, each with the branch that it stood in."""
    _of_operations: dict[str, list[Note]] = field(default_factory=lambda: defaultdict(list))

    @property
    def case(self) -> Case:
        """The locked row, as it was when the turn began."""
        return self.turn.case

    @property
    def facts(self) -> dict[str, Any]:
        """What the engine knows so far, with what this turn has written."""
        known = dict(self.case.facts)
        for changes in self.runs:
            known |= changes.facts
        return known

    def run(self) -> Changes:
        """Go on to the next wait. A turn runs at least once, when its body is done."""
        known = part_of(self.db, Operations).by_name
        host = Host(self.turn.rules.functions(), {name: self._operate for name in known}, self._due)
        changes = self.instance.run(self.turn.logical, host)
        self.runs.append(changes)
        for visit in changes.visits:
            self.notes += self._notes_of(visit)
        if asked := [self._to_move.pop(0) for _ in tuple(self._to_move)]:
            for scope, wanted in asked:
                self._move_nearest(scope, wanted)
            self.run()
        return changes

    def deadlines(self) -> list[Deadline]:
        """The deadlines that run now."""
        return deadlines.running(self.instance, self.turn.pack, self.turn.rules.provisional)

    def move(self, deadline: Deadline, new: date, *, why: str) -> None:
        """Move a running deadline. Raises NotFound where its branch has ended."""
        author = self.learner(deadline.key)
        self.take(deadlines.move(self.instance, deadline, new, why=why, author=author))

    def take(self, change: Change) -> None:
        """Keep what has come of a changed deadline or clock."""
        self.notes += change.notes
        self.told += change.notices

    def learner(self, key: str) -> str | None:
        """The author, where they learn of changes of this deadline."""
        return deadlines.learner(self.turn.pack, key, self.facts)

    def _move_nearest(self, scope: int, wanted: DateChange) -> None:
        """Move the deadline of that name that is the nearest around a branch; where none runs, nothing happens."""
        found = deadlines.nearest(self.instance, self.deadlines(), wanted.key, scope)
        if found is not None:
            self.move(found, wanted.new, why=wanted.why)

    def _due(self, policy_id: str, start: object, at: datetime, facts: Mapping[str, object]) -> str:
        """The due date of an activity that is entered; how it was counted goes into the journal."""
        counted = self.turn.rules.count(policy_id, start, at)
        self.counted.append(counted)
        return counted.due.isoformat()

    def _notes_of(self, visit: Visit) -> Iterator[Note]:
        if visit.event == "fired" and visit.due:
            yield Note("timer.fired", visit.element, {"due": visit.due.isoformat()})
        yield from self._of_operations.pop(visit.element, ())
        if visit.status:
            yield Note("status.changed", visit.element, {"status": visit.status})

    def _operate(self, called: OperationCall) -> Mapping[str, object]:
        """Run a service task's operation in this transaction and collect its effects."""
        effects: Effects = part_of(self.db, Operations).run(called.name, self._call(called))
        self.told += effects.notices
        self._of_operations[called.element] += effects.notes
        self.number = effects.number or self.number
        self._to_move += [(called.scope, wanted) for wanted in effects.changes]
        self.returned.append([called.element, dict(effects.facts)])
        return effects.facts

    def _call(self, called: OperationCall) -> Call:
        turn = self.turn
        return Call(
            db=self.db,
            bureau_id=turn.case.bureau_id,
            bureau_name=turn.held.bureau_name,
            case_id=turn.case.id,
            case_ref=turn.case.ref,
            element=called.element,
            at=called.at,
            by=turn.by,
            facts={**self.facts, **called.facts},
            parameters=called.parameters,
            papers=turn.pack.papers,
            settings=turn.rules.settings,
            functions=turn.rules.functions(),
            answers=lambda: answers.latest(self.db, turn.case.id),
        )
