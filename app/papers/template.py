"""What a paper says from the pack's template: over the facts of a case, on one day, with what the clerk changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app import feel
from app.errors import Invalid, words
from app.papers.composing import composed
from app.papers.content import PaperContent, Paragraph, form_named
from app.papers.earlier import form_of, level_of
from app.papers.wording import chinese_date, listed

PROVISIONAL = "（暂定，待国务院办公厅公布节假日安排后核定）"
PARTS = ("attachments", "copies", "contact")
"""Parts of a paper beside its text, each an entry of the template and open to the clerk where `editable` names it."""
_COUNTED = re.compile(r"_(?:due|until|end)\b|days (?:after|before)\s*\(")
"""Expressions whose dates rest on the calendar, by the names of facts and functions."""

Functions = Mapping[str, Callable[..., object]]
Known = Mapping[str, Any]
"""Parts of a template, or values of a case, by name."""


@dataclass(frozen=True)
class Draft:
    """A paper to be composed. `template` is its entry in pack.yaml; `values` what its text may name.

    `edits`: what the clerk changed, `text` (the open paragraphs, in order), `attachments`, `copies`, `contact`; and
    `signer`, whose signature it bears (签发人).
    """

    bureau_id: int
    case_id: int
    code: str
    template: Known
    sender: str
    addressee: str
    values: Known
    edits: Known
    series: str = ""
    """Whose numbers it takes, beside the bureau's own series: the ref of the agency whose paper it is."""
    mark: str = ""
    """What stands for `{code}` in its number (机关代字)."""


def compose(draft: Draft, *, at: datetime, functions: Functions, number: str | None = None) -> PaperContent:
    """What the paper says, dated the day of `at`. Raises Invalid where an expression of the template fails."""
    template, values = draft.template, draft.values
    title, sender = title_of(template, at.date(), values, functions), str(template.get("from", "bureau"))
    form = form_named(str(template.get("form") or form_of(title, sender)))
    parts = {part: _entries(template.get(part, ()), values, functions) for part in ("attachments", "copies")}
    contact = _value(template.get("contact"), values, functions)
    given: dict[str, Any] = {**parts, "contact": contact if isinstance(contact, str) else None}
    given |= {part: draft.edits[part] for part in PARTS if draft.edits.get(part) is not None}
    content = PaperContent(
        form=form,
        issuer=draft.sender,
        title=title,
        number=number,
        addressees=tuple(one for one in (draft.addressee,) if one),
        paragraphs=tuple(Paragraph(text, level_of(text)) for text in _paragraphs(draft, functions)),
        attachments=tuple(given["attachments"]),
        copies=tuple(given["copies"]),
        signer=draft.edits.get("signer"),
        contact=given["contact"],
        signed_on=at.date(),
        sealed=form != "personal",
        basis=str(template.get("basis", "")),
        fields={name: _value(written, values, functions) for name, written in template.get("fields", {}).items()},
        code=draft.code,
        title_en=str(template["en"]),
    )
    return composed(content)


def title_of(template: Known, on: date, values: Known, functions: Functions) -> str:
    """The title that the paper bears on a day: the last of `titles` in force, else `title`, else its name."""
    dated = [row for row in template.get("titles", ()) if as_day(row.get("from", date.min)) <= on]
    written = dated[-1]["title"] if dated else template.get("title") or template["zh"]
    return str(_value(written, values, functions))


def as_day(written: object) -> date:
    """A date of pack.yaml, where YAML may have read it already."""
    return written if isinstance(written, date) else date.fromisoformat(str(written))


def open_paragraphs(template: Known) -> tuple[int, ...]:
    """The paragraphs, from 1, that the clerk may word otherwise."""
    return tuple(int(one) for one in editable(template) if one.isdigit())


def editable(template: Known) -> tuple[str, ...]:
    """What the clerk may change: numbers of paragraphs, and names of `PARTS`."""
    named = template.get("editable") or ()
    return (named,) if isinstance(named, str) else tuple(map(str, named))


def open_text(draft: Draft, functions: Functions) -> str:
    """The paragraphs that the clerk may change, as they are composed, one a line."""
    body = draft.template.get("body", [])
    texts = (fill(body[number - 1], draft.values, functions).strip() for number in open_paragraphs(draft.template))
    return "\n".join(text for text in texts if text)


def _paragraphs(draft: Draft, functions: Functions) -> Iterator[str]:
    """Every paragraph; what the clerk wrote stands where the first open one stood. Empty ones are left out."""
    text, opened = draft.edits.get("text"), open_paragraphs(draft.template)
    for number, line in enumerate(draft.template.get("body", []), 1):
        if text is None or number not in opened:
            yield from fill(line, draft.values, functions).splitlines()
        elif number == opened[0]:
            yield from str(text).splitlines()


def fill(text: str, values: Known, functions: Functions) -> str:
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


def _provisional(text: str, value: object, functions: Functions) -> str:
    """What stands after a counted date whose year has no holiday table yet (D-24); nothing after other dates."""
    asked = functions.get("is provisional")
    if asked is None or not _COUNTED.search(text) or not (isinstance(value, date) or _written_date(str(value))):
        return ""
    return PROVISIONAL if asked(value) is True else ""


def is_counted(expression: str) -> bool:
    """Whether an expression gives a date that rests on the calendar: such a paragraph is the system's own."""
    return _COUNTED.search(expression) is not None


def _value(written: object, values: Known, functions: Functions) -> Any:
    """A template's value: `=…` is FEEL over the case, anything else stands as it is."""
    if not isinstance(written, str) or not feel.is_expression(written):
        return written
    return feel.to_fact(feel.compile(feel.expression_text(written), [*values, *functions])(values, functions=functions))


def _entries(written: object, values: Known, functions: Functions) -> list[str]:
    """The entries of a list in a template, those that give nothing left out."""
    found = [_value(one, values, functions) for one in (written if isinstance(written, list) else [written])]
    flat = [part for one in found for part in (one if isinstance(one, list) else [one])]
    return [as_written(one) for one in flat if one not in (None, "", ())]


def as_written(value: object) -> str:
    """A value in a paper: dates as 2025年3月5日, lists with 、, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return chinese_date(value)
    if isinstance(value, Decimal):
        return feel.json_text(value)
    if isinstance(value, list):
        return listed(as_written(item) for item in value)
    text = str(value)
    return _written_date(text) or text


def _written_date(text: str) -> str | None:
    try:
        return as_written(date.fromisoformat(text)) if len(text) == len("2026-01-01") else None
    except ValueError:
        return None
