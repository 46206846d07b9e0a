"""The monitor's pages: who enters, what they show, and what they cost."""

from __future__ import annotations

import pytest

from tests.web import story
from tests.web.world import World

PAGES = (
    "/monitor", "/monitor/cases.csv", "/monitor/diagrams", "/monitor/diagrams/agency_handling", "/monitor/incidents",
    "/monitor/overdue", "/monitor/overdue.csv", "/monitor/rates", "/monitor/rates.csv", "/monitor/times",
    "/monitor/times.csv", "/monitor/diagrams/agency_handling/xml",
)  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_each_page_opens_for_managers(world: World, address: str) -> None:
    story.begin(world)
    for who in ("manager", "head", "leader"):
        answer = world.as_(who).get(address)
        assert answer.status_code == 200, answer.text[:500]
