"""A scenario file is read strictly: every wrong key, type or name is said with its document, step and key."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from app.clock import OFFICE_ZONE
from app.errors import Invalid
from app.rehearsal.reading import read, read_file
from app.rehearsal.scenario import Complete, Refuse, Restart, Start

HEAD = "title: t\npack: p\nclock: 2025-11-03T09:00:00+08:00\n"


def faults(source: str) -> list[str]:
    with pytest.raises(Invalid) as refused:
        read(source.encode(), "f.yaml")
    return [f"{found.line} {found.element} {found.field}: {found.words}" for found in refused.value.findings]


def steps(*lines: str) -> str:
    return HEAD + "steps:\n" + "\n".join(f"  - {line}" for line in lines) + "\n"


def test_a_whole_head_is_read() -> None:
    (story,) = read(
        (
            HEAD + "strict: true\ncalendar: [2027-01-01: holiday, 2027-01-02: workday]\nsettings: {P-11: 10}\n"
            "people: [{id: zhou, name: 周宁, lanes: [supervisor], born: 1980-05-01}]\n"
            "register: {supervisors: [{person: zhou, term_start: 2024-06-28}]}\nsteps: []\n"
        ).encode()
    )
    assert story.clock == datetime(2025, 11, 3, 9, tzinfo=OFFICE_ZONE)
    assert story.days == {date(2027, 1, 1): False, date(2027, 1, 2): True}
    assert story.strict and story.settings == {"P-11": 10}
    assert story.people[0].born == date(1980, 5, 1)
    assert story.register["supervisors"][0]["term_start"] == "2024-06-28"


def test_documents_are_scenarios_and_count_from_one() -> None:
    stories = read(steps("at: 2025-11-04T09:00:00+08:00").encode() + b"---\n" + (HEAD + "steps: []").encode())
    assert [story.document for story in stories] == [1, 2]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("title: t\npack: p\nsteps: []\n", '1 document 1 clock: "clock" is missing'),
        (HEAD + "colour: red\nsteps: []\n", '1 document 1 colour: the key "colour" does not belong here'),
        (HEAD + "settings: 3\nsteps: []\n", "1 document 1 settings: wants keys with values, not 3"),
        (steps("{start: x, by: nobody}"), '5 document 1, step 1 by: nobody is called "nobody"'),
        (steps("{start: x}"), '5 document 1, step 1 by: "by" is missing'),
        (steps("{start: x, by: sup1, wit: {}}"), '5 document 1, step 1 wit: the key "wit" does not belong here'),
        (steps("{complete: x, by: sup1, draft: 1}"), "5 document 1, step 1 draft: wants true or false, not 1"),
        (steps("{at: soon}"), "wants an instant such as"),
        (steps("{restart: {down_for: 11h}}"), "wants a duration such as PT11H"),
        (steps("{refuse: x, by: sup1}"), '5 document 1, step 1 because: "because" is missing'),
        (steps("{refuse: {dance: x}, by: sup1, because: B-1}"), "wants a task, or one of: start"),
        (steps("{start: x, complete: y, by: sup1}"), "a step has exactly one of"),
        (steps("{act: claim, by: clerk}"), 'an act wants the "task" or the "case"'),
        (steps("{expect: {taks: {}}}"), 'expect taks: the key "taks" does not belong here'),
        (steps("{expect: {tasks: {a: {du: 2025-01-01}}}}"), "says of a task only lane, due, provisional"),
        (steps("{expect: {journal: [case.begun]}}"), 'there is no journal entry "case.begun"'),
        (steps("{expect: {notices: [{to: clerk, about: weather}]}}"), 'there is no notice "weather"'),
        (steps("{expect: {register: {moods: {}}}}"), 'there is no register "moods"'),
        (steps("{calendar: [2027-01-01: party], by: admin}"), 'wants "holiday" or "workday", not party'),
        (HEAD + "people: [{id: clerk, name: x, lanes: [public]}]\nsteps: []\n", 'somebody is called "clerk" already'),
        (HEAD + "people: [{id: a, name: x, lanes: [king]}]\nsteps: []\n", 'there is no lane "king"'),
        (HEAD + "register: {interests: [{person: sup1, agency: mars, relation: x}]}\nsteps: []\n", '"mars"'),
        (HEAD + "title: again\nsteps: []\n", "the key title stands twice"),
        ("- a\n- b\n", "A scenario has keys with values"),
        ("", "The file holds no scenario."),
        ("a: [", "This is not readable YAML"),
        ("title: !!python/object/apply:os.getcwd []\n", "This is not readable YAML"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(source: str, said: str) -> None:
    assert any(said in fault for fault in faults(source)), faults(source)


def test_every_fault_is_said_at_once() -> None:
    assert len(faults(steps("{start: x}", "{complete: y, by: nobody}", "{at: never}"))) == 3


def test_a_refusal_of_a_task_and_of_a_start() -> None:
    (story,) = read(
        steps(
            "{refuse: check, by: clerk, because: B-14}", "{refuse: {start: x}, by: sup1, because: permission}"
        ).encode()
    )
    first, second = story.steps
    assert isinstance(first, Refuse) and isinstance(first.tried, Complete) and first.tried.task == "check"
    assert isinstance(second, Refuse) and isinstance(second.tried, Start) and second.because == "permission"


def test_answers_are_json_and_durations_are_read() -> None:
    (story,) = read(
        steps("{start: x, by: sup1, with: {day: 2025-01-02, none: ~}}", "{restart: {down_for: P1DT2H}}").encode()
    )
    start, restart = story.steps
    assert isinstance(start, Start) and start.answers == {"day": "2025-01-02", "none": None}
    assert isinstance(restart, Restart) and restart.down_for == timedelta(days=1, hours=2)


def test_a_missing_file_is_refused_in_words(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Invalid, match="cannot be opened"):
        read_file(tmp_path / "none.yaml")
