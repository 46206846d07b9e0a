"""Lines of the law list: a clause, what it demands in both languages, and one verb that a program can prove.

`processes/<pack>/law.yaml` stands in the code beside the pack, not in a release: a bureau can change neither a line
nor a number of it, whatever is uploaded, drawn or sent.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from app.calendar import Unit
from app.definitions.manifest import Named, Names, Section, Text
from app.definitions.marked import documents
from app.errors import Finding, Invalid, words

ROOT = Path(__file__).resolve().parents[3]
FILE = "law.yaml"
Facts = dict[str, Any]


class OnEveryPath(Section):
    """From the start of `process` to each of its ends, one of `steps` is completed; `unless`: ends that need it not.

    `inside`: the sub-process whose start and ends are meant. A step is an element's id, `paper:DOC-20` (whatever issues
    that paper), `call:key`, `decision:key` or `operation:name`.
    """

    process: Text
    inside: str | None = None
    steps: Names
    unless: Names | None = None


class Before(Section):
    """None of `later` is reached in `process` unless one of `steps` has been completed."""

    process: Text
    steps: Names
    later: Names


class RequiredWhen(Section):
    """A form asks for a field wherever `answers` and `facts` stand so; `length`: its fewest characters."""

    form: Text
    field: Text
    answers: Facts = {}
    facts: Facts = {}
    length: Annotated[int, Field(ge=1)] | None = None
    signature: bool = False


class AtLeast(Section):
    """A limit of the policy table is no shorter than the law's; `element`: the step that counts by it."""

    policy: Text
    amount: int
    unit: Unit


class Apart(Section):
    """A step is not done by whoever did one of the others."""

    process: Text
    step: Text
    others: Names


class DoneBy(Section):
    """A step stands in one of these lanes."""

    process: Text
    step: Text
    lanes: Names


class Hidden(Section):
    """Who has written or reported it is not shown to a role, wherever `facts` stand so."""

    fact: Text
    role: Text
    facts: Facts = {}


class Refuses(Section):
    """A form refuses these answers at a field, wherever `facts` stand so."""

    form: Text
    field: Text
    answers: Facts
    facts: Facts = {}


class FieldHidden(Section):
    """Answers of a field are not read by a role."""

    form: Text
    field: Text
    role: Text


class Readers(Section):
    """Who reads a paper: each of `readers`, and none of `never`."""

    paper: Text
    readers: Names
    never: Names | None = None


class Prints(Section):
    """A paper prints each of these wordings, or the value of each of these facts (`{reason}`)."""

    paper: Text
    parts: Names


class Setting(Section):
    """A setting of the pack has one of these values."""

    name: Text
    values: Names


class Decides(Section):
    """A decision answers `value` to facts that stand so (`contains`: the value is among its answers)."""

    decision: Text
    given: Facts
    value: Any = None
    contains: Any = None


class Routes(Section):
    """A gateway lets a case on to `step` where facts stand so."""

    process: Text
    gateway: Text
    facts: Facts
    step: Text


class InForce(Section):
    """Cases cannot be dated before the day on which the regulation came into force."""

    day: date


class NoAct(Section):
    """An act is offered only where its condition says so: not where `facts` stand so."""

    act: Text
    facts: Facts


VERBS = (
    "on_every_path", "before", "required_when", "refuses", "at_least", "apart", "done_by", "hidden", "field_hidden",
    "readers", "prints", "setting", "decides", "routes", "in_force", "no_act", "awaits",
)  # fmt: skip


class Line(Named):
    """One line of the list; exactly one verb. `awaits`: a process that the clause needs and that does not exist yet."""

    clause: Text
    on_every_path: OnEveryPath | None = None
    before: Before | None = None
    required_when: RequiredWhen | None = None
    at_least: AtLeast | None = None
    apart: Apart | None = None
    done_by: DoneBy | None = None
    hidden: Hidden | None = None
    refuses: Refuses | None = None
    field_hidden: FieldHidden | None = None
    readers: Readers | None = None
    prints: Prints | None = None
    setting: Setting | None = None
    decides: Decides | None = None
    routes: Routes | None = None
    in_force: InForce | None = None
    no_act: NoAct | None = None
    awaits: str | None = None

    @model_validator(mode="after")
    def _one_verb(self) -> Line:
        if len(self.verbs) != 1:
            raise ValueError(f"{self.clause}: a line has exactly one verb")
        return self

    @property
    def verbs(self) -> list[str]:
        """The verbs that stand in the line."""
        return [verb for verb in VERBS if getattr(self, verb) is not None]

    @property
    def demand(self) -> Any:
        """What the verb is given."""
        return getattr(self, self.verbs[0])


class LawList(Section):
    """The law list of one regulation; `text` quotes the clauses that its lines come from."""

    regulation: Text
    source: Text
    text: dict[str, str]
    shared: dict[str, Any] = {}
    """Anchors of facts that several lines begin with."""
    lines: Annotated[tuple[Line, ...], BeforeValidator(tuple)]

    @model_validator(mode="after")
    def _clauses_are_quoted(self) -> LawList:
        unquoted = sorted({line.clause for line in self.lines} - self.text.keys())
        if unquoted:
            raise ValueError(f"no text is quoted for {', '.join(unquoted)}")
        return self


NONE = LawList(regulation="-", source="-", text={}, lines=())


@lru_cache(maxsize=16)
def law_of(pack_id: str, root: Path = ROOT) -> LawList:
    """The law list beside a pack of the code; an empty one where there is none. Raises Invalid for a wrong file."""
    path = root / "processes" / pack_id / FILE
    if not path.is_file():
        return NONE
    name = f"processes/{pack_id}/{FILE}"
    (source,) = documents(path.read_bytes(), name, rule="law.file")
    try:
        return LawList.model_validate(dict(source))
    except ValidationError as error:
        causes = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        found = [Finding(words("This cannot be used: {cause}", cause=one), "law.file", file=name) for one in causes]
        raise Invalid(words("The file {file} cannot be read.", file=name), found) from None
