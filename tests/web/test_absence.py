"""Nobody's absence stops a case (D-36); rights end with the post; duties that are kept apart."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, insert, select, update

from app.cases import absence
from app.cases.models import Case, Task
from app.db import Session
from app.errors import Conflict, Invalid, NotFound
from app.people import posts, tokens
from app.people.access import actor_of
from app.people.models import Account, Membership, Organisation
from app.people.tokens import Wish
from app.proof import replay, verify
from tests.web import story
from tests.web.world import World


def lock(db: Session, world: World, who: str) -> list[int]:
    """The person's account is locked as `duban user lock` does."""
    db.execute(update(Account).where(Account.username == who).values(active=False))
    return absence.leave(db, world.people[who], by=None, at=world.clock.now())


def task_of(db: Session, element: str) -> Task:
    task = db.scalar(select(Task).where(Task.element == element, Task.closed_at.is_(None)).order_by(Task.id.desc()))
    assert task is not None
    return task


def handling(world: World, who: str = "urban_handler") -> str:
    """A case whose handler has been named; the ref of the handler's task."""
    story.begin(world)
    story.finish(world, "urban_liaison", {"outcome": "accept"})
    story.finish(world, "urban_liaison", {"handler": who})
    with world.database.reading() as db:
        return task_of(db, "investigate_and_draft").ref


def second_handler(world: World) -> None:
    with world.database.transaction() as db:
        urban = db.scalar(select(Organisation.id).where(Organisation.ref == "urban"))
        for who in ("urban_leader", "transport_handler"):
            person = world.people[who]
            db.execute(insert(Membership).values(person_id=person, organisation_id=urban, lane="agency_handler"))


def test_a_held_task_returns_to_its_lane_when_the_account_is_locked(world: World) -> None:
    story.begin(world)
    (ref,) = story.tasks_of(world, "urban_liaison")
    world.as_("urban_liaison").post(f"/tasks/{ref}/claim")
    with world.database.transaction() as db:
        lock(db, world, "urban_liaison")
        task = task_of(db, "agency_sign")
        assert (task.holder_id, task.revision) == (None, 3)
        case = db.scalar(select(Case))
        assert case is not None
        assert list(verify.case_holds(db, case)) == []


def test_who_was_named_is_named_anew_and_the_diagram_knows(world: World) -> None:
    second_handler(world)
    ref = handling(world)
    with world.database.transaction() as db:
        assert len(lock(db, world, "urban_handler")) == 1
        assert absence.is_unmanned(db, task_of(db, "investigate_and_draft"))
    assert ref in story.tasks_of(world, "urban_liaison")
    page = world.as_("urban_liaison").get(f"/tasks/{ref}").text
    assert 'value="transport_handler"' in page and 'value="urban_handler"' not in page
    liaison = world.as_("urban_liaison")
    assert liaison.post(f"/tasks/{ref}/name", {"person": "urban_handler"}).status_code == 422
    assert world.as_("market_liaison").post(f"/tasks/{ref}/name", {"person": "urban_leader"}).status_code == 404
    assert world.as_("clerk").post(f"/tasks/{ref}/name", {"person": "urban_leader"}).status_code == 403
    assert liaison.post(f"/tasks/{ref}/name", {"person": "transport_handler"}).status_code == 303
    assert liaison.post(f"/tasks/{ref}/name", {"person": "urban_leader"}).status_code == 409
    assert ref in story.tasks_of(world, "transport_handler")
    story.finish(world, "transport_handler", story.ANSWER)
    story.finish(world, "urban_leader", {"outcome": "return", "comment": "请补充"})
    with world.database.reading() as db:
        assert task_of(db, "investigate_and_draft").holder_id == world.people["transport_handler"]
        case = db.scalar(select(Case))
        assert case is not None
        assert list(replay.replayed(db, case)) == []


def test_at_naming_nobody_absent_is_put_to_a_task(world: World) -> None:
    handling(world)
    story.finish(world, "urban_handler", story.ANSWER)
    with world.database.transaction() as db:
        lock(db, world, "urban_handler")
    story.finish(world, "urban_leader", {"outcome": "return", "comment": "请补充"})
    with world.database.reading() as db:
        task = task_of(db, "investigate_and_draft")
        assert task.named and task.holder_id is None and absence.is_unmanned(db, task)


def test_locked_people_are_not_offered(world: World) -> None:
    story.begin(world)
    story.finish(world, "urban_liaison", {"outcome": "accept"})
    (ref,) = story.tasks_of(world, "urban_liaison")
    assert '"urban_handler"' in world.as_("urban_liaison").get(f"/tasks/{ref}").text
    with world.database.transaction() as db:
        lock(db, world, "urban_handler")
    assert '"urban_handler"' not in world.as_("urban_liaison").get(f"/tasks/{ref}").text


@pytest.mark.parametrize(
    ("who", "status"), [("urban_liaison", 303), ("manager", 303), ("clerk", 403), ("market_leader", 404), ("head", 403)]
)
def test_the_head_and_a_manager_take_a_held_task_back(world: World, who: str, status: int) -> None:
    ref = handling(world)
    assert world.as_(who).post(f"/tasks/{ref}/take-back", {"reason": "休假"}).status_code == status
    with world.database.reading() as db:
        assert (task_of(db, "investigate_and_draft").holder_id is None) is (status == 303)


def test_taking_back_needs_a_reason_and_a_holder_and_is_journaled(world: World) -> None:
    ref = handling(world)
    manager = world.as_("manager")
    assert "收回" in manager.get(f"/tasks/{ref}").text
    assert manager.post(f"/tasks/{ref}/take-back", {"reason": " "}).status_code == 422
    assert manager.post(f"/tasks/{ref}/take-back", {"reason": "长期休假"}).status_code == 303
    assert manager.post(f"/tasks/{ref}/take-back", {"reason": "长期休假"}).status_code == 409
    with world.database.reading() as db:
        case = db.scalar(select(Case.ref))
    assert "收回“调查核实并拟复”：长期休假" in manager.get(f"/cases/{case}").text
    assert "您签收的任务已退回" in world.as_("urban_handler").get("/notices").text


def test_rights_end_with_the_post(world: World) -> None:
    ref = handling(world)
    with world.database.transaction() as db:
        case = db.scalar(select(Case.ref))
        places = {ref: key for ref, key in db.execute(select(Organisation.ref, Organisation.id))}
    assert world.as_("urban_handler").get(f"/cases/{case}").status_code == 200
    person = world.people["urban_handler"]
    with world.database.transaction() as db:
        posts.take(db, person, (places["urban"], "agency_handler"))
        absence.leave(db, person, by=None, at=world.clock.now(), post=(places["urban"], "agency_handler"))
        posts.give(db, person, [(places["market"], "agency_handler")])
    moved = world.as_("urban_handler")
    assert moved.get(f"/cases/{case}").status_code == moved.get(f"/tasks/{ref}").status_code == 404
    assert case not in moved.get("/cases").text
    assert world.as_("urban_liaison").get(f"/cases/{case}").status_code == 200


def test_an_author_keeps_their_own_opinion_after_the_post(world: World) -> None:
    case = story.begin(world)
    with world.database.transaction() as db:
        db.execute(delete(Membership).where(Membership.person_id == world.people["sup1"]))
        db.execute(
            insert(Membership).values(person_id=world.people["sup1"], organisation_id=world.bureau_id, lane="public")
        )
    assert world.as_("sup1").get(f"/cases/{case}").status_code == 200


def test_tokens_end_with_the_account(world: World) -> None:
    with world.database.transaction() as db:
        at = world.clock.now()
        _, secret = tokens.make(db, Wish("a", 9, False), by=actor_of(db, world.people["clerk"]), at=at)
        assert tokens.bearer(db, secret, at=at) is not None
        tokens.end_all(db, world.people["clerk"], at=at)
        assert tokens.bearer(db, secret, at=at) is None


def test_posts_that_there_are_not_and_duties_kept_apart(world: World) -> None:
    with world.database.transaction() as db:
        bureau, clerk = world.bureau_id, world.people["clerk"]
        for wrong in ("bureau_clrek", "agency_liaison@mars", "agency_liaison", "bureau_clerk@urban"):
            with pytest.raises(Invalid):
                posts.read_post(db, bureau, wrong)
        for lanes in (("sys_admin", "auditor"), ("process_owner", "bureau_leader"), ("manager", "sys_admin")):
            with pytest.raises(Invalid):
                posts.refuse_united(lanes)
        posts.refuse_united(("manager", "bureau_leader", "bureau_clerk"))
        with pytest.raises(Conflict):
            posts.give(db, clerk, [(bureau, "bureau_clerk")])
        with pytest.raises(NotFound):
            posts.take(db, clerk, (bureau, "auditor"))
