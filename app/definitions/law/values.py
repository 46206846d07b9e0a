"""Proofs on values: limits, settings, readers and wording of papers, what tables answer, who is kept from whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from app import feel
from app.definitions.functions import FUNCTIONS
from app.definitions.law.rules import (
    AtLeast,
    Decides,
    Hidden,
    InForce,
    Line,
    NoAct,
    Prints,
    Readers,
    Setting,
)
from app.definitions.library import ABOUT
from app.definitions.manifest import Named
from app.definitions.pack import Pack
from app.errors import Finding, Words, words
from app.forms import Said

SAME = {"calendar_day": ("calendar_day", "working_day"), "working_day": ("working_day",), "month": ("month",)}
"""Units that are no shorter than the law's: as many working days are never fewer days."""


UNITS = {"calendar_day": words("calendar days"), "working_day": words("working days"), "month": words("months")}
ROLES = {
    "agency": words("the agency"),
    "author": words("the supervisor who wrote it"),
    "bureau": words("the bureau"),
    "team": words("the investigation team"),
}


def role_words(role: str) -> Words:
    """As whom somebody reads."""
    return ROLES.get(role) or words("{role}", role=role)


def at_least(pack: Pack, line: Line) -> Iterator[Finding]:
    """A limit is no shorter than the law's, nor may a bureau make it so."""
    asked: AtLeast = line.demand
    policy = pack.policies[asked.policy]
    if policy.unit not in SAME[asked.unit] or policy.amount < asked.amount:
        text = words(
            "“{name}” is {amount} {unit}; the law asks for {least} {least_unit}.",
            name=_said(policy),
            amount=policy.amount,
            unit=UNITS[policy.unit],
            least=asked.amount,
            least_unit=UNITS[asked.unit],
        )
        yield Finding(text, file=ABOUT, element=f"policies {asked.policy}", field="amount")
    if policy.minimum is None or policy.minimum < asked.amount:
        text = words("A bureau could set “{name}” below {least}.", name=_said(policy), least=asked.amount)
        yield Finding(text, file=ABOUT, element=f"policies {asked.policy}", field="minimum")


def hidden(pack: Pack, line: Line) -> Iterator[Finding]:
    """The pack keeps a name from a role wherever the facts stand as the clause says."""
    asked: Hidden = line.demand
    kept = pack.manifest.confidential.get(asked.fact)
    holds = kept is not None and asked.role in kept.hidden_from
    if kept is not None and kept.when is not None:
        holds = holds and _value(kept.when, asked.facts) is True
    if not holds:
        text = words("“{fact}” is shown to: {role}.", fact=asked.fact, role=role_words(asked.role))
        yield Finding(text, file=ABOUT, element=f"confidential {asked.fact}")


def readers(pack: Pack, line: Line) -> Iterator[Finding]:
    """A paper is read by those whom the clause names, and not by those from whom it is kept."""
    asked: Readers = line.demand
    paper = pack.papers[asked.paper]
    there = set(paper.readers.split())
    for role in asked.readers:
        if role not in there:
            text = words("“{paper}” is not shown to: {role}.", paper=_said(paper), role=role_words(role))
            yield Finding(text, file=ABOUT, element=f"papers {asked.paper}", field="readers")
    for role in asked.never or ():
        if role in there:
            text = words("“{paper}” is shown to: {role}.", paper=_said(paper), role=role_words(role))
            yield Finding(text, file=ABOUT, element=f"papers {asked.paper}", field="readers")


def prints(pack: Pack, line: Line) -> Iterator[Finding]:
    """The text of a paper has each wording, and reads each fact, that the clause asks for."""
    asked: Prints = line.demand
    paper = pack.papers[asked.paper]
    plain, expressions = _split(paper.body)
    expressions += [feel.expression_text(one) for one in paper.fields.values() if feel.is_expression(one)]
    known = {name for one in expressions for name in feel.compile(one, FUNCTIONS).names}
    said = plain + "".join(expressions) + paper.name + (paper.title or "") + "".join(one.title for one in paper.titles)
    for part in asked.parts:
        fact = part[1:-1] if part.startswith("{") else None
        if (fact is not None and fact not in known) or (fact is None and part not in said):
            text = words("“{paper}” does not print: {part}.", paper=_said(paper), part=part)
            yield Finding(text, file=ABOUT, element=f"papers {asked.paper}", field="body")


def setting(pack: Pack, line: Line) -> Iterator[Finding]:
    """A setting has one of the values that the clause leaves open."""
    asked: Setting = line.demand
    found = pack.manifest.settings.as_facts().get(asked.name)
    if str(found) not in asked.values:
        text = words("The setting “{name}” is {value}.", name=asked.name, value=str(found))
        yield Finding(text, file=ABOUT, element=f"settings {asked.name}")


def decides(pack: Pack, line: Line) -> Iterator[Finding]:
    """A table answers as the clause says."""
    asked: Decides = line.demand
    model = pack.diagram.decisions[asked.decision]
    functions = {"policy": lambda name: Decimal(pack.policies[str(name)].amount)}
    found = feel.to_json(model.decide(asked.decision, asked.given, functions=functions).value)
    listed = found if isinstance(found, list) else [found]
    holds = asked.contains in listed if asked.contains is not None else _fits(asked.value, found)
    if not holds:
        text = words("The table “{decision}” answers {found}.", decision=asked.decision, found=str(found))
        yield Finding(text, element=asked.decision)


def _fits(wanted: object, found: object) -> bool:
    """Whether an answer is the wanted one; of a context only the wanted parts count."""
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        return all(_fits(part, found.get(key)) for key, part in wanted.items())
    return wanted == found


def in_force(pack: Pack, line: Line) -> Iterator[Finding]:
    """The pack refuses cases of days before the regulation."""
    asked: InForce = line.demand
    if pack.manifest.effective_from < asked.day:
        text = words("Cases may be dated from {day} on.", day=pack.manifest.effective_from.isoformat())
        yield Finding(text, file=ABOUT, element="effective_from")


def no_act(pack: Pack, line: Line) -> Iterator[Finding]:
    """An act is not offered where the facts stand so."""
    asked: NoAct = line.demand
    act = pack.acts.get(asked.act)
    if act is not None and _value(act.when or "=true", asked.facts) is not False:
        text = words("“{act}” is offered then.", act=_said(act))
        yield Finding(text, file=ABOUT, element=f"acts {asked.act}", field="when")


def _said(thing: Named) -> Said:
    return Said(thing.name, thing.name_en)


def _split(body: tuple[str, ...]) -> tuple[str, list[str]]:
    """What paragraphs say as they stand, and their expressions."""
    plain, expressions = [], []
    for paragraph in body:
        first, *rest = paragraph.split("{{")
        plain.append(first)
        for part in rest:
            expression, _, after = part.partition("}}")
            expressions.append(expression.strip())
            plain.append(after)
    return "".join(plain), expressions


def _value(written: str, facts: Mapping[str, object]) -> object:
    compiled = feel.compile(feel.expression_text(written), [*facts, *FUNCTIONS])
    return compiled(facts)
