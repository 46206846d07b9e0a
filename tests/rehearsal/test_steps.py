"""Each kind of step does what it says, through the same doors as people, and a step that is refused ends the story."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import Invalid
from app.rehearsal.report import as_json, as_text, trace_line
from tests.rehearsal.stories import BEGUN, DONE, differences, told, why_wrong


def test_a_story_from_start_to_end(packs: Path) -> None:
    result = told(
        packs,
        {**BEGUN, "as": "mine"},
        {"at": "2026-03-03T10:00:00+08:00"},
        DONE,
        {"issue": "DOC-12", "case": "mine"},
        {"send": "go_on", "with": {}},
        {"expect": {"case": "mine", "status": ["draft", "submitted", "closed"], "tasks": {}}},
    )
    assert result.outcome == "passed", differences(result)
    assert [entry.kind for entry in result.played[0].happened][:3] == [
        "case.started",
        "status.changed",
        "task.completed",
    ]


def test_the_clock_fires_timers_at_their_own_instant(packs: Path) -> None:
    result = told(packs, BEGUN, {"at": "2026-03-05T00:00:00+08:00"}, {"expect": {"timers": {"late": None}}})
    fired = [entry for entry in result.played[1].happened if entry.kind == "timer.fired"]
    assert [entry.at for entry in fired] == ["2026-03-05T00:00:00+08:00"]
    before = told(packs, BEGUN, {"at": "2026-03-04T23:59:59+08:00"}, {"expect": {"not_notices": [_OVERDUE]}})
    assert before.outcome == "passed", differences(before)


_OVERDUE = {"to": "head", "about": "overdue"}


def test_after_a_restart_what_fell_due_meanwhile_happens_once_and_late(packs: Path) -> None:
    result = told(packs, BEGUN, {"restart": {"down_for": "P10D"}}, {"expect": {"notices": [_OVERDUE]}})
    fired = [entry for entry in result.played[1].happened if entry.kind == "timer.fired"]
    assert [(entry.at, entry.data["due"]) for entry in fired] == [
        ("2026-03-12T09:00:00+08:00", "2026-03-05T00:00:00+08:00")
    ]


@pytest.mark.parametrize(
    ("tried", "because"),
    [
        ({"refuse": "check", "by": "sup2", "with": {}}, "not_found"),
        ({"refuse": "check", "by": "sup1", "with": {"outcome": "done", "note": "x"}}, "permission"),
        ({"refuse": "check", "by": "clerk", "with": {"outcome": "maybe", "note": "x"}}, "outcome"),
        ({"refuse": "check", "by": "clerk", "with": {"outcome": "", "note": "x"}}, "B-14"),
        ({"refuse": "check", "by": "clerk", "with": {"outcome": "done", "note": ""}}, "invalid"),
        ({"refuse": "write", "by": "sup1"}, "conflict"),
        ({"refuse": {"start": "opinion"}, "by": "clerk"}, "permission"),
        ({"refuse": {"read": "opinion"}, "by": "sup2"}, "not_found"),
        ({"refuse": {"send": "stop"}}, "conflict"),
        ({"refuse": {"act": "release", "task": "check"}, "by": "clerk"}, "permission"),
    ],
)
def test_what_must_be_refused_is_refused_for_that_reason(packs: Path, tried: dict[str, object], because: str) -> None:
    good = told(packs, BEGUN, {**tried, "because": because})
    assert good.outcome == "passed", differences(good)
    other = told(packs, BEGUN, {**tried, "because": "W-99"})
    assert other.outcome == "failed" and "not W-99" in differences(other)[0]


def test_a_refused_step_has_changed_nothing(packs: Path) -> None:
    refused = {"refuse": "check", "by": "clerk", "with": {"outcome": "no", "note": "x"}, "because": "outcome"}
    result = told(packs, BEGUN, refused, {"expect": {"tasks": {"check": {"holder": None}}, "data": {"note": None}}})
    assert result.outcome == "passed", differences(result)
    (entry,) = result.played[1].happened
    assert (entry.kind, entry.data["kind"], entry.data["fields"]) == ("task.refused", "invalid", ["outcome"])


def test_who_sees_nothing_leaves_nothing_in_the_journal(packs: Path) -> None:
    refused = {"refuse": "check", "by": "sup2", "with": {}, "because": "not_found"}
    assert told(packs, BEGUN, refused).played[1].happened == ()


def test_what_is_not_refused_differs(packs: Path) -> None:
    result = told(
        packs, BEGUN, {"refuse": "check", **{k: v for k, v in DONE.items() if k != "complete"}, "because": "B-14"}
    )
    assert differences(result) == ["complete check was not refused."]


def test_a_step_that_is_refused_ends_the_story(packs: Path) -> None:
    result = told(packs, BEGUN, {**DONE, "by": "sup2"}, {"expect": {"tasks": {}}})
    assert result.outcome == "failed" and len(result.played) == 2
    assert "was refused" in differences(result)[0]
    assert as_json(result)["steps"][2]["done"] is False


def test_samples_are_neutral_and_never_decide(packs: Path) -> None:
    guessed = told(packs, {"start": "opinion", "by": "sup1"}, {"expect": {"data": {"title": "样"}}})
    assert guessed.outcome == "passed", differences(guessed)
    strict = told(packs, {"start": "opinion", "by": "sup1"}, strict=True)
    assert "title" in differences(strict)[0]
    decided = told(packs, BEGUN, {"refuse": "check", "by": "clerk", "with": {"note": "x"}, "because": "outcome"})
    assert decided.outcome == "passed", differences(decided)


def test_a_draft_is_kept_and_sent_later(packs: Path) -> None:
    result = told(
        packs,
        {**BEGUN, "draft": True},
        {"expect": {"status": "draft", "tasks": {"write": {"lane": "supervisor"}}, "data": {"title": None}}},
        {"complete": "write", "by": "sup1", "with": {"title": "程序"}},
        {**DONE, "draft": True},
        {"expect": {"status": "submitted", "tasks": ["check"]}},
    )
    assert result.outcome == "passed", differences(result)


def test_claiming_holds_a_task_against_others(packs: Path) -> None:
    result = told(
        packs,
        BEGUN,
        {"act": "claim", "task": "check", "by": "clerk"},
        {"expect": {"tasks": {"check": {"holder": "clerk"}}, "journal": ["task.claimed"]}},
        {"refuse": {"act": "claim", "task": "check"}, "by": "clerk2", "because": "conflict"},
        {"act": "release", "task": "check", "by": "clerk"},
        {"act": "claim", "task": "check", "by": "clerk2"},
    )
    assert result.outcome == "passed", differences(result)


def test_several_cases_have_names(packs: Path) -> None:
    result = told(
        packs,
        BEGUN,
        {"start": "opinion", "by": "sup2", "with": {"title": "二"}},
        {"start": "opinion", "by": "sup1", "as": "third", "with": {"title": "三"}},
        {"complete": "check", "case": "opinion#2", "by": "clerk", "with": {"outcome": "again", "note": "x"}},
        {"expect": {"case": "opinion/sup2", "tasks": {"write": {}}}},
        {"expect": {"case": "opinion", "tasks": ["check"], "data": {"title": "程序"}}},
        {"expect": {"case": "third", "data": {"title": "三"}, "cases": {"opinion": 3}}},
    )
    assert result.outcome == "passed", differences(result)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"complete": "chekc", "by": "clerk", "with": {}}, 'has a task "chekc"'),
        ({"complete": "check", "case": "other", "by": "clerk"}, 'No case is called "other"'),
        ({"act": "dance", "case": "opinion", "by": "clerk"}, 'There is no act "dance"'),
        ({"at": "2026-03-01T00:00:00+08:00"}, "lies before"),
        ({"read": "opinion", "by": "clerk", "sees": ["titel"]}, 'has a field "titel"'),
        ({"expect": {"not_tasks": ["chekc"]}}, 'has an element "chekc"'),
        ({"expect": {"data": {"titel": None}}}, 'called "titel"'),
        ({"expect": {"data": {"a +": 1}}}, "data: a +"),
        ({"expect": {"cases": {"opinoin": 0}}}, 'no process "opinoin"'),
        ({"expect": {"not_notices": [{"to": "nobody", "about": "urged"}]}}, 'Nobody is called "nobody"'),
        ({**BEGUN, "start": "opinion", "as": "x", "complete": "y"}, "exactly one"),
    ],
)
def test_a_wrong_name_is_a_wrong_file_not_a_pass(packs: Path, step: dict[str, object], said: str) -> None:
    try:
        result = told(packs, BEGUN, step)
    except Invalid as fault:
        assert said in str(fault)
        return
    assert result.outcome == "wrong" and said in why_wrong(result), (result.outcome, why_wrong(result))


def test_one_of_several_open_tasks_must_be_named(packs: Path) -> None:
    result = told(packs, BEGUN, {"start": "opinion", "by": "sup2", "with": {"title": "二"}}, DONE)
    assert result.outcome == "wrong" and "Several tasks" in why_wrong(result)


def test_a_person_sees_what_the_form_opens_to_them(packs: Path) -> None:
    seen = {"read": "opinion", "by": "sup1", "sees": ["title", "DOC-12"], "hides": ["note"]}
    assert told(packs, BEGUN, DONE, seen).outcome == "passed"
    wrong = {"read": "opinion", "by": "sup1", "sees": ["note"], "hides": ["title"]}
    assert differences(told(packs, BEGUN, DONE, wrong)) == ["sup1 does not see note.", "sup1 sees title."]


def test_what_cannot_be_done_yet_differs(packs: Path) -> None:
    transfer = {"act": "transfer", "task": "check", "by": "clerk", "with": {"to": "clerk2"}}
    assert "not available yet" in differences(told(packs, BEGUN, transfer))[0]


def test_settings_and_days_of_rest_move_a_due_date(packs: Path) -> None:
    due = {"expect": {"tasks": {"check": {"due": "2026-03-10", "provisional": False}}}}
    result = told(packs, BEGUN, due, settings={"P-01": 5}, calendar=[{"2026-03-04": "holiday"}])
    assert result.outcome == "passed", differences(result)
    assert "P-77" in why_wrong(told(packs, BEGUN, settings={"P-77": 1}))


def test_a_due_date_in_a_year_without_a_table_is_provisional(packs: Path) -> None:
    due = {"expect": {"tasks": {"check": {"due": "2027-03-04", "provisional": True}}}}
    result = told(packs, BEGUN, due, clock="2027-03-02T09:00:00+08:00")
    assert result.outcome == "passed", differences(result)


def test_the_report_names_line_and_difference(packs: Path) -> None:
    result = told(packs, BEGUN, {"expect": {"status": "closed"}})
    lines = list(as_text(result))
    assert lines[0].startswith("differs: 试") and "opinion: status: ['closed'] expected" in lines[1]
    assert "case.started" in trace_line(result.played[0].happened[0])
    assert as_json(result)["outcome"] == "failed"


def test_the_holiday_table_moves_what_rested_on_it(packs: Path) -> None:
    table = {"calendar": [{"2027-01-04": "holiday"}], "year": 2027, "by": "admin"}
    result = told(
        packs,
        BEGUN,
        {"expect": {"tasks": {"check": {"due": "2027-01-04", "provisional": True}}}},
        {"refuse": {"calendar": [{"2027-01-04": "holiday"}]}, "by": "clerk", "because": "permission"},
        table,
        {
            "expect": {
                "case": "opinion",
                "tasks": {"check": {"due": "2027-01-05", "provisional": False}},
                "timers": {"late": "2027-01-06T00:00:00+08:00"},
                "data": {"check_due": "2027-01-05"},
                "journal": ["deadline.changed"],
                "notices": [{"to": "clerk", "about": "deadline_changed"}],
            }
        },
        {"expect": {"journal": ["calendar.imported", "deadline.changed"]}},
        clock="2026-12-31T09:00:00+08:00",
        calendar=[{"2027-01-01": "holiday"}],
        settings={"P-01": 1},
    )
    assert result.outcome == "passed", differences(result)


def test_a_deadline_that_an_import_would_shorten_is_kept_and_listed(packs: Path) -> None:
    result = told(
        packs,
        BEGUN,
        {"calendar": [{"2027-01-02": "workday"}], "year": 2027},
        {
            "expect": {
                "tasks": {"check": {"due": "2027-01-04"}},
                "register": {"deadline_reviews": {"opinion": {"kept": "2027-01-04", "computed": "2027-01-02"}}},
            }
        },
        clock="2026-12-31T09:00:00+08:00",
        calendar=[{"2027-01-01": "holiday"}],
        settings={"P-01": 1},
    )
    assert result.outcome == "passed", differences(result)


def test_a_name_for_a_case_that_does_not_start_is_a_wrong_file(packs: Path) -> None:
    result = told(packs, BEGUN, {"at": "2026-03-05T00:00:00+08:00", "as": "linked"})
    assert result.outcome == "wrong" and 'could be called "linked"' in why_wrong(result)
