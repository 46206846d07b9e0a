"""Small DMN models for the tests, written in a few lines each."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def definitions(*parts: str, namespace: str = NAMESPACE) -> bytes:
    """Return a DMN file."""
    return f'<definitions xmlns="{namespace}" id="d" name="model">{"".join(parts)}</definitions>'.encode()


def input_data(name: str, type_ref: str = "") -> str:
    """Return input data; its id is the name with `in_` before it."""
    reference = f' typeRef="{type_ref}"' if type_ref else ""
    return f'<inputData id="in_{name}" name="{name}"><variable name="{name}"{reference}/></inputData>'


def literal(text: str) -> str:
    """Return a literal expression."""
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def decision(name: str, logic: str, *, needs: Sequence[str] = (), knows: Sequence[str] = (), type_ref: str = "") -> str:
    """Return a decision; its id is its name. Needed names that start with `in_` are input data."""
    links = "".join(
        f'<informationRequirement><required{"Input" if id_.startswith("in_") else "Decision"} href="#{id_}"/>'
        "</informationRequirement>"
        for id_ in needs
    )
    links += "".join(
        f'<knowledgeRequirement><requiredKnowledge href="#{id_}"/></knowledgeRequirement>' for id_ in knows
    )
    reference = f' typeRef="{type_ref}"' if type_ref else ""
    return f'<decision id="{name}" name="{name}"><variable name="{name}"{reference}/>{links}{logic}</decision>'


def table(
    policy: str,
    inputs: Sequence[str],
    outputs: Sequence[tuple[str, str, str]],
    rules: Sequence[Sequence[str]],
    *,
    aggregation: str = "",
) -> str:
    """Return a decision table; an output is (name, output values, default)."""
    columns = "".join(
        f"<input><inputExpression><text>{escape(text)}</text></inputExpression></input>" for text in inputs
    )
    for name, values, default in outputs:
        columns += f'<output name="{name}">'
        columns += f"<outputValues><text>{escape(values)}</text></outputValues>" if values else ""
        columns += f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
        columns += "</output>"
    rows = "".join(_row(number, cells, len(inputs)) for number, cells in enumerate(rules, 1))
    kind = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable id="table" hitPolicy="{policy}"{kind}>{columns}{rows}</decisionTable>'


def _row(number: int, cells: Sequence[str], inputs: int) -> str:
    entries = "".join(
        f"<{kind}Entry><text>{escape(cell)}</text></{kind}Entry>"
        for cell, kind in zip(cells, ["input"] * inputs + ["output"] * (len(cells) - inputs), strict=True)
    )
    return f'<rule id="r{number}">{entries}</rule>'
