"""Gateways: whom they wait for, which way they go; blocks inside blocks and side branches inside them."""

from __future__ import annotations

import orjson
import pytest

from app.engine import Instance, dump

from .drawing import AT, ENDS, begin, diagram, do, draw, open_elements, saved, tasks

INCLUSIVE = '<inclusiveGateway id="G"/><inclusiveGateway id="J"/>'
BLOCK = "S > G\nG > A ? a\nG > B ? b\nG > C *\nA > J\nB > J\nC > J\nJ > D\nD > E"


@pytest.mark.parametrize(
    ("facts", "opened"),
    [({"a": True, "b": True}, ["A", "B"]), ({"b": True}, ["B"]), ({}, ["C"]), ({"a": False}, ["C"])],
)
def test_an_inclusive_split_takes_all_that_hold_or_the_default(facts: dict[str, object], opened: list[str]) -> None:
    instance = begin(diagram(draw(ENDS + INCLUSIVE + tasks(*"ABCD"), BLOCK)), **facts)
    assert open_elements(instance) == opened
    for element in opened:
        assert open_elements(instance) != ["D"]
        do(instance, element)
        instance = saved(instance)
    assert open_elements(instance) == ["D"]


def test_a_side_branch_of_an_inclusive_block_is_not_waited_for() -> None:
    event = '<boundaryEvent id="b" attachedToRef="A" cancelActivity="false"><timerEventDefinition><timeDate>2020-01-01'
    event += '</timeDate></timerEventDefinition></boundaryEvent><endEvent id="X"/>'
    body = ENDS + INCLUSIVE + tasks(*"ABCDR") + event
    instance = begin(diagram(draw(body, BLOCK + "\nb > R\nR > X")), a=True)
    assert open_elements(instance) == ["A", "R"]
    do(instance, "A")
    assert open_elements(saved(instance)) == ["D", "R"]


def test_an_inclusive_block_in_an_inclusive_block() -> None:
    inner = '<inclusiveGateway id="H"/><inclusiveGateway id="K"/>'
    flows = "S > G\nG > H ? x\nG > C *\nH > A ? x\nH > B *\nA > K\nB > K\nK > J\nC > J\nJ > E"
    instance = begin(diagram(draw(ENDS + INCLUSIVE + inner + tasks(*"ABC"), flows)), x=True)
    assert open_elements(instance) == ["A"]
    assert do(instance, "A").over


def test_an_exclusive_split_takes_the_first_that_holds() -> None:
    body = ENDS + '<exclusiveGateway id="G"/>' + tasks(*"ABC")
    drawn = diagram(draw(body, "S > G\nG > A ? n > 5\nG > B ? n > 2\nG > C *\nA > E\nB > E\nC > E"))
    assert [open_elements(begin(drawn, n=number)) for number in (9, 3, 1)] == [["A"], ["B"], ["C"]]


def test_a_parallel_join_takes_one_of_each_flow_a_round() -> None:
    """Tokens beyond one of the same flow wait for the next round, as BPMN says (13.4.1)."""
    body = ENDS + tasks(*"AMC") + "".join(f'<parallelGateway id="{id}"/>' for id in "PJ")
    event = '<boundaryEvent id="b" attachedToRef="M" cancelActivity="false"><messageEventDefinition messageRef="m"/>'
    body += (
        event + '</boundaryEvent><endEvent id="X"/><userTask id="N"/><parallelGateway id="K"/><parallelGateway id="Q"/>'
    )
    flows = "S > P\nP > A\nP > M\nM > X\nA > Q\nQ > J\nQ > K\nb > N\nN > J\nJ > C\nC > E\nK > E"
    instance = begin(diagram(draw(body, flows, head='<message id="m" name="m"/>')))
    for _ in range(2):
        instance.receive("m", {})
        instance.run(AT)
    for element in "NN":
        do(instance, element)
    assert open_elements(instance) == ["A", "M"]
    instance = saved(instance)
    do(instance, "A")
    assert open_elements(instance) == ["C", "M"]
    assert sum(row[1] == "J" for row in rows(instance)) == 1


def rows(instance: Instance) -> list[list[object]]:
    """The rows of the case's own scope."""
    return orjson.loads(dump(instance))["s"][0][2]


def test_gateways_are_visited_once_when_they_go_on() -> None:
    body = ENDS + tasks("A", "B") + '<parallelGateway id="G"/><parallelGateway id="J"/>'
    instance = diagram(draw(body, "S > G\nG > A\nG > B\nA > J\nB > J\nJ > E")).start({})
    visited = [*instance.run(AT).visited, *do(instance, "A").visited, *do(instance, "B").visited]
    assert visited == ["S", "G", "A", "B", "J", "E"]
