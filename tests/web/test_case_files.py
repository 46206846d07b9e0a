"""Files: what comes in, and to whom it goes out."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.files.models import File
from tests.files import made
from tests.files.hostile import HOSTILE
from tests.web import story
from tests.web.world import World


@pytest.mark.parametrize("name", made.GOOD)
def test_what_an_office_sends_is_taken_and_given_back(shared: World, name: str) -> None:
    answer = story.upload(shared, "clerk", name, made.GOOD[name])
    assert (answer.status_code, answer.json["name"]) == (201, name)
    back = shared.as_("clerk").get(f"/files/{answer.json['id']}")
    assert back.data == made.GOOD[name]
    assert back.headers["Content-Disposition"].startswith("attachment")
    assert back.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in back.headers["Content-Security-Policy"]
    assert "Last-Modified" not in back.headers, "it would say when it was uploaded"


@pytest.mark.parametrize(
    "about", ["script when opened", "macros", "test virus", "picture and archive", "page", "nothing"]
)
def test_anything_else_is_refused_in_words(shared: World, about: str) -> None:
    name, data, rule = HOSTILE[about]
    answer = story.upload(shared, "clerk", name, data)
    assert answer.status_code == 422
    assert any("一" <= sign <= "鿿" for sign in answer.json["detail"])
    with shared.database.reading() as db:
        assert not db.scalar(select(func.count()).select_from(File).where(File.name == name)), rule


def test_fifty_megabytes_and_not_one_more(shared: World) -> None:
    most = 50 * 1024 * 1024
    assert story.upload(shared, "head", data=made.pdf(most)).status_code == 201
    assert story.upload(shared, "head", data=made.pdf(most + 1)).status_code == 422
    assert story.upload(shared, "head", data=made.pdf(most + 2 * 1024 * 1024)).status_code == 413


def test_a_name_never_becomes_a_path(shared: World) -> None:
    answer = story.upload(shared, "clerk", "../../etc/p\u202efdp.sswd.pdf")
    assert answer.json["name"] == "pfdp.sswd.pdf"
    folder = shared.app.extensions["duban"].settings.data_dir
    assert {path.parent.parent.name for path in folder.rglob("*") if path.is_file() and "files" in path.parts} == {
        "files"
    }


def test_before_it_is_sent_only_its_uploader_has_it(shared: World) -> None:
    ref = story.upload(shared, "urban_handler").json["id"]
    assert shared.as_("urban_handler").get(f"/files/{ref}").status_code == 200
    for who in ("clerk", "urban_leader", "sup1", "stranger"):
        assert shared.as_(who).get(f"/files/{ref}").status_code == 404


def test_sent_with_a_form_it_goes_to_the_readers_of_the_answer(world: World) -> None:
    story.play(world, until="verify_rectification")
    page = world.as_("clerk").get(f"/tasks/{story.tasks_of(world, 'clerk')[0]}").text
    ref = page.partition('href="/files/')[2].partition('"')[0]
    assert world.as_("clerk").get(f"/files/{ref}").status_code == 200
    assert world.as_("urban_liaison").get(f"/files/{ref}").status_code == 200
    for who in ("market_liaison", "sup2", "stranger", "auditor"):
        assert world.as_(who).get(f"/files/{ref}").status_code in (403, 404)


def test_somebody_elses_file_cannot_be_sent(world: World) -> None:
    story.play(world, until="report_rectification")
    foreign = story.upload(world, "clerk").json["id"]
    answers = {"measures": "修订检查规范并组织培训", "done_on": "2025-03-05", "evidence": [foreign]}
    refused = story.complete(world, "urban_handler", answers)
    assert refused.status_code == 422
    assert "evidence" in {one["field"] for one in refused.json["findings"]}
    assert world.as_("urban_handler").get(f"/files/{foreign}").status_code == 404
