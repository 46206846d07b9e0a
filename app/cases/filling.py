"""Filling a form: what may be chosen in it, and whether what was answered keeps the form's rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app import forms
from app.cases.models import Case
from app.forms import Form
from app.limits.rules import Rules
from app.people import directory
from app.people.directory import Named

Choices = Mapping[str, list[Named]]
Settle = Callable[[Case, Form, Mapping[str, Any]], None]
"""What a door checks beside the form itself: the web verifies signatures and binds the files that were uploaded."""


def unsettled(_case: Case, _form: Form, _answers: Mapping[str, Any]) -> None:
    """Scripts and rehearsals sign with `true` and name files that nobody uploaded."""


def choices_of(db: Session, bureau_id: int, form: Form, facts: Mapping[str, Any]) -> dict[str, list[Named]]:
    """Options of the fields that name organisations or people; a statement for each such kind.

    A person field of the lane `<lane>@<fact>` offers those of the organisation that the fact names.
    """
    offered: dict[str, list[Named]] = {}
    known: dict[str, list[Named]] = {}
    for field in form.fields:
        if field.type in ("organisation", "organisations", "person", "persons"):
            if field.source not in known:
                known[field.source] = _offered(db, bureau_id, field.source, facts)
            offered[field.key] = known[field.source]
    return offered


def _offered(db: Session, bureau_id: int, source: str, facts: Mapping[str, Any]) -> list[Named]:
    if not source:
        return directory.organisations(db, bureau_id)
    lane, _, fact = source.partition("@")
    return directory.members(db, bureau_id, lane, organisation=facts.get(fact) if fact else None)


def checked(
    db: Session, bureau_id: int, form: Form, answers: Mapping[str, Any], *, rules: Rules, facts: Mapping[str, Any]
) -> dict[str, Any]:
    """The answers as they are kept. Raises Invalid with a finding for each fault."""
    offered = choices_of(db, bureau_id, form, facts)
    refs = {field: [named.ref for named in options] for field, options in offered.items()}
    return dict(forms.validate(form, answers, facts, functions=rules.functions(), choices=refs))
