"""The opinions so far, as the rows of a 办文单: step, words, signature, unit and time, as far as the reader may see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.cases.course import CourseStep
from app.cases.evidence import Shown
from app.cases.view import Opinion, View
from app.errors import words
from app.forms import Field, Form
from app.web.case.reader import CaseReader
from app.web.texts import label, listed, named, tell, value_text

LEADING = ("outcome", "adoption", "decision")
MOST = 100
PROSE = 60
"""Characters from which an answer is set as a paragraph of its own."""


@dataclass(frozen=True)
class OpinionAnswer:
    """One answer: its label, its text, or the files that it names."""

    label: str
    text: str
    prose: bool = False
    files: tuple[Shown, ...] = ()


@dataclass(frozen=True)
class OpinionSheet:
    """One person's sheet in one step."""

    step: str
    outcome: str
    lines: tuple[OpinionAnswer, ...]
    signer: str
    at: datetime | date


def opinion_sheets(
    seen: View, steps: Sequence[CourseStep], reader: CaseReader, files: Mapping[str, Shown]
) -> list[OpinionSheet]:
    """The rows that this reader may read, in the order in which they were written; of a very old case the last ones."""
    found = [row for opinion in seen.opinions[-MOST:] if (row := _row(seen, opinion, steps, reader, files))]
    older = len(seen.opinions) - MOST
    if older <= 0:
        return found
    text = tell(words("{count} earlier sheets are not shown here.", count=older))
    return [OpinionSheet("…", "", (OpinionAnswer("", text),), "", reader.when(seen.opinions[older - 1].at)), *found]


def _row(
    seen: View, opinion: Opinion, steps: Sequence[CourseStep], reader: CaseReader, files: Mapping[str, Shown]
) -> OpinionSheet | None:
    step = next((one for one in steps if one.element == opinion.element and one.closed_at == opinion.at), None)
    outcome = next((_text(seen, field, value) for field, value in opinion.fields if field.key in LEADING), "")
    lines = tuple(_lines(seen, opinion, files))
    at = reader.when(opinion.at, own=step is not None and reader.own(step))
    signed = any(field.type == "signature" and value for field, value in opinion.fields)
    if not lines and not outcome and not signed:
        return None
    return OpinionSheet(step_name(seen, opinion), outcome, lines, reader.signer(opinion.by, step), at)


def step_name(seen: View, opinion: Opinion) -> str:
    """The name of the step or act that was answered."""
    if _is_step(seen, opinion):
        return named(seen.pack.step(opinion.process, opinion.element))
    return named(seen.pack.acts[opinion.element])


def _is_step(seen: View, opinion: Opinion) -> bool:
    """Whether it answers a task; the form of an act may be shared by several processes."""
    process = seen.pack.diagram.processes.get(opinion.process)
    return process is not None and opinion.element in process.steps


def _lines(seen: View, opinion: Opinion, files: Mapping[str, Shown]) -> Iterator[OpinionAnswer]:
    for field, value in opinion.fields:
        if field.key in LEADING or field.type == "signature" or value == seen.case.title:
            continue
        if field.type == "file":
            if found := tuple(files[ref] for ref in value or () if ref in files):
                yield OpinionAnswer(label(field), "", files=found)
        elif field.type == "list":
            yield from _table(seen, opinion, field, value)
        elif text := _text(seen, field, value):
            yield OpinionAnswer(label(field), text, prose=field.type == "textarea" or len(text) > PROSE)


def _table(seen: View, opinion: Opinion, field: Field, value: Any) -> Iterator[OpinionAnswer]:
    """Rows of a list: one line each, its cells side by side."""
    cells = {one.key: one for one in _form_of(seen, opinion).fields if one.path[:-1] == field.path}
    for number, row in enumerate(value or (), 1):
        texts = [_text(seen, cells[key], cell) for key, cell in row.items() if key in cells]
        if said := listed([text for text in texts if text]):
            yield OpinionAnswer(f"{label(field)} {number}", said)


def _form_of(seen: View, opinion: Opinion) -> Form:
    if _is_step(seen, opinion):
        return seen.pack.form_of(opinion.process, opinion.element)
    return seen.pack.form(opinion.process, seen.pack.acts[opinion.element].form)


def _text(seen: View, field: Field, value: Any) -> str:
    return value_text(field, value, seen.names)
