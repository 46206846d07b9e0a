"""One diagram, any number of cases in any number of threads; what it tells about itself cannot be changed."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.engine import Diagram, dump, read

from .drawing import AT, ENDS, diagram, do, draw, open_elements, saved, tasks
from .generated import KINDS, MORE, generate


def trace(drawn: Diagram, seed: int) -> bytes:
    """Play at random to the end or 30 steps; the last state."""
    rnd, instance = random.Random(seed), drawn.start({}, "p")
    instance.run(AT)
    for _ in range(30):
        instance = saved(instance)
        if not open_elements(instance):
            break
        name = rnd.choice(open_elements(instance))
        do(instance, name, **{f"n_{name}": rnd.randint(0, 9)})
    return dump(instance)


@pytest.mark.parametrize(("seed", "kinds"), [(4, KINDS), (11, (*KINDS, *MORE))])
def test_eight_threads_do_what_one_does(seed: int, kinds: tuple[str, ...]) -> None:
    drawn = read(generate(seed, kinds)[0])
    alone = [trace(drawn, seed) for seed in range(40)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda seed: trace(drawn, seed), range(40))) == alone


def test_a_diagram_tells_what_it_holds() -> None:
    lane = 'duban:org="=agency"'
    body = (
        ENDS
        + '<userTask id="A" name="签收" duban:nameEn="sign" duban:basis="B-14a"><documentation>Why.</documentation>'
    )
    content = draw(body + "</userTask>", "S > A\nA > E", lane=lane, on='duban:title="=title" duban:nameEn="process"')
    process = diagram(content).processes["p"]
    step = process.steps["A"]
    assert (process.name, process.name_en, process.file, process.xml) == ("p", "process", "0.bpmn", content)
    assert process.attributes == {"title": "=title", "nameEn": "process"}
    assert process.lanes == {"clerk": "Clerk"}
    assert (step.kind, step.name, step.name_en, step.lane, step.documentation) == (
        "userTask",
        "签收",
        "sign",
        "clerk",
        "Why.",
    )
    assert step.attributes == {"org": "=agency", "nameEn": "sign", "basis": "B-14a"}
    assert len(process.sha256) == 64


def test_it_reads_what_its_expressions_read() -> None:
    body = ENDS + '<userTask id="A" duban:org="=agency" duban:due="=until"/><exclusiveGateway id="G"/>' + tasks("B")
    drawn = diagram(draw(body, "S > A\nA > G\nG > B ? A_outcome = wanted\nG > E *\nB > E", on='duban:title="=title"'))
    assert drawn.reads == {"agency", "until", "A_outcome", "wanted", "title"}


def test_a_diagram_cannot_be_changed() -> None:
    process = diagram(draw(ENDS + tasks("A"), "S > A\nA > E")).processes["p"]
    for change in (lambda: process.steps.update({}), lambda: process.steps["A"].attributes.update({"form": "x"})):
        with pytest.raises(AttributeError):
            change()


def test_what_is_handed_out_is_a_copy() -> None:
    instance = diagram(draw(ENDS + tasks("A"), "S > A\nA > E")).start({"a": {"b": [1]}})
    changes = instance.run(AT)
    for handed in (instance.facts(), instance.work()[0].data, changes.facts, changes.opened[0].data):
        handed["a"]["b"].append(2)
    assert instance.facts() == {"a": {"b": [1]}}
