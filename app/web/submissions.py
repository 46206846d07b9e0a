"""Checks of the browser's door beside the form: signatures by password, files uploaded by the sender."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import g

from app import files
from app.cases.filling import Settle
from app.cases.models import Case
from app.db import Session
from app.definitions.releases import open_release
from app.errors import Finding, Invalid, Words, words
from app.forms import Field, Form
from app.people.access import Actor
from app.web import guard, passwords

SECRET = "password"


def checks(db: Session, by: Actor) -> Settle:
    """The check that cases hand each form's answers to; raises Invalid, and then nothing has changed."""

    def check(case: Case, form: Form, answers: Mapping[str, Any]) -> None:
        faults = [*_signatures(form, answers, by), *_files(db, case, form, answers, by)]
        if faults:
            raise Invalid(words("The answers are not complete or not right."), faults)

    return check


def _signatures(form: Form, answers: Mapping[str, Any], by: Actor) -> Iterator[Finding]:
    """A signature is one's own name with one's own password; a bare `true` is for scripts."""
    for field in _fields(form, "signature"):
        given = answers.get(field.key)
        if given in (None, False, ""):
            continue
        if fault := _fault_of(given, by):
            yield Finding(fault, rule="signature", field=field.key, clause=field.clause)


def _fault_of(given: Any, by: Actor) -> Words | None:
    if not isinstance(given, dict) or not isinstance(given.get(SECRET), str) or not isinstance(given.get("name"), str):
        return words("A signature is the signer's name and password.")
    if given["name"].replace(" ", "") != by.name.replace(" ", ""):
        return words("Sign with your own name, {name}.", name=by.name)
    if not passwords.is_own(given[SECRET], g.account, guard.now()):
        return words("The password is not right.")
    return None


def _files(db: Session, case: Case, form: Form, answers: Mapping[str, Any], by: Actor) -> Iterator[Finding]:
    for field in _fields(form, "file"):
        refs = {ref for ref in answers.get(field.key) or [] if isinstance(ref, str)}
        if refs and (fault := _fault_of_files(db, case, field, refs, by)):
            yield Finding(fault, rule="file", field=field.key, clause=field.clause)


def _fault_of_files(db: Session, case: Case, field: Field, refs: set[str], by: Actor) -> Words | None:
    kinds = files.bind(db, refs, case_id=case.id, by=by.id, readers=field.readers)
    if kinds is None:
        return words("This file was not uploaded here.")
    taken = open_release(db, case.release_id).takes(field.key)
    if not set(kinds) <= set(taken):
        return words("Only these files can be taken: {kinds}.", kinds=files.endings(taken))
    bounds = files.Quota(*guard.settings().upload_bounds())
    if files.case_is_full(db, bounds, case.id):
        return words("With these files the case would hold more than {count} MB.", count=bounds.megabytes_a_case)
    return None


def _fields(form: Form, kind: str) -> list[Field]:
    return [field for field in form.fields if field.type == kind and len(field.path) == 1 and not field.shown]


def without_secrets(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers fit for a draft: no signature, since a password is kept nowhere."""
    return {key: value for key, value in answers.items() if not (isinstance(value, dict) and SECRET in value)}
