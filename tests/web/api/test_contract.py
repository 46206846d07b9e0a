"""The API keeps what its description says: made-up requests of nine roles to every operation, and what it describes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from schemathesis.core.failures import FailureGroup

from tests.web.api import fuzzing
from tests.web.api.fuzzing import Stage
from tests.web.api.scripts import PLENTY
from tests.web.conftest import Base, copied
from tests.web.world import World

NINE = ("anonymous", "clerk", "leader", "urban_handler", "sup1", "owner", "manager", "auditor", "admin")
EXAMPLES = 2


@pytest.fixture(scope="module")
def stage(base: Base, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    world = copied(base, tmp_path_factory.mktemp("contract"), api_calls_a_minute=PLENTY)
    yield fuzzing.staged(world)
    world.database.close()


def described(world: World) -> dict:
    return world.app.test_client().get("/api/openapi.json").json


def test_every_answer_to_every_operation_is_described(stage: Stage) -> None:
    for operation in stage.operations():
        fuzzing.fuzz(stage, operation, NINE, examples=EXAMPLES)
    assert set(stage.asked) == {operation.label for operation in stage.operations()}
    assert {200, 400, 401, 403, 404, 422} <= set(stage.answered)


def test_a_broken_promise_is_found(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: an answer that lacks a field, and one that fails."""
    (me,) = (one for one in stage.operations() if one.label == "GET /api/v1/me")
    view = stage.world.app.view_functions["api_me.me"]
    for answer in ({"ref": "x"}, None):
        monkeypatch.setitem(stage.world.app.view_functions, "api_me.me", _answering(answer, view))
        with pytest.raises(FailureGroup):
            fuzzing.fuzz(stage, me, ["clerk"], examples=1)


def _answering(answer: object, view: object) -> object:
    def broken() -> object:
        if answer is None:
            raise RuntimeError("an unknown fault")
        return answer

    broken.audience = view.audience  # type: ignore[attr-defined]
    return broken


def test_the_description_is_open_to_anyone_and_whole(stage: Stage) -> None:
    spec = described(stage.world)
    assert spec["openapi"] == "3.1.0"
    rules = {rule.rule for rule in stage.world.app.url_map.iter_rules() if rule.endpoint.startswith("api_")}
    assert {path.replace("{", "<").replace("}", ">") for path in spec["paths"]} == rules


def test_every_operation_says_its_refusals(stage: Stage) -> None:
    for path, operations in described(stage.world)["paths"].items():
        for method, operation in operations.items():
            usual = {"401", "403", "405", "429"} | ({"400", "409", "415"} if method == "post" else set())
            assert usual <= set(operation["responses"]), (method, path)
            assert operation["summary"] and operation["security"] and operation["operationId"]
            names = {one["name"] for one in operation.get("parameters", ())}
            assert ("Idempotency-Key" in names) == (method == "post")
            schema = operation["responses"]["403"]["content"]
            assert list(schema) == ["application/json" if "engine-rest" in path else "application/problem+json"]
