"""What must always hold in a database of cases; each broken invariant is named, nothing is mended (safety rule 21)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import engine, journal
from app.cases.models import Case, CaseMessage, Party, Subscription, Task, Timer
from app.db import keys_of
from app.definitions.library import digest_of
from app.definitions.models import Blob, Release
from app.definitions.releases import open_release
from app.engine import Instance
from app.errors import Refusal
from app.papers import drafts
from app.papers.models import Paper, PaperDraft, Series


@dataclass(frozen=True)
class Fault:
    """A broken invariant: which one, of what, and what is wrong."""

    rule: str
    place: str
    what: str


def verify(db: Session) -> Iterator[Fault]:
    """Every fault of the database, in the order of its rows; nothing where all holds."""
    for rule in RULES:
        yield from rule(db)
    for case_id in db.scalars(select(Case.id).order_by(Case.id)):
        yield from case_holds(db, db.get_one(Case, case_id))
        db.expunge_all()


def case_holds(db: Session, case: Case) -> Iterator[Fault]:
    """One case: its chain, and its rows against what its instance says."""
    place = f"case {case.ref}"
    entries = journal.entries_of(db, case.id)
    for broken in journal.broken(keys_of(db), entries, journal.Head(case.journal_seq, case.journal_seal)):
        yield Fault("journal.chain", place, broken)
    try:
        instance = engine.load(case.state, open_release(db, case.release_id).diagram)
    except Refusal as refused:
        yield Fault("case.state", place, str(refused))
        return
    for check in (_tasks, _timers, _subscriptions, _end, _parties):
        yield from check(db, case, instance)


def _tasks(db: Session, case: Case, instance: Instance) -> Iterator[Fault]:
    rows = select(Task.work_id, Task.element).where(Task.case_id == case.id, Task.closed_at.is_(None))
    yield from _same("case.tasks", case, {tuple(row) for row in db.execute(rows)}, {
        (work.id, work.element) for work in instance.work()
    })  # fmt: skip


def _timers(db: Session, case: Case, instance: Instance) -> Iterator[Fault]:
    rows = select(Timer.timer_id, Timer.element, Timer.due).where(Timer.case_id == case.id)
    said = {(timer.id, timer.element, timer.due) for timer in instance.timers()}
    yield from _same("case.timers", case, {tuple(row) for row in db.execute(rows)}, said)


def _subscriptions(db: Session, case: Case, instance: Instance) -> Iterator[Fault]:
    rows = select(Subscription.subscription_id, Subscription.message, Subscription.key)
    said = {(waited.id, waited.message, waited.key) for waited in instance.subscriptions()}
    found = {tuple(row) for row in db.execute(rows.where(Subscription.case_id == case.id))}
    yield from _same("case.subscriptions", case, found, said)


def _end(_db: Session, case: Case, instance: Instance) -> Iterator[Fault]:
    if (case.closed_at is not None) != instance.is_over():
        yield Fault("case.end", f"case {case.ref}", "the row and the instance disagree whether the case has ended")


def _parties(db: Session, case: Case, _instance: Instance) -> Iterator[Fault]:
    rows = select(Party.person_id, Party.organisation_id, Party.role).where(Party.case_id == case.id)
    said = {
        (party["id"], None, party["role"]) if party["kind"] == "person" else (None, party["id"], party["role"])
        for party in case.parties.values()
    }
    yield from _same("case.parties", case, {tuple(row) for row in db.execute(rows)}, said)


def _same(rule: str, case: Case, rows: AbstractSet[object], said: AbstractSet[object]) -> Iterator[Fault]:
    for row in rows - said:
        yield Fault(rule, f"case {case.ref}", f"the row {row} is not in the instance")
    for one in said - rows:
        yield Fault(rule, f"case {case.ref}", f"{one} of the instance has no row")


def releases_are_whole(db: Session) -> Iterator[Fault]:
    """Every release lists contents that are there and unaltered."""
    sound = {sha for sha, data in db.execute(select(Blob.sha256, Blob.data)) if hashlib.sha256(data).hexdigest() == sha}
    for release in db.scalars(select(Release)):
        place = f"release {release.number} of bureau {release.bureau_id}"
        if digest_of(release.manifest) != release.digest:
            yield Fault("release.digest", place, "the list of files has been altered")
        for path, sha in release.manifest.items():
            if sha not in sound:
                yield Fault("release.file", place, f"{path} is missing or altered")


def papers_are_whole(db: Session) -> Iterator[Fault]:
    """An issued paper says what it said when it was issued."""
    for paper in db.scalars(select(Paper)):
        if hashlib.sha256(orjson.dumps(paper.content, option=orjson.OPT_SORT_KEYS)).hexdigest() != paper.sha256:
            yield Fault("paper.content", f"paper {paper.number}", "the text has been altered")


def numbers_have_no_gaps(db: Session) -> Iterator[Fault]:
    """As many numbers were given as there are papers, numbered drafts (void ones too) and opinions to carry them."""
    given = db.scalar(select(func.coalesce(func.sum(Series.last), 0))) or 0
    on_the_way = PaperDraft.number != "", PaperDraft.state != drafts.ISSUED
    papers = sum(
        db.scalar(query) or 0 for query in (select(func.count(Paper.id)), select(func.count()).where(*on_the_way))
    )
    opinions = db.scalar(select(func.coalesce(func.sum(Series.last), 0)).where(Series.series.like("opinion-%"))) or 0
    if given - opinions != papers:
        yield Fault("paper.numbers", "number series", f"{given - opinions} numbers were given to {papers} papers")


def messages_are_delivered(db: Session) -> Iterator[Fault]:
    """A message that a case threw has been handed over."""
    for message in db.scalars(select(CaseMessage).where(CaseMessage.delivered_at.is_(None))):
        yield Fault("message.waiting", f"message {message.id}", f"{message.message} has not been delivered")


def bureau_chains_hold(db: Session) -> Iterator[Fault]:
    """The bureaus' own chains, of what belongs to no case."""
    query = select(journal.Entry).where(journal.Entry.case_id.is_(None))
    chains: dict[int, list[journal.Entry]] = {}
    for entry in db.scalars(query.order_by(journal.Entry.bureau_id, journal.Entry.seq)):
        chains.setdefault(entry.bureau_id, []).append(entry)
    for bureau_id, entries in chains.items():
        for broken in journal.broken(keys_of(db), entries):
            yield Fault("journal.chain", f"bureau {bureau_id}", broken)


RULES: tuple[Callable[[Session], Iterator[Fault]], ...] = (
    releases_are_whole,
    papers_are_whole,
    numbers_have_no_gaps,
    messages_are_delivered,
    bureau_chains_hold,
)
