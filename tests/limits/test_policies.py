"""Limits: a new value from now on with who and why; the law's least is refused with its clause; nonsense in words."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.cases.running import running_by_limit
from app.db import Database
from app.definitions import library
from app.definitions.pack import Pack
from app.definitions.releases import current_id, open_release
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.journal import Entry
from app.limits import policies
from app.limits.models import LimitChange
from app.people.models import Organisation
from tests.builders import NOW, Office, found_office
from tests.cases.sending import dues, send, sending_office
from tests.databases import counted
from tests.web.world import ROOT


@pytest.fixture(params=["beibei_2024", "wuhan_2021"])
def bureau(request: pytest.FixtureRequest, database: Database) -> Office:
    """An office that works by one of the two regulations."""
    return found_office(database, library.read_folder(ROOT, request.param))


@pytest.fixture
def beibei(database: Database) -> Office:
    return found_office(database, library.read_folder(ROOT, "beibei_2024"))


def set_limit(
    office: Office, policy: str, amount: str, why: str = "局长办公会议定", **more: str
) -> policies.LimitChanged:
    with office.database.transaction() as db:
        pack = pack_of(db, office)
        settings = db.scalars(select(Organisation.settings).where(Organisation.id == office.bureau_id)).one()
        now = settings.get("policies", {}).get(policy, pack.policies[policy].amount if policy in pack.policies else 0)
        who, before = more.get("who", "owner"), more.get("before", str(now))
        return policies.change(db, pack, policy, amount, why, before=before, by=office.actor(who), at=NOW)


def pack_of(db, office: Office) -> Pack:  # type: ignore[no-untyped-def]
    return open_release(db, current_id(db, office.bureau_id))


def amounts(office: Office) -> dict[str, int]:
    with office.database.reading() as db:
        settings = db.scalars(select(Organisation.settings).where(Organisation.id == office.bureau_id)).one()
        found = policies.limits(
            db, office.bureau_id, pack_of(db, office), settings, running=running_by_limit(db, office.bureau_id)
        )
        return {limit.policy.id: limit.amount for limit in found}


def test_a_new_value_is_kept_with_who_when_and_why(beibei: Office) -> None:
    set_limit(beibei, "P-05", "20")
    set_limit(beibei, "P-05", "１８", "恢复较短时限")
    assert amounts(beibei)["P-05"] == 18
    with beibei.database.reading() as db:
        history = policies.history(db, beibei.bureau_id, policy="P-05")
        journal = db.scalars(select(Entry).where(Entry.kind == "limit.changed").order_by(Entry.id)).all()
    assert [(one.before, one.amount, one.why, one.who, one.at) for one in history] == [
        (20, 18, "恢复较短时限", "owner", NOW),
        (15, 20, "局长办公会议定", "owner", NOW),
    ]
    assert [entry.data["amount"] for entry in journal] == [20, 18]


@pytest.mark.parametrize(
    ("policy", "amount", "said"),
    [
        ("P-05", "0", "at least 1"),
        ("P-05", "-3", "no whole number"),
        ("P-05", "1000000000", "no whole number"),
        ("P-05", "999999999", "More than 365"),
        ("P-05", "366", "More than 365"),
        ("P-05", "1.5", "no whole number"),
        ("P-05", "十五", "no whole number"),
        ("P-05", "", "no whole number"),
        ("P-05", "²", "already"),
        ("P-24", "61", "More than 60"),
        ("P-24", "x", "whole number of months"),
        ("P-08", "1", "nothing to set"),
        ("P-05", "15", "already"),
    ],
)
def test_what_cannot_be_a_limit_is_refused(beibei: Office, policy: str, amount: str, said: str) -> None:
    if amount == "²":  # written small it is still a two: NFKC reads it as one
        set_limit(beibei, policy, "2")
    with pytest.raises(Invalid) as refused:
        set_limit(beibei, policy, amount)
    assert said in str(refused.value)


def test_the_law_gives_the_least_and_its_clause(bureau: Office) -> None:
    with bureau.database.reading() as db:
        publicity = pack_of(db, bureau).policies["publicity"]
        law = set(pack_of(db, bureau).manifest.law)
    least, clause = {"W-7-2": (10, "W-7-2"), "B-7-2": (5, "B-7-2")}[publicity.basis]
    assert (publicity.amount, publicity.minimum, publicity.source) == (least, least, "law")
    with pytest.raises(Invalid) as refused:
        set_limit(bureau, "publicity", str(least - 1))
    assert refused.value.clauses == (clause,)
    assert set_limit(bureau, "publicity", str(least + 2)).amount == least + 2
    assert {"age_min", "age_max", "term", "absences"} <= law
    assert ("evaluation" in law) == (clause == "B-7-2"), "only Beibei's rules ask for an evaluation every year"


def test_a_reason_is_asked_for(beibei: Office) -> None:
    for why in ("", "   ", "因", "长" * 501):
        with pytest.raises(Invalid) as refused:
            set_limit(beibei, "P-05", "20", why)
        assert refused.value.fields == ("why",)


@pytest.mark.parametrize("who", ["clerk", "head", "admin", "sup1"])
def test_only_a_process_owner_changes_a_limit(beibei: Office, who: str) -> None:
    with pytest.raises(NotAllowed):
        set_limit(beibei, "P-05", "20", who=who)
    assert amounts(beibei)["P-05"] == 15


def test_who_has_not_seen_the_latest_value_is_told(beibei: Office) -> None:
    set_limit(beibei, "P-05", "20")
    with pytest.raises(Conflict, match="20"):
        set_limit(beibei, "P-05", "25", before="15")
    with pytest.raises(NotFound):
        set_limit(beibei, "P-99", "20")
    with beibei.database.reading() as db:
        assert len(db.scalars(select(LimitChange)).all()) == 1


def test_what_runs_keeps_its_value_and_is_counted(database: Database) -> None:
    office = sending_office(database)
    running = send(office)
    set_limit(office, "P-01", "4")
    assert dues(office, running) == ["2026-03-04", "2026-03-09"]
    assert dues(office, send(office)) == ["2026-03-06", "2026-03-09"]


def test_the_table_costs_few_statements(beibei: Office) -> None:
    with beibei.database.reading() as db:
        pack = pack_of(db, beibei)
        with counted(beibei.database) as seen:
            policies.limits(db, beibei.bureau_id, pack, {}, running=running_by_limit(db, beibei.bureau_id))
    assert len(seen) <= 3, seen
