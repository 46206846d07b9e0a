"""A durable step of the engine against the same statements without an engine, and against stock SpiffWorkflow.

    python -m bench.engine [--steps 200]

The case is a loop of two user tasks. A step is: read the state, restore, complete a task, run to the next wait, save,
commit. The floor does the same four statements with a state of the same size and no engine. Read ratios, not times.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import datetime
from statistics import median

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from app import engine, feel
from app.engine.xml import parse
from bench.results import keep
from bench.stores import Store, fsync_ms, stores

AT = datetime.fromisoformat("2026-11-23T09:00:00+08:00")
DATA = {"title": "关于占道经营检查程序的意见", "agency": "urban", "facts": "执法人员检查时未出示执法证件。" * 20}
LOOP = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:duban="urn:duban:bpmn"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="t"><process id="p" name="p" isExecutable="true">
 <laneSet id="l"><lane id="clerk" name="c"><flowNodeRef>A</flowNodeRef><flowNodeRef>B</flowNodeRef></lane></laneSet>
 <startEvent id="S"/><userTask id="A" name="A"/><userTask id="B" name="B"/>
 <exclusiveGateway id="G" default="out"/><endEvent id="E"/>
 <sequenceFlow id="f1" sourceRef="S" targetRef="A"/><sequenceFlow id="f2" sourceRef="A" targetRef="B"/>
 <sequenceFlow id="f3" sourceRef="B" targetRef="G"/><sequenceFlow id="out" sourceRef="G" targetRef="E"/>
 <sequenceFlow id="again" sourceRef="G" targetRef="A">
 <conditionExpression xsi:type="tFormalExpression">again = true</conditionExpression></sequenceFlow>
 </process></definitions>"""

Move = Callable[[bytes], tuple[bytes, str]]


class Ours:
    """This project's engine."""

    def __init__(self) -> None:
        self._diagram = engine.read({"loop.bpmn": LOOP.encode()})
        instance = self._diagram.start(DATA)
        instance.run(AT)
        self.first = engine.dump(instance)

    def move(self, state: bytes) -> tuple[bytes, str]:
        """Complete the open task and go on to the next wait."""
        instance = engine.load(state, self._diagram)
        work = instance.work()[0]
        instance.complete(work.id, {"again": True})
        instance.run(AT)
        return engine.dump(instance), work.element


class _Feel:
    def evaluate(self, task, expression, external_context=None):  # type: ignore[no-untyped-def]
        return feel.compile(expression)(task.data) is True


class Stock:
    """SpiffWorkflow 3.2 as its documentation uses it, with our expressions."""

    def __init__(self) -> None:
        parser = BpmnParser()
        self._root = parse(LOOP.encode(), "loop.bpmn")[0]
        parser.add_bpmn_xml(self._root)
        workflow = BpmnWorkflow(parser.get_spec("p"), script_engine=_Feel())
        workflow.data = dict(DATA)
        workflow.do_engine_steps()
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
        self.first = self._serializer.serialize_json(workflow).encode()

    def move(self, state: bytes) -> tuple[bytes, str]:
        """The same step."""
        workflow = self._serializer.deserialize_json(state.decode())
        workflow.script_engine = _Feel()
        task = workflow.get_tasks(state=TaskState.READY, manual=True)[0]
        task.set_data(again=True, **DATA)
        task.run()
        workflow.do_engine_steps()
        return self._serializer.serialize_json(workflow).encode(), str(task.task_spec.name)


def advanced(move: Move, state: bytes, loops: int) -> bytes:
    """The state after so many rounds of the loop."""
    for _ in range(2 * loops):
        state, _ = move(state)
    return state


def cpu_ms(variants: dict[str, tuple[Move, bytes]], steps: int, *, batches: int = 10) -> dict[str, float]:
    """CPU of restore, step and save without a database: the least of some batches, the variants in turn."""
    least = dict.fromkeys(variants, float("inf"))
    for _ in range(batches):
        for name, (move, state) in variants.items():
            begun = time.process_time()
            for _ in range(steps):
                move(state)
            least[name] = min(least[name], (time.process_time() - begun) / steps * 1000)
    return least


def durable_ms(store: Store, moves: dict[str, tuple[Move, bytes]], steps: int) -> dict[str, float]:
    """Wall time of a durable step, the variants in turn so that a change of the machine's speed meets all.

    Each has a case of its own: none reads what another, perhaps larger, has written.
    """
    spent: dict[str, list[float]] = {name: [] for name in moves}
    for _ in range(steps):
        for case, (name, (move, state)) in enumerate(moves.items(), 1):
            begun = time.perf_counter()
            store.read(case)
            store.write(*move(state), case)
            spent[name].append(time.perf_counter() - begun)
    return {name: median(times) * 1000 for name, times in spent.items()}


def still(state: bytes) -> tuple[bytes, str]:
    """The floor's move: nothing."""
    return state, "A"


def measure(steps: int) -> dict[str, object]:
    """Everything in one run."""
    ours, stock = Ours(), Stock()
    at_loop = {loops: advanced(ours.move, ours.first, loops) for loops in (10, 100, 300, 1000)}
    stock_240 = advanced(stock.move, stock.first, 240)
    age = cpu_ms({str(loops): (ours.move, at_loop[loops]) for loops in (10, 1000)}, steps)
    cpu = cpu_ms({"ours": (ours.move, at_loop[300]), "stock": (stock.move, stock_240)}, 5, batches=3)
    figures: dict[str, object] = {
        "fsync_ms": round(fsync_ms(), 3),
        "bytes_at_loop": {str(loops): len(state) for loops, state in at_loop.items()},
        "cpu_loop_1000_to_10": ratio(age["1000"], age["10"]),
        "stock_cpu_to_ours_at_loop_240": ratio(cpu["stock"], cpu["ours"]),
        "cpu_milliseconds": rounded({**age, **cpu}),
    }
    with stores() as databases:
        for store in databases:
            floor = {"floor": (still, at_loop[100]), "ours": (ours.move, at_loop[100])}
            times = durable_ms(store, floor, steps)
            late = durable_ms(store, {"ours": (ours.move, at_loop[300]), "stock": (stock.move, stock_240)}, 40)
            figures[store.name] = {
                "ours_to_floor": ratio(times["ours"], times["floor"]),
                "stock_to_ours_at_loop_240": ratio(late["stock"], late["ours"]),
                "milliseconds": rounded(times),
                "milliseconds_at_loop_240": rounded(late),
            }
    return figures


def rounded(times: dict[str, float]) -> dict[str, float]:
    """Milliseconds as people read them."""
    return {name: round(value, 3) for name, value in times.items()}


def ratio(one: float, other: float) -> float:
    """How many times."""
    return round(one / other, 2)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--steps", type=int, default=200)
    made = measure(options.parse_args().steps)
    print(keep("engine", made).read_text())
