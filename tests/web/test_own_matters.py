"""Nobody handles a matter about himself: who is named in an opinion is shut out at every door, whatever the post."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from app import forms
from app.cases.models import Case
from app.people.models import Membership, Organisation
from tests.web import story
from tests.web.world import ROOT, World

NAMED = {
    "程思齐": "urban_handler",
    "程建章": "urban_leader",
    "陈静姝": "clerk",
    "梁守正": "leader",
    "马知远": "manager",
}


def begin(world: World, *names: str) -> str:
    return story.begin(world, officers=[{"name": name} for name in names])


@pytest.mark.parametrize("name", NAMED)
def test_who_is_named_finds_and_opens_nothing(world: World, name: str) -> None:
    case = begin(world, name)
    (ref,) = story.tasks_of(world, "urban_liaison")
    who = world.as_(NAMED[name])
    assert who.get(f"/cases/{case}").status_code == who.get(f"/tasks/{ref}").status_code == 404
    assert case not in who.get("/cases?search=占道").text
    assert who.post(f"/tasks/{ref}/claim").status_code == 404
    assert who.post(f"/tasks/{ref}/take-back", {"reason": "本人"}).status_code == 404
    for other in ("urban_liaison", "head", "sup1"):
        assert world.as_(other).get(f"/cases/{case}").status_code == 200


def test_who_is_named_is_not_offered_and_another_is(world: World) -> None:
    with world.database.transaction() as db:
        urban = db.scalar(select(Organisation.id).where(Organisation.ref == "urban"))
        person = world.people["transport_handler"]
        db.execute(insert(Membership).values(person_id=person, organisation_id=urban, lane="agency_handler"))
    begin(world, "程思齐")
    story.finish(world, "urban_liaison", {"outcome": "accept"})
    (ref,) = story.tasks_of(world, "urban_liaison")
    page = world.as_("urban_liaison").get(f"/tasks/{ref}").text
    assert '"transport_handler"' in page and '"urban_handler"' not in page
    refused = world.as_("urban_liaison").send(f"/tasks/{ref}/complete", {"answers": {"handler": "urban_handler"}})
    assert refused.status_code == 422
    story.finish(world, "urban_liaison", {"handler": "transport_handler"})


def test_the_leader_who_is_named_does_not_approve(world: World) -> None:
    begin(world, "程建章")
    story.finish(world, "urban_liaison", {"outcome": "accept"})
    story.finish(world, "urban_liaison", {"handler": "urban_handler"})
    story.finish(world, "urban_handler", story.ANSWER)
    assert story.tasks_of(world, "urban_leader") == []


def test_it_holds_after_a_change_of_agency(world: World) -> None:
    case = begin(world, "石予墨")
    with world.database.transaction() as db:
        urban = db.scalar(select(Organisation.id).where(Organisation.ref == "urban"))
        person = world.people["market_handler"]
        db.execute(insert(Membership).values(person_id=person, organisation_id=urban, lane="agency_handler"))
    assert world.as_("market_handler").get(f"/cases/{case}").status_code == 404


def test_an_author_of_the_same_name_keeps_their_opinion(world: World) -> None:
    case = begin(world, "苏映雪")
    assert world.as_("sup1").get(f"/cases/{case}").status_code == 200


def test_a_case_that_comes_of_it_is_about_the_same(world: World) -> None:
    story.begin(world, officers=[{"name": "陈静姝"}], route="bureau", **_signed(world))
    with world.database.reading() as db:
        about = [case.parties.get("clerk", {}).get("role") for case in db.scalars(select(Case))]
    assert len(about) > 1 and set(about) == {"subject"}


def _signed(world: World) -> dict[str, Any]:
    return {"signature": world.as_("sup1").sign()}


@pytest.mark.parametrize("folder", ["forms/beibei_2024/opinion_beibei", "forms/wuhan_2021/opinion_wuhan"])
def test_both_packs_say_whom_an_opinion_is_about(folder: str) -> None:
    read = forms.read((ROOT / folder / "submit_opinion.form").read_bytes(), str(Path(folder).name))
    assert [field.key for field in read.fields if field.subjects] == ["officers"]
