"""Random block-structured diagrams, the same for the same seed: sequences, the three gateways, loops, sub-processes,
calls, and messages at the boundary that interrupt or do not."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from .drawing import draw, wired

# What came later stands apart, so that the seeds above stay the same diagrams.
MORE = ("many", "turn", "offer", "receive", "fail", "escalate", "stand", "stop", "pass")
KINDS = ("task", "sequence", "exclusive", "parallel", "inclusive", "loop", "sub", "call", "beside", "instead")


@dataclass
class Sketch:
    """The parts of a diagram as they are drawn: XML of elements, lines of flows, messages, called processes."""

    rnd: random.Random
    kinds: tuple[str, ...] = KINDS
    count: int = 0
    messages: list[str] = field(default_factory=list)
    thrown: list[str] = field(default_factory=list)
    called: dict[str, tuple[str, str]] = field(default_factory=dict)

    def name(self, prefix: str) -> str:
        """A new id."""
        self.count += 1
        return f"{prefix}{self.count}"

    def message(self) -> str:
        """A new message; its definition."""
        name = self.name("m")
        self.messages.append(name)
        return f'<messageEventDefinition messageRef="{name}"/>'


@dataclass
class Part:
    """A block with one way in and one way out."""

    body: str
    flows: list[str]
    first: str
    last: str


def generate(seed: int, kinds: tuple[str, ...] = KINDS) -> tuple[dict[str, bytes], list[str]]:
    """The files of a diagram, its own process `p` first, and the messages it may wait for."""
    sketch = Sketch(random.Random(seed), kinds)
    body, flows = _scope(sketch, 3)
    head = "".join(f'<message id="{name}" name="{name}"/>' for name in sketch.messages) + "".join(sketch.thrown)
    files = {"p.bpmn": draw(body, flows, id="p", head=head)}
    for id, (inside, ways) in sketch.called.items():
        files[f"{id}.bpmn"] = draw(inside, ways, id=id, head=head)
    return files, sketch.messages


def _scope(sketch: Sketch, depth: int) -> tuple[str, str]:
    start, end, part = sketch.name("s"), sketch.name("e"), _sequence(sketch, depth)
    body = f'<startEvent id="{start}"/>{part.body}<endEvent id="{end}"/>'
    return body, "\n".join([f"{start} > {part.first}", *part.flows, f"{part.last} > {end}"])


def _block(sketch: Sketch, depth: int) -> Part:
    kind = "task" if depth == 0 else sketch.rnd.choice(sketch.kinds)
    return BLOCKS[kind](sketch, depth - 1)


def _task(sketch: Sketch, depth: int = 0) -> Part:
    id = sketch.name("t")
    return Part(f'<userTask id="{id}"/>', [], id, id)


def _sequence(sketch: Sketch, depth: int) -> Part:
    one, two = _block(sketch, depth), _block(sketch, depth)
    flow = f"{one.last} > {two.first}"
    return Part(one.body + two.body, [*one.flows, *two.flows, flow], one.first, two.last)


def _gateways(sketch: Sketch, depth: int, kind: str) -> Part:
    """A task that decides, a split, two or three branches, a join."""
    asked, split, join = _task(sketch), sketch.name("g"), sketch.name("g")
    branches = [_block(sketch, depth) for _ in range(sketch.rnd.choice((2, 2, 3)))]
    flows = [f"{asked.last} > {split}"]
    for number, branch in enumerate(branches):
        condition = "" if kind == "parallel" else f"? n_{asked.last} > {number * 3}" if number else "*"
        flows += [f"{split} > {branch.first} {condition}", *branch.flows, f"{branch.last} > {join}"]
    gateways = f'<{kind}Gateway id="{split}"/><{kind}Gateway id="{join}"/>'
    return Part(asked.body + gateways + "".join(branch.body for branch in branches), flows, asked.first, join)


def _exclusive(sketch: Sketch, depth: int) -> Part:
    return _gateways(sketch, depth, "exclusive")


def _parallel(sketch: Sketch, depth: int) -> Part:
    return _gateways(sketch, depth, "parallel")


def _inclusive(sketch: Sketch, depth: int) -> Part:
    return _gateways(sketch, depth, "inclusive")


def _loop(sketch: Sketch, depth: int) -> Part:
    enter, leave, part, asked = sketch.name("g"), sketch.name("g"), _block(sketch, depth), _task(sketch)
    flows = [f"{enter} > {part.first}", *part.flows, f"{part.last} > {asked.first}", f"{asked.last} > {leave}"]
    flows.append(f"{leave} > {enter} ? n_{asked.last} > 5")
    after = sketch.name("t")
    flows.append(f"{leave} > {after} *")
    gateways = f'<exclusiveGateway id="{enter}"/><exclusiveGateway id="{leave}"/><userTask id="{after}"/>'
    return Part(part.body + asked.body + gateways, flows, enter, after)


def _sub(sketch: Sketch, depth: int) -> Part:
    id = sketch.name("p")
    return Part(f'<subProcess id="{id}">{wired(*_scope(sketch, depth))}</subProcess>', [], id, id)


def _call(sketch: Sketch, depth: int) -> Part:
    id, process = sketch.name("c"), sketch.name("q")
    sketch.called[process] = _scope(sketch, depth)
    return Part(f'<callActivity id="{id}" calledElement="{process}"/>', [], id, id)


def _host(sketch: Sketch, depth: int) -> Part:
    kinds = ("task", "sub", "call") if "call" in sketch.kinds else ("task", "sub")
    return BLOCKS[sketch.rnd.choice(kinds)](sketch, depth)


def _beside(sketch: Sketch, depth: int) -> Part:
    """A message that does not interrupt: its branch ends by itself."""
    host, event, task, end = _host(sketch, depth), sketch.name("b"), _task(sketch), sketch.name("e")
    body = f'<boundaryEvent id="{event}" attachedToRef="{host.first}" cancelActivity="false">{sketch.message()}'
    body = f'{host.body}{body}</boundaryEvent>{task.body}<endEvent id="{end}"/>'
    return Part(body, [*host.flows, f"{event} > {task.first}", f"{task.last} > {end}"], host.first, host.last)


def _instead(sketch: Sketch, depth: int) -> Part:
    """A message that interrupts: its branch takes the place of the host's."""
    host, event, task, merge = _host(sketch, depth), sketch.name("b"), _block(sketch, depth), sketch.name("g")
    body = f'<boundaryEvent id="{event}" attachedToRef="{host.first}">{sketch.message()}</boundaryEvent>'
    body = f'{host.body}{body}{task.body}<exclusiveGateway id="{merge}"/>'
    flows = [*host.flows, *task.flows, f"{event} > {task.first}", f"{task.last} > {merge}", f"{host.last} > {merge}"]
    return Part(body, flows, host.first, merge)


def _many(sketch: Sketch, depth: int, sequential: str = "false") -> Part:
    """A task or a sub-process done for each of two or three."""
    part, items = _host(sketch, depth) if depth > 0 else _task(sketch), sketch.rnd.choice(("[1, 2]", "[1, 2, 3]"))
    if "callActivity" in part.body:
        part = _task(sketch)
    mark = f'<multiInstanceLoopCharacteristics isSequential="{sequential}" duban:collection="={items}"/>'
    head, _, rest = part.body.partition(">")
    body = f"{head[:-1]}>{mark}</userTask>{rest}" if head.endswith("/") else f"{head}>{mark}{rest}"
    return Part(body, part.flows, part.first, part.last)


def _turn(sketch: Sketch, depth: int) -> Part:
    return _many(sketch, depth, "true")


def _offer(sketch: Sketch, depth: int) -> Part:
    """An event-based gateway with two messages, each followed by a block."""
    gate, join = sketch.name("g"), sketch.name("g")
    body, flows = f'<eventBasedGateway id="{gate}"/><exclusiveGateway id="{join}"/>', []
    for _ in range(2):
        event, block = sketch.name("i"), _block(sketch, depth)
        body += f'<intermediateCatchEvent id="{event}">{sketch.message()}</intermediateCatchEvent>{block.body}'
        flows += [f"{gate} > {event}", f"{event} > {block.first}", *block.flows, f"{block.last} > {join}"]
    return Part(body, flows, gate, join)


def _receive(sketch: Sketch, depth: int) -> Part:
    id, message = sketch.name("r"), sketch.name("m")
    sketch.messages.append(message)
    return Part(f'<receiveTask id="{id}" messageRef="{message}"/>', [], id, id)


def _thrown(sketch: Sketch, depth: int, kind: str, stops: str) -> Part:
    """A sub-process that may throw when its last task is done, caught at its boundary."""
    code, sub, block, asked = sketch.name("x"), sketch.name("p"), _block(sketch, depth), _task(sketch)
    sketch.thrown.append(f'<{kind} id="{code}" {kind}Code="{code}"/>')
    start, gate, end, bad, event, after, last = (sketch.name(letter) for letter in "sgeebte")
    throws = f'<{kind}EventDefinition {kind}Ref="{code}"/>'
    body = f'<startEvent id="{start}"/>{block.body}{asked.body}<exclusiveGateway id="{gate}"/><endEvent id="{end}"/>'
    flows = [f"{start} > {block.first}", *block.flows, f"{block.last} > {asked.first}", f"{asked.last} > {gate}"]
    flows += [f"{gate} > {bad} ? n_{asked.last} > 5", f"{gate} > {end} *"]
    inside = wired(f'{body}<endEvent id="{bad}">{throws}</endEvent>', "\n".join(flows))
    around = f'<boundaryEvent id="{event}" attachedToRef="{sub}" cancelActivity="{stops}">{throws}</boundaryEvent>'
    around += f'<userTask id="{after}"/>'
    body = f'<subProcess id="{sub}">{inside}</subProcess>{around}'
    flows = [f"{event} > {after}", f"{after} > {last}"]
    if stops == "false":
        return Part(f'{body}<endEvent id="{last}"/>', flows, sub, sub)
    return Part(f'{body}<exclusiveGateway id="{last}"/>', [*flows, f"{sub} > {last}"], sub, last)


def _fail(sketch: Sketch, depth: int) -> Part:
    return _thrown(sketch, depth, "error", "true")


def _escalate(sketch: Sketch, depth: int) -> Part:
    return _thrown(sketch, depth, "escalation", "false")


def _standing(sketch: Sketch, depth: int, stops: str) -> Part:
    """A sub-process with an event sub-process on a message."""
    sub, id, start, end, task = (sketch.name(letter) for letter in "ppset")
    body, flows = _scope(sketch, depth)
    begins = f'<startEvent id="{start}" isInterrupting="{stops}">{sketch.message()}</startEvent><endEvent id="{end}"/>'
    inside = wired(f'{begins}<userTask id="{task}"/>', f"{start} > {task}\n{task} > {end}")
    event = f'<subProcess id="{id}" triggeredByEvent="true">{inside}</subProcess>'
    return Part(f'<subProcess id="{sub}">{wired(body, flows)}{event}</subProcess>', [], sub, sub)


def _stand(sketch: Sketch, depth: int) -> Part:
    return _standing(sketch, depth, "false")


def _stop(sketch: Sketch, depth: int) -> Part:
    return _standing(sketch, depth, "true")


def _pass(sketch: Sketch, depth: int) -> Part:
    id = sketch.name("i")
    return Part(f'<intermediateThrowEvent id="{id}"/>', [], id, id)


BLOCKS = {
    "task": _task,
    "sequence": _sequence,
    "exclusive": _exclusive,
    "parallel": _parallel,
    "inclusive": _inclusive,
    "loop": _loop,
    "sub": _sub,
    "call": _call,
    "beside": _beside,
    "instead": _instead,
    "many": _many,
    "turn": _turn,
    "offer": _offer,
    "receive": _receive,
    "fail": _fail,
    "escalate": _escalate,
    "stand": _stand,
    "stop": _stop,
    "pass": _pass,
}
