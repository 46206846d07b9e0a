"""Proofs on forms: what must be answered, and how long, is tried on the form itself, however it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from app import forms
from app.calendar import state_council
from app.clock import OFFICE_ZONE
from app.definitions.functions import FeelFunction, lent, limits
from app.definitions.law.rules import FieldHidden, Line, Refuses, RequiredWhen
from app.definitions.law.values import role_words
from app.definitions.pack import Pack
from app.errors import Finding, Invalid, words
from app.forms import Field, Form

TRIED_AT = datetime(2026, 3, 2, 9, 0, tzinfo=OFFICE_ZONE)
"""Any working day: no demand of the law depends on it."""


def required_when(pack: Pack, line: Line) -> Iterator[Finding]:
    """The form refuses answers without the field, and with fewer characters in it than the law list says."""
    asked: RequiredWhen = line.demand
    form, field = _field(pack, asked.form, asked.field)
    if field is None:
        yield Finding(words("The field “{field}” is not there.", field=asked.field), file=form.file, field=asked.field)
        return
    place = {"file": form.file, "field": field.key}
    if asked.signature and field.type != "signature":
        yield Finding(words("“{field}” is no signature.", field=field.said), **place)  # type: ignore[arg-type]
    functions = _functions(pack)
    given = {**forms.samples(form, asked.facts, functions, asked.answers), **asked.answers}
    if not _refuses(form, {**given, asked.field: None}, asked, functions):
        yield Finding(words("“{field}” may be left empty.", field=field.said), **place)  # type: ignore[arg-type]
    elif asked.length and not _refuses(form, {**given, asked.field: "字" * (asked.length - 1)}, asked, functions):
        text = words("“{field}” may be shorter than {length} characters.", field=field.said, length=asked.length)
        yield Finding(text, **place)  # type: ignore[arg-type]


def refuses(pack: Pack, line: Line) -> Iterator[Finding]:
    """The form refuses answers that the clause forbids, at the field that it speaks of."""
    asked: Refuses = line.demand
    form, _ = _field(pack, asked.form, asked.field)
    functions = _functions(pack)
    given = {**forms.samples(form, asked.facts, functions, asked.answers), **asked.answers}
    if not _refuses(form, given, asked, functions):
        text = words("The form takes answers that are not allowed.")
        yield Finding(text, file=form.file, field=asked.field)


def field_hidden(pack: Pack, line: Line) -> Iterator[Finding]:
    """A role is not among those who read a field."""
    asked: FieldHidden = line.demand
    form, field = _field(pack, asked.form, asked.field)
    if field is not None and asked.role in (field.readers or form.readers):
        text = words("“{field}” is shown to: {role}.", field=field.said, role=role_words(asked.role))
        yield Finding(text, file=form.file, field=field.key)


def _field(pack: Pack, place: str, key: str) -> tuple[Form, Field | None]:
    folder, _, name = place.partition("/")
    form = pack.form(folder, name)
    return form, next((one for one in form.fields if one.key == key), None)


def _refuses(
    form: Form, answers: Mapping[str, object], asked: RequiredWhen | Refuses, functions: Mapping[str, FeelFunction]
) -> bool:
    try:
        forms.validate(form, answers, asked.facts, functions=functions, choices=_choices(form, answers))
    except Invalid as fault:
        return any(one.field == asked.field for one in fault.findings)
    return False


def _choices(form: Form, answers: Mapping[str, object]) -> dict[str, tuple[object, ...]]:
    """Whoever and whatever is named is on offer: a refusal must come from what the form itself demands."""
    found: dict[str, tuple[object, ...]] = {}
    for field in form.fields:
        value = answers.get(field.key)
        found[field.key] = tuple(value) if isinstance(value, list) else (value,)
    return found


def _functions(pack: Pack) -> dict[str, FeelFunction]:
    amounts = {key: policy.amount for key, policy in pack.policies.items()}
    return lent(state_council(), limits(amounts), TRIED_AT)
