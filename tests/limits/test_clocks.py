"""A clock that stood still: by how much a deadline moves, in the unit of its limit."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from app.clock import OFFICE_ZONE
from app.config import ROOT
from app.definitions import library
from app.limits.clocks import day_after_standing
from app.limits.deadlines import Deadline
from app.limits.rules import Rules, rules_for
from app.rehearsal.stage import pack_files

AT = datetime(2026, 3, 2, 9, 0, tzinfo=OFFICE_ZONE)


@pytest.fixture(scope="module")
def rules() -> Rules:
    """Wuhan's rules."""
    return rules_for(library.parse(pack_files(ROOT, "wuhan_2021")), {}, AT)


def limit(rules: Rules, policy: str | None, due: date, counted_from: date | None = None) -> Deadline:
    return Deadline("x", due, 0, "e", "p", rules.policy(policy) if policy else None, counted_from, None, None)


@pytest.mark.parametrize(
    ("policy", "due", "since", "today", "moved"),
    [
        # 09-25, 26, 28 (make-up Sunday), 29, 30, 10-09 stood still: six working days after 09-28.
        ("P-05", date(2025, 9, 28), date(2025, 9, 24), date(2025, 10, 9), date(2025, 10, 13)),
        ("P-05", date(2025, 9, 28), date(2025, 9, 24), date(2025, 9, 24), date(2025, 9, 28)),
        (None, date(2025, 9, 28), date(2025, 9, 27), date(2025, 9, 28), date(2025, 9, 29)),
        # Calendar days are counted for a limit of calendar days: fifteen.
        ("P-29", date(2025, 9, 28), date(2025, 9, 24), date(2025, 10, 9), date(2025, 10, 13)),
        ("P-29", date(2025, 9, 28), date(2025, 9, 26), date(2025, 9, 29), date(2025, 10, 1)),
        # P-14 rolls: three days after 09-30 is 10-03, of rest; the next working day is 10-09.
        ("P-14", date(2025, 9, 30), date(2025, 9, 26), date(2025, 9, 29), date(2025, 10, 9)),
    ],
)
def test_a_deadline_moves_by_what_stood_still(  # noqa: PLR0913
    rules: Rules, policy: str | None, due: date, since: date, today: date, moved: date
) -> None:
    assert day_after_standing(rules, limit(rules, policy, due), since, today) == moved


def test_a_limit_that_began_meanwhile_stood_still_since_then(rules: Rules) -> None:
    began = limit(rules, "P-05", date(2025, 10, 20), counted_from=date(2025, 10, 9))
    assert day_after_standing(rules, began, date(2025, 9, 24), date(2025, 10, 10)) == date(2025, 10, 21)
