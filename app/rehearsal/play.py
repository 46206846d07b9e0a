"""Playing a scenario from its first step to its last, and what came of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case, CaseMessage
from app.errors import Invalid, NotFound, Refusal, Words, words
from app.journal import Entry
from app.rehearsal import coverage, expect, matching, steps
from app.rehearsal.coverage import Coverage
from app.rehearsal.finding import task_named
from app.rehearsal.naming import Unclear
from app.rehearsal.scenario import Act, Complete, Expect, Refuse, Scenario, Step
from app.rehearsal.stage import IN_MEMORY, Stage, pack_files, staged

Trace = Callable[["Happened"], None]


@dataclass(frozen=True)
class Happened:
    """An entry of the journal as the story goes."""

    at: str
    case: str | None
    kind: str
    element: str | None
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Played:
    """A step that was done: what happened, and what is not as the scenario says."""

    step: Step
    happened: tuple[Happened, ...] = ()
    differences: tuple[Words, ...] = ()
    refused: tuple[str, ...] = ()
    """Why a step that had to be refused was: kind, clauses, fields."""


@dataclass
class Result:
    """What came of a scenario. `wrong`: why its file is wrong; then the outcome is `wrong`, whatever else."""

    scenario: Scenario
    played: list[Played] = field(default_factory=list)
    wrong: Words | None = None
    coverage: Coverage = field(default_factory=Coverage)

    @property
    def outcome(self) -> str:
        """`passed`, `failed` (something differs) or `wrong` (the file is)."""
        if self.wrong is not None:
            return "wrong"
        whole = len(self.played) == len(self.scenario.steps)
        return "passed" if whole and not any(one.differences for one in self.played) else "failed"


def play(scenario: Scenario, root: Path, *, url: str = IN_MEMORY, trace: Trace | None = None) -> Result:
    """Play a scenario with the pack that `root` holds, in a database of its own."""
    result = Result(scenario)
    try:
        files = pack_files(root, scenario.pack)
        with staged(scenario, files, url=url) as stage:
            _play_all(stage, result, trace)
            with stage.database.reading() as db:
                result.coverage = coverage.of_story(db, stage)
            result.coverage.refusals = _refusals(result)
    except Unclear as fault:
        number = len(result.played) + 1
        line = scenario.steps[number - 1].line if number <= len(scenario.steps) else scenario.line
        result.wrong = words("line {line}, step {number}: {reason}", line=line, number=number, reason=fault.words)
    except Invalid as fault:
        reasons = [finding.words for finding in fault.findings] or [fault.words]
        result.wrong = words("{reasons}", reasons=reasons)
    except NotFound as fault:
        result.wrong = fault.words
    return result


def _play_all(stage: Stage, result: Result, trace: Trace | None) -> None:
    """Step by step; after a step that was refused, nothing that follows would mean anything."""
    with stage.database.reading() as db:
        _, last = _happened(db, stage, 0)
    for step in result.scenario.steps:
        stopped, differences, refused = _play(stage, step)
        with stage.database.reading() as db:
            happened, last = _happened(db, stage, last)
            differences += [*_stuck(db, stage, happened), *_undelivered(db)]
        result.played.append(Played(step, tuple(happened), tuple(differences), tuple(refused)))
        if trace is not None:
            for entry in happened:
                trace(entry)
        if stopped:
            break


def _play(stage: Stage, step: Step) -> tuple[bool, list[Words], list[str]]:
    """Whether the story must stop here, what differs, and why a refused step was refused."""
    if isinstance(step, Expect):
        return False, expect.differences(stage, step), []
    if isinstance(step, Refuse):
        return _refuse(stage, step)
    try:
        return False, steps.do(stage, step), []
    except Refusal as refusal:
        text = words("{step} was refused: {reason}", step=step.title, reason=_why(refusal))
        return True, [text], []


def _refuse(stage: Stage, step: Refuse) -> tuple[bool, list[Words], list[str]]:
    basis = _basis(stage, step.tried)
    try:
        differences = steps.do(stage, step.tried)
    except Refusal as refusal:
        found = matching.reasons(refusal, basis)
        if matching.matches(step.because, found):
            return False, [], found
        text = words(
            "{step} was refused because of {found}, not {because}: {reason}",
            step=step.tried.title,
            found=", ".join(found),
            because=step.because,
            reason=_why(refusal),
        )
        return False, [text], found
    return False, [*differences, words("{step} was not refused.", step=step.tried.title)], []


def _refusals(result: Result) -> dict[str, set[str]]:
    """What was refused as the story says, by what was tried."""
    found: dict[str, set[str]] = {}
    for one in result.played:
        if isinstance(one.step, Refuse) and not one.differences:
            found.setdefault(one.step.tried.title, set()).add(one.step.because)
    return found


def _why(refusal: Refusal) -> list[Words]:
    """Why somebody was refused: the text, and each fault with its field."""
    findings = refusal.findings if isinstance(refusal, Invalid) else ()
    named = [words("{field}: {fault}", field=finding.field or "", fault=finding.words) for finding in findings]
    return [refusal.words, *named]


def _basis(stage: Stage, tried: Step) -> list[str]:
    """The clauses of the task, or of the act, that is tried."""
    if isinstance(tried, Act) and tried.act in stage.pack.acts:
        return stage.pack.acts[tried.act].basis.split()
    if not isinstance(tried, Complete):
        return []
    with stage.database.reading() as db:
        try:
            task = task_named(db, stage, tried.task, case=tried.case, by=stage.actor(db, tried.by))
        except Refusal:
            return []
        return list(stage.pack.basis_of(task.process, task.element))


def _happened(db: Session, stage: Stage, last: int) -> tuple[list[Happened], int]:
    """The journal's entries since the entry of that id, and the id of the last one."""
    entries = list(db.scalars(select(Entry).where(Entry.id > last).order_by(Entry.id)))
    found = [
        Happened(
            at=entry.at.isoformat(),
            case=stage.cases.name_by_id(entry.case_id) if entry.case_id else None,
            kind=entry.kind,
            element=entry.element,
            data=entry.data,
        )
        for entry in entries
    ]
    return found, entries[-1].id if entries else last


def _undelivered(db: Session) -> list[Words]:
    """A message that could not be delivered is as good as lost, and nobody expects that."""
    waiting = db.scalars(select(CaseMessage.message).where(CaseMessage.delivered_at.is_(None)))
    return [words('The message "{message}" could not be delivered.', message=message) for message in waiting]


def _stuck(db: Session, stage: Stage, happened: list[Happened]) -> list[Words]:
    """A case that could not go on in this step differs from what anybody expects."""
    if not any(entry.kind == "case.failed" for entry in happened):
        return []
    stuck = db.execute(select(Case.id, Case.failure).where(Case.failure.is_not(None)))
    return [
        words("{case} has stopped: {cause}", case=stage.cases.name_by_id(case_id), cause=failure["cause"])
        for case_id, failure in stuck
        if failure
    ]
