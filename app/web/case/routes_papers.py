"""Issued papers, as they were frozen: to read on the screen, to print as PDF, to take along as DOCX."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, current_app

from app.cases import view
from app.papers.composing import composed
from app.papers.content import PaperContent
from app.papers.rendering import Press
from app.web.guard import actor, audience, reading
from app.web.rendering import bureau_here, render_page

bp = Blueprint("papers", __name__, url_prefix="/papers")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/<ref>")
@audience("workers")
def show(ref: str) -> str:
    with reading() as db:
        paper, case = view.paper_and_case(db, ref, by=actor())
        bureau, said = bureau_here(db), composed(paper.said)
        shown = {"paper": paper, "case_ref": case.ref, "said": said, "laid": press().pages(said)}
        return render_page("case/paper.html", db, actor(), bureau, **shown)


@bp.get("/<ref>.pdf")
@audience("workers")
def pdf(ref: str) -> Response:
    said, name = _read(ref)
    return _file(press().pdf(said), "application/pdf", f"{name}.pdf", inline=True)


@bp.get("/<ref>.docx")
@audience("workers")
def editable(ref: str) -> Response:
    said, name = _read(ref)
    return _file(press().docx(said), WORD, f"{name}.docx")


def press() -> Press:
    """What renders this application's papers."""
    found: Press = current_app.extensions["press"]
    return found


def _read(ref: str) -> tuple[PaperContent, str]:
    """What the paper says and its name as a file; the session ends before anything is rendered."""
    with reading() as db:
        paper, _ = view.paper_and_case(db, ref, by=actor())
        return paper.said, f"{paper.number} {paper.title}"


def _file(data: bytes, media_type: str, name: str, *, inline: bool = False) -> Response:
    """A file with its Chinese name (RFC 6266)."""
    response = Response(data, mimetype=media_type)
    kind = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(name)}"
    response.add_etag()
    return response
