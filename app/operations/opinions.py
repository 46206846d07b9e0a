"""Operations of opinion handling: number, recusal facts, papers, notices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.errors import Conflict, Invalid, NotAllowed, words
from app.journal import Note
from app.operations.calling import Announcement, Call, Effects
from app.operations.giving import stem_of
from app.operations.registers import changed, enter_row, keep_row
from app.papers.issue import Draft, issue, next_number
from app.papers.models import Paper
from app.people.directory import names_of
from app.registers.patching import find
from app.registers.standing import is_in_office
from app.registers.ties import tie_of_person


def number_opinion(call: Call) -> Effects:
    """Give the opinion its number `YYYY-B-0001`, without gaps (domain.md 2.8), at submission.

    An opinion that another supervisor takes over keeps its number and is received anew, in that one's name.
    """
    number = call.facts.get("opinion_no") or _new_number(call)
    received = call.at.date().isoformat()
    keep_row(call, "opinions", number, {"author": call.facts.get("author"), "received_on": received})
    facts = {"opinion_no": number, "received_on": received, "received_at": call.at.isoformat()}
    return Effects(facts, number=number, notes=(changed("opinions", number),))


def _new_number(call: Call) -> str:
    year, regulation = call.at.year, call.facts["regulation"]
    sequence = next_number(call.db, call.bureau_id, f"opinion-{regulation}", year)
    return f"{year}-{regulation}-{sequence:04d}"


def hand_over_opinion(call: Call) -> Effects:
    """Put the opinion of one who must stand aside (W-13) to another supervisor in office: `to` becomes its author.

    Raises NotAllowed where that one is not in office (D-21).
    """
    author = str(call.parameter("to"))
    if not is_in_office(call.db, call.bureau_id, author, on=call.at.date()):
        text = words("Only a supervisor in office can take the opinion over.")
        raise NotAllowed(text, clauses=["D-21"], fields=["transfer_to"])
    return Effects({"author": author})


def merge_opinion(call: Call) -> Effects:
    """Enter that the opinion goes on with an earlier one, `into` by its number, and tell the author `author`.

    Raises Conflict where no other opinion has that number.
    """
    number, into = str(call.facts.get("opinion_no")), str(call.parameter("into")).strip()
    if into == number or not _is_registered(call, into):
        text = words("There is no other opinion with this number.")
        raise Conflict(text, clauses=["W-14b"], fields=["duplicate_of"])
    keep_row(call, "opinions", number, {"author": call.parameters.get("author"), "result": "merged", "into": into})
    told = Announcement("result", str(call.parameters.get("author") or ""), None, {"into": into})
    return Effects(notices=(told,), notes=(changed("opinions", number),))


def check_recusal(call: Call) -> Effects:
    """Facts for the recusal table: what was declared, and whether the interest register knows a tie (W-13-2)."""
    person = call.parameters.get("person") or call.facts.get("author")
    agency = call.parameters.get("agency") or call.facts.get("agency")
    found = tie_of_person(call.db, call.bureau_id, str(person), str(agency), on=call.at.date())
    declared = call.parameters.get("declaration") or call.facts.get("recusal_declaration") or "none"
    effect = call.settings.get("recusal_effect", "warn")
    return Effects({"recusal_declaration": declared, "interest_found": found is not None, "recusal_effect": effect})


def author_standing(call: Call) -> Effects:
    """Whether the author is in office today: `author_active` (D-21)."""
    author = str(call.facts.get("author"))
    return Effects({"author_active": is_in_office(call.db, call.bureau_id, author, on=call.at.date())})


def issue_paper(call: Call) -> Effects:
    """Number, freeze and journal a paper; gives `doc_16_no` and `doc_16_on` for code DOC-16.

    `from` says whose paper it is where that is not always the same.
    """
    code = str(call.parameter("code"))
    if code not in call.papers:
        raise Invalid(words('The paper "{code}" is not in this pack.', code=code))
    template = call.papers[code].template()
    if "from" in call.parameters:
        template = {**template, "from": call.parameters["from"]}
    values = {**call.answers(), **call.facts, **call.parameters}
    named = names_of(call.db, call.bureau_id, _refs_in(values))
    values |= {f"{key}_name": named[value] for key, value in values.items() if _known(value, named)}
    draft = Draft(
        bureau_id=call.bureau_id,
        case_id=call.case_id,
        code=code,
        template=template,
        sender=_sender(call, template, values),
        addressee=_addressee(call, template, named),
        values=values,
    )
    paper = issue(call.db, draft, at=call.at, by=call.by.id if call.by else None, functions=call.functions)
    _enter_paper(call, paper, draft.addressee)
    stem = stem_of(code)
    facts = {f"{stem}_no": paper.number, f"{stem}_on": call.at.date().isoformat()}
    note = Note("document.issued", call.element, {"code": code, "number": paper.number, "sha256": paper.sha256})
    return Effects(facts, notes=(note,))


def send_notice(call: Call) -> Effects:
    """Tell a person, an organisation's lane or a lane of the bureau of something (ids of domain.md 2.10)."""
    to = str(call.parameters.get("to") or "")
    lane = call.parameters.get("lane")
    data = {key: value for key, value in call.parameters.items() if key not in ("to", "lane", "about")}
    return Effects(notices=(Announcement(str(call.parameter("about")), to, lane, data),))


def note(call: Call) -> Effects:
    """Nothing but the facts that the diagram's parameters name."""
    return Effects(dict(call.parameters))


def _enter_paper(call: Call, paper: Paper, addressee: str) -> None:
    entry = {"code": paper.code, "title": paper.title, "issued_on": paper.issued_at.date()}
    about = {"addressee": addressee, "opinion_no": call.facts.get("opinion_no")}
    enter_row(call, "documents", paper.number, entry | about)


def _sender(call: Call, template: dict[str, Any], values: dict[str, Any]) -> str:
    sender = template.get("from", "bureau")
    return call.bureau_name if sender == "bureau" else str(values.get(f"{sender}_name", ""))


def _addressee(call: Call, template: dict[str, Any], named: Mapping[str, str]) -> str:
    """Whom the paper is for; an agency's paper for nobody in particular is for the bureau that asked (D-19)."""
    to = call.parameters.get("to")
    if to is None:
        return call.bureau_name if template.get("from") == "agency" else ""
    return named.get(str(to), str(to))


def _is_registered(call: Call, number: str) -> bool:
    found = find(call.db, call.bureau_id, "opinions", number)
    return found is not None and found.key == number


def _refs_in(values: dict[str, Any]) -> set[str]:
    return {value for value in values.values() if isinstance(value, str) and 0 < len(value) <= 64}


def _known(value: object, named: dict[str, str]) -> bool:
    return isinstance(value, str) and value in named
