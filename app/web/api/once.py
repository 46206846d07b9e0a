"""What a request changes, once: in one transaction with the answer to its key, so that a repeated one only hears it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response, request

from app.errors import Finding, Invalid, words
from app.people import receipts
from app.people.receipts import Kept
from app.web import guard
from app.web.api.shapes import Shape
from app.web.delivery import deliver

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{1,100}")


@dataclass(frozen=True)
class Done:
    """What a request has brought about. `letters`: messages that wait to be delivered after the commit."""

    body: Shape
    status: int = 200
    location: str | None = None
    letters: int = 0


def once(work: Callable[..., Done], prepare: Callable[[], object] | None = None) -> Response:
    """Do the work in one transaction with the person's rights read again; with a key, at most once.

    The answer is kept under the person's key in that transaction; the same request again gets it, status and all.
    A refusal keeps nothing: the same key may come again. `prepare` does what is long before the transaction, for a
    request that has not been answered yet; the work gets what it gives.
    """
    key = _key()
    before = _answered(key) if prepare is not None else None
    more = () if prepare is None or before is not None else (prepare(),)
    with guard.writing() as (db, by):
        asked = receipts.Request(by.id, key, digest()) if key is not None else None
        if asked is not None and (kept := receipts.claim(db, asked, at=guard.now())) is not None:
            return _response(kept)
        done = work(db, by, *more)
        answer = Kept(done.status, done.location, done.body.model_dump_json(by_alias=True))
        if asked is not None:
            receipts.keep(db, asked, answer)
    deliver(done.letters)
    return _response(answer)


def _answered(key: str | None) -> Kept | None:
    """Whether the request has had its answer already; the transaction asks again, for it alone is sure."""
    if key is None:
        return None
    with guard.reading() as db:
        return receipts.found(db, receipts.Request(guard.actor().id, key, digest()))


def domain_key() -> str | None:
    """The key by which the task itself remembers the request: it holds although the kept answer is gone one day."""
    key = _key()
    return None if key is None else "api:" + guard.database().keys.request_digest(f"{key} {digest()}".encode())


def digest() -> str:
    """A keyed digest of what this request asks, whatever the order of its fields: a body may hold a password."""
    parts = [request.method.encode(), request.full_path.encode()]
    if request.mimetype == "multipart/form-data":
        sent = sorted((key or "", value) for key, value in request.form.items(multi=True))
        files = [(key, one.filename or "", hashlib.sha256(one.stream.read()).hexdigest()) for key, one in _files()]
        for _, one in _files():
            one.stream.seek(0)
        parts.append(orjson.dumps([sent, sorted(files)]))
    else:
        parts.append(orjson.dumps(request.get_json(silent=True), option=orjson.OPT_SORT_KEYS))
    return guard.database().keys.request_digest(b"\n".join(parts))


def _files() -> list[tuple[str, Any]]:
    return [(key or "", one) for key, one in request.files.items(multi=True)]


def _key() -> str | None:
    key = request.headers.get(HEADER)
    if key is not None and not KEY.fullmatch(key):
        fault = Finding(words("It has 1 to 100 visible ASCII characters."), rule="idempotency", field=HEADER)
        raise Invalid(words("The idempotency key cannot be used."), [fault])
    return key


def _response(kept: Kept) -> Response:
    response = Response(kept.body, status=kept.status, mimetype="application/json")
    if kept.location:
        response.headers["Location"] = kept.location
    return response
