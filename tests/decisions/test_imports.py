"""Models that import others: decisions, data, functions, services and types by their alias."""

from __future__ import annotations

import pytest

from app.decisions import read
from app.errors import Invalid
from tests.decisions.models import NAMESPACE, decision, definitions, input_data, literal


def model(namespace: str, *parts: str) -> bytes:
    return definitions(*parts).replace(b'name="model"', f'name="model" namespace="{namespace}"'.encode())


def imported(namespace: str, alias: str, kind: str = NAMESPACE) -> str:
    return f'<import name="{alias}" namespace="{namespace}" importType="{kind}"/>'


BASE = model(
    "urn:base",
    '<itemDefinition name="tPerson"><itemComponent name="full name"><typeRef>string</typeRef></itemComponent>'
    "</itemDefinition>",
    input_data("n", "number"),
    decision("twice", literal("n * 2"), needs=["in_n"]),
    '<businessKnowledgeModel id="k" name="say hello"><encapsulatedLogic><formalParameter name="p" typeRef="tPerson"/>'
    f"{literal('string join([p.full name], null, inner(1), null)')}</encapsulatedLogic>"
    '<knowledgeRequirement><requiredKnowledge href="#i"/></knowledgeRequirement></businessKnowledgeModel>'
    '<businessKnowledgeModel id="i" name="inner"><encapsulatedLogic><formalParameter name="x"/>'
    f"{literal(chr(34) + 'Hello ' + chr(34))}</encapsulatedLogic></businessKnowledgeModel>",
    '<decisionService id="s" name="service"><outputDecision href="#twice"/><inputData href="#in_n"/></decisionService>',
)
TOP = (
    imported("urn:base", "base"),
    input_data("who", "base.tPerson"),
    decision("greet", literal("base.say hello(who)"), needs=["in_who"], knows=["urn:base#k"]).replace("#urn", "urn"),
    decision("more", literal("base.twice + base.n"), needs=["urn:base#twice", "urn:base#in_n"])
    .replace("#urn", "urn")
    .replace('requiredDecision href="urn:base#in_n"', 'requiredInput href="urn:base#in_n"'),
    decision("served", literal("base.service(4)"), knows=["urn:base#s"]).replace("#urn", "urn"),
    decision("typed", literal('{"full name": "x"} instance of base.tPerson')),
)


def test_parts_of_another_model() -> None:
    made = read(model("urn:top", *TOP), [BASE])
    assert made.decide("greet", {"who": {"full name": "张三"}}).value == "Hello 张三"
    assert made.decide("greet", {"who": {"name": 1}}).value == "Hello "  # no tPerson: null, left out when joined
    assert made.decide("more", {"n": 3}).value == 9
    assert made.decide("more", {"base": {"n": 3}}).value == 9
    assert made.decide("served", {}).value == 8
    assert made.decide("typed", {}).value is True
    assert made.reads("more") == {"n"}
    assert made.reads("greet") == {"who"}


def test_a_model_imported_over_another() -> None:
    middle = model(
        "urn:middle",
        imported("urn:base", "base"),
        decision("m", literal("base.twice + 1"), needs=["urn:base#twice"]).replace("#urn", "urn"),
    )
    top = model(
        "urn:top",
        imported("urn:middle", "middle"),
        decision("t", literal("middle.m * 10"), needs=["urn:middle#m"]).replace("#urn", "urn"),
    )
    made = read(top, [BASE, middle])
    assert made.decide("t", {"n": 2}).value == 50
    assert made.decide("t", {"middle": {"base": {"n": 2}}}).value == 50
    assert made.reads("t") == {"n"}


def test_without_alias_names_stand_bare() -> None:
    top = model(
        "urn:top",
        imported("urn:base", ""),
        decision("t", literal("twice + 1"), needs=["urn:base#twice"]).replace("#urn", "urn"),
    )
    assert read(top, [BASE]).decide("t", {"n": 2}).value == 5


@pytest.mark.parametrize(
    ("line", "others", "rule"),
    [
        (imported("urn:base", "base"), [], "dmn.import"),
        (imported("urn:top", "self"), [BASE], "dmn.import"),
        (imported("urn:base", "base", "http://www.dmg.org/PMML-4_2"), [BASE], "dmn.unsupported"),
    ],
)
def test_what_cannot_be_imported_is_named(line: str, others: list[bytes], rule: str) -> None:
    with pytest.raises(Invalid) as caught:
        read(model("urn:top", line, decision("d", literal("1"))), [b"no xml", *others])
    assert [finding.rule for finding in caught.value.findings] == [rule]
