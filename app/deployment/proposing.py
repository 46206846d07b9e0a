"""What owners propose: a draft over the current release, handed to a second owner, approved or rejected by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session, aliased

from app import journal
from app.definitions import releases
from app.definitions.characters import readable
from app.definitions.library import Files, digest_of
from app.definitions.models import CurrentRelease, Proposal, Release
from app.deployment.checking import as_data, errors_in, findings_of, from_data
from app.deployment.laying import lay
from app.errors import Conflict, Finding, Invalid, NotAllowed, NotFound, words
from app.people.access import Actor, admit
from app.people.models import Person

State = Literal["draft", "waiting", "approved", "rejected"]
OPEN = ("draft", "waiting")
MOST_OPEN = 50
"""Open proposals of one bureau; whoever reaches it puts some away first."""
LONGEST_NOTE = 2_000


@dataclass(frozen=True)
class Proposed:
    """A proposal as people see it; `number` is that of the release that it became, `base` the one it was made over."""

    ref: str
    number: int | None
    state: State
    note: str
    made_by: str
    made_at: datetime
    findings: list[Finding]
    changed: list[str]
    maker_id: int
    base: int
    base_manifest: Mapping[str, str]
    manifest: Mapping[str, str]
    overtaken: bool
    decided_by: str = ""
    decided_at: datetime | None = None
    why: str = ""

    @property
    def errors(self) -> list[Finding]:
        """What stands in its way."""
        return errors_in(self.findings)


@dataclass(frozen=True)
class Checked:
    """Files laid over a release, with everything that was found; made outside any transaction."""

    base_id: int
    files: Files
    findings: Sequence[Finding]


def check(db: Session, changes: Mapping[str, bytes | None], *, by: Actor) -> Checked:
    """Lay the changes over the bureau's current release and find what is wrong; None removes a file.

    Raises Invalid for a path that no release has, for changes that change nothing, and for a pack that would become
    another one.
    """
    admit("owners", by)
    base_id = releases.current_id(db, by.bureau_id)
    files, refused = lay(releases.files_of(db, base_id), changes)
    if refused:
        raise Invalid(words("These files cannot be taken in."), refused)
    return Checked(base_id, files, findings_of(files))


def current_files(db: Session, *, by: Actor) -> Files:
    """The files of the bureau's current release, to find the places of uploads. Raises NotFound without rules."""
    admit("owners", by)
    return releases.files_of(db, releases.current_id(db, by.bureau_id))


def draft(db: Session, checked: Checked, *, by: Actor, at: datetime, note: str = "") -> str:
    """Keep what was checked as a draft of its maker, errors and all; its ref. Raises Conflict: too many are open."""
    admit("owners", by)
    count = select(func.count()).where(Proposal.bureau_id == by.bureau_id, Proposal.state.in_(OPEN))
    if (db.scalar(count) or 0) >= MOST_OPEN:
        raise Conflict(words("{count} proposals are open. Put some away first.", count=MOST_OPEN))
    made = Proposal(
        bureau_id=by.bureau_id,
        base_id=checked.base_id,
        manifest=releases.keep(db, checked.files),
        note=readable(note).strip()[:LONGEST_NOTE],
        findings=[as_data(one) for one in checked.findings],
        made_at=at,
        made_by=by.id,
    )
    db.add(made)
    db.flush()
    return made.ref


def submit(db: Session, ref: str, *, by: Actor, at: datetime, note: str | None = None) -> None:
    """Hand the own draft to the second owner. Raises Invalid with its errors, Conflict where the release moved on."""
    admit("owners", by)
    current = _locked_current(db, by.bureau_id)  # in the order in which `approve` locks
    made = _own(db, ref, by, "draft")
    _refuse_overtaken(made, current)
    errors = errors_in([from_data(one) for one in made.findings])
    if errors:
        raise Invalid(words("What is wrong must be put right before it can be proposed."), errors)
    made.state, made.made_at = "waiting", at
    made.note = made.note if note is None else readable(note).strip()[:LONGEST_NOTE]
    _note(db, made, "release.proposed", by=by, at=at)


def propose(db: Session, changes: Mapping[str, bytes | None], *, by: Actor, at: datetime, note: str = "") -> Proposed:
    """Changes by path (None removes) over the current release, handed to the second owner at once.

    Raises Invalid with every finding; nothing is kept then.
    """
    checked = check(db, changes, by=by)
    if errors := errors_in(list(checked.findings)):
        raise Invalid(words("What is wrong must be put right before it can be proposed."), errors)
    ref = draft(db, checked, by=by, at=at, note=note)
    submit(db, ref, by=by, at=at)
    db.flush()
    return proposal(db, ref, by=by)


def propose_release(db: Session, number: int, *, by: Actor, at: datetime, note: str = "") -> str:
    """Propose an earlier release again, as a draft; its ref. Raises NotFound, or Conflict: it is the current one."""
    admit("owners", by)
    found = db.scalar(select(Release).where(Release.bureau_id == by.bureau_id, Release.number == number))
    if found is None:
        raise NotFound(words("There is no release {number}.", number=number))
    base_id = releases.current_id(db, by.bureau_id)
    if found.id == base_id:
        raise Conflict(words("Release {number} is the current one already.", number=number))
    files = releases.files_in(db, found.manifest)
    return draft(db, Checked(base_id, files, findings_of(files)), by=by, at=at, note=note)


def approve(db: Session, ref: str, *, by: Actor, at: datetime) -> Release:
    """Make a waiting proposal the current release; running cases stay on theirs.

    Raises NotAllowed (`permission`) where `by` made it, Conflict where it is decided already or the current release
    is no longer the one that it was made over, Invalid where it no longer passes the checks.
    """
    admit("owners", by)
    current = _locked_current(db, by.bureau_id)
    made = _locked(db, ref, by, "waiting")
    if made.made_by == by.id:
        text = words("Whoever made a proposal cannot approve it; a second process owner must.")
        raise NotAllowed(text, clauses=["permission"])
    _refuse_overtaken(made, current)
    files = releases.files_in(db, made.manifest)
    if errors := errors_in(findings_of(files)):
        raise Invalid(words("The pack cannot be used."), errors)
    release = releases.load(db, by.bureau_id, files, at=at, by=by.id)
    made.state, made.release_id, made.decided_by, made.decided_at = "approved", release.id, by.id, at
    _note(db, made, "release.approved", by=by, at=at, number=release.number)
    db.flush()
    return release


def reject(db: Session, ref: str, *, by: Actor, at: datetime, why: str) -> None:
    """Send a waiting proposal back with a reason. Raises NotAllowed, Conflict, or Invalid where no reason is given."""
    admit("owners", by)
    made = _locked(db, ref, by, "waiting")
    if made.made_by == by.id:
        raise NotAllowed(words("Whoever made a proposal cannot decide on it."), clauses=["permission"])
    why = readable(why).strip()
    if not why:
        raise Invalid(words("Say why it is rejected."), fields=["why"])
    made.state, made.why, made.decided_by, made.decided_at = "rejected", why[:LONGEST_NOTE], by.id, at
    _note(db, made, "release.rejected", by=by, at=at)


def take_back(db: Session, ref: str, *, by: Actor) -> None:
    """The maker takes a waiting proposal back to a draft. Raises NotAllowed, Conflict."""
    admit("owners", by)
    _own(db, ref, by, "waiting").state = "draft"


def put_away(db: Session, ref: str, *, by: Actor) -> None:
    """The maker drops a draft; nothing of it is left but the contents of its files. Raises NotAllowed, Conflict."""
    admit("owners", by)
    db.delete(_own(db, ref, by, "draft"))


def proposals(db: Session, by: Actor) -> list[Proposed]:
    """Every proposal of the bureau, the latest first."""
    admit("owners", by)
    return [_seen(row) for row in db.execute(_select(by).order_by(Proposal.id.desc()).limit(200))]


def proposal(db: Session, ref: str, *, by: Actor) -> Proposed:
    """One proposal of the bureau. Raises NotFound."""
    admit("owners", by)
    row = db.execute(_select(by).where(Proposal.ref == ref)).first()
    if row is None:
        raise NotFound(words("There is no such proposal here."))
    return _seen(row)


def _select(by: Actor) -> Select[Any]:
    maker, decider, became = aliased(Person), aliased(Person), aliased(Release)
    return (
        select(Proposal, Release.number.label("base"), Release.manifest.label("base_manifest"))
        .add_columns(became.number.label("number"), maker.name.label("maker"), decider.name.label("decider"))
        .add_columns((CurrentRelease.release_id != Proposal.base_id).label("overtaken"))
        .join(Release, Release.id == Proposal.base_id)
        .join(CurrentRelease, CurrentRelease.bureau_id == Proposal.bureau_id)
        .join(maker, maker.id == Proposal.made_by)
        .outerjoin(became, became.id == Proposal.release_id)
        .outerjoin(decider, decider.id == Proposal.decided_by)
        .where(Proposal.bureau_id == by.bureau_id)
    )


def _seen(row: Row[Any]) -> Proposed:
    made: Proposal = row.Proposal
    return Proposed(
        ref=made.ref,
        number=row.number,
        state=made.state,  # type: ignore[arg-type]
        note=made.note,
        made_by=row.maker,
        made_at=made.made_at,
        findings=[from_data(one) for one in made.findings],
        changed=changed_paths(row.base_manifest, made.manifest),
        maker_id=made.made_by,
        base=row.base,
        base_manifest=row.base_manifest,
        manifest=made.manifest,
        overtaken=bool(row.overtaken) and made.state in OPEN,
        decided_by=row.decider or "",
        decided_at=made.decided_at,
        why=made.why,
    )


def changed_paths(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """The paths that two manifests do not share with the same content."""
    return sorted(path for path in {*old, *new} if old.get(path) != new.get(path))


def _locked_current(db: Session, bureau_id: int) -> int:
    """The current release; locked, so that of two approvals at once one comes after the other."""
    query = select(CurrentRelease.release_id).where(CurrentRelease.bureau_id == bureau_id).with_for_update()
    found = db.scalar(query)
    if found is None:
        raise NotFound(words("No rules have been loaded for this office yet."))
    return found


def _locked(db: Session, ref: str, by: Actor, state: State) -> Proposal:
    query = select(Proposal).where(Proposal.ref == ref, Proposal.bureau_id == by.bureau_id).with_for_update()
    made = db.scalar(query.execution_options(populate_existing=True))
    if made is None:
        raise NotFound(words("There is no such proposal here."))
    if made.state != state:
        raise Conflict(STATES[made.state])
    return made


STATES = {
    "draft": words("This proposal is a draft; its maker has not handed it on."),
    "waiting": words("This proposal is waiting for the second owner already."),
    "approved": words("This proposal has been approved already."),
    "rejected": words("This proposal has been rejected already."),
}


def _own(db: Session, ref: str, by: Actor, state: State) -> Proposal:
    made = _locked(db, ref, by, state)
    if made.made_by != by.id:
        raise NotAllowed(words("Only whoever made this proposal can do that."), clauses=["permission"])
    return made


def _refuse_overtaken(made: Proposal, current: int) -> None:
    if made.base_id != current:
        raise Conflict(
            words(
                "Another release has become current since this proposal was made. "
                "Put its files on the present one and propose it again."
            )
        )


def _note(db: Session, made: Proposal, kind: str, *, by: Actor, at: datetime, **more: Any) -> None:
    data = {"proposal": made.ref, "digest": digest_of(made.manifest), "made_by": made.made_by, **more}
    journal.record_outside(db, by.bureau_id, [journal.Note(kind, data=data)], at=at, by=by.id)
