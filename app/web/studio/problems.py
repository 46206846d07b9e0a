"""Findings as rows of a list that leads to the element in the drawing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.errors import Finding
from app.web.texts import tell


@dataclass(frozen=True)
class ProblemRow:
    """A finding as a row of the list: where it stands, and where in this page it can be seen."""

    error: bool
    file: str
    element: str
    line: int | None
    field: str
    words: str
    clause: str
    rule: str
    anchor: str


def problem_rows(findings: Iterable[Finding], anchors: Mapping[str, str]) -> Iterator[ProblemRow]:
    """Findings as rows, errors first as they were sorted."""
    for one in findings:
        yield ProblemRow(
            error=one.severity == "error",
            file=one.file or "",
            element=one.element or "",
            line=one.line,
            field=one.field or "",
            words=tell(one.words),
            clause=one.clause or "",
            rule=one.rule,
            anchor=anchors.get(one.file or "", ""),
        )
