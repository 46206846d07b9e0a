"""Comparing what a scenario expects with what is there: each check says every difference it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from app import feel
from app.cases.models import Task
from app.definitions.functions import FUNCTIONS
from app.errors import Invalid, Words, words
from app.rehearsal.expecting import WantedNotice, WantedTask
from app.rehearsal.finding import number_of, rules_now
from app.rehearsal.looks import Scene
from app.rehearsal.naming import Unclear
from app.rehearsal.papers import documents, not_documents
from app.rehearsal.reporting import rates, reports
from app.rehearsal.scenario import Expect
from app.rehearsal.stage import Stage

Check = Callable[[Scene, Any], Iterator[Words]]


def differences(stage: Stage, step: Expect) -> list[Words]:
    """What does not hold. Raises Unclear where the scenario names something that cannot be."""
    with stage.database.reading() as db:
        known = [stage.cases.find(step.case)] if step.case else stage.cases.known
        scene = Scene(db, stage, tuple(case.id for case in known), every=step.case is None)
        return [found for name, wanted in step.checks.items() for found in CHECKS[name](scene, wanted)]


def status(scene: Scene, wanted: tuple[str, ...]) -> Iterator[Words]:
    """Passed in this order, the last is the present one."""
    if not scene.cases:
        yield words("No case has started.")
    for case_id in scene.cases:
        passed = scene.statuses(case_id)
        if passed[-1] != wanted[-1] or not _in_order(wanted, passed):
            yield _differs(scene, case_id, "status", list(wanted), passed)


def tasks(scene: Scene, wanted: Mapping[str, WantedTask]) -> Iterator[Words]:
    """The open tasks, all of them, and what is said of each."""
    open_ones = scene.tasks()
    for name in wanted:
        _known_task(scene, name.partition("@")[0])
    for name, said in wanted.items():
        alike = [task for task in open_ones if _is_named(scene, task, name)]
        if not alike:
            yield words("The task {task} is not open.", task=name)
        elif not any(not list(_said(scene, task, said)) for task in alike):
            yield from _said(scene, alike[0], said)
    for task in open_ones:
        if not any(_is_named(scene, task, name) for name in wanted):
            yield words("The task {task} is open, and nobody expected it.", task=task.element)


def _said(scene: Scene, task: Task, wanted: WantedTask) -> Iterator[Words]:
    there = scene.said_of(task)
    for key, value in wanted.said.items():
        if there[key] != value:
            name = f"{task.element}.{key}"
            yield words(
                "{name}: {wanted} expected, {found} found.",
                name=name,
                wanted=_written(value),
                found=_written(there[key]),
            )


def not_tasks(scene: Scene, wanted: tuple[str, ...]) -> Iterator[Words]:
    """Tasks that must not be open."""
    for name in wanted:
        _known_task(scene, name.partition("@")[0])
        if any(_is_named(scene, task, name) for task in scene.tasks()):
            yield words("The task {task} is open.", task=name)


def _is_named(scene: Scene, task: Task, name: str) -> bool:
    element, _, whose = name.partition("@")
    if task.element != element:
        return False
    return not whose or whose in (scene.organisation(task), scene.said_of(task)["holder"])


def timers(scene: Scene, wanted: Mapping[str, tuple[datetime, ...] | None]) -> Iterator[Words]:
    """Armed timers and their instants; null: not armed."""
    armed = scene.timers()
    for name, due in wanted.items():
        _known_task(scene, name)
        there = tuple(armed.get(name, ()))
        if there != (due or ()):
            yield words(
                "{name}: {wanted} expected, {found} found.",
                name=name,
                wanted=_instants(due or ()),
                found=_instants(there),
            )


def data(scene: Scene, wanted: Mapping[str, Any]) -> Iterator[Words]:
    """Values of the case's data, by FEEL paths."""
    for case_id in scene.cases:
        there = scene.data(case_id)
        for path, value in wanted.items():
            found = _at_path(scene, path, there)
            if not _same(scene, value, found):
                yield _differs(scene, case_id, path, value, found)


def _at_path(scene: Scene, path: str, there: Mapping[str, Any]) -> Any:
    functions = rules_now(scene.db, scene.stage).functions()
    try:
        expression = feel.compile(path, [*there, *FUNCTIONS])
    except Invalid as fault:
        raise Unclear(words("data: {path}: {reason}", path=path, reason=_reasons(fault))) from None
    unknown = expression.certain - set(there) - _names(scene.stage)
    if unknown:
        raise Unclear(words('data: nothing in this pack is called "{names}".', names=", ".join(sorted(unknown))))
    return feel.to_json(expression(there, functions=functions))


def _reasons(fault: Invalid) -> list[Words]:
    return [finding.words for finding in fault.findings] or [fault.words]


def _names(stage: Stage) -> set[str]:
    """Every name that data can have: what the pack reads, its fields, outcomes, results and due dates."""
    steps = [step for process in stage.pack.diagram.processes.values() for step in process.steps.values()]
    fields = {field.key for form in stage.pack.forms.values() for field in form.fields}
    outcomes = {f"{step.element}_outcome" for step in steps if step.kind == "userTask"}
    written = {
        step.attributes[key] for step in steps for key in ("dueKey", "result", "decision") if key in step.attributes
    }
    return fields | outcomes | written | stage.pack.reads


def _same(scene: Scene, wanted: Any, found: Any) -> bool:
    if isinstance(wanted, bool) or isinstance(found, bool):
        return wanted is found
    if wanted == found:
        return True
    return (
        isinstance(found, str)
        and scene.stage.cases.is_one(wanted)
        and found == number_of(scene.db, scene.stage, wanted)
    )


def register(scene: Scene, wanted: Mapping[str, Mapping[str, Mapping[str, Any] | None]]) -> Iterator[Words]:
    """Rows of registers; only the fields that are named are compared, and null means that there is none."""
    for name, rows in wanted.items():
        for key, fields in rows.items():
            yield from _register_row(scene, f"{name}.{key}", fields, scene.row(name, key))


def _register_row(
    scene: Scene, place: str, wanted: Mapping[str, Any] | None, found: Mapping[str, Any] | None
) -> Iterator[Words]:
    if wanted is None or found is None:
        if (wanted is None) != (found is None):
            yield words(
                "{place}: {wanted} expected, {found} found.",
                place=place,
                wanted=_written(wanted),
                found=_written(found),
            )
        return
    for field, value in wanted.items():
        if field not in found:
            yield words("{place}: the row has no field {field}.", place=place, field=field)
        elif not _same(scene, value, found[field]):
            yield words(
                "{name}: {wanted} expected, {found} found.",
                name=f"{place}.{field}",
                wanted=_written(value),
                found=_written(found[field]),
            )


def journal(scene: Scene, wanted: tuple[str, ...]) -> Iterator[Words]:
    """Entries in this order; others may stand between."""
    entries = scene.journal()
    if not _in_order(wanted, entries):
        yield words(
            "journal: {wanted} expected in this order, {found} found.",
            wanted=", ".join(wanted),
            found=", ".join(entries),
        )


def notices(scene: Scene, wanted: tuple[WantedNotice, ...]) -> Iterator[Words]:
    """Who was told of what."""
    told = scene.notices()
    for notice in wanted:
        _known_person(scene, notice.to)
        if (notice.to, notice.about) not in told:
            yield words('{to} was not told of "{about}".', to=notice.to, about=notice.about)


def not_notices(scene: Scene, wanted: tuple[WantedNotice, ...]) -> Iterator[Words]:
    """Who must not have been told."""
    told = scene.notices()
    for notice in wanted:
        _known_person(scene, notice.to)
        if (notice.to, notice.about) in told:
            yield words('{to} was told of "{about}".', to=notice.to, about=notice.about)


def cases(scene: Scene, wanted: Mapping[str, int]) -> Iterator[Words]:
    """How many cases of a process have been started."""
    for process, number in wanted.items():
        if process not in scene.stage.pack.diagram.processes:
            raise Unclear(words('This pack has no process "{name}".', name=process))
        found = scene.started(process)
        if found != number:
            yield words(
                "{name}: {wanted} expected, {found} found.", name=f"cases.{process}", wanted=number, found=found
            )


def _in_order(wanted: tuple[str, ...], there: list[str]) -> bool:
    rest = iter(there)
    return all(item in rest for item in wanted)


def _known_task(scene: Scene, element: str) -> None:
    if not any(element in process.steps for process in scene.stage.pack.diagram.processes.values()):
        raise Unclear(words('No diagram of this pack has an element "{name}".', name=element))


def _known_person(scene: Scene, ref: str) -> None:
    stage = scene.stage
    if ref not in stage.people and ref not in stage.places and ref not in stage.pack.lanes:
        raise Unclear(words('Nobody is called "{name}".', name=ref))


def _differs(scene: Scene, case_id: int, name: str, wanted: Any, found: Any) -> Words:
    return words(
        "{case}: {name}: {wanted} expected, {found} found.",
        case=scene.stage.cases.name_by_id(case_id),
        name=name,
        wanted=_written(wanted),
        found=_written(found),
    )


def _instants(found: tuple[datetime, ...]) -> str:
    return ", ".join(due.isoformat() for due in found) or "null"


def _written(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return value.isoformat() if isinstance(value, date) else str(value)


CHECKS: Mapping[str, Check] = {
    "status": status,
    "tasks": tasks,
    "not_tasks": not_tasks,
    "timers": timers,
    "data": data,
    "documents": documents,
    "not_documents": not_documents,
    "register": register,
    "journal": journal,
    "notices": notices,
    "not_notices": not_notices,
    "cases": cases,
    "rates": rates,
    "reports": reports,
}
