"""Steps of S14 through the web's own addresses, for tests that need a case at some point of its life."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from typing import Any

from werkzeug.test import TestResponse

from app import jobs
from app.clock import OFFICE_ZONE
from tests.files import made
from tests.web.world import World

AGENCY = ("urban_liaison", "urban_handler", "urban_leader")
"""Those of the agency that the opinion of S14 is about."""
SECRET = "是否出示证件须进一步查明"
"""Words of the bureau's own opinions in S14, which no agency may read."""
OPINION = {
    "subject": "enforcement",
    "route": "direct_agency",
    "title": "关于占道经营检查程序的意见",
    "agency": "urban",
    "occurred_on": "2024-12-12",
    "place": "北碚区天生路",
    "origin": "own_finding",
    "problem_type": ["程序违法"],
    "facts": "执法人员检查时未出示执法证件，也未告知当事人陈述申辩的权利。",
    "suggestion": "规范检查程序，出示证件并履行告知义务",
    "request_type": "correction",
    "urgency": "普通",
    "secrecy": "普通",
    "no_state_secret": True,
    "recusal_declaration": "none",
    "truthful": True,
}
ANSWER = {
    "investigation": "已调取检查录像并询问当事人",
    "analysis": "检查人员已口头说明身份",
    "judgement": "检查程序并无不当",
    "adoption": "not_adopted",
    "reason": "录像显示检查人员着制式服装并口头说明身份，本机关认为检查程序符合规定。",
}


def begin(world: World, who: str = "sup1", **changes: Any) -> str:
    """Send an opinion; the case's ref."""
    answer = world.as_(who).send("/start/opinion_beibei", {"answers": {**OPINION, **changes}, "key": None})
    assert answer.status_code == 200, answer.text
    return str(answer.json["location"]).rpartition("/")[2]


def tasks_of(world: World, who: str) -> list[str]:
    """Refs of the tasks in somebody's inbox, in order."""
    page = world.as_(who).get("/inbox/todo").text
    return re.findall(r'<li class="queue-item"><a href="/tasks/([\w-]+)"', page)


def complete(world: World, who: str, answers: dict[str, Any], **more: Any) -> TestResponse:
    """Complete the first task of somebody's inbox."""
    (ref, *_) = tasks_of(world, who)
    return world.as_(who).send(f"/tasks/{ref}/complete", {"answers": answers, **more})


def finish(world: World, who: str, answers: dict[str, Any]) -> None:
    """The same, accepted."""
    sent = complete(world, who, answers)
    assert sent.status_code == 200, sent.text


def answered(world: World) -> str:
    """A direct opinion that the agency has answered with a refusal; the case's ref."""
    case = begin(world)
    for who, answers in (
        ("urban_liaison", {"outcome": "accept"}),
        ("urban_liaison", {"handler": "urban_handler"}),
        ("urban_handler", ANSWER),
        ("urban_leader", {"outcome": "approve"}),
    ):
        sent = complete(world, who, answers)
        assert sent.status_code == 200, sent.text
    return case


def at(moment: str) -> datetime:
    """An instant of the office."""
    return datetime.fromisoformat(moment).replace(tzinfo=OFFICE_ZONE)


REASON = "着装与口头说明不能代替出示执法证件，也未见告知陈述申辩权利的记录。"
TEAM = [{"person": "clerk", "recusal_declaration": "none"}, {"person": "clerk2", "recusal_declaration": "none"}]
ISSUING: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("clerk", "draft", {}),
    ("head", "check", {"outcome": "approve"}),
    ("leader", "sign", {"outcome": "approve"}),
    ("archivist", "seal", {}),
)
"""How a paper goes out (domain.md 2.4.20): who, which task, which answers."""
S14: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("2024-12-16T11:00", "urban_liaison", "agency_sign", {"outcome": "accept"}),
    ("2024-12-16T11:05", "urban_liaison", "assign_handler", {"handler": "urban_handler"}),
    ("2025-01-06T09:00", "urban_handler", "investigate_and_draft", ANSWER),
    ("2025-01-06T10:00", "urban_leader", "agency_approve", {"outcome": "approve"}),
    ("2025-01-13T09:00", "sup1", "supervisor_response", {"outcome": "escalate", "disagreement_reason": REASON}),
    (
        "2025-01-13T09:30", "sup1", "write_supervision_opinion",
        {"facts": "检查时未出示执法证件", "suggestion": "请区司法局依法监督", "signature": "sign"},
    ),
    ("2025-01-14T09:00", "clerk", "register_review", {"author_status": "在任", "opinion_signed": True}),
    (
        "2025-01-22T15:00", "head", "preliminary_review",
        {"review_step": "direct", "review_opinion": "是否出示证件须进一步查明", "outcome": "need_investigation"},
    ),
    ("2025-01-22T16:00", "head", "form_team", {"members": TEAM}),
    ("2025-01-23T09:00", "clerk", "investigation_plan", {"plan": "调取全程录像并询问在场人员"}),
    (
        "2025-03-03T10:00", "clerk2", "investigation_report",
        {"findings": "检查全程未出示执法证件", "evidence_list": "录像、询问笔录", "opinion": "建议责令纠正"},
    ),
    ("2025-03-03T11:00", "leader", "approve_report", {"outcome": "approve"}),
    (
        "2025-03-05T10:00", "head", "review_conclusion",
        {
            "duty_finding": "wrongly_performed", "serious_consequence": False, "facts": "检查时未出示执法证件",
            "legal_basis": "行政处罚法第五十五条",
        },
    ),
    ("2025-03-05T11:00", "leader", "review_conclusion_leader", {"outcome": "approve"}),
    *(("2025-03-05T12:00", *step) for step in ISSUING),
    (
        "2025-03-20T10:00", "urban_handler", "report_rectification",
        {"measures": "修订检查规范并组织培训", "done_on": "2025-03-19", "evidence": "file"},
    ),
    ("2025-03-24T10:00", "clerk", "verify_rectification", {"outcome": "passed"}),
    ("2025-03-24T11:00", "head", "verify_rectification_head", {"outcome": "approve"}),
)  # fmt: skip
"""The steps of S14 after the opinion has been sent: when, who, which task, which answers."""


def answers_of(world: World, who: str, answers: dict[str, Any]) -> dict[str, Any]:
    """The answers with this person's signature and a file that they have uploaded."""
    filled = dict(answers)
    if filled.get("signature") == "sign":
        filled["signature"] = world.as_(who).sign()
    if filled.get("evidence") == "file":
        filled["evidence"] = [upload(world, who).json["id"]]
    return filled


def upload(world: World, who: str, name: str = "整改报告.pdf", data: bytes = made.pdf()) -> TestResponse:
    """Send a file in."""
    browser = world.as_(who)
    headers = {"X-CSRFToken": browser.token(), "Accept": "application/json"}
    return browser.client.post("/files", data={"field": "x", "file": (BytesIO(data), name)}, headers=headers)


def play(world: World, until: str | None = None) -> str:
    """S14 through the web up to (without) that task; the ref of the opinion's case."""
    case = begin(world)
    for moment, who, task, answers in S14:
        if task == until:
            break
        world.clock.move(at(moment))
        jobs.sweep(world.database, world.clock.now())
        sent = complete(world, who, answers_of(world, who, answers))
        assert sent.status_code == 200, (task, sent.text)
    return case
