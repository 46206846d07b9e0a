"""Faults and refusals as the reader gets them: a page, a fragment or JSON, in their language, never a traceback."""

from __future__ import annotations

import logging
import secrets
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.cases.drafts import DraftChanged
from app.errors import Finding, Invalid, NotFound, Refusal, Unavailable, Words, words
from app.web import problems
from app.web.credentials import on_api
from app.web.guard import SAFE, SignInNeeded
from app.web.texts import tell

log = logging.getLogger("duban.web")
STATUS = {"invalid": 422, "permission": 403, "conflict": 409, "not_found": 404}
HEADS = {
    400: words("The request could not be read"),
    401: words("You are signed out"),
    403: words("This is not open to you"),
    404: words("There is nothing here that you can see"),
    405: words("This address is not used that way"),
    409: words("Somebody was faster, or the case has moved on"),
    415: words("This kind of content is not read here"),
    413: words("This is too large"),
    422: words("This cannot be accepted yet"),
    429: words("Too many attempts"),
    500: words("Something went wrong on our side"),
    503: words("Please wait a moment"),
}
FORGED = "forged"
"""The kind of an answer to a request whose token is none of this session; a page fetches a new one and goes on."""
AGAIN_SECONDS = {429: "60", 503: "5"}
MORE = {
    400: words("Go back, reload the page and try once more."),
    404: words("The address may be old, or the matter is not among those you take part in."),
    405: words("Go back to the page before and use its buttons."),
    413: words("A file may have 50 MB at most, an upload to the studio 20 MB."),
    415: words("Send JSON with the header Content-Type: application/json."),
    429: words("Wait a minute, then try again."),
}


def listen(app: Flask) -> None:
    """Answer every error of this application."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(Unavailable, unavailable)
    app.register_error_handler(CSRFError, forged)
    app.register_error_handler(HTTPException, failed)
    app.register_error_handler(Exception, broken)


def refused(refusal: Refusal) -> Any:
    """A refusal as the reader's client can show it."""
    if isinstance(refusal, SignInNeeded):
        return signed_out(refusal)
    status = STATUS[refusal.kind]
    answer = {"kind": refusal.kind, "clauses": list(refusal.clauses), "findings": findings(refusal)}
    if isinstance(refusal, DraftChanged):
        answer["draft"] = _kept(refusal)
    if isinstance(refusal, NotFound):
        return answered(status, MORE[404], answer)
    return answered(status, refusal.words, answer)


def findings(refusal: Refusal) -> list[dict[str, Any]]:
    """Each fault with its field, as the form island shows it."""
    found = refusal.findings if isinstance(refusal, Invalid) else ()
    if not found and refusal.kind == "invalid":  # an operation refused what was answered in these fields
        clause = next(iter(refusal.clauses), None)
        found = tuple(Finding(refusal.words, field=field, clause=clause) for field in refusal.fields)
    place = ("field", "element", "clause", "file", "line")
    return [{name: getattr(one, name) for name in place} | {"words": tell(one.words)} for one in found]


def _kept(refusal: DraftChanged) -> dict[str, object]:
    """What the other window wrote, so that this one can lay the two together."""
    kept, at = refusal.kept, refusal.kept.saved_at
    return {"answers": kept.answers, "revision": kept.revision, "saved_at": at.isoformat() if at else ""}


def signed_out(refusal: SignInNeeded) -> Any:
    """A page leads to the sign-in and back; a script is told."""
    if on_api():
        return answered(401, words("This needs a valid token, or a session."), {"kind": "signed_out"})
    here = request.full_path.rstrip("?") if request.method in SAFE else "/"
    target = url_for("account.sign_in_page", next=here)
    if "HX-Request" in request.headers:
        return Response(status=401, headers={"HX-Redirect": target})
    if wants_json():
        return answered(401, refusal.words, {"kind": "signed_out", "location": target})
    return redirect(target, 303)


def forged(_error: CSRFError) -> Any:
    """A request without the page's token: the session ended, or the request comes from elsewhere."""
    text = words("The page was open too long, or the request came from elsewhere. Reload the page.")
    return answered(400, text, {} if on_api() else {"kind": FORGED})


def unavailable(fault: Unavailable) -> Any:
    """The database is locked or gone: what was typed is still there, and sending it again may well succeed."""
    return answered(503, fault.words, {"kind": "unavailable"})


def failed(error: HTTPException) -> Any:
    """Answers what Flask itself refuses: an unknown address, a wrong method, a body too large, too many attempts."""
    if error.response is not None:
        return error.response
    status = error.code or 500
    response = answered(status, MORE.get(status, words("Nothing has been changed.")))
    if allowed := getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def broken(error: Exception) -> Any:
    """An unknown fault: a calm page with a number, under which the log has the rest."""
    number = secrets.token_hex(4)
    log.error("fault %s at %s", number, request.path, exc_info=error)
    text = words("Nothing has been changed. Please tell the administrator this number: {number}.", number=number)
    return answered(500, text, {"kind": "fault", "number": number})


def answered(status: int, text: Words, more: dict[str, Any] | None = None) -> Response:
    """The same words as JSON, as a message for htmx, or as a page."""
    head = tell(HEADS.get(status, HEADS[500 if status >= 500 else 400]))
    said = tell(text)
    if on_api():
        response = problems.problem(status, head, said, more or {})
    elif wants_json():
        response = jsonify({"title": head, "detail": said, "findings": [], **(more or {})})
    elif "HX-Request" in request.headers:
        response = make_response(render_template("pieces/alert.html", head=head, text=said))
        response.headers["X-Message"] = quote(said)
        response.headers["X-Kind"] = str((more or {}).get("kind", ""))
    else:
        faults = (more or {}).get("findings", [])
        response = make_response(render_template("error.html", status=status, head=head, text=said, faults=faults))
    if not on_api():
        response.status_code = status
    if status in AGAIN_SECONDS:
        response.headers["Retry-After"] = AGAIN_SECONDS[status]
    return response


def wants_json() -> bool:
    """Whether a script asks: it sends JSON, or takes it before a page."""
    accepted = request.accept_mimetypes
    return request.is_json or accepted["application/json"] > accepted["text/html"]
