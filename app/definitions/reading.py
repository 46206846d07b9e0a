"""Every expression of a pack reads what is there: diagrams, forms, acts, papers and tables, each where it is read."""

from __future__ import annotations

from collections.abc import Iterator

from app import engine, feel
from app.definitions.functions import FUNCTIONS
from app.definitions.given import ANYTHING, OF_CASES, OF_PAPERS, Sources, of_form
from app.definitions.library import ABOUT
from app.definitions.manifest import Act, PaperTemplate
from app.definitions.pack import Pack
from app.engine import Names, Step, joined
from app.errors import Finding, Invalid, words
from app.forms import Form

ROWS = ("this", "parent", "i", "_this_", "_parent_", "_i_")
"""What form-js gives each row of a list."""


def check_reading(pack: Pack) -> Iterator[Finding]:
    """A name that nobody gives, a text that a name never holds, and an outcome that no flow reads."""
    sources = Sources(pack)
    yield from engine.check_reads(sources.given)
    yield from _forms(pack, sources)
    yield from _acts(pack, sources)
    yield from _papers(pack, sources)
    yield from _outcomes(pack, sources)


def _forms(pack: Pack, sources: Sources) -> Iterator[Finding]:
    """A form reads its own fields, and what the case knows when its task opens."""
    for process, step in _tasks(pack):
        form = pack.forms.get((process, step.attributes.get("form", step.element)))
        if form is None:
            continue
        case = joined(sources.given.of_case(process, step.element), *map(sources.of_act, _acts_of(sources, process)))
        yield from _form(form, case)
    for act in pack.acts.values():
        form = pack.forms.get((act.process, act.form))
        if form is not None and act.begins is None:
            on = sources.given.models.keys() & set(act.on)
            yield from _form(form, joined(*map(sources.of_whole_case, on)))


def _form(form: Form, case: Names) -> Iterator[Finding]:
    names = {**case, **dict.fromkeys((field.key for field in form.fields), ANYTHING), **of_form(form, None)}
    names |= dict.fromkeys(ROWS, ANYTHING)
    for place, expression in form.expressions:
        for one in engine.faults(expression, names, FUNCTIONS):
            yield Finding(one.words, one.rule, file=form.file, element=place, position=one.position)
    shown = [field.key for field in form.fields if field.shown]
    for name in sorted(key for key in shown if key not in case):
        text = words("{name} is read, and nobody gives it", name=name)
        yield Finding(text, "feel.unknown", file=form.file, element=name)


def _acts_of(sources: Sources, process: str) -> Iterator[Act]:
    return sources.acts_on(sources.roots(process))


def _acts(pack: Pack, sources: Sources) -> Iterator[Finding]:
    """Acts read the case that they are done to; what they send reads their form too."""
    settings: Names = {f"settings.{key}": ANYTHING for key in pack.manifest.settings.as_facts()}
    status: Names = {"status": frozenset(pack.statuses)}
    for act in pack.acts.values():
        case = joined(*(sources.of_whole_case(one) for one in act.on if one in pack.diagram.processes))
        asked = {**case, **OF_CASES, "settings": ANYTHING, **settings, **status}
        yield from _expression(act.when, asked, act.id, "when")
        sent = joined(case, sources.of_act(act))
        yield from _expression(act.key, sent, act.id, "key")
        for name, text in act.payload.items():
            yield from _expression(text, sent, act.id, f"payload {name}")
    whole = joined(*map(sources.of_whole_case, pack.diagram.processes))
    if pack.manifest.extension is not None:
        yield from _expression(pack.manifest.extension.by_agency, whole, "extension", "by_agency")
    for name, rule in pack.manifest.confidential.items():
        yield from _expression(rule.when or "", whole, name, "confidential")


def _papers(pack: Pack, sources: Sources) -> Iterator[Finding]:
    """A paper reads the answers and facts of the case, and the parameters of the steps that issue it."""
    for code, paper in pack.papers.items():
        names = _of_paper(pack, sources, code)
        for field, text in paper_texts(paper):
            yield from _expression(f"={text}", names, code, field)


def paper_texts(paper: PaperTemplate) -> Iterator[tuple[str, str]]:
    """The expressions of a paper with where they stand: texts that begin with `=`, and those between double braces."""
    yield from _texts_in(paper.template(), "")


def _texts_in(value: object, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts_in(inner, f"{place} {key}".strip())
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _texts_in(inner, f"{place} {number}")
    elif isinstance(value, str) and feel.is_expression(value):
        yield place, feel.expression_text(value)
    elif isinstance(value, str):
        yield from ((place, part.partition("}}")[0].strip()) for part in value.split("{{")[1:])


def _of_paper(pack: Pack, sources: Sources, code: str) -> Names:
    """What a paper can read: of every case in which a step issues it; of all, where no step names it plainly."""
    steps = [
        (process.id, step)
        for process in pack.diagram.processes.values()
        for step in process.steps.values()
        if step.attributes.get("operation") == "issue_paper" and step.parameters.get("code") == code
    ]
    roots = {root for process, _ in steps for root in sources.roots(process)} or set(pack.diagram.processes)
    parameters: Names = {name: ANYTHING for _, step in steps for name in step.parameters}
    names = joined(*map(sources.of_whole_case, sorted(roots)), parameters, OF_PAPERS)
    return joined(names, {f"{name}_name": ANYTHING for name in names if "." not in name})


def _outcomes(pack: Pack, sources: Sources) -> Iterator[Finding]:
    """An outcome that nothing reads leads on by the default flow; that is meant for one of them at most."""
    read = _compared(pack)
    for process, step in _tasks(pack):
        name = f"{step.element}_outcome"
        options = sources.answers(process, step.element, step.attributes.get("form", step.element)).get(name)
        unread = sorted((options or frozenset()) - read.get(name, frozenset()))
        if len(unread) > 1:
            text = words("No flow tells these outcomes apart: {values}", values=", ".join(unread))
            file = pack.diagram.processes[process].file
            yield Finding(text, "outcome.unread", "warning", file=file, element=step.element)


def _compared(pack: Pack) -> dict[str, frozenset[object]]:
    """The texts with which names are compared anywhere in the diagrams and tables."""
    found: dict[str, frozenset[object]] = {}
    for name, values in pack.diagram.compared:
        found[name] = found.get(name, frozenset()) | frozenset(values)
    return found


def _tasks(pack: Pack) -> Iterator[tuple[str, Step]]:
    for process in pack.diagram.processes.values():
        for step in process.steps.values():
            if step.kind == "userTask":
                yield process.id, step


def _expression(written: str, names: Names, element: str, field: str) -> Iterator[Finding]:
    """What is wrong with what an expression of pack.yaml reads and calls."""
    if not feel.is_expression(written):
        return
    try:
        expression = feel.compile(feel.expression_text(written), FUNCTIONS)
    except Invalid:
        return  # said where expressions are read
    for name in sorted(expression.calls - set(FUNCTIONS)):
        text = words("There is no function {name}", name=name)
        yield Finding(text, "feel.function", file=ABOUT, element=element, field=field)
    for one in engine.faults(expression, names, FUNCTIONS):
        place = {"file": ABOUT, "element": element, "field": field, "position": one.position}
        yield Finding(one.words, one.rule, **place)  # type: ignore[arg-type]
