"""The way in: what every request to the API must be before a view sees it, and the blueprints behind it."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import request
from pydantic import ValidationError
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from app.errors import Finding, Invalid, NotFound, words
from app.web import guard
from app.web.api import (
    cases,
    definitions,
    deployments,
    files,
    me,
    messages,
    modeler,
    monitor,
    spec,
    starts,
    tasks,
)
from app.web.credentials import on_api
from app.web.errors import refused

SUBJECTS = (me, tasks, starts, cases, files, messages, definitions, deployments, monitor, modeler)
DEEPEST = 32
LARGEST = 2**53 - 1
"""Beyond it JSON's numbers mean different things to different readers."""
LONGEST_REF = 64
FAULTS = {
    "missing": words("This is missing."),
    "extra_forbidden": words("This is not known here."),
    "string_too_long": words("This is too long."),
    "too_long": words("This is too long."),
    "greater_than_equal": words("This is too small."),
    "less_than_equal": words("This is too large."),
}
UNFIT = words("This is not of the form that is asked for.")


def open_to_scripts(app: APIFlask) -> None:
    """Put the API into the application."""
    spec.describe(app)
    app.error_callback = unfit
    for subject in SUBJECTS:
        app.register_blueprint(subject.bp)
    guard.audience("anyone")(app.view_functions["openapi.spec"])
    app.before_request(_refuse_unreadable)


def unfit(error: HTTPError) -> Any:
    """What the models refuse, each fault with its field, in the reader's language."""
    cause = error.__cause__
    faults = cause.errors() if isinstance(cause, ValidationError) else []
    found = [_finding(one) for one in faults]
    return refused(Invalid(words("The request is not complete or not right."), found))


def _finding(fault: Any) -> Finding:
    place = ".".join(str(part) for part in fault["loc"])
    return Finding(FAULTS.get(fault["type"], UNFIT), rule="request", field=place or None)


def _refuse_unreadable() -> None:
    """A reference that can name nothing, or a body that is not what the address reads."""
    if not on_api():
        return
    if any(len(value) > LONGEST_REF or not value.isprintable() for value in (request.view_args or {}).values()):
        raise NotFound(words("There is nothing of that name."))
    if request.method not in guard.SAFE and request.endpoint not in spec.TAKES_FILES:
        _refuse_unreadable_body()


def _refuse_unreadable_body() -> None:
    """An operation without answers takes no body at all, or an empty one."""
    if request.mimetype != "application/json":
        if request.get_data():
            raise UnsupportedMediaType
        return
    body = request.get_json()
    if not isinstance(body, dict):
        raise BadRequest
    _refuse_unfit(body)


def _refuse_unfit(body: Any) -> None:
    """No value nested beyond reason and no sign that no database can keep, wherever it stands."""
    level: list[Any] = [body]
    for _ in range(DEEPEST):
        if not level:
            return
        level = [part for value in level for part in _parts(value)]
    raise Invalid(words("The request is nested too deeply."))


def _parts(value: Any) -> list[Any]:
    if isinstance(value, str) and "\x00" in value:
        raise Invalid(words("The request holds a sign that cannot be kept."))
    if isinstance(value, int) and abs(value) > LARGEST:
        raise Invalid(words("The request holds a number that is too large."))
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []
