"""Papers of the first version, read as today's content; their rows, and so their hashes, stay as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

SHEETS = ("审查表", "登记表", "评价表", "核发表")
NOTICES = ("公示", "公告", "告知书", "通知书", "告知", "声明")
_GREETING = re.compile(r"[^，。；、：:]{2,40}[：:]")
_LEVELS = (
    re.compile(r"[一二三四五六七八九十]+、"),
    re.compile(r"（[一二三四五六七八九十]+）"),
    re.compile(r"\d+[.．]\D"),
)


def upgraded(kept: Mapping[str, Any], *, number: str | None, code: str) -> dict[str, Any]:
    """The parts of version 2 for a content of version 1.

    The first papers greeted in their first paragraph, so one that only greets becomes the addressee; those that
    knew an addressee besides have the full name there. Levels are read off the numerals before a paragraph.
    """
    paragraphs = [str(text) for text in kept.get("paragraphs", ()) if text]
    addressee = str(kept.get("addressee") or "")
    if paragraphs and _greets(paragraphs[0]):
        addressee = addressee or paragraphs[0].rstrip("：:")
        del paragraphs[0]
    title, sender = str(kept.get("title", "")), str(kept.get("from", "bureau"))
    form = "personal" if sender == "author" else str(kept.get("form") or form_of(title, sender))
    return {
        "form": form,
        "code": code,
        "issuer": str(kept.get("sender", "")),
        "title": title,
        "title_en": str(kept.get("title_en", "")),
        "number": number,
        "addressees": [addressee] if addressee else [],
        "paragraphs": [[text, level_of(text)] for text in paragraphs],
        "rows": [],
        "attachments": list(kept.get("attachments") or ()),
        "copies": list(kept.get("copies") or ()),
        "signer": kept.get("signer"),
        "contact": kept.get("contact"),
        "signed_on": kept.get("signed_on"),
        "sealed": form != "personal",
        "basis": str(kept.get("basis", "")),
        "fields": kept.get("fields") or {},
    }


def form_of(title: str, sender: str) -> str:
    """The form of a paper whose template names none: whose it is and what its title ends with."""
    plain = re.sub(r"（.*?）$", "", title)
    if sender == "author":
        return "personal"
    if plain.endswith("函"):
        return "letter"
    if plain.endswith(SHEETS):
        return "sheet"
    return "notice" if plain.endswith(NOTICES) else "document"


def level_of(text: str) -> int:
    """The level that the numeral before a paragraph says; 0 for text."""
    return next((at for at, numeral in enumerate(_LEVELS, 1) if numeral.match(text)), 0)


def _greets(text: str) -> bool:
    """Whether a paragraph is nothing but an addressee: `如下：` ends a sentence that leads to what follows."""
    return _GREETING.fullmatch(text) is not None and not text.rstrip("：:").endswith("如下")
