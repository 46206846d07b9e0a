"""Several owners at once: of two approvals one wins and the other is told so in words."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import deployment
from app.definitions.models import Release
from app.errors import Conflict, Refusal
from tests.builders import NOW, Office
from tests.deployment.conftest import BETTER, CHECK, FORM, PATH

LATER = NOW + timedelta(days=1)


def at_once(*works: object) -> list[object]:
    """Every work in a thread of its own, begun together; what each gave or was refused with."""
    barrier, found = threading.Barrier(len(works)), [None] * len(works)

    def run(number: int, work: object) -> None:
        barrier.wait()
        try:
            found[number] = work()  # type: ignore[operator]
        except Refusal as refusal:
            found[number] = refusal

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


def proposed(office: Office, changes: dict[str, bytes | None], by: str) -> str:
    with office.database.transaction() as db:
        return deployment.propose(db, changes, by=office.actor(by), at=LATER).ref


def approval(office: Office, ref: str, by: str) -> object:
    def work() -> int:
        with office.database.transaction() as db:
            return deployment.approve(db, ref, by=office.actor(by), at=LATER).number

    return work


@pytest.mark.parametrize("same", [True, False], ids=["one proposal", "two over one release"])
def test_of_two_approvals_at_once_one_wins(owners: Office, same: bool) -> None:
    first = proposed(owners, {PATH: BETTER}, "owner")
    second = first if same else proposed(owners, {CHECK: FORM}, "owner2")
    found = at_once(approval(owners, first, "owner2"), approval(owners, second, "owner2" if same else "owner"))
    assert sorted(map(type, found), key=str) == sorted([int, Conflict], key=str)
    with owners.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Release)) == 2


def test_the_same_files_proposed_twice_at_once_are_kept_once(owners: Office) -> None:
    def work(by: str) -> object:
        return lambda: proposed(owners, {PATH: BETTER}, by)

    refs = at_once(work("owner"), work("owner2"))
    with owners.database.reading() as db:
        assert {one.ref for one in deployment.proposals(db, owners.actor("owner"))} == set(refs)
