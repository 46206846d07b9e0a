"""Reading a PDF back: where its characters stand, in millimetres, and what it claims to be."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from io import BytesIO

import pdfplumber
import pikepdf

MM = 25.4 / 72


@dataclass(frozen=True)
class Sign:
    """A character on a page: its middle, size and font."""

    text: str
    left: float
    right: float
    size: float
    font: str
    red: bool


@dataclass(frozen=True)
class Written:
    """A line of characters: the distance of its baseline from the upper edge."""

    baseline: float
    signs: tuple[Sign, ...]

    @property
    def text(self) -> str:
        return "".join(sign.text for sign in self.signs)

    @property
    def size(self) -> float:
        return self.signs[0].size


@dataclass(frozen=True)
class Sheet:
    """A page: its size, its lines from top to bottom, and its filled rules (left, top, width, thickness, red)."""

    width: float
    height: float
    lines: tuple[Written, ...]
    rules: tuple[tuple[float, float, float, float, bool], ...]

    def line(self, part: str) -> Written:
        """The first line that holds these characters."""
        return next(line for line in self.lines if part in line.text)


def ink(line: Written) -> tuple[float, float]:
    """From where to where the ink of a line reaches: marks at its ends have theirs in the half that lies inside."""
    first, last = line.signs[0], line.signs[-1]
    left = (first.left + first.right) / 2 if first.text in "《〈（“‘「『〔" else first.left
    right = (last.left + last.right) / 2 if last.text in "》〉）”’」』〕，。、；：？！" else last.right
    return left, right


def sheets(pdf: bytes) -> list[Sheet]:
    """The pages of a PDF."""
    with pdfplumber.open(BytesIO(pdf)) as document:
        return [_sheet(page) for page in document.pages]


def _sheet(page: pdfplumber.page.Page) -> Sheet:
    rows: dict[float, list[Sign]] = defaultdict(list)
    for one in page.chars:
        baseline = round((page.height - one["matrix"][5]) * MM, 1)
        colour = one["non_stroking_color"]
        sign = Sign(one["text"], one["x0"] * MM, one["x1"] * MM, one["size"], one["fontname"], _red(colour))
        rows[baseline].append(sign)
    lines = (Written(at, tuple(sorted(signs, key=lambda sign: sign.left))) for at, signs in sorted(rows.items()))
    drawn = [one for one in page.rects if one["fill"]]
    rules = (
        (one["x0"] * MM, one["top"] * MM, one["width"] * MM, one["height"] * MM, _red(one["non_stroking_color"]))
        for one in drawn
    )
    return Sheet(page.width * MM, page.height * MM, tuple(lines), tuple(sorted(rules, key=lambda rule: rule[1])))


def _red(colour: object) -> bool:
    return isinstance(colour, tuple | list) and len(colour) == 3 and colour[0] > 0.5 and max(colour[1:]) < 0.3


def claims(pdf: bytes) -> dict[str, object]:
    """What the file says of itself: archive and accessibility standards, language, tags, title."""
    with pikepdf.open(BytesIO(pdf)) as document:
        with document.open_metadata() as data:
            archive = f"{data.get('pdfaid:part')}{str(data.get('pdfaid:conformance')).lower()}"
            accessible = data.get("{http://www.aiim.org/pdfua/ns/id/}part")
            title = data.get("dc:title")
        root = document.Root
        return {
            "archive": archive,
            "accessible": accessible,
            "title": title,
            "language": str(root.Lang),
            "marked": bool(root.MarkInfo.Marked),
            "tags": sorted(set(_tags(root.StructTreeRoot))),
        }


def _tags(node: pikepdf.Object) -> list[str]:
    found = [str(node.S)] if "/S" in node else []
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and ("/S" in kid or "/K" in kid):
            found += _tags(kid)
    return found


def fonts_embedded(pdf: bytes) -> dict[str, bool]:
    """Every font of the file and whether its program lies in the file."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return {
            str(one.BaseFont): any(name in one.FontDescriptor for name in ("/FontFile", "/FontFile2", "/FontFile3"))
            for one in document.objects
            if isinstance(one, pikepdf.Dictionary) and "/FontDescriptor" in one
        }
