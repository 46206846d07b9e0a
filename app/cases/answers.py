"""What people answered, field by field; personal values are encrypted where they are stored."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Answer
from app.db import insert_rows, keys_of
from app.forms import Form

PLACE = "answer.value"
OUTCOME = "outcome"


@dataclass(frozen=True)
class Given:
    """One answer as a page shows it."""

    process: str
    element: str
    work_id: int
    form: str
    field: str
    value: Any
    personal: bool
    by: int | None
    at: datetime


@dataclass(frozen=True)
class Sheet:
    """A filled form: of which case, element and work, by whom and when."""

    case_id: int
    process: str
    element: str
    work_id: int
    form: Form
    answers: Mapping[str, object]
    by: int | None
    at: datetime


def write(db: Session, sheet: Sheet) -> None:
    """Keep the answers of one task, a row a field; one statement."""
    personal = {field.key for field in sheet.form.fields if field.personal}
    rows = [
        {
            "case_id": sheet.case_id,
            "process": sheet.process,
            "element": sheet.element,
            "work_id": sheet.work_id,
            "form": sheet.form.key,
            "field": field,
            "value": _stored(db, value, personal=field in personal),
            "personal": field in personal,
            "by": sheet.by,
            "at": sheet.at,
        }
        for field, value in sheet.answers.items()
    ]
    insert_rows(db, Answer, rows)


def for_engine(element: str, form: Form, answers: Mapping[str, object], reads: Collection[str]) -> dict[str, Any]:
    """The part of a form's answers that the diagram may know: what it reads, and nothing personal."""
    personal = {field.key for field in form.fields if field.personal}
    named = {called(element, field): value for field, value in answers.items() if field not in personal}
    return {name: value for name, value in named.items() if name in reads}


def called(element: str, field: str) -> str:
    """The name of a field among the case's data: `outcome` belongs to its task (domain.md 2.0)."""
    return f"{element}_{OUTCOME}" if field == OUTCOME else field


def latest(db: Session, case_id: int, *, personal: bool = False) -> dict[str, Any]:
    """The last answer to each field of a case; one statement."""
    found: dict[str, Any] = {}
    for given in of_case(db, case_id, personal=personal):
        found[called(given.element, given.field)] = given.value
    return found


def of_case(db: Session, case_id: int, *, personal: bool = False) -> list[Given]:
    """Every answer of a case in the order in which it was given."""
    query = select(Answer).where(Answer.case_id == case_id).order_by(Answer.id)
    if not personal:
        query = query.where(Answer.personal.is_(False))
    return [
        Given(
            process=row.process,
            element=row.element,
            work_id=row.work_id,
            form=row.form,
            field=row.field,
            value=_read(db, row),
            personal=row.personal,
            by=row.by,
            at=row.at,
        )
        for row in db.scalars(query)
    ]


def _stored(db: Session, value: Any, *, personal: bool) -> str:
    text = orjson.dumps(value).decode()
    return keys_of(db).encrypt(text, PLACE) if personal else text


def _read(db: Session, row: Answer) -> Any:
    return orjson.loads(keys_of(db).decrypt(row.value, PLACE) if row.personal else row.value)
