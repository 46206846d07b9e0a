"""Timers fire once each, in the order of their instants, each branch at its own place; late sweeps change nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.engine import Changes, Fault, Host, Instance, check

from .drawing import AT, ENDS, begin, diagram, do, draw, open_elements, saved, tasks, wired


def timer(id: str, host: str, value: str, *, interrupts: bool = False, kind: str = "timeDuration") -> str:
    """A boundary timer."""
    event = f"<timerEventDefinition><{kind}>{value}</{kind}></timerEventDefinition>"
    stop = str(interrupts).lower()
    return f'<boundaryEvent id="{id}" attachedToRef="{host}" cancelActivity="{stop}">{event}</boundaryEvent>'


def catch(id: str, value: str, kind: str = "timeDuration") -> str:
    """An intermediate timer."""
    event = f"<timerEventDefinition><{kind}>{value}</{kind}></timerEventDefinition>"
    return f'<intermediateCatchEvent id="{id}">{event}</intermediateCatchEvent>'


def fired(changes: Changes) -> list[tuple[str, datetime | None]]:
    """The timers that fired, with the instant each was armed for."""
    return [(visit.element, visit.due) for visit in changes.visits if visit.event == "fired"]


REMINDERS = draw(
    ENDS
    + tasks("A", "late", "later")
    + timer("five", "A", "P5D")
    + timer("two", "A", "P2D")
    + catch("wait", "P1D")
    + '<endEvent id="E2"/><endEvent id="E3"/>',
    "S > A\nA > E\ntwo > wait\nwait > late\nlate > E2\nfive > later\nlater > E3",
)


SOON = "s > wait\nwait > late\nlate > e"


def days(number: float) -> datetime:
    """So many days after the start."""
    return AT + timedelta(days=number)


def test_in_order_at_their_own_place() -> None:
    instance = begin(diagram(REMINDERS))
    assert [(timer.element, timer.due) for timer in instance.timers()] == [("two", days(2)), ("five", days(5))]
    changes = instance.run(days(9))
    assert fired(changes) == [("two", days(2)), ("wait", days(3)), ("five", days(5))]
    assert changes.visited == ("two", "wait", "late", "five", "later")
    assert open_elements(instance) == ["A", "late", "later"]


def test_late_once_is_the_same_as_on_time_thrice() -> None:
    late, prompt = begin(diagram(REMINDERS)), begin(diagram(REMINDERS))
    once = fired(late.run(days(9)))
    several = [firing for day in (2, 3, 5) for firing in fired(prompt.run(days(day)))]
    assert once == several


def test_due_is_at_its_instant_and_once() -> None:
    instance = begin(diagram(REMINDERS))
    assert fired(instance.run(days(2) - timedelta(seconds=1))) == []
    assert fired(instance.run(days(2))) == [("two", days(2))]
    assert fired(saved(instance).run(days(2))) == []


def test_completing_the_host_disarms() -> None:
    instance = begin(diagram(REMINDERS))
    assert do(instance, "A").over
    assert instance.timers() == []


def test_an_interrupting_timer_cancels_its_host() -> None:
    body = ENDS + tasks("A", "B") + timer("b", "A", "PT1H", interrupts=True)
    instance = begin(diagram(draw(body, "S > A\nA > E\nb > B\nB > E")))
    [work] = instance.work()
    changes = instance.run(days(1))
    assert changes.closed == ((work.id, "cancelled"),)
    assert [(visit.element, visit.event) for visit in changes.visits if visit.element in "Ab"] == [
        ("A", "cancelled"),
        ("b", "entered"),
        ("b", "fired"),
        ("b", "left"),
    ]
    assert do(instance, "B").over


def test_what_opens_and_is_cancelled_in_one_run_is_only_visited() -> None:
    inner = '<startEvent id="s"/><endEvent id="e"/>' + catch("wait", "P1D") + tasks("late")
    sub = f'<subProcess id="P">{wired(inner, SOON)}</subProcess>'
    drawn = diagram(draw(ENDS + sub + timer("stop", "P", "P2D", interrupts=True), "S > P\nP > E\nstop > E"))
    changes = begin(drawn).run(days(9))
    assert (changes.opened, changes.closed, changes.over) == ((), (), True)
    assert [visit.event for visit in changes.visits if visit.element == "late"] == ["entered", "cancelled"]


@pytest.mark.parametrize(
    ("kind", "value", "due"),
    [
        ("timeDate", "=d", "2026-12-01T00:00:00+08:00"),
        ("timeDate", "=date(d)", "2026-12-01T00:00:00+08:00"),
        ("timeDate", '=date and time("2026-12-01T09:00:00")', "2026-12-01T09:00:00+08:00"),
        ("timeDate", '=date and time("2026-12-01T00:00:00Z")', "2026-12-01T08:00:00+08:00"),
        ("timeDate", '=date and time("2026-12-01T09:00:00@Asia/Shanghai")', "2026-12-01T09:00:00+08:00"),
        ("timeDate", "2026-12-01T09:00:00Z", "2026-12-01T17:00:00+08:00"),
        ("timeDate", "=start of day(d)", "2026-12-01T00:00:00+08:00"),
        ("timeDuration", '=@"P1M"', "2026-12-23T09:00:00+08:00"),
        ("timeDuration", "P1M", "2026-12-23T09:00:00+08:00"),
        ("timeDuration", '=duration("P1DT2H")', "2026-11-24T11:00:00+08:00"),
        ("timeDuration", "P1Y2M3W", "2028-02-13T09:00:00+08:00"),
    ],
)
def test_what_a_timer_may_say(kind: str, value: str, due: str) -> None:
    drawn = diagram(draw(ENDS + catch("T", value, kind), "S > T\nT > E"), functions=("start of day",))
    host = Host(functions={"start of day": lambda day: datetime.fromisoformat(f"{day}T00:00:00+08:00")})
    assert [timer.due.isoformat() for timer in begin(drawn, host, d="2026-12-01").timers()] == [due]


@pytest.mark.parametrize("value", ['=duration("P1D")', "=missing", "=1", '="tomorrow"'])
def test_no_instant_is_a_fault_that_names_the_timer(value: str) -> None:
    drawn = diagram(draw(ENDS + catch("T", value, "timeDate"), "S > T\nT > E"))
    with pytest.raises(Fault) as caught:
        begin(drawn)
    assert caught.value.element == "T"


@pytest.mark.parametrize("value", ["-P1D", "PT-1H", "-PT1S", '=duration("-P1D")', '=-duration("PT1H")', '="PT-1H"'])
def test_a_timer_that_goes_back_is_refused_when_it_is_checked(value: str) -> None:
    found = check({"p.bpmn": draw(ENDS + catch("T", value), "S > T\nT > E")})
    assert [(one.rule, one.element, one.field) for one in found] == [("timer.negative", "T", "timeDuration")]
    assert "counts forward" in str(found[0].words)


@pytest.mark.parametrize("given", ["-P1D", "PT-1H", "-P1M"])
def test_a_timer_that_goes_back_is_refused_when_it_is_armed(given: str) -> None:
    with pytest.raises(Fault) as caught:
        begin(diagram(draw(ENDS + catch("T", "=wait"), "S > T\nT > E")), wait=given)
    assert caught.value.element == "T" and "negative" in str(caught.value)


def test_no_time_at_all_is_no_way_back() -> None:
    assert check({"p.bpmn": draw(ENDS + catch("T", "PT0S"), "S > T\nT > E")}) == []


def test_the_last_of_a_month() -> None:
    drawn = diagram(draw(ENDS + catch("T", "P1M"), "S > T\nT > E"))
    instance = begin(drawn, at=datetime.fromisoformat("2027-01-31T10:00:00+08:00"))
    assert instance.timers()[0].due.isoformat() == "2027-02-28T10:00:00+08:00"


def test_an_amendment_arms_again() -> None:
    body = (
        ENDS + tasks("A", "B") + timer("b", "A", "=d", kind="timeDate") + timer("c", "A", "=w") + '<endEvent id="X"/>'
    )
    instance = begin(diagram(draw(body, "S > A\nA > E\nb > B\nB > X\nc > X")), d="2026-12-01", w="P1D")
    instance = moved(instance, d="2026-12-05", w="P30D")
    assert [(timer.element, timer.due.date().isoformat()) for timer in instance.timers()] == [
        ("b", "2026-12-05"),
        ("c", "2026-12-23"),
    ]


def moved(instance: Instance, **facts: object) -> Instance:
    """Amend, through storage, and run half a day later."""
    instance.amend(facts)
    instance = saved(instance)
    instance.run(days(0.5))
    return instance


def test_an_amendment_to_the_past_fires_at_once() -> None:
    body = ENDS + tasks("A", "B") + timer("b", "A", "=d", kind="timeDate") + '<endEvent id="X"/>'
    instance = begin(diagram(draw(body, "S > A\nA > E\nb > B\nB > X")), d="2026-12-01")
    assert open_elements(moved(instance, d="2026-11-01")) == ["A", "B"]


def test_an_instant_without_an_offset_is_refused() -> None:
    with pytest.raises(Exception, match="offset"):
        diagram(REMINDERS).start({}).run(datetime(2026, 1, 1))  # noqa: DTZ001
