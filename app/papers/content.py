"""What a paper says, as a value: head, number, addressees, text and signature, kept as JSON with a version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple, get_args

from app.errors import Invalid, words
from app.papers.earlier import upgraded

VERSION = 2
"""The version in which papers are written today; 1 is the dictionary without a version of the first papers."""

Form = Literal["document", "letter", "notice", "personal", "sheet"]
FORMS: tuple[Form, ...] = get_args(Form)


class Paragraph(NamedTuple):
    """A paragraph, or a heading: level 1 is 一、, 2 is （一）, 3 is 1., and 0 the text (GB/T 9704-2012, 7.3.3)."""

    text: str
    level: int = 0


@dataclass(frozen=True)
class PaperContent:
    """Everything that a paper shows, and nothing of how it looks.

    `form`: document (文件 head), letter (函), notice (the issuer's plain head), personal (a citizen's own paper),
    sheet (paragraphs `label：text` as the rows of a table). `issuer`: the full name of the issuing organ, or of the
    person. `number`: None until the paper is numbered, with the year in 〔〕. `copies`: 抄送. `signer`: 签发人.
    `signed_on`: 成文日期. `sealed`: it bears the issuer's seal. `basis`: the clauses behind it, by id.
    `fields`: the values that a program reads off it, by name. `rows`: a table after the text, heads first.
    """

    form: Form
    issuer: str
    title: str
    number: str | None = None
    addressees: tuple[str, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    attachments: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    signer: str | None = None
    contact: str | None = None
    signed_on: date | None = None
    sealed: bool = False
    basis: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    title_en: str = ""
    version: int = VERSION

    def to_json(self) -> dict[str, Any]:
        """The content as it is kept; `from_json` gives the same back."""
        return {
            "version": self.version,
            "form": self.form,
            "code": self.code,
            "issuer": self.issuer,
            "title": self.title,
            "title_en": self.title_en,
            "number": self.number,
            "addressees": list(self.addressees),
            "paragraphs": [[one.text, one.level] for one in self.paragraphs],
            "rows": [list(row) for row in self.rows],
            "attachments": list(self.attachments),
            "copies": list(self.copies),
            "signer": self.signer,
            "contact": self.contact,
            "signed_on": self.signed_on.isoformat() if self.signed_on else None,
            "sealed": self.sealed,
            "basis": self.basis,
            "fields": dict(self.fields),
        }


def from_json(kept: Mapping[str, Any], *, number: str | None = None, code: str = "") -> PaperContent:
    """The content that was kept, whatever version it was written in; what was kept is never written anew.

    `number` and `code` are those of the paper's row, which the first papers did not repeat in their content.
    Raises Invalid where a version, a part or a kind of value is not known.
    """
    version = kept.get("version", 1)
    if version not in (1, VERSION):
        raise Invalid(words("This paper was written in version {version}, which is not known here.", version=version))
    given = upgraded(kept, number=number, code=code) if version == 1 else dict(kept)
    for name, kinds in _KINDS.items():
        if name not in given or not isinstance(given[name], kinds):
            raise Invalid(words('The part "{part}" of this paper is missing or of another kind.', part=name))
    return PaperContent(
        form=form_named(given["form"]),
        issuer=given["issuer"],
        title=given["title"],
        number=given["number"],
        addressees=tuple(map(str, given["addressees"])),
        paragraphs=tuple(_paragraph(one) for one in given["paragraphs"]),
        rows=tuple(tuple(map(str, row)) for row in given["rows"]),
        attachments=tuple(map(str, given["attachments"])),
        copies=tuple(map(str, given["copies"])),
        signer=given["signer"],
        contact=given["contact"],
        signed_on=_day(given["signed_on"]),
        sealed=given["sealed"],
        basis=given["basis"],
        fields=given["fields"],
        code=given["code"],
        title_en=given["title_en"],
    )


def form_named(name: str) -> Form:
    """The form of that name. Raises Invalid for any other."""
    if name not in FORMS:
        raise Invalid(words('A paper has no form "{form}".', form=name))
    return name


_NONE = type(None)
_KINDS: Mapping[str, tuple[type, ...]] = {
    "form": (str,),
    "code": (str,),
    "issuer": (str,),
    "title": (str,),
    "title_en": (str,),
    "number": (str, _NONE),
    "addressees": (list,),
    "paragraphs": (list,),
    "rows": (list,),
    "attachments": (list,),
    "copies": (list,),
    "signer": (str, _NONE),
    "contact": (str, _NONE),
    "signed_on": (str, _NONE),
    "sealed": (bool,),
    "basis": (str,),
    "fields": (dict,),
}


def _paragraph(kept: object) -> Paragraph:
    if isinstance(kept, list) and len(kept) == 2 and isinstance(kept[0], str) and kept[1] in (0, 1, 2, 3):
        return Paragraph(kept[0], kept[1])
    raise Invalid(words("A paragraph of this paper is not a text and its level from 0 to 3."))


def _day(kept: str | None) -> date | None:
    try:
        return date.fromisoformat(kept) if kept else None
    except ValueError:
        raise Invalid(words('"{value}" is not the date of a paper.', value=str(kept))) from None
