"""What is done for each item of a list: side by side or in turn, cut short, cancelled, stored at every step."""

from __future__ import annotations

import random

import orjson
import pytest

from app.engine import Fault, Host, Instance, dump

from .drawing import AT, ENDS, begin, diagram, do, draw, open_elements, saved, tasks, wired
from .test_boundary import HEAD, boundary

PLACES = ["east", "south", "west"]
FOR_EACH = (
    '<multiInstanceLoopCharacteristics isSequential="{}" duban:collection="=places" duban:item="place" duban:index="n" '
    'duban:output="=found" duban:result="found_all">{}</multiInstanceLoopCharacteristics>'
)
INSIDE = '<startEvent id="s"/><endEvent id="e"/>'


def each(*, sequential: bool = False, until: str = "") -> str:
    """The mark of an activity done for each place."""
    condition = f"<completionCondition>{until}</completionCondition>" if until else ""
    return FOR_EACH.format(str(sequential).lower(), condition)


def inspected(kind: str, *, sequential: bool = False, until: str = "") -> list[bytes]:
    """Files: inspect each place as a user task, a sub-process or a called process, then B. A message interrupts."""
    mark = each(sequential=sequential, until=until)
    passed = '<extensionElements><duban:in name="place" value="=place"/><duban:out name="found" value="=found"/>'
    one = {
        "task": f'<userTask id="A">{mark}</userTask>',
        "sub": f'<subProcess id="A">{mark}{wired(INSIDE + tasks("T"), "s > T" + chr(10) + "T > e")}</subProcess>',
        "call": f'<callActivity id="A" calledElement="q">{passed}</extensionElements>{mark}</callActivity>',
    }[kind]
    whole = draw(ENDS + one + boundary("A") + tasks("B"), "S > A\nA > B\nB > E\nb > X", head=HEAD)
    return [whole, draw(ENDS + tasks("T"), "S > T\nT > E", id="q")] if kind == "call" else [whole]


KINDS = pytest.mark.parametrize("kind", ["task", "sub", "call"])


def begun(kind: str, **more: object) -> Instance:
    """A case at its first wait."""
    places = more.pop("places", PLACES)
    instance = diagram(*inspected(kind, **more)).start({"places": places}, "p")
    instance.run(AT)
    return saved(instance)


@KINDS
@pytest.mark.parametrize("order", [[0, 1, 2], [2, 0, 1], [1, 2, 0]])
def test_side_by_side_the_results_are_in_item_order(kind: str, order: list[int]) -> None:
    instance = begun(kind)
    works = instance.work()
    assert [work.data["place"] for work in works] == PLACES
    assert [work.path[0] for work in works] == ["A[1]", "A[2]", "A[3]"]
    for number in order:
        instance = saved(instance)
        instance.complete(works[number].id, {"found": PLACES[number].upper()})
        changes = instance.run(AT)
    assert changes.facts["found_all"] == ["EAST", "SOUTH", "WEST"]
    assert instance.work()[0].data == {"places": PLACES, "found_all": ["EAST", "SOUTH", "WEST"]}
    assert do(saved(instance), "B").over


@KINDS
def test_in_turn_each_begins_when_the_one_before_is_done(kind: str) -> None:
    instance = begun(kind, sequential=True)
    for number, place in enumerate(PLACES, 1):
        instance = saved(instance)
        [work] = instance.work()
        assert (work.path[0], work.data["place"]) == (f"A[{number}]", place)
        instance.complete(work.id, {"found": number * 10})
        instance.run(AT)
    assert instance.work()[0].data["found_all"] == [10, 20, 30]


def test_the_number_is_known_and_what_one_writes_no_other_sees() -> None:
    instance = begun("sub")
    assert [work.data["n"] for work in instance.work()] == [1, 2, 3]
    do(instance, "T", found=1, note="mine")
    assert all("note" not in work.data for work in saved(instance).work())
    do(instance, "T", found=2)
    do(instance, "T", found=3)
    assert instance.work()[0].data == {"places": PLACES, "found_all": [1, 2, 3]}


@KINDS
@pytest.mark.parametrize("sequential", [False, True])
def test_without_any_item_it_is_passed(kind: str, sequential: bool) -> None:
    instance = begun(kind, sequential=sequential, places=[])
    assert open_elements(instance) == ["B"]
    assert instance.work()[0].data == {"places": [], "found_all": []}
    assert instance.subscriptions() == []


@KINDS
@pytest.mark.parametrize("sequential", [False, True])
def test_an_event_at_the_whole_cancels_every_instance(kind: str, sequential: bool) -> None:
    instance = begun(kind, sequential=sequential)
    assert len(instance.subscriptions()) == 1
    first = instance.work()[0]
    instance.complete(first.id, {"found": 1})
    instance.run(AT)
    left = {work.id for work in instance.work()}
    instance = saved(instance)
    assert instance.receive("stop", {})
    changes = instance.run(AT)
    assert dict(changes.closed) == dict.fromkeys(left, "cancelled")
    assert len(left) == (1 if sequential else 2)
    assert changes.over


@KINDS
@pytest.mark.parametrize(("sequential", "got"), [(False, [None, 5, None]), (True, [5, None, None])])
def test_enough_is_enough(kind: str, sequential: bool, got: list[object]) -> None:
    instance = begun(kind, sequential=sequential, until="=numberOfCompletedInstances &gt;= 1 and found &gt; 4")
    number = 0 if sequential else 1
    instance.complete(instance.work()[number].id, {"found": 5})
    changes = saved(instance).run(AT)
    assert changes.facts["found_all"] == got
    assert [end for _, end in changes.closed] == ["completed"] + ([] if sequential else ["cancelled"] * 2)
    assert [work.element for work in changes.opened] == ["B"]


def test_a_condition_that_does_not_hold_changes_nothing() -> None:
    instance = begun("task", until="=count(found_all[item = 1]) = 2 and numberOfActiveInstances = 1")
    do(instance, "A", found=1)
    assert open_elements(saved(instance)) == ["A", "A"]
    do(instance, "A", found=1)
    assert open_elements(saved(instance)) == ["B"]


@pytest.mark.parametrize(("places", "why"), [(None, "no list"), ("east", "no list"), (list(range(501)), "500")])
def test_no_list_and_too_long_a_list_are_faults(places: object, why: str) -> None:
    with pytest.raises(Fault, match=why) as caught:
        begun("task", places=places)
    assert caught.value.element == "A"


def test_a_condition_that_is_no_condition_is_a_fault() -> None:
    instance = begun("task", until="=n")
    with pytest.raises(Fault, match="completion condition") as caught:
        do(instance, "A", found=1)
    assert caught.value.element == "A"


@KINDS
def test_500_items_are_done(kind: str) -> None:
    instance = begun(kind, places=list(range(500)))
    works = instance.work()
    assert len(works) == 500
    for number, work in enumerate(works, 1):
        instance.complete(work.id, {"found": work.data["place"]})
        if number % 100 == 0:
            instance.run(AT)
    assert instance.work()[0].data["found_all"] == list(range(500))


def test_many_in_many() -> None:
    inner = '<multiInstanceLoopCharacteristics duban:collection="=place.rooms" duban:item="room" duban:output="=seen" '
    inner = f'<userTask id="T">{inner}duban:result="rooms_seen"/></userTask>'
    outer = each().replace("=found", "=rooms_seen")
    body = f'<subProcess id="A">{outer}{wired(INSIDE + inner, "s > T" + chr(10) + "T > e")}</subProcess>'
    places = [{"rooms": ["a", "b"]}, {"rooms": []}, {"rooms": ["c"]}]
    instance = begin(diagram(draw(ENDS + body + tasks("B"), "S > A\nA > B\nB > E")), places=places)
    assert [work.path for work in instance.work()] == [("A[1]", "T[1]"), ("A[1]", "T[2]"), ("A[3]", "T[1]")]
    rnd = random.Random(3)
    while open_elements(instance) != ["B"]:
        work = rnd.choice(instance.work())
        instance.complete(work.id, {"seen": work.data["room"]})
        instance.run(AT)
        instance = saved(instance)
    assert instance.work()[0].data["found_all"] == [["a", "b"], [], ["c"]]


def test_the_deadline_is_the_wholes_and_a_date_taken_is_the_items() -> None:
    host = Host(deadline=lambda policy, start, at, facts: "2026-12-01")
    on = 'duban:deadline="P-1" duban:dueKey="until"'
    [file] = inspected("task")
    instance = begin(diagram(file.replace(b'id="A"', b'id="A" ' + on.encode(), 1)), host, places=PLACES)
    assert {work.due for work in instance.work()} == {"2026-12-01"}
    instance.amend({"until": "2026-12-05", "place": "nowhere"})
    instance = saved(instance)
    instance.run(AT, host)
    assert [(work.due, work.data["place"]) for work in instance.work()] == [("2026-12-05", place) for place in PLACES]
    taken = diagram(file.replace(b'id="A"', b'id="A" duban:due=\'=if place = null then "never" else place\'', 1))
    instance = begin(taken, places=["2026-12-01", "2026-12-02"])
    assert [work.due for work in instance.work()] == ["2026-12-01", "2026-12-02"]


def test_equal_histories_have_equal_states_and_ended_instances_leave_nothing() -> None:
    ahead, behind = begun("sub"), begun("sub")
    for instance in (ahead, behind):
        do(instance, "T", found=1)
    assert dump(ahead) == dump(saved(behind))
    for _ in range(2):
        do(ahead, "T", found=1)
    assert [key for _, key, _ in orjson.loads(dump(ahead))["s"]] == ["p"]


def test_a_terminate_inside_ends_its_own_instance() -> None:
    stop = '<startEvent id="s"/><endEvent id="e"><terminateEventDefinition/></endEvent>'
    body = f'<subProcess id="A">{each()}{wired(stop + tasks("T"), "s > T" + chr(10) + "T > e")}</subProcess>'
    instance = begin(diagram(draw(ENDS + body, "S > A\nA > E")), places=PLACES)
    do(instance, "T", found=1)
    assert len(saved(instance).work()) == 2
