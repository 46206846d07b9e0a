"""The record of a run: visits in order, and the work that opened and closed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from app.engine import branches
from app.engine.facts import copied_facts
from app.engine.spiff import INSTANCE
from app.engine.values import Changes, Step, Visit, VisitEvent, Work, WorkEnd

if TYPE_CHECKING:
    from app.engine.spiff import Case, Token
    from app.engine.turn import Turn

__all__ = ["WorkEnd", "changes", "open_work", "step_of", "visit", "work_of"]


def visit(
    turn: Turn,
    token: Token,
    event: VisitEvent,
    *,
    status: str | None = None,
    due: datetime | None = None,
    rules: tuple[str, ...] = (),
) -> None:
    """Note that something happened at a token's element."""
    step: Step = token.task_spec.step
    work_id = token.id if token.task_spec.manual else None
    turn.visits.append(Visit(step.element, step.process, step.kind, event, status, work_id, due, rules))


def visit_at(turn: Turn, step: Step, event: VisitEvent, *, due: datetime | None = None) -> None:
    """Note that something happened at an element where no token is yet."""
    turn.visits.append(Visit(step.element, step.process, step.kind, event, due=due))


def step_of(token: Token) -> Step:
    """The element a token stands at; for the ends of a scope, the activity around or the process itself."""
    found = getattr(token.task_spec, "step", None)
    if isinstance(found, Step):
        return found
    if token.host is not None:
        return step_of(token.host)
    process = token.workflow.spec.name
    return Step(process, "process", "", None, None, process, {})


def open_work(case: Case) -> list[Token]:
    """The tokens that wait for people, in the order they came."""
    found = [
        token
        for scope in case.scopes()
        for token in scope.tokens()
        if token._state == TaskState.READY and token.task_spec.manual
    ]
    return sorted(found, key=lambda token: token.id)


def work_of(token: Token) -> Work:
    """A token that waits for people, as work."""
    step, kept = token.task_spec.step, token.internal_data
    return Work(
        id=token.id,
        element=step.element,
        process=step.process,
        path=_path(token),
        lane=step.lane,
        name=step.name,
        name_en=step.name_en,
        org=kept.get("org"),
        persons=tuple(kept.get("persons", ())),
        due=None if branches.stands_still(token.workflow.top_workflow, token) else kept.get("due"),
        opened_at=kept["at"],
        attributes=step.attributes,
        data=copied_facts(token.data),
    )


def _path(token: Token) -> tuple[str, ...]:
    path: list[str] = []
    inside: Token | None = token
    while inside is not None:
        number = inside.internal_data.get(INSTANCE)
        if number is not None:
            path.insert(0, f"{inside.task_spec.name}[{number}]")
        elif inside is not token and not inside.task_spec.many:
            path.insert(0, inside.task_spec.name)
        inside = inside.host
    return tuple(path)


def changes(turn: Turn, before: set[int]) -> Changes:
    """The difference the run made; `before` is the work that was open when it began."""
    case = turn.case
    written, case.written = case.written, {}
    return Changes(
        visits=tuple(turn.visits),
        messages=tuple(turn.messages),
        opened=tuple(work_of(token) for token in open_work(case) if token.id not in before),
        closed=tuple((id, end) for id, end in turn.ended.items() if id in before),
        facts=copied_facts(written),
        over=case.completed,
    )
