"""What a definition file says of itself and of others: ids, names, what it calls, asks and needs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app import engine
from app.errors import Finding, Invalid, words

ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
DUBAN = "{urn:duban:bpmn}"
Element = Any


@dataclass(frozen=True)
class Outline:
    """One diagram (`process`) or file of tables (`decisions`).

    `names` are those of the process or of the first decision, in Chinese and English. `tasks` are the user tasks'
    form keys. `calls` are processes, `asks` decisions that the diagram names.
    """

    ids: tuple[str, ...]
    name: str
    name_en: str
    calls: frozenset[str] = frozenset()
    asks: frozenset[str] = frozenset()
    tasks: tuple[str, ...] = ()
    known_as: frozenset[str] = field(default_factory=frozenset)
    """Ids and names by which diagrams may ask for the tables of this file."""


def parse(data: bytes, path: str) -> Element:
    """The root of a BPMN or DMN file. Raises Invalid: no XML, a DOCTYPE, too large."""
    root, findings = engine.parse_xml(data, path)
    if root is None:
        raise Invalid(words("The file {file} cannot be read.", file=path), findings)
    return root


def local(element: Element) -> str:
    """An element's name without its namespace; empty for comments."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def is_id(text: str) -> bool:
    """Whether this may name a definition, and with it a file (safety.md, threat 6)."""
    return ID.fullmatch(text) is not None and ".." not in text


def outline(data: bytes, path: str) -> Outline:
    """What a .bpmn or .dmn file holds; read once a content. Raises Invalid with the finding that says what is wrong."""
    key = (hashlib.sha256(data).hexdigest(), path)
    found = _kept.get(key)
    if found is None:
        found = _read(data, path)
        for old in list(_kept)[: max(0, len(_kept) - KEPT + 1)]:
            _kept.pop(old, None)  # another thread may have been faster
        _kept[key] = found
    return found


KEPT = 2_000
_kept: dict[tuple[str, str], Outline] = {}


def _read(data: bytes, path: str) -> Outline:
    root = parse(data, path)
    found = _diagram(root) if path.endswith(".bpmn") else _tables(root)
    what = words("A file holds one process, not {count}", count=len(found.ids))
    if path.endswith(".bpmn") and len(found.ids) != 1:
        raise _refused(path, "file.processes", what)
    if not found.ids:
        raise _refused(path, "file.decisions", words("There is no decision in this file."))
    for one in found.ids:
        if not is_id(one):
            text = words(
                "The id “{id}” cannot name a definition: letters, digits, _ . - only, at most 64.", id=one[:80]
            )
            raise _refused(path, "id.unfit", text, one)
    return found


def outline_or_none(data: bytes, path: str) -> Outline | None:
    """The same, None for a file that cannot be read."""
    try:
        return outline(data, path)
    except Invalid:
        return None


def _refused(path: str, rule: str, text: Any, element: str | None = None) -> Invalid:
    return Invalid(
        words("The file {file} cannot be read.", file=path), [Finding(text, rule, file=path, element=element)]
    )


def _diagram(root: Element) -> Outline:
    processes = [one for one in root if local(one) == "process"]
    first = processes[0] if processes else root
    found = list(first.iter())
    return Outline(
        ids=tuple(one.get("id", "") for one in processes),
        name=first.get("name", ""),
        name_en=first.get(f"{DUBAN}nameEn", ""),
        calls=frozenset(one.get("calledElement", "") for one in found if local(one) == "callActivity"),
        asks=frozenset(filter(None, (one.get(f"{DUBAN}decision") for one in found if local(one)))),
        tasks=tuple(one.get(f"{DUBAN}form") or one.get("id", "") for one in found if local(one) == "userTask"),
    )


def _tables(root: Element) -> Outline:
    decisions = [one for one in root if local(one) == "decision"]
    return Outline(
        ids=tuple(one.get("id", "") for one in decisions),
        name=(decisions[0] if decisions else root).get("name", ""),
        name_en="",
        known_as=frozenset(_names(decisions)),
    )


def _names(decisions: list[Element]) -> Iterator[str]:
    for one in decisions:
        yield one.get("id", "")
        yield one.get("name", "")
