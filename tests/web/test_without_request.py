"""Pages' values are made without a request: given the instant, the language, the person and what makes addresses."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from app.db import Session
from app.people.access import Actor, actor_of
from app.web.case import page as case_page
from app.web.frame import Bureau, bureau_of, frame_of
from app.web.inbox import page as inbox_page
from app.web.inbox.page import InboxQuery
from app.web.monitor import page as monitor_page
from app.web.monitor.filters import board_query
from app.web.studio import page as studio_page
from app.web.task import page as task_page
from app.web.texts import speaking
from tests.web import story
from tests.web.world import World


def address(endpoint: str, **values: str) -> str:
    """An address as a test can read it."""
    return f"{endpoint}?{urlencode(values)}"


@pytest.fixture(scope="module")
def case(shared: World) -> str:
    return story.play(shared, until="supervisor_response")


@pytest.fixture
def db(shared: World, case: str) -> Iterator[Session]:
    with shared.database.reading() as session:
        yield session


def reader(world: World, db: Session, who: str) -> tuple[Actor, Bureau]:
    by = actor_of(db, world.people[who])
    return by, bureau_of(db, by, world.clock.now(), address)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_inbox_is_a_list_in_the_language_that_is_given(shared: World, db: Session, language: str) -> None:
    by, bureau = reader(shared, db, "sup1")
    with speaking(language):
        found = inbox_page.inbox_list(db, by, bureau, InboxQuery("todo"))
    assert [row.task.ref for row in found.items] == story.tasks_of(shared, "sup1")
    assert found.items[0].step.isascii() == (language == "en")


def test_a_task_says_where_its_answers_go(shared: World, db: Session) -> None:
    by, bureau = reader(shared, db, "sup1")
    (ref,) = story.tasks_of(shared, "sup1")
    pane = task_page.task_pane(db, ref, by=by, bureau=bureau)
    assert pane.form is not None
    assert (pane.form.action, pane.form.draft) == (f"tasks.complete?ref={ref}", f"tasks.draft?ref={ref}")


def test_a_case_names_the_addresses_of_its_diagrams(shared: World, db: Session, case: str) -> None:
    by, bureau = reader(shared, db, "clerk")
    page = case_page.case_page(db, case, by=by, bureau=bureau)
    assert page.drawings[0].island["src"] == f"cases.diagram?ref={case}&process={page.drawings[0].process}"
    assert page.log


def test_a_board_leads_to_its_lists(shared: World, db: Session) -> None:
    by, bureau = reader(shared, db, "manager")
    board = monitor_page.board(db, by, bureau, board_query({}))
    assert [figure.address for figure in board.figures] == [
        "monitor.board?", "monitor.board?colour=week", "monitor.board?colour=red", "monitor.incidents?",
    ]  # fmt: skip
    assert not board.narrowed


def test_a_studio_leads_to_its_definitions(shared: World, db: Session) -> None:
    by, bureau = reader(shared, db, "owner")
    studio = studio_page.studio_of(db, by, bureau)
    rows = [row for group in studio_page.definition_groups(studio) for row in group.lines]
    assert "studio.process?process=opinion_beibei" in {row.address for row in rows}
    assert studio.release_file(1, "a.bpmn") == "studio.file?ref=1&file=a.bpmn"


def test_the_bar_names_the_bureau_and_its_sections(shared: World, db: Session) -> None:
    by, bureau = reader(shared, db, "owner")
    frame = frame_of(db, by, bureau)
    assert (frame.bureau, frame.works) == ("北碚区司法局", False)
    assert [section.key for section in frame.sections] == ["studio", "limits", "registers"]
