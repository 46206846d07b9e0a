"""The token that a script shows in place of a session, as bearer or as a password; only on the API's addresses."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

API = "/api/"
MODELER = "/engine-rest/"


@dataclass(frozen=True)
class PresentedToken:
    """The secret of a token; `username` where it came as HTTP basic authentication."""

    secret: str
    username: str | None = None


def on_api() -> bool:
    """Whether the address is one of those that scripts use."""
    return request.path.startswith((API, MODELER))


def presented_token() -> PresentedToken | None:
    """The token of this request; None leaves it to the session. A header that cannot be read is a wrong token."""
    if not on_api() or "Authorization" not in request.headers:
        return None
    given = request.authorization
    if given is not None and given.type == "bearer" and given.token:
        return PresentedToken(given.token)
    if given is not None and given.type == "basic":
        return PresentedToken(given.password or "", given.username or "")
    return PresentedToken("")
