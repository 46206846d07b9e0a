"""The journal in words: all of it for the bureau, for others what they did or received, and the status."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from app.cases.course import CourseStep
from app.cases.view import View
from app.errors import Words, words
from app.journal import Entry
from app.web.case import cited_rules
from app.web.case.reader import OUTSIDE, CaseReader
from app.web.texts import entry as pack_entry
from app.web.texts import named, short_day, tell

MOST = 500


@dataclass(frozen=True)
class LogLine:
    """One line of the log; `quiet` where nobody did it."""

    at: datetime | date
    text: str
    quiet: bool


Teller = Callable[[View, Entry, CourseStep | None], Words | None]


def log_lines(seen: View, steps: Sequence[CourseStep], reader: CaseReader) -> list[LogLine]:
    """The log, the newest first; of a very old case its last entries."""
    return list(islice(_lines(seen, steps, reader), MOST))


def _lines(seen: View, steps: Sequence[CourseStep], reader: CaseReader) -> Iterator[LogLine]:
    by_work = {one.work_id: one for one in steps}
    for one in reversed(seen.entries):
        step = by_work.get(one.data.get("work", -1)) or _last(steps, one)
        if reader.inside and "rules" in one.data:
            yield from (LogLine(one.at, tell(text), quiet=True) for text in cited_rules.cited_rules(seen.pack, one))
        if _may_know(seen, one, step, reader):
            said = TELLERS.get(one.kind, _nothing)(seen, one, step)
            if said is not None:
                who = _who(seen, one, step, reader)
                text = tell(words("{who}: {said}", who=who, said=said) if who else said)
                yield LogLine(reader.when(one.at, own=_is_own(one, step, reader)), text, quiet=one.actor_id is None)


def _is_own(one: Entry, step: CourseStep | None, reader: CaseReader) -> bool:
    """Whether somebody of the reader's bureau did it; that a task was put to them is what others did."""
    mine = step is not None and reader.own(step) and one.kind != "task.opened"
    return one.actor_id is not None and (one.actor_id == reader.actor.id or mine)


def _last(steps: Sequence[CourseStep], one: Entry) -> CourseStep | None:
    """A claim names no work: the step of that element that was open then."""
    then = (step for step in steps if step.element == one.element and step.opened_at <= one.at)
    return max(then, key=lambda step: step.opened_at, default=None)


def _may_know(seen: View, one: Entry, step: CourseStep | None, reader: CaseReader) -> bool:
    if reader.inside:
        return True
    if one.kind in ("status.changed", "case.closed"):
        return reader.knows_author or any(reader.own(put) for put in [step] if put)
    if one.kind == "case.started":
        return one.actor_id == reader.actor.id
    if one.kind == "task.opened":
        return step is not None and reader.own(step)
    if one.kind == "document.issued":
        return any(paper.number == one.data.get("number") for paper in seen.papers)
    return (step is not None and reader.own(step)) or (one.actor_id is not None and one.actor_id == reader.actor.id)


def _who(seen: View, one: Entry, step: CourseStep | None, reader: CaseReader) -> str:
    if one.actor_id is None or one.kind in ("task.opened", "status.changed", "document.issued", "timer.fired"):
        return ""
    if reader.inside or one.actor_id == reader.actor.id or (step is not None and reader.own(step)):
        return seen.people.get(one.actor_id, "")
    return ""


def _name(seen: View, one: Entry, step: CourseStep | None) -> str:
    if step is not None:
        return named(seen.pack.step(step.process, step.element))
    return next(
        (named(p.steps[one.element]) for p in seen.pack.diagram.processes.values() if one.element in p.steps),
        one.element or "",
    )


def _opened(seen: View, one: Entry, step: CourseStep | None) -> Words | None:
    due = one.data.get("due")
    lane = pack_entry(seen.pack.lanes, step.lane) if step else ""
    place = lane if step is None or step.lane in OUTSIDE else f"{step.organisation} {lane}"
    name = _name(seen, one, step)
    if due:
        day = short_day(date.fromisoformat(due))
        return words("“{name}” was put to {place}, due {due}", name=name, place=place, due=day)
    return words("“{name}” was put to {place}", name=name, place=place)


def _fired(seen: View, one: Entry, step: CourseStep | None) -> Words | None:
    due = one.data.get("due")
    when = short_day(datetime.fromisoformat(due).date()) if due else ""
    return words("The time limit “{name}” was reached on {day}", name=_name(seen, one, None), day=when)


def _status(seen: View, one: Entry, step: CourseStep | None) -> Words | None:
    return words("Status: {status}", status=pack_entry(seen.pack.statuses, one.data.get("status", "")))


def _issued(seen: View, one: Entry, step: CourseStep | None) -> Words | None:
    title = pack_entry(seen.pack.papers, one.data.get("code", ""))
    return words("{title} {number} was issued", title=title, number=one.data.get("number", ""))


def _acted(seen: View, one: Entry, step: CourseStep | None) -> Words | None:
    act = seen.pack.acts.get(one.data.get("act", ""))
    return words("“{name}”", name=named(act)) if act else None


def _moved(seen: View, one: Entry, step: CourseStep | None) -> Words | None:
    old, new = (short_day(date.fromisoformat(one.data[name])) for name in ("old", "new"))
    return words("The time limit moved from {old} to {new}: {why}", old=old, new=new, why=one.data.get("why") or "")


def _clock(msgid: str) -> Teller:
    return lambda seen, one, step: Words(msgid, {"why": one.data.get("why", "")})


def _plain(msgid: str) -> Teller:
    text = Words(msgid)
    return lambda seen, one, step: Words(text.msgid, {"name": _name(seen, one, step)})


def _nothing(seen: View, one: Entry, step: CourseStep | None) -> Words | None:
    return None


def _released(seen: View, one: Entry, step: CourseStep | None) -> Words | None:
    name = _name(seen, one, step)
    if (why := one.data.get("why")) == "absent":
        return words("“{name}” went back: who held it is absent", name=name)
    return words("took “{name}” back: {why}", name=name, why=why) if why else words("gave “{name}” back", name=name)


TELLERS: dict[str, Teller] = {
    "case.started": lambda seen, one, step: words("The case was started"),
    "case.closed": lambda seen, one, step: words("The case was closed"),
    "case.failed": lambda seen, one, step: words("The case stopped because of a fault"),
    "case.retried": lambda seen, one, step: words("The case was set going again"),
    "case.acted": _acted,
    "task.opened": _opened,
    "task.completed": _plain(words("completed “{name}”").msgid),
    "task.cancelled": _plain(words("“{name}” ended by itself").msgid),
    "task.claimed": _plain(words("took “{name}”").msgid),
    "task.urged": _plain(words("sent a reminder for “{name}”").msgid),
    "task.refused": _plain(words("was refused at “{name}”").msgid),
    "task.released": _released,
    "task.named": _plain(words("named somebody for “{name}”").msgid),
    "timer.fired": _fired,
    "deadline.changed": _moved,
    "clock.stopped": _clock(words("The clock was stopped: {why}").msgid),
    "clock.resumed": _clock(words("The clock runs on: {why}").msgid),
    "status.changed": _status,
    "document.issued": _issued,
    "file.released": _plain(words("released a file to readers outside the bureau").msgid),
}
