"""Versions rise where what a definition rests on changes, and only there; cases are counted by version."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import deployment
from app.cases import lifecycle
from app.db import Database
from app.definitions import releases
from app.deployment.shelf import shelf
from app.errors import NotFound
from tests.builders import NOW, Office, bpmn, choice, flow, form, found_office, small_pack, task
from tests.deployment.conftest import BETTER

LANES = "<bpmn:laneSet id='{0}_lanes'><bpmn:lane id='bureau_clerk' name='bureau_clerk'>{1}</bpmn:lane></bpmn:laneSet>"
INNER = "processes/inner.bpmn"
TABLE = "processes/pick.dmn"


def lane_of(process: str, *elements: str) -> str:
    refs = "".join(f"<bpmn:flowNodeRef>{one}</bpmn:flowNodeRef>" for one in elements)
    return LANES.format(process, refs)


def outer(called: str = "inner") -> bytes:
    return bpmn(
        "outer",
        lane_of("outer", "start", "pick", "call", "end")
        + "<bpmn:startEvent id='start'/>"
        + "<bpmn:businessRuleTask id='pick' name='pick' duban:nameEn='pick' duban:decision='pick'/>"
        + f"<bpmn:callActivity id='call' name='call' duban:nameEn='call' calledElement='{called}'/>"
        + "<bpmn:endEvent id='end'/>"
        + flow("start", "pick")
        + flow("pick", "call")
        + flow("call", "end"),
        attributes='duban:starts="bureau_clerk"',
    )


def inner(name: str = "work") -> bytes:
    work = task("work").replace('name="work"', f'name="{name}"', 1)
    body = "<bpmn:startEvent id='start'/>" + work + "<bpmn:endEvent id='end'/>"
    flows = flow("start", "work") + flow("work", "end")
    return bpmn("inner", lane_of("inner", "start", "work", "end") + body + flows)


def table(value: str = "1") -> bytes:
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:test">'
        '<decision id="pick" name="pick"><variable name="pick"/>'
        f"<literalExpression><text>{value}</text></literalExpression></decision></definitions>"
    ).encode()


def nested_pack() -> dict[str, bytes]:
    """The small pack, and beside it a process that calls another and asks a table."""
    more = {"processes/outer.bpmn": outer(), INNER: inner(), TABLE: table()}
    return small_pack() | more | {"forms/inner/work.form": form(choice("outcome", "a", "b"))}


@pytest.fixture
def nested(database: Database) -> Office:
    return found_office(database, nested_pack())


def loaded(office: Office, files: dict[str, bytes]) -> dict[str, int]:
    with office.database.transaction() as db:
        releases.load(db, office.bureau_id, nested_pack() | files, at=NOW + timedelta(days=1))
    return versions(office)


def versions(office: Office) -> dict[str, int]:
    with office.database.reading() as db:
        return {one.key: one.version for one in deployment.definitions(db, office.actor("owner"))}


FIRST = {"loop": 1, "outer": 1, "inner": 1, "pick": 1, "loop/write": 1, "loop/check": 1, "inner/work": 1}


@pytest.mark.parametrize(
    ("path", "data", "risen"),
    [
        (INNER, inner("工作"), {"inner", "outer"}),
        (TABLE, table("2"), {"pick", "outer"}),
        ("forms/inner/work.form", form(choice("outcome", "a", "c")), {"inner/work", "inner", "outer"}),
        ("processes/loop.bpmn", BETTER, {"loop"}),
        ("forms/loop/check.form", form(choice("outcome", "again", "done")), {"loop/check", "loop"}),
    ],
)
def test_a_version_rises_only_where_the_closure_changed(
    nested: Office, path: str, data: bytes, risen: set[str]
) -> None:
    assert versions(nested) == FIRST
    assert loaded(nested, {path: data}) == {key: 2 if key in risen else 1 for key in FIRST}


def test_an_earlier_release_has_its_earlier_versions_again(nested: Office) -> None:
    assert loaded(nested, {TABLE: table("2")})["outer"] == 2
    assert loaded(nested, {})["outer"] == 1
    with nested.database.reading() as db:
        found = shelf(db, by=nested.actor("owner"))
    assert [one.number for one in found.issues] == [1, 2] and found.current.number == 1
    assert [(one.number, one.releases) for one in found.versions("processes/outer.bpmn")] == [(1, (1,)), (2, (2,))]
    assert found.version_in("processes/outer.bpmn", 2) == 2


def test_open_cases_are_counted_by_the_version_that_they_began_with(nested: Office) -> None:
    clerk = nested.actor("clerk")
    with nested.database.transaction() as db:
        lifecycle.start(db, "outer", None, by=clerk, at=NOW)
    loaded(nested, {INNER: inner("工作")})
    with nested.database.transaction() as db:
        for _ in range(2):
            lifecycle.start(db, "outer", None, by=clerk, at=NOW + timedelta(days=2))
    with nested.database.reading() as db:
        found = {one.key: dict(one.running) for one in deployment.definitions(db, nested.actor("owner"))}
    assert found["outer"] == found["inner"] == {1: 1, 2: 2}
    assert (found["pick"], found["loop"]) == ({1: 3}, {})


def test_what_is_not_there_is_not_found(nested: Office) -> None:
    with nested.database.reading() as db:
        found = shelf(db, by=nested.actor("owner"))
    assert found.definition("process", "outer").file == "processes/outer.bpmn"
    for wrong in (lambda: found.definition("table", "outer"), lambda: found.issue(2)):
        with pytest.raises(NotFound):
            wrong()
