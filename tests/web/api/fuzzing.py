"""The API as its own description promises it: made-up requests by every role, each answer held against the schema."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    negative_data_rejection,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.checks import allow_header_conformance

from tests.web import story
from tests.web.api.scripts import script, token_of
from tests.web.world import World

ROLES = (
    "anonymous", "sup1", "sup2", "urban_liaison", "urban_handler", "urban_leader", "market_handler", "clerk", "head",
    "leader", "owner", "owner2", "manager", "auditor", "admin", "stranger",
)  # fmt: skip
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    allow_header_conformance,
)


@dataclass
class Stage:
    """A world with something of everything in it, a token for each role, and what was asked of it so far."""

    world: World
    tokens: dict[str, str]
    pool: dict[str, list[str]]
    schema: Any
    asked: Counter[str] = field(default_factory=Counter)
    answered: Counter[int] = field(default_factory=Counter)

    def headers(self, role: str) -> dict[str, str]:
        """How the role shows who it is."""
        return {"Authorization": f"Bearer {self.tokens[role]}"} if role in self.tokens else {}

    def operations(self) -> list[Any]:
        """Every operation of the schema."""
        return [one.ok() for one in self.schema.get_all_operations()]


def staged(world: World) -> Stage:
    """A case with papers under way, a draft, a proposal that waits."""
    case = story.play(world, until="review_conclusion")
    draft = script(world, "sup2").post("cases", {"process": "opinion_beibei"}).json
    owner = script(world, "owner")
    xml = owner.get("definitions/opinion_beibei").json["xml"]
    changed = {"changes": {"processes/opinion_beibei.bpmn": xml.replace("监督意见办理（北碚）", "监督意见办理")}}
    proposal = owner.post("definitions", changed).json["ref"]
    tasks = [script(world, who).get("tasks").json["items"] for who in ("head", "clerk", "urban_liaison")]
    pool = {
        "ref": [case, draft["case"], draft["task"], proposal, *(one["ref"] for rows in tasks for one in rows)],
        "process": ["opinion_beibei", "opinion_review"],
        "key": ["opinion_beibei", "agency_handling"],
        "act": ["escalate", "withdraw"],
        "id": ["opinion_beibei", f"opinion_beibei:proposal:{proposal}"],
    }
    held = {who: token_of(world, who) for who in ROLES if who != "anonymous"}
    return Stage(world, held, pool, schemathesis.openapi.from_wsgi("/api/openapi.json", world.app))


def bodies(stage: Stage) -> dict[str, list[Any]]:
    """Requests that come further than made-up ones would."""
    outcome = {"answers": {"outcome": "approve"}}
    return {
        "POST /api/v1/cases": [{"process": "opinion_beibei", "answers": story.OPINION}, {"process": "opinion_beibei"}],
        "POST /api/v1/tasks/{ref}/complete": [outcome, {"answers": {"outcome": "accept"}, "revision": 1}],
        "POST /api/v1/deployments": [{"proposal": stage.pool["ref"][3]}],
        "POST /api/v1/cases/{ref}/acts/{act}": [{"answers": {}}],
    }


def fuzz(stage: Stage, operation: Any, roles: Sequence[str], *, examples: int, start: int = 0) -> None:
    """So many made-up requests to an operation, as its schema wants them and then otherwise, each sent by every role.

    Raises where an answer breaks a promise of the schema. `start`: a seed; 0 makes the same requests each time.
    """
    usual = settings(
        max_examples=examples, database=None, deadline=None, phases=[Phase.generate], derandomize=not start,
        suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )  # fmt: skip
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        run = usual(_requests(stage, operation, mode, roles))
        try:
            (seed(start)(run) if start else run)()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE, "nothing can be wrong with an operation that takes nothing"


def _requests(stage: Stage, operation: Any, mode: GenerationMode, roles: Sequence[str]) -> Any:
    known = bodies(stage).get(operation.label, []) if mode is GenerationMode.POSITIVE else []
    cases = operation.as_strategy(generation_mode=mode)

    @given(data=st.data())
    def run(data: Any) -> None:
        case = data.draw(cases)
        _lead_somewhere(case, data, stage, known)
        for role in roles:
            note(role)
            response = case.call(headers=stage.headers(role))
            case.validate_response(response, checks=list(CHECKS))
            stage.asked[operation.label] += 1
            stage.answered[response.status_code] += 1

    return run


def _lead_somewhere(case: Any, data: Any, stage: Stage, known: list[Any]) -> None:
    """Now and then the names of real things, and bodies that are nearly right."""
    for name in case.path_parameters or {}:
        if name in stage.pool and data.draw(st.integers(0, 3)):
            case.path_parameters[name] = data.draw(st.sampled_from(stage.pool[name]))
    if known and data.draw(st.booleans()):
        case.body = data.draw(st.sampled_from(known))
