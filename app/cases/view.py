"""One case as one reader may see it: where it is, what was done, answered and issued, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import journal
from app.cases import answers as answered
from app.cases import lists
from app.cases.answers import Given
from app.cases.lists import ListedTask
from app.cases.models import Case, Task
from app.cases.visible import roles_in, visible
from app.definitions.pack import Pack
from app.definitions.releases import open_release
from app.errors import NotFound, words
from app.forms import Field
from app.papers.models import Paper
from app.people import directory
from app.people.access import Actor
from app.people.models import Organisation, Person

OWN = "own_agency"
"""Reader of an answer: the agency that gave it, and none of the others (domain.md 2.9)."""


@dataclass(frozen=True)
class Opinion:
    """What one person wrote in one step, as a row of the 办文单: only the fields that this reader may see."""

    process: str
    element: str
    by: str
    at: datetime
    fields: tuple[tuple[Field, Any], ...]


@dataclass(frozen=True)
class Linked:
    """A case that this one started, or was started by."""

    ref: str
    process: str
    title: str
    status: str


@dataclass(frozen=True)
class View:
    """Everything that the case's page shows."""

    case: Case
    pack: Pack
    roles: frozenset[str]
    tasks: tuple[ListedTask, ...]
    opinions: tuple[Opinion, ...]
    entries: tuple[journal.Entry, ...]
    papers: tuple[Paper, ...]
    linked: tuple[Linked, ...]
    names: Mapping[str, str]
    """Names of persons and organisations, by the refs that answers hold."""
    people: Mapping[int, str]
    """Names of the persons who acted, by id."""
    settings: Mapping[str, Any]
    """The bureau's own values."""

    @property
    def visited(self) -> dict[str, set[str]]:
        """Elements entered so far, by process."""
        done: dict[str, set[str]] = {}
        for entry in self.entries:
            for place in entry.data.get("visited", ()):
                process, _, element = place.partition("/")
                done.setdefault(process, set()).add(element)
        return done


def view(db: Session, case_ref: str, *, by: Actor) -> View:
    """The case with what `by` may know of it. Raises NotFound for a case that is not visible."""
    query = select(Case, Organisation.settings).join(Organisation, Organisation.id == Case.bureau_id)
    row = db.execute(query.where(Case.ref == case_ref, visible(by))).first()
    if row is None:
        raise NotFound(words("There is no such case here."))
    case: Case = row.Case
    pack, roles = open_release(db, case.release_id), roles_in(by, case)
    own = _own_works(db, case, by)
    answers = answered.of_case(db, case.id, personal="bureau" in roles)
    given = [one for one in answers if _may_read(pack, one, roles | {OWN} if one.work_id in own else roles)]
    entries = journal.entries_of(db, case.id)
    people = _people(db, case, [*(one.by for one in given), *(entry.actor_id for entry in entries)])
    return View(
        case=case,
        pack=pack,
        roles=roles,
        tasks=tuple(lists.open_tasks(db, case.id)),
        opinions=tuple(_opinions(pack, given, people)),
        entries=tuple(entries),
        papers=tuple(_papers(db, case, roles)),
        linked=tuple(_linked(db, case, by)),
        names=directory.names_of(db, case.bureau_id, _refs(given)),
        people=people,
        settings=row.settings,
    )


def _own_works(db: Session, case: Case, by: Actor) -> frozenset[int]:
    """The case's tasks that were put to an agency of the reader's."""
    if not by.agencies:
        return frozenset()
    query = select(Task.work_id).where(Task.case_id == case.id, Task.organisation_id.in_(by.agencies))
    return frozenset(db.scalars(query))


def paper(db: Session, ref: str, *, by: Actor) -> Paper:
    """An issued paper, for one who may read it. Raises NotFound."""
    return paper_and_case(db, ref, by=by)[0]


def paper_and_case(db: Session, ref: str, *, by: Actor) -> tuple[Paper, Case]:
    """The same with its case."""
    query = select(Paper, Case).join(Case, Case.id == Paper.case_id).where(Paper.ref == ref, visible(by))
    row = db.execute(query).first()
    if row is None or not set(row.Paper.readers.split()) & roles_in(by, row.Case):
        raise NotFound(words("There is no such paper here."))
    return row.Paper, row.Case


def party_names(db: Session, case: Case) -> dict[str, str]:
    """The names of who takes part, by ref."""
    return directory.names_of(db, case.bureau_id, set(case.parties))


def case_of_task(db: Session, task_ref: str, *, by: Actor) -> tuple[Task, Case]:
    """A task and its case, for one who may see the case. Raises NotFound."""
    row = db.execute(
        select(Task, Case).join(Case, Case.id == Task.case_id).where(Task.ref == task_ref, visible(by))
    ).first()
    if row is None:
        raise NotFound(words("There is no such task here."))
    return row.Task, row.Case


def field_of(pack: Pack, given: Given) -> Field | None:
    """The form's field that was answered."""
    form = pack.forms.get((given.process, given.form.rpartition("/")[2]))
    return next((field for field in form.fields if field.key == given.field), None) if form else None


def _may_read(pack: Pack, given: Given, roles: frozenset[str]) -> bool:
    """Who may read an answer stands on its field, else on its form; bureau staff read what names them."""
    field = field_of(pack, given)
    return field is not None and bool(set(field.readers) & roles)


def _opinions(pack: Pack, given: Iterable[Given], people: Mapping[int, str]) -> Iterable[Opinion]:
    sheets: dict[tuple[str, str, int, datetime], list[Given]] = {}
    for one in given:
        sheets.setdefault((one.process, one.element, one.work_id, one.at), []).append(one)
    for (process, element, _, at), sheet in sheets.items():
        fields = tuple((field, one.value) for one in sheet if (field := field_of(pack, one)) is not None)
        yield Opinion(process, element, people.get(sheet[0].by or 0, ""), at, fields)


def _papers(db: Session, case: Case, roles: frozenset[str]) -> Iterable[Paper]:
    found = db.scalars(select(Paper).where(Paper.case_id == case.id).order_by(Paper.id))
    return [one for one in found if set(one.readers.split()) & roles]


def _linked(db: Session, case: Case, by: Actor) -> Iterable[Linked]:
    query = select(Case.ref, Case.process, Case.title, Case.status).where(visible(by))
    related = (Case.parent_id == case.id) | (Case.id == (case.parent_id or 0))
    return [Linked(*row) for row in db.execute(query.where(related).order_by(Case.id))]


def _people(db: Session, case: Case, ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {person for person in ids if person}
    query = select(Person.id, Person.name).where(Person.bureau_id == case.bureau_id, Person.id.in_(wanted))
    return {person_id: name for person_id, name in db.execute(query)} if wanted else {}


def _refs(given: Iterable[Given]) -> set[str]:
    """Every text of the answers that may be the ref of a person or organisation, in rows of lists too."""
    flat = (part for one in given for part in _parts(one.value))
    return {part for part in flat if isinstance(part, str) and 0 < len(part) <= 64}


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for one in value:
            yield from _parts(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _parts(one)
    else:
        yield value
