"""Which rules of a decision table a step rested on, in words for the bureau's staff: 依据：规则 3，W-5-1."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.decisions import Model
from app.definitions.pack import Pack
from app.errors import Words, words
from app.journal import Entry
from app.web.texts import clauses_of

CLAUSE = re.compile(r"\b[WBDP]-\d[\w-]*")


def cited_rules(pack: Pack, entry: Entry) -> Iterator[Words]:
    """A sentence for each table that a turn asked."""
    for place, ids in entry.data.get("rules", {}).items():
        process, _, element = place.partition("/")
        decision = pack.diagram.processes[process].steps[element].attributes.get("decision", "")
        model = pack.diagram.decisions.get(decision)
        if model is not None:
            name = next(info.name for info in model.decisions if info.id == decision)
            yield words("Basis: {table}, {rules}", table=name, rules=_listed(pack, model, ids))


def _listed(pack: Pack, model: Model, ids: list[str]) -> Words:
    rules = {
        rule.id: (number, f"{rule.note} {rule.text}")
        for _, table in model.tables()
        for number, rule in enumerate(table.rules, 1)
    }
    numbers = [str(rules[id_][0]) for id_ in ids if id_ in rules]
    found = [clause for id_ in ids if id_ in rules for clause in CLAUSE.findall(rules[id_][1])]
    own = [clause for clause in dict.fromkeys(found) if clause.startswith(("P-", "D-", f"{pack.regulation}-"))]
    if not own:
        return words("rule {numbers}", numbers=numbers)
    return words("rule {numbers}, {clauses}", numbers=numbers, clauses=clauses_of(own))
