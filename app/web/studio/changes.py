"""Differences between two releases, or a release and a proposal: file by file, in words and in the drawings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.db import Session
from app.definitions.releases import files_in
from app.deployment.compare import Difference, differences
from app.deployment.outline import outline_or_none
from app.errors import Finding, words
from app.web.studio.contents import ELEMENTS
from app.web.studio.page import KINDS
from app.web.texts import english, gettext, tell

SORTS = {"added": words("added"), "removed": words("removed"), "changed": words("changed")}
PARTS = {
    "name": words("name"),
    "label": words("label"),
    "lane": words("lane"),
    "duban:nameEn": words("English name"),
    "duban:deadline": words("time limit"),
    "duban:due": words("due date"),
    "duban:basis": words("basis"),
    "duban:form": words("form"),
    "duban:status": words("status"),
    "duban:notSameAs": words("not the same person as"),
    "duban:actions": words("acts"),
    "conditionExpression": words("condition"),
    "documentation": words("description"),
    "description": words("description"),
    "inputEntry": words("Input"),
    "outputEntry": words("Output"),
    "inputExpression": words("Input"),
    "hitPolicy": words("hit policy"),
    "text": words("text"),
    "sourceRef": words("from"),
    "targetRef": words("to"),
    "calledElement": words("called process"),
}
OTHERS = {
    "process": words("Process"),
    "participant": words("Pool"),
    "lane": words("Lane"),
    "sequenceFlow": words("Flow"),
    "textAnnotation": words("Annotation"),
    "association": words("Association"),
    "message": words("Message"),
    "field": words("Field"),
    "form": words("Form"),
    "rule": words("Row"),
    "input": words("Input"),
    "output": words("Output"),
    "decision": words("Decision"),
    "drawing": words("Only the drawing or the order has changed"),
    "file": words("The whole file"),
    "policies": words("Limit"),
    "papers": words("Paper"),
    "lanes": words("Role"),
    "statuses": words("Status"),
    "acts": words("Act"),
}
ADDED, REMOVED, CHANGED = "added", "removed", "changed"
MOST_LINES = 300
DRAWING = b"BPMNShape"
ROWS = ".rows.yaml"

Address = Callable[[str], str]


@dataclass(frozen=True)
class ElementChange:
    """One element that differs, in words; `parts`: what of it, before, after."""

    sort: str
    said: str
    kind: str
    element: str
    name: str
    parts: tuple[tuple[str, str | None, str | None], ...]


@dataclass(frozen=True)
class DrawingSide:
    """One of two drawings: what stands above it, and what its island is given; None where there is no drawing."""

    title: str
    island: dict[str, Any] | None


@dataclass(frozen=True)
class FileChange:
    """One file that differs."""

    path: str
    anchor: str
    kind: str
    name: str
    sort: str
    said: str
    lines: tuple[ElementChange, ...]
    more: int
    sides: tuple[DrawingSide, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class FileSource:
    """One of the two sides: its title, its files by path and digest, and where each can be fetched."""

    title: str
    manifest: Mapping[str, str]
    address: Address


def changes(
    db: Session, old: FileSource, new: FileSource, paths: Iterable[str], findings: Sequence[Finding] = ()
) -> list[FileChange]:
    """Compares these paths, one statement for all contents."""
    wanted = [path for path in paths if old.manifest.get(path) != new.manifest.get(path)]
    before, after = (files_in(db, {p: one.manifest[p] for p in wanted if p in one.manifest}) for one in (old, new))
    found = []
    for number, path in enumerate(wanted, 1):
        own = tuple(one for one in findings if one.file == path)
        pair = _Pair(path, before.get(path), after.get(path))
        found.append(_change(pair, f"file-{number}", old, new, own))
    return found


@dataclass(frozen=True)
class _Pair:
    path: str
    old: bytes | None
    new: bytes | None


def _change(pair: _Pair, anchor: str, old: FileSource, new: FileSource, findings: tuple[Finding, ...]) -> FileChange:
    found = differences(pair.path, pair.old, pair.new)
    sort = ADDED if pair.old is None else REMOVED if pair.new is None else CHANGED
    one_sided = sort != CHANGED
    lines = () if one_sided else tuple(_line(one) for one in found)
    return FileChange(
        path=pair.path,
        anchor=anchor,
        kind=kind_words(pair.path),
        name=title_of(pair),
        sort=sort,
        said=tell(SORTS[sort]),
        lines=lines[:MOST_LINES],
        more=max(0, len(lines) - MOST_LINES),
        sides=tuple(_sides(pair, old, new, found, findings)),
        findings=findings,
    )


def _sides(
    pair: _Pair, old: FileSource, new: FileSource, found: list[Difference], findings: tuple[Finding, ...]
) -> Iterable[DrawingSide]:
    if not pair.path.endswith(".bpmn"):
        return
    ids = {sort: [one.element for one in found if one.sort == sort] for sort in SORTS}
    both = pair.old is not None and pair.new is not None
    if pair.old is not None:
        marks = {REMOVED: ids[REMOVED], CHANGED: ids[CHANGED]} if both else {}
        yield _side(pair.old, old, pair.path, marks)
    if pair.new is not None:
        marks = {ADDED: ids[ADDED], CHANGED: ids[CHANGED]} if both else {}
        yield _side(pair.new, new, pair.path, marks | {"findings": marked(findings)})


def _side(data: bytes, source: FileSource, path: str, marks: dict[str, Any]) -> DrawingSide:
    if DRAWING not in data:
        return DrawingSide(source.title, None)
    label = gettext("Diagram of {name}", name=f"{title_of(_Pair(path, None, data))} ({source.title})")
    return DrawingSide(source.title, {"src": source.address(path), "label": label} | marks)


def marked(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Findings as the diagram's island puts them on their elements."""
    return [
        {"element": one.element, "severity": one.severity, "words": tell(one.words)} for one in findings if one.element
    ]


def _line(one: Difference) -> ElementChange:
    said = OTHERS.get(one.kind) or ELEMENTS.get(one.kind)
    parts = tuple((part_words(key), before, after) for key, before, after in one.parts)
    return ElementChange(
        one.sort, tell(SORTS[one.sort]), tell(said) if said else one.kind, one.element, one.name, parts
    )


def part_words(key: str) -> str:
    """Names the part of an element that differs: in words where people have one, else as the file names it."""
    first, _, rest = key.strip().removesuffix(" text").partition(" ")
    bare, _, number = first.partition("[")
    found = PARTS.get(bare)
    if found is None or rest:
        return key.strip()
    return f"{tell(found)} {number.rstrip(']')}".strip()


def kind_words(path: str) -> str:
    """Process, decision table, form, or the rules of the pack."""
    endings = {".bpmn": "process", ".dmn": "table", ".form": "form"}
    if path.endswith(ROWS):
        return tell(words("Test rows"))
    kind = endings.get(path[path.rfind(".") :])
    return tell(KINDS[kind]) if kind else tell(words("Rules of the pack"))


def title_of(pair: _Pair) -> str:
    """The name that the file gives itself; of a form its process and task."""
    data = pair.new if pair.new is not None else pair.old or b""
    if pair.path.endswith(".form"):
        return pair.path.removeprefix("forms/").removesuffix(".form")
    seen = outline_or_none(data, pair.path) if pair.path.endswith((".bpmn", ".dmn")) else None
    return ((english() and seen.name_en) or seen.name) if seen else pair.path
