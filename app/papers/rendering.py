"""Rendering papers: PDF/A-2a with tags and embedded fonts, byte for byte the same for the same paper."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Literal

import orjson
import typst

from app.clock import OFFICE_ZONE
from app.errors import Words, words
from app.papers.composing import composed, left_out, texts_of
from app.papers.content import PaperContent
from app.papers.editable import editable
from app.papers.fonts import Shelf, missing
from app.papers.layout import laid
from app.papers.pages import TRACKING, Laid

TEMPLATE = Path(__file__).parent / "typst" / "paper.typ"
STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
KEPT = 64
"""Rendered files that are kept; a page of text is some 30 kB."""
Stage = Literal["draft", "review"]
MARKS: dict[Stage | None, str | None] = {"draft": "草稿", "review": "送审稿", None: None}


@dataclass(frozen=True)
class Preview:
    """A paper that is not out yet, as it would be: its text and pages, and what it cannot show of what was written."""

    said: PaperContent
    laid: Laid
    remarks: tuple[Words, ...]


class Press:
    """What renders papers: fonts read once, a compiler, and the files of the papers that were last asked for.

    Holds no database and no request: whoever asks has read the paper and ended the transaction before.
    """

    def __init__(self, fonts: Path | None = None, *, kept: int = KEPT) -> None:
        self._fonts = fonts
        self._files: OrderedDict[str, bytes] = OrderedDict()
        self._most = kept
        self._lock = threading.Lock()

    @cached_property
    def shelf(self) -> Shelf:
        """The fonts, looked at when the first paper is asked for."""
        return Shelf(self._fonts)

    @cached_property
    def _compiler(self) -> typst.Compiler:
        return typst.Compiler(
            str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=list(self.shelf.folders), ignore_system_fonts=True
        )

    def pages(self, content: PaperContent, *, stage: Stage | None = None) -> Laid:
        """The paper laid out, for the screen."""
        return laid(content, self.shelf, mark=MARKS[stage])

    def preview(self, content: PaperContent, *, stage: Stage = "draft") -> Preview:
        """The pages of a draft, marked as one, for the screen; `pdf` with the same stage prints them."""
        return Preview(composed(content), self.pages(content, stage=stage), self.remarks(content))

    def pdf(self, content: PaperContent, *, stage: Stage | None = None) -> bytes:
        """The paper as PDF/A-2a and PDF/UA-1, dated by its own day."""
        return self.kept("pdf", content, stage, lambda: self._printed(content, stage))

    def docx(self, content: PaperContent, *, stage: Stage | None = None) -> bytes:
        """The paper as DOCX, to edit."""
        return self.kept("docx", content, stage, lambda: editable(content, mark=MARKS[stage]))

    def kept(self, kind: str, content: PaperContent, stage: Stage | None, make: Callable[[], bytes]) -> bytes:
        """The file that was made of the same content before, or a new one."""
        key = hashlib.sha256(orjson.dumps([kind, stage, content.to_json()], option=orjson.OPT_SORT_KEYS)).hexdigest()
        with self._lock:
            if key in self._files:
                self._files.move_to_end(key)
                return self._files[key]
        made = make()
        with self._lock:
            self._files[key] = made
            while len(self._files) > self._most:
                self._files.popitem(last=False)
        return made

    def remarks(self, content: PaperContent) -> tuple[Words, ...]:
        """What the paper cannot show of what was written: characters that are left out, and those no font has."""
        lacking = missing(texts_of(composed(content)), self.shelf)
        return (
            *left_out(content),
            *(words('No font has "{sign}"; the paper shows 〓 in its place.', sign=sign) for sign in lacking),
        )

    def _printed(self, content: PaperContent, stage: Stage | None) -> bytes:
        said = composed(content)
        pages = self.pages(said, stage=stage)
        data = {
            **pages.to_json(),
            "title": said.title or said.code or "文书",
            "author": said.issuer,
            "tracking": TRACKING,
            "shows_seal": stage is not None,
        }
        day = said.signed_on or datetime(2000, 1, 1, tzinfo=UTC).date()
        stamp = datetime.combine(day, time(), OFFICE_ZONE)
        with self._lock:
            made = self._compiler.compile(
                format="pdf",
                sys_inputs={"paper": orjson.dumps(data).decode()},
                pdf_standards=[*STANDARDS],
                timestamp=int(stamp.timestamp()),
            )
        assert isinstance(made, bytes)
        return made
