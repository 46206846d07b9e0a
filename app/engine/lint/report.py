"""Where checks write what they find: one list for the whole pack, in the order of files and lines."""

from __future__ import annotations

from collections.abc import Iterable

from app.engine.model import Flow, Lane, Node
from app.errors import Finding, Severity, Words

LIMIT = 500


class Report:
    """The findings about one file, the first 500."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []

    @property
    def is_full(self) -> bool:
        """Whether no more is listed; a check that has much to look at may stop."""
        return len(self.findings) >= LIMIT

    def add(
        self,
        rule: str,
        text: Words,
        element: str | None = None,
        line: int | None = None,
        *,
        severity: Severity = "error",
        field: str | None = None,
        position: int | None = None,
    ) -> None:
        """Note a fault: the rule broken, in words, at which element and line."""
        if self.is_full:
            return
        self.findings.append(Finding(text, rule, severity, self.file, element, line, field, position))

    def at(self, rule: str, text: Words, place: Node | Flow | Lane, *, severity: Severity = "error") -> None:
        """Note a fault of something that has an id and a line."""
        self.add(rule, text, place.id, place.line, severity=severity)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """By file and line."""
    return sorted(findings, key=lambda finding: (finding.file or "", finding.line or 0))
