"""What may be begun, as the API shows it: processes with their first forms, and acts with theirs."""

from __future__ import annotations

from typing import Any

from app.definitions.manifest import Act
from app.definitions.pack import Pack
from app.engine import Process, Work
from app.web.api.shapes import Shape
from app.web.api.task_shapes import FormShown, form_of
from app.web.texts import clauses_of, named


class StartListed(Shape):
    """A process that this person may start by hand."""

    process: str
    name: str


class Starts(Shape):
    """All of them."""

    items: list[StartListed]


class FirstStep(Shape):
    """The first form of a process; nothing exists until it is sent. `version`: digest of the current release."""

    process: str
    name: str
    element: str
    basis: list[str]
    version: str
    form: FormShown


class ActAsked(Shape):
    """An act with its form."""

    id: str
    name: str
    basis: list[str]
    form: FormShown


def start_listed(process: Process) -> StartListed:
    """One of the processes."""
    return StartListed(process=process.id, name=named(process))


def first_step(pack: Pack, work: Work, process: str, island: dict[str, Any]) -> FirstStep:
    """The first form."""
    basis = list(clauses_of(pack.basis_of(work.process, work.element)))
    name = named(pack.process(process))
    form = form_of(island)
    return FirstStep(process=process, name=name, element=work.element, basis=basis, version=pack.digest, form=form)


def act_asked(declared: Act, island: dict[str, Any]) -> ActAsked:
    """The act's form."""
    return ActAsked(id=declared.id, name=named(declared), basis=declared.basis.split(), form=form_of(island))
