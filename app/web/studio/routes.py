"""The studio for process owners: definitions with their versions, files and releases; nothing of any case."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from app.web.frame import house_or_none
from app.web.guard import actor, audience, now, reading
from app.web.rendering import page
from app.web.studio import definition as studio_pages
from app.web.studio import files as studio_files
from app.web.studio import page as studio

bp = Blueprint("studio", __name__, url_prefix="/studio")


@bp.get("")
@audience("owners")
def index() -> Any:
    with reading() as db:
        house = house_or_none(db, actor(), now())
        if house is None:
            return page("studio/empty.html", db, actor(), house)
        room = studio.room_of(db, actor(), house)
        groups = studio.groups(room)
        chosen = next((one for one in groups if one.kind == request.args.get("kind")), groups[0])
        return page("studio/index.html", db, actor(), house, room=room, groups=groups, group=chosen)


@bp.get("/processes/<process>")
@audience("owners")
def process(process: str) -> Any:
    return _definition("process", process)


@bp.get("/tables/<table>")
@audience("owners")
def table(table: str) -> Any:
    return _definition("table", table)


@bp.get("/forms/<process>/<task>")
@audience("owners")
def form(process: str, task: str) -> Any:
    return _definition("form", f"{process}/{task}")


def _definition(kind: str, key: str) -> Any:
    with reading() as db:
        house = house_or_none(db, actor(), now())
        room = studio.room_of(db, actor(), house)
        older, newer = (request.args.get(name, 0, type=int) for name in ("from", "to"))
        found = studio_pages.definition(db, room, kind, key, older=older, newer=newer)
        return page("studio/definition.html", db, actor(), house, room=room, groups=studio.groups(room), it=found)


@bp.get("/releases")
@audience("owners")
def releases() -> Any:
    with reading() as db:
        house = house_or_none(db, actor(), now())
        room = studio.room_of(db, actor(), house)
        return page("studio/releases.html", db, actor(), house, room=room, rows=studio_pages.releases(room))


@bp.get("/releases/<ref>/files/<path:file>")
@audience("owners")
def file(ref: str, file: str) -> Any:
    """A file of a release by the release's number, exactly as it was frozen."""
    with reading() as db:
        house = house_or_none(db, actor(), now())
        data = studio_files.of_release(db, studio.room_of(db, actor(), house), ref, file)
    return studio_files.attachment(data, file)
