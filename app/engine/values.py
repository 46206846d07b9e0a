"""What the engine tells and asks, in BPMN's words: frozen values, no SpiffWorkflow type among them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from app.engine.model import Scope

VisitEvent = Literal["entered", "left", "cancelled", "fired"]
WorkEnd = Literal["completed", "cancelled"]


@dataclass(frozen=True)
class Step:
    """One element of a process as the diagram draws it.

    `kind` is the BPMN local name (`userTask`). `attributes` are the `duban:` attributes; a user task's lane gives
    the ones the task leaves out. `process` is the id of the file's process, also for elements inside a sub-process.
    """

    element: str
    kind: str
    name: str
    name_en: str | None
    lane: str | None
    process: str
    attributes: Mapping[str, str]
    called: str | None = None
    documentation: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    """What a service task is given, or a call or throw passes on, as written: `=…` is FEEL."""


@dataclass(frozen=True)
class Start:
    """A way into a process: its plain start event, or (with `message`) a message."""

    element: str
    message: str | None = None


@dataclass(frozen=True)
class Process:
    """A process of the diagram, by its id; `xml` and `sha256` are of the file as it was given.

    `scopes` are the insides of the process (under its own id) and of its sub-processes: nodes and flows as drawn.
    """

    id: str
    name: str
    name_en: str | None
    steps: Mapping[str, Step]
    lanes: Mapping[str, str]
    starts: tuple[Start, ...]
    attributes: Mapping[str, str]
    file: str
    sha256: str
    xml: bytes
    scopes: Mapping[str, Scope] = field(default_factory=dict)


@dataclass(frozen=True)
class Work:
    """An open user task. `due` is a date (it ends at 24:00 of that day), `opened_at` an instant with its offset.

    While its clock stands still (`Instance.hold`) a task has no due date.

    `path` names the call activities and sub-processes around the task, from the root; what is done for each item of
    a list has the item's number, from 1 (`inspect[2]`, also for the task itself). `data` is a copy of the variables
    of the task's branch, with the item.
    """

    id: int
    element: str
    process: str
    path: tuple[str, ...]
    lane: str | None
    name: str
    name_en: str | None
    org: str | None
    persons: tuple[str, ...]
    due: str | None
    opened_at: str
    attributes: Mapping[str, str]
    data: Mapping[str, object]


@dataclass(frozen=True)
class Timer:
    """An armed timer and the instant at which it fires."""

    id: int
    element: str
    due: datetime


@dataclass(frozen=True)
class Due:
    """A deadline that a branch keeps under the fact `key` and that something still waits for.

    `scope` is the branch: the id of the call activity or of the item of many around it, 0 the case's own. `element`
    and `process` are where it was counted, by `policy` (None: a date that was given) from the day `counted_from`.
    `org` is whose task it is, `work_id` the open task that has this date, where there is one.
    """

    key: str
    due: str
    scope: int
    element: str
    process: str
    policy: str | None
    counted_from: str | None
    org: str | None
    work_id: int | None


@dataclass(frozen=True)
class Subscription:
    """A message waited for; with `key`, only a message of the same key is taken."""

    id: int
    element: str
    message: str
    key: str | None


@dataclass(frozen=True)
class Message:
    """A message thrown by `element`; `sequence` counts the throws of one instance from 1 and never repeats."""

    name: str
    key: str | None
    data: Mapping[str, object]
    element: str
    sequence: int


@dataclass(frozen=True)
class Visit:
    """Something that happened at an element.

    `status`: the case's visible status from this moment, where the visit sets one. `due`: the instant a fired
    timer was armed for, which is earlier than the run when the sweep came late. `rules`: the rules of a decision
    table that matched, in order.
    """

    element: str
    process: str
    kind: str
    event: VisitEvent
    status: str | None = None
    work_id: int | None = None
    due: datetime | None = None
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changes:
    """What one `run` did.

    `opened` and `closed` are the net difference: work that opened and closed within the run is only in `visits`.
    `facts` are the values written since the run before (with those of `complete`, `receive`, `amend`), last wins.
    """

    visits: tuple[Visit, ...]
    messages: tuple[Message, ...]
    opened: tuple[Work, ...]
    closed: tuple[tuple[int, WorkEnd], ...]
    facts: Mapping[str, object]
    over: bool

    @property
    def visited(self) -> tuple[str, ...]:
        """The elements entered, in order."""
        return tuple(visit.element for visit in self.visits if visit.event == "entered")


@dataclass(frozen=True)
class OperationCall:
    """A service task's call: the operation's name, its evaluated parameters, the branch's facts (a copy).

    `scope` is the branch that it stands in, as in `Due`.
    """

    name: str
    parameters: Mapping[str, object]
    facts: Mapping[str, object]
    element: str
    at: datetime
    scope: int = 0


Deadline = Callable[[str, object, datetime, Mapping[str, object]], str | None]
Operation = Callable[[OperationCall], Mapping[str, object]]


@dataclass(frozen=True)
class Host:
    """What a running case may use of the world: FEEL functions, operations of service tasks, deadlines.

    `deadline(policy, from, at, facts)` gives the due date as `YYYY-MM-DD`, or None where the policy sets none.
    """

    functions: Mapping[str, Callable[..., object]] = field(default_factory=dict)
    operations: Mapping[str, Operation] = field(default_factory=dict)
    deadline: Deadline | None = None
