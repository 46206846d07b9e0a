"""The operations that service tasks may call: plain functions in the turn's transaction, named in the diagram."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from app.errors import Invalid, words
from app.journal import Note
from app.operations.giving import gives
from app.people.access import Actor


class Template(Protocol):
    """A paper's template as the pack has it."""

    def template(self) -> dict[str, Any]:
        """What issuing a paper freezes."""
        ...


@dataclass(frozen=True)
class Call:
    """What an operation is given. `facts` are the engine's; `answers` loads all that people wrote (one statement)."""

    db: Session
    bureau_id: int
    bureau_name: str
    case_id: int
    case_ref: str
    element: str
    at: datetime
    by: Actor | None
    facts: Mapping[str, Any]
    parameters: Mapping[str, Any]
    papers: Mapping[str, Template]
    settings: Mapping[str, Any]
    functions: Mapping[str, Callable[..., object]]
    answers: Callable[[], Mapping[str, Any]]

    def parameter(self, name: str) -> Any:
        """A parameter that the diagram must give. Raises Invalid."""
        value = self.parameters.get(name)
        if value is None:
            raise Invalid(words('The step "{element}" lacks the parameter "{name}".', element=self.element, name=name))
        return value


@dataclass(frozen=True)
class Announcement:
    """A notice by refs: to persons or organisations, or to a lane; resolved when the turn keeps it."""

    about: str
    to: str
    lane: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DateChange:
    """A deadline to be moved once the operation is done: the fact that keeps it, its new last day, and why."""

    key: str
    new: date
    why: str


@dataclass(frozen=True)
class Effects:
    """What an operation did: facts for the diagram, people to tell, entries for the journal, the case's number.

    `changes`: deadlines of the branch that it stands in, or of the nearest around it, which the turn moves.
    """

    facts: Mapping[str, Any] = field(default_factory=dict)
    notices: tuple[Announcement, ...] = ()
    notes: tuple[Note, ...] = ()
    number: str | None = None
    changes: tuple[DateChange, ...] = ()


Operation = Callable[[Call], Effects]


@dataclass(frozen=True)
class Operations:
    """Every operation by the name that diagrams use; `app.assembly` lends them to the database that turns run in."""

    by_name: Mapping[str, Operation]

    def run(self, name: str, call: Call) -> Effects:
        """Run an operation; it gives the diagram only what `app.operations.giving` says that it gives."""
        effects = self.by_name[name](call)
        unsaid = {*effects.facts} - {one.removeprefix("=") for one in gives(name, call.parameters)}
        assert not unsaid, f"{name} gives {sorted(unsaid)}, which app.operations.giving does not say"
        return effects
