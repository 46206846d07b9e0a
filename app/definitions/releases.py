"""Releases: a pack frozen for a bureau, made current for new cases, and opened again for running ones."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app import journal
from app.db import insert_new
from app.definitions.checks import check
from app.definitions.library import Files, digest_of, manifest_of, parse
from app.definitions.models import Blob, CurrentRelease, Release
from app.definitions.pack import Pack
from app.errors import Invalid, NotFound, words

KEPT_OPEN = 32
_packs: OrderedDict[str, Pack] = OrderedDict()
_digests: WeakKeyDictionary[Engine, dict[int, str]] = WeakKeyDictionary()
_lock = threading.Lock()


def load(db: Session, bureau_id: int, files: Files, *, at: datetime, by: int | None = None) -> Release:
    """Check the files, freeze them as the bureau's next release and make it current; the same files change nothing.

    Raises Invalid with every finding; nothing is loaded then.
    """
    pack = parsed(files)
    faults = [finding for finding in check(pack) if finding.severity == "error"]
    if faults:
        raise Invalid(words("The pack cannot be used."), faults)
    release = _freeze(db, bureau_id, files, pack, at=at, by=by)
    db.merge(CurrentRelease(bureau_id=bureau_id, release_id=release.id))
    db.flush()
    note = journal.Note("release.loaded", data={"pack": pack.id, "number": release.number, "digest": release.digest})
    journal.record_outside(db, bureau_id, [note], at=at, by=by)
    return release


def current_id(db: Session, bureau_id: int) -> int:
    """The id of the release that new cases start on. Raises NotFound."""
    release_id = db.scalar(select(CurrentRelease.release_id).where(CurrentRelease.bureau_id == bureau_id))
    if release_id is None:
        raise NotFound(words("No rules have been loaded for this office yet."))
    return release_id


def open_release(db: Session, release_id: int) -> Pack:
    """The pack of a release; read from the database once, then kept in memory, since it never changes."""
    with _lock:
        digests = _digests.setdefault(db.get_bind().engine, {})
        pack = _kept(digests.get(release_id, ""))
    if pack is None:
        pack = parsed(files_of(db, release_id))
        digests[release_id] = pack.digest
    return pack


def parsed(files: Files) -> Pack:
    """The pack of these files; parsed once, whichever database they come from. Raises Invalid."""
    digest = digest_of(manifest_of(files))
    with _lock:
        if pack := _kept(digest):
            return pack
    pack = parse(files)
    with _lock:
        _packs[digest] = pack
        while len(_packs) > KEPT_OPEN:
            _packs.popitem(last=False)
    return pack


def forget() -> None:
    """Drop what is kept in memory, as a restart does."""
    with _lock:
        _packs.clear()
        _digests.clear()


def _kept(digest: str) -> Pack | None:
    pack = _packs.get(digest)
    if pack is not None:
        _packs.move_to_end(digest)
    return pack


def files_of(db: Session, release_id: int) -> dict[str, bytes]:
    """Every file of a release as it was frozen."""
    return files_in(db, db.scalar(select(Release.manifest).where(Release.id == release_id)) or {})


def files_in(db: Session, manifest: Mapping[str, str]) -> dict[str, bytes]:
    """Every file of a manifest."""
    blobs = dict(db.execute(select(Blob.sha256, Blob.data).where(Blob.sha256.in_(manifest.values()))).all())
    return {path: blobs[sha] for path, sha in manifest.items()}


def keep(db: Session, files: Files) -> dict[str, str]:
    """Keep the contents of these files; the manifest that names them. Who keeps the same at once is not hindered."""
    manifest = manifest_of(files)
    present = set(db.scalars(select(Blob.sha256).where(Blob.sha256.in_(manifest.values()))))
    new = {sha: files[path] for path, sha in manifest.items() if sha not in present}
    if new:
        insert_new(db, Blob, *({"sha256": sha, "data": data} for sha, data in new.items()))
    return manifest


def _freeze(db: Session, bureau_id: int, files: Files, pack: Pack, *, at: datetime, by: int | None) -> Release:
    manifest = manifest_of(files)
    digest = digest_of(manifest)
    known = db.scalar(select(Release).where(Release.bureau_id == bureau_id, Release.digest == digest))
    if known is not None:
        return known
    keep(db, files)
    last = db.scalar(select(func.max(Release.number)).where(Release.bureau_id == bureau_id)) or 0
    release = Release(
        bureau_id=bureau_id, number=last + 1, pack=pack.id, digest=digest, manifest=manifest, made_at=at, made_by=by
    )
    db.add(release)
    db.flush()
    return release
