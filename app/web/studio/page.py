"""The studio's first page and its sections: definitions in their groups, releases, what waits for review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.db import Session
from app.definitions.pack import Pack
from app.definitions.releases import open_release
from app.deployment import proposing
from app.deployment.proposing import Proposed
from app.deployment.shelf import Definition, Shelf, shelf
from app.errors import NotFound, Words, words
from app.people.access import Actor
from app.web.frame import Address, Bureau
from app.web.texts import english, named

GROUPS = (
    ("process", words("Processes")),
    ("table", words("Decision tables")),
    ("form", words("Forms")),
)
KINDS = {"process": words("Process"), "table": words("Decision table"), "form": words("Form")}
STATES = {
    "draft": (words("Draft"), "tag-draft"),
    "waiting": (words("Waiting for review"), "tag-draft"),
    "approved": (words("Published"), "tag-live"),
    "rejected": (words("Rejected"), ""),
}


@dataclass(frozen=True)
class DefinitionRow:
    """One definition in a list."""

    name: str
    key: str
    address: str
    version: int
    made_at: datetime
    made_by: str
    running: tuple[tuple[int, int], ...]
    under: str = ""

    @property
    def cases(self) -> int:
        """How many open cases include it, on whatever version."""
        return sum(count for _, count in self.running)


@dataclass(frozen=True)
class DefinitionGroup:
    """Definitions of one kind; forms are grouped by their process."""

    kind: str
    title: Words
    lines: tuple[DefinitionRow, ...]


@dataclass(frozen=True)
class Studio:
    """The parts that every page of the studio needs: the shelf, the current pack, open proposals."""

    shelf: Shelf
    pack: Pack
    open: tuple[Proposed, ...]
    decided: tuple[Proposed, ...]
    address: Address

    def release_file(self, number: int, path: str) -> str:
        """The address of a file of a release."""
        return self.address("studio.file", ref=str(number), file=path)

    def proposal_file(self, ref: str, path: str) -> str:
        """The address of a file of a proposal."""
        return self.address("studio_proposals.file", ref=ref, file=path)

    @property
    def waiting(self) -> list[Proposed]:
        """The proposals that a second owner has to look at."""
        return [one for one in self.open if one.state == "waiting"]

    @property
    def pack_name(self) -> str:
        """The pack's name in the reader's language."""
        manifest = self.pack.manifest
        return (english() and manifest.name_en) or manifest.name


def studio_of(db: Session, actor: Actor, bureau: Bureau | None) -> Studio:
    """The studio as this owner finds it. Raises NotFound where no rules have been loaded."""
    if bureau is None:
        raise NotFound(words("No rules have been loaded for this office yet."))
    found = shelf(db, by=actor)
    all_of_them = proposing.proposals(db, actor)
    open_ones = tuple(one for one in all_of_them if one.state in proposing.OPEN)
    decided = tuple(one for one in all_of_them if one.state not in proposing.OPEN)
    return Studio(found, open_release(db, found.current.id), open_ones, decided, bureau.address)


def definition_groups(room: Studio) -> list[DefinitionGroup]:
    """All definitions of the current release by kind."""
    lines = {
        kind: tuple(definition_row(room, one) for one in room.shelf.definitions if one.kind == kind)
        for kind, _ in GROUPS
    }
    return [DefinitionGroup(kind, title, lines[kind]) for kind, title in GROUPS if lines[kind]]


def definition_row(room: Studio, one: Definition) -> DefinitionRow:
    """A definition as a row."""
    return DefinitionRow(
        name=name_of(room.pack, one),
        key=one.key,
        address=address_of(room, one),
        version=one.version,
        made_at=one.made_at,
        made_by=one.made_by,
        running=tuple(one.running.items()),
        under=process_name(room.pack, one.key.partition("/")[0]) if one.kind == "form" else "",
    )


def name_of(pack: Pack, one: Definition) -> str:
    """The name that people use: a form has the name of its task or act."""
    if one.kind != "form":
        return named(one) or one.key
    process, _, key = one.key.partition("/")
    steps: Mapping[str, Any] = pack.diagram.processes[process].steps if process in pack.diagram.processes else {}
    for element, step in steps.items():
        if step.kind == "userTask" and step.attributes.get("form", element) == key:
            return named(step)
    act = next((act for act in pack.acts.values() if (act.process, act.form) == (process, key)), None)
    return named(act) if act else key


def process_name(pack: Pack, process: str) -> str:
    """The name of a process of this release; its id where there is none."""
    found = pack.diagram.processes.get(process)
    return named(found) if found else process


def address_of(room: Studio, one: Definition) -> str:
    """The page of a definition."""
    if one.kind == "form":
        process, _, task = one.key.partition("/")
        return room.address("studio.form", process=process, task=task)
    if one.kind == "process":
        return room.address("studio.process", process=one.key)
    return room.address("studio.table", table=one.key)


def state_of(one: Proposed) -> tuple[Words, str]:
    """A proposal's state in words, and the tag's colour."""
    return STATES[one.state]
