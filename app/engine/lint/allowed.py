"""The allow-list itself: every element and attribute of a file is known, or named in a finding."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.engine.lint.report import Report
from app.engine.lint.vocabulary import DRAWING, ELEMENTS, Entry
from app.engine.xml import BPMN, DUBAN, XSI, Element, bpmn, line_of, local, namespace
from app.errors import words

ID = re.compile(r"[A-Za-z_][\w.-]{0,63}", re.ASCII)
NODE_LIMIT = 250
FLOW_LIMIT = 500
EITHER = ("true", "false")
FIXED = {
    "triggeredByEvent": EITHER,
    "isExecutable": ("true",),
    "isSequential": EITHER,
    "isInterrupting": EITHER,
    "cancelActivity": EITHER,
    "instantiate": ("false",),
    "eventGatewayType": ("Exclusive",),
}


def check_allowed(root: Element, report: Report) -> None:
    """Every element, attribute and id of one document."""
    if root.tag != bpmn("definitions"):
        report.add("xml.root", words("This is not a BPMN file"), line=line_of(root))
        return
    stack = [root]
    while stack and not report.is_full:
        element = stack.pop()
        _check_attributes(element, ELEMENTS[local(element)], report)
        stack += _known_children(element, report)
    _check_ids(root, report)


def _known_children(parent: Element, report: Report) -> Iterator[Element]:
    for child in parent:
        if report.is_full:
            return
        if isinstance(child.tag, str) and _is_known(child, parent, report):
            yield child


def _is_known(child: Element, parent: Element, report: Report) -> bool:
    """Whether a child is to be looked into; what is not known is named once, with all that it holds."""
    space, name = namespace(child), local(child)
    if space in DRAWING:
        return False
    if space == DUBAN and local(parent) == "extensionElements":
        _check_extension(child, parent, report)
        return False
    if space == BPMN and name in ELEMENTS[local(parent)].children:
        return True
    id = child.get("id") or _owner(parent)
    kind = "duban.element" if space == DUBAN else "element.unknown"
    text = words("{name} is not supported in {parent}", name=_shown(child), parent=local(parent))
    report.add(kind, text, id, line_of(child))
    return False


def _check_extension(child: Element, parent: Element, report: Report) -> None:
    holder = parent.getparent()
    known = ELEMENTS[local(holder)].extensions if holder is not None else frozenset()
    if local(child) not in known:
        text = words("{name} is not supported here", name=_shown(child))
        report.add("duban.element", text, _owner(parent), line_of(child))
        return
    for name in ("name", "value"):
        if not child.get(name):
            text = words("{name} needs a {attribute}", name=_shown(child), attribute=name)
            report.add("duban.element", text, _owner(parent), line_of(child))
    for attribute in map(str, child.attrib):
        if attribute not in ("name", "value"):
            text = words("{name} has no attribute {attribute}", name=_shown(child), attribute=attribute)
            report.add("duban.attribute", text, _owner(parent), line_of(child))


def _check_attributes(element: Element, entry: Entry, report: Report) -> None:
    for key, value in element.attrib.items():
        if report.is_full:
            return
        space, _, name = str(key).rpartition("}")
        space = space.lstrip("{")
        if space == DUBAN and name not in entry.duban and name != "nameEn":
            text = words("duban:{attribute} is not supported on {name}", attribute=name, name=local(element))
            report.add("duban.attribute", text, _owner(element), line_of(element))
        elif space not in (DUBAN, XSI, *DRAWING) and not (not space and _is_plain(name, entry)):
            shown = f"{{{space}}}{name}" if space else name
            text = words("The attribute {attribute} is not supported on {name}", attribute=shown, name=local(element))
            report.add("attribute.unknown", text, _owner(element), line_of(element))
        elif name in FIXED and value not in FIXED[name]:
            text = words("{attribute} must be {value}", attribute=name, value=" / ".join(FIXED[name]))
            report.add("attribute.value", text, _owner(element), line_of(element))


def _is_plain(name: str, entry: Entry) -> bool:
    return name in ("id", "name") or name in entry.attributes


def _check_ids(root: Element, report: Report) -> None:
    seen: set[str] = set()
    for element in root.iter(f"{{{BPMN}}}*"):
        id = element.get("id")
        if id is None and local(element) in ELEMENTS and _needs_id(local(element)):
            text = words("{name} has no id", name=local(element))
            report.add("id.missing", text, _owner(element), line_of(element))
        elif id is not None and not ID.fullmatch(id):
            text = words("An id is a letter and at most 63 letters, digits, dots, hyphens or underscores")
            report.add("id.form", text, id[:64], line_of(element))
        elif id in seen:
            report.add("id.twice", words("The id {id} is used twice", id=id), id, line_of(element))
        if id is not None:
            seen.add(id)


def _needs_id(name: str) -> bool:
    entry = ELEMENTS[name]
    return "incoming" in entry.children or name in ("process", "lane", "sequenceFlow", "message", "escalation", "error")


def _owner(element: Element) -> str | None:
    """The nearest element around that has an id: where a drawing tool can show the fault."""
    for found in (element, *element.iterancestors()):
        if found.get("id"):
            return found.get("id")
    return None


def _shown(element: Element) -> str:
    prefix = "duban:" if namespace(element) == DUBAN else ""
    foreign = f"{{{namespace(element)}}}" if namespace(element) not in (DUBAN, BPMN, None) else ""
    return f"{prefix}{foreign}{local(element)}"
