"""A pack as the system uses it: diagrams, forms and rules of one regulation, read once and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from app import feel
from app.definitions.manifest import Act, Manifest, Named, PaperTemplate, Policy, Status
from app.definitions.rows import Book
from app.engine import Diagram, Process, Step
from app.errors import Conflict, NotFound, words
from app.files import USUAL
from app.forms import Form

LONGEST_TITLE = 200


@dataclass(frozen=True)
class Pack:
    """One release, parsed. `manifest` is its pack.yaml, with those that it extends."""

    digest: str
    manifest: Manifest
    diagram: Diagram
    forms: Mapping[tuple[str, str], Form]
    rows: Mapping[str, Book] = field(default_factory=dict)
    """The examples beside decision tables, by decision."""

    @property
    def id(self) -> str:
        """The pack's own id, such as `beibei_2024`."""
        return self.manifest.id

    @property
    def regulation(self) -> str:
        """`W` or `B`; decision tables test it."""
        return self.manifest.regulation

    @property
    def lanes(self) -> Mapping[str, Named]:
        """The roles by their keys."""
        return self.manifest.lanes

    @property
    def statuses(self) -> Mapping[str, Status]:
        """The statuses that people read, by their keys."""
        return self.manifest.statuses

    @property
    def policies(self) -> Mapping[str, Policy]:
        """Every limit by its id."""
        return self.manifest.policies

    @property
    def papers(self) -> Mapping[str, PaperTemplate]:
        """The templates of papers by their codes."""
        return self.manifest.papers

    @property
    def acts(self) -> Mapping[str, Act]:
        """Every act on a case by its id."""
        return self.manifest.acts

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

    def takes(self, field: str) -> tuple[str, ...]:
        """The kinds of files that a file field takes: its own by `files.fields`, else the pack's, else the usual."""
        declared = self.manifest.files
        return declared.fields.get(field) or declared.kinds or USUAL

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
        if day < self.manifest.effective_from:
            raise Conflict(
                words("These rules apply from {day} on.", day=self.manifest.effective_from.isoformat()),
                clauses=[self.manifest.effective_basis or f"{self.regulation}-0"],
            )


def _names(text: str) -> frozenset[str]:
    return feel.compile(feel.expression_text(text)).names if feel.is_expression(text) else frozenset()
