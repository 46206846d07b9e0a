"""The fonts that papers are set in: the bureau's licensed ones where its folder has them, free ones elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pylopdf_fonts_zh_cn as free
import typst
from fontTools.ttLib import TTFont

Role = Literal["song", "fang", "hei", "kai", "digits"]
GETA = "〓"
"""Stands where no font has a character, as printers have always shown a missing type."""
SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
WANTED: dict[Role, tuple[str, ...]] = {
    "song": ("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "STZhongsong", SERIF),
    "fang": (
        "仿宋_GB2312",
        "FangSong_GB2312",
        "仿宋",
        "FangSong",
        "方正仿宋_GBK",
        "FZFangSong-Z02",
        SERIF,
    ),
    "hei": ("黑体", "SimHei", "方正黑体_GBK", "FZHei-B01", "STHeiti", SANS),
    "kai": ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "方正楷体_GBK", "FZKai-Z03", "STKaiti", SERIF),
    "digits": ("宋体", "SimSun", "方正书宋_GBK", SERIF),
}
"""For each part of a paper the families that GB/T 9704 means, as makers name them, the best first."""


@dataclass
class _Face:
    path: Path
    index: int
    _read: tuple[dict[int, str], Any, int] | None = field(default=None, repr=False)

    def advance(self, sign: str) -> float | None:
        """The width of a character in ems; None where the face lacks it."""
        if self._read is None:
            font = TTFont(self.path, fontNumber=self.index, lazy=True)
            self._read = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
        glyphs, widths, em = self._read
        glyph = glyphs.get(ord(sign))
        return None if glyph is None else float(widths[glyph][0]) / em


class Shelf:
    """The faces at hand, by role. Reading a face happens once, at its first character."""

    def __init__(self, folder: Path | None = None) -> None:
        own = Path(free.serif_path()).parent
        self.folders = tuple(str(one) for one in (folder, own) if one is not None and one.is_dir())
        found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(self.folders))
        faces = {one.family: _Face(Path(one.path), one.index) for one in reversed(found.fonts()) if one.path}
        named = {family.lower(): family for family in faces}
        self.families: dict[Role, tuple[str, ...]] = {
            role: tuple(named[one.lower()] for one in (*wanted, SERIF, SANS) if one.lower() in named)
            for role, wanted in WANTED.items()
        }
        self._faces = {role: [faces[family] for family in names] for role, names in self.families.items()}
        self._widths: dict[tuple[Role, str], float | None] = {}
        self._lock = threading.Lock()

    @property
    def is_light(self) -> bool:
        """Whether titles lack a 小标宋 and have to be made heavier."""
        return self.families["song"][0] == SERIF

    def advance(self, sign: str, role: Role) -> float | None:
        """The width in ems in the first face of the role that has the character; None where none has it."""
        key = (role, sign)
        if key not in self._widths:
            with self._lock:
                found = (face.advance(sign) for face in self._faces[role])
                self._widths[key] = next((width for width in found if width is not None), None)
        return self._widths[key]

    def shown(self, text: str) -> str:
        """The text with 〓 for each character that no face has."""
        return "".join(sign if self.has(sign) else GETA for sign in text)

    def has(self, sign: str) -> bool:
        """Whether a face has the character."""
        return self.advance(sign, "fang") is not None

    def width(self, text: str, role: Role, size: float, tracking: float = 0.0) -> float:
        """The width of a text in the unit of `size`, `tracking` after each character."""
        return sum((self.advance(sign, role) or 1.0) * size + tracking for sign in text)


def missing(texts: Sequence[str], shelf: Shelf) -> tuple[str, ...]:
    """The characters of these texts that no face has, each once."""
    return tuple(dict.fromkeys(sign for text in texts for sign in text if not shelf.has(sign)))
