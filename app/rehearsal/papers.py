"""Comparing the papers of a story: which are out, what they say, and which must not be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.errors import Words, words
from app.papers.composing import texts_of
from app.papers.models import Paper
from app.papers.wording import listed
from app.rehearsal.expecting import WantedPaper
from app.rehearsal.looks import Scene
from app.rehearsal.matching import covers


def documents(scene: Scene, wanted: tuple[WantedPaper, ...]) -> Iterator[Words]:
    """Each must be out; a paper that stands twice must be out twice."""
    left = scene.papers()
    for paper in wanted:
        alike = [found for found in left if covers(paper.code, found.code)]
        holding = next((found for found in alike if not list(_faults(found, paper))), None)
        if holding is not None:
            left.remove(holding)
        elif alike:
            yield from _faults(alike[-1], paper)
        else:
            yield words("{paper} has not been issued.", paper=paper.code)


def not_documents(scene: Scene, wanted: tuple[WantedPaper, ...]) -> Iterator[Words]:
    """None of these may be out."""
    for paper in wanted:
        for found in scene.papers():
            if covers(paper.code, found.code) and not list(_faults(found, paper)):
                yield words("{paper} has been issued, as {number}.", paper=paper.code, number=found.number)


def _faults(found: Paper, wanted: WantedPaper) -> Iterator[Words]:
    shown = shown_in(found)
    for field, value in wanted.fields.items():
        if field not in shown:
            yield words("{paper}: the paper does not show {field}.", paper=found.code, field=field)
        elif shown[field] != value:
            yield words(
                "{name}: {wanted} expected, {found} found.",
                name=f"{found.code}.{field}",
                wanted=str(value),
                found=str(shown[field]),
            )
    whole = text_of(found)
    for part in wanted.contains:
        if part not in whole:
            yield words('{paper} does not say "{part}".', paper=found.code, part=part)
    for part in wanted.lacks:
        if part in whole:
            yield words('{paper} says "{part}".', paper=found.code, part=part)


def shown_in(paper: Paper) -> dict[str, Any]:
    """The values that a paper shows, by name: its own fields, and the parts that every paper has."""
    said = paper.said
    parts = {
        "number": paper.number,
        "title": said.title,
        "title_en": said.title_en,
        "issuer": said.issuer,
        "addressee": listed(said.addressees),
        "copies": list(said.copies),
        "attachments": list(said.attachments),
        "signer": said.signer,
        "signed_on": said.signed_on.isoformat() if said.signed_on else None,
        "basis": said.basis,
    }
    return {**parts, **said.fields}


def text_of(paper: Paper) -> str:
    """All that a reader reads on it."""
    said = paper.said
    return "\n".join(
        (*texts_of(said), *map(str, said.fields.values()), said.signed_on.isoformat() if said.signed_on else "")
    )
