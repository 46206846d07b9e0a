"""A scenario as frozen values: its head, its people, its steps and what it expects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from app.calendar import Calendar


@dataclass(frozen=True)
class Member:
    """A person of the story. `agency` is for the lanes of an agency, `unit` for a recommending unit."""

    id: str
    name: str
    lanes: tuple[str, ...]
    agency: str | None = None
    unit: str | None = None
    born: date = date(1980, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step; `number` counts from 1, `line` is where it stands in the file, `named` is its `as`."""

    number: int
    line: int
    named: str | None = None

    @property
    def title(self) -> str:
        """The step in a word, as reports name it."""
        return type(self).__name__.lower()


@dataclass(frozen=True, kw_only=True)
class Start(Step):
    """A case begins; `answers` fill its first form, or are the caller's data of a called process."""

    process: str
    by: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    draft: bool = False

    @property
    def title(self) -> str:
        return f"start {self.process}"


@dataclass(frozen=True, kw_only=True)
class Complete(Step):
    """A task is completed, or (`draft`) only saved. `task` may carry `@agency` or `@person`."""

    task: str
    by: str
    case: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    draft: bool = False

    @property
    def title(self) -> str:
        return f"complete {self.task}"


@dataclass(frozen=True, kw_only=True)
class Send(Step):
    """A message comes from outside; its payload names the matter that it belongs to."""

    message: str
    case: str | None = None
    by: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return f"send {self.message}"


@dataclass(frozen=True, kw_only=True)
class Act(Step):
    """An office action on an open task, or an act on a case."""

    act: str
    by: str
    task: str | None = None
    case: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return f"act {self.act}"


@dataclass(frozen=True, kw_only=True)
class Issue(Step):
    """A paper goes out: the tasks of its issuing are completed, each by its lane's first person."""

    paper: str
    case: str | None = None
    by: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return f"issue {self.paper}"


@dataclass(frozen=True, kw_only=True)
class Read(Step):
    """What a person sees of a case: fields, and papers by their codes."""

    case: str
    by: str
    sees: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"read {self.case}"


@dataclass(frozen=True, kw_only=True)
class Refuse(Step):
    """A step that must be refused, and why."""

    tried: Step
    because: str

    @property
    def title(self) -> str:
        return f"refuse {self.tried.title}"


@dataclass(frozen=True, kw_only=True)
class At(Step):
    """The clock is moved; everything due up to and including that instant happens first."""

    instant: datetime

    @property
    def title(self) -> str:
        return f"at {self.instant.isoformat()}"


@dataclass(frozen=True, kw_only=True)
class Import(Step):
    """Days of the holiday table come in; `year`: the table of this year is complete now."""

    days: Mapping[date, bool]
    year: int | None = None
    by: str = "admin"

    @property
    def title(self) -> str:
        return "calendar"


@dataclass(frozen=True, kw_only=True)
class Restart(Step):
    """Everything in memory is lost, and the clock moves on while nothing runs."""

    down_for: timedelta = timedelta()


@dataclass(frozen=True, kw_only=True)
class Expect(Step):
    """What must hold now: named checks, of one case or of all. Only what is named is compared."""

    case: str | None = None
    checks: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Scenario:
    """One document of a scenario file; `document` counts from 1."""

    file: str
    document: int
    line: int
    title: str
    pack: str
    clock: datetime
    strict: bool
    days: Mapping[date, bool]
    settings: Mapping[str, Any]
    people: tuple[Member, ...]
    register: Mapping[str, tuple[Mapping[str, Any], ...]]
    steps: tuple[Step, ...]

    @property
    def calendar(self) -> Calendar:
        """The days that this scenario lays over the official table."""
        return Calendar(self.days)
