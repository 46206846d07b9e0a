"""What is wrong between files, between branches, and in files that chance has damaged."""

from __future__ import annotations

import random

from app.engine import check

from .drawing import ENDS, draw, tasks, wired


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


def deep(levels: int) -> bytes:
    """Sub-processes inside each other."""
    body, flows = tasks("A"), "s{0} > A\nA > e{0}"
    for level in range(levels):
        ends = f'<startEvent id="s{level}"/><endEvent id="e{level}"/>'
        body = f'<subProcess id="P{level}">{wired(ends + body, flows.format(level))}</subProcess>'
        flows = f"s{{0}} > P{level}\nP{level} > e{{0}}"
    return draw(ENDS + body, f"S > P{levels - 1}\nP{levels - 1} > E")


def test_sub_processes_are_nested_eight_deep_and_no_deeper() -> None:
    assert rules(p=deep(8)) == {}
    assert "process.depth" in rules(p=deep(9))["p.bpmn"]
    assert "process.depth" in rules(p=deep(200))["p.bpmn"]


def test_flows_are_counted_too() -> None:
    split = '<parallelGateway id="G"/><parallelGateway id="J"/>' + tasks("A")
    flows = "S > G\nG > A\nA > J\nJ > E\n"
    many = "".join(f'<sequenceFlow id="x{n}" sourceRef="G" targetRef="J"/>' for n in range(500))
    assert rules(p=draw(ENDS + split + many, flows)) == {"p.bpmn": {"process.size"}}


def test_calls_that_fan_out_are_looked_at_once() -> None:
    files = {f"a{n}": calling(f"a{n}", f"a{n + 1}").replace(b"c_a", b"d_a") for n in range(40)}
    twice = {name: _doubled(content) for name, content in files.items()}
    assert set().union(*rules(**twice, a40=calling("a40")).values()) == {"call.depth"}


def _doubled(content: bytes) -> bytes:
    """Each call made twice in a row."""
    start, call = content.index(b"<callActivity"), content.index(b"/>", content.index(b"<callActivity")) + 2
    again = content[start:call].replace(b'id="d_', b'id="z_')
    name = again.split(b'"')[1]
    flow = b'<sequenceFlow id="more" sourceRef="' + name + b'" targetRef="E"/>'
    moved = content.replace(b'targetRef="E"', b'targetRef="' + name + b'"')
    return moved[:call] + again + flow + moved[call:]


def test_a_process_that_starts_only_on_a_message_cannot_be_called() -> None:
    begun = '<startEvent id="S"><messageEventDefinition messageRef="m"/></startEvent><endEvent id="E"/>'
    message = draw(begun + tasks("A"), "S > A\nA > E", id="q", head='<message id="m" name="m"/>')
    assert rules(p=calling("p", "q"), q=message) == {"p.bpmn": {"call.start"}}


def test_the_first_500_findings_of_a_file_are_listed() -> None:
    content = draw(ENDS + tasks("A") + "<x/>" * 19_000, "S > A\nA > E")
    assert len(check({"p.bpmn": content})) == 500


def beside(own: str, main: str, *, interrupts: bool) -> bytes:
    """An event sub-process whose task stores a due date, and a task beside it that does too."""
    task = '<userTask id="{}" duban:deadline="P-1" duban:dueKey="{}"/>'
    start = '<startEvent id="s" isInterrupting="{}"><messageEventDefinition messageRef="m"/></startEvent>'
    inside = wired(start.format(str(interrupts).lower()) + '<endEvent id="e"/>' + task.format("B", own), "s > B\nB > e")
    body = ENDS + task.format("A", main) + f'<subProcess id="X" triggeredByEvent="true">{inside}</subProcess>'
    return draw(body, "S > A\nA > E", head='<message id="m" name="m"/>')


def test_an_event_sub_process_that_runs_beside_writes_nothing_its_scope_does() -> None:
    assert rules(p=beside("a", "a", interrupts=False)) == {"p.bpmn": {"parallel.writers"}}
    assert rules(p=beside("a", "b", interrupts=False)) == {}
    assert rules(p=beside("a", "a", interrupts=True)) == {}


def test_an_error_is_followed_through_all_calls_once() -> None:
    files = {f"a{n}": _doubled(calling(f"a{n}", f"a{n + 1}").replace(b"c_a", b"d_a")) for n in range(30)}
    thrown = b'<endEvent id="E"><errorEventDefinition errorRef="x"/></endEvent>'
    last = calling("a30").replace(b'<endEvent id="E"/>', thrown).replace(b"<process", b'<error id="x"/><process', 1)
    assert "error.uncaught" in rules(**files, a30=last)["a30.bpmn"]


def test_what_is_written_for_each_item_stays_there() -> None:
    mark = '<multiInstanceLoopCharacteristics duban:collection="=x"/>'
    once = writers("parallel", "a", "a")
    assert rules(p=once) == {"p.bpmn": {"parallel.writers"}}
    assert rules(p=once.replace(b'dueKey="a"/>', f'dueKey="a">{mark}</userTask>'.encode())) == {}
