"""What is wrong between files, between branches, and in files that chance has damaged."""

from __future__ import annotations

import random

from app.engine import check

from .drawing import ENDS, draw, tasks


def calling(id: str, *called: str) -> bytes:
    """A process that calls others in turn, or has a task."""
    calls = "".join(f'<callActivity id="c_{name}" calledElement="{name}"/>' for name in called) or tasks("A")
    way = ["S", *(f"c_{name}" for name in called or ()), "E"] if called else ["S", "A", "E"]
    return draw(ENDS + calls, "\n".join(f"{a} > {b}" for a, b in zip(way, way[1:], strict=False)), id=id)


def rules(**files: bytes) -> dict[str, set[str]]:
    """The rules broken, by file."""
    found: dict[str, set[str]] = {}
    for finding in check({f"{name}.bpmn": content for name, content in files.items()}):
        found.setdefault(finding.file or "", set()).add(finding.rule)
    return found


def test_a_circle_of_calls_is_named_in_each_file() -> None:
    assert rules(a=calling("a", "b"), b=calling("b", "a"), c=calling("c", "a")) == {
        "a.bpmn": {"call.circle"},
        "b.bpmn": {"call.circle"},
    }


def test_calls_go_five_deep_and_no_deeper() -> None:
    files = {name: calling(name, below) for name, below in zip("abcde", "bcdef", strict=True)}
    assert rules(**files, f=calling("f")) == {}
    assert rules(**files, f=calling("f", "g"), g=calling("g")) == {"a.bpmn": {"call.depth"}}


def test_the_same_process_twice() -> None:
    assert rules(a=calling("a"), b=calling("a")) == {"b.bpmn": {"process.twice"}}


def test_a_file_of_another_kind() -> None:
    assert [finding.rule for finding in check({"notes.txt": b""})] == ["file.kind"]


def test_a_call_that_passes_at_once_does_not_make_a_loop_wait() -> None:
    body = ENDS + '<exclusiveGateway id="G"/><exclusiveGateway id="H"/><callActivity id="C" calledElement="q"/>'
    loop = draw(body, "S > G\nG > C\nC > H\nH > G ? x\nH > E *")
    quick = draw(ENDS + '<serviceTask id="A" duban:operation="note"/>', "S > A\nA > E", id="q")
    assert rules(p=loop, q=quick) == {"p.bpmn": {"loop.endless"}}
    assert rules(p=loop, q=calling("q")) == {}


def writers(split: str, left: str, right: str) -> bytes:
    """Two branches whose tasks store a due date under these names."""
    task = '<userTask id="{}" duban:deadline="P-1" duban:dueKey="{}"/>'
    gateways = f'<{split}Gateway id="G"/><{split}Gateway id="J"/>'
    default = " *" if split == "inclusive" else ""
    condition = " ? x" if split == "inclusive" else ""
    flows = f"S > G\nG > A{default}\nG > B{condition}\nA > J\nB > J\nJ > E"
    return draw(ENDS + gateways + task.format("A", left) + task.format("B", right), flows)


def test_parallel_branches_do_not_write_the_same() -> None:
    assert rules(p=writers("parallel", "due", "due")) == {"p.bpmn": {"parallel.writers"}}
    assert rules(p=writers("inclusive", "due", "due")) == {"p.bpmn": {"parallel.writers"}}
    assert rules(p=writers("parallel", "due_a", "due_b")) == {}


def test_a_side_branch_does_not_write_what_the_main_one_does() -> None:
    task = '<userTask id="{0}" duban:deadline="P-1" duban:dueKey="{1}"/>'
    event = '<boundaryEvent id="b" attachedToRef="A" cancelActivity="{}"><timerEventDefinition><timeDuration>P1D'
    event += "</timeDuration></timerEventDefinition></boundaryEvent>"
    body = ENDS + tasks("A") + task.format("B", "due") + task.format("C", "due")
    flows = "S > A\nA > B\nB > E\nb > C\nC > E"
    assert rules(p=draw(body + event.format("false"), flows)) == {"p.bpmn": {"parallel.writers"}}
    assert rules(p=draw(body + event.format("true"), flows)) == {}


def test_all_findings_at_once_with_element_and_line() -> None:
    content = draw(ENDS + tasks("A") + '\n<manualTask id="M"/>\n<userTask id="A"/>', "S > A\nA > nowhere")
    findings = check({"p.bpmn": content, "q.bpmn": b"<"})
    assert {(finding.file, finding.line, finding.element, finding.rule) for finding in findings} >= {
        ("p.bpmn", 2, "M", "element.unknown"),
        ("p.bpmn", 3, "A", "id.twice"),
        ("p.bpmn", 3, "A-nowhere", "flow.dangling"),
        ("q.bpmn", 1, None, "xml.syntax"),
    }


def test_damaged_files_give_findings_and_no_fault() -> None:
    rnd, good = random.Random(7), writers("inclusive", "due_a", "due_b")
    for _ in range(400):
        damaged = bytearray(good)
        for _ in range(rnd.randint(1, 4)):
            place = rnd.randrange(len(damaged))
            damaged[place : place + rnd.randint(0, 30)] = rnd.choice((b"", b'"', b"<a/>", b"\x00", damaged[:50], b"G"))
        found = [finding for finding in check({"p.bpmn": bytes(damaged)}) if finding.rule == "engine.fault"]
        assert found == [], bytes(damaged)
