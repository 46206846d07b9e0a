"""The facts that each operation gives the diagram, in one place: what the check of a pack takes for given."""

from __future__ import annotations

from collections.abc import Mapping

RESULTS: Mapping[str, tuple[str, ...]] = {
    "author_standing": ("author_active",),
    "change_deadline": (),
    "check_extension": ("opinion_no", "title", "agency", "old_due", "extension_of", "decided_by_agency"),
    "check_recusal": ("recusal_declaration", "interest_found", "recusal_effect"),
    "conclude_publicity": ("candidates", "publicity_closed"),
    "distribute_paper": ("{paper}_no", "{paper}_on"),
    "draft_paper": ("paper",),
    "hand_over_opinion": ("author",),
    "issue_paper": ("{paper}_no", "{paper}_on"),
    "merge_opinion": (),
    "note": ("={parameter}",),
    "number_opinion": ("opinion_no", "received_on", "received_at"),
    "number_paper": ("paper_no",),
    "number_publicity": ("publicity_id", "roll_to_workday"),
    "record_measure": (),
    "record_objection": ("objection_no",),
    "record_register": (),
    "revise_paper": (),
    "send_notice": (),
}
"""`{paper}`: the code of the paper, as `doc_16`; `={parameter}`: every parameter, with its own value."""


def gives(operation: str, parameters: Mapping[str, object]) -> frozenset[str]:
    """The names that an operation gives when the diagram calls it with these parameters."""
    paper = stem_of(str(parameters.get("code", "")))
    found: set[str] = set()
    for name in RESULTS.get(operation, ()):
        found |= {f"={one}" for one in parameters} if name == "={parameter}" else {name.replace("{paper}", paper)}
    return frozenset(found)


def stem_of(code: str) -> str:
    """How facts about a paper begin: `doc_16` for `DOC-16`."""
    return code.lower().replace("-", "_")
