"""Pages rendered: where templates lie, what they may call, and a page within its frame."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask, render_template, request
from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, PrefixLoader

from app.cases.lists import Counts
from app.db import Session
from app.papers.issue import as_written
from app.people.access import Actor
from app.web import assets, guard
from app.web import texts as written
from app.web.frame import Frame, House, frame_of, places_of

WEB = Path(__file__).resolve().parent


def page(template: str, db: Session, actor: Actor, house: House | None, **content: Any) -> str:
    """A whole page within its frame."""
    bare = Frame("", "", actor.name, False, False, Counts(0, 0, 0, 0), places_of(actor))
    frame = frame_of(db, actor, house) if house else bare
    return render_template(template, frame=frame, house=house, actor=actor, **content)


def template_loader() -> BaseLoader:
    """The loader of all templates: `case/page.html` is `case/templates/page.html`, so no two share a name."""
    screens = {folder.parent.name: FileSystemLoader(folder) for folder in sorted(WEB.glob("*/templates"))}
    return ChoiceLoader([FileSystemLoader(WEB / "templates"), PrefixLoader(screens)])


def furnish(app: Flask) -> None:
    """Give templates what they may call: one place for texts, addresses of assets, the reader's choices."""
    app.jinja_loader = template_loader()
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {
        "tell": written.tell,
        "day": written.day,
        "short_day": written.short_day,
        "moment": written.moment,
        "named": written.named,
        "listed": written.listed,
        "clauses": lambda basis: written.clauses_of(basis.split()),
        "chinese_date": as_written,
    }
    app.jinja_env.globals |= {"_": written.gettext, "entry": written.entry}
    built = assets.read_assets(Path(app.static_folder or ""))
    app.context_processor(lambda: _about_reader() | {"assets": built})


def _about_reader() -> dict[str, Any]:
    theme = request.cookies.get("theme")
    here = request.full_path.rstrip("?") if request.method in guard.SAFE else "/"
    return {
        "language": written.language(),
        "theme": theme if theme in ("light", "dark") else "",
        "here": here,
    }
