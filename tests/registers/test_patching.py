"""A row is patched: what is not named stays, what was there stays readable, and personal values stay closed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.errors import Invalid, NotFound
from app.people.directory import found_bureau
from app.registers import patching
from app.registers.catalogue import REGISTERS, register_named
from app.registers.changes import Change
from app.registers.kept.clues import Clue
from app.registers.kept.supervisors import Supervisor
from app.registers.standing import is_in_office
from tests.builders import NOW, Office
from tests.databases import counted

LATER = NOW + timedelta(days=1)


def patched(office: Office, register: str, key: str, at: Any = NOW, **fields: Any) -> Any:
    """Patch in a transaction of its own, as the clerk."""
    with office.database.transaction() as db:
        writing = patching.Writing(office.bureau_id, office.people["clerk"], at)
        return patching.patch(db, register, key, fields, writing)


def history(office: Office, register: str) -> list[tuple[Any, ...]]:
    with office.database.reading() as db:
        rows = db.scalars(select(Change).where(Change.register == register).order_by(Change.id))
        return [(row.row_key, row.field, row.old, row.new) for row in rows]


def test_what_a_patch_does_not_name_stays(office: Office) -> None:
    patched(office, "correction_orders", "责字1号", agency="bureau-market", opinion_no="2026-B-0001")
    row = patched(office, "correction_orders", "责字1号", LATER, status="rectified")
    assert (row.agency, row.opinion_no, row.status) == ("bureau-market", "2026-B-0001", "rectified")
    assert row.changed_at == LATER


def test_the_history_says_field_by_field_what_was_there_who_changed_it_and_when(office: Office) -> None:
    patched(office, "opinions", "2026-B-0001", author="sup1", received_on="2026-03-02")
    patched(office, "opinions", "2026-B-0001", LATER, author="sup2", received_on="2026-03-02")
    assert history(office, "opinions") == [
        ("2026-B-0001", "author", None, '"sup1"'),
        ("2026-B-0001", "received_on", None, '"2026-03-02"'),
        ("2026-B-0001", "author", '"sup1"', '"sup2"'),
    ]
    with office.database.reading() as db:
        last = db.scalars(select(Change).order_by(Change.id.desc()).limit(1)).one()
    assert (last.by_id, last.at, last.case_id) == (office.people["clerk"], LATER, None)


def test_a_field_is_emptied_only_where_it_is_named(office: Office) -> None:
    patched(office, "clues", "X-1", facts="一", reason="二")
    row = patched(office, "clues", "X-1", facts=None)
    assert (row.facts, row.reason) == (None, "二")


def test_personal_values_are_stored_encrypted_and_only_marked_in_the_history(office: Office) -> None:
    patched(office, "clues", "X-1", contact="13800138000")
    patched(office, "clues", "X-1", contact="13900139000")
    with office.database.reading() as db:
        row = db.scalars(select(Clue)).one()
        assert "13900139000" not in row.contact
        assert patching.opened(db, register_named("clues"), row, "contact") == "13900139000"
        changes = db.scalars(select(Change)).all()
    assert [(one.field, one.old, one.new, one.personal) for one in changes] == [("contact", None, None, True)] * 2


def test_the_same_values_again_change_nothing(office: Office) -> None:
    patched(office, "clues", "X-1", facts="一", contact="13800138000")
    before = history(office, "clues")
    row = patched(office, "clues", "X-1", LATER, facts="一", contact="13800138000")
    assert history(office, "clues") == before
    assert row.changed_at == NOW


@pytest.mark.parametrize(
    ("register", "fields", "field"),
    [
        ("opinions", {"colour": "red"}, "colour"),
        ("opinions", {"received_on": "soon"}, "received_on"),
        ("opinions", {"received_on": "0026-11-20"}, "received_on"),
        ("opinions", {"attitude": "5.5"}, "attitude"),
        ("opinions", {"attitude": True}, "attitude"),
        ("opinions", {"result": "vanished"}, "result"),
        ("opinions", {"title": "长" * 201}, "title"),
        ("opinions", {"title": "a\x00b"}, "title"),
        ("support", {"meal": "-1"}, "meal"),
        ("support", {"meal": "1.005"}, "meal"),
        ("attendance", {"countable": "perhaps"}, "countable"),
        ("objections", {"received_at": "yesterday"}, "received_at"),
    ],
)
def test_a_field_unknown_or_unfit_is_refused_by_register_and_field(
    office: Office, register: str, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        patched(office, register, "k", **fields)
    assert [(one.element, one.field) for one in refused.value.findings] == [(register, field)]
    assert history(office, register) == []


@pytest.mark.parametrize("key", ["", "x" * 101])
def test_a_row_needs_a_key_that_fits(office: Office, key: str) -> None:
    with pytest.raises(Invalid):
        patched(office, "opinions", key, author="sup1")


def test_there_is_no_register_of_that_name(office: Office) -> None:
    with pytest.raises(NotFound, match="homemade"):
        patched(office, "homemade", "k", colour="red")


def test_a_supervisor_is_called_by_person_and_the_term_in_force_is_meant(office: Office) -> None:
    start = date(2030, 1, 1)
    patched(office, "supervisors", "sup1 2030-01-01", person="sup1", status="candidate", term_start=start)
    row = patched(office, "supervisors", "sup1", status="suspended")
    assert (row.key, row.status) == ("sup1 2025-03-02", "suspended")
    patched(office, "supervisors", "sup1", status="dismissed")
    assert patched(office, "supervisors", "sup1", expertise="法律").key == "sup1 2030-01-01"


def test_a_person_may_have_several_terms_and_is_in_office_in_each(office: Office) -> None:
    second = {"person": "sup1", "status": "active", "term_start": "2028-03-02", "term_end": "2031-03-01"}
    patched(office, "supervisors", "sup1 2028-03-02", **second)
    with office.database.reading() as db:
        held = {day: is_in_office(db, office.bureau_id, "sup1", on=day) for day in DAYS}
        assert len(db.scalars(select(Supervisor).where(Supervisor.person == "sup1")).all()) == 2
    assert list(held.values()) == [False, True, True, True, True, False]


DAYS = tuple(
    date.fromisoformat(day)
    for day in ("2025-03-01", "2025-03-02", "2028-03-01", "2028-03-02", "2031-03-01", "2031-03-02")
)


def test_a_row_of_another_bureau_is_not_touched(office: Office) -> None:
    patched(office, "clues", "X-1", facts="本局")
    with office.database.transaction() as db:
        other = found_bureau(db, "other", "他局")
        patching.patch(db, "clues", "X-1", {"facts": "他局"}, patching.Writing(other, None, NOW))
    with office.database.reading() as db:
        assert {row.bureau_id: row.facts for row in db.scalars(select(Clue))} == {
            office.bureau_id: "本局",
            other: "他局",
        }


def test_a_patch_costs_three_statements_and_one_where_nothing_changes(office: Office) -> None:
    costs = []
    for facts in ("一", "二", "二"):
        with counted(office.database) as seen:
            patched(office, "clues", "X-1", facts=facts)
        costs.append(len(seen))
    assert costs[0] <= 3 and costs[1] <= 3 and costs[2] <= 1, costs


@pytest.mark.parametrize("name", REGISTERS)
def test_every_register_keeps_every_column_that_it_declares(office: Office, name: str) -> None:
    samples = {
        "text": "文字", "day": "2026-03-02", "instant": "2026-03-02T09:00:00+08:00", "number": 3, "amount": "12.50",
        "flag": True, "person": "sup1", "agency": "bureau-market", "several": ["甲", "乙"],
    }  # fmt: skip
    register = register_named(name)
    given = {
        key: next(iter(one.choices)) if one.kind == "choice" else samples[one.kind]
        for key, one in register.columns.items()
    }
    patched(office, name, "样 1", **given)
    with office.database.reading() as db:
        row = patching.find(db, office.bureau_id, name, "样 1")
        assert {key: patching.opened(db, register, row, key) for key in given} == patching.read_values(register, given)
