"""What is wired together: operations by the names that diagrams use, who answers for cases, and the ways out.

Nothing enters itself here by being imported; a door that opens a database opens it with all of this.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.cases import extending, notices
from app.db import Database
from app.keyring import KeyRing
from app.limits import deadlines
from app.notify.subjects import Subjects
from app.operations import opinions, papers, publicity, registers
from app.operations.calling import Operation, Operations

OPERATIONS: Mapping[str, Operation] = {
    "author_standing": opinions.author_standing,
    "change_deadline": deadlines.change_deadline,
    "check_extension": extending.check_extension,
    "check_recusal": opinions.check_recusal,
    "conclude_publicity": publicity.conclude_publicity,
    "distribute_paper": papers.distribute_paper,
    "draft_paper": papers.draft_paper,
    "hand_over_opinion": opinions.hand_over_opinion,
    "issue_paper": papers.issue_paper,
    "merge_opinion": opinions.merge_opinion,
    "note": opinions.note,
    "number_opinion": opinions.number_opinion,
    "number_paper": papers.number_paper,
    "number_publicity": publicity.number_publicity,
    "record_measure": registers.record_measure,
    "record_objection": publicity.record_objection,
    "record_register": registers.record_register,
    "revise_paper": papers.revise_paper,
    "send_notice": opinions.send_notice,
}
"""What service tasks may call."""

PARTS = (Operations(OPERATIONS), Subjects(notices.subject_for))
"""What a database is opened with, for the turns and deliveries that run in it."""


def open_database(url: str, keys: KeyRing) -> Database:
    """The database with every part that runs in it."""
    return Database(url, keys, *PARTS)
