"""Operations of papers: drafted, numbered and distributed by the tasks of document_issue, or issued at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.errors import Invalid, words
from app.journal import Note
from app.operations.calling import Call, Effects
from app.operations.giving import stem_of
from app.operations.registers import enter_row
from app.papers import drafts
from app.papers.issue import issue
from app.papers.models import Paper
from app.papers.template import Draft
from app.people.directory import names_of


def draft_paper(call: Call) -> Effects:
    """Compose the paper `code` for `to` and keep it as a draft: `paper` is its ref."""
    return Effects({"paper": drafts.begin(call.db, _draft(call), at=call.at, functions=call.functions)})


def revise_paper(call: Call) -> Effects:
    """Keep what the clerk changed in the draft `paper` as its next version, by part: `text`, `copies` …"""
    given = {part: call.parameters.get(part) for part in ("text", "contact")}
    lists = {part: _lines(call.parameters.get(part)) for part in ("attachments", "copies")}
    ref = str(call.parameter("paper"))
    drafts.revise(
        call.db, ref, {**given, **lists}, at=call.at, by=call.by.id if call.by else None, functions=call.functions
    )
    return Effects()


def number_paper(call: Call) -> Effects:
    """Give the signed draft `paper` its number; who moves the case now has signed it (签发人)."""
    signer = call.by.name if call.by else None
    return Effects({"paper_no": drafts.number(call.db, str(call.parameter("paper")), at=call.at, signer=signer)})


def distribute_paper(call: Call) -> Effects:
    """Freeze the numbered draft `paper` as of today, its dispatch; every other parameter is a value of today."""
    ref = str(call.parameter("paper"))
    known = {name: value for name, value in call.parameters.items() if name not in ("paper", "code")}
    by = call.by.id if call.by else None
    return _out(call, drafts.distribute(call.db, ref, known, at=call.at, by=by, functions=call.functions))


def issue_paper(call: Call) -> Effects:
    """Number, freeze and journal a paper at once; gives `doc_16_no` and `doc_16_on` for code DOC-16.

    `from` says whose paper it is where that is not always the same.
    """
    draft = _draft(call)
    if call.by is not None and draft.template.get("from") != "author":
        draft = replace(draft, edits={"signer": call.by.name})
    by = call.by.id if call.by else None
    return _out(call, issue(call.db, draft, at=call.at, by=by, functions=call.functions))


def _enter_paper(call: Call, paper: Paper) -> None:
    entry = {"code": paper.code, "title": paper.title, "issued_on": paper.issued_at.date()}
    about = {"addressee": "、".join(paper.said.addressees), "opinion_no": call.facts.get("opinion_no")}
    enter_row(call, "documents", paper.number, entry | about)


def _out(call: Call, paper: Paper) -> Effects:
    _enter_paper(call, paper)
    stem = stem_of(paper.code)
    facts = {f"{stem}_no": paper.number, f"{stem}_on": call.at.date().isoformat()}
    note = Note("document.issued", call.element, {"code": paper.code, "number": paper.number, "sha256": paper.sha256})
    return Effects(facts, notes=(note,))


def _draft(call: Call) -> Draft:
    """What the paper is composed from: its template, and all that the case and its people have said."""
    code = str(call.parameter("code"))
    if code not in call.papers:
        raise Invalid(words('The paper "{code}" is not in this pack.', code=code))
    template = call.papers[code].template()
    if call.parameters.get("from"):
        template = {**template, "from": call.parameters["from"]}
    values = {**call.answers(), **call.facts, **call.parameters}
    named = names_of(call.db, call.bureau_id, _refs_in(values))
    values |= {f"{key}_name": named[value] for key, value in values.items() if _known(value, named)}
    values = _plain(values)
    agency = str(values.get("agency") or "") if template.get("from") == "agency" else ""
    return Draft(
        bureau_id=call.bureau_id,
        case_id=call.case_id,
        code=code,
        template=template,
        sender=_sender(call, template, values),
        addressee=_addressee(call, template, named),
        values=values,
        edits={},
        series=agency,
        mark=str(values.get("agency_name", "")) if agency else "",
    )


def _sender(call: Call, template: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    sender = template.get("from", "bureau")
    return call.bureau_name if sender == "bureau" else str(values.get(f"{sender}_name", ""))


def _addressee(call: Call, template: Mapping[str, Any], named: Mapping[str, str]) -> str:
    """Whom the paper is for; an agency's paper for nobody in particular is for the bureau that asked (D-19)."""
    to = call.parameters.get("to") or template.get("to")
    if to is None:
        return call.bureau_name if template.get("from") in ("agency", "author") else ""
    return call.bureau_name if to == "bureau" else named.get(str(to), str(to))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON keeps them; what it cannot keep no template can name."""
    kinds = (str, int, float, bool, list, dict, type(None))
    return {name: value for name, value in values.items() if isinstance(value, kinds)}


def _lines(value: object) -> list[str] | None:
    return [line.strip() for line in str(value).splitlines() if line.strip()] if value else None


def _refs_in(values: Mapping[str, Any]) -> set[str]:
    return {value for value in values.values() if isinstance(value, str) and 0 < len(value) <= 64}


def _known(value: object, named: Mapping[str, str]) -> bool:
    return isinstance(value, str) and value in named
