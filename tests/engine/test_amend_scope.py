"""A deadline is of one branch: amended there, its timers and due dates move; those of a branch beside it never do."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import orjson
import pytest

from app.engine import Due, Host, Instance, dump, load
from app.errors import Conflict, Invalid, NotFound

from .drawing import AT, ENDS, diagram, do, draw, saved, wired
from .test_deadlines import deadline, task

HOST = Host(deadline=deadline, operations={"note": lambda call: dict(call.parameters)})
BESIDE = '<boundaryEvent id="{}" attachedToRef="{}" cancelActivity="false"><timerEventDefinition><{}>{}</{}>'
END = "</timerEventDefinition></boundaryEvent>"
MARK = '<multiInstanceLoopCharacteristics duban:collection="=places" duban:item="place"/>'


def beside(id: str, host: str, value: str, kind: str = "timeDate") -> str:
    """A timer beside an activity, and where its branch ends."""
    return BESIDE.format(id, host, kind, value, kind) + END + f'<endEvent id="{id}_end"/>'


def files() -> list[bytes]:
    """As opinions are forwarded: for each place a called process counts the date and calls the handling."""
    passed = '<extensionElements><duban:in name="place" value="=place"/><duban:in name="until" value="=until"/>'
    top = f'<callActivity id="C" calledElement="forward">{passed}</extensionElements>{MARK}</callActivity>'
    count = '<serviceTask id="count" duban:operation="note" duban:deadline="P-1" duban:from="=place.from" '
    call = f'<callActivity id="H" calledElement="handle">{passed}</extensionElements></callActivity>'
    forward = ENDS + count + 'duban:dueKey="until"/>' + call + beside("late", "H", "=until")
    one = task('duban:due="=until" duban:org="=place.id"') + task('duban:deadline="P-1" duban:dueKey="signed"', "N")
    inner = f'<subProcess id="I">{wired(INNER + one, "s > N" + chr(10) + "N > A" + chr(10) + "A > e")}</subProcess>'
    handle = ENDS + inner + beside("at", "I", "=until") + beside("wait", "I", "P2D", "timeDuration")
    return [
        draw(ENDS + top, "S > C\nC > E"),
        draw(forward, "S > count\ncount > H\nH > E\nlate > late_end", id="forward"),
        draw(handle, "S > I\nI > E\nat > at_end\nwait > wait_end", id="handle"),
    ]


INNER = '<startEvent id="s"/><endEvent id="e"/>'
PLACES = [{"id": "east", "from": "2026-11-23"}, {"id": "west", "from": "2026-11-26"}]


def begun() -> Instance:
    """A case with two branches, each with its own clock, at the task that takes the date."""
    instance = diagram(*files()).start({"places": PLACES}, "p")
    instance.run(AT, HOST)
    for _ in PLACES:
        do(instance, "N", HOST)
    return saved(instance)


def clocks(instance: Instance) -> list[tuple[str, str]]:
    return sorted((timer.element, timer.due.date().isoformat()) for timer in instance.timers())


def until(instance: Instance) -> dict[str, Due]:
    return {str(due.org): due for due in instance.dues() if due.key == "until"}


BEFORE = [("at", "2026-12-03"), ("at", "2026-12-06"), ("late", "2026-12-03"), ("late", "2026-12-06")]
WAITING = [("wait", "2026-11-25")] * 2


def test_each_branch_tells_its_own_deadline() -> None:
    instance = begun()
    found = until(instance)
    works = {str(work.org): work.id for work in instance.work()}
    assert {org: (due.due, due.policy, due.counted_from) for org, due in found.items()} == {
        "east": ("2026-12-03", "P-1", "2026-11-23"),
        "west": ("2026-12-06", "P-1", "2026-11-26"),
    }
    assert [(due.element, due.process) for due in found.values()] == [("count", "forward")] * 2
    assert {org: due.work_id for org, due in found.items()} == works
    assert found["east"].scope != found["west"].scope
    assert [due.key for due in instance.dues()] == ["until", "until"], "what nothing waits for runs no longer"


def test_a_deadline_of_a_branch_is_over_with_its_activity() -> None:
    instance = diagram(*files()).start({"places": PLACES}, "p")
    instance.run(AT, HOST)
    assert sorted(due.key for due in instance.dues()) == ["signed", "signed", "until", "until"]
    do(instance, "N", HOST)
    assert sorted(due.key for due in instance.dues()) == ["signed", "until", "until"]


def test_only_that_branch_moves() -> None:
    instance = begun()
    assert clocks(instance) == [*BEFORE, *WAITING]
    instance.amend({"until": "2026-12-24"}, scope=until(instance)["east"].scope)
    instance = saved(instance)
    instance.run(AT + timedelta(hours=1), HOST)
    assert clocks(instance) == sorted([("at", "2026-12-06"), ("late", "2026-12-06"), *WAITING, *MOVED])
    assert {work.org: work.due for work in instance.work()} == {"east": "2026-12-24", "west": "2026-12-06"}
    assert {org: due.due for org, due in until(instance).items()} == {"east": "2026-12-24", "west": "2026-12-06"}


MOVED = [("at", "2026-12-24"), ("late", "2026-12-24")]


def test_without_a_branch_all_of_them_move() -> None:
    instance = begun()
    instance.amend({"until": "2026-12-24"})
    instance.run(AT + timedelta(hours=1), HOST)
    assert clocks(instance) == sorted([*MOVED, *MOVED, *WAITING])


def test_the_old_timer_is_dead_and_the_new_one_fires_once() -> None:
    instance = begun()
    instance.amend({"until": "2026-12-24"}, scope=until(instance)["east"].scope)
    fired = []
    for day in ("2026-11-24", "2026-12-04", "2026-12-06", "2026-12-23", "2026-12-25", "2026-12-26"):
        visits = instance.run(datetime.fromisoformat(day + "T09:00:00+08:00"), HOST).visits
        fired.append([visit.element for visit in visits if visit.due])
    assert [sorted(elements) for elements in fired] == [[], ["wait", "wait"], ["at", "late"], [], ["at", "late"], []]


def test_a_branch_inside_that_counted_its_own_keeps_it() -> None:
    """The case's own deadline under the same name is another deadline."""
    instance = begun()
    instance.amend({"until": "2027-01-10"}, scope=0)
    instance.run(AT + timedelta(hours=1), HOST)
    assert clocks(instance) == [*BEFORE, *WAITING]


def test_a_branch_that_has_ended_cannot_be_amended() -> None:
    instance = begun()
    east = until(instance)["east"].scope
    do(instance, "A", HOST)
    assert list(until(instance)) == ["west"]
    for scope in (east, 7):
        with pytest.raises(NotFound):
            instance.amend({"until": "2026-12-24"}, scope=scope)


def test_an_item_of_many_that_is_a_task_is_a_branch() -> None:
    drawn = ENDS + f'<userTask id="A" duban:due="=place.from" duban:dueKey="until">{MARK}</userTask>'
    instance = diagram(draw(drawn, "S > A\nA > E")).start({"places": PLACES}, "p")
    instance.run(AT, HOST)
    first, second = instance.dues()
    assert [due.work_id for due in (first, second)] == [first.scope, second.scope]
    instance.amend({"until": "2026-12-24"}, scope=first.scope)
    instance.run(AT, HOST)
    assert [work.due for work in instance.work()] == ["2026-12-24", "2026-11-26"]


def test_a_clock_that_stands_still_fires_nothing() -> None:
    instance = begun()
    east = until(instance)["east"].scope
    instance.hold(east, AT)
    instance = saved(instance)
    assert clocks(instance) == [("at", "2026-12-06"), ("late", "2026-12-06"), WAITING[0]]
    assert list(instance.held().items()) == [(east, AT)]
    visits = instance.run(AT + timedelta(days=12), HOST).visits
    assert [visit.element for visit in visits if visit.event == "fired"] == ["wait"]
    instance = saved(instance)
    assert instance.release(east, AT + timedelta(days=14)) == AT
    instance.amend({"until": "2026-12-17"}, scope=east)
    instance.run(AT + timedelta(days=14), HOST)
    assert ("wait", "2026-12-09") in clocks(instance), "a period goes on where it stopped"
    assert ("at", "2026-12-17") in clocks(instance)


def test_a_clock_stops_and_runs_once() -> None:
    instance = begun()
    east = until(instance)["east"].scope
    with pytest.raises(Conflict):
        instance.release(east, AT)
    instance.hold(0, AT)
    with pytest.raises(Conflict):
        instance.hold(east, AT)
    assert instance.timers() == []
    instance.release(0, AT)
    assert clocks(instance) == [*BEFORE, *WAITING]


def test_a_branch_that_ends_stands_still_no_longer() -> None:
    instance = begun()
    instance.hold(until(instance)["east"].scope, AT)
    do(instance, "A", HOST)
    assert instance.held() == {}


def test_what_fired_for_the_old_date_fires_again_for_a_later_one() -> None:
    """A reminder that was sent before the extension is sent again before the new date; not for a date that is over."""
    instance = begun()
    east = until(instance)["east"].scope
    instance.run(AT + timedelta(days=11), HOST)
    assert [timer.element for timer in instance.timers()] == ["late", "at"]
    for new, now in (("2026-12-01", []), ("2026-12-24", [("at", "2026-12-24"), ("late", "2026-12-24")])):
        instance.amend({"until": new}, scope=east)
        instance.run(AT + timedelta(days=11), HOST)
        assert [one for one in clocks(instance) if one[1] != "2026-12-06"] == now
    instance = saved(instance)
    visits = instance.run(datetime.fromisoformat("2026-12-24T00:00:00+08:00"), HOST).visits
    assert sorted(visit.element for visit in visits if visit.due)[-2:] == ["late", "late"]


def test_nothing_opens_late_while_the_clock_stands_still() -> None:
    one = task('duban:due="=until"') + task('duban:due="=until" duban:status="open" duban:lateStatus="late"', "B")
    statuses = []
    for held in (False, True):
        instance = diagram(draw(ENDS + one, "S > A\nA > B\nB > E")).start({"until": "2026-11-24"})
        instance.run(AT)
        if held:
            instance.hold(0, AT)
        statuses += [visit.status for visit in do(instance, "A", at=AT + timedelta(days=5)).visits if visit.status]
        assert instance.work()[0].due == (None if held else "2026-11-24")
    assert statuses == ["late", "open"]


def golden_instance() -> Instance:
    """Two branches with a deadline each, one held, the other amended and not yet run."""
    instance = begun()
    east, west = (due.scope for due in instance.dues())
    instance.hold(east, AT)
    instance.amend({"until": "2026-12-24"}, scope=west)
    return instance


def test_a_case_stored_with_branches_goes_on() -> None:
    stored = (Path(__file__).parent / "golden" / "v1_branches.json").read_bytes().strip()
    assert dump(golden_instance()) == stored
    instance = load(stored, golden_instance().diagram)
    instance.run(AT, HOST)
    assert clocks(instance) == [("at", "2026-12-24"), ("late", "2026-12-24"), WAITING[0]]
    assert [due.due for due in instance.dues()] == ["2026-12-03", "2026-12-24"]


def test_a_damaged_state_of_clocks_is_refused() -> None:
    stored = orjson.loads(dump(golden_instance()))
    for key, damaged in (("h", [3]), ("b", [[1]])):
        with pytest.raises(Invalid, match="damaged"):
            load(orjson.dumps({**stored, key: damaged}), golden_instance().diagram)
