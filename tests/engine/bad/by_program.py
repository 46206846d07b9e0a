"""Bad diagrams made by a program: one good diagram, and in each file one thing taken out, doubled or changed."""

from __future__ import annotations

from ..drawing import HEAD, draw, tasks, wired

MESSAGE = '<messageEventDefinition messageRef="m"/>'
DAY = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
DEFINITIONS = '<message id="m" name="m"/><escalation id="x" escalationCode="X"/><error id="r" errorCode="R"/>'
# Elements of BPMN that may not stand in a process here, and those that may not define an event.
FOREIGN = (
    "adHocSubProcess scriptTask manualTask task complexGateway dataObject dataObjectReference dataStoreReference "
    "transaction callChoreography choreographyTask subChoreography property ioSpecification auditing monitoring "
    "correlationSubscription resourceRole supportedInterfaceRef"
).split()
DEFINED = "signal conditional compensate link cancel".split()
# Attributes of other engines and of BPMN's own that change what an element does.
ATTRIBUTES = (
    "camunda:assignee camunda:formKey camunda:expression camunda:class flowable:candidateGroups activiti:assignee "
    "zeebe:retryCounter isForCompensation startQuantity completionQuantity implementation scriptFormat"
).split()
EMPTY_IDS = {"an empty": "", "a number for an": "1", "a spaced": "a b", "a Chinese": "\u4efb\u52a1", "a long": "x" * 65}


def good(inside: str = "", on: str = "", head: str = "") -> bytes:
    """A diagram with nearly everything that may stand in one; `inside` stands in its process, `on` its first task."""
    sub = wired(
        '<startEvent id="s"/><endEvent id="e"><errorEventDefinition errorRef="r"/></endEvent>' + tasks("T"),
        "s > T\nT > e",
    )
    standing = wired(f'<startEvent id="w">{MESSAGE}</startEvent><endEvent id="z"/>' + tasks("W"), "w > W\nW > z")
    body = (
        f'<startEvent id="S"/><endEvent id="E"/><userTask id="A" {on}/><exclusiveGateway id="G"/>'
        f'<subProcess id="P">{sub}</subProcess><subProcess id="Q" triggeredByEvent="true">{standing}</subProcess>'
        '<boundaryEvent id="b" attachedToRef="P"><errorEventDefinition errorRef="r"/></boundaryEvent>'
        f'<boundaryEvent id="d" attachedToRef="A" cancelActivity="false">{DAY}</boundaryEvent><endEvent id="F"/>'
    )
    flows = "S > A\nA > G\nG > P ? x = 1\nG > E *\nP > E\nb > E\nd > F"
    return draw(body + inside, flows, head=DEFINITIONS + head)


def foreign_elements() -> dict[str, tuple[bytes, str]]:
    """An element that is not known, in the process and in a task."""
    found = {f"in the process: {name}": (good(f'<{name} id="N"/>'), "element.unknown") for name in FOREIGN}
    for name in DEFINED:
        event = f'<intermediateThrowEvent id="N"><{name}EventDefinition/></intermediateThrowEvent>'
        found[f"thrown: {name}"] = (good(event), "element.unknown")
    return found


def foreign_attributes() -> dict[str, tuple[bytes, str]]:
    """An attribute that is not known."""
    found = {}
    for name in ATTRIBUTES:
        prefix = name.partition(":")[0]
        space = f'xmlns:{prefix}="urn:other:{prefix}" ' if ":" in name else ""
        found[f"on a task: {name}"] = (good(on=f'{space}{name}="1"'), "attribute.unknown")
    return found


def taken_out() -> dict[str, tuple[bytes, str]]:
    """Each flow of the good diagram left out, or led to nowhere, or from nowhere."""
    content, found = good().decode(), {}
    flows = [part.partition("</sequenceFlow>")[0] for part in content.split("<sequenceFlow ")[1:]]
    for number, inside in enumerate(flows):
        flow = f"<sequenceFlow {inside}</sequenceFlow>"
        name = inside.split('"')[1]
        nowhere = flow.replace('targetRef="', 'targetRef="no')
        missing = "flow.unreachable" if name in ("S-A", "A-G", "s-T", "G-P") else "flow.dead_end"
        missing = "gateway.default" if name == "G-E" else missing
        found[f"without flow {number} {name}"] = (content.replace(flow, "").encode(), missing)
        found[f"flow {number} {name} to nowhere"] = (content.replace(flow, nowhere).encode(), "flow.dangling")
    return found


def ids() -> dict[str, tuple[bytes, str]]:
    """Ids that are none."""
    text = good().decode()
    return {
        f"{name} id": (text.replace('"A"', f'"{id}"').replace(">A<", f">{id}<").encode(), "id.form")
        for name, id in EMPTY_IDS.items()
    }


def cut_off() -> dict[str, tuple[bytes, str]]:
    """The file ends too early."""
    content = good()
    return {f"cut off at {part} of 8": (content[: len(content) * part // 8], "xml.syntax") for part in range(1, 8)}


def too_much() -> dict[str, tuple[bytes, str]]:
    """Files that would cost time or memory if they were read on."""
    return {
        "a million spaces in a name": (good(on=f'name="{" " * 2_100_000}"'), "xml.size"),
        "20,000 tasks": (good("<userTask/>" * 20_000), "xml.size"),
        "9,000 tasks": (good("".join(f'<userTask id="n{n}"/>' for n in range(9_000))), "process.size"),
        "9,000 flows": (
            good("".join(f'<sequenceFlow id="n{n}" sourceRef="A" targetRef="G"/>' for n in range(9_000))),
            "process.size",
        ),
        "9,000 unknown things": (good("<signal/>" * 9_000), "element.unknown"),
        "9,000 attributes": (good(on=" ".join(f'n{n}="1"' for n in range(9_000))), "xml.size"),
        "sub-processes 200 deep": (
            good("".join(f'<subProcess id="n{n}">' for n in range(200)) + "</subProcess>" * 200),
            "process.depth",
        ),
        "250 nested elements": (f"{HEAD}{'<x>' * 250}{'</x>' * 250}</definitions>".encode(), "element.unknown"),
        "an expression of 100,000 signs": (good(on=f'duban:org="={"(" * 100_000}"'), "feel.syntax"),
        "a list of 100,000 numbers": (good(on=f'duban:org="=[{"1," * 100_000}1"'), "feel.syntax"),
        "an entity bomb": (
            b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]>' + good(),
            "xml.doctype",
        ),
        "a file from elsewhere": (b'<!DOCTYPE a [<!ENTITY b SYSTEM "http://127.0.0.1:9/">]>' + good(), "xml.doctype"),
        "a DOCTYPE in UTF-32": (("<!DOCTYPE a>" + good().decode()).encode("utf-32"), "xml.doctype"),
        "zeros": (b"\0" * 1000, "xml.syntax"),
        "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "xml.syntax"),
    }


BAD = {
    **foreign_elements(),
    **foreign_attributes(),
    **taken_out(),
    **ids(),
    **cut_off(),
    **too_much(),
}
