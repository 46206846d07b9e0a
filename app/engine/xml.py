"""Files from outside become element trees here and nowhere else: no DOCTYPE, no entities, no network, bounded size."""

from __future__ import annotations

import re

from lxml import etree

from app.errors import Finding, Words, words

MAX_BYTES = 2 * 1024 * 1024
MAX_ELEMENTS = 20_000
# lxml lists an element's attributes in time that grows with their square.
MAX_ATTRIBUTES = 100

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DUBAN = "urn:duban:bpmn"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

Element = etree._Element
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def parse(content: bytes, file: str) -> tuple[Element | None, list[Finding]]:
    """Parse one file. Gives the root, or None and why not; never raises for what the file holds."""
    if len(content) > MAX_BYTES:
        return None, [_finding(file, "xml.size", words("The file is larger than {limit} bytes", limit=MAX_BYTES))]
    if _DOCTYPE.search(content):
        return None, [_finding(file, "xml.doctype", words("A DOCTYPE is not allowed"))]
    try:
        root = etree.fromstring(content, _parser())
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        text = words("The file is not well-formed XML: {cause}", cause=str(error)[:200])
        return None, [_finding(file, "xml.syntax", text, getattr(error, "lineno", None))]
    if root.getroottree().docinfo.internalDTD is not None:
        return None, [_finding(file, "xml.doctype", words("A DOCTYPE is not allowed"))]
    if not _is_bounded(root):
        text = words("The file has more than {count} elements", count=MAX_ELEMENTS)
        return None, [_finding(file, "xml.size", text)]
    crowded = next((element for element in root.iter() if len(element.attrib) > MAX_ATTRIBUTES), None)
    if crowded is not None:
        text = words("An element has more than {count} attributes", count=MAX_ATTRIBUTES)
        return None, [_finding(file, "xml.size", text, line_of(crowded))]
    return root, []


def local(element: Element) -> str:
    """The name without its namespace; empty for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def namespace(element: Element) -> str | None:
    """The namespace of an element, None for comments and processing instructions."""
    return etree.QName(element).namespace if isinstance(element.tag, str) else None


def bpmn(name: str) -> str:
    """`userTask` as lxml writes it."""
    return f"{{{BPMN}}}{name}"


def duban(name: str) -> str:
    """`deadline` in our extension namespace, as lxml writes it."""
    return f"{{{DUBAN}}}{name}"


def line_of(element: Element) -> int | None:
    """The line an element starts on, counted from 1."""
    line: object = element.sourceline
    return line if isinstance(line, int) else None


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
    )


def _is_bounded(root: Element) -> bool:
    # libxml2 itself refuses what is nested deeper than 256 (huge_tree is off).
    return all(count < MAX_ELEMENTS for count, _ in enumerate(root.iter()))


def _finding(file: str, rule: str, text: Words, line: int | None = None) -> Finding:
    return Finding(text, rule, file=file, line=line)
