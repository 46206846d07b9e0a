"""The stage of one scenario: a fresh database with the pack and the cast, and a clock that is moved by hand."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import event, inspect, text
from sqlalchemy.orm import Session

from app.assembly import open_database
from app.clock import VirtualClock
from app.db import Database
from app.definitions import library, releases
from app.definitions.pack import Pack
from app.errors import Conflict, Finding, Invalid, words
from app.keyring import KeyRing
from app.people.access import Actor, actor_by_ref
from app.people.directory import found_bureau
from app.registers.catalogue import REGISTERS
from app.registers.patching import Writing, patch
from app.rehearsal import cast
from app.rehearsal.naming import Cases
from app.rehearsal.scenario import Scenario
from app.schema import metadata

IN_MEMORY = "sqlite://"


@dataclass
class Stage:
    """Where one scenario is played."""

    scenario: Scenario
    database: Database
    clock: VirtualClock
    pack: Pack
    files: Mapping[str, bytes]
    bureau_id: int
    people: Mapping[str, int]
    """Ids of persons by ref."""
    places: Mapping[str, int]
    """Ids of organisations by ref."""
    cases: Cases = field(default_factory=Cases)

    def actor(self, db: Session, ref: str) -> Actor:
        """The person with the rights that they have now."""
        return actor_by_ref(db, self.bureau_id, ref)

    def notice_cases(self) -> None:
        """Take in the cases that have started since."""
        with self.database.reading() as db:
            self.cases.take_in(db)


@contextmanager
def staged(scenario: Scenario, files: Mapping[str, bytes], *, url: str = IN_MEMORY) -> Iterator[Stage]:
    """A stage for that scenario; its tables are gone when the body ends.

    `url`: SQLite in memory by default; an SQLite file must hold no tables yet; on PostgreSQL a schema of its own is
    made. Raises Invalid for a pack that cannot be used, or a scenario whose settings name nothing of the pack.
    """
    with _database(url) as database:
        yield _set(scenario, files, database)


def _set(scenario: Scenario, files: Mapping[str, bytes], database: Database) -> Stage:
    pack = releases.parsed(files)
    settings = _settings(scenario, pack)
    clock = VirtualClock(scenario.clock)
    with database.transaction() as db:
        bureau_id = found_bureau(db, cast.BUREAU, bureau_name(pack), settings=settings)
        units = [member.unit for member in scenario.people if member.unit]
        places = cast.add_agencies(db, bureau_id, units)
        people = cast.add_people(db, places, (*cast.STANDARD, *scenario.people))
        usual = cast.usual_term(clock.now().date(), pack.manifest.effective_from)
        cast.appoint_all(db, bureau_id, _terms(scenario, usual), usual=usual)
        _register(db, scenario, bureau_id)
        releases.load(db, bureau_id, files, at=clock.now())
    return Stage(scenario, database, clock, pack, files, bureau_id, people, places.others)


def bureau_name(pack: Pack) -> str:
    """How a pack calls the bureau that works by it."""
    return pack.manifest.authority or pack.id


def _settings(scenario: Scenario, pack: Pack) -> dict[str, Any]:
    """The bureau's own values as the scenario sets them: limits, profile, days of rest."""
    profile = pack.manifest.settings.as_facts()
    unknown = [key for key in scenario.settings if key not in pack.policies and key not in profile]
    if unknown:
        found = [_fault(scenario, key, words('the pack has no setting "{key}"', key=key)) for key in unknown]
        raise Invalid(words("The scenario file is wrong."), found)
    return {
        "policies": {key: value for key, value in scenario.settings.items() if key in pack.policies},
        "profile": {key: value for key, value in scenario.settings.items() if key not in pack.policies},
        "calendar": {day.isoformat(): worked for day, worked in scenario.days.items()},
    }


def _fault(scenario: Scenario, key: str, said: Any) -> Finding:
    place = f"document {scenario.document}"
    return Finding(said, "scenario", file=scenario.file, line=scenario.line, element=place, field=key)


def _terms(scenario: Scenario, usual: date) -> dict[str, date]:
    """First days of the terms that the scenario names; people it makes supervisors of are in office from `usual`."""
    own = {member.id: usual for member in scenario.people if "supervisor" in member.lanes}
    rows = scenario.register.get("supervisors", ())
    return own | {row["person"]: date.fromisoformat(row.get("term_start") or usual.isoformat()) for row in rows}


def _register(db: Session, scenario: Scenario, bureau_id: int) -> None:
    """The rows of registers that exist before the story; a row's key is its `id` or `key`, else whom it is about."""
    for name, rows in scenario.register.items():
        for number, row in enumerate(rows, start=1):
            fields = {field: value for field, value in row.items() if field in REGISTERS[name].columns}
            patch(db, name, _key(name, row, number), fields, Writing(bureau_id, None, scenario.clock))


def _key(register: str, row: Mapping[str, Any], number: int) -> str:
    """Supervisors and agencies are there already, and are called by themselves; other rows are new ones."""
    about = [str(row[name]) for name in ("person", "agency") if name in row]
    if given := row.get("id") or row.get("key"):
        return str(given)
    return about[0] if register in ("supervisors", "agencies") else " ".join([*about, str(number)])


@contextmanager
def _database(url: str) -> Iterator[Database]:
    """An empty database with all tables."""
    database = open_database(url, new_keys())
    schema = f"rehearsal_{secrets.token_hex(6)}" if not url.startswith("sqlite") else None
    try:
        if schema:
            _enter_schema(database, schema)
        elif url != IN_MEMORY and inspect(database.engine).get_table_names():
            raise Conflict(words("A rehearsal needs a database of its own; this one holds tables already."))
        metadata.create_all(database.engine, checkfirst=False)
        try:
            yield database
        finally:
            _leave(database, schema)
    finally:
        database.close()


def _enter_schema(database: Database, schema: str) -> None:
    """Make the schema; every later connection of the pool sees nothing else."""
    _run(database, f'CREATE SCHEMA "{schema}"')
    database.close()
    event.listen(database.engine, "do_connect", lambda _dialect, _record, _args, keys: _look_into(keys, schema))


def _look_into(keys: dict[str, Any], schema: str) -> None:
    keys["options"] = f"{keys.get('options', '')} -c search_path={schema}"


def _leave(database: Database, schema: str | None) -> None:
    if str(database.engine.url) == IN_MEMORY:
        return
    if schema is None:
        metadata.drop_all(database.engine)
    else:
        _run(database, f'DROP SCHEMA "{schema}" CASCADE')


def _run(database: Database, statement: str) -> None:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))


def new_keys() -> KeyRing:
    """Keys that live as long as the rehearsal."""
    return KeyRing({"r": secrets.token_bytes(32)}, journal_key=secrets.token_bytes(32), index_key=b"rehearsal")


def pack_files(root: Path, pack_id: str) -> dict[str, bytes]:
    """The files of a pack, with those that it extends. Raises NotFound or Invalid."""
    return library.read_folder(root, pack_id)
