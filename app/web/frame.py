"""The frame round each page: whose office it is, where the person may go, how much waits for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from app.calendar import Calendar
from app.cases import lists
from app.cases.lifecycle import Office, office_of
from app.cases.lists import BoxCounts
from app.db import Session
from app.definitions.pack import Pack
from app.definitions.releases import open_release
from app.errors import Words, words
from app.limits.rules import Rules, rules_for
from app.people.access import AUDIENCES, Actor
from app.web.texts import english

Address = Callable[..., str]
"""The address of an endpoint with its parameters, as Flask's `url_for` gives it."""


@dataclass(frozen=True)
class Bureau:
    """A bureau as a page needs it: its rules at this instant, and its calendar."""

    office: Office
    pack: Pack
    at: datetime
    address: Address

    @cached_property
    def rules(self) -> Rules:
        """The current release's rules with the bureau's own values."""
        return rules_for(self.pack, self.office.settings, self.at)

    @property
    def calendar(self) -> Calendar:
        """The bureau's working days."""
        return self.rules.calendar

    @property
    def today(self) -> date:
        """The office's date."""
        return self.at.date()

    def starts(self, actor: Actor) -> list[Any]:
        """The processes that this person may start by hand."""
        processes = self.pack.diagram.processes.values()
        return [one for one in processes if self.pack.starts_by_hand(one.id) & actor.lanes]


def bureau_of(db: Session, actor: Actor, at: datetime, address: Address) -> Bureau:
    """The reader's bureau; one statement. Raises NotFound where no rules have been loaded."""
    office = office_of(db, actor.bureau_id)
    return Bureau(office, open_release(db, office.release_id), at, address)


@dataclass(frozen=True)
class Section:
    """A section of the application that the bar leads to, for those whom its audience admits."""

    key: str
    endpoint: str
    title: Words
    audience: str


SECTIONS: tuple[Section, ...] = (
    Section("monitor", "monitor.board", words("Monitor"), "managers"),
    Section("studio", "studio.index", words("Definitions"), "owners"),
    Section("limits", "limits.index", words("Time limits"), "owners"),
    Section("calendar", "calendar.index", words("Working days"), "administrators"),
    Section("operations", "operations.index", words("Operations"), "administrators"),
    Section("channels", "channels.index", words("Channels"), "administrators"),
    Section("registers", "registers.index", words("Registers"), "signed_in"),
)
"""Beyond inbox and cases, in the order of the bar."""


def sections_of(actor: Actor) -> tuple[Section, ...]:
    """The sections that are open to this person."""
    return tuple(section for section in SECTIONS if AUDIENCES[section.audience](actor))


@dataclass(frozen=True)
class Frame:
    """The values of the bar at the top."""

    bureau: str
    title: str
    person: str
    works: bool
    starts: bool
    counts: BoxCounts
    sections: tuple[Section, ...]


def frame_of(db: Session, actor: Actor, bureau: Bureau) -> Frame:
    """The frame of a signed-in person; one statement for the counts."""
    works = AUDIENCES["workers"](actor)
    manifest = bureau.pack.manifest
    title = (english() and manifest.title_en) or manifest.title
    counts = lists.counts(db, actor, bureau.today)
    starts = works and bool(bureau.starts(actor))
    return Frame(bureau.office.name, title, actor.name, works, starts, counts, sections_of(actor))
