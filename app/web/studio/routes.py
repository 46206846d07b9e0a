"""The studio for process owners: definitions with their versions, files and releases; nothing of any case."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from app.web import downloads
from app.web.guard import actor, audience, reading
from app.web.rendering import bureau_here_or_none, render_page
from app.web.studio import definition, files, page

bp = Blueprint("studio", __name__, url_prefix="/studio")


@bp.get("")
@audience("owners")
def index() -> Any:
    with reading() as db:
        bureau = bureau_here_or_none(db)
        if bureau is None:
            return render_page("studio/empty.html", db, actor(), bureau)
        room = page.studio_of(db, actor(), bureau)
        groups = page.definition_groups(room)
        chosen = next((one for one in groups if one.kind == request.args.get("kind")), groups[0])
        return render_page("studio/index.html", db, actor(), bureau, room=room, groups=groups, group=chosen)


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
        bureau = bureau_here_or_none(db)
        room = page.studio_of(db, actor(), bureau)
        older, newer = (request.args.get(name, 0, type=int) for name in ("from", "to"))
        found = definition.definition_page(db, room, kind, key, older=older, newer=newer)
        return render_page(
            "studio/definition.html", db, actor(), bureau, room=room, groups=page.definition_groups(room), it=found
        )


@bp.get("/releases")
@audience("owners")
def releases() -> Any:
    with reading() as db:
        bureau = bureau_here_or_none(db)
        room = page.studio_of(db, actor(), bureau)
        return render_page("studio/releases.html", db, actor(), bureau, room=room, rows=definition.release_rows(room))


@bp.get("/releases/<ref>/files/<path:file>")
@audience("owners")
def file(ref: str, file: str) -> Any:
    """A file of a release by the release's number, exactly as it was frozen."""
    with reading() as db:
        bureau = bureau_here_or_none(db)
        data = files.release_file(db, page.studio_of(db, actor(), bureau), ref, file)
    return downloads.attachment(data, file)
