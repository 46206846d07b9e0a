"""The stage is a database of its own: in memory, in a file, or a schema on PostgreSQL that is gone afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app.errors import Conflict
from app.rehearsal.cast import STANDARD
from app.rehearsal.play import play
from app.rehearsal.stage import pack_files, staged
from tests.databases import PostgresServer, sqlite_database
from tests.rehearsal.stories import BEGUN, DONE, differences, scenario, told, why_wrong


def test_the_cast_has_stable_ids_and_chinese_names(packs: Path) -> None:
    assert {"clerk", "clerk2", "head", "leader", "market_liaison", "sup3", "app1", "public"} <= {m.id for m in STANDARD}
    assert len({member.name for member in STANDARD}) == len(STANDARD)
    assert all(ord(letter) > 0x3000 for member in STANDARD for letter in member.name)


def test_terms_begin_a_year_before_but_not_before_the_rules(packs: Path) -> None:
    year_before = {
        "expect": {"register": {"supervisors": {"sup1": {"term_start": "2025-03-02", "term_end": "2028-03-01"}}}}
    }
    assert told(packs, year_before).outcome == "passed"
    in_force = {"expect": {"register": {"supervisors": {"sup1": {"term_start": "2020-01-01"}}}}}
    assert told(packs, in_force, clock="2020-02-29T09:00:00+08:00").outcome == "passed"


def test_stories_do_not_see_each_other(packs: Path) -> None:
    files = pack_files(packs, "small")
    with staged(scenario(), files) as one, staged(scenario(), files) as two:
        assert one.database is not two.database
        with one.database.transaction() as db:
            db.execute(text("UPDATE person SET name = '改' WHERE ref = 'clerk'"))
        with two.database.reading() as db:
            assert db.scalar(text("SELECT name FROM person WHERE ref = 'clerk'")) == "陈静姝"


def test_a_file_that_holds_tables_is_left_alone(packs: Path, tmp_path: Path) -> None:
    sqlite_database(tmp_path).close()
    with pytest.raises(Conflict, match="holds tables"):
        play(scenario(BEGUN), packs, url=f"sqlite:///{tmp_path / 'duban.db'}")


def test_a_schema_of_its_own_on_postgresql(packs: Path, postgres: PostgresServer) -> None:
    url = postgres._owner
    late = {"at": "2026-03-05T00:00:00+08:00"}
    restart = {"restart": {"down_for": "PT1H"}}
    result = play(scenario(BEGUN, late, restart, DONE, {"expect": {"documents": ["DOC-12"]}}), packs, url=url)
    assert result.outcome == "passed", (differences(result), why_wrong(result))
    engine = create_engine(url)
    with engine.connect() as connection:
        left = connection.scalars(text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'rehearsal%'")).all()
    engine.dispose()
    assert left == []


def test_a_pack_that_cannot_be_used_is_a_wrong_file(packs: Path) -> None:
    result = play(scenario(BEGUN, pack="none"), packs)
    assert result.outcome == "wrong" and 'no pack "none"' in why_wrong(result)


def test_a_case_before_the_rules_are_in_force_is_refused(packs: Path) -> None:
    early = {"refuse": {"start": "opinion"}, "by": "sup1", "because": "conflict"}
    result = told(
        packs,
        early,
        clock="2019-12-31T09:00:00+08:00",
        register={"supervisors": [{"person": "sup1", "term_start": "2019-01-01"}]},
    )
    assert result.outcome == "passed", differences(result)
