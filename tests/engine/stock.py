"""SpiffWorkflow as it comes, with our expressions in place of Python: the other side of the comparison."""

from __future__ import annotations

import re
from decimal import Decimal

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from app import feel
from app.engine.xml import parse


class Feel:
    """A script engine that knows FEEL and nothing else."""

    def evaluate(self, task, expression, external_context=None):
        """A condition, how many instances there are, a timer's text."""
        value = feel.compile(expression)(task.data)
        if isinstance(value, str):
            return value
        return int(value) if isinstance(value, Decimal) else value is True


def name_of(task):
    """The element's id; stock calls an instance of many `A [child]`."""
    return task.task_spec.name.partition(" ")[0]


def specs(files):
    """Parse once; stock specs are used by one case at a time."""
    parser = BpmnParser()
    roots = [parse(_numbered(content), file)[0] for file, content in files.items()]
    for root in roots:
        parser.add_bpmn_xml(root)
    return parser.get_spec("p"), parser.get_subprocess_specs("p")


def _numbered(content):
    """Stock counts instances where ours have a list of items."""
    mark = rb'(isSequential="\w+") duban:collection="=\[([^\]]*)\]"/>'
    return re.sub(mark, _cardinality, content)


def _cardinality(found):
    count = b"%d" % (found[2].count(b",") + 1)
    return found[1] + b"><loopCardinality>" + count + b"</loopCardinality></multiInstanceLoopCharacteristics>"


class Stock:
    """A stock case, kept in memory."""

    def __init__(self, files):
        self.workflow = BpmnWorkflow(*specs(files), script_engine=Feel())
        self.workflow.do_engine_steps()

    def ready(self):
        """The open user tasks, by name."""
        tasks = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        return sorted(tasks, key=lambda task: task.task_spec.name)

    def open(self):
        """The names of the open user tasks."""
        return sorted(name_of(task) for task in self.ready())

    def messages(self):
        """The messages waited for."""
        waiting = self.workflow.get_tasks(state=TaskState.WAITING, spec_class=CatchingEvent)
        events = [task.task_spec.event_definition for task in waiting]
        events += [part for event in events for part in getattr(event, "event_definitions", ())]
        return sorted({event.name for event in events if isinstance(event, MessageEventDefinition)})

    def complete(self, name, **data):
        """Complete the first open task of that name."""
        task = next(task for task in self.ready() if name_of(task) == name)
        task.set_data(**data)
        task.run()
        self.workflow.do_engine_steps()

    def receive(self, name):
        """Deliver a message."""
        self.workflow.send_event(BpmnEvent(MessageEventDefinition(name), payload={}))
        self.workflow.do_engine_steps()

    def is_over(self):
        """What stock says."""
        return self.workflow.is_completed()
