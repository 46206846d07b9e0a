"""Four eyes, one current release, nothing half loaded."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import deployment, journal
from app.cases import lifecycle
from app.cases.models import Case
from app.definitions import releases
from app.definitions.models import Blob, CurrentRelease, Proposal, Release
from app.deployment import proposing
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.builders import NOW, Office, small_pack
from tests.deployment.conftest import BETTER, CHECK, FORM, PATH, WRONG

LATER = NOW + timedelta(days=1)


def propose(office: Office, changes: dict[str, bytes | None], by: str = "owner", **more: str) -> deployment.Proposed:
    with office.database.transaction() as db:
        return deployment.propose(db, changes, by=office.actor(by), at=LATER, **more)


def approve(office: Office, ref: str, by: str = "owner2") -> Release:
    with office.database.transaction() as db:
        return deployment.approve(db, ref, by=office.actor(by), at=LATER)


def current(office: Office) -> int:
    with office.database.reading() as db:
        query = select(Release.number).join(CurrentRelease, CurrentRelease.release_id == Release.id)
        return db.scalars(query.where(CurrentRelease.bureau_id == office.bureau_id)).one()


def counted(office: Office) -> tuple[int, ...]:
    with office.database.reading() as db:
        return tuple(db.scalar(select(func.count()).select_from(one)) or 0 for one in (Release, Proposal, Blob))


def test_a_second_owner_makes_a_proposal_the_current_release(owners: Office) -> None:
    made = propose(owners, {PATH: BETTER}, note="改名")
    assert (made.state, made.number, made.note, made.changed, made.made_by) == (
        "waiting",
        None,
        "改名",
        [PATH],
        "owner",
    )
    assert current(owners) == 1
    release = approve(owners, made.ref)
    assert (release.number, current(owners)) == (2, 2)
    with owners.database.reading() as db:
        (seen,) = deployment.proposals(db, owners.actor("owner"))
        assert (seen.state, seen.number, seen.decided_by) == ("approved", 2, "owner2")
        assert releases.files_of(db, release.id) == small_pack() | {PATH: BETTER}
        kinds = [one.kind for one in db.scalars(select(journal.Entry).order_by(journal.Entry.id))]
    assert kinds[-3:] == ["release.proposed", "release.loaded", "release.approved"]


def test_running_cases_stay_on_their_release(owners: Office) -> None:
    with owners.database.transaction() as db:
        lifecycle.start(db, "loop", {"title": "一"}, by=owners.actor("sup1"), at=NOW)
    approve(owners, propose(owners, {PATH: BETTER}).ref)
    with owners.database.transaction() as db:
        lifecycle.start(db, "loop", {"title": "二"}, by=owners.actor("sup2"), at=LATER)
        query = select(Release.number).join(Case, Case.release_id == Release.id).order_by(Case.id)
        assert list(db.scalars(query)) == [1, 2]
        (loop,) = [one for one in deployment.definitions(db, owners.actor("owner")) if one.kind == "process"]
    assert (loop.version, dict(loop.running)) == (2, {1: 1, 2: 1})


def test_the_maker_cannot_approve_or_reject(owners: Office) -> None:
    made = propose(owners, {PATH: BETTER})
    with pytest.raises(NotAllowed) as refused:
        approve(owners, made.ref, by="owner")
    assert refused.value.clauses == ("permission",)
    with pytest.raises(NotAllowed), owners.database.transaction() as db:
        deployment.reject(db, made.ref, by=owners.actor("owner"), at=LATER, why="不")
    assert current(owners) == 1


@pytest.mark.parametrize("role", ["clerk", "head", "admin", "sup1"])
def test_only_owners_propose_and_decide(owners: Office, role: str) -> None:
    made, by = propose(owners, {PATH: BETTER}), owners.actor(role)
    with owners.database.transaction() as db:
        for asked in (
            lambda: deployment.propose(db, {PATH: BETTER}, by=by, at=LATER),
            lambda: deployment.approve(db, made.ref, by=by, at=LATER),
            lambda: deployment.reject(db, made.ref, by=by, at=LATER, why="x"),
            lambda: deployment.proposals(db, by),
            lambda: deployment.definitions(db, by),
            lambda: proposing.propose_release(db, 1, by=by, at=LATER),
        ):
            with pytest.raises(NotAllowed):
                asked()


def test_what_is_decided_is_not_decided_again(owners: Office) -> None:
    made = propose(owners, {PATH: BETTER})
    approve(owners, made.ref)
    with pytest.raises(Conflict, match="approved already"):
        approve(owners, made.ref)
    with pytest.raises(Conflict), owners.database.transaction() as db:
        deployment.reject(db, made.ref, by=owners.actor("owner2"), at=LATER, why="太迟")


def test_of_two_proposals_over_one_release_the_second_is_too_late(owners: Office) -> None:
    first, second = propose(owners, {PATH: BETTER}), propose(owners, {CHECK: FORM}, by="owner2")
    approve(owners, first.ref)
    with pytest.raises(Conflict, match="become current"):
        approve(owners, second.ref, by="owner")
    with owners.database.reading() as db:
        assert deployment.proposals(db, owners.actor("owner"))[0].overtaken
    assert current(owners) == 2


def test_errors_block_and_leave_nothing(owners: Office) -> None:
    before = counted(owners)
    with pytest.raises(Invalid) as refused:
        propose(owners, {PATH: WRONG, CHECK: b"[]"})
    files = {one.file for one in refused.value.findings}
    assert {PATH, CHECK} <= files and counted(owners) == before


def test_a_rejection_needs_a_reason_and_changes_nothing(owners: Office) -> None:
    made = propose(owners, {PATH: BETTER})
    with owners.database.transaction() as db:
        with pytest.raises(Invalid):
            deployment.reject(db, made.ref, by=owners.actor("owner2"), at=LATER, why="  ")
        deployment.reject(db, made.ref, by=owners.actor("owner2"), at=LATER, why="名称不规范")
    with owners.database.reading() as db:
        (seen,) = deployment.proposals(db, owners.actor("owner"))
    assert (seen.state, seen.why, current(owners)) == ("rejected", "名称不规范", 1)


def test_another_bureau_sees_nothing_of_it(owners: Office) -> None:
    made = propose(owners, {PATH: BETTER})
    foreign = replace(owners.actor("owner2"), bureau_id=owners.bureau_id + 10_000)
    with owners.database.transaction() as db:
        assert deployment.proposals(db, foreign) == []
        with pytest.raises(NotFound):
            deployment.approve(db, made.ref, by=foreign, at=LATER)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"../../etc/x.bpmn": BETTER}, "file.place"),
        ({"processes/../x.bpmn": BETTER}, "file.place"),
        ({"forms/loop/x.html": b"{}"}, "file.place"),
        ({"processes/other.bpmn": BETTER}, "file.name"),
        ({"processes/gone.bpmn": None}, "file.missing"),
        ({"pack.yaml": None}, "pack.missing"),
        ({"pack.yaml": b"id: other"}, "pack.other"),
        ({PATH: small_pack()[PATH]}, "pack.same"),
        ({"processes/new.bpmn": b"<!DOCTYPE x><x/>"}, "xml.doctype"),
    ],
)
def test_changes_that_no_release_can_take_in(owners: Office, changes: dict[str, bytes | None], rule: str) -> None:
    before = counted(owners)
    with pytest.raises(Invalid) as refused:
        propose(owners, changes)
    assert rule in {one.rule for one in refused.value.findings} and counted(owners) == before


def test_an_earlier_release_is_proposed_again_with_the_same_four_eyes(owners: Office) -> None:
    approve(owners, propose(owners, {PATH: BETTER}).ref)
    with owners.database.transaction() as db:
        by = owners.actor("owner2")
        with pytest.raises(Conflict):
            proposing.propose_release(db, 2, by=by, at=LATER)
        ref = proposing.propose_release(db, 1, by=by, at=LATER, note="退回")
        proposing.submit(db, ref, by=by, at=LATER)
    with pytest.raises(NotAllowed):
        approve(owners, ref, by="owner2")
    assert approve(owners, ref, by="owner").number == 1 and current(owners) == 1


def test_a_draft_is_its_makers_until_it_is_handed_on(owners: Office) -> None:
    owner, other = owners.actor("owner"), owners.actor("owner2")
    with owners.database.transaction() as db:
        ref = proposing.draft(db, proposing.check(db, {PATH: WRONG}, by=owner), by=owner, at=NOW)
    with owners.database.transaction() as db:
        with pytest.raises(Invalid):
            proposing.submit(db, ref, by=owner, at=NOW)
        for refused, kind in ((other, NotAllowed), (owner, Conflict)):
            with pytest.raises(kind):
                (proposing.put_away if refused is other else proposing.take_back)(db, ref, by=refused)
        with pytest.raises(Conflict):
            deployment.approve(db, ref, by=other, at=NOW)
        proposing.put_away(db, ref, by=owner)
    with owners.database.reading() as db:
        assert deployment.proposals(db, owner) == []
