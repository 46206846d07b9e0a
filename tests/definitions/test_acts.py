"""What a pack says of its acts is checked when it is loaded, not when somebody presses the button."""

from __future__ import annotations

from typing import Any, get_args

import pytest
import yaml

from app.cases.clocks import DOES as DONE
from app.definitions import library
from app.definitions.checks import check
from app.definitions.manifest import Act
from app.errors import Invalid
from app.rehearsal.stage import pack_files
from tests.builders import ABOUT, form, small_pack, text
from tests.cases.test_deadlines import ROOT

ACT = {"zh": "停", "en": "stop", "on": ["loop", "other"], "lane": "bureau_clerk", "does": "stop", "form": "clock/stop"}


def rules(**changes: Any) -> list[tuple[str, str | None]]:
    about = {**ABOUT, "acts": {"halt": {**ACT, **changes}}}
    files = {**small_pack(), "pack.yaml": yaml.safe_dump(about, allow_unicode=True).encode()}
    files["forms/clock/stop.form"] = form(text("reason"))
    return [(found.rule, found.element) for found in check(library.parse(files))]


@pytest.mark.parametrize("pack", ["wuhan_2021", "beibei_2024"])
def test_the_shipped_acts_can_be_done(pack: str) -> None:
    assert check(library.parse(pack_files(ROOT, pack))) == []


def test_the_lanes_forms_and_works_of_acts_are_known() -> None:
    assert rules() == []
    assert rules(form="stop") == [("form.missing", "halt")]
    assert rules(lane="bureau_clerk cook") == [("lane.unknown", "halt")]
    with pytest.raises(Invalid) as refused:
        rules(does="dance")
    assert [(one.element, one.field) for one in refused.value.findings] == [("acts halt", "does")]
    assert rules(begins="nothing", does=None) == [("act.unknown", "halt")]
    assert set(get_args(get_args(Act.model_fields["does"].annotation)[0])) == set(DONE)
