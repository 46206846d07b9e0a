"""The text of what leaves the house: kind, number, last day and a link; never a title, an answer or another's name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.errors import Words, words
from app.languages import CHINESE, say
from app.notify.channels import Channels
from app.notify.outbox import NoticeRow
from app.notify.robots import OutgoingMessage
from app.notify.subjects import Subject
from app.notify.wording import KINDS, called, sentence

MOST_LINES = 50


@dataclass(frozen=True)
class RecipientNotice:
    """A notice with what its recipient may know of its case; no matter where it belongs to no case."""

    notice: NoticeRow
    matter: Subject | None

    @property
    def text(self) -> Words:
        """The notice in a sentence."""
        return sentence(self.notice.about, self.matter, self.notice.data)


@dataclass(frozen=True)
class Envelope:
    """Whom a message goes to: the id of the delivery, a mail address where there is one, the person's ref."""

    ref: str
    address: str
    person_ref: str
    bureau: str
    at: datetime


def single(channels: Channels, envelope: Envelope, told: RecipientNotice) -> OutgoingMessage:
    """One notice as a message of its own."""
    notice, matter = told.notice, told.matter
    link = channels.link(matter.ref if matter else "")
    heading = words("{kind}: {case}", kind=KINDS[notice.about], case=called(matter)) if matter else KINDS[notice.about]
    data = {
        "type": f"notice.{notice.about}",
        "timestamp": notice.at.isoformat(),
        "data": {
            "about": notice.about,
            "number": matter.number if matter else "",
            "to": envelope.person_ref,
            "text": _say(told.text),
            "link": link,
        },
    }
    return _message(envelope, heading, [_say(told.text), link or _say(SIGN_IN)], data)


def digest(channels: Channels, envelope: Envelope, told: Sequence[RecipientNotice]) -> OutgoingMessage:
    """The day's notices in one message: how many of each kind, then a line each."""
    counts = Counter(one.notice.about for one in told)
    numbers = [words("{kind}: {count}", kind=KINDS[about], count=counts[about]) for about in KINDS if counts[about]]
    lines = [_line(channels, one) for one in told[:MOST_LINES]]
    if len(told) > MOST_LINES:
        lines.append(_say(words("and {count} more in the system", count=len(told) - MOST_LINES)))
    heading = words("Digest, {count} notices", count=len(told))
    data = {
        "type": "notice.digest",
        "timestamp": envelope.at.isoformat(),
        "data": {"counts": dict(counts), "to": envelope.person_ref, "link": channels.home},
    }
    return _message(envelope, heading, [*map(_say, numbers), "", *lines], data)


def trial(envelope: Envelope) -> OutgoingMessage:
    """The message by which an administrator tries a channel out."""
    data = {"type": "notice.trial", "timestamp": envelope.at.isoformat(), "data": {"to": ""}}
    text = words("This channel works. The message says nothing of any case.")
    return _message(envelope, words("Trial message"), [_say(text)], data)


SIGN_IN = words("Please sign in to the system to read on.")


def _line(channels: Channels, told: RecipientNotice) -> str:
    link = channels.link(told.matter.ref) if told.matter else ""
    return f"· {_say(told.text)} {link}".rstrip()


def _message(envelope: Envelope, heading: Words, lines: Sequence[str], data: Mapping[str, object]) -> OutgoingMessage:
    foot = words("{bureau}. Sent by the system, please do not reply.", bureau=envelope.bureau)
    body = "\n".join([*lines, "", _say(foot)])
    subject = _say(words("[Duban] {heading}", heading=heading))
    return OutgoingMessage(envelope.ref, envelope.address, subject, body, data, envelope.at)


def _say(text: Words) -> str:
    """Messages are written in Chinese; who reads them is not there to choose."""
    return say(text, CHINESE)
