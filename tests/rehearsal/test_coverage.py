"""What a story has visited is counted, and what it has not is named: elements, arrows, outcomes, rules."""

from __future__ import annotations

from pathlib import Path

from app.rehearsal.coverage import Coverage
from app.rehearsal.report import coverage_text
from tests.rehearsal.stories import BEGUN, DONE, told

AGAIN = {"complete": "check", "by": "clerk", "with": {"outcome": "again", "note": "x"}}
LATE = {"at": "2026-03-05T00:00:00+08:00"}


def test_a_short_story_leaves_the_rest_missing(packs: Path) -> None:
    missing = told(packs, BEGUN).coverage.missing()
    assert missing["elements"] == {"opinion": ["again", "end", "enter", "issue", "late", "tell", "told", "wait"]}
    assert "again_write" in missing["flows"]["opinion"] and "start_write" not in missing["flows"]["opinion"]
    assert missing["outcomes"] == {"opinion": ["check=again", "check=done"]}


def test_of_two_arrows_into_a_task_only_the_one_taken_is_counted(packs: Path) -> None:
    straight = told(packs, BEGUN, DONE).coverage.visited()["flows"]["opinion"]
    assert "start_write" in straight and "again_write" not in straight
    back = told(packs, BEGUN, AGAIN).coverage.visited()["flows"]["opinion"]
    assert "again_write" in back and "again_issue" not in back


def test_stories_together_visit_what_none_visits_alone(packs: Path) -> None:
    total = Coverage()
    for story in ((BEGUN, DONE, {"send": "go_on"}), (BEGUN, AGAIN), (BEGUN, LATE)):
        alone = told(packs, *story).coverage
        assert alone.missing()["elements"] or alone.missing()["outcomes"]
        total.add(alone)
    assert not any(total.missing().values()), total.missing()
    assert "elements: 11 of 11" in next(coverage_text(total))


def test_refusals_are_listed_by_what_was_tried(packs: Path) -> None:
    tried = {"refuse": {"start": "opinion"}, "by": "clerk", "because": "permission"}
    assert told(packs, tried).coverage.visited()["refusals"] == {"start opinion": ["permission"]}
    assert told(packs, {**tried, "because": "B-1"}).coverage.visited()["refusals"] == {}
