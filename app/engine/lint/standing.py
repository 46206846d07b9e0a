"""Event sub-processes: no flow leads to or from them, and one event begins them."""

from __future__ import annotations

from app.engine.lint.report import Report
from app.engine.model import Scope
from app.errors import words

BEGIN = frozenset({"message", "timer", "escalation", "error"})


def check_standing(scope: Scope, report: Report) -> None:
    """The event sub-processes that stand in a scope."""
    for node in scope.standing:
        if scope.leaving[node.id] or scope.arriving[node.id]:
            report.at(
                "standing.flow", words("No flow leads to or from an event sub-process: its event begins it"), node
            )
        if node.many is not None:
            report.at("standing.many", words("An event sub-process is not done for each item of a list"), node)


def check_begin(scope: Scope, report: Report) -> None:
    """The inside of an event sub-process: how it begins."""
    starts = scope.of_kind("startEvent")
    if len(starts) != 1:
        text = words("An event sub-process has one start event, not {count}", count=len(starts))
        report.add("standing.start", text, scope.owner, scope.line)
    for node in starts:
        if node.event is None or node.event.kind not in BEGIN:
            text = words("An event sub-process begins on a message, a timer, an escalation or an error")
            report.at("standing.start", text, node)
        elif node.is_event("error") and not node.interrupts:
            report.at("error.interrupts", words("An error always interrupts"), node)
