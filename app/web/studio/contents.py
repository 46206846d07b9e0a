"""A definition's inside as tables: the steps of a process, the fields of a form, the decisions of a file."""

from __future__ import annotations

from dataclasses import dataclass

from app import feel
from app.definitions.manifest import Policy
from app.definitions.pack import Pack
from app.engine import Process, Step
from app.errors import Words, words
from app.forms import Field, Form
from app.web.texts import entry, gettext, label, language, listed, named, tell

KINDS = {
    "userTask": words("Task"),
    "serviceTask": words("Automatic step"),
    "businessRuleTask": words("Decision"),
    "callActivity": words("Called process"),
    "subProcess": words("Stage"),
    "receiveTask": words("Waits for a message"),
    "sendTask": words("Sends a message"),
}
EVENTS = {
    "startEvent": words("Start"),
    "endEvent": words("End"),
    "boundaryEvent": words("Event at a step"),
    "intermediateCatchEvent": words("Waits"),
    "intermediateThrowEvent": words("Event"),
}
GATEWAYS = {
    "exclusiveGateway": words("Branch"),
    "parallelGateway": words("Parallel branches"),
    "inclusiveGateway": words("Branches"),
    "eventBasedGateway": words("What happens first"),
}
ELEMENTS = KINDS | EVENTS | GATEWAYS
TYPES = {
    "text": words("text"),
    "textarea": words("long text"),
    "number": words("number"),
    "checkbox": words("yes or no"),
    "radio": words("one of"),
    "select": words("one of"),
    "checklist": words("several of"),
    "date": words("date"),
    "list": words("rows"),
    "organisation": words("organisation"),
    "organisations": words("organisations"),
    "person": words("person"),
    "persons": words("persons"),
    "idcard": words("identity number"),
    "signature": words("signature"),
    "file": words("files"),
}
READERS = {
    "bureau": words("the bureau"),
    "author": words("the author"),
    "agency": words("the agency"),
    "own_agency": words("the agency that answered"),
    "team": words("the investigators"),
}


@dataclass(frozen=True)
class ProcessStepRow:
    """One step of a process: who does it, with which form, by when and by which limit, on what ground."""

    element: str
    kind: Words
    name: str
    lane: str
    form: tuple[str, str] | None
    called: str | None
    decision: str | None
    limit: str
    source: Words | None
    basis: tuple[str, ...]


@dataclass(frozen=True)
class FormFieldRow:
    """One field of a form."""

    key: str
    label: str
    type: Words
    options: str
    required: str
    readers: str
    clause: str
    personal: bool
    depth: int


def step_rows(pack: Pack, process: Process) -> list[ProcessStepRow]:
    """The steps of a process, in the order of its file: tasks, stages, calls, decisions."""
    return [_row(pack, process, one) for one in process.steps.values() if one.kind in KINDS]


def _row(pack: Pack, process: Process, step: Step) -> ProcessStepRow:
    form = step.attributes.get("form", step.element)
    policy = _policy_of(pack, step)
    called = step.called if step.called in pack.diagram.processes else None
    return ProcessStepRow(
        element=step.element,
        kind=KINDS[step.kind],
        name=named(step) or step.element,
        lane=entry(pack.lanes, step.lane) if step.lane else "",
        form=(process.id, form) if step.kind == "userTask" and (process.id, form) in pack.forms else None,
        called=called,
        decision=step.attributes.get("decision"),
        limit=limit_of(policy) if policy else step.attributes.get("due", ""),
        source=source_of(policy) if policy else None,
        basis=pack.basis_of(process.id, step.element),
    )


def _policy_of(pack: Pack, step: Step) -> Policy | None:
    """The limit of the step, or of the step that has set the date which it shares."""
    own = pack.policies.get(step.attributes.get("deadline", ""))
    if own or "due" not in step.attributes:
        return own
    fact = feel.expression_text(step.attributes["due"])
    everywhere = (one for process in pack.diagram.processes.values() for one in process.steps.values())
    return next(
        (
            policy
            for one in everywhere
            if one.attributes.get("dueKey") == fact
            and (policy := pack.policies.get(one.attributes.get("deadline", "")))
        ),
        None,
    )


def limit_of(policy: Policy) -> str:
    """A limit in words: its amount and its name."""
    amounts = {
        "working_day": words("{count} working days", count=policy.amount),
        "calendar_day": words("{count} days", count=policy.amount),
        "month": words("{count} months", count=policy.amount),
    }
    return gettext("{name} ({policy}): {amount}", policy=policy.id, name=named(policy), amount=amounts[policy.unit])


def source_of(policy: Policy) -> Words:
    """Law or local policy, never mixed up."""
    if policy.source == "law":
        return words("time limit of the law")
    return words("time limit of this bureau, not of the law")


def field_rows(form: Form) -> list[FormFieldRow]:
    """The fields of a form in their order, those of rows under their list."""
    return [_field_row(one) for one in form.fields]


def _field_row(field: Field) -> FormFieldRow:
    return FormFieldRow(
        key=field.key,
        label=label(field),
        type=words("shown only") if field.shown else TYPES.get(field.type, Words(field.type)),
        options=listed([one.said.in_language(language()) for one in field.options]),
        required=_required(field),
        readers=listed([tell(READERS.get(one, Words(one))) for one in field.readers]),
        clause=field.clause or "",
        personal=field.personal,
        depth=len(field.path) - 1,
    )


def _required(field: Field) -> str:
    required = field.checks.required
    if isinstance(required, feel.Expression):
        return gettext("when {condition}", condition=required.text)
    return gettext("Yes") if required else ""
