"""What is stored: no larger for a long life, read back as it was, of a known version, for a diagram that has it all."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from app.engine import Instance, dump, load, state
from app.engine.specs import Element
from app.engine.spiff import Token
from app.errors import Invalid

from .drawing import AT, ENDS, begin, diagram, do, draw, open_elements, saved, tasks
from .test_boundary import CALLED, HEAD, nested
from .test_many import each
from .test_standing import standing

LOOP = ENDS + tasks("A", "B") + '<exclusiveGateway id="G"/>'
LOOP_FLOWS = "S > A\nA > G\nG > A ? again\nG > B *\nB > E"
GOLDEN = Path(__file__).parent / "golden"


def split_loop() -> Instance:
    """A loop around two branches."""
    gateways = "".join(
        f'<{kind}Gateway id="{id}"/>' for kind, id in (("parallel", "P"), ("parallel", "J"), ("exclusive", "G"))
    )
    flows = "S > M\nM > P\nP > A\nP > B\nA > J\nB > J\nJ > G\nG > M ? again\nG > E *"
    return begin(diagram(draw(ENDS + tasks("A", "B") + gateways + '<exclusiveGateway id="M"/>', flows)))


def cost(instance: Instance, rounds: int, monkeypatch: pytest.MonkeyPatch, *elements: str) -> tuple[int, int, int]:
    """Bytes of the state after so many rounds; tokens made and elements entered in the last one."""
    counts = {"tokens": 0, "updates": 0}

    def counted(name: str, call):
        def counting(*arguments, **named):
            counts[name] += 1
            return call(*arguments, **named)

        return counting

    for number in range(rounds):
        if number == rounds - 1:
            monkeypatch.setattr(Token, "__init__", counted("tokens", Token.__init__))
            monkeypatch.setattr(Element, "_update", counted("updates", Element._update))
        for element in elements:
            instance = saved(instance)
            do(instance, element, again=True)
    monkeypatch.undo()
    return len(dump(instance)), counts["tokens"], counts["updates"]


def test_a_thousand_rounds_cost_what_ten_do(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = diagram(draw(LOOP, LOOP_FLOWS))
    costs = {rounds: cost(begin(drawn), rounds, monkeypatch, "A") for rounds in (10, 100, 1000)}
    assert costs[10] == costs[100] == costs[1000]
    assert costs[10][0] < 250


def test_so_do_a_hundred_rounds_of_branches(monkeypatch: pytest.MonkeyPatch) -> None:
    costs = {rounds: cost(split_loop(), rounds, monkeypatch, "A", "B") for rounds in (3, 100)}
    assert costs[3] == costs[100]


def test_memory_does_not_grow_without_storage_either() -> None:
    instance = split_loop()
    for _ in range(50):
        for element in "AB":
            do(instance, element, again=True)
    assert len(instance.case.tasks) == len(split_loop().case.tasks)


def test_variables_of_a_called_process_are_not_compared_with_the_callers() -> None:
    passed = '<extensionElements><duban:in name="x" value="=x"/></extensionElements>'
    call = f'<callActivity id="C" calledElement="q">{passed}</callActivity>'
    body = ENDS + tasks("A") + call + '<parallelGateway id="G"/><parallelGateway id="J"/>'
    drawn = diagram(draw(body, "S > G\nG > A\nG > C\nA > J\nC > J\nJ > E"), CALLED)
    instance = drawn.start({"x": 1}, "p")
    instance.run(AT)
    rows = [row for _, _, rows in orjson.loads(dump(instance))["s"] for row in rows]
    assert sorted((row[1], row[5:]) for row in rows) == [("A", []), ("C", []), ("K", [])]


def golden_instance() -> Instance:
    """A case with everything at rest: scopes in scopes, side branches, timers, keys, marks, pending facts."""
    instance = diagram(nested(), CALLED).start({"title": "督办", "n": [1, {"a": None}]}, "p")
    instance.run(AT)
    instance.receive("go", {"word": "go"})
    instance.run(AT)
    instance.amend({"n": 2})
    instance.complete(next(work.id for work in instance.work() if work.element == "K"), {"k": 1.5})
    return instance


def test_a_case_stored_by_version_1_goes_on() -> None:
    stored = (GOLDEN / "v1.json").read_bytes().strip()
    assert dump(golden_instance()) == stored
    instance = load(stored, golden_instance().diagram)
    assert open_elements(instance) == ["D", "D2", "side"]
    changes = instance.run(AT)
    assert changes.facts == {"n": 2, "k": 1.5}
    for element in ("D2", "side", "D"):
        do(instance, element)
    assert instance.is_over()
    assert saved(instance).is_over()
    assert instance.facts() == {"title": "督办", "n": 2, "word": "go", "k": 1.5}


def test_upgrades_are_made_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = diagram(draw(LOOP, LOOP_FLOWS))
    stored = orjson.loads(dump(begin(drawn)))
    older = orjson.dumps({"v": -1, "old": [stored]})
    with pytest.raises(Invalid, match="version -1"):
        load(older, drawn)
    monkeypatch.setattr(
        state, "UPGRADES", {-1: lambda kept: {"v": 0, "mid": kept["old"][0]}, 0: lambda kept: kept["mid"]}
    )
    assert open_elements(load(older, drawn)) == ["A"]


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"x",
        b"[]",
        b"{}",
        b'{"v":2}',
        b'{"v":"1"}',
        b'{"v":1}',
        b'{"v":1,"p":"p","n":1,"f":{},"s":[]}',
        b"\xff\xfe",
    ],
)
def test_what_is_no_state_is_refused(damage: bytes) -> None:
    with pytest.raises(Invalid):
        load(damage, diagram(draw(LOOP, LOOP_FLOWS)))


def test_an_element_the_diagram_has_not_is_named() -> None:
    stored = dump(begin(diagram(draw(LOOP, LOOP_FLOWS))))
    other = diagram(draw(ENDS + tasks("C"), "S > C\nC > E"))
    with pytest.raises(Invalid) as caught:
        load(stored, other)
    assert [finding.element for finding in caught.value.findings] == ["A"]


def test_an_element_of_another_kind_is_named() -> None:
    stored = dump(begin(diagram(draw(LOOP, LOOP_FLOWS))))
    event = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
    other = diagram(draw(ENDS + f'<intermediateCatchEvent id="A">{event}</intermediateCatchEvent>', "S > A\nA > E"))
    with pytest.raises(Invalid) as caught:
        load(stored, other)
    assert [finding.element for finding in caught.value.findings] == ["A"]


def test_an_inside_without_its_outside_is_refused() -> None:
    stored = orjson.loads(dump(golden_instance()))
    stored["s"][1][0] = 1_000_008
    with pytest.raises(Invalid, match="damaged"):
        load(orjson.dumps(stored), golden_instance().diagram)


def test_another_process_is_refused() -> None:
    stored = dump(begin(diagram(draw(LOOP, LOOP_FLOWS))))
    with pytest.raises(Invalid):
        load(stored, diagram(draw(LOOP, LOOP_FLOWS, id="q")))


def test_a_case_not_yet_run_is_stored() -> None:
    instance = saved(diagram(draw(LOOP, LOOP_FLOWS)).start({"a": 1}))
    changes = instance.run(AT)
    assert (changes.visited, changes.facts) == (("S", "A"), {"a": 1})


def test_a_case_without_facts_is_stored_before_its_first_run() -> None:
    instance = saved(diagram(draw(LOOP, LOOP_FLOWS)).start({}))
    assert instance.run(AT).visited == ("S", "A")


def standing_instance() -> Instance:
    """A case with what came later at rest: many, event sub-processes waiting and running, a gateway, a cycle."""
    cycle = "<timerEventDefinition><timeCycle>R3/P1D</timeCycle></timerEventDefinition>"
    offered = '<eventBasedGateway id="G"/><receiveTask id="R" messageRef="n"/><intermediateCatchEvent id="T">'
    offered += "<timerEventDefinition><timeDuration>P9D</timeDuration></timerEventDefinition></intermediateCatchEvent>"
    turn = each(sequential=True)
    body = f'{ENDS}<userTask id="A">{turn}</userTask><userTask id="B">{each().replace("found_all", "rest")}</userTask>'
    body += '<parallelGateway id="P"/><parallelGateway id="J"/><exclusiveGateway id="Z"/>' + offered
    flows = "S > P\nP > A\nP > B\nP > G\nG > R\nG > T\nR > Z\nT > Z\nZ > J\nA > J\nB > J\nJ > E"
    drawn = draw(body + standing(cycle) + standing(id="Y", interrupts=True), flows, head=HEAD)
    instance = begin(diagram(drawn), places=["a", "b", "c"])
    do(instance, "A", found=1)
    do(instance, "B", found=[2])
    instance.run(AT + timedelta(days=1))
    return instance


def test_what_came_later_is_stored_by_version_1_too() -> None:
    stored = (GOLDEN / "v1_more.json").read_bytes().strip()
    assert dump(standing_instance()) == stored
    instance = load(stored, standing_instance().diagram)
    assert open_elements(instance) == ["A", "B", "B", "tX"]
    assert [timer.element for timer in instance.timers()] == ["sX", "T"]
    assert instance.receive("go", {})
    for element in ("A", "A", "B", "B", "tX"):
        do(instance, element, found=0)
        instance = saved(instance)
    assert instance.is_over()
    assert instance.facts()["found_all"] == [1, 0, 0]
    assert instance.facts()["rest"] == [[2], 0, 0]
