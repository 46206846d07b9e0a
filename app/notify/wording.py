"""What a notice says, in one sentence: kind, number, step and last day, never a title or a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from app.errors import Words, words
from app.notify.subjects import Subject

Data = Mapping[str, object]

KINDS: Mapping[str, Words] = {
    "assigned": words("New task"),
    "returned": words("Sent back"),
    "due_soon": words("Due soon"),
    "overdue": words("Time limit passed"),
    "urged": words("Reminder (催办)"),
    "supervised": words("Follow-up order (督办)"),
    "copied": words("Copy for information"),
    "objection_filed": words("Objection filed"),
    "result": words("Result of handling"),
    "deadline_changed": words("Time limit changed"),
    "publicity_ends": words("Publicity ends"),
    "term_60": words("Term ends in 60 days"),
    "term_30": words("Term ends in 30 days"),
    "term_7": words("Term ends in 7 days"),
    "meeting_due": words("Meeting due"),
    "evaluation_opens": words("Evaluation opens"),
    "return_items": words("Items to be returned"),
    "alert": words("To be noted"),
    "taken_back": words("Task taken back"),
    "unmanned": words("Somebody has to be named"),
}
"""Every kind of notice (domain.md 2.10) by the word that people choose it by, in the order of the page."""


def called(matter: Subject | None) -> Words:
    """How a case is called in a notice: by its number, else by its procedure alone."""
    if matter is None:
        return words("A matter")
    if not matter.number:
        return words("{process} (not numbered yet)", process=matter.process)
    return words("{process} No. {number}", process=matter.process, number=matter.number)


def sentence(about: str, matter: Subject | None, data: Data) -> Words:
    """The notice in a sentence, for the page and for every channel."""
    tell = SENTENCES.get(about, _plain)
    return tell(about, called(matter), matter, data)


def _plain(about: str, case: Words, matter: Subject | None, data: Data) -> Words:
    return words("{case}: {kind}.", case=case, kind=KINDS[about])


def _assigned(about: str, case: Words, matter: Subject | None, data: Data) -> Words:
    if matter is None or matter.step is None:
        return words("{case}: a task is waiting.", case=case)
    if matter.due is None:
        return words("{case}: “{step}” is waiting.", case=case, step=matter.step)
    return words("{case}: “{step}” is waiting, due {due}.", case=case, step=matter.step, due=matter.due)


def _soon(about: str, case: Words, matter: Subject | None, data: Data) -> Words:
    if matter is None or matter.due is None:
        return words("{case} is due soon.", case=case)
    return words("{case} is due on {due}.", case=case, due=matter.due)


def _urged(about: str, case: Words, matter: Subject | None, data: Data) -> Words:
    if matter is None or matter.step is None:
        return words("{case}: please finish it in time.", case=case)
    if matter.due is None:
        return words("{case}: please finish “{step}” soon.", case=case, step=matter.step)
    return words("{case}: please finish “{step}”, due {due}.", case=case, step=matter.step, due=matter.due)


def _changed(about: str, case: Words, matter: Subject | None, data: Data) -> Words:
    if data.get("clock") == "stopped":
        return words("{case}: its clock has been stopped.", case=case)
    try:
        new = date.fromisoformat(str(data.get("new")))
    except ValueError:
        return words("{case}: the time limit has changed.", case=case)
    return words("{case}: the time limit now ends on {due}.", case=case, due=new)


def _said(text: Words) -> Callable[[str, Words, Subject | None, Data], Words]:
    return lambda about, case, matter, data: words(text.msgid, case=case)


SENTENCES: Mapping[str, Callable[[str, Words, Subject | None, Data], Words]] = {
    "assigned": _assigned,
    "due_soon": _soon,
    "urged": _urged,
    "deadline_changed": _changed,
    "returned": _said(words("{case} was returned.")),
    "overdue": _said(words("{case} is overdue.")),
    "supervised": _said(words("{case}: a follow-up order was issued, please act on it and report.")),
    "copied": _said(words("{case} is copied to you for information.")),
    "objection_filed": _said(words("{case}: an objection was filed.")),
    "result": _said(words("{case}: there is a result.")),
    "taken_back": _said(words("{case}: a task that you held has gone back.")),
    "unmanned": _said(words("{case}: a task has nobody any more; name somebody for it.")),
    "alert": _said(words("{case}: something needs your attention.")),
}
