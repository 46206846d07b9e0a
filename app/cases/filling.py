"""Filling a form: what may be chosen in it, and whether what was answered keeps the form's rules."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app import forms
from app.cases.models import Case
from app.cases.visible import subjects_of
from app.forms import Form
from app.limits.rules import Rules
from app.people import directory
from app.people.directory import Named

Choices = Mapping[str, list[Named]]
Settle = Callable[[Case, Form, Mapping[str, Any]], None]
"""What a door checks beside the form itself: the web verifies signatures and binds the files that were uploaded."""


def unsettled(_case: Case, _form: Form, _answers: Mapping[str, Any]) -> None:
    """Scripts and rehearsals sign with `true` and name files that nobody uploaded."""


def choices_of(
    db: Session, bureau_id: int, form: Form, facts: Mapping[str, Any], *, without: Collection[str] = ()
) -> dict[str, list[Named]]:
    """Options of the fields that name organisations or people; a statement for each such kind.

    A person field of the lane `<lane>@<fact>` offers those of the organisation that the fact names. `without`: refs
    of persons whom the matter is about, who are not offered.
    """
    offered: dict[str, list[Named]] = {}
    known: dict[str, list[Named]] = {}
    for field in form.fields:
        if field.type in ("organisation", "organisations", "person", "persons"):
            if field.source not in known:
                known[field.source] = _offered(db, bureau_id, field.source, facts)
            offered[field.key] = [one for one in known[field.source] if one.ref not in without]
    return offered


def _offered(db: Session, bureau_id: int, source: str, facts: Mapping[str, Any]) -> list[Named]:
    if not source:
        return directory.organisations(db, bureau_id)
    lane, _, fact = source.partition("@")
    return directory.members(db, bureau_id, lane, organisation=facts.get(fact) if fact else None)


def checked(
    db: Session, case: Case, form: Form, answers: Mapping[str, Any], *, rules: Rules, facts: Mapping[str, Any]
) -> dict[str, Any]:
    """The answers as they are kept. Raises Invalid with a finding for each fault."""
    offered = choices_of(db, case.bureau_id, form, facts, without=subjects_of(case))
    refs = {field: [named.ref for named in options] for field, options in offered.items()}
    return dict(forms.validate(form, answers, facts, functions=rules.functions(), choices=refs))


def people_named(db: Session, bureau_id: int, form: Form, answers: Mapping[str, Any]) -> dict[str, int]:
    """Persons whom the answers say the matter is about (fields marked `subjects`), ids by ref; by person, else by name.

    Everybody of that name: whoever is not meant is replaced by a colleague, whoever is meant must not handle it.
    """
    said = {
        text for field in form.fields if field.subjects and len(field.path) == 1 for text in _said(answers, field.key)
    }
    if not said:
        return {}
    by_ref = directory.resolve(db, bureau_id, persons=said, organisations=()).persons
    return {**by_ref, **directory.called(db, bureau_id, said - by_ref.keys())}


def _said(answers: Mapping[str, Any], key: str) -> Iterator[str]:
    """A person's ref, or the names in rows of a list."""
    value = answers.get(key)
    for one in value if isinstance(value, list) else [value]:
        text = one.get("name") if isinstance(one, dict) else one
        if isinstance(text, str) and text.strip():
            yield text.strip()
