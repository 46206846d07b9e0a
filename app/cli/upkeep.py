"""`duban migrate` and `duban verify`: the schema brought up to date, and everything that must hold looked at."""

from __future__ import annotations

from dataclasses import asdict

import click
from sqlalchemy import make_url

from app import schema
from app.assembly import open_database
from app.cli.installation import opened
from app.cli.saying import as_json, print_json, say, spoken, tell
from app.config import Settings, read_settings
from app.errors import Invalid, words
from app.proof.replay import Replayed
from app.proof.replay import replay as replayed
from app.proof.verify import verify as faults_of


@click.command()
@spoken
def migrate() -> None:
    """Bring the database's schema to that of this version; the application's role gets the rights it needs."""
    bring_up(read_settings())
    tell(words("The database is up to date."))


def bring_up(settings: Settings) -> None:
    """Migrate with the owner's URL; where the application signs in as another role, grant to that one."""
    role = make_url(settings.database_url).username
    owner = make_url(settings.migrate_url).username
    if role == owner and settings.environment == "production" and not settings.database_url.startswith("sqlite"):
        raise Invalid(
            words("DUBAN_MIGRATE_URL must sign in as the schema's owner, DUBAN_DATABASE_URL as another role.")
        )
    database = open_database(settings.migrate_url, settings.keyring())
    try:
        schema.migrate(database.engine, app_role=role if role != owner else None)
    finally:
        database.close()


@click.command()
@click.option("--replay", is_flag=True, help="Also run every case's journal anew and compare it with its rows.")
@as_json
@spoken
def verify(*, replay: bool, as_json: bool) -> None:
    """Look at every invariant of the database; exit code 1 and the broken ones where any is."""
    with opened() as database, database.reading() as db:
        again = replayed(db) if replay else Replayed()
        faults = [*faults_of(db), *again.faults]
    if as_json:
        counted = {"replayed": again.cases, "left_out": list(again.left_out)} if replay else {}
        print_json({"sound": not faults, "faults": [asdict(fault) for fault in faults], **counted})
    else:
        if replay:
            tell(words("{count} cases replayed, {left} left out.", count=again.cases, left=len(again.left_out)))
        for fault in faults:
            click.echo(f"{fault.rule}: {fault.place}: {fault.what}")
        click.echo(
            say(words("All that must hold holds.") if not faults else words("{count} faults.", count=len(faults)))
        )
    if faults:
        raise SystemExit(1)
