"""A bureau's definitions with their history: every process, table and form, its version, and the cases on each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.definitions import releases
from app.definitions.models import Blob, Release
from app.deployment.outline import Outline, outline_or_none
from app.errors import NotFound, words
from app.people.access import Actor, admit
from app.people.models import Person

Kind = Literal["process", "table", "form"]
KINDS: Mapping[str, Kind] = {".bpmn": "process", ".dmn": "table", ".form": "form"}


@dataclass(frozen=True)
class Issue:
    """A release as the studio shows it: its number, when and by whom it was made, its files by path and digest."""

    id: int
    number: int
    made_at: datetime
    made_by: str
    manifest: Mapping[str, str]


@dataclass(frozen=True)
class Version:
    """One version of a definition: the release that brought it, and the releases that have it."""

    number: int
    issue: Issue
    releases: tuple[int, ...]


@dataclass(frozen=True)
class Definition:
    """A process, table or form of the current release.

    `key`: the process's id, the name of the tables' file, or `process/task` of a form. `version` rises when what
    it rests on changes: for a process its diagram, the processes it calls, their forms, the tables they ask.
    `running`: by version, the open cases whose procedure includes it.
    """

    key: str
    kind: Kind
    name: str
    name_en: str
    version: int
    file: str
    made_at: datetime
    made_by: str
    running: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Shelf:
    """All releases of a bureau with the outlines of their files; `open_cases` by release and process."""

    issues: tuple[Issue, ...]
    current: Issue
    outlines: Mapping[tuple[str, str], Outline | None]
    open_cases: Mapping[tuple[int, str], int]

    def issue(self, number: int) -> Issue:
        """The release of that number. Raises NotFound."""
        found = next((one for one in self.issues if one.number == number), None)
        if found is None:
            raise NotFound(words("There is no release {number}.", number=number))
        return found

    @cached_property
    def definitions(self) -> list[Definition]:
        """Everything in the current release, in the order of its paths."""
        return [self._definition(path) for path in sorted(self.current.manifest) if path.endswith(tuple(KINDS))]

    def definition(self, kind: str, key: str) -> Definition:
        """One of them. Raises NotFound."""
        found = next((one for one in self.definitions if (one.kind, one.key) == (kind, key)), None)
        if found is None:
            raise NotFound(words("The current release has no such definition."))
        return found

    def versions(self, path: str) -> list[Version]:
        """Every version of a file, the first first; it rises where the closure differs from the release before."""
        found: list[Version] = []
        before: Mapping[str, str] | None = None
        for issue in self.issues:
            if path not in issue.manifest:
                before = None
                continue
            now = {one: issue.manifest[one] for one in self.closure(issue, path)}
            if found and now == before:
                last = found[-1]
                found[-1] = Version(last.number, last.issue, (*last.releases, issue.number))
            else:
                found.append(Version(len(found) + 1, issue, (issue.number,)))
            before = now
        return found

    def version_in(self, path: str, number: int) -> int:
        """The version of a file in that release."""
        return next(one.number for one in self.versions(path) if number in one.releases)

    def closure(self, issue: Issue, path: str) -> frozenset[str]:
        """The paths of a release on which a file rests, itself among them."""
        return self._closures(issue).get(path, frozenset({path}))

    def _closures(self, issue: Issue) -> Mapping[str, frozenset[str]]:
        if issue.id not in self._kept:
            self._kept[issue.id] = dict(self._close(issue))
        return self._kept[issue.id]

    @cached_property
    def _kept(self) -> dict[int, Mapping[str, frozenset[str]]]:
        return {}

    def _close(self, issue: Issue) -> Iterator[tuple[str, frozenset[str]]]:
        """For each diagram all that it may lead to; calls are followed however deep, round in circles once."""
        known = {path: self.outlines.get((path, sha)) for path, sha in issue.manifest.items()}
        rests = {path: _rests_on(issue, path, one, known) for path, one in known.items() if path.endswith(".bpmn")}
        for path in rests:
            found, waiting = {path}, [path]
            while waiting:
                for other in rests.get(waiting.pop(), frozenset()) - found:
                    found.add(other)
                    waiting.append(other)
            yield path, frozenset(found)

    def _definition(self, path: str) -> Definition:
        versions = self.versions(path)
        version = next(one for one in versions if self.current.number in one.releases)
        seen = self.outlines.get((path, self.current.manifest[path]))
        kind = kind_of(path)
        return Definition(
            key=key_of(path, seen),
            kind=kind,
            name=seen.name if seen else "",
            name_en=seen.name_en if seen else "",
            version=version.number,
            file=path,
            made_at=version.issue.made_at,
            made_by=version.issue.made_by,
            running=self._running(path, versions),
        )

    def _running(self, path: str, versions: list[Version]) -> dict[int, int]:
        by_number = {number: one.number for one in versions for number in one.releases}
        issues = {one.id: one for one in self.issues}
        found: Counter[int] = Counter()
        for (release_id, process), count in self.open_cases.items():
            issue = issues[release_id]
            if path in self.closure(issue, self._path_of(issue, process)):
                found[by_number[issue.number]] += count
        return dict(sorted(found.items()))

    def _path_of(self, issue: Issue, process: str) -> str:
        """The file of a process in a release; `duban load` takes files of any name."""
        usual = f"processes/{process}.bpmn"
        if usual in issue.manifest:
            return usual
        seen = ((path, self.outlines.get((path, sha))) for path, sha in issue.manifest.items())
        return next((path for path, one in seen if path.endswith(".bpmn") and one and process in one.ids), usual)


def kind_of(path: str) -> Kind:
    """Process, table or form, by the ending."""
    return KINDS[path[path.rindex(".") :]]


def key_of(path: str, seen: Outline | None) -> str:
    """What names a definition in addresses: the process's id, the name of the tables' file, process and task."""
    if path.endswith(".form"):
        return path.removeprefix("forms/").removesuffix(".form")
    return seen.ids[0] if seen and path.endswith(".bpmn") else path.rpartition("/")[2].rpartition(".")[0]


def _rests_on(issue: Issue, path: str, seen: Outline | None, known: Mapping[str, Outline | None]) -> frozenset[str]:
    if seen is None:
        return frozenset({path})
    found = {path} | {one for one in issue.manifest if one.startswith(f"forms/{seen.ids[0]}/")}
    for other, one in known.items():
        if one is not None and (seen.calls & set(one.ids) or seen.asks & one.known_as):
            found.add(other)
    return frozenset(found)


def shelf(db: Session, *, by: Actor) -> Shelf:
    """The bureau's releases and how many open cases stand on each; four statements. Raises NotFound without rules."""
    admit("owners", by)
    current_id = releases.current_id(db, by.bureau_id)
    rows = db.execute(
        select(Release.id, Release.number, Release.made_at, Person.name, Release.manifest)
        .outerjoin(Person, Person.id == Release.made_by)
        .where(Release.bureau_id == by.bureau_id)
        .order_by(Release.number)
    )
    issues = tuple(Issue(row.id, row.number, row.made_at, row.name or "", row.manifest) for row in rows)
    current = next(one for one in issues if one.id == current_id)
    counted = select(Case.release_id, Case.process, func.count()).where(
        Case.bureau_id == by.bureau_id, Case.closed_at.is_(None)
    )
    open_cases = {(row[0], row[1]): row[2] for row in db.execute(counted.group_by(Case.release_id, Case.process))}
    return Shelf(issues, current, _outlines(db, issues), open_cases)


def definitions(db: Session, by: Actor) -> list[Definition]:
    """Every process, table and form of the bureau's current release."""
    return shelf(db, by=by).definitions


def _outlines(db: Session, issues: tuple[Issue, ...]) -> dict[tuple[str, str], Outline | None]:
    wanted = {(path, sha) for one in issues for path, sha in one.manifest.items() if path.endswith((".bpmn", ".dmn"))}
    query = select(Blob.sha256, Blob.data).where(Blob.sha256.in_({sha for _, sha in wanted}))
    data = {row.sha256: row.data for row in db.execute(query)}
    return {(path, sha): outline_or_none(data[sha], path) for path, sha in wanted}
