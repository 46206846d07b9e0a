"""The page of a proposal: its state, everything that was found, what it changes, and what this reader may do."""

from __future__ import annotations

from dataclasses import dataclass

from app.db import Session
from app.deployment import proposing
from app.deployment.placing import places_of_forms
from app.deployment.proposing import Proposed
from app.errors import Words
from app.people.access import Actor
from app.web.studio import changes as studio_changes
from app.web.studio import page as studio
from app.web.studio.changes import FileChange, Source
from app.web.studio.files import proposal_address, release_address
from app.web.studio.page import Room
from app.web.studio.problems import Problem, problems
from app.web.texts import gettext


@dataclass(frozen=True)
class Shown:
    """A proposal's page."""

    proposed: Proposed
    state: Words
    tag: str
    mine: bool
    changes: list[FileChange]
    problems: list[Problem]

    @property
    def errors(self) -> int:
        """How many findings stand in its way."""
        return sum(one.error for one in self.problems)

    @property
    def here(self) -> list[Problem]:
        """Errors, and warnings about what changes."""
        return [one for one in self.problems if one.error or one.anchor]

    @property
    def elsewhere(self) -> list[Problem]:
        """Warnings about files that stay as they are."""
        return [one for one in self.problems if not one.error and not one.anchor]

    @property
    def may_submit(self) -> bool:
        """Whether its maker can hand it on."""
        return self.mine and self.proposed.state == "draft" and not self.errors and not self.proposed.overtaken

    @property
    def may_decide(self) -> bool:
        """Whether this reader is the second owner that it waits for."""
        return not self.mine and self.proposed.state == "waiting"


def proposal(db: Session, room: Room, ref: str, *, by: Actor) -> Shown:
    """A proposal with its differences from the release that it was made over. Raises NotFound."""
    found = proposing.proposal(db, ref, by=by)
    old = Source(
        gettext("release {number}", number=found.base),
        found.base_manifest,
        lambda path: release_address(found.base, path),
    )
    new = Source(gettext("proposed"), found.manifest, lambda path: proposal_address(found.ref, path))
    changes = studio_changes.changes(db, old, new, found.changed, found.findings)
    state, tag = studio.state_of(found)
    anchors = {one.path: one.anchor for one in changes}
    return Shown(
        proposed=found,
        state=state,
        tag=tag,
        mine=found.maker_id == by.id,
        changes=changes,
        problems=list(problems(found.findings, anchors)),
    )


@dataclass(frozen=True)
class Place:
    """A form's place in the choice of the upload page."""

    value: str
    process: str
    task: str


def places(db: Session, room: Room, *, by: Actor) -> list[Place]:
    """Every process and task for which a form may be uploaded."""
    found = places_of_forms(proposing.current_files(db, by=by))
    return [Place(f"{process}/{task}", studio.process_name(room.pack, process), task) for process, task in found]
