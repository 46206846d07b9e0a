"""A person's choices about notices, as the page shows them: what is kept, or what was sent and refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.db import Session
from app.errors import Invalid, Refusal, Words, words
from app.notify import administration
from app.notify.channels import KINDS as CHANNELS
from app.notify.choices import EARLIEST_DIGEST, LATEST_DIGEST, MODES, PERSONAL, Choices, choices_of
from app.notify.quiet import Quiet
from app.notify.wording import KINDS
from app.people.access import Actor
from app.web.texts import tell

MODE_WORDS: Mapping[str, Words] = {
    "now": words("at once"),
    "digest": words("daily digest"),
    "off": words("not sent"),
}


@dataclass(frozen=True)
class NoticeKindRow:
    """One kind of notice with how it goes out by each kind of channel."""

    about: str
    name: Words
    modes: Mapping[str, str]


@dataclass(frozen=True)
class ChoicesPage:
    """The whole page."""

    chosen: Choices
    rows: tuple[NoticeKindRow, ...]
    channels: tuple[tuple[str, Words], ...]
    """Kinds of channel to the person that are open in this bureau."""
    modes: tuple[tuple[str, Words], ...]
    digest_hours: tuple[int, ...]
    faults: Mapping[str, str]
    open_groups: tuple[str, ...]
    """Names of robots that speak in the chats of this person's organisations."""


def choices_page(db: Session, actor: Actor, sent: Mapping[str, str] | None, refusal: Refusal | None) -> ChoicesPage:
    """The page for this person; two statements."""
    kept = choices_of(db, [actor.id]).get(actor.id, Choices())
    chosen = chosen_in(sent) if sent and "quiet_from" in sent else kept
    channels = administration.channels(db, actor.bureau_id)
    open_kinds = {one.kind for one in channels if one.active}
    mine = {post.organisation_id for post in actor.posts}
    return ChoicesPage(
        chosen=chosen,
        rows=tuple(
            NoticeKindRow(about, name, {kind: chosen.mode(kind, about) for kind in PERSONAL})
            for about, name in KINDS.items()
        ),
        channels=tuple((kind, CHANNELS[kind]) for kind in PERSONAL if kind in open_kinds),
        modes=tuple((mode, MODE_WORDS[mode]) for mode in MODES),
        digest_hours=tuple(range(EARLIEST_DIGEST, LATEST_DIGEST + 1)),
        faults=_faults(refusal),
        open_groups=tuple(one.name for one in channels if one.active and one.organisation_id in mine),
    )


def chosen_in(form: Mapping[str, str]) -> Choices:
    """Reads the choices of a sent form; an hour that is no number is Invalid later, by its field."""
    modes = {kind: {about: form[name] for about in KINDS if (name := f"{kind}.{about}") in form} for kind in PERSONAL}
    hours = {name: _hour(form.get(name, "")) for name in ("digest_hour", "quiet_from", "quiet_to")}
    quiet = Quiet(hours["quiet_from"], hours["quiet_to"])
    return Choices(form.get("mail", "").strip(), modes, hours["digest_hour"], quiet)


def _hour(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else -1  # noqa: PLR2004 - two digits


def _faults(refusal: Refusal | None) -> dict[str, str]:
    if not isinstance(refusal, Invalid):
        return {}
    return {finding.field: tell(finding.words) for finding in refusal.findings if finding.field}
