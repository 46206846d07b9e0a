"""Issuing a paper: its number without a gap, its text from the pack's template, frozen in the same transaction."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy import insert
from sqlalchemy.orm import Session

from app import feel
from app.db import upsert
from app.errors import Invalid, words
from app.papers.models import Paper, Series
from app.people.models import new_ref

PROVISIONAL = "（暂定，待国务院办公厅公布节假日安排后核定）"
_COUNTED = re.compile(r"_(?:due|until|end)\b|days (?:after|before)\s*\(")
"""Expressions whose dates rest on the calendar, by the names of facts and functions."""


@dataclass(frozen=True)
class Draft:
    """A paper about to be issued. `template` is its entry in pack.yaml; `values` what its text may name."""

    bureau_id: int
    case_id: int
    code: str
    template: Mapping[str, Any]
    sender: str
    addressee: str
    values: Mapping[str, Any]


def issue(
    db: Session, draft: Draft, *, at: datetime, by: int | None, functions: Mapping[str, Callable[..., object]]
) -> Paper:
    """Number and freeze the paper; two statements. A text whose expression fails says so in the paper's code."""
    title = str(_value(draft.template.get("title") or draft.template["zh"], draft.values, functions))
    content = {
        "sender": draft.sender,
        "from": draft.template.get("from", "bureau"),
        "addressee": draft.addressee,
        "title": title,
        "title_en": draft.template["en"],
        "paragraphs": [fill(line, draft.values, functions) for line in draft.template.get("body", [])],
        "fields": {
            name: _value(written, draft.values, functions) for name, written in draft.template.get("fields", {}).items()
        },
        "basis": draft.template.get("basis", ""),
        "signed_on": at.date().isoformat(),
    }
    sequence = next_number(db, draft.bureau_id, draft.template.get("series", draft.code), at.year)
    row = {
        "ref": new_ref(),
        "bureau_id": draft.bureau_id,
        "case_id": draft.case_id,
        "code": draft.code,
        "number": draft.template["number"].format(year=at.year, seq=sequence),
        "title": title,
        "issued_at": at,
        "issued_by": by,
        "readers": draft.template.get("readers", "bureau"),
        "content": content,
        "sha256": hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest(),
    }
    db.execute(insert(Paper).values(row))
    return Paper(**row)


def next_number(db: Session, bureau_id: int, series: str, year: int) -> int:
    """The next number of a series in a year, from 1; kept or given back with the transaction. One statement."""
    keys = {"bureau_id": bureau_id, "series": series, "year": year}
    return int(upsert(db, Series, {**keys, "last": 1}, keys=list(keys), changes={"last": Series.last + 1}, give="last"))


def fill(text: str, values: Mapping[str, Any], functions: Mapping[str, Callable[..., object]]) -> str:
    """A paragraph with each `{{ FEEL }}` replaced by its value as people write it."""
    before, *rest = text.split("{{")
    written = [before]
    for part in rest:
        expression, closed, after = part.partition("}}")
        if not closed:
            raise Invalid(words('The paragraph "{text}" opens a brace that it does not close.', text=text))
        value = feel.compile(expression.strip(), [*values, *functions])(values, functions=functions)
        written += [as_written(value), _provisional(expression, value, functions), after]
    return "".join(written)


def _provisional(text: str, value: object, functions: Mapping[str, Callable[..., object]]) -> str:
    """What stands after a counted date whose year has no holiday table yet (D-24); nothing after other dates."""
    asked = functions.get("is provisional")
    if asked is None or not _COUNTED.search(text) or not (isinstance(value, date) or _written_date(str(value))):
        return ""
    return PROVISIONAL if asked(value) is True else ""


def _value(written: object, values: Mapping[str, Any], functions: Mapping[str, Callable[..., object]]) -> Any:
    """A template's value: `=…` is FEEL over the case, anything else stands as it is."""
    if not isinstance(written, str) or not feel.is_expression(written):
        return written
    return feel.to_fact(feel.compile(feel.expression_text(written), [*values, *functions])(values, functions=functions))


def as_written(value: object) -> str:
    """A value in a paper: dates as 2025年3月5日, lists with 、, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, Decimal):
        return feel.json_text(value)
    if isinstance(value, list):
        return "、".join(as_written(item) for item in value)
    text = str(value)
    return _written_date(text) or text


def _written_date(text: str) -> str | None:
    try:
        return as_written(date.fromisoformat(text)) if len(text) == len("2026-01-01") else None
    except ValueError:
        return None
