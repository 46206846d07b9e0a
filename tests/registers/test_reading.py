"""Every register × every role: which rows are listed, opened and followed in their history, and by nobody else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app.errors import Invalid, NotAllowed, NotFound
from app.journal import Entry
from app.people import directory
from app.people.access import CASE_LANES, Actor
from app.people.models import Organisation
from app.registers import patching, reading
from app.registers.catalogue import REGISTERS, register_named
from app.registers.changes import Change
from app.registers.register import Readers, Register
from tests.builders import NOW, Office, found_office
from tests.databases import counted, sqlite_database

INSIDE = ("clerk", "head", "leader", "meeting", "archivist", "manager")
LANES = {"leader": "bureau_leader", "meeting": "bureau_meeting", "archivist": "archivist", "manager": "manager"}
LANES |= {"auditor": "auditor", "applicant": "applicant"}
ROLES = (
    *INSIDE,
    "sup1",
    "sup2",
    "market_liaison",
    "urban_liaison",
    "owner",
    "admin",
    "auditor",
    "applicant",
    "stranger",
)
MINE, THEIRS = "of sup1 and the market agency", "of sup2 and the urban agency"
BOTH = {MINE, THEIRS}
EVERY = {
    "agencies": {*INSIDE, "sup1", "sup2", "owner", "admin"},
    "objections": {"clerk", "head", "leader"},
}
"""Who reads all rows, said apart from the declarations; of a register that is not named here, those inside."""
OWN = {
    "supervisors", "certificates", "interests", "opinions", "applications", "attendance", "inquiries", "evaluations",
    "insurance", "support",
}  # fmt: skip
ABOUT_AGENCY = {"agencies", "correction_orders", "measures"}


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office where every register has a row of sup1 and the market agency, and one of sup2 and the urban one."""
    database = sqlite_database(tmp_path_factory.mktemp("registers"))
    office = found_office(database)
    with database.transaction() as db:
        for ref, lane in LANES.items():
            office.people[ref] = directory.add_person(
                db, office.bureau_id, ref, ref=ref, posts=[(office.bureau_id, lane)]
            )
        other = directory.found_bureau(db, "other", "外区司法局")
        office.people["stranger"] = directory.add_person(
            db, other, "外", ref="stranger", posts=[(other, "bureau_clerk")]
        )
        for register in REGISTERS.values():
            enter_rows(db, office, register)
    return office


def enter_rows(db: Any, office: Office, register: Register) -> None:
    writing = patching.Writing(office.bureau_id, office.people["clerk"], NOW)
    if register.model is Organisation:
        for key in ("bureau-market", "bureau-urban"):
            patching.patch(db, register.name, key, {"phone": "023"}, writing)
        return
    for key, person, agency in ((MINE, "sup1", "bureau-market"), (THEIRS, "sup2", "bureau-urban")):
        kinds = {"person": person, "agency": agency}
        line = next(name for name, one in register.columns.items() if one.kind == "text" and not one.personal)
        values = {line: "x"} | {name: kinds[one.kind] for name, one in register.columns.items() if one.kind in kinds}
        values |= {name: "13800138000" for name, one in register.columns.items() if one.personal}
        values |= {name: internal_value(one.kind) for name, one in register.columns.items() if one.internal}
        patching.enter(db, register.name, key, values, writing)


def internal_value(kind: str) -> Any:
    return {"flag": True, "day": NOW.date(), "number": 1, "amount": 1, "instant": NOW}.get(kind)


def keys_read(db: Any, register: Register, actor: Actor) -> set[str]:
    """The rows of this test that are listed."""
    keys = set(db.scalars(reading.visible(register, actor).with_only_columns(register.model.key)))
    names = {"bureau-market": MINE, "bureau-urban": THEIRS}
    return {names.get(key, key) for key in keys} & BOTH


def expected(register: str, role: str) -> set[str]:
    """Which rows a role reads, by the requirements (domain.md 2.9)."""
    if role in EVERY.get(register, {*INSIDE}):
        return BOTH
    if register in OWN and role in ("sup1", "sup2"):
        return {MINE} if role == "sup1" else {THEIRS}
    if register in ABOUT_AGENCY and role.endswith("_liaison"):
        return {MINE} if role.startswith("market") else {THEIRS}
    return set()


def wrong(office: Office, register: Register) -> list[str]:
    """Roles that read other rows, or other rows' histories, than they should."""
    found = []
    with office.database.reading() as db:
        for role in ROLES:
            actor, right = office.actor(role), expected(register.name, role)
            history = {one.row_key for one in db.scalars(reading.visible_history(register, actor))}
            followed = {"bureau-market": MINE, "bureau-urban": THEIRS}
            told = {followed.get(key, key) for key in history} & BOTH
            if keys_read(db, register, actor) != right or told != (BOTH if role == "auditor" else right):
                found.append(role)
    return found


@pytest.mark.parametrize("name", REGISTERS)
def test_each_register_is_read_by_those_whom_the_requirements_name(staffed: Office, name: str) -> None:
    assert wrong(staffed, register_named(name)) == []


@pytest.mark.parametrize(
    ("name", "readers", "roles"),
    [
        ("clues", Readers(own=("author",)), ["sup1", "sup2"]),
        ("clues", Readers(agency=("agency",)), ["market_liaison", "urban_liaison"]),
        ("objections", Readers(lanes=CASE_LANES), ["meeting", "archivist", "manager"]),
        ("opinions", Readers(lanes=CASE_LANES | {"sys_admin"}, own=("author",)), ["admin"]),
        ("opinions", Readers(), ["sup1", "sup2"]),
    ],
)
def test_a_reader_that_is_added_or_taken_away_is_found(
    staffed: Office, name: str, readers: Readers, roles: list[str]
) -> None:
    assert wrong(staffed, replace(register_named(name), readers=readers)) == roles


def test_a_lane_of_an_agency_opens_nothing_of_the_bureau(staffed: Office) -> None:
    head = staffed.actor("head")
    posted = replace(head, posts=tuple(replace(post, organisation_id=-1) for post in head.posts))
    with staffed.database.reading() as db:
        assert keys_read(db, register_named("clues"), posted) == set()


@pytest.mark.parametrize("role", ROLES)
def test_the_index_names_the_registers_in_which_there_is_something_to_read(staffed: Office, role: str) -> None:
    with staffed.database.reading() as db, counted(staffed.database) as seen:
        found = [one.name for one in reading.readable(db, staffed.actor(role))]
    everywhere = role in ("auditor", "stranger")  # a clerk elsewhere reads all registers of that bureau
    assert found == [name for name in REGISTERS if everywhere or expected(name, role)]
    assert len(seen) <= 2, "one for the rights of the test's actor, one for the index"


def test_internal_columns_and_their_history_are_for_those_who_read_all_rows(staffed: Office) -> None:
    register = register_named("supervisors")
    assert "protected" in reading.columns_open(register, staffed.actor("clerk"))
    assert not {"protected", "age_exception"} & set(reading.columns_open(register, staffed.actor("sup1")))
    with staffed.database.reading() as db:
        told = {role: fields_told(db, register, staffed.actor(role)) for role in ("clerk", "sup1", "auditor")}
    assert ["protected" in told[role] for role in ("clerk", "sup1", "auditor")] == [True, False, True]


def fields_told(db: Any, register: Register, actor: Actor) -> set[str]:
    return {one.field for one in db.scalars(reading.visible_history(register, actor))}


@pytest.mark.parametrize(
    "name", [name for name, one in REGISTERS.items() if any(c.personal for c in one.columns.values())]
)
def test_no_personal_value_is_shown_and_the_history_has_none(staffed: Office, name: str) -> None:
    register = register_named(name)
    with staffed.database.reading() as db:
        row = db.scalars(of_key(register, staffed.actor("clerk"), MINE)).one()
        personal = [column for column in register.columns.values() if column.personal]
        assert {reading.shown(column, row) for column in personal} == {reading.MASK}
        kept = db.execute(select(Change.old, Change.new).where(Change.register == name, Change.personal)).all()
    assert set(kept) == {(None, None)}


def read_phone(
    office: Office, role: str, reason: str = "复核异议人身份", fields: tuple[str, ...] = ("objector_phone",)
) -> Any:
    register = register_named("objections")
    with office.database.transaction() as db:
        row = db.scalars(of_key(register, office.actor("clerk"), MINE)).one()
        need = reading.Need(reason, NOW)
        return reading.open_identity(db, register, row, list(fields), by=office.actor(role), need=need)


def of_key(register: Register, actor: Actor, key: str) -> Any:
    return reading.visible(register, actor).where(register.model.key == key)


def entries(office: Office) -> list[Entry]:
    with office.database.reading() as db:
        return list(db.scalars(select(Entry).where(Entry.kind == "identity.read").order_by(Entry.id)))


@pytest.mark.parametrize("role", ["clerk", "head", "leader"])
def test_personal_data_are_opened_on_need_and_the_journal_says_who_and_why(staffed: Office, role: str) -> None:
    before = len(entries(staffed))
    assert read_phone(staffed, role) == ["13800138000"]
    last = entries(staffed)[before:]
    assert [(one.actor_id, one.data) for one in last] == [
        (
            staffed.people[role],
            {"register": "objections", "row": MINE, "fields": ["objector_phone"], "reason": "复核异议人身份"},
        )
    ]


@pytest.mark.parametrize("role", [role for role in ROLES if role not in EVERY["objections"]])
def test_personal_data_are_open_to_nobody_else(staffed: Office, role: str) -> None:
    before = len(entries(staffed))
    with pytest.raises(NotAllowed):
        read_phone(staffed, role)
    assert len(entries(staffed)) == before


@pytest.mark.parametrize(
    ("reason", "fields", "refusal"),
    [
        ("  嗯  ", ("objector_phone",), Invalid),
        ("长" * 501, ("objector_phone",), Invalid),
        ("复核异议人身份", (), NotFound),
        ("复核异议人身份", ("outcome",), NotFound),
        ("复核异议人身份", ("nothing",), NotFound),
    ],
)
def test_without_a_reason_or_for_another_column_nothing_is_opened(
    staffed: Office, reason: str, fields: tuple[str, ...], refusal: type[Exception]
) -> None:
    before = len(entries(staffed))
    with pytest.raises(refusal):
        read_phone(staffed, "clerk", reason, fields)
    assert len(entries(staffed)) == before
