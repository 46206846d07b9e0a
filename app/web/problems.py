"""Faults and refusals as a script gets them: RFC 9457 on the API, the modeler's own form on its addresses."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request

from app import languages
from app.web import texts
from app.web.credentials import MODELER, on_api

MEDIA_TYPE = "application/problem+json"
KIND = "urn:duban:problem:"
PARSE = "ENGINE-09005 Could not parse BPMN process."
"""The words by which the modeler knows that the diagram is at fault."""
EXCEPTIONS = {
    400: "InvalidRequestException",
    401: "AuthenticationException",
    403: "AuthorizationException",
    404: "InvalidRequestException",
    422: "InvalidRequestException",
}
KINDS = {
    400: "unreadable",
    401: "signed_out",
    403: "permission",
    404: "not_found",
    405: "method",
    406: "not_acceptable",
    409: "conflict",
    413: "too_large",
    415: "media_type",
    422: "invalid",
    429: "too_many",
    503: "unavailable",
}


def choose_language() -> None:
    """A script says its language in Accept-Language; Chinese where it does not."""
    if not on_api():
        return
    texts.speak(request.accept_languages.best_match(languages.LANGUAGES, languages.CHINESE) or languages.CHINESE)


def problem(status: int, head: str, said: str, more: dict[str, Any]) -> Response:
    """The same words as every page, in the form that the address promises."""
    modeler = request.path.startswith(MODELER)
    response = jsonify(_camunda(status, said, more) if modeler else _problem(status, head, said, more))
    response.status_code = 400 if modeler and status == 422 else status
    if not modeler:
        response.mimetype = MEDIA_TYPE
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="duban"'
    return response


def _problem(status: int, head: str, said: str, more: dict[str, Any]) -> dict[str, Any]:
    clauses = list(more.get("clauses", ()))
    kind = more.get("kind") or KINDS.get(status, "fault")
    body = {"type": f"{KIND}{kind}", "title": head, "detail": said, "status": status}
    body |= {
        "clause": next((one for one in clauses if "-" in one), None),
        "clauses": clauses,
        "findings": more.get("findings", []),
    }
    return body | {name: more[name] for name in ("number", "draft") if name in more}


def _camunda(status: int, said: str, more: dict[str, Any]) -> dict[str, Any]:
    """`ParseException` where files have faults: the modeler shows the message, with a line for each of them."""
    faults = more.get("findings", [])
    if status == 422 and any(one.get("file") for one in faults) and request.path.endswith("/deployment/create"):
        lines = "\n".join(_line(one) for one in faults)
        return {"type": "ParseException", "message": f"{PARSE} {said}\n{lines}", "code": 0}
    return {"type": EXCEPTIONS.get(status, "RestException"), "message": said, "code": 0}


def _line(fault: dict[str, Any]) -> str:
    place = ":".join(str(fault[key]) for key in ("file", "line", "element", "field") if fault.get(key) is not None)
    return f"* {place}: {fault['words']}" if place else f"* {fault['words']}"
