"""The page of one definition with its inside, its versions and what differs between two of them; and the releases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.db import Session
from app.definitions.releases import files_in
from app.deployment.checking import findings_in
from app.deployment.shelf import Definition, Version
from app.deployment.tables import Decision, decisions_of
from app.engine import Process
from app.errors import Finding, Words
from app.web.studio import changes as file_changes
from app.web.studio import contents, page
from app.web.studio.changes import FileChange, FileSource
from app.web.studio.page import Studio
from app.web.studio.problems import ProblemRow, problem_rows
from app.web.texts import gettext


@dataclass(frozen=True)
class VersionRow:
    """A version in the list: its number, its first release, and the open cases on it."""

    number: int
    release: int
    made_at: datetime
    made_by: str
    cases: int
    file: str
    current: bool


@dataclass(frozen=True)
class DefinitionPage:
    """A definition's page."""

    definition: Definition
    kind: Words
    name: str
    download: str
    versions: tuple[VersionRow, ...]
    drawing: dict[str, Any] | None = None
    process: Process | None = None
    steps: list[contents.ProcessStepRow] = field(default_factory=list)
    fields: list[contents.FormFieldRow] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    tries: dict[str, str] = field(default_factory=dict)
    problems: list[ProblemRow] = field(default_factory=list)
    uses: list[tuple[str, str]] = field(default_factory=list)
    older: int = 0
    newer: int = 0
    changes: list[FileChange] = field(default_factory=list)


def definition_page(
    db: Session, room: Studio, kind: str, key: str, *, older: int = 0, newer: int = 0
) -> DefinitionPage:
    """A definition of the current release; with `older` and `newer`, versions to compare. Raises NotFound."""
    found = room.shelf.definition(kind, key)
    number = room.shelf.current.number
    versions = room.shelf.versions(found.file)
    known = {one.number: one for one in versions}
    both = (known[older], known[newer]) if older in known and newer in known and older != newer else None
    return DefinitionPage(
        definition=found,
        kind=page.KINDS[found.kind],
        name=page.name_of(room.pack, found),
        download=room.release_file(number, found.file),
        versions=tuple(_row(room, found, one) for one in reversed(versions)),
        older=both[0].number if both else max(1, len(versions) - 1),
        newer=both[1].number if both else len(versions),
        changes=_compared(db, room, found.file, *both) if both else [],
        uses=_uses(room, found),
        **_inside(db, room, found),
    )


def _row(room: Studio, found: Definition, one: Version) -> VersionRow:
    issue, current = one.issue, room.shelf.current.number
    file = room.release_file(one.releases[-1], found.file)
    cases = found.running.get(one.number, 0)
    return VersionRow(one.number, issue.number, issue.made_at, issue.made_by, cases, file, current in one.releases)


def _inside(db: Session, room: Studio, found: Definition) -> dict[str, Any]:
    manifest = room.shelf.current.manifest
    findings = [one for one in findings_in(db, manifest) if one.file == found.file]
    shown = {"problems": list(problem_rows(findings, {found.file: "drawing"} if found.kind == "process" else {}))}
    return shown | _content(db, room, found, findings)


def _content(db: Session, room: Studio, found: Definition, findings: list[Finding]) -> dict[str, Any]:
    if found.kind == "process":
        process = room.pack.diagram.processes[found.key]
        src = room.release_file(room.shelf.current.number, found.file)
        drawn = file_changes.DRAWING in process.xml
        label = gettext("Diagram of {name}", name=page.name_of(room.pack, found))
        marked = {"findings": file_changes.marked(findings)}
        drawing = {"src": src, "label": label} | marked if drawn else None
        return {"process": process, "drawing": drawing, "steps": contents.step_rows(room.pack, process)}
    if found.kind == "form":
        process_id, _, task = found.key.partition("/")
        return {"fields": contents.field_rows(room.pack.forms[(process_id, task)])}
    data = files_in(db, {found.file: room.shelf.current.manifest[found.file]})[found.file]
    decisions = decisions_of(data, found.file)
    return {
        "decisions": decisions,
        "tries": {one.id: room.address("deciding.show", decision=one.id) for one in decisions},
    }


def _uses(room: Studio, found: Definition) -> list[tuple[str, str]]:
    """The processes that rest on it, with their addresses."""
    current = room.shelf.current
    return [
        (page.name_of(room.pack, one), page.address_of(room, one))
        for one in room.shelf.definitions
        if one.kind == "process" and one.file != found.file and found.file in room.shelf.closure(current, one.file)
    ]


def _compared(db: Session, room: Studio, path: str, older: Version, newer: Version) -> list[FileChange]:
    """Everything on which the version rests, in the last release of the one and of the other."""
    sources: list[FileSource] = []
    paths: set[str] = set()
    for one in (older, newer):
        issue = room.shelf.issue(one.releases[-1])
        paths |= room.shelf.closure(issue, path)
        title = gettext("version {number}", number=one.number)
        sources.append(FileSource(title, issue.manifest, _addresses(room, issue.number)))
    return file_changes.changes(db, sources[0], sources[1], sorted(paths, key=lambda one: (one != path, one)))


def _addresses(room: Studio, number: int) -> file_changes.Address:
    return lambda path: room.release_file(number, path)


@dataclass(frozen=True)
class ReleaseRow:
    """A release in the list."""

    number: int
    made_at: datetime
    made_by: str
    files: int
    changed: int
    cases: int
    current: bool


def release_rows(room: Studio) -> list[ReleaseRow]:
    """Every release of the bureau, the latest first, with how much it changed and how many open cases stand on it."""
    rows = []
    before: dict[str, str] = {}
    for one in room.shelf.issues:
        now = dict(one.manifest)
        changed = sum(before.get(path) != now.get(path) for path in {*before, *now})
        cases = sum(count for (release, _), count in room.shelf.open_cases.items() if release == one.id)
        current = one.id == room.shelf.current.id
        rows.append(ReleaseRow(one.number, one.made_at, one.made_by, len(now), changed, cases, current))
        before = now
    return rows[::-1]
