"""Who asks: the person behind the token or session, their offices, and which parts of the bureau are open to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask import g

from app.people.access import AUDIENCES, Actor
from app.web.api.shapes import Shape
from app.web.guard import actor, audience

bp = APIBlueprint("api_me", __name__, tag="me", url_prefix="/api/v1")


class Post(Shape):
    """An office that the person holds."""

    lane: str
    organisation: str
    organisation_name: str


class UsedToken(Shape):
    """The token of this request."""

    name: str
    read_only: bool
    expires_at: datetime


class Me(Shape):
    """The person who asks."""

    ref: str
    name: str
    posts: list[Post]
    audiences: list[str]
    token: UsedToken | None


@bp.get("/me")
@bp.output(Me)
@audience("signed_in")
def me() -> Any:
    """Who I am here."""
    return of(actor())


def of(by: Actor) -> Me:
    """The person with today's rights."""
    posts = [
        Post(lane=one.lane, organisation=one.organisation_ref, organisation_name=one.organisation_name)
        for one in by.posts
    ]
    token = g.bearer.token if "bearer" in g else None
    used = token and UsedToken(name=token.name, read_only=token.read_only, expires_at=token.expires_at)
    audiences = [name for name, admits in AUDIENCES.items() if admits(by)]
    return Me(ref=by.ref, name=by.name, posts=posts, audiences=audiences, token=used)
