"""Operations of opinion handling: number, recusal facts, papers, notices."""

from __future__ import annotations

from app.errors import Conflict, NotAllowed, words
from app.operations.calling import Announcement, Call, Effects
from app.operations.registers import changed, enter_row, keep_row
from app.papers.issue import next_number
from app.papers.models import Paper
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


def _is_registered(call: Call, number: str) -> bool:
    found = find(call.db, call.bureau_id, "opinions", number)
    return found is not None and found.key == number
