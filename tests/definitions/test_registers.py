"""A step that writes a register is checked against it before anybody works with it."""

from __future__ import annotations

import pytest

from app.definitions import library
from app.definitions.checks import check
from app.rehearsal.stage import pack_files
from tests.builders import bpmn, flow, form, lane, small_pack, task, text
from tests.cases.test_deadlines import ROOT


def faults(**parameters: str) -> list[tuple[str, str | None, str | None, str]]:
    """What is said of a step with these parameters."""
    written = "".join(f"<duban:parameter name='{key}' value='{value}'/>" for key, value in parameters.items())
    diagram = bpmn(
        "enters",
        "<bpmn:laneSet id='lanes'>" + lane("supervisor", "start", "write") + "</bpmn:laneSet>"
        "<bpmn:startEvent id='start'/>" + task("write") + "<bpmn:endEvent id='end'/>"
        "<bpmn:serviceTask id='enter' name='登记' duban:operation='record_register'>"
        f"<bpmn:extensionElements>{written}</bpmn:extensionElements></bpmn:serviceTask>"
        + flow("start", "write")
        + flow("write", "enter")
        + flow("enter", "end"),
        attributes='duban:starts="supervisor"',
    )
    files = {**small_pack(), "processes/enters.bpmn": diagram, "forms/enters/write.form": form(text("title"))}
    found = [one for one in check(library.parse(files)) if one.rule.startswith("register.")]
    return [(one.rule, one.element, one.field, str(one.words)) for one in found]


def test_an_unknown_field_is_named_with_its_register_and_its_step() -> None:
    found = faults(register="opinions", key="=title", author="=author", colour="red")
    assert found == [("register.field", "enter", "colour", 'The register "opinions" has no field "colour".')]


def test_an_unknown_register_is_named() -> None:
    (rule, element, _, said), *rest = faults(register="homemade", key="k")
    assert (rule, element, rest) == ("register.unknown", "enter", []) and "homemade" in said


def test_known_fields_and_a_register_named_by_an_expression_pass() -> None:
    assert faults(register="opinions", key="=title", author="=author", result="closed") == []
    assert faults(register="=title", key="k", colour="red") == []


@pytest.mark.parametrize("pack", ["wuhan_2021", "beibei_2024"])
def test_the_shipped_diagrams_write_fields_that_there_are(pack: str) -> None:
    found = check(library.parse(pack_files(ROOT, pack)))
    assert [one for one in found if one.rule.startswith("register.")] == []
