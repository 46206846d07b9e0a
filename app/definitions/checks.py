"""What must hold between the parts of a pack: forms, lanes, policies, statuses, papers, and what the law demands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from app import feel
from app.definitions import law, rows
from app.definitions.functions import FUNCTIONS
from app.definitions.library import ABOUT
from app.definitions.manifest import PaperTemplate
from app.definitions.pack import Pack
from app.definitions.reading import check_reading
from app.engine import Process, Step
from app.errors import Finding, Invalid, words
from app.files import KINDS
from app.registers.catalogue import REGISTERS
from app.registers.patching import unknown_field

Rule = Callable[[Pack], Iterator[Finding]]

RESERVED_FROM = date(2026, 2, 1)
"""The day since which N-27 to N-29 say which titles are the supervising organ's and the government's."""
RESERVED = {"行政执法监督督办函": "N-27", "行政执法监督意见书": "N-28", "行政执法监督决定书": "N-29", "督办函": "N-27"}
"""Titles of papers that nobody else may issue, with their clauses; a longer title stands before one that it holds."""
ORGANS = ("bureau", "government")


def check(pack: Pack) -> list[Finding]:
    """Everything that is wrong with a pack whose files are each readable."""
    return [finding for rule in RULES for finding in rule(pack)]


def _steps(pack: Pack, *kinds: str) -> Iterator[tuple[Process, Step]]:
    for process in pack.diagram.processes.values():
        for step in process.steps.values():
            if not kinds or step.kind in kinds:
                yield process, step


def every_task_has_its_form(pack: Pack) -> Iterator[Finding]:
    """Nobody can complete a task that has no form."""
    for process, step in _steps(pack, "userTask"):
        key = step.attributes.get("form", step.element)
        if (process.id, key) not in pack.forms:
            text = words('The task "{task}" has no form "{key}".', task=step.name, key=key)
            yield Finding(text, rule="form.missing", file=process.file, element=step.element)


def lanes_are_known(pack: Pack) -> Iterator[Finding]:
    """A lane that no membership can name would hide its tasks from everybody."""
    for process in pack.diagram.processes.values():
        for lane in process.lanes:
            if lane not in pack.lanes:
                text = words('The lane "{lane}" is not a role of this pack.', lane=lane)
                yield Finding(text, rule="lane.unknown", file=process.file, element=lane)


def policies_are_known(pack: Pack) -> Iterator[Finding]:
    """A deadline names a policy of the pack."""
    for process, step in _steps(pack):
        key = step.attributes.get("deadline", "")
        if key and not feel.is_expression(key) and key not in pack.policies:
            text = words('The limit "{key}" is not in the policy table.', key=key)
            yield Finding(text, rule="policy.unknown", file=process.file, element=step.element)


def statuses_are_known(pack: Pack) -> Iterator[Finding]:
    """A status that people read has words in both languages."""
    for process, step in _steps(pack):
        for name in ("status", "lateStatus"):
            key = step.attributes.get(name, "")
            if key and not feel.is_expression(key) and key not in pack.statuses:
                text = words('The status "{key}" has no words in this pack.', key=key)
                yield Finding(text, rule="status.unknown", file=process.file, element=step.element)


def people_kept_apart_exist(pack: Pack) -> Iterator[Finding]:
    """`notSameAs` names tasks of the pack."""
    known = {step.element for _, step in _steps(pack, "userTask")}
    for process, step in _steps(pack, "userTask"):
        for other in step.attributes.get("notSameAs", "").split():
            if other not in known:
                text = words('"{other}" in notSameAs is no task of this pack.', other=other)
                yield Finding(text, rule="task.unknown", file=process.file, element=step.element)


def names_are_in_both_languages(pack: Pack) -> Iterator[Finding]:
    """Every task has a Chinese and an English name; what pack.yaml names has both by its type."""
    for process, step in _steps(pack, "userTask"):
        if not step.name or not step.name_en:
            text = words("This task lacks its Chinese or its English name.")
            yield Finding(text, rule="name.missing", file=process.file, element=step.element)


def acts_can_be_done(pack: Pack) -> Iterator[Finding]:
    """An act has its form, known lanes, and begins or does what there is."""
    for act in pack.acts.values():
        if (act.process, act.form) not in pack.forms:
            text = words('The act "{act}" has no form "{key}".', act=act.id, key=f"{act.process}/{act.form}")
            yield Finding(text, rule="form.missing", file=ABOUT, element=act.id)
        for lane in sorted(act.lanes - pack.lanes.keys()):
            text = words('The lane "{lane}" is not a role of this pack.', lane=lane)
            yield Finding(text, rule="lane.unknown", file=ABOUT, element=act.id)
        if act.begins and act.begins not in pack.diagram.processes:
            text = words('The act "{act}" begins a process that there is not.', act=act.id)
            yield Finding(text, rule="act.unknown", file=ABOUT, element=act.id)


def papers_can_be_written(pack: Pack) -> Iterator[Finding]:
    """Each expression in a paper's text can be read, and each paper that a step issues exists."""
    for key, paper in pack.papers.items():
        for expression in paper_expressions(paper):
            yield from _unreadable(expression, "paper.expression", key)
    for process, step in _steps(pack):
        for code in issued_codes(step):
            if code not in pack.papers:
                text = words('The paper "{code}" is not in this pack.', code=code)
                yield Finding(text, rule="paper.unknown", file=process.file, element=step.element)


def reserved_titles_have_their_issuer(pack: Pack) -> Iterator[Finding]:
    """A title that N-27, N-28 or N-29 reserves is borne by papers of the organ or of the government only."""
    for key, paper in pack.papers.items():
        titles = _titles_since(paper, RESERVED_FROM)
        title = next((one for one in RESERVED if any(one in written for written in titles)), None)
        if title is not None and paper.issuer not in ORGANS:
            text = words(
                '{clause} keeps the title "{title}" for the supervising organ and the government; '
                'the paper "{paper}" comes from "{issuer}".',
                clause=RESERVED[title],
                title=title,
                paper=key,
                issuer=paper.issuer,
            )
            place = f"papers {key}"
            yield Finding(text, "paper.issuer", file=ABOUT, element=place, field="from", clause=RESERVED[title])


def _titles_since(paper: PaperTemplate, since: date) -> list[str]:
    """Every title, as written, that a paper may bear on some day from `since` on."""
    later = [one.title for one in paper.titles if one.valid_from > since]
    before = [one.title for one in paper.titles if one.valid_from <= since]
    return [before[-1] if before else paper.title or paper.name, *later]


def paper_expressions(paper: PaperTemplate) -> Iterator[str]:
    """The FEEL texts of a paper: between double braces in its paragraphs, and those of its title and its fields."""
    for paragraph in paper.body:
        for part in paragraph.split("{{")[1:]:
            yield part.partition("}}")[0].strip()
    yield from _written((paper.title or "", *(one.title for one in paper.titles), *paper.fields.values()))


def expressions_can_be_read(pack: Pack) -> Iterator[Finding]:
    """The conditions and keys that pack.yaml itself holds are FEEL, said before a case needs them."""
    for act in pack.acts.values():
        for expression in _written((act.when, act.key, *act.payload.values())):
            yield from _unreadable(expression, "pack.expression", f"acts {act.id}")
    for key, rule in pack.manifest.confidential.items():
        for expression in _written([rule.when or ""]):
            yield from _unreadable(expression, "pack.expression", f"confidential {key}")
    if extension := pack.manifest.extension:
        for expression in _written([extension.by_agency]):
            yield from _unreadable(expression, "pack.expression", "extension")


def _written(texts: Iterable[str]) -> Iterator[str]:
    return (feel.expression_text(text) for text in texts if feel.is_expression(text))


def _unreadable(expression: str, rule: str, element: str) -> Iterator[Finding]:
    try:
        feel.compile(expression, FUNCTIONS)
    except Invalid as fault:
        for found in fault.findings:
            yield Finding(found.words, rule=rule, file=ABOUT, element=element)


def issued_codes(step: Step) -> Iterator[str]:
    """The papers that a service step issues, where its diagram names them plainly."""
    if step.attributes.get("operation") == "issue_paper":
        code = step.parameters.get("code", "")
        if code and not feel.is_expression(code):
            yield code


def registers_have_their_fields(pack: Pack) -> Iterator[Finding]:
    """A step that writes a register names one that there is, and fields that it has."""
    for process, step in _steps(pack):
        name = step.parameters.get("register", "")
        if step.attributes.get("operation") != "record_register" or feel.is_expression(name):
            continue
        if name not in REGISTERS:
            text = words('The step "{step}" writes a register "{name}", which there is not.', step=step.name, name=name)
            yield Finding(text, rule="register.unknown", file=process.file, element=step.element)
            continue
        for field in step.parameters.keys() - REGISTERS[name].columns.keys() - {"register", "key"}:
            found = unknown_field(name, field)
            yield Finding(found.words, found.rule, file=process.file, element=step.element, field=field)


def tables_answer_their_rows(pack: Pack) -> Iterator[Finding]:
    """A table whose examples come out otherwise is not released: whoever means it changes the example with the rule.

    Every table is tried, those too that only read, require or import what was changed.
    """
    functions = rows.functions_at({key: policy.amount for key, policy in pack.policies.items()})
    for book in pack.rows.values():
        for one in rows.answered(book, pack.diagram.decisions, functions):
            if not one.holds:
                text = words(
                    "Test row {number} was to give {wanted}, and gives {found}.",
                    number=one.row.number,
                    wanted=feel.json_text(one.row.value),
                    found=one.fault or feel.json_text(one.value),
                )
                yield Finding(text, "rows.moved", file=book.file, element=book.decision)


def file_kinds_are_known(pack: Pack) -> Iterator[Finding]:
    """`files` names kinds that the intake knows, for the pack and for file fields that some form has."""
    declared = pack.manifest.files
    fields = {field.key for form in pack.forms.values() for field in form.fields if field.type == "file"}
    named = {*declared.kinds, *(kind for kinds in declared.fields.values() for kind in kinds)}
    for kind in sorted(named - KINDS.keys()):
        known = ", ".join(KINDS)
        text = words('Files of the kind "{kind}" are not known; known are: {kinds}.', kind=kind, kinds=known)
        yield Finding(text, rule="files.unknown", file="pack.yaml", element="files")
    for field in sorted(declared.fields.keys() - fields):
        text = words('No form has a file field "{field}".', field=field)
        yield Finding(text, rule="files.unknown", file="pack.yaml", element="files")


def tables_read_what_is_connected(pack: Pack) -> Iterator[Finding]:
    """A decision reads what its requirements lead to; its cells name what their columns allow."""
    yield from pack.diagram.unknown


RULES: tuple[Rule, ...] = (
    file_kinds_are_known,
    every_task_has_its_form,
    lanes_are_known,
    policies_are_known,
    statuses_are_known,
    people_kept_apart_exist,
    names_are_in_both_languages,
    papers_can_be_written,
    reserved_titles_have_their_issuer,
    acts_can_be_done,
    expressions_can_be_read,
    tables_read_what_is_connected,
    registers_have_their_fields,
    tables_answer_their_rows,
    check_reading,
    law.breaches,
)
