"""Where cases stand in the diagrams: how many at each open step, at each wait, and inside each called process."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, literal, select, tuple_, union_all
from sqlalchemy.orm import Session

from app.cases.models import Case, Subscription, Task, Timer
from app.engine import Process
from app.monitor.colours import Marks
from app.monitor.scope import how_many, in_flight
from app.people.access import Actor

Call = tuple[str, str]
"""A process and the element of it that calls another."""
WAITS = frozenset({"intermediateCatchEvent", "receiveTask"})


@dataclass(frozen=True)
class Position:
    """Cases at one element now, and how many of them are late there. `release_id`: one whose diagram has it."""

    process: str
    element: str
    count: int
    late: int
    release_id: int
    called: bool = False
    """The element calls another process, in which they stand."""


def positions(db: Session, by: Actor, marks: Marks, processes: Mapping[str, Process]) -> list[Position]:
    """Every element where a case in flight stands; three statements.

    `processes`: those of the current release. A case that waits for a message or an instant stands at the event; one
    that has gone into a called process also at the call, where only one call leads there.
    """
    tasks = _at_tasks(db, by, marks)
    return [*tasks, *_at_waits(db, by, processes), *_at_calls(db, by, marks, processes)]


def _at_tasks(db: Session, by: Actor, marks: Marks) -> list[Position]:
    each = (
        select(Task.process, Task.element, func.min(Task.due).label("due"), func.max(Case.release_id).label("release"))
        .join(Case, Case.id == Task.case_id)
        .where(in_flight(by), Task.closed_at.is_(None))
        .group_by(Task.process, Task.element, Case.id)
        .subquery()
    )
    late = how_many(marks.within("red", each.c.due))
    query = select(each.c.process, each.c.element, func.count(), late, func.max(each.c.release))
    return [Position(*row) for row in db.execute(query.group_by(each.c.process, each.c.element))]


def _at_waits(db: Session, by: Actor, processes: Mapping[str, Process]) -> Iterable[Position]:
    """Messages and instants that a case waits for are kept by element only; the processes it can run say whose."""
    armed = union_all(_armed(Subscription, by), _armed(Timer, by)).subquery()
    query = select(armed.c.process, armed.c.element, func.count(), literal(0), func.max(armed.c.release))
    reach = {key: _reach(key, processes) for key in processes}
    for row in db.execute(query.group_by(armed.c.process, armed.c.element)):
        started, element, *rest = row
        for key in reach.get(started, ()):
            step = processes[key].steps.get(element)
            if step is not None and step.kind in WAITS:
                yield Position(key, element, *rest)
                break


def _armed(table: type[Subscription] | type[Timer], by: Actor) -> Select[Any]:
    """One row a case and element."""
    columns: tuple[Any, ...] = (Case.process, table.element, Case.id)
    return (
        select(*columns, func.max(Case.release_id).label("release"))
        .join(Case, Case.id == table.case_id)
        .where(in_flight(by))
        .group_by(Case.process, table.element, Case.id)
    )


def _at_calls(db: Session, by: Actor, marks: Marks, processes: Mapping[str, Process]) -> Iterable[Position]:
    """Each case once a call, however many steps are open behind it."""
    behind = _behind(processes)
    if not behind:
        return
    columns: list[ColumnElement[int]] = []
    for pairs in behind.values():
        inside = tuple_(Case.process, Task.process).in_(pairs)
        columns += [_cases(inside), _cases(and_(inside, marks.within("red", Task.due)))]
    query = select(func.max(Case.release_id), *columns).join(Task, Task.case_id == Case.id)
    release, *numbers = db.execute(query.where(in_flight(by), Task.closed_at.is_(None))).one()
    for call, count, late in zip(behind, numbers[::2], numbers[1::2], strict=True):
        if count:
            yield Position(*call, count, late, release, called=True)


def _cases(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(distinct(case((condition, Case.id))))


def _behind(processes: Mapping[str, Process]) -> dict[Call, list[tuple[str, str]]]:
    """For each call, the pairs of a case's process and an inner one that lead through it and through nothing else."""
    found: dict[Call, list[tuple[str, str]]] = defaultdict(list)
    for started in processes:
        for inner in _reach(started, processes)[1:]:
            ways = list(islice(_ways(started, inner, processes, ()), 2))
            for call in ways[0] if len(ways) == 1 else ():
                found[call].append((started, inner))
    return found


def _ways(at: str, inner: str, processes: Mapping[str, Process], way: tuple[Call, ...]) -> Iterable[list[Call]]:
    if at == inner:
        yield list(way)
    elif at in processes and at not in {process for process, _ in way}:
        for step in processes[at].steps.values():
            if step.called:
                yield from _ways(step.called, inner, processes, (*way, (at, step.element)))


def _reach(key: str, processes: Mapping[str, Process]) -> list[str]:
    """A process and those that it calls, itself first."""
    found, waiting = [], [key]
    while waiting:
        one = waiting.pop(0)
        if one in processes and one not in found:
            found.append(one)
            waiting += [step.called for step in processes[one].steps.values() if step.called]
    return found
