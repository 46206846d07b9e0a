"""Office packages without metadata: properties, authors, dates, revision marks, paths and printers are left behind."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Mapping
from io import BytesIO

from lxml import etree

from app.files import archive, faults, office
from app.files.segments import bare_jpeg, bare_png

DROPPED = re.compile(
    r"^(docProps/|customXml/|xl/printerSettings/|word/printerSettings|xl/revisions/|xl/persons/|xl/threadedComments/"
    r"|word/(people|commentsExtensible|commentsIds|commentsExtended)\.xml$|_xmlsignatures/|docMetadata/"
    r"|xl/customProperty|userCustomization/|xl/userNames|_rels/\.rels\.bak)",
    re.IGNORECASE,
)
_PICTURES = {"jpg": bare_jpeg, "jpeg": bare_jpeg, "png": bare_png}
_FONTS = ("odttf", "fntdata")
_MARKS = frozenset(("author", "date", "initials", "dateUtc", "userId", "providerId", "userName", "lastModifiedBy"))
_NUMBERS = re.compile(r"^(rsid.*|paraId|textId|durableId|uid|documentId|coauthVersion.*)$")
_NAMES_OF_DRAWINGS = frozenset(("docPr", "cNvPr"))
_ELEMENTS = frozenset(
    ("rsids", "docVars", "fileSharing", "absPath", "revisionPtr", "proofState", "attachedTemplate", "writeProtection",
     "userProtectedRanges", "docId", "customWorkbookViews", "saveThroughXslt", "legacyDrawingHF", "customPr")
)  # fmt: skip
_AUTHOR_FIELDS = re.compile(
    r"\b(AUTHOR|LASTSAVEDBY|USERNAME|USERINITIALS|USERADDRESS|FILENAME|DOCPROPERTY|COMMENTS|INFO)\b"
)
EPOCH = (1980, 1, 1, 0, 0, 0)
AUTHOR = "作者"


def clean(data: bytes) -> bytes:
    """The package as it reads, and nothing of who made it when. Raises Invalid where a part cannot be vouched for."""
    package = archive.opened(data)
    kept = {
        entry.filename: archive.read(package, entry)
        for entry in package.infolist()
        if not entry.is_dir() and not DROPPED.match(entry.filename)
    }
    return _packed({name: _part(name, content, kept) for name, content in kept.items()})


def _part(name: str, content: bytes, kept: Mapping[str, bytes]) -> bytes:
    ending = name.rpartition(".")[2].lower()
    if ending in _PICTURES:
        return _PICTURES[ending](content)
    if ending in _FONTS:
        return content
    if ending not in ("xml", "rels", "vml"):
        raise faults.damaged()
    root = office.parsed(content)
    if ending == "rels":
        _cut_relations(root, name, kept)
    elif name == "[Content_Types].xml":
        _cut_types(root, kept)
    else:
        _bare(root)
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)


def _cut_relations(root: etree._Element, name: str, kept: Mapping[str, bytes]) -> None:
    """Relations to what was left behind would make a reader say that the file is damaged."""
    base = posixpath.dirname(posixpath.dirname(name))
    for each in list(root):
        target = str(each.get("Target", ""))
        place = posixpath.normpath(posixpath.join("/", base, target)).lstrip("/")
        if each.get("TargetMode") != "External" and not target.startswith("#") and place not in kept:
            root.remove(each)


def _cut_types(root: etree._Element, kept: Mapping[str, bytes]) -> None:
    for each in list(root):
        part = each.get("PartName")
        if part is not None and str(part).lstrip("/") not in kept:
            root.remove(each)


def _bare(root: etree._Element) -> None:
    for comment in list(root.iter(etree.Comment)):
        _remove(comment)
    for each in list(root.iter(etree.Element)):
        name = etree.QName(each).localname
        if name in _ELEMENTS:
            _remove(each)
        else:
            _bare_element(each, name)
    _blank_fields(root)


def _remove(each: etree._Element) -> None:
    parent = each.getparent()
    if parent is not None:
        parent.remove(each)


def _bare_element(each: etree._Element, name: str) -> None:
    for key in list(each.attrib):
        local = etree.QName(key).localname
        if local == "author":
            each.set(key, AUTHOR)  # the schema wants one
        elif (local in _MARKS and "}" in str(key)) or _NUMBERS.match(local) or _is_of(name, local, str(key)):
            del each.attrib[key]
    if name in _NAMES_OF_DRAWINGS:
        each.set("name", str(each.get("id", "")))
    if name == "author" and "spreadsheetml" in (etree.QName(each).namespace or ""):
        each.text = AUTHOR


def _is_of(element: str, attribute: str, key: str) -> bool:
    """Whether an attribute of this element says where a picture came from, or names a printer's settings."""
    if element in _NAMES_OF_DRAWINGS:
        return attribute in ("descr", "title")
    if element == "imagedata":
        return attribute in ("title", "href")
    return element in ("sheetPr", "pageSetup") and attribute == "id" and "relationships" in key


def _blank_fields(root: etree._Element) -> None:
    """Fields that print who wrote it, or under which name it lay: their last result is emptied."""
    for simple in root.iter(f"{office.WORD}fldSimple"):
        if _AUTHOR_FIELDS.search(str(simple.get(f"{office.WORD}instr", "")).upper()):
            _empty(simple)
    instruction, showing = "", False
    for each in root.iter(f"{office.WORD}fldChar", f"{office.WORD}instrText", f"{office.WORD}t"):
        if each.tag == f"{office.WORD}fldChar":
            kind = each.get(f"{office.WORD}fldCharType")
            showing = kind == "separate" and bool(_AUTHOR_FIELDS.search(instruction.upper()))
            instruction = "" if kind == "begin" else instruction
        elif each.tag == f"{office.WORD}instrText":
            instruction += each.text or ""
        elif showing:
            each.text = ""


def _empty(field: etree._Element) -> None:
    for text in field.iter(f"{office.WORD}t"):
        text.text = ""


def _packed(parts: Mapping[str, bytes]) -> bytes:
    """Packed anew: no times, no comments, no extra fields of the program that packed it first."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, content)
    return target.getvalue()
