"""One reader of a case: whose names, which steps and whose doings they may know (domain.md 2.9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.cases import confidential
from app.cases.course import CourseStep
from app.cases.view import View
from app.definitions.pack import Pack
from app.people.access import Actor
from app.web.texts import entry

OUTSIDE = ("supervisor", "applicant", "public")
"""Lanes of people who belong to no bureau."""
BUREAU, AUTHOR, AGENCY = "bureau", "author", "agency"


@dataclass(frozen=True)
class CaseReader:
    """A person as reader of one case."""

    actor: Actor
    roles: frozenset[str]
    facts: Mapping[str, Any]
    pack: Pack

    @property
    def inside(self) -> bool:
        """Bureau staff read everything of the case."""
        return BUREAU in self.roles

    @property
    def knows_author(self) -> bool:
        """Whether they may know the author: the pack says from whom it is kept, and when; unsaid, from agencies."""
        return confidential.knows_author(self.pack, self.facts, self.roles)

    @property
    def agency_only(self) -> bool:
        """Somebody of the supervised agency, who learns of others only what was put to the agency."""
        return self.roles == {AGENCY}

    def own(self, step: CourseStep) -> bool:
        """Whether the step was this reader's, or was put to their agency."""
        return step.who_id == self.actor.id or step.organisation_id in self.actor.agencies

    def sees(self, step: CourseStep) -> bool:
        """Whether the step itself is shown, with its name and times."""
        return self.inside or self.own(step)

    def name(self, step: CourseStep) -> str:
        """Names the holder of a step: a person inside one's own bureau, elsewhere the organisation and the office."""
        lane = entry(self.pack.lanes, step.lane)
        if self.inside or self.own(step):
            place = "" if step.organisation_id in (self.actor.bureau_id,) else step.organisation
            return " ".join(part for part in (place, step.who or lane) if part)
        return self.place(step)

    def place(self, step: CourseStep) -> str:
        """The organisation of a step, as somebody outside it may know it."""
        if step.lane == "supervisor":
            lane = entry(self.pack.lanes, step.lane)
            return f"{step.who} ({lane})" if self.knows_author and step.who else lane
        return f"{step.organisation} {entry(self.pack.lanes, step.lane)}" if self.inside else step.organisation

    def when(self, at: datetime, *, own: bool = False) -> datetime | date:
        """The instant of something, or its day where that could tell this reader whom the matter comes from.

        `own`: somebody of the reader's own organisation did it.
        """
        return at if own or self.knows_author else confidential.day_of(at)

    def signer(self, name: str, step: CourseStep | None) -> str:
        """The name under an opinion that this reader may read; without a step it was an act of the author's."""
        if self.inside or (step is not None and self.own(step)):
            return name
        if step is None or step.lane == "supervisor":
            return name if self.knows_author else entry(self.pack.lanes, "supervisor")
        return f"{step.organisation} {entry(self.pack.lanes, step.lane)}"


def reader_of(seen: View, by: Actor) -> CaseReader:
    """The reader of a case that has been opened for them."""
    return CaseReader(by, seen.roles, seen.case.facts, seen.pack)
