"""`duban load` and `duban export`: a pack into the database as a release, and a release back into files."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.installation import bureau_of, opened
from app.cli.saying import as_json, print_json, spoken, tell
from app.clock import SystemClock
from app.config import read_settings
from app.definitions import library, releases
from app.definitions.models import Release
from app.errors import NotFound, words
from app.people import directory
from app.rehearsal.stage import bureau_name


@click.command()
@click.argument("pack")
@click.option("--bureau", default="bureau", show_default=True, help="Ref of the bureau; it is founded if it is new.")
@as_json
@spoken
def load(pack: str, bureau: str, *, as_json: bool) -> None:
    """Load PACK (its id, or its folder) as the bureau's current release; running cases stay on theirs."""
    settings = read_settings()
    folder = Path(pack)
    root = folder.resolve().parent.parent if (folder / library.ABOUT).is_file() else settings.packs_dir
    files = library.read_folder(root, folder.resolve().name if (folder / library.ABOUT).is_file() else pack)
    with opened(settings) as database, database.transaction() as db:
        release = releases.load(db, _founded(db, bureau, files), files, at=SystemClock().now())
        said = {"bureau": bureau, "pack": release.pack, "number": release.number, "digest": release.digest}
    if as_json:
        print_json(said)
    else:
        tell(words("Release {number} of {pack} is now current for {bureau}.", **said))


def _founded(db: Session, ref: str, files: library.Files) -> int:
    try:
        return directory.bureau_named(db, ref).id
    except NotFound:
        return directory.found_bureau(db, ref, bureau_name(releases.parsed(files)))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--bureau", default=None, help="Ref of the bureau; not needed where there is only one.")
@click.option("--release", "number", type=int, default=None, help="Number of the release; default: the current one.")
@as_json
@spoken
def export(folder: Path, bureau: str | None, number: int | None, *, as_json: bool) -> None:
    """Write every file of a release, exactly as it was frozen, below FOLDER."""
    with opened() as database, database.reading() as db:
        release = _release(db, bureau_of(db, bureau).id, number)
        files = releases.files_of(db, release.id)
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    if as_json:
        print_json({"number": release.number, "digest": release.digest, "files": dict(release.manifest)})
    else:
        tell(words("{count} files of release {number} written.", count=len(files), number=release.number))


def _release(db: Session, bureau_id: int, number: int | None) -> Release:
    if number is None:
        return db.get_one(Release, releases.current_id(db, bureau_id))
    release = db.scalar(select(Release).where(Release.bureau_id == bureau_id, Release.number == number))
    if release is None:
        raise NotFound(words("There is no release {number}.", number=number))
    return release
