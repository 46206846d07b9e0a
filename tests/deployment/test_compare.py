"""Differences element by element, in the file's own terms; what is only redrawn is said to be so."""

from __future__ import annotations

import yaml

from app.deployment.compare import Difference, differences
from app.deployment.tables import decisions_of
from tests.builders import ABOUT, LOOP, bpmn, flow, form, lane, task, text
from tests.deployment.conftest import CHECK, PATH

DRAWN = "<x:BPMNDiagram xmlns:x='urn:di' id='di'><x:BPMNShape id='s' bpmnElement='write' x='{0}'/></x:BPMNDiagram>"
TABLE = (
    '<definitions id="d" name="d"><decision id="pick" name="选择"><decisionTable hitPolicy="FIRST">'
    '<input id="in1" label="等级"><inputExpression typeRef="number"><text>level</text></inputExpression></input>'
    '<output id="out1" name="then" typeRef="string"/>'
    '<rule id="r1"><description>低</description><inputEntry><text>&lt; {0}</text></inputEntry>'
    '<outputEntry><text>"a"</text></outputEntry></rule></decisionTable></decision>'
    '<decision id="all" name="all"><informationRequirement><requiredDecision href="#pick"/></informationRequirement>'
    "<literalExpression><text>1 + 1</text></literalExpression></decision></definitions>"
)


def of(old: bytes, new: bytes, path: str = PATH) -> dict[str, Difference]:
    return {one.element: one for one in differences(path, old, new)}


def test_what_is_added_removed_and_changed() -> None:
    new = (
        LOOP.replace(b'name="check"', 'name="复核"'.encode())
        .replace(b'duban:deadline="P-01"', b'duban:deadline="P-02"')
        .replace(
            flow("write", "check").encode(), (task("more") + flow("write", "more") + flow("more", "check")).encode()
        )
    )
    found = of(LOOP, new)
    assert {id: one.sort for id, one in found.items()} == {
        "more": "added", "write_more": "added", "more_check": "added", "write_check": "removed", "check": "changed",
    }  # fmt: skip
    assert found["check"].parts == (("name", "check", "复核"), ("duban:deadline", "P-01", "P-02"))
    assert (found["check"].kind, found["check"].name) == ("userTask", "复核")


def test_a_changed_condition_and_another_lane_belong_to_their_element() -> None:
    found = of(LOOP, LOOP.replace(b'= "again"', b'= "once more"'))
    assert [one[0] for one in found["again_write"].parts] == ["conditionExpression"] and len(found) == 1
    one, other = (
        bpmn("p", f"<bpmn:laneSet>{lane('a', *left)}{lane('b', *right)}</bpmn:laneSet>{task('t')}")
        for left, right in ((["t"], []), ([], ["t"]))
    )
    assert of(one, other)["t"].parts == (("lane", "a", "b"),)


def test_only_the_drawing() -> None:
    one, other = (bpmn("p", task("t")).replace(b"</bpmn:def", DRAWN.format(x).encode() + b"</bpmn:def") for x in (1, 2))
    assert [(d.kind, d.sort) for d in differences(PATH, one, other)] == [("drawing", "changed")]
    assert differences(PATH, one, one) == []


def test_new_and_gone_files_list_what_they_hold_and_unreadable_ones_are_one_change() -> None:
    assert {one.sort for one in differences(PATH, None, LOOP)} == {"added"}
    assert {one.sort for one in differences(PATH, LOOP, None)} == {"removed"}
    assert [one.kind for one in differences(PATH, LOOP, b"no xml")] == ["file"]
    assert [one.kind for one in differences(CHECK, form(), b"[]")] == ["file"]


def test_fields_of_a_form_and_rows_of_the_pack() -> None:
    found = of(form(text("a"), text("b")), form(text("a", required=False), text("c")), CHECK)
    assert {id: one.sort for id, one in found.items()} == {"a": "changed", "b": "removed", "c": "added"}
    assert found["a"].parts == (("validate.required", "True", "False"),)
    other = ABOUT | {"policies": {"P-01": {**ABOUT["policies"]["P-01"], "amount": 3}}}  # type: ignore[dict-item]
    (row,) = differences("pack.yaml", yaml.safe_dump(ABOUT).encode(), yaml.safe_dump(other).encode())
    assert (row.element, row.kind, row.name) == ("policies P-01", "policies", "登记")
    assert row.parts == (("amount", "2", "3"),)


def test_rows_of_a_table_and_its_reading() -> None:
    old, new = (TABLE.format(number).encode() for number in (3, 4))
    assert of(old, new, "x.dmn")["r1"].parts == (("inputEntry text", "< 3", "< 4"),)
    pick, every = decisions_of(old, "x.dmn")
    assert (pick.hit_policy, pick.inputs[0].text, pick.outputs[0].label) == ("FIRST", "level", "then")
    assert (pick.rules[0].inputs, pick.rules[0].outputs, pick.rules[0].note) == (("< 3",), ('"a"',), "低")
    assert (every.formula, every.needs) == ("1 + 1", ("选择",))
