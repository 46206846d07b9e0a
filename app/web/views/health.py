"""For machines: whether the process lives, whether the installation is ready, and its figures."""

from __future__ import annotations

import hmac
from typing import Any

from flask import Blueprint, Response, jsonify, request
from prometheus_client import CollectorRegistry, generate_latest

from app.errors import NotFound, words
from app.jobs import standing
from app.web.guard import audience, database, now, reading, settings
from app.web.measuring import Figures, registry_of_requests
from app.web.shown.written import tell

bp = Blueprint("health", __name__)
LOOPBACK = frozenset({"127.0.0.1", "::1"})
PASSED_ON = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via")
TEXT = "text/plain; version=0.0.4; charset=utf-8"


@bp.get("/healthz")
@audience("anyone")
def alive() -> Any:
    return jsonify(alive=True)


@bp.get("/readyz")
@audience("anyone")
def ready() -> Any:
    faults = [tell(fault) for fault in standing.faults(database(), now())]
    return jsonify(ready=not faults, faults=faults), 503 if faults else 200


@bp.get("/metrics")
@audience("anyone")
def metrics() -> Any:
    _refuse_strangers()
    with reading() as db:
        figures = Figures(standing.standing(db, now()))
    machinery = CollectorRegistry()
    machinery.register(figures)  # type: ignore[arg-type]
    return Response(generate_latest(machinery) + generate_latest(registry_of_requests()), mimetype=TEXT)


def _refuse_strangers() -> None:
    """With a token set, whoever sends it; else this machine itself, and nothing that a proxy has passed on."""
    token = settings().metrics_token.get_secret_value()
    if token:
        open_ = hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    else:
        open_ = request.remote_addr in LOOPBACK and not any(name in request.headers for name in PASSED_ON)
    if not open_:
        raise NotFound(words("There is nothing here that you can see"))
