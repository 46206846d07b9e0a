"""Operations of opinion handling that change who and which: numbers, handing over, merging, addressees."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assembly import OPERATIONS
from app.cases import lifecycle
from app.cases.models import Case
from app.definitions.manifest import PaperTemplate
from app.errors import Conflict, NotAllowed
from app.operations.calling import Call, Effects, Operations
from app.papers.models import Paper
from app.registers.kept.opinions import Opinion
from tests.builders import NOW, Office

REPLY = {
    "zh": "反馈函",
    "en": "reply",
    "number": "〔{year}〕{seq}号",
    "series": "x",
    "from": "agency",
    "body": ["{{ result }}"],
}

PAPERS = {
    code: PaperTemplate.model_validate({**REPLY, "from": whose})
    for code, whose in (("DOC-16", "agency"), ("DOC-20", "bureau"))
}


@pytest.fixture(autouse=True)
def case(office: Office) -> None:
    """A case that the operations may belong to."""
    with office.database.transaction() as db:
        lifecycle.start(db, "loop", {"title": "标题"}, by=office.actor("sup1"), at=NOW)


def done(db: Session, office: Office, name: str, facts: dict[str, Any], **parameters: Any) -> Effects:
    """Run an operation, as a step of a case of that name would."""
    call = Call(
        db=db,
        bureau_id=office.bureau_id,
        bureau_name="司法局",
        case_id=db.scalars(select(Case.id)).one(),
        case_ref="case",
        element=name,
        at=NOW,
        by=None,
        facts={"regulation": "W", **facts},
        parameters=parameters,
        papers=PAPERS,
        settings={},
        functions={},
        answers=dict,
    )
    return Operations(OPERATIONS).run(name, call)


def test_an_opinion_taken_over_keeps_its_number_and_leaves_no_gap(office: Office) -> None:
    with office.database.transaction() as db:
        first = done(db, office, "number_opinion", {"author": "sup1"})
        again = done(db, office, "number_opinion", {"author": "sup2", "opinion_no": first.number})
        other = done(db, office, "number_opinion", {"author": "sup2"})
        row = db.scalars(select(Opinion).where(Opinion.key == first.number)).one()
    assert [effects.number for effects in (first, again, other)] == ["2026-W-0001", "2026-W-0001", "2026-W-0002"]
    assert row.author == "sup2"


def test_only_a_supervisor_in_office_takes_an_opinion_over(office: Office) -> None:
    with office.database.transaction() as db:
        assert done(db, office, "hand_over_opinion", {"author": "sup1"}, to="sup2").facts == {"author": "sup2"}
        with pytest.raises(NotAllowed) as refused:
            done(db, office, "hand_over_opinion", {"author": "sup1"}, to="clerk")
    assert (refused.value.clauses, refused.value.fields) == (("D-21",), ("transfer_to",))


def test_an_opinion_is_merged_into_another_registered_one_only(office: Office) -> None:
    with office.database.transaction() as db:
        earlier, later = (str(done(db, office, "number_opinion", {"author": one}).number) for one in ("sup1", "sup2"))
        for into in (later, "2020-W-0009"):
            with pytest.raises(Conflict) as refused:
                done(db, office, "merge_opinion", {"opinion_no": later}, into=into, author="sup2")
            assert refused.value.fields == ("duplicate_of",)
        merged = done(db, office, "merge_opinion", {"opinion_no": later}, into=f" {earlier} ", author="sup2")
        row = db.scalars(select(Opinion).where(Opinion.key == later)).one()
    assert [(told.about, told.to) for told in merged.notices] == [("result", "sup2")]
    assert (row.author, row.result, row.into, row.received_on) == ("sup2", "merged", earlier, NOW.date())


@pytest.mark.parametrize(
    ("code", "to", "addressee"),
    [("DOC-16", None, "司法局"), ("DOC-16", "sup1", "sup1"), ("DOC-20", None, ""), ("DOC-20", "监察机关", "监察机关")],
)
def test_an_agencys_paper_for_nobody_in_particular_is_for_the_bureau(
    office: Office, code: str, to: str | None, addressee: str
) -> None:
    with office.database.transaction() as db:
        facts = {"result": "已整改", "agency": "market_liaison"}
        known = done(db, office, "issue_paper", facts, code=code, to=to)
        paper = db.scalars(select(Paper)).one()
    assert "".join(paper.said.addressees) == addressee
    assert known.facts[f"{code.lower().replace('-', '_')}_no"] == paper.number
