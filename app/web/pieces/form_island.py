"""The form of a task or act as its island gets it: its schema, what is known, what was typed before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import engine, files, forms
from app.cases.filling import choices_of
from app.cases.models import Case, Task
from app.cases.visible import subjects_of
from app.db import Session
from app.definitions.pack import Pack
from app.engine import Work
from app.errors import Conflict, words
from app.forms import Form
from app.people.access import Actor
from app.web.texts import gettext, language


@dataclass(frozen=True)
class ShownForm:
    """A form that waits for this reader: where it is sent, and the JSON of its island."""

    action: str
    draft: str | None
    keep: str | None
    watch: str | None
    island: dict[str, Any]


@dataclass(frozen=True)
class FormTarget:
    """Where a form's answers, its drafts and a first draft go, and where its page asks whether it still counts."""

    action: str
    draft: str | None = None
    keep: str | None = None
    watch: str | None = None


def shown_form(
    db: Session,
    form: Form,
    facts: Mapping[str, Any],
    target: FormTarget,
    *,
    by: Actor,
    at: datetime,
    typed: Mapping[str, Any] = {},
    case: Case | None = None,
) -> ShownForm:
    """The island of a form; statements only for fields that offer people or organisations, and for files of a draft."""
    without = subjects_of(case) if case is not None else ()
    offered = choices_of(db, by.bureau_id, form, facts, without=without)
    choices = {key: [{"value": one.ref, "label": one.name} for one in names] for key, names in offered.items()}
    island = {
        "schema": forms.present(form, language=language(), choices=choices, facts=facts),
        "data": forms.opening(form, facts, typed),
        "files": files.names_of(db, _files_in(form, typed), by=by.id),
        "now": at.isoformat(),
        "submit": form.submit_words[language()],
        "keep": gettext("Save as a draft"),
    }
    return ShownForm(target.action, target.draft, target.keep, target.watch, island)


def work_of(pack: Pack, case: Case, task: Task) -> Work:
    """The open work behind a task, with the variables of its branch. Raises Conflict."""
    works = engine.load(case.state, pack.diagram).work()
    found = next((work for work in works if work.id == task.work_id), None)
    if found is None:
        raise Conflict(words("This task is no longer open."))
    return found


def _files_in(form: Form, typed: Mapping[str, Any]) -> list[str]:
    keys = [field.key for field in form.fields if field.type == "file" and len(field.path) == 1]
    return [ref for key in keys for ref in (typed.get(key) or []) if isinstance(ref, str)]
