"""For machines: whether the process lives, whether the installation is ready, and its figures."""

from __future__ import annotations

import hmac
from typing import Any

from flask import Blueprint, Response, jsonify, request
from prometheus_client import CollectorRegistry, generate_latest

from app.errors import NotFound, words
from app.jobs import health
from app.jobs.clockwork import present
from app.web.guard import audience, clock, database, reading, settings
from app.web.measuring import Figures, registry_of_requests
from app.web.texts import tell

bp = Blueprint("health", __name__)
TEXT = "text/plain; version=0.0.4; charset=utf-8"


@bp.get("/healthz")
@audience("anyone")
def alive() -> Any:
    return jsonify(alive=True)


@bp.get("/readyz")
@audience("anyone")
def ready() -> Any:
    faults = [tell(fault) for fault in health.faults(database(), clock())]
    return jsonify(ready=not faults, faults=faults), 503 if faults else 200


@bp.get("/metrics")
@audience("anyone")
def metrics() -> Any:
    _refuse_strangers()
    at = present(database(), clock())
    with reading() as db:
        figures = Figures(health.measure(db, at))
    machinery = CollectorRegistry()
    machinery.register(figures)  # type: ignore[arg-type]
    return Response(generate_latest(machinery) + generate_latest(registry_of_requests()), mimetype=TEXT)


def _refuse_strangers() -> None:
    """Closed unless a token is set. Where a request comes from says nothing: behind a proxy all come from here."""
    token = settings().metrics_token.get_secret_value()
    sent = request.headers.get("Authorization", "")
    if not token or not hmac.compare_digest(sent.encode(), f"Bearer {token}".encode()):
        raise NotFound(words("There is nothing here that you can see"))
