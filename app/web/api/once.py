"""What a request changes, once: in one transaction with the answer to its key, so that a repeated one only hears it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response, request

from app.db import Session
from app.errors import Finding, Invalid, words
from app.people import receipts
from app.people.access import Actor
from app.people.receipts import Kept
from app.web import guard
from app.web.after import deliver
from app.web.api.shapes import Shape

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{1,100}")


@dataclass(frozen=True)
class Done:
    """What a request has brought about. `letters`: messages that wait to be delivered after the commit."""

    body: Shape
    status: int = 200
    location: str | None = None
    letters: int = 0


Work = Callable[[Session, Actor], Done]


def once(work: Work) -> Response:
    """Do the work in one transaction with the person's rights read again; with a key, at most once.

    The answer is kept under the person's key in that transaction; the same request again gets it, status and all.
    A refusal keeps nothing: the same key may come again.
    """
    key = _key()
    with guard.writing() as (db, by):
        if key is None:
            done = work(db, by)
            kept = _kept(done)
        else:
            asked = receipts.Request(by.id, key, digest())
            before = receipts.claim(db, asked, at=guard.now())
            if before is not None:
                return _response(before)
            done = work(db, by)
            kept = _kept(done)
            receipts.keep(db, asked, kept)
    deliver(done.letters)
    return _response(kept)


def domain_key() -> str | None:
    """The key by which the task itself remembers the request: it holds although the kept answer is gone one day."""
    key = _key()
    return None if key is None else "api:" + hashlib.sha256(f"{key} {digest()}".encode()).hexdigest()


def digest() -> str:
    """What this request asks, whatever the order of its fields."""
    parts = [request.method.encode(), request.full_path.encode()]
    if request.mimetype == "multipart/form-data":
        sent = sorted(request.form.items(multi=True))
        files = [(key, one.filename, hashlib.sha256(one.stream.read()).hexdigest()) for key, one in _files()]
        for _, one in _files():
            one.stream.seek(0)
        parts.append(orjson.dumps([sent, sorted(files)]))
    else:
        parts.append(orjson.dumps(request.get_json(silent=True), option=orjson.OPT_SORT_KEYS))
    return hashlib.sha256(b"\n".join(parts)).hexdigest()


def _files() -> list[tuple[str, Any]]:
    return list(request.files.items(multi=True))


def _key() -> str | None:
    key = request.headers.get(HEADER)
    if key is not None and not KEY.fullmatch(key):
        fault = Finding(words("It has 1 to 100 visible ASCII characters."), rule="idempotency", field=HEADER)
        raise Invalid(words("The idempotency key cannot be used."), [fault])
    return key


def _kept(done: Done) -> Kept:
    return Kept(done.status, done.location, done.body.model_dump_json())


def _response(kept: Kept) -> Response:
    response = Response(kept.body, status=kept.status, mimetype="application/json")
    if kept.location:
        response.headers["Location"] = kept.location
    return response
