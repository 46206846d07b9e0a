"""How due dates came about, as the journal keeps it: the first count, and what has changed the date since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.journal import Entry
from app.limits.rules import Count

CALENDAR = "calendar"
"""The reason that the journal gives for a date that moved with the calendar."""


@dataclass(frozen=True)
class Traced:
    """A due date back to its count. `changes`: the entries that have moved it, the first one first."""

    count: Count
    changes: tuple[Entry, ...]


def counts_of(entries: Iterable[Entry]) -> list[Count]:
    """Every count of a case, in order."""
    return [Count.from_data(row) for entry in entries for row in entry.data.get("counted", ())]


def latest(entries: Iterable[Entry], policy: str, start: date) -> Count | None:
    """The last count of a limit from that day."""
    found = [one for one in counts_of(entries) if (one.policy, one.start) == (policy, start)]
    return found[-1] if found else None


def granted(entries: Iterable[Entry], key: str, scope: int) -> list[Entry]:
    """What people have changed of the deadline of that name and branch since it began."""
    return [
        entry
        for entry in entries
        if entry.kind == "deadline.changed"
        and entry.data.get("key") == key
        and entry.data.get("scope", scope) == scope
        and entry.data.get("why") != CALENDAR
    ]


def traced(entries: Sequence[Entry], policy: str, due: date) -> Traced | None:
    """A date back over its changes to the count of that limit; None for a case without such a record."""
    counts = {one.due: one for one in counts_of(entries) if one.policy == policy}
    changes: list[Entry] = []
    for entry in reversed(entries):
        if entry.kind == "deadline.changed" and entry.data.get("new") == due.isoformat():
            changes.insert(0, entry)
            due = date.fromisoformat(entry.data["old"])
    return Traced(counts[due], tuple(changes)) if due in counts else None
