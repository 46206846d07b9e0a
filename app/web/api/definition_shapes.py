"""Definitions, proposals and releases as the API shows them to process owners."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pydantic import Field

from app.deployment import Definition, Proposed
from app.deployment.shelf import Issue
from app.engine import Process
from app.errors import Finding as Fault
from app.web.api.shapes import Finding, Given, Ref, Shape
from app.web.texts import named, tell

LONGEST_NOTE = 2_000


class DefinitionShown(Shape):
    """A process, table or form of the current release; `running`: open cases by version."""

    key: str
    kind: str
    name: str
    name_en: str
    version: int
    file: str
    made_at: datetime
    made_by: str
    running: dict[str, int]


class Definitions(Shape):
    """Everything in the current release."""

    items: list[DefinitionShown]


class StepShown(Shape):
    """An element of a diagram; `attributes` are those of the duban namespace."""

    element: str
    kind: str
    name: str
    lane: str | None
    attributes: dict[str, str]


class ProcessShown(Shape):
    """A process of the current release with its file."""

    key: str
    name: str
    file: str
    sha256: str
    xml: str
    steps: list[StepShown]


class Changes(Given):
    """Files by their path inside a release (`processes/x.bpmn`, `forms/x/y.form`); null takes one away."""

    changes: dict[str, str | None] = Field(min_length=1, max_length=200)
    note: str = Field("", max_length=LONGEST_NOTE)

    def as_bytes(self) -> dict[str, bytes | None]:
        """The changes as deployment takes them."""
        return {path: None if text is None else text.encode() for path, text in self.changes.items()}


class Checked(Shape):
    """What was found in the release as it would be; without an error it can be proposed."""

    fit: bool
    findings: list[Finding]


class Proposal(Shape):
    """What an owner wants as the next release. `number`: that of the release that it became."""

    ref: str
    state: str
    number: int | None
    base: int
    overtaken: bool
    note: str
    made_by: str
    made_at: datetime
    decided_by: str
    decided_at: datetime | None
    why: str
    changed: list[str]
    findings: list[Finding]


class Proposals(Shape):
    """The bureau's proposals, the latest first."""

    items: list[Proposal]


class Approval(Given):
    """Which proposal becomes the current release."""

    proposal: Ref


class Refused(Given):
    """Why a proposal is rejected."""

    why: str = Field(min_length=1, max_length=LONGEST_NOTE)


class ReleaseShown(Shape):
    """A release: the whole pack at one moment. A case stays on the release that it was started on."""

    number: int
    made_at: datetime
    made_by: str
    current: bool
    files: int


class Releases(Shape):
    """The bureau's releases, the latest first."""

    items: list[ReleaseShown]


def definition_of(one: Definition) -> DefinitionShown:
    """One definition."""
    names = ("key", "kind", "name", "name_en", "version", "file", "made_at", "made_by")
    running = {str(version): count for version, count in one.running.items()}
    return DefinitionShown(**{name: getattr(one, name) for name in names}, running=running)


def process_of(process: Process) -> ProcessShown:
    """One process."""
    steps = [
        StepShown(element=one.element, kind=one.kind, name=named(one), lane=one.lane, attributes=dict(one.attributes))
        for one in process.steps.values()
    ]
    xml, name = process.xml.decode(), named(process)
    return ProcessShown(key=process.id, name=name, file=process.file, sha256=process.sha256, xml=xml, steps=steps)


def findings_of(faults: Iterable[Fault]) -> list[Finding]:
    """Findings in the reader's language."""
    names = ("field", "element", "file", "line", "clause")
    return [Finding(**{name: getattr(one, name) for name in names}, words=tell(one.words)) for one in faults]


def proposal_of(made: Proposed) -> Proposal:
    """One proposal."""
    names = ("ref", "state", "number", "base", "overtaken", "note", "made_by", "made_at")
    decided = ("decided_by", "decided_at", "why", "changed")
    plain = {name: getattr(made, name) for name in (*names, *decided)}
    return Proposal(**plain, findings=findings_of(made.findings))


def release_of(issue: Issue, current: int) -> ReleaseShown:
    """One release."""
    return ReleaseShown(
        number=issue.number,
        made_at=issue.made_at,
        made_by=issue.made_by,
        current=issue.number == current,
        files=len(issue.manifest),
    )
