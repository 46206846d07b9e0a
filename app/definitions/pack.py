"""A pack as the system uses it: diagrams, forms and rules of one regulation, read once and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from app import feel
from app.calendar import Unit
from app.definitions.rows import Book
from app.engine import Diagram, Process, Step
from app.errors import Conflict, NotFound, words
from app.forms import Form

LONGEST_TITLE = 200


@dataclass(frozen=True)
class Policy:
    """A limit with where it comes from: `law`, or `local_policy` ("本局内部时限,非法定期限")."""

    id: str
    name: str
    name_en: str
    amount: int
    unit: Unit
    roll: bool
    source: str
    basis: str
    minimum: int | None = None
    """What the law asks at least; None where it gives no number."""
    guards: str | None = None
    """The fact that holds a date which people give, and which must not lie before `minimum` from the date `since`."""
    since: str | None = None


@dataclass(frozen=True)
class Fixed:
    """What the law itself fixes: shown beside the limits, changed by nobody."""

    id: str
    name: str
    name_en: str
    value: str
    value_en: str
    basis: str


@dataclass(frozen=True)
class Act:
    """Something a person may do to a case beyond its tasks: a message to it, or to the start of a linked case.

    `begins`: the process whose first form it fills in a linked case. `during`: offered while the person's organisation
    has an open task of this process that is not past its date. `does`: what the house does itself (`cases.pausing`).
    """

    id: str
    name: str
    name_en: str
    process: str
    """The folder of its form: a process, or what several share."""
    on: frozenset[str]
    """The processes to whose cases it can be done."""
    lane: str
    """Whose people may do it; several separated by blanks."""
    begins: str | None
    during: str | None
    does: str | None
    form: str
    when: str
    running: str | None
    ended: str | None
    key: str
    basis: str

    @property
    def lanes(self) -> frozenset[str]:
        """The lanes whose people may do it."""
        return frozenset(self.lane.split())


@dataclass(frozen=True)
class Pack:
    """One release, parsed. `about` is the merged pack.yaml."""

    digest: str
    about: Mapping[str, Any]
    diagram: Diagram
    forms: Mapping[tuple[str, str], Form]
    rows: Mapping[str, Book] = field(default_factory=dict)
    """The examples beside decision tables, by decision."""

    @property
    def id(self) -> str:
        """The pack's own id, such as `beibei_2024`."""
        return str(self.about["id"])

    @property
    def regulation(self) -> str:
        """`W` or `B`; decision tables test it."""
        return str(self.about["regulation"])

    @property
    def effective_from(self) -> date:
        """The first day on which cases may run under it (W-18, B-21)."""
        day = self.about["effective_from"]
        return day if isinstance(day, date) else date.fromisoformat(day)

    @cached_property
    def policies(self) -> Mapping[str, Policy]:
        """Every limit by its id."""
        return {key: _policy(key, row) for key, row in self.about.get("policies", {}).items()}

    @cached_property
    def law(self) -> tuple[Fixed, ...]:
        """What the regulation fixes for everybody."""
        return tuple(
            Fixed(key, row["zh"], row["en"], str(row["value"]), str(row["value_en"]), row["basis"])
            for key, row in self.about.get("law", {}).items()
        )

    @cached_property
    def acts(self) -> Mapping[str, Act]:
        """Every act on a case by its id."""
        return {key: _act(key, row) for key, row in self.about.get("acts", {}).items()}

    @cached_property
    def reads(self) -> frozenset[str]:
        """The fields whose values the engine must know; all others stay in their answers."""
        of_forms = {name for form in self.forms.values() for name in form.reads}
        of_acts = {name for act in self.acts.values() for text in (act.when, act.key) for name in _names(text)}
        of_processes = {
            name
            for process in self.diagram.processes.values()
            for text in process.attributes.values()
            for name in _names(text)
        }
        return self.diagram.reads | of_forms | of_acts | of_processes

    def process(self, key: str) -> Process:
        """The process of that id. Raises NotFound."""
        process = self.diagram.processes.get(key)
        if process is None:
            raise NotFound(words('This office has no process "{key}".', key=key))
        return process

    def step(self, process: str, element: str) -> Step:
        """An element of a process of this release."""
        return self.diagram.processes[process].steps[element]

    def form(self, process: str, key: str) -> Form:
        """The form of that key. Raises NotFound."""
        form = self.forms.get((process, key))
        if form is None:
            raise NotFound(words('The form "{key}" of "{process}" is missing.', key=key, process=process))
        return form

    def form_of(self, process: str, element: str) -> Form:
        """The form of a user task."""
        return self.form(process, self.step(process, element).attributes.get("form", element))

    def starts_by_hand(self, process: str) -> frozenset[str]:
        """The lanes whose people may start it."""
        return frozenset(self.process(process).attributes.get("starts", "").split())

    def basis_of(self, process: str, element: str) -> tuple[str, ...]:
        """The clauses behind a step, of this pack's regulation only: a shared diagram may name those of several."""
        clauses = self.step(process, element).attributes.get("basis", "").split()
        return tuple(clause for clause in clauses if clause.startswith(("P-", "D-", f"{self.regulation}-")))

    def title_of(self, process: str, known: Mapping[str, Any]) -> str:
        """The title that the diagram gives a case over what is known of it, else the process's name."""
        title = self.process(process).attributes.get("title", "")
        value = feel.compile(feel.expression_text(title))(known) if feel.is_expression(title) else title
        return str(value or self.process(process).name)[:LONGEST_TITLE]

    def refuse_before(self, day: date) -> None:
        """A case dated before the regulation is in force is refused (W-18, B-21)."""
        if day < self.effective_from:
            raise Conflict(
                words("These rules apply from {day} on.", day=self.effective_from.isoformat()),
                clauses=[str(self.about.get("effective_basis", f"{self.regulation}-0"))],
            )


def _names(text: str) -> frozenset[str]:
    return feel.compile(feel.expression_text(text)).names if feel.is_expression(text) else frozenset()


def _policy(key: str, row: Mapping[str, Any]) -> Policy:
    return Policy(
        id=key,
        name=row["zh"],
        name_en=row["en"],
        amount=int(row["amount"]),
        unit=row["unit"],
        roll=bool(row.get("roll", False)),
        source=row.get("source", "local_policy"),
        basis=row.get("basis", ""),
        minimum=row.get("minimum"),
        guards=row.get("guards"),
        since=row.get("since"),
    )


def _act(key: str, row: Mapping[str, Any]) -> Act:
    on = [row["on"]] if isinstance(row["on"], str) else row["on"]
    folder, _, form = str(row.get("form", key)).rpartition("/")
    return Act(
        id=key,
        name=row["zh"],
        name_en=row["en"],
        process=folder or row.get("begins") or on[0],
        on=frozenset(on),
        lane=row["lane"],
        begins=row.get("begins"),
        during=row.get("while"),
        does=row.get("does"),
        form=form,
        when=row.get("when", ""),
        running=row.get("running"),
        ended=row.get("ended"),
        key=row.get("key", ""),
        basis=row.get("basis", ""),
    )
