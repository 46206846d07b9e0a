"""DMN text → an XML tree that is safe to walk: no DOCTYPE, bounded in size, depth and number of elements."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from app.errors import Finding, Invalid, Words, words

Element = etree._Element

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 100
MAX_ELEMENTS = 100_000
NAMESPACES = (
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",  # 1.1
    "http://www.omg.org/spec/DMN/20180521/MODEL/",  # 1.2
    "https://www.omg.org/spec/DMN/20191111/MODEL/",  # 1.3
    "https://www.omg.org/spec/DMN/20211108/MODEL/",  # 1.4
    "https://www.omg.org/spec/DMN/20230324/MODEL/",  # 1.5
)


def parse(xml: bytes) -> Element:
    """Return the `definitions` element; raises Invalid for anything that is not a plain DMN 1.1 to 1.5 file."""
    if len(xml) > MAX_BYTES:
        raise _refused(words("The file is larger than {limit} bytes", limit=MAX_BYTES))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        line = fault.lineno if isinstance(fault, etree.XMLSyntaxError) else None
        raise _refused(words("The file is not well-formed XML: {fault}", fault=str(fault)), line) from None
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise _refused(words("A DOCTYPE is not accepted"))
    _check_shape(root)
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace not in NAMESPACES:
        raise _refused(words("The file is not DMN 1.1 to 1.5"))
    return root


def _check_shape(root: Element) -> None:
    level, count = [root], 0
    for _ in range(MAX_DEPTH):
        count += len(level)
        level = [child for element in level for child in element]
        if not level:
            break
    if level or count > MAX_ELEMENTS:
        raise _refused(words("The file is nested too deeply or has too many elements"))


def _refused(text: Words, line: int | None = None) -> Invalid:
    return Invalid(text, [Finding(text, rule="dmn.xml", line=line)])


def name_of(element: Element) -> str:
    """Return the element's local name when it is of DMN, else an empty text."""
    if not isinstance(element.tag, str):
        return ""
    name = etree.QName(element)
    return name.localname if name.namespace in NAMESPACES else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """Give the DMN elements directly below, all or those of these names."""
    for child in element:
        name = name_of(child)
        if name and (not names or name in names):
            yield child


def child(element: Element, *names: str) -> Element | None:
    """Return the first such element directly below."""
    return next(children(element, *names), None)


def text_in(element: Element | None) -> str:
    """Return the content of the `text` element below, or an empty text."""
    found = None if element is None else child(element, "text")
    return "" if found is None else (found.text or "").strip()
