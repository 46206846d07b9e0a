"""Pages rendered: where templates lie, what they may call, and a page within its frame."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask, render_template, request, url_for
from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, PrefixLoader

from app.cases.lists import BoxCounts
from app.db import Session
from app.errors import NotFound
from app.papers.template import as_written
from app.people.access import Actor
from app.web import assets, guard, texts
from app.web.frame import Bureau, Frame, bureau_of, frame_of, sections_of

WEB = Path(__file__).resolve().parent


def render_page(template: str, db: Session, actor: Actor, bureau: Bureau | None, **content: Any) -> str:
    """A whole page within its frame."""
    bare = Frame("", "", actor.name, False, False, BoxCounts(0, 0, 0, 0), sections_of(actor))
    frame = frame_of(db, actor, bureau) if bureau else bare
    return render_template(template, frame=frame, bureau=bureau, actor=actor, **content)


def bureau_here(db: Session, by: Actor | None = None) -> Bureau:
    """The signed-in person's bureau at the instant of this request; one statement. Raises NotFound without rules."""
    return bureau_of(db, by or guard.actor(), guard.now(), url_for)


def bureau_here_or_none(db: Session) -> Bureau | None:
    """The same for pages that must open before any rules are there."""
    try:
        return bureau_here(db)
    except NotFound:
        return None


def template_loader() -> BaseLoader:
    """The loader of all templates: `case/page.html` is `case/templates/page.html`, so no two share a name."""
    screens = {folder.parent.name: FileSystemLoader(folder) for folder in sorted(WEB.glob("*/templates"))}
    return ChoiceLoader([FileSystemLoader(WEB / "templates"), PrefixLoader(screens)])


def speak_to_reader(app: Flask) -> None:
    """Say every text of a request in the language that its reader has chosen."""

    def begin() -> None:
        texts.speak(request.cookies.get(texts.COOKIE, ""))

    def end(_error: BaseException | None) -> None:
        texts.speak("")

    app.before_request(begin)
    app.teardown_request(end)


def furnish(app: Flask) -> None:
    """Give templates what they may call: one place for texts, addresses of assets, the reader's choices."""
    app.jinja_loader = template_loader()
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {
        "tell": texts.tell,
        "day": texts.day,
        "short_day": texts.short_day,
        "moment": texts.moment,
        "named": texts.named,
        "listed": texts.listed,
        "clauses": lambda basis: texts.clauses_of(basis.split()),
        "chinese_date": as_written,
    }
    app.jinja_env.globals |= {"_": texts.gettext, "entry": texts.entry}
    built = assets.read_assets(Path(app.static_folder or ""))
    app.context_processor(lambda: _about_reader() | {"assets": built})


def _about_reader() -> dict[str, Any]:
    theme = request.cookies.get("theme")
    here = request.full_path.rstrip("?") if request.method in guard.SAFE else "/"
    return {
        "language": texts.language(),
        "theme": theme if theme in ("light", "dark") else "",
        "here": here,
    }
