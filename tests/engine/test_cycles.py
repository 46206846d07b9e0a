"""Timers that repeat fire at their own instants, each missed one once, and stop when they are done."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.engine import Fault, Instance, turn

from .drawing import AT, ENDS, begin, diagram, do, draw, open_elements, saved, tasks
from .test_standing import standing
from .test_timers import days, fired, timer

HOURS = [timedelta(hours=24) * number for number in (1, 2, 3)]


def reminded(value: str, *, sub: bool = False) -> bytes:
    """A task A with a reminder that repeats: at its boundary, or an event sub-process."""
    if sub:
        event = f"<timerEventDefinition><timeCycle>{value}</timeCycle></timerEventDefinition>"
        return draw(ENDS + tasks("A") + standing(event), "S > A\nA > E")
    body = ENDS + tasks("A", "tX") + timer("sX", "A", value, kind="timeCycle") + '<endEvent id="eX"/>'
    return draw(body, "S > A\nA > E\nsX > tX\ntX > eX")


BOTH = pytest.mark.parametrize("sub", [False, True], ids=["boundary", "event sub-process"])


@BOTH
def test_three_times(sub: bool) -> None:
    instance = saved(begin(diagram(reminded("R3/PT24H", sub=sub))))
    for number in (1, 2, 3):
        assert [one.due for one in instance.timers()] == [days(number)]
        assert fired(instance.run(days(number))) == [("sX", days(number))]
        instance = saved(instance)
        assert open_elements(instance) == ["A"] + ["tX"] * number
    assert instance.timers() == []


@BOTH
def test_each_missed_one_once_after_a_time_out_of_service(sub: bool) -> None:
    late, prompt = (saved(begin(diagram(reminded("R3/PT24H", sub=sub)))) for _ in "ab")
    assert fired(late.run(days(30))) == [("sX", days(number)) for number in (1, 2, 3)]
    for number in (1, 2, 3):
        prompt.run(days(number))
    assert open_elements(late) == open_elements(prompt)
    assert saved(late).timers() == []


@BOTH
def test_without_end_until_its_scope_is_done(sub: bool) -> None:
    instance = begin(diagram(reminded("R/P7D", sub=sub)))
    assert len(fired(instance.run(days(29)))) == 4
    assert [one.due for one in saved(instance).timers()] == [days(35)]
    do(instance, "A")
    for _ in range(4):
        assert not instance.is_over()
        do(instance, "tX")
    assert instance.is_over()
    assert instance.timers() == []


def test_a_long_time_out_of_service_is_caught_up_in_several_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn, "REPEATS", 10)
    instance, seen = begin(diagram(reminded("R/P1D"))), []
    while instance.timers()[0].due <= days(25):
        seen.append(len(fired(instance.run(days(25)))))
        instance = saved(instance)
    assert seen == [10, 10, 5]
    assert instance.timers()[0].due == days(26)


def test_months_do_not_drift() -> None:
    at = datetime.fromisoformat("2027-01-31T10:00:00+08:00")
    instance = begin(diagram(reminded("R/P1M")), at=at)
    dues = []
    for _ in range(3):
        dues.append(instance.timers()[0].due)
        instance.run(dues[-1])
    assert [due.date().isoformat() for due in dues] == ["2027-02-28", "2027-03-31", "2027-04-30"]


def test_an_expression_and_its_amendment() -> None:
    instance = begin(diagram(reminded('="R/" + period')), period="P2D")
    instance.run(days(2))
    instance.amend({"period": "P3D"})
    instance = saved(instance)
    instance.run(days(2))
    assert [one.due for one in instance.timers()] == [days(6)]


@pytest.mark.parametrize("value", ["R/PT59S", "R0/P1D", "P1D", "R/2026-01-01/P1D", "R/-P1D", "R/P0D", None, 3])
def test_what_is_no_cycle_is_a_fault(value: object) -> None:
    with pytest.raises(Fault) as caught:
        begin(diagram(reminded("=period")), period=value)
    assert caught.value.element == "sX"


def test_a_minute_is_long_enough() -> None:
    instance: Instance = begin(diagram(reminded("R2/PT60S")))
    assert [one.due for one in instance.timers()] == [AT + timedelta(seconds=60)]
