"""The page of a proposal: its state, everything that was found, what it changes, and what this reader may do."""

from __future__ import annotations

from dataclasses import dataclass

from app.db import Session
from app.deployment import proposing
from app.deployment.placing import places_of_forms
from app.deployment.proposing import Proposed
from app.errors import Words
from app.people.access import Actor
from app.web.studio import changes as file_changes
from app.web.studio import page
from app.web.studio.changes import FileChange, FileSource
from app.web.studio.page import Studio
from app.web.studio.problems import ProblemRow, problem_rows
from app.web.texts import gettext


@dataclass(frozen=True)
class ProposalPage:
    """A proposal's page."""

    proposed: Proposed
    state: Words
    tag: str
    mine: bool
    changes: list[FileChange]
    problems: list[ProblemRow]

    @property
    def errors(self) -> int:
        """How many findings stand in its way."""
        return sum(one.error for one in self.problems)

    @property
    def here(self) -> list[ProblemRow]:
        """Errors, and warnings about what changes."""
        return [one for one in self.problems if one.error or one.anchor]

    @property
    def elsewhere(self) -> list[ProblemRow]:
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


def proposal_page(db: Session, room: Studio, ref: str, *, by: Actor) -> ProposalPage:
    """A proposal with its differences from the release that it was made over. Raises NotFound."""
    found = proposing.proposal(db, ref, by=by)
    old = FileSource(
        gettext("release {number}", number=found.base),
        found.base_manifest,
        lambda path: room.release_file(found.base, path),
    )
    new = FileSource(gettext("proposed"), found.manifest, lambda path: room.proposal_file(found.ref, path))
    changes = file_changes.changes(db, old, new, found.changed, found.findings)
    state, tag = page.state_of(found)
    anchors = {one.path: one.anchor for one in changes}
    return ProposalPage(
        proposed=found,
        state=state,
        tag=tag,
        mine=found.maker_id == by.id,
        changes=changes,
        problems=list(problem_rows(found.findings, anchors)),
    )


@dataclass(frozen=True)
class FormPlace:
    """A form's place in the choice of the upload page."""

    value: str
    process: str
    task: str


def form_places(db: Session, room: Studio, *, by: Actor) -> list[FormPlace]:
    """Every process and task for which a form may be uploaded."""
    found = places_of_forms(proposing.current_files(db, by=by))
    return [FormPlace(f"{process}/{task}", page.process_name(room.pack, process), task) for process, task in found]
