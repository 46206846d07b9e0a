"""Two versions of a file compared: what was added, removed and changed, element by element, in the file's own terms."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.definitions.characters import readable
from app.definitions.sections import read_mapping
from app.deployment.outline import Element, local, parse
from app.errors import Invalid

Sort = Literal["added", "removed", "changed"]
Parts = dict[str, str]
UNITS = frozenset(
    "process participant lane startEvent endEvent boundaryEvent intermediateCatchEvent intermediateThrowEvent"
    " userTask serviceTask businessRuleTask callActivity subProcess receiveTask sendTask exclusiveGateway"
    " parallelGateway inclusiveGateway eventBasedGateway sequenceFlow textAnnotation association message escalation"
    " error inputData decision businessKnowledgeModel decisionService itemDefinition input output rule".split()
)
"""Elements that are compared each by itself; what stands inside them otherwise is theirs."""
DRAWN = frozenset({"BPMNDiagram", "DMNDI"})
REPEATED = frozenset({"incoming", "outgoing"})  # the flows say the same
LONGEST = 500
MOST_DEPTH = 12


@dataclass(frozen=True)
class Difference:
    """One element that differs. `parts`: what of it, before and after; None where it was, or is, not there."""

    sort: Sort
    element: str
    kind: str
    name: str
    parts: tuple[tuple[str, str | None, str | None], ...] = ()


@dataclass(frozen=True)
class _Unit:
    kind: str
    name: str
    parts: Parts


def differences(path: str, old: bytes | None, new: bytes | None) -> list[Difference]:
    """What differs between two contents of one path; None: no such file. A file that cannot be read is one change."""
    if old == new:
        return []
    try:
        before, after = _units(path, old), _units(path, new)
    except (Invalid, ValueError, RecursionError):
        return [Difference("changed", "", "file", path)]
    return list(_compared(before, after)) or [Difference("changed", "", "drawing", "")]


def _compared(before: Mapping[str, _Unit], after: Mapping[str, _Unit]) -> Iterator[Difference]:
    for id in [*after, *(one for one in before if one not in after)]:
        old, new = before.get(id), after.get(id)
        if old is None and new is not None:
            yield Difference("added", readable(id), new.kind, readable(new.name))
        elif new is None and old is not None:
            yield Difference("removed", readable(id), old.kind, readable(old.name))
        elif old is not None and new is not None and (parts := tuple(_parts(old.parts, new.parts))):
            yield Difference("changed", readable(id), new.kind, readable(new.name), parts)


def _parts(old: Parts, new: Parts) -> Iterator[tuple[str, str | None, str | None]]:
    for key in [*new, *(one for one in old if one not in new)]:
        if old.get(key) != new.get(key):
            yield readable(key), _short(old.get(key)), _short(new.get(key))


def _short(text: str | None) -> str | None:
    if text is None:
        return None
    return readable(text[:LONGEST]) + ("…" if len(text) > LONGEST else "")


def _units(path: str, data: bytes | None) -> dict[str, _Unit]:
    if data is None:
        return {}
    if path.endswith(".form"):
        return _fields(json.loads(data))
    if path.endswith(".yaml"):
        return _sections(read_mapping(data, path))
    return _elements(parse(data, path))


def _elements(root: Element) -> dict[str, _Unit]:
    found: dict[str, _Unit] = {}
    lanes: dict[str, str] = {}
    for element in root.iter():
        kind = local(element)
        if kind in UNITS:
            id = element.get("id") or f"{kind}[{len(found) + 1}]"
            found[id] = _Unit(kind, _name(element), dict(_flat(element, "", depth=0)))
        if kind == "lane":
            refs = (one for one in element if local(one) == "flowNodeRef")
            lanes |= {(ref.text or "").strip(): element.get("id", "") for ref in refs}
    for id, lane in lanes.items():
        if id in found:
            found[id].parts["lane"] = lane
    return found


def _name(element: Element) -> str:
    texts = (one.text or "" for one in element if local(one) in ("text", "description"))
    return str(element.get("name") or element.get("label") or next(texts, "")).strip()[:LONGEST]


def _flat(element: Element, path: str, *, depth: int) -> Iterator[tuple[str, str]]:
    """Attributes and texts of an element and of what stands in it, units within it excepted."""
    for key, value in element.attrib.items():
        name = local_name(str(key))
        if name != "id":
            yield f"{path}{name}", str(value)
    if text := (element.text or "").strip():
        yield path.rstrip(" ") or "text", text
    counts: dict[str, int] = {}
    for child in element:
        kind = local(child)
        if not kind or kind in UNITS or kind in REPEATED or kind in DRAWN or kind == "flowNodeRef":
            continue
        if depth < MOST_DEPTH:
            counts[kind] = counts.get(kind, 0) + 1
            label = child.get("name") or (str(counts[kind]) if counts[kind] > 1 else "")
            inside = "" if kind == "extensionElements" else f"{kind}{f'[{label}]' if label else ''} "
            yield from _flat(child, path + inside, depth=depth + 1)


def local_name(key: str) -> str:
    """`{urn:duban:bpmn}deadline` → `duban:deadline`; the standard's own attributes bare."""
    space, _, name = key.rpartition("}")
    return f"duban:{name}" if space == "{urn:duban:bpmn" else name


def _fields(form: Any) -> dict[str, _Unit]:
    found: dict[str, _Unit] = {}
    if not isinstance(form, dict):
        raise ValueError(form)
    _collect(form.get("components"), found)
    rest = {key: value for key, value in form.items() if key not in ("components", "id")}
    found["form"] = _Unit("form", "", dict(_leaves(rest, "", depth=0)))
    return found


def _collect(components: Any, found: dict[str, _Unit]) -> None:
    for one in components if isinstance(components, list) else ():
        if isinstance(one, dict):
            key = str(one.get("key") or one.get("path") or one.get("id") or len(found))
            rest = {name: value for name, value in one.items() if name != "components"}
            found[key] = _Unit("field", str(one.get("label", "")), dict(_leaves(rest, "", depth=0)))
            _collect(one.get("components"), found)


def _sections(about: Mapping[str, Any]) -> dict[str, _Unit]:
    found: dict[str, _Unit] = {}
    for section, value in about.items():
        rows = value if isinstance(value, dict) else {"": value}
        for key, row in rows.items():
            name = str(row.get("zh", "")) if isinstance(row, dict) else ""
            found[f"{section} {key}".strip()] = _Unit(str(section), name, dict(_leaves(row, "", depth=0)))
    return found


def _leaves(value: Any, path: str, *, depth: int) -> Iterator[tuple[str, str]]:
    if depth < MOST_DEPTH and isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key), depth=depth + 1)
    elif depth < MOST_DEPTH and isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _leaves(inner, f"{path}[{number}]", depth=depth + 1)
    else:
        yield path or "value", str(value)
