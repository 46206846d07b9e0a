"""Reading one step of a scenario: which verb it is, and which keys belong to that verb."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.definitions.marked import Marked
from app.errors import words
from app.rehearsal import values
from app.rehearsal.expecting import CHECKS
from app.rehearsal.scenario import (
    Act,
    At,
    Complete,
    Expect,
    Import,
    Issue,
    Read,
    Refuse,
    Restart,
    Send,
    Start,
    Step,
)
from app.rehearsal.values import Kind, Sheet

VERBS = ("start", "complete", "refuse", "send", "act", "issue", "read", "at", "calendar", "restart", "expect")
REFUSABLE = ("start", "complete", "send", "act", "issue", "read", "calendar")
Reader = Callable[[Sheet, Mapping[str, Any], Kind], Step]


def read_step(sheet: Sheet, number: int, people: set[str]) -> Step | None:
    """The step of a sheet; None where its verb cannot be told (then with a finding)."""
    person = values.one_of(people, words('nobody is called "{value}"'))
    step = _read(sheet, {"number": number, "line": sheet.line}, person)
    sheet.close()
    return step


def _read(sheet: Sheet, base: Mapping[str, Any], person: Kind) -> Step | None:
    verbs = [verb for verb in VERBS if verb in sheet.source]
    if len(verbs) != 1:
        text = words("a step has exactly one of: {verbs}", verbs=", ".join(VERBS))
        sheet.wrong(verbs[1] if verbs else next(iter(sheet.source), ""), text)
        sheet.take_all()
        return None
    named = {"named": sheet.take("as", values.text)} if verbs[0] not in ("expect", "read", "refuse") else {}
    return READERS[verbs[0]](sheet, {**base, **named}, person)


def _start(sheet: Sheet, base: Mapping[str, Any], person: Kind) -> Step:
    return Start(
        **base,
        process=sheet.take("start", values.text, "", required=True),
        by=sheet.take("by", person, "", required=True),
        **_answers(sheet),
        draft=sheet.take("draft", values.flag, default=False),
    )


def _complete(sheet: Sheet, base: Mapping[str, Any], person: Kind) -> Step:
    return Complete(
        **base,
        task=sheet.take("complete", values.text, "", required=True),
        by=sheet.take("by", person, "", required=True),
        case=sheet.take("case", values.text),
        **_answers(sheet),
        draft=sheet.take("draft", values.flag, default=False),
    )


def _send(sheet: Sheet, base: Mapping[str, Any], person: Kind) -> Step:
    return Send(
        **base,
        message=sheet.take("send", values.text, "", required=True),
        case=sheet.take("case", values.text),
        by=sheet.take("by", person),
        **_answers(sheet),
    )


def _act(sheet: Sheet, base: Mapping[str, Any], person: Kind) -> Step:
    step = Act(
        **base,
        act=sheet.take("act", values.text, "", required=True),
        by=sheet.take("by", person, "", required=True),
        task=sheet.take("task", values.text),
        case=sheet.take("case", values.text),
        **_answers(sheet),
    )
    if step.task is None and step.case is None:
        sheet.wrong("act", words('an act wants the "task" or the "case" that it is done to'))
    return step


def _issue(sheet: Sheet, base: Mapping[str, Any], person: Kind) -> Step:
    return Issue(
        **base,
        paper=sheet.take("issue", values.text, "", required=True),
        case=sheet.take("case", values.text),
        by=sheet.take("by", person),
        **_answers(sheet),
    )


def _sight(sheet: Sheet, base: Mapping[str, Any], person: Kind) -> Step:
    return Read(
        **base,
        case=sheet.take("read", values.text, "", required=True),
        by=sheet.take("by", person, "", required=True),
        sees=sheet.take("sees", values.texts, ()),
        hides=sheet.take("hides", values.texts, ()),
    )


def _at(sheet: Sheet, base: Mapping[str, Any], person: Kind) -> Step:
    from_clock = sheet.take("at", values.instant, required=True)
    return At(**base, instant=from_clock or values.instant("2004-01-01T00:00:00+08:00"))


def _calendar(sheet: Sheet, base: Mapping[str, Any], person: Kind) -> Step:
    return Import(
        **base,
        days=sheet.take("calendar", values.holidays, {}),
        year=sheet.take("year", values.whole),
        by=sheet.take("by", person, "admin"),
    )


def _restart(sheet: Sheet, base: Mapping[str, Any], person: Kind) -> Step:
    value = sheet.take("restart", lambda value: value, {})
    if value is None or value is True:
        return Restart(**base)
    if not isinstance(value, Mapping):
        sheet.wrong("restart", words("wants {{down_for: PT11H}}"))
        return Restart(**base)
    inner = Sheet(value, f"{sheet.place}, restart", sheet.findings, file=sheet.file, line=sheet.line)
    step = Restart(**base, down_for=inner.take("down_for", values.duration, Restart(**base).down_for))
    inner.close()
    return step


def _refuse(sheet: Sheet, base: Mapping[str, Any], person: Kind) -> Step:
    """`refuse: task` is a completion; `refuse: {start: process}` any other step, its keys within or beside."""
    because = sheet.take("because", values.text, "", required=True)
    tried = sheet.take("refuse", lambda value: value)
    inner = Marked(tried) if isinstance(tried, Mapping) else Marked(complete=tried)
    inner |= {key: value for key, value in sheet.source.items() if key not in ("refuse", "because")}
    sheet.take_all()
    within = Sheet(inner, sheet.place, sheet.findings, file=sheet.file, line=sheet.line)
    if not any(verb in inner for verb in REFUSABLE):
        sheet.wrong("refuse", words("wants a task, or one of: {verbs}", verbs=", ".join(REFUSABLE)))
        return Refuse(**base, tried=Step(**base), because=because)
    step = _read(within, base, person) or Step(**base)
    within.close()
    return Refuse(**base, tried=step, because=because)


def _expect(sheet: Sheet, base: Mapping[str, Any], person: Kind) -> Step:
    source = sheet.take("expect", values.mapping, {})
    inner = Sheet(source, f"{sheet.place}, expect", sheet.findings, file=sheet.file, line=sheet.line)
    case = inner.take("case", values.text)
    checks = {name: inner.take(name, kind) for name, kind in CHECKS.items() if name in source}
    inner.close()
    return Expect(**base, case=case, checks=checks)


def _answers(sheet: Sheet) -> dict[str, Any]:
    return {"answers": sheet.take("with", values.answers, {})}


READERS: Mapping[str, Reader] = {
    "start": _start,
    "complete": _complete,
    "refuse": _refuse,
    "send": _send,
    "act": _act,
    "issue": _issue,
    "read": _sight,
    "at": _at,
    "calendar": _calendar,
    "restart": _restart,
    "expect": _expect,
}
