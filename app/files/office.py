"""Office packages (DOCX, XLSX): every part is read, and what runs, fetches or hides something is refused."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from app.files import archive, faults

MAIN = {
    "docx": ("word/document.xml", "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
}
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_COMMANDS = re.compile(r"(?<![A-Z])(DDE|DDEAUTO)(?![A-Z])|QUOTE(\s+\d+){3}")
_FETCHING = re.compile(r"(?<![A-Z])(INCLUDETEXT|INCLUDEPICTURE|IMPORT|INCLUDE|DATABASE)(?![A-Z])")
_FORMULA_DDE = re.compile(r"^\s*[=+\-@]?\s*'?[\w.:\\ ]+'?\|.+!", re.DOTALL)
_FORMULA_FETCH = re.compile(r"\b(WEBSERVICE|FILTERXML|RTD|CALL|REGISTER(\.ID)?)\s*\(", re.IGNORECASE)
_MACRO_PARTS = re.compile(r"(vbaproject\.bin|vbadata\.xml|macrosheets/|dialogsheets/|customui/)", re.IGNORECASE)
_OBJECT_PARTS = re.compile(r"(/activex/|/embeddings/|/ctrlprops/|oleobject|afchunk)", re.IGNORECASE)
_OBJECT_RELATIONS = ("oleobject", "package", "control", "afchunk", "activexcontrolbinary", "subdocument", "frame")
_KEPT_OUTSIDE = ("hyperlink",)


def kind_of(names: set[str]) -> str:
    """Which office package an archive with these entries is; "" for none."""
    if "[Content_Types].xml" not in names:
        return ""
    return next((kind for kind, (part, _) in MAIN.items() if part in names), "")


def inspect(data: bytes, kind: str) -> None:
    """Refuse a package with macros, objects, links that load, command fields, or parts that are no XML."""
    package = archive.opened(data)
    _refuse_parts([entry.filename for entry in package.infolist()])
    for name, root in _xml_parts(package):
        lower = name.lower()
        if lower == "[content_types].xml":
            _refuse_types(root, kind)
        elif lower.endswith(".rels"):
            _refuse_relations(root)
        elif lower.startswith("word/"):
            _refuse_fields(root)
        elif lower.startswith("xl/"):
            _refuse_formulas(root)


def parser() -> etree.XMLParser:
    """A parser that resolves nothing and fetches nothing."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True)


def parsed(data: bytes) -> etree._Element:
    """The root of a part. Raises Invalid for what is no XML, and for a DOCTYPE."""
    try:
        tree = etree.parse(BytesIO(data), parser())
    except etree.XMLSyntaxError:
        raise faults.damaged() from None
    if tree.docinfo.doctype:  # type: ignore[union-attr]
        raise faults.outside()
    return tree.getroot()


def _xml_parts(package: zipfile.ZipFile) -> Iterator[tuple[str, etree._Element]]:
    for entry in package.infolist():
        content = archive.read(package, entry)
        faults.refuse_test_virus(content)
        if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            yield entry.filename, parsed(content)


def _refuse_parts(names: list[str]) -> None:
    paths = ["/" + name for name in names]
    if any(_MACRO_PARTS.search(path) for path in paths):
        raise faults.macros()
    if any(_OBJECT_PARTS.search(path) or path.lower().endswith((".exe", ".js", ".html", ".htm")) for path in paths):
        raise faults.objects()
    if any("/externallinks/" in path.lower() for path in paths):
        raise faults.outside()


def _refuse_types(root: etree._Element, kind: str) -> None:
    part, wanted = MAIN[kind]
    types = {str(each.get("PartName", "")): str(each.get("ContentType", "")) for each in root}
    if any("macroEnabled" in one or "vbaProject" in one or "macrosheet" in one for one in types.values()):
        raise faults.macros()
    if any("activeX" in one or "oleObject" in one for one in types.values()):
        raise faults.objects()
    if not types.get(f"/{part}", "").endswith(wanted):
        raise faults.damaged()


def _refuse_relations(root: etree._Element) -> None:
    for each in root:
        type_ = str(each.get("Type", "")).rpartition("/")[2].lower()
        if type_ in _OBJECT_RELATIONS:
            raise faults.objects()
        if type_ == "vbaproject":
            raise faults.macros()
        target = str(each.get("Target", "")).strip().lower()
        away = each.get("TargetMode") == "External" or "://" in target or target.startswith(("\\\\", "file:", "//"))
        if away and (type_ not in _KEPT_OUTSIDE or target.startswith(("file:", "\\\\", "javascript:"))):
            raise faults.outside()


def _refuse_fields(root: etree._Element) -> None:
    """The instruction of a field may lie in many runs."""
    for text in _instructions(root):
        if _COMMANDS.search(text):
            raise faults.commands()
        if _FETCHING.search(text):
            raise faults.outside()


def _instructions(root: etree._Element) -> Iterator[str]:
    running = ""
    for each in root.iter(f"{WORD}instrText", f"{WORD}fldSimple", f"{WORD}fldChar"):
        if each.tag == f"{WORD}fldSimple":
            yield str(each.get(f"{WORD}instr", "")).upper()
        elif each.tag == f"{WORD}instrText":
            running += (each.text or "").upper()
        elif each.get(f"{WORD}fldCharType") in ("separate", "end"):
            yield running
            running = ""
    yield running


def _refuse_formulas(root: etree._Element) -> None:
    for each in root.iter("{*}f", "{*}definedName", "{*}ddeLink", "{*}oleLink", "{*}formula1"):
        name = etree.QName(each).localname
        text = each.text or ""
        if name in ("ddeLink", "oleLink") or _FORMULA_DDE.search(text) or _FORMULA_FETCH.search(text):
            raise faults.commands()
        if str(each.get("name", "")).lower().startswith(("_xlnm.auto_", "auto_open")):
            raise faults.macros()
