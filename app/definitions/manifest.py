"""pack.yaml as a type: lanes, statuses, limits, acts, papers and settings of one regulation, each key known."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr

from app.calendar import Unit

Text = Annotated[str, Field(min_length=1)]
Expressions = dict[str, str]
"""Texts by name; one that begins with `=` is FEEL."""


def _day(given: object) -> object:
    return date.fromisoformat(given) if isinstance(given, str) else given


def _spelled(given: object) -> object:
    return str(given) if isinstance(given, int) else given


def _listed(given: object) -> object:
    return (given,) if isinstance(given, str) else tuple(given) if isinstance(given, list) else given


Texts = Annotated[tuple[str, ...], BeforeValidator(lambda given: tuple(given) if isinstance(given, list) else given)]
Day = Annotated[date, BeforeValidator(_day)]
Names = Annotated[tuple[Text, ...], BeforeValidator(_listed), Field(min_length=1)]
"""One name, or a list of them."""


class Section(BaseModel):
    """A mapping of pack.yaml; what it does not know is refused, nothing is converted in silence."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Named(Section):
    """Something with its words in both languages."""

    name: Text = Field(alias="zh")
    name_en: Text = Field(alias="en")
    _id: str = PrivateAttr("")

    @property
    def id(self) -> str:
        """The key under which it stands."""
        return self._id


def _with_ids(rows: dict[str, Any]) -> dict[str, Any]:
    for key, row in rows.items():
        row._id = key
    return rows


IDS = AfterValidator(_with_ids)


class Status(Named):
    """A status that people read. `tone`: how pages colour it; `ends`: a case that has it is over."""

    tone: Literal["", "good", "late"] = ""
    ends: bool = False


class Policy(Named):
    """A limit with where it comes from: `law`, or `local_policy` ("本局内部时限，非法定期限")."""

    amount: Annotated[int, Field(ge=0)]
    unit: Unit
    roll: bool = False
    source: Literal["law", "local_policy"] = "local_policy"
    basis: str = ""
    minimum: Annotated[int, Field(ge=0)] | None = None
    """The least that a bureau may set; what the law asks at least stands in law.yaml and cannot be set lower here."""
    guards: str | None = None
    """The fact that holds a date which people give, and which must not lie before `minimum` from the date `since`."""
    since: str | None = None


class LegalValue(Named):
    """What the law itself fixes: shown beside the limits, changed by nobody."""

    value: Annotated[str, BeforeValidator(_spelled)]
    value_en: Annotated[str, BeforeValidator(_spelled)]
    basis: Text


class Act(Named):
    """Something a person may do to a case beyond its tasks: a message to it, or to the start of a linked case.

    `begins`: the process whose first form it fills in a linked case. `during`: offered while the person's organisation
    has an open task of this process that is not past its date. `does`: done by the system itself (`cases.clocks`).
    """

    on: Names
    """The processes to whose cases it can be done."""
    lane: Text
    """Whose people may do it; several separated by blanks."""
    begins: str | None = None
    during: str | None = Field(None, alias="while")
    does: Literal["stop", "resume"] | None = None
    written_form: str | None = Field(None, alias="form")
    when: str = ""
    running: str | None = None
    ended: str | None = None
    key: str = ""
    basis: str = ""
    payload: Expressions = {}

    @property
    def lanes(self) -> frozenset[str]:
        """The lanes whose people may do it."""
        return frozenset(self.lane.split())

    @property
    def process(self) -> str:
        """The folder of its form: a process, or what several share."""
        return (self.written_form or "").rpartition("/")[0] or self.begins or self.on[0]

    @property
    def form(self) -> str:
        """The key of its form."""
        return (self.written_form or self.id).rpartition("/")[2]


class Title(Section):
    """What a paper is called from a day on: a regulation may rename it."""

    valid_from: Day = Field(alias="from")
    title: Text


class PaperTemplate(Named):
    """A template of papers: its number, who issues and reads it, and its text with FEEL between double braces."""

    title: str | None = None
    titles: Annotated[tuple[Title, ...], BeforeValidator(_listed)] = ()
    number: Text
    series: str | None = None
    issuer: str = Field("bureau", alias="from")
    form: Literal["document", "letter", "notice", "personal", "sheet"] | None = None
    basis: str = ""
    readers: str = "bureau"
    fields: Expressions = {}
    body: Texts = ()
    to: str | None = None
    addressee: str | None = None
    copies: str | Texts | None = None
    attachments: str | Texts | None = None
    contact: str | bool | None = None
    editable: bool | str | Texts | None = None
    issue: bool | str | None = None
    """Whether it goes out by the tasks of issuing papers."""

    def template(self) -> dict[str, Any]:
        """The entry as it stands in pack.yaml: what issuing a paper is given, and freezes."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


class Confidential(Section):
    """Who must not learn a fact (`from`: roles), and the condition under which the rule holds."""

    hidden_from: Texts = Field(("agency",), alias="from")
    when: str | None = None


class FileKinds(Section):
    """Which kinds of files come in: `kinds` with every file field, `fields` with single ones, by their key."""

    kinds: Texts = ()
    fields: dict[str, Texts] = {}


class OutsideMessage(Section):
    """A message that a person may hand in from outside: of which lanes, its key, and its fields by kind."""

    lanes: str = ""
    key: str = ""
    fields: dict[str, Literal["text", "number", "boolean", "date"]] = {}


class Extension(Section):
    """What may be extended: the fact that keeps the deadline, and when the agency itself decides (FEEL)."""

    key: Text
    by_agency: Text


class Settings(Section):
    """How a regulation is read where it is silent (domain.md 0); a bureau may decide otherwise."""

    clock_stop: bool = True
    roll_to_workday: bool = True
    age_max_rule: Literal["birthday_inclusive", "whole_years"] | None = None
    term_rule: Literal["inclusive", "civil_code"] | None = None
    renewal_requires_publicity: bool | None = None
    recusal_effect: Literal["block", "warn"] | None = None

    def as_facts(self) -> dict[str, Any]:
        """The settings that the pack names, as expressions read them."""
        return self.model_dump(exclude_unset=True)


class Manifest(Section):
    """The whole of pack.yaml, with that of the packs it extends beneath it."""

    id: Text
    name: Text
    name_en: str = ""
    regulation: Text
    """`W` or `B`; decision tables test it."""
    extends: Texts = ()
    effective_from: Day
    """The first day on which cases may run under it (W-18, B-21)."""
    effective_basis: str = ""
    title: str = ""
    title_en: str = ""
    authority: str = ""
    authority_en: str = ""
    legal_basis: str = ""
    legal_basis_en: str = ""
    source: str = ""
    settings: Settings = Settings()
    lanes: Annotated[dict[str, Named], IDS] = {}
    statuses: Annotated[dict[str, Status], IDS] = {}
    policies: Annotated[dict[str, Policy], IDS] = {}
    law: Annotated[dict[str, LegalValue], IDS] = {}
    papers: Annotated[dict[str, PaperTemplate], IDS] = {}
    acts: Annotated[dict[str, Act], IDS] = {}
    confidential: dict[str, Confidential] = {}
    messages: dict[str, OutsideMessage] = {}
    files: FileKinds = FileKinds()
    extension: Extension | None = None
    author_learns: Texts = ()
    """The deadlines of whose change the author of an opinion is told."""
