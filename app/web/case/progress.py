"""Where a case stands: one sentence, and the ladder done · now · next with names and times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.cases.course import CourseStep
from app.cases.view import View
from app.errors import Words, words
from app.web.case.next_steps import next_steps
from app.web.case.reader import CaseReader
from app.web.frame import Bureau
from app.web.pieces.due_chip import DueChip, chip
from app.web.texts import entry, named, short_day, tell

DONE, NOW, LATE, NEXT = "done", "now", "late", "next"
MOST_DONE = 30


@dataclass(frozen=True)
class ProgressStep:
    """A step of the ladder. `word` says its kind, so that no colour has to."""

    kind: str
    name: str
    word: str
    who: str
    at: datetime | date | None = None
    due: DueChip | None = None
    ref: str | None = None


def progress_steps(seen: View, steps: Sequence[CourseStep], reader: CaseReader, bureau: Bureau) -> list[ProgressStep]:
    """The ladder that this reader may see; steps of others are shown by their bureau only, neighbours as one."""
    first = min((one.opened_at for one in steps if reader.own(one)), default=None)
    shown = [one for one in steps if _shown(one, first, reader)]
    done = [one for one in shown if one.ending == "completed"]
    older = max(0, len(done) - MOST_DONE)
    before = (
        [ProgressStep(DONE, tell(words("{count} earlier steps", count=older)), tell(words("done")), "")]
        if older
        else []
    )
    latest = _merged([_done(seen, one, reader) for one in done[older:]])
    now = _merged([_now(seen, one, reader, bureau) for one in shown if one.closed_at is None])
    return [*before, *latest, *now, *_next(seen, steps, reader)]


def _shown(step: CourseStep, first: datetime | None, reader: CaseReader) -> bool:
    """An agency learns of steps that are not its own only what came before them, and only if it may know the author."""
    if reader.sees(step) or not reader.agency_only:
        return True
    return reader.knows_author and first is not None and step.opened_at <= first


def _done(seen: View, step: CourseStep, reader: CaseReader) -> ProgressStep:
    if reader.sees(step):
        return ProgressStep(DONE, step_name(seen, step), tell(words("done")), reader.name(step), _closed(step, reader))
    return ProgressStep(DONE, reader.place(step), tell(words("done")), "", _closed(step, reader))


def _closed(step: CourseStep, reader: CaseReader) -> datetime | date | None:
    return None if step.closed_at is None else reader.when(step.closed_at, own=reader.own(step))


def _now(seen: View, step: CourseStep, reader: CaseReader, bureau: Bureau) -> ProgressStep:
    due = chip(step.due, bureau.today, bureau.calendar)
    kind = LATE if due.tone == "late" else NOW
    if not reader.sees(step):
        return ProgressStep(NOW, reader.place(step), tell(words("in hand")), "")
    word = tell(words("in hand") if step.who_id else words("waits to be taken"))
    return ProgressStep(
        kind, step_name(seen, step), word, reader.name(step), due=due if step.due else None, ref=step.ref
    )


def _next(seen: View, steps: Sequence[CourseStep], reader: CaseReader) -> list[ProgressStep]:
    if seen.case.closed_at is not None:
        return []
    standing = [(one.process, one.element) for one in steps if one.closed_at is None]
    coming = next_steps(seen.pack, seen.case.process, standing)
    shown = [step for step in coming if reader.inside or step.lane in reader.actor.lanes]
    word = tell(words("next") if len(coming) == 1 else words("may follow"))
    lanes = seen.pack.lanes
    return [ProgressStep(NEXT, named(step), word, entry(lanes, step.lane or "")) for step in shown]


def _merged(found: Sequence[ProgressStep]) -> list[ProgressStep]:
    """Neighbours that say the same are one rung, at the last one's time."""
    kept: list[ProgressStep] = []
    for rung in found:
        same = kept and rung.ref is None and (kept[-1].name, kept[-1].who) == (rung.name, rung.who)
        if same and not rung.who:
            kept[-1] = rung
        else:
            kept.append(rung)
    return kept


def step_name(seen: View, step: CourseStep) -> str:
    """The name of the step in the diagram."""
    return named(seen.pack.step(step.process, step.element))


def sentence(seen: View, steps: Sequence[CourseStep], reader: CaseReader, bureau: Bureau) -> Words:
    """Where the case is, in one sentence; who is waited for, until when, and how long that still is."""
    case = seen.case
    if case.closed_at is not None:
        status = entry(seen.pack.statuses, case.status)
        return words("Closed on {day}: {status}.", day=_day(case.closed_at.date()), status=status)
    if case.incident is not None and reader.inside:
        text = words("The case stopped on {day} because of a fault and waits for the administrator.", day=_day_of(case))
        return text
    now = [one for one in steps if one.closed_at is None]
    if not reader.inside and not any(reader.sees(one) for one in now) and reader.agency_only:
        return words("Your steps are done; the case goes on elsewhere.")
    if not now:
        return _waiting(seen)
    mine = next((one for one in now if reader.sees(one)), None)
    said = _in_hand(seen, mine, reader, bureau) if mine else _elsewhere(now[0], reader)
    more = len(now) - 1
    return words("{said} {count} more steps run beside it.", said=said, count=more) if more and reader.inside else said


def _waiting(seen: View) -> Words:
    running = [one for one in seen.linked if not _is_over(seen, one.status)]
    if running:
        status = entry(seen.pack.statuses, running[-1].status)
        return words("This waits for the linked case “{title}” ({status}).", title=running[-1].title, status=status)
    return words("Nothing is to be done now; the case goes on by itself when its time comes.")


def _is_over(seen: View, status: str) -> bool:
    declared = seen.pack.statuses.get(status)
    return declared is not None and declared.ends


def _in_hand(seen: View, step: CourseStep, reader: CaseReader, bureau: Bureau) -> Words:
    since, who, name = _day(step.opened_at.date()), reader.name(step), step_name(seen, step)
    if step.due is None:
        return words("With {who} for “{name}” since {since}.", since=since, who=who, name=name)
    left = chip(step.due, bureau.today, bureau.calendar)
    due = words("{day} (provisional)", day=_day(step.due)) if left.provisional else _day(step.due)
    parts = {"since": since, "who": who, "name": name, "due": due, "left": left.text}
    return words("With {who} for “{name}” since {since}, due {due}, {left}.", **parts)


def _elsewhere(step: CourseStep, reader: CaseReader) -> Words:
    return words("This is now with {place}.", place=reader.place(step))


def _day(value: date) -> str:
    return short_day(value)


def _day_of(case: object) -> str:
    at = str(getattr(case, "incident", {}).get("at", ""))
    return short_day(datetime.fromisoformat(at).date()) if at else ""
