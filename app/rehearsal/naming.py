"""What a scenario calls its cases: the name of the step that started one, else its process and its turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.errors import Words, words

PERSON_FACTS = ("person", "supervisor", "applicant", "author")


class Unclear(Exception):
    """The scenario names something that is not there, or more than one thing: the file is wrong."""

    def __init__(self, text: Words) -> None:
        super().__init__(str(text))
        self.words = text


@dataclass(frozen=True)
class Known:
    """A case of the story; `named` is the `as` of the step that started it."""

    id: int
    ref: str
    process: str
    about: str | None
    named: str | None


@dataclass
class Cases:
    """The cases of the story in the order in which they started."""

    known: list[Known] = field(default_factory=list)

    def take_in(self, db: Session) -> None:
        """Add the cases that the story does not know yet."""
        last = self.known[-1].id if self.known else 0
        query = select(Case.id, Case.ref, Case.process, Case.facts).where(Case.id > last).order_by(Case.id)
        for row in db.execute(query):
            about = next((row.facts[fact] for fact in PERSON_FACTS if isinstance(row.facts.get(fact), str)), None)
            self.known.append(Known(row.id, row.ref, row.process, about, None))

    def call(self, number: int, named: str) -> None:
        """Give the case of that place in the order a name of its own. Raises Unclear where there is none."""
        if number >= len(self.known):
            raise Unclear(words('No case has started that could be called "{name}".', name=named))
        self.known[number] = replace(self.known[number], named=named)

    def find(self, name: str) -> Known:
        """The case of that name. Raises Unclear."""
        for called in (self._as_named, self._by_process, self._by_number, self._by_person):
            if case := next(called(name), None):
                return case
        raise Unclear(words('No case is called "{name}".', name=name))

    def is_one(self, name: object) -> bool:
        """Whether something is the name of a case."""
        if not isinstance(name, str):
            return False
        try:
            return bool(self.find(name))
        except Unclear:
            return False

    def name_of(self, case: Known) -> str:
        """What the scenario calls it."""
        if case.named:
            return case.named
        alike = [other for other in self.known if other.process == case.process]
        number = alike.index(case) + 1
        return case.process if number == 1 else f"{case.process}#{number}"

    def name_by_id(self, case_id: int) -> str:
        """The same for a row's case id."""
        return next((self.name_of(case) for case in self.known if case.id == case_id), f"case {case_id}")

    def _as_named(self, name: str) -> Iterator[Known]:
        return (case for case in reversed(self.known) if case.named == name)

    def _by_process(self, name: str) -> Iterator[Known]:
        """The first that no step has named, else the first."""
        alike = [case for case in self.known if case.process == name]
        return iter(sorted(alike, key=lambda case: case.named is not None))

    def _by_number(self, name: str) -> Iterator[Known]:
        process, sign, number = name.partition("#")
        alike = [case for case in self.known if case.process == process]
        within = sign and number.isdigit() and 1 <= int(number) <= len(alike)
        return iter([alike[int(number) - 1]] if within else [])

    def _by_person(self, name: str) -> Iterator[Known]:
        process, sign, person = name.partition("/")
        return (case for case in self.known if sign and case.process == process and case.about == person)
