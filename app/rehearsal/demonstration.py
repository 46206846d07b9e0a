"""Demonstration data: the cast with accounts, and a few cases on their way, played through the same doors."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from app import jobs
from app.clock import VirtualClock, in_office
from app.config import Settings
from app.db import Database
from app.definitions import library, releases
from app.definitions.manifest import Named
from app.people import accounts, directory
from app.people.models import Organisation
from app.rehearsal import cast, steps
from app.rehearsal.reading import read
from app.rehearsal.stage import Stage

PACK = "beibei_2024"
NAME, NAME_EN = "北碚区司法局", "Beibei District Justice Bureau"
STORY = Path(__file__).with_name("demonstration.yaml")
LASTS = timedelta(days=28)
"""How long before the present the story begins; its last step lies within."""
_MOMENT = re.compile(r"\{([+-]\d+)(?: (\d\d):(\d\d))?\}")


def sign_ins(settings: Settings, language: str) -> Iterator[tuple[str, str, str]]:
    """User name, name, and the lanes in words, of everybody who can sign in."""
    lanes = releases.parsed(library.read_folder(settings.packs_dir, PACK)).lanes
    for member in cast.STANDARD:
        yield member.id, member.name, "、".join(_name(lanes[lane], language) for lane in member.lanes)


def _name(lane: Named, language: str) -> str:
    return lane.name_en if language == "en" else lane.name


def password_in(folder: Path) -> str:
    """The one password of the demonstration, made once and kept in the data folder, readable by its owner only."""
    path = folder / "demo-password"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(9))
    return path.read_text().strip()


def prepare(settings: Settings, database: Database, password: str, *, at: datetime) -> None:
    """Load the pack for the demonstration's bureau; where there is no such bureau yet, also its cast and cases."""
    files = library.read_folder(settings.packs_dir, PACK)
    with database.transaction() as db:
        known = db.scalar(select(Organisation.id).where(Organisation.ref == cast.BUREAU))
        if known is not None:
            releases.load(db, known, files, at=at)
            return
    hashed = accounts.Passwords(settings.password_salt.get_secret_value()).hash(password)
    stage = _found(database, files, hashed, begun=in_office(at) - LASTS)
    for step in stage.scenario.steps:
        steps.do(stage, step)
    jobs.sweep(database, at)


def _found(database: Database, files: library.Files, hashed: str, *, begun: datetime) -> Stage:
    """The bureau with its cast, as if it had been there since before the first case."""
    (story,) = read(told(STORY.read_text(encoding="utf-8"), begun).encode(), STORY.name)
    pack, clock = releases.parsed(files), VirtualClock(story.clock)
    with database.transaction() as db:
        bureau_id = directory.found_bureau(db, cast.BUREAU, NAME, name_en=NAME_EN)
        places = cast.add_agencies(db, bureau_id)
        people = cast.add_people(db, places, cast.STANDARD)
        usual = cast.usual_term(clock.now().date(), pack.manifest.effective_from)
        cast.appoint_all(db, bureau_id, {}, usual=usual)
        releases.load(db, bureau_id, files, at=clock.now())
        for ref, person_id in people.items():
            accounts.add_account(db, person_id, ref, hashed)
    return Stage(story, database, clock, pack, files, bureau_id, people, places.others)


def told(story: str, begun: datetime) -> str:
    """The story with its moments: `{+3 10:00}` is 10:00 on the third day after `begun`, `{-3}` a date."""

    def moment(found: re.Match[str]) -> str:
        day = (begun + timedelta(days=int(found[1]))).date().isoformat()
        return f"{day}T{found[2]}:{found[3]}:00+08:00" if found[2] else day

    return _MOMENT.sub(moment, story)
