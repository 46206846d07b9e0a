"""What the expressions of a pack can read: all that system, forms, acts, operations and tables give, in one place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from app import decisions
from app.definitions.functions import FUNCTIONS
from app.definitions.manifest import Act
from app.definitions.pack import Pack
from app.engine import Given, Names, Supply, joined, result
from app.forms import Form
from app.operations.giving import gives

ANYTHING = None
EVERY_CASE: Names = {"regulation": frozenset(("W", "B")), "started_on": ANYTHING}
"""What every case knows from its beginning."""
BY_HAND: Names = {"author": ANYTHING, "own_agency": ANYTHING}
"""What a case knows besides that somebody has started, by its first form or by an act."""
BY_ACT: Names = {"of_case": ANYTHING, "title": ANYTHING}
"""What a case knows besides that an act on another case has started."""
OF_CASES: Names = {"closed": ANYTHING, "clock_stopped": ANYTHING, "author_active": ANYTHING}
"""What the condition of an act reads of a case besides its facts, its `status` and the `settings` in force."""
OF_PAPERS: Names = {"to_name": ANYTHING, "bureau_name": ANYTHING}
"""What a paper reads besides facts, answers and parameters; each of these that holds a ref has its `…_name` too."""
OUTCOME = "outcome"


class Sources:
    """What is given in one pack, worked out once for all its checks."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    @cached_property
    def given(self) -> Given:
        """What is known at each element of each diagram."""
        return Given(self.pack.diagram.models, self.supply, self.pack.diagram.names)

    @cached_property
    def supply(self) -> Supply:
        """What stands around the diagrams."""
        return Supply(
            begins={process: self._begins(process) for process in self.pack.diagram.processes},
            form=self.answers,
            operation=lambda name, parameters: dict.fromkeys(gives(name, parameters), ANYTHING),
            payloads=self._payloads(),
            decision=self._decided,
            reads=self._reads,
            functions=FUNCTIONS,
        )

    def answers(self, process: str, element: str, key: str) -> Names:
        """What the answers to a user task's form give the diagram; nothing personal."""
        form = self.pack.forms.get((process, key))
        return {} if form is None else of_form(form, element)

    def acts_on(self, processes: Iterable[str]) -> Iterator[Act]:
        """The acts that can be done to cases of these processes."""
        wanted = set(processes)
        return (act for act in self.pack.acts.values() if wanted.intersection(act.on))

    def of_act(self, act: Act) -> Names:
        """What the form of an act gives."""
        form = self.pack.forms.get((act.process, act.form))
        return {} if form is None else of_form(form, act.id)

    def roots(self, process: str) -> frozenset[str]:
        """The processes whose cases may run this one: itself, and those that call it, however deep."""
        found, waiting = {process}, [process]
        while waiting:
            for caller, _ in self.given.callers(waiting.pop()):
                if caller not in found:
                    found.add(caller)
                    waiting.append(caller)
        return frozenset(found)

    def of_whole_case(self, process: str) -> Names:
        """Whatever becomes known in a case of a process, with every answer in it and in what it calls."""
        return joined(*(self._of_process(one) for one in self._called_by(process)))

    def _of_process(self, process: str) -> Names:
        acts = (self.of_act(act) for act in self.acts_on((process,)))
        return joined(self.given.of_process(process), self._answered(process), *acts)

    def _answered(self, process: str) -> Names:
        """What the answers to all forms of a process give."""
        steps = self.pack.diagram.processes[process].steps.values() if process in self.pack.diagram.processes else ()
        tasks = [step for step in steps if step.kind == "userTask"]
        return joined(*(self.answers(process, one.element, one.attributes.get("form", one.element)) for one in tasks))

    def _called_by(self, process: str) -> set[str]:
        found, waiting = {process}, [process]
        while waiting:
            called = {node.called or "" for node in self.pack.diagram.models[waiting.pop()].nodes()}
            more = (called & self.pack.diagram.models.keys()) - found
            found |= more
            waiting += more
        return found

    def _begins(self, process: str) -> Names:
        by_hand = bool(self.pack.diagram.processes[process].attributes.get("starts"))
        by_act = any(act.begins == process for act in self.pack.acts.values())
        by_message = any(start.message for start in self.pack.diagram.processes[process].starts)
        parts = ((by_hand or by_act or by_message, EVERY_CASE), (by_hand or by_act, BY_HAND), (by_act, BY_ACT))
        return joined(*(names for holds, names in parts if holds))

    def _payloads(self) -> Mapping[str, Names]:
        """What acts send, by the message, to a running case or to the start of another; what comes from outside."""
        outside = self.pack.manifest.messages
        found: dict[str, Names] = {name: dict.fromkeys(one.fields, ANYTHING) for name, one in outside.items()}
        for act in self.pack.acts.values():
            answered = joined(*(self._answered(one) for one in act.on), self.of_act(act))
            more = joined(*(result(text, answered, FUNCTIONS, name) for name, text in act.payload.items()))
            for message in filter(None, (act.running, act.ended)):
                found[message] = joined(found.get(message, {}), self.of_act(act), more)
        return found

    def _decided(self, name: str) -> Names:
        model = self._model(name)
        return {"": ANYTHING} if model is None else dict(decisions.answers(model, name))

    def _reads(self, name: str) -> Iterable[str]:
        model = self._model(name)
        return () if model is None else model.reads(name)

    def _model(self, name: str) -> decisions.Model | None:
        for model in self.pack.diagram.decisions.values():
            if any(name in (info.id, info.name) for info in model.decisions):
                return model
        return None


def of_form(form: Form, element: str | None) -> Names:
    """The facts that answers to a form become at an element (None: in the form itself), with the texts offered."""
    found: Names = {}
    for field in form.fields:
        if field.shown or (field.personal and element) or len(field.path) > 1:
            continue
        name = f"{element}_{OUTCOME}" if field.key == OUTCOME and element else field.key
        texts = frozenset(option.value for option in field.options if isinstance(option.value, str))
        known = texts if len(texts) == len(field.options) and texts else ANYTHING
        found[name] = known if field.type in ("radio", "select") else ANYTHING
        if field.type == "checklist":
            found[f"{name}[]"] = known
    return found
