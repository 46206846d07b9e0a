"""Papers on their way out: drafted in versions, numbered, and frozen when they are distributed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.errors import Conflict, words
from app.papers.issue import freeze, number_for
from app.papers.models import Paper, PaperDraft, PaperVersion
from app.papers.template import PARTS, Draft, Functions, Known, compose, editable, open_paragraphs, open_text
from app.people.models import new_ref

DRAFT, NUMBERED, ISSUED, VOID = "draft", "numbered", "issued", "void"
OPEN = (DRAFT, NUMBERED)


def begin(db: Session, draft: Draft, *, at: datetime, functions: Functions) -> str:
    """Keep a new draft with its first version, composed as if it went out today; returns its ref."""
    text = open_text(draft, functions)
    row = {
        "ref": new_ref(),
        "bureau_id": draft.bureau_id,
        "case_id": draft.case_id,
        "code": draft.code,
        "state": DRAFT,
        "made_of": _kept(draft),
        "opened_at": at,
    }
    draft_id = db.execute(insert(PaperDraft).values(row).returning(PaperDraft.id)).scalar_one()
    content = compose(draft, at=at, functions=functions).to_json()
    _add_version(db, draft_id, 1, content, {"text": text} if text else {}, at=at, by=None)
    return str(row["ref"])


def revise(db: Session, ref: str, edits: Known, *, at: datetime, by: int | None, functions: Functions) -> int:
    """Add a version with what the clerk changed; a part that the template keeps closed stays. Returns its number.

    Raises Conflict where the text is fixed already.
    """
    kept = open_draft(db, ref, DRAFT)
    before = latest(db, kept)
    draft = _draft_of(kept)
    allowed = set(PARTS) & set(editable(draft.template))
    allowed |= {"text"} if open_paragraphs(draft.template) else set()
    changed = {**draft.edits, **{part: value for part, value in edits.items() if part in allowed and value}}
    db.execute(update(PaperDraft).where(PaperDraft.id == kept.id).values(made_of=_kept(replace(draft, edits=changed))))
    content = compose(replace(draft, edits=changed), at=at, functions=functions).to_json()
    prefilled = {**before.open, **{part: value for part, value in changed.items() if part in allowed}}
    return _add_version(db, kept.id, before.version + 1, content, prefilled, at=at, by=by)


def number(db: Session, ref: str, *, at: datetime, signer: str | None) -> str:
    """Give the signed paper its number; from now on nobody changes its text. Raises Conflict where it has one."""
    kept = open_draft(db, ref, DRAFT)
    draft = _draft_of(kept)
    signed = replace(draft, edits={**draft.edits, "signer": signer})
    given = number_for(db, signed, at=at)
    changed = {"state": NUMBERED, "number": given, "made_of": _kept(signed)}
    db.execute(update(PaperDraft).where(PaperDraft.id == kept.id).values(**changed))
    return given


def distribute(db: Session, ref: str, known: Known, *, at: datetime, by: int | None, functions: Functions) -> Paper:
    """Freeze the numbered paper with the dates of today, and `known` counted from today; it keeps its ref."""
    kept = open_draft(db, ref, NUMBERED)
    draft = _draft_of(kept)
    draft = replace(draft, values={**draft.values, **known})
    paper = freeze(db, draft, number=kept.number, at=at, by=by, functions=functions, ref=kept.ref)
    db.execute(update(PaperDraft).where(PaperDraft.id == kept.id).values(state=ISSUED))
    return paper


def make_void(db: Session, refs: Collection[str]) -> None:
    """Mark drafts that will never go out, because their step was ended; a number that was given stays with them."""
    if refs:
        db.execute(update(PaperDraft).where(PaperDraft.ref.in_(refs), PaperDraft.state.in_(OPEN)).values(state=VOID))


def open_draft(db: Session, ref: str, state: str) -> PaperDraft:
    """The draft in the state that a step wants. Raises Conflict."""
    kept = db.scalar(select(PaperDraft).where(PaperDraft.ref == ref))
    if kept is None or kept.state != state:
        raise Conflict(words("This paper is not where this step wants it."))
    return kept


def latest(db: Session, kept: PaperDraft) -> PaperVersion:
    """Its last version."""
    query = select(PaperVersion).where(PaperVersion.draft_id == kept.id).order_by(PaperVersion.version.desc())
    return db.scalars(query.limit(1)).one()


def versions(db: Session, ref: str) -> list[PaperVersion]:
    """Every version of a draft, the first one first."""
    query = select(PaperVersion).join(PaperDraft, PaperDraft.id == PaperVersion.draft_id)
    return list(db.scalars(query.where(PaperDraft.ref == ref).order_by(PaperVersion.version)))


def _add_version(  # noqa: PLR0913 - a version's parts
    db: Session,
    draft_id: int,
    version: int,
    content: Known,
    prefilled: Known,
    *,
    at: datetime,
    by: int | None,
) -> int:
    row = {"draft_id": draft_id, "version": version, "content": content, "open": prefilled, "at": at, "by_id": by}
    db.execute(insert(PaperVersion).values(row))
    return version


def _kept(draft: Draft) -> dict[str, Any]:
    """The parts of a draft as they are stored; of the values only those that its template names."""
    written = str(draft.template)
    return {**asdict(draft), "values": {name: value for name, value in draft.values.items() if name in written}}


def _draft_of(kept: PaperDraft) -> Draft:
    return Draft(**kept.made_of)
