"""Files on their way out: outside the bureau a copy under a neutral name, and nothing that cannot be cleaned."""

from __future__ import annotations

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select, update

from app import files
from app.cases.models import Case
from app.db import Database
from app.errors import Invalid
from app.files import Quota, Upload, orphans
from app.files.models import File
from app.files.orphans import KEPT
from app.people import directory
from tests.builders import NOW
from tests.files import made
from tests.files.planted import PLANTED, Canaries
from tests.web import story
from tests.web.world import World


def sent(world: World, name: str, data: bytes, route: str = "bureau") -> str:
    """A file that the author has sent to bureau and agency; by the bureau, so that the agency may not know them."""
    case = story.begin(world)
    ref = str(story.upload(world, "sup1", name, data).json["id"])
    with world.database.transaction() as db:
        case_id, facts = db.execute(select(Case.id, Case.facts).where(Case.ref == case)).one()
        db.execute(update(Case).where(Case.id == case_id).values(facts={**facts, "route": route}))
        db.execute(update(File).where(File.ref == ref).values(case_id=case_id, readers="bureau agency author"))
    return ref


@pytest.mark.parametrize("name", PLANTED)
def test_the_agency_finds_nothing_of_the_author(world: World, name: str) -> None:
    mark = Canaries()
    data = PLANTED[name](mark)
    ref = sent(world, f"{mark('Name')}{name}", data)
    for who in ("clerk", "sup1"):
        assert world.as_(who).get(f"/files/{ref}").data == data
    answer = world.as_("urban_liaison").get(f"/files/{ref}")
    assert answer.status_code == 200, answer.text
    assert mark.found_in(answer.data) == []
    assert mark.found_in(str(answer.headers).encode()) == [] and "Last-Modified" not in answer.headers
    assert "%E9%99%84%E4%BB%B61." in answer.headers["Content-Disposition"], "附件1"
    assert world.as_("urban_liaison").get(f"/files/{ref}").data == answer.data


def test_whose_author_is_known_keeps_the_name(world: World) -> None:
    ref = sent(world, "report.pdf", made.pdf(), route="direct_agency")
    assert "report.pdf" in world.as_("urban_liaison").get(f"/files/{ref}").headers["Content-Disposition"]


def test_what_cannot_be_cleaned_is_held_until_a_clerk_releases_it(world: World) -> None:
    ref = sent(world, "旧稿.doc", made.doc())
    assert world.as_("clerk").get(f"/files/{ref}").data == made.doc()
    held = world.as_("urban_liaison").get(f"/files/{ref}")
    assert held.status_code == 409 and "暂存" in held.text
    assert world.as_("urban_liaison").post(f"/files/{ref}/release").status_code == 403
    assert world.as_("clerk").post(f"/files/{ref}/release").status_code == 303
    assert world.as_("clerk").post(f"/files/{ref}/release").status_code == 409
    assert world.as_("urban_liaison").get(f"/files/{ref}").data == made.doc()
    for who in ("market_liaison", "stranger"):
        assert world.as_(who).get(f"/files/{ref}").status_code == 404


def test_a_picture_is_shown_sealed_and_small(world: World) -> None:
    ref = sent(world, "照片.jpg", made.picture("JPEG", (800, 400)))
    shown, small = (world.as_("urban_liaison").get(f"/files/{ref}/{how}") for how in ("preview", "thumbnail"))
    for answer in (shown, small):
        assert answer.status_code == 200 and answer.mimetype == "image/jpeg"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert Image.open(BytesIO(small.data)).size == (240, 120)
    text = sent(world, "记录.txt", b"text")
    assert world.as_("clerk").get(f"/files/{text}/preview").status_code == 404


def uploader(database: Database) -> tuple[int, int]:
    with database.transaction() as db:
        bureau = directory.found_bureau(db, "b", "某区司法局")
        return bureau, directory.add_person(db, bureau, "某人", ref="p", posts=[(bureau, "bureau_clerk")])


def kept(database: Database, folder: Path, data: bytes, who: tuple[int, int], **how: object) -> File:
    checked = files.check(Upload("a.pdf", data))
    with database.transaction() as db:
        return files.keep(db, folder, checked, bureau_id=who[0], by=who[1], at=NOW, **how)  # type: ignore[arg-type]


def test_quotas_of_a_day(database: Database, tmp_path: Path) -> None:
    who = uploader(database)
    kept(database, tmp_path, made.pdf(), who, bounds=Quota(files_a_day=1))
    with pytest.raises(Invalid, match="1 files today"):
        kept(database, tmp_path, made.pdf(), who, bounds=Quota(files_a_day=1))
    with pytest.raises(Invalid, match="1 MB today"):
        kept(database, tmp_path, made.pdf(1024 * 1024), who, bounds=Quota(megabytes_a_day=1))
    kept(database, tmp_path, made.pdf(1024 * 1024 - 2000), who, bounds=Quota(megabytes_a_day=1))


def test_orphans_go_after_a_day_and_shared_bytes_stay(database: Database, tmp_path: Path) -> None:
    who = uploader(database)
    one, same, _ = (kept(database, tmp_path, made.pdf(size), who) for size in (0, 0, 3000))
    assert one.sha256 == same.sha256 and len(list((tmp_path / "files").glob("??/*"))) == 2
    for path in (tmp_path / "files").glob("??/*"):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    later = NOW + KEPT + timedelta(hours=1)
    assert orphans.sweep(database, tmp_path, NOW + timedelta(hours=23)) == 0
    assert orphans.sweep(database, tmp_path, later, named=lambda db, people: {same.ref}) == 2
    assert files.path_of(tmp_path, same.sha256).exists(), "a draft still names it"
    assert orphans.sweep(database, tmp_path, later) == 1
    with database.reading() as db:
        assert db.scalars(select(File)).all() == []
    assert list((tmp_path / "files").glob("??/*")) == []
