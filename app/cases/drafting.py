"""Tasks about a paper on its way out: which draft a task is about, what it shows of it, what the clerk may change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import engine, feel
from app.cases.models import Case, Task
from app.definitions.pack import Pack
from app.engine import Work
from app.papers import drafts
from app.papers.content import PaperContent
from app.papers.models import PaperDraft, PaperVersion

ATTRIBUTE = "paper"
PREFIX = "paper_"
"""Fields of the drafting form: `paper_text` is the part `text` of the draft."""


@dataclass(frozen=True)
class Drafted:
    """The draft that a task is about, as it stands, and every version before."""

    draft: PaperDraft
    versions: tuple[PaperVersion, ...]

    @property
    def content(self) -> PaperContent:
        """The text that people check, sign and seal; dates are those of the day on which it was last composed."""
        return replace(self.versions[-1].said, number=self.draft.number or None)

    def opening(self) -> dict[str, Any]:
        """What the drafting form begins with: the parts that may be changed, a line each where there are several."""
        return {
            f"{PREFIX}{part}": "\n".join(value) if isinstance(value, list) else value
            for part, value in self.versions[-1].open.items()
        }


def ref_of(work: Work) -> str | None:
    """The ref of the draft that an open task is about; None for other tasks."""
    written = work.attributes.get(ATTRIBUTE)
    if not written:
        return None
    value = feel.compile(feel.expression_text(written))(work.data) if feel.is_expression(written) else written
    return None if value is None else str(value)


def refs_of(works: Iterable[Work]) -> set[str]:
    """The drafts that any of these tasks is about."""
    return {ref for work in works if (ref := ref_of(work)) is not None}


def drafted(db: Session, work: Work) -> Drafted | None:
    """What a task shows of its draft; None where it is about none. At most two statements."""
    ref = ref_of(work)
    draft = db.scalar(select(PaperDraft).where(PaperDraft.ref == ref)) if ref else None
    return Drafted(draft, tuple(drafts.versions(db, draft.ref))) if draft is not None else None


def code_of(db: Session, pack: Pack, task: Task) -> str | None:
    """The code of the paper that an open task drafts, checks, signs or seals."""
    if not pack.step(task.process, task.element).attributes.get(ATTRIBUTE):
        return None
    case = db.get_one(Case, task.case_id)
    works = engine.load(case.state, pack.diagram).work()
    work = next((work for work in works if work.id == task.work_id), None)
    found = drafted(db, work) if work is not None else None
    return found.draft.code if found is not None else None
