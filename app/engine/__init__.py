"""The engine's face: BPMN and DMN files to a diagram, a diagram to running cases. All others import only this."""

from app.engine.diagram import Diagram, check, read
from app.engine.errors import Fault, StepBudgetExceeded
from app.engine.instance import Instance
from app.engine.lint.given import Given
from app.engine.lint.reads import check_reads, faults
from app.engine.lint.supply import Names, Supply, joined, result
from app.engine.model import Node, Scope
from app.engine.state import dump, load
from app.engine.values import (
    Changes,
    Due,
    Host,
    Message,
    OperationCall,
    Process,
    Start,
    Step,
    Subscription,
    Timer,
    Visit,
    Work,
)
from app.engine.xml import parse as parse_xml

__all__ = [
    "Changes",
    "Diagram",
    "Due",
    "Fault",
    "Given",
    "Host",
    "Instance",
    "Message",
    "Names",
    "Node",
    "OperationCall",
    "Process",
    "Scope",
    "Start",
    "Step",
    "StepBudgetExceeded",
    "Subscription",
    "Supply",
    "Timer",
    "Visit",
    "Work",
    "check",
    "check_reads",
    "dump",
    "faults",
    "joined",
    "load",
    "parse_xml",
    "read",
    "result",
]
