"""Composing a paper: every text in its written form, nothing said twice, before the paper is numbered or shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from app.errors import Words, words
from app.papers.content import PaperContent, Paragraph
from app.papers.wording import ended, listed, printed, unended, unprinted, written

HEADING_LENGTH = 40
"""The most characters of a heading that its text follows on the same line."""
_RUN_IN = re.compile(rf"(.{{1,{HEADING_LENGTH}}}?[。：])(.+)")


def composed(content: PaperContent) -> PaperContent:
    """The content as a paper prints it; composing it again changes nothing.

    A text with line ends becomes as many paragraphs. An addressee that stands twice, or again in the first paragraph
    or among the copies, stands once.
    """
    addressees = _names(content.addressees)
    return replace(
        content,
        issuer=written(content.issuer),
        title=unended(written(content.title)),
        number=written(content.number).replace(" ", "") if content.number else None,
        addressees=addressees,
        paragraphs=_paragraphs(content, addressees),
        rows=tuple(tuple(written(cell) for cell in row) for row in content.rows),
        attachments=_names(content.attachments),
        copies=tuple(name for name in _names(content.copies) if name not in addressees),
        signer=written(content.signer) or None if content.signer else None,
        contact=unended(written(content.contact)) or None if content.contact else None,
    )


def left_out(content: PaperContent) -> tuple[Words, ...]:
    """What the paper will not print of what was written, a sentence for each character."""
    signs = dict.fromkeys(sign for text in texts_of(content) for sign in unprinted(text))
    return tuple(words('The paper does not print "{sign}".', sign=sign) for sign in signs)


def texts_of(content: PaperContent) -> tuple[str, ...]:
    """Every text that a reader reads on the paper, from top to bottom."""
    return (
        *(text for text in (content.issuer, content.number, content.title) if text),
        *content.addressees,
        *(one.text for one in content.paragraphs),
        *(cell for row in content.rows for cell in row),
        *content.attachments,
        *(text for text in (content.signer, content.contact) if text),
        *content.copies,
    )


def heading_and_text(paragraph: Paragraph) -> tuple[str, str]:
    """The heading of a paragraph with a level, with its mark, and the text that follows it on the same line."""
    if not paragraph.level:
        return "", paragraph.text
    found = _RUN_IN.fullmatch(paragraph.text)
    return (found[1], found[2]) if found else (paragraph.text, "")


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(said for name in names if (said := unended(written(name)))))


def _paragraphs(content: PaperContent, addressees: tuple[str, ...]) -> tuple[Paragraph, ...]:
    lines = [
        Paragraph(said, level)
        for text, level in content.paragraphs
        for line in printed(text).split("\n")
        if (said := written(line))
    ]
    if lines and unended(lines[0].text) in (*addressees, listed(addressees)):
        del lines[0]
    leads = len(lines) + bool(content.rows)
    if content.form == "sheet":
        return tuple(one if _is_entry(one.text) else _closed(one, last=True) for one in lines)
    return tuple(_closed(one, last=at == leads) for at, one in enumerate(lines, 1))


def _is_entry(text: str) -> bool:
    """Whether a row of a sheet holds a name, a number or a date, which no full stop ends."""
    return not any(mark in text for mark in "。；，！？")


def _closed(paragraph: Paragraph, *, last: bool) -> Paragraph:
    """A text with its full stop; a heading alone on its line without any mark."""
    if paragraph.level and not heading_and_text(paragraph)[1]:
        return Paragraph(unended(paragraph.text), paragraph.level)
    return Paragraph(ended(paragraph.text, last=last), paragraph.level)
