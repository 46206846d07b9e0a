"""Issuing a paper: its number without a gap, its text frozen in the same transaction."""

from __future__ import annotations

import hashlib
from datetime import datetime

import orjson
from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.db import upsert
from app.papers.models import Paper, Series
from app.papers.template import Draft, Functions, Known, compose
from app.people.models import new_ref


def issue(db: Session, draft: Draft, *, at: datetime, by: int | None, functions: Functions) -> Paper:
    """Number and freeze a paper at once; two statements. A text whose expression fails says so."""
    number = number_for(db, draft, at=at)
    return freeze(db, draft, number=number, at=at, by=by, functions=functions)


def number_for(db: Session, draft: Draft, *, at: datetime) -> str:
    """The next number of the paper's series in the year of `at`; one statement."""
    series = str(draft.template.get("series", draft.code)) + (f"@{draft.series}" if draft.series else "")
    sequence = next_number(db, draft.bureau_id, series, at.year)
    return str(draft.template["number"]).format(year=at.year, seq=sequence, code=draft.mark)


def freeze(  # noqa: PLR0913 - a paper's parts
    db: Session,
    draft: Draft,
    *,
    number: str,
    at: datetime,
    by: int | None,
    functions: Functions,
    ref: str | None = None,
) -> Paper:
    """Compose the paper as of `at` and keep it for good; one statement."""
    said = compose(draft, at=at, functions=functions, number=number)
    content = said.to_json()
    row = {
        "ref": ref or new_ref(),
        "bureau_id": draft.bureau_id,
        "case_id": draft.case_id,
        "code": draft.code,
        "number": number,
        "title": said.title,
        "issued_at": at,
        "issued_by": by,
        "readers": draft.template.get("readers", "bureau"),
        "content": content,
        "sha256": digest(content),
    }
    db.execute(insert(Paper).values(row))
    return Paper(**row)


def digest(content: Known) -> str:
    """The hash by which a frozen text is known."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def next_number(db: Session, bureau_id: int, series: str, year: int) -> int:
    """The next number of a series in a year, from 1; kept or given back with the transaction. One statement."""
    keys = {"bureau_id": bureau_id, "series": series, "year": year}
    return int(upsert(db, Series, {**keys, "last": 1}, keys=list(keys), changes={"last": Series.last + 1}, give="last"))
