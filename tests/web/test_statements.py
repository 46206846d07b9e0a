"""How many SQL statements a request costs, whatever the length of lists and the age of a case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from app import jobs
from app.cases import inbox, lifecycle
from app.cases.lists import open_tasks
from app.cases.view import view
from app.db import Session
from app.journal import entries_of
from app.people.access import actor_of
from tests.databases import counted
from tests.web import story
from tests.web.world import World, small_world

INBOX, COMPLETION, OPERATION, ENTRY = 5, 12, 3, 2
LOOPS = 1_000


def operations_of(world: World, case: str, before: int) -> int:
    """Service tasks entered in the turns since then, by the journal's trace."""
    with world.database.reading() as db:
        seen = view(db, case, by=actor_of(db, world.people["clerk"]))
        kinds = {
            f"{process.id}/{step.element}": step.kind
            for process in seen.pack.diagram.processes.values()
            for step in process.steps.values()
        }
        visited = [place for entry in entries_of(db, seen.case.id)[before:] for place in entry.data.get("visited", ())]
    return sum(kinds[place] == "serviceTask" for place in visited)


def test_completing_a_task_is_cheap_all_through_s14(world: World) -> None:
    """Every step of S14: at most 12, 3 more for each operation, and 2 for each paper's entry with its history.

    Letters to other cases are delivered apart.
    """
    story.begin(world)
    costs = {}
    for moment, who, task, answers in story.S14:
        world.clock.move(story.at(moment))
        jobs.sweep(world.database, world.clock.now())
        (ref, *_), filled = story.tasks_of(world, who), story.answers_of(world, who, answers)
        page = world.as_(who).get(f"/tasks/{ref}").text
        case = re.findall(r'href="/cases/([\w-]+)"', page)[0]
        entries = journal_length(world, case)
        token = world.as_(who).token()
        with counted(world.database) as seen:
            sent = send(world, who, ref, filled, token)
        assert sent == 200, task
        turn = len(until_letters(seen))
        entered = ENTRY * sum(one.startswith("INSERT INTO register_documents") for one in seen)
        costs[task] = (turn, COMPLETION + OPERATION * operations_of(world, case, entries) + entered)
    assert {task: cost for task, cost in costs.items() if cost[0] > cost[1]} == {}


def until_letters(seen: list[str]) -> list[str]:
    """Without the delivery after the commit, whose turns are those of other cases."""
    at = next((number for number, one in enumerate(seen) if one.startswith("SELECT letter.id")), len(seen))
    return seen[:at]


def send(world: World, who: str, ref: str, answers: dict, token: str) -> int:
    headers = {"X-CSRFToken": token, "Accept": "application/json"}
    return world.as_(who).client.post(f"/tasks/{ref}/complete", json={"answers": answers}, headers=headers).status_code


def journal_length(world: World, case: str) -> int:
    with world.database.reading() as db:
        return len(view(db, case, by=actor_of(db, world.people["clerk"])).entries)


@pytest.mark.parametrize("length", [0, 1, 30])
def test_the_inbox_costs_the_same_whatever_its_length(world: World, length: int) -> None:
    for number in range(length):
        story.begin(world, title=f"关于检查程序的意见之{number}", agency="market")
    browser = world.as_("market_liaison")
    browser.get("/inbox/todo")
    with counted(world.database) as seen:
        page = browser.get("/inbox/todo").text
    assert page.count("queue-item") >= length
    assert len(seen) <= INBOX, seen


@pytest.fixture(scope="module")
def looped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    """A case of a tiny process that has gone round a thousand times."""
    folder = tmp_path_factory.mktemp("looped")
    world = small_world(folder)
    at = world.clock.now()
    with world.database.reading() as db:
        sup, clerk = actor_of(db, world.people["sup1"]), actor_of(db, world.people["clerk"])
    with world.database.transaction() as db:
        sent = lifecycle.start(db, "loop", {"title": "标题"}, by=sup, at=at)
    for number in range(LOOPS):
        round_ = at + timedelta(minutes=number)
        with world.database.transaction() as db:
            inbox.submit(db, ref_of(db, sent.case_id), {"outcome": "again"}, by=clerk, at=round_)
        with world.database.transaction() as db:
            inbox.submit(db, ref_of(db, sent.case_id), {"title": "标题"}, by=sup, at=round_)
    world.clock.move(at + timedelta(minutes=LOOPS))
    yield world, sent.case_ref
    world.database.close()


def ref_of(db: Session, case_id: int) -> str:
    return open_tasks(db, case_id)[0].ref


def test_a_thousand_loops_cost_no_statement_more(looped: tuple[World, str]) -> None:
    world, _case = looped
    world.as_("clerk").get("/inbox/todo")
    with counted(world.database) as listing:
        (ref,) = story.tasks_of(world, "clerk")
    token = world.as_("clerk").token()
    with counted(world.database) as sending:
        assert send(world, "clerk", ref, {"outcome": "again"}, token) == 200
    assert (len(listing) <= INBOX, len(sending) <= COMPLETION) == (True, True), sending


def test_the_page_of_an_old_case_opens(looped: tuple[World, str]) -> None:
    world, case = looped
    with counted(world.database) as seen:
        answer = world.as_("clerk").get(f"/cases/{case}")
    assert answer.status_code == 200
    assert len(seen) <= 20, seen


def test_signing_in_leaves_no_transaction_open(world: World) -> None:
    world.as_("clerk").get("/inbox/todo")
    assert world.database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_the_page_of_an_old_case_stays_short(looped: tuple[World, str]) -> None:
    world, case = looped
    page = world.as_("clerk").get(f"/cases/{case}").text
    assert page.count('class="ladder-done"') <= 31
    assert "earlier" not in page and "此前" in page
    assert len(page) < 400_000
