"""What is expected and there passes; what is expected and not there differs: each kind of comparison, both ways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.rehearsal.stories import BEGUN, DONE, differences, told

CHECKED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"status": ["draft", "submitted"]}, {"status": ["submitted", "draft"]}),
    ({"status": "submitted"}, {"status": "draft"}),
    ({"tasks": {"check": {"lane": "bureau_clerk", "due": "2026-03-04"}}}, {"tasks": {"check": {"due": "2026-03-05"}}}),
    ({"tasks": {"check@bureau": {}}}, {"tasks": {"check@market": {}}}),
    ({"tasks": ["check"]}, {"tasks": []}),
    ({"tasks": {"check": {"provisional": False}}}, {"tasks": {"check": {"provisional": True}}}),
    ({"not_tasks": ["write"]}, {"not_tasks": ["check"]}),
    ({"timers": {"late": "2026-03-05T00:00:00+08:00"}}, {"timers": {"late": "2026-03-04T00:00:00+08:00"}}),
    ({"timers": {"late": ["2026-03-05T00:00:00+08:00"]}}, {"timers": {"late": None}}),
    ({"data": {"title": "程序"}}, {"data": {"title": "别的"}}),
    ({"data": {"string length(title)": 2}}, {"data": {"string length(title)": 3}}),
    ({"data": {"check_due": "2026-03-04", "note": None}}, {"data": {"check_due": None}}),
    ({"journal": ["case.started", "task.opened"]}, {"journal": ["task.opened", "case.started"]}),
    ({"notices": [{"to": "clerk2", "about": "assigned"}]}, {"notices": [{"to": "head", "about": "assigned"}]}),
    ({"not_notices": [{"to": "head", "about": "assigned"}]}, {"not_notices": [{"to": "clerk", "about": "assigned"}]}),
    ({"cases": {"opinion": 1}}, {"cases": {"opinion": 0}}),
    ({"documents": []}, {"documents": ["DOC-12"]}),
    ({"register": {"supervisors": {"sup1": {"status": "active"}}}}, {"register": {"supervisors": {"sup1": None}}}),
    ({"register": {"supervisors": {"clerk": None}}}, {"register": {"supervisors": {"sup1": {"mood": "good"}}}}),
    ({"register": {"opinions": {"sup1": None}}}, {"register": {"opinions": {"sup1": {}}}}),
]


@pytest.mark.parametrize(("right", "wrong"), CHECKED)
@pytest.mark.parametrize("case", [None, "opinion"])
def test_each_comparison_holds_and_fails(
    packs: Path, right: dict[str, Any], wrong: dict[str, Any], case: str | None
) -> None:
    named = {"case": case} if case else {}
    holds = told(packs, BEGUN, {"expect": {**named, **right}})
    assert holds.outcome == "passed", differences(holds)
    fails = told(packs, BEGUN, {"expect": {**named, **wrong}})
    assert fails.outcome == "failed" and len(differences(fails)) >= 1


PAPERS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"documents": ["DOC-12"]}, {"documents": ["DOC-12", "DOC-12"]}),
    ({"documents": [{"DOC-12": {"heading": "程序"}}]}, {"documents": [{"DOC-12": {"heading": "别的"}}]}),
    ({"documents": [{"DOC-12": {"contains": "关于程序"}}]}, {"documents": [{"DOC-12": {"contains": "理由"}}]}),
    ({"documents": [{"DOC-12": {"lacks": ["理由", "期限"]}}]}, {"documents": [{"DOC-12": {"lacks": "关于"}}]}),
    ({"documents": [{"DOC-12": {"number": "意见〔2026〕1号"}}]}, {"documents": [{"DOC-12": {"colour": "red"}}]}),
    ({"not_documents": ["DOC-1", "DOC-21"]}, {"not_documents": ["DOC-12"]}),
    ({"not_documents": [{"DOC-12": {"contains": "理由"}}]}, {"not_documents": [{"DOC-12": {"contains": "关于"}}]}),
    (
        {"register": {"opinions": {"sup1": {"author": "sup1"}}}},
        {"register": {"opinions": {"sup1": {"author": "sup2"}}}},
    ),
    ({"register": {"opinions": {"opinion": {"key": "程序"}}}}, {"register": {"opinions": {"opinion": None}}}),
    ({"journal": ["document.issued", "register.changed"]}, {"journal": ["document.issued", "document.issued"]}),
]


@pytest.mark.parametrize(("right", "wrong"), PAPERS)
def test_papers_and_registers_are_looked_into(packs: Path, right: dict[str, Any], wrong: dict[str, Any]) -> None:
    holds = told(packs, BEGUN, DONE, {"expect": {"case": "opinion", **right}})
    assert holds.outcome == "passed", differences(holds)
    fails = told(packs, BEGUN, DONE, {"expect": {"case": "opinion", **wrong}})
    assert fails.outcome == "failed"


def test_what_has_no_data_yet_is_no_pass(packs: Path) -> None:
    result = told(packs, BEGUN, {"expect": {"reports": {"term_expiry": []}}})
    assert result.outcome == "failed" and "not available yet" in differences(result)[0]


def test_reports_list_these_cases_and_no_others(packs: Path) -> None:
    late = {"at": "2026-03-05T00:00:00+08:00"}
    overdue = {"expect": {"reports": {"overdue": ["opinion"]}}}
    nothing = {"expect": {"reports": {"overdue": []}, "rates": {"market": {"adoption": {"counted": 0, "of": 0}}}}}
    holds = told(packs, BEGUN, nothing, late, overdue)
    assert holds.outcome == "passed", differences(holds)
    assert told(packs, BEGUN, overdue).outcome == "failed"
    assert told(packs, BEGUN, late, nothing).outcome == "failed"


def test_a_rate_is_compared_number_by_number(packs: Path) -> None:
    wrong = {"expect": {"rates": {"market": {"sign_on_time": {"counted": 1, "of": 1}}}}}
    assert differences(told(packs, BEGUN, wrong))[0].startswith("market.sign_on_time")


def test_a_paper_that_is_not_out_differs(packs: Path) -> None:
    assert differences(told(packs, BEGUN, {"issue": "DOC-12"})) == ["DOC-12 has not been issued."]


def test_rows_that_exist_before_the_story(packs: Path) -> None:
    head = {
        "people": [{"id": "zhou", "name": "周宁", "lanes": ["supervisor"]}],
        "register": {
            "supervisors": [{"person": "zhou", "term_start": "2024-06-28"}, {"person": "sup1", "status": "suspended"}],
            "interests": [{"person": "zhou", "agency": "transport", "relation": "spouse"}],
            "campaigns": [{"id": "c1", "quota": 5}],
        },
    }
    rows = {
        "supervisors": {"zhou": {"term_start": "2024-06-28", "term_end": "2027-06-27"}, "sup2": {"status": "active"}},
        "interests": {"zhou": {"agency": "transport"}, "sup2": None},
        "campaigns": {"c1": {"quota": 5}},
    }
    result = told(
        packs,
        {"refuse": {"start": "opinion"}, "by": "sup1", "because": "D-21"},
        {"start": "opinion", "by": "zhou", "with": {"title": "一"}},
        {"expect": {"register": rows}},
        **head,
    )
    assert result.outcome == "passed", differences(result)
