"""Due dates: computed once on entry, stored as facts, moved only by an amendment; holders and statuses beside them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from app.engine import Fault, Host

from .drawing import AT, ENDS, begin, diagram, do, draw, saved, wired

ASKED: list[tuple[str, object, str, dict[str, object]]] = []


def deadline(policy: str, start: object, at: datetime, facts: Mapping[str, object]) -> str | None:
    """Ten days from `start`, or from today; P-0 sets none."""
    ASKED.append((policy, start, at.isoformat(), dict(facts)))
    day = datetime.fromisoformat(str(start)) if start else at
    return None if policy == "P-0" else (day + timedelta(days=10)).date().isoformat()


INSIDE = "s > A\nA > e"
HOST = Host(deadline=deadline)


def task(attributes: str, id: str = "A") -> str:
    """A user task."""
    return f'<userTask id="{id}" {attributes}/>'


def one(attributes: str, lane: str = "", **facts: object):
    """The work of one task, just opened."""
    instance = begin(diagram(draw(ENDS + task(attributes), "S > A\nA > E", lane=lane)), HOST, **facts)
    return instance.work()[0]


def test_from_a_fact_or_from_today() -> None:
    ASKED.clear()
    assert one('duban:deadline="P-1" duban:from="=got"', got="2026-11-02").due == "2026-11-12"
    assert one('duban:deadline="P-1"').due == "2026-12-03"
    assert one('duban:deadline="=policy_id"', policy_id="P-0").due is None
    assert one('duban:deadline="P-1" duban:from="=date(got)"', got="2026-11-02").due == "2026-11-12"
    assert ASKED[0] == ("P-1", "2026-11-02", AT.isoformat(), {"got": "2026-11-02"})
    assert [asked[:2] for asked in ASKED[1:]] == [("P-1", None), ("P-0", None), ("P-1", "2026-11-02")]


def test_a_due_date_that_is_there() -> None:
    assert one('duban:due="=answer_due"', answer_due="2026-11-30").due == "2026-11-30"
    assert one('duban:due="=answer_due"').due is None


def test_a_due_date_may_be_given_as_an_instant() -> None:
    assert one('duban:due="=d"', d="2026-11-30T20:00:00Z").due == "2026-12-01"
    assert one('duban:due="=date(d)"', d="2026-11-30").due == "2026-11-30"


@pytest.mark.parametrize("value", ["=1", '="soon"', "=true", '="2026-02-30"'])
def test_what_is_no_date_is_a_fault(value: str) -> None:
    with pytest.raises(Fault) as caught:
        one(f"duban:due='{value}'")
    assert caught.value.element == "A"


def test_a_due_date_taken_from_elsewhere_is_stored_again_when_it_moves() -> None:
    body = ENDS + task('duban:due="=other" duban:dueKey="answer_due"')
    instance = begin(diagram(draw(body, "S > A\nA > E")), HOST, other="2026-11-30")
    instance.amend({"other": "2026-12-04"})
    assert instance.run(AT, HOST).facts == {"other": "2026-12-04", "answer_due": "2026-12-04"}


def test_it_is_stored_and_computed_once() -> None:
    body = ENDS + task('duban:deadline="P-1" duban:dueKey="answer_due"') + task('duban:due="=answer_due"', "B")
    instance = begin(diagram(draw(body, "S > A\nA > B\nB > E")), HOST)
    assert instance.facts() == {"answer_due": "2026-12-03"}
    do(instance, "A", HOST, AT + timedelta(days=3))
    assert instance.work()[0].due == "2026-12-03"
    ASKED.clear()
    saved(instance).run(AT + timedelta(days=4), HOST)
    assert ASKED == []


def test_a_sub_process_has_its_own_before_its_timers_are_armed() -> None:
    timer = '<boundaryEvent id="b" attachedToRef="P"><timerEventDefinition><timeDate>=answer_due</timeDate>'
    inner = '<startEvent id="s"/><endEvent id="e"/>' + task('duban:due="=answer_due"')
    sub = f'<subProcess id="P" duban:deadline="P-1" duban:dueKey="answer_due">{wired(inner, INSIDE)}'
    body = ENDS + sub + "</subProcess>" + timer + "</timerEventDefinition></boundaryEvent>"
    instance = begin(diagram(draw(body, "S > P\nP > E\nb > E")), HOST)
    assert instance.timers()[0].due.date().isoformat() == "2026-12-03"
    assert instance.work()[0].due == "2026-12-03"
    instance.amend({"answer_due": "2026-12-20"})
    instance = saved(instance)
    instance.run(AT + timedelta(days=1), HOST)
    assert instance.timers()[0].due.date().isoformat() == "2026-12-20"
    assert instance.work()[0].due == "2026-12-20"
    assert instance.facts()["answer_due"] == "2026-12-20"


def test_a_call_activity_has_its_own_before_it_maps() -> None:
    passed = '<extensionElements><duban:in name="until" value="=answer_due"/></extensionElements>'
    call = (
        f'<callActivity id="C" calledElement="q" duban:deadline="P-1" duban:dueKey="answer_due">{passed}</callActivity>'
    )
    called = draw(ENDS + task('duban:due="=until"'), "S > A\nA > E", id="q")
    instance = diagram(draw(ENDS + call, "S > C\nC > E"), called).start({}, "p")
    assert instance.run(AT, HOST).facts == {"answer_due": "2026-12-03", "until": "2026-12-03"}
    assert instance.work()[0].due == "2026-12-03"


def test_an_amendment_moves_a_computed_date_through_its_fact_only() -> None:
    body = ENDS + task('duban:deadline="P-1" duban:dueKey="answer_due" duban:from="=got"')
    instance = begin(diagram(draw(body, "S > A\nA > E")), HOST, got="2026-11-02")
    instance.amend({"got": "2026-11-20"})
    instance.run(AT, HOST)
    assert instance.work()[0].due == "2026-11-12"
    instance.amend({"answer_due": "2026-12-01"})
    changes = instance.run(AT, HOST)
    assert instance.work()[0].due == "2026-12-01"
    assert changes.facts == {"answer_due": "2026-12-01"}


def test_an_amendment_reaches_every_live_branch() -> None:
    body = ENDS + task("") + task("", "B") + '<parallelGateway id="G"/><parallelGateway id="J"/>'
    instance = begin(diagram(draw(body, "S > G\nG > A\nG > B\nA > J\nB > J\nJ > E")), x=1)
    instance.amend({"x": 2})
    instance = saved(instance)
    assert [work.data for work in instance.work()] == [{"x": 2}, {"x": 2}]
    assert instance.run(AT).facts == {"x": 2}


def test_holders_come_from_the_task_or_its_lane() -> None:
    lane = 'duban:org="=agency" duban:person="=author"'
    work = one("", lane, agency="org-1", author="p-1")
    assert (work.org, work.persons, work.lane) == ("org-1", ("p-1",), "clerk")
    assert work.attributes == {"org": "=agency", "person": "=author"}
    work = one('duban:person="=team"', lane, agency="org-1", team=["p-2", "p-3"])
    assert (work.org, work.persons) == ("org-1", ("p-2", "p-3"))
    assert one("").persons == ()


def statuses(attributes: str, **facts: object) -> list[str | None]:
    """The status each element entered sets."""
    instance = diagram(draw(ENDS + task(attributes), "S > A\nA > E")).start(facts)
    return [visit.status for visit in instance.run(AT, HOST).visits if visit.element == "A"]


def test_statuses() -> None:
    both = 'duban:status="handling" duban:lateStatus="overdue" duban:due="=d"'
    assert statuses(both, d="2026-11-23") == ["handling"]
    assert statuses(both, d="2026-11-22") == ["overdue"]
    assert statuses(both) == ["handling"]
    assert statuses('duban:status="handling" duban:due="=d"', d="2026-11-22") == ["handling"]
    assert statuses('duban:status="=word"', word="closed") == ["closed"]
    assert statuses("") == [None]
